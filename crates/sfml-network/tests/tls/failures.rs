//! Peers that are not who they should be, or do not behave: each has its own error, and the good one has none.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use sfml_network::tls::{ClientConfig, InCommon, ServerConfig, TlsError, TlsSocket, TlsStatus, Version};
use sfml_network::{SocketError, TcpSocket};
use testkit::certificates::{COMMON_NAME, Identity};
use testkit::{PATIENCE, child};

use crate::scene::{believing, certificates, client, pair, plain_pair, server, shake_hands};

/// Why the client refuses a server, and what the server hears of it.
fn refusal(name: &str, client: &ClientConfig, identity: &Identity) -> (TlsError, TlsError) {
    let (near, far) = shake_hands(name, client, &server(identity));
    let told = |outcome: Result<TlsSocket, SocketError>| {
        // In TLS 1.3 the server has said all it has to before the client looks at it.
        let error = match outcome {
            Ok(socket) => socket.receive_within(&mut [0], PATIENCE).expect_err("the other end refuses"),
            Err(error) => error,
        };
        error.tls().unwrap_or_else(|| panic!("{error:?}")).clone()
    };
    (told(near), told(far))
}

fn alert(name: &str) -> TlsError {
    TlsError::Alert(name.to_owned())
}

#[test]
fn each_bad_certificate_is_told_by_its_name() {
    let all = certificates();
    let (error, heard) = refusal("localhost", &client(), &all.expired);
    assert!(
        matches!(error, TlsError::Expired { since: Some(since) } if since > Duration::from_secs(1 << 29))
    );
    assert_eq!(heard, alert("certificate_expired"));
    let (error, heard) = refusal("localhost", &client(), &all.not_yet_valid);
    assert!(matches!(error, TlsError::NotYetValid { until: Some(_) }), "{error:?}");
    assert_eq!(heard, alert("certificate_expired"));
    let (error, heard) = refusal("localhost", &client(), &all.wrong_host);
    let presented = vec!["elsewhere.test".to_owned()];
    assert_eq!(error, TlsError::WrongHost { asked: "localhost".to_owned(), presented });
    assert_eq!(heard, alert("bad_certificate"));
    let (error, heard) = refusal("localhost", &client(), &all.unknown_issuer);
    assert_eq!((error, heard), (TlsError::UnknownIssuer, alert("unknown_ca")));
    let (error, heard) = refusal("localhost", &client(), &all.self_signed);
    assert_eq!((error, heard), (TlsError::SelfSigned, alert("certificate_unknown")));
    let (error, _) = refusal("localhost", &client(), &all.client);
    assert!(matches!(error, TlsError::BadCertificate(_)), "{error:?}");
    let (near, far) = shake_hands("localhost", &client(), &server(&all.good));
    near.unwrap();
    far.unwrap();
}

#[test]
fn a_certificate_that_was_given_is_believed_for_what_it_says() {
    let all = certificates();
    for (identity, name) in [(&all.common_name_only, COMMON_NAME), (&all.self_signed, "localhost")] {
        let (near, far) = shake_hands(name, &believing(&identity.chain), &server(identity));
        assert_eq!(near.unwrap().ciphersuite(), far.as_ref().unwrap().ciphersuite());
        let sent = far.unwrap().server_name();
        assert_eq!(
            sent.as_deref(),
            (name == "localhost").then_some(name),
            "what is no name of a host is not sent"
        );
    }
    let given = believing(&all.common_name_only.chain);
    let asked = |name: &str| match refusal(name, &given, &all.common_name_only).0 {
        TlsError::WrongHost { asked, presented } => (asked, presented),
        error => panic!("{error:?}"),
    };
    assert_eq!(asked("localhost"), ("localhost".to_owned(), vec![COMMON_NAME.to_owned()]));
    assert_eq!(asked("Somebody Else"), ("Somebody Else".to_owned(), vec![COMMON_NAME.to_owned()]));
    // Another one of the same name is another one.
    let other = Identity::common_name_only(COMMON_NAME);
    assert_eq!(refusal(COMMON_NAME, &given, &other).0, TlsError::SelfSigned);
    // Authorities vouch for hosts only.
    let (error, _) = refusal(COMMON_NAME, &client(), &all.good);
    assert!(
        matches!(error, TlsError::WrongHost { asked, presented } if asked == COMMON_NAME && presented.len() == 3)
    );
    let (error, _) = refusal("localhost", &believing(&all.expired.chain), &all.expired);
    assert!(matches!(error, TlsError::Expired { since: Some(_) }), "{error:?}");
}

#[test]
fn whoever_answers_is_believed_when_that_is_asked_for() {
    let config = ClientConfig::builder().danger_accept_invalid_certificates().build().unwrap();
    for (what, identity) in certificates().identities() {
        let (near, far) = shake_hands("nobody.test", &config, &server(identity));
        assert!(near.is_ok() && far.is_ok(), "{what}");
    }
}

