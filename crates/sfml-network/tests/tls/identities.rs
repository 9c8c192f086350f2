//! What the two ends show: certificates of clients, keys in every form, sessions taken up again.

use sfml_network::SocketError;
use sfml_network::tls::{ClientConfig, ConfigError, HandshakeKind, ServerConfig, TlsError, TlsSocket};
use testkit::PATIENCE;
use testkit::certificates::Identity;
use testkit::folder::TempFolder;

use crate::scene::{certificates, client, server, shake_hands};

fn showing(identity: &Identity) -> ClientConfig {
    let builder = ClientConfig::builder().roots(certificates().authority.pem.as_bytes());
    let builder =
        builder.and_then(|builder| builder.identity(identity.chain.as_bytes(), identity.key.as_bytes()));
    builder.and_then(|builder| builder.build()).expect("the identity is one")
}

/// The end of a connection that was refused after the handshake looked complete from here.
fn refused(outcome: Result<TlsSocket, SocketError>) -> TlsError {
    let outcome = outcome.and_then(|socket| socket.receive_within(&mut [0], PATIENCE));
    let error = outcome.expect_err("the other end refuses");
    error.tls().unwrap_or_else(|| panic!("{error:?}")).clone()
}

#[test]
fn a_server_may_require_a_certificate() {
    let identity = &certificates().good;
    let roots = certificates().authority.pem.as_bytes();
    let builder = ServerConfig::builder(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
    let server = builder.required_client_certificates(roots).unwrap().build().unwrap();

    let (near, far) = shake_hands("localhost", &showing(&certificates().client), &server);
    assert_eq!(far.unwrap().peer_certificates(), [certificates().client.certificate.clone()]);
    near.unwrap();

    let (near, far) = shake_hands("localhost", &client(), &server);
    assert_eq!(refused(far), TlsError::NoCertificate);
    assert_eq!(refused(near), TlsError::CertificateRequired);

    let (near, far) = shake_hands("localhost", &showing(&certificates().unknown_client), &server);
    assert_eq!(refused(far), TlsError::UnknownIssuer);
    assert_eq!(refused(near), TlsError::Alert("unknown_ca".to_owned()));
}

#[test]
fn a_server_may_ask_for_a_certificate_and_do_without() {
    let identity = &certificates().good;
    let roots = certificates().authority.pem.as_bytes();
    let builder = ServerConfig::builder(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
    let server = builder.optional_client_certificates(roots).unwrap().build().unwrap();
    let shown =
        |client: &ClientConfig| shake_hands("localhost", client, &server).1.unwrap().peer_certificates();
    assert!(shown(&client()).is_empty());
    assert_eq!(shown(&showing(&certificates().client)).len(), 1);
}

#[test]
fn a_session_is_taken_up_where_the_configuration_is_shared() {
    let identity = &certificates().good;
    let resuming = server(identity);
    let kind = |client: &ClientConfig, server: &ServerConfig| {
        let (near, far) = shake_hands("localhost", client, server);
        let (near, far) = (near.unwrap(), far.unwrap());
        // The ticket comes with the first data.
        far.send(b"x").unwrap();
        near.receive_within(&mut [0], PATIENCE).unwrap();
        assert_eq!(near.handshake_kind(), far.handshake_kind());
        near.handshake_kind()
    };
    let shared = client();
    assert_eq!(kind(&shared, &resuming), Some(HandshakeKind::Full));
    assert_eq!(kind(&shared.clone(), &resuming.clone()), Some(HandshakeKind::Resumed));
    assert_eq!(kind(&client(), &resuming), Some(HandshakeKind::Full));
    let builder = ServerConfig::builder(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
    let forgetful = builder.resumption(false).build().unwrap();
    let builder = ClientConfig::builder().roots(certificates().authority.pem.as_bytes()).unwrap();
    let fresh = builder.resumption(false).build().unwrap();
    for (client, server) in [(&shared, &forgetful), (&fresh, &resuming)] {
        for _ in 0..2 {
            assert_eq!(kind(client, server), Some(HandshakeKind::Full));
        }
    }
}

#[test]
fn each_mistake_in_a_configuration_has_its_own_error() {
    let (good, other) = (&certificates().good, &certificates().chained);
    let make =
        |chain: &str, key: &str| ServerConfig::new(chain.as_bytes(), key.as_bytes()).map(drop).unwrap_err();
    assert_eq!(make("", &good.key), ConfigError::NoCertificate);
    assert_eq!(make(&good.key, &good.key), ConfigError::NoCertificate);
    assert_eq!(make(&good.chain, ""), ConfigError::NoKey);
    assert_eq!(make(&good.chain, &good.chain), ConfigError::NoKey);
    assert_eq!(make(&good.chain, &other.key), ConfigError::KeyMismatch);
    let broken = good.chain.replace("END CERT", "END CAT");
    assert!(matches!(make(&broken, &good.key), ConfigError::Malformed(_)));
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
               -----END RSA PRIVATE KEY-----\n";
    let error = make(&good.chain, old);
    assert!(error.to_string().contains("openssl pkcs8 -topk8"), "{error}");
    let missing =
        ServerConfig::builder_from_files("/nowhere/chain.pem", "/nowhere/key.pem", None).unwrap_err();
    assert!(matches!(missing, ConfigError::File(_)));
    let roots = ClientConfig::builder().roots(b"no certificate").unwrap_err();
    assert_eq!(roots, ConfigError::NoCertificate);
    assert!(SocketError::from(roots).tls().is_some());
}

#[test]
fn certificates_and_keys_may_be_der_and_files() {
    let good = &certificates().good;
    let folder = TempFolder::new("identities").unwrap();
    certificates().write(folder.path()).unwrap();
    let at = |name: &str| folder.path().join(name);
    let from_files = ServerConfig::builder_from_files(at("good.pem"), at("good.key"), None).unwrap();
    let from_files = from_files.build().unwrap();
    let roots = ClientConfig::builder().roots_file(at("authority.pem")).unwrap().build().unwrap();
    shake_hands("localhost", &roots, &from_files).0.unwrap();
    let roots =
        ClientConfig::builder().roots(&certificates().authority.certificate).unwrap().build().unwrap();
    let from_der = ServerConfig::new(&good.certificate, good.key.as_bytes()).unwrap();
    shake_hands("localhost", &roots, &from_der).0.unwrap();
}