#[test]
fn the_authorities_of_the_system_are_those_of_ssl_cert_file() {
    const NAME: &str = "failures::the_authorities_of_the_system_are_those_of_ssl_cert_file";
    let folder = testkit::folder::TempFolder::new("roots").unwrap();
    if !child::is_child(NAME) {
        return;
    }
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, &certificates().authority.pem).unwrap();
    set_variable("SSL_CERT_FILE", &file);
    let config = ClientConfig::system().unwrap();
    let (near, far) = shake_hands("localhost", &config, &server(&certificates().good));
    assert!(near.is_ok() && far.is_ok());
    assert_eq!(refusal("localhost", &config, &certificates().unknown_issuer).0, TlsError::UnknownIssuer);

    // Both at once.
    let both = ClientConfig::builder().system_roots().roots(certificates().stranger.pem.as_bytes()).unwrap();
    let both = both.roots(certificates().common_name_only.chain.as_bytes()).unwrap().build().unwrap();
    for identity in [&certificates().good, &certificates().unknown_issuer] {
        shake_hands("localhost", &both, &server(identity)).0.unwrap();
    }
    shake_hands(COMMON_NAME, &both, &server(&certificates().common_name_only)).0.unwrap();

    set_variable("SSL_CERT_FILE", &folder.path().join("none.pem"));
    set_variable("SSL_CERT_DIR", folder.path());
    std::fs::remove_file(&file).unwrap();
    let error = ClientConfig::system().unwrap_err();
    assert!(error.to_string().contains("SSL_CERT_FILE"), "{error}");
}

#[expect(unsafe_code, reason = "the process is this test's own, with one thread")]
fn set_variable(name: &str, path: &std::path::Path) {
    // SAFETY: no other thread reads the environment.
    unsafe { std::env::set_var(name, path) };
}

/// The bytes a peer sends in place of a handshake, and what a client and a server make of them.
fn answered_with(bytes: &'static [u8]) -> [SocketError; 2] {
    let (near, peer) = plain_pair();
    let talk = |peer: TcpSocket| {
        peer.send(bytes).expect("there is room");
        peer.shutdown(Shutdown::Write).expect("it is connected");
        peer
    };
    let peer = talk(peer);
    let as_client =
        TlsSocket::connect(near, "localhost", &client(), PATIENCE).expect_err("it is no handshake");
    drop(peer);
    let (near, peer) = plain_pair();
    let _peer = talk(peer);
    let as_server =
        TlsSocket::accept(near, &server(&certificates().good), PATIENCE).expect_err("it is no handshake");
    [as_client, as_server]
}

#[test]
fn a_peer_that_does_not_speak_tls_is_told_from_one_that_speaks_http() {
    for bytes in
        [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"GET / HTTP/1.1\r\n\r\n", b"OPTIONS * HTTP/1.1\r\n"]
    {
        for error in answered_with(bytes) {
            assert_eq!(error.tls(), Some(&TlsError::NotTls { is_http: true }), "{error:?}");
        }
    }
    for bytes in [&b"220 FTP server ready\r\n"[..], b"\0\0\0\0\0\0\0\0", b"SSH-2.0-x\r\n", b"\xff", b"hi"] {
        for error in answered_with(bytes) {
            assert_eq!(error.tls(), Some(&TlsError::NotTls { is_http: false }), "{bytes:?} {error:?}");
        }
    }
    for error in answered_with(b"\x16\x03\x01\x00\x05\x02\xff\xff\xff\xff") {
        assert!(matches!(error.tls(), Some(TlsError::Misbehaved(_))), "{error:?}");
    }
    for error in answered_with(b"\x15\x03\x03\x00\x02\x02\x28") {
        assert_eq!(error.tls(), Some(&alert("handshake_failure")), "{error:?}");
    }
}

#[test]
fn an_end_inside_a_handshake_is_a_disconnection() {
    // A closing message before there are keys is anybody's.
    for bytes in [&b""[..], b"\x16\x03\x01", b"\x15\x03\x03\x00\x02\x01\x00"] {
        for error in answered_with(bytes) {
            assert!(matches!(error, SocketError::Disconnected(Some(_))), "{error:?}");
            assert_eq!(error.tls(), Some(&TlsError::Truncated));
        }
    }
}

#[test]
fn a_stream_that_is_cut_is_told_from_one_that_has_ended() {
    let (near, far) = pair();
    near.send(b"not all").unwrap();
    near.tcp().shutdown(Shutdown::Both).unwrap();
    let mut buffer = [0; 16];
    assert_eq!(far.receive_within(&mut buffer, PATIENCE).unwrap(), 7);
    for _ in 0..2 {
        let error = far.receive_within(&mut buffer, PATIENCE).unwrap_err();
        assert!(matches!(&error, SocketError::Disconnected(Some(cause))
            if cause.kind() == std::io::ErrorKind::UnexpectedEof));
        assert_eq!(error.tls(), Some(&TlsError::Truncated));
    }
    assert_eq!(far.send(b"x").unwrap_err().tls(), Some(&TlsError::Truncated));
    assert_eq!((far.status(), far.failure()), (TlsStatus::Error, Some(TlsError::Truncated)));
}

#[test]
fn a_byte_that_was_changed_on_the_way_ends_the_connection() {
    let (near, far) = pair();
    near.tcp().send(b"\x17\x03\x03\x00\x20 thirty-two bytes, none encrypted").unwrap();
    let error = far.receive_within(&mut [0; 64], PATIENCE).unwrap_err();
    assert!(matches!(error.tls(), Some(TlsError::Misbehaved(_))), "{error:?}");
    assert_eq!(far.receive(&mut [0]).unwrap_err().tls(), error.tls());
    assert_eq!(near.receive_within(&mut [0], PATIENCE).unwrap_err().tls(), Some(&alert("bad_record_mac")));
}

#[test]
fn nothing_is_sent_after_a_failure_but_the_alert() {
    const SECRET: &[u8] = b"attack at dawn";
    let (near, peer) = plain_pair();
    let mut peer = TcpStream::from(OwnedFd::from(peer));
    let near = TlsSocket::start_connect(near, "localhost", &client()).unwrap();
    peer.write_all(b"HTTP/1.0 200 OK\r\n\r\n").unwrap();
    let error = near.handshake_within(PATIENCE).unwrap_err();
    for _ in 0..3 {
        let outcomes = [
            near.send(SECRET).map(drop),
            near.try_send(SECRET).map(drop),
            near.send_within(SECRET, PATIENCE).map(drop),
            near.receive(&mut [0]).map(drop),
            near.handshake(),
            near.finish_sending(),
        ];
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err().tls(), error.tls());
        }
    }
    drop(near);
    let mut wire = Vec::new();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.read_to_end(&mut wire).unwrap();
    assert!(!wire.windows(SECRET.len()).any(|window| window == SECRET));
    // Records from the first byte to the last: the client's first message, and the alert.
    let mut types = Vec::new();
    let mut rest = &wire[..];
    while let [kind, _, _, high, low, after @ ..] = rest {
        types.push(*kind);
        rest = &after[usize::from(u16::from_be_bytes([*high, *low]))..];
    }
    assert_eq!((types, rest), (vec![22, 21], &b""[..]));
}

#[test]
fn ends_with_nothing_in_common_say_what_is_missing() {
    let identity = &certificates().good;
    let builder = || ServerConfig::builder(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
    let roots = certificates().authority.pem.as_bytes();
    let asking =
        |protocol: &str| ClientConfig::builder().roots(roots).unwrap().alpn([protocol]).build().unwrap();
    let server = builder().alpn(["h2", "http/1.1"]).build().unwrap();
    let (near, far) = shake_hands("localhost", &asking("gopher"), &server);
    let missing = TlsError::NothingInCommon(InCommon::ApplicationProtocol);
    assert_eq!(near.unwrap_err().tls(), Some(&missing));
    assert_eq!(far.unwrap_err().tls(), Some(&missing));
    let (near, far) = shake_hands("localhost", &asking("http/1.1"), &server);
    assert_eq!(near.unwrap().alpn().as_deref(), Some(&b"http/1.1"[..]));
    assert_eq!(far.unwrap().alpn().as_deref(), Some(&b"http/1.1"[..]));
    let newest = builder().least_version(Version::Tls13).build().unwrap();
    assert_eq!(shake_hands("localhost", &client(), &newest).0.unwrap().version(), Some(Version::Tls13));
}

#[test]
fn a_name_that_cannot_be_one_is_refused_at_once() {
    for name in ["", "a\0b", "a\r\nb", &"x".repeat(2000)] {
        let (near, _far) = plain_pair();
        let error = TlsSocket::connect(near, name, &client(), PATIENCE).unwrap_err();
        assert!(matches!(error.tls(), Some(TlsError::Configuration(_))), "{error:?}");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    }
}

#[test]
fn a_flood_of_what_is_no_data_is_ended() {
    let (near, far) = pair();
    thread::scope(|scope| {
        let receiving = scope.spawn(|| far.receive_within(&mut [0], PATIENCE));
        // Changes of the cipher that belong to older versions, which are allowed to come once.
        let record = b"\x14\x03\x03\x00\x01\x01".repeat(1000);
        let _ = near.tcp().send_within(&record, PATIENCE);
        let error = receiving.join().unwrap().unwrap_err();
        assert!(matches!(error.tls(), Some(TlsError::Misbehaved(_))), "{error:?}");
    });
}
