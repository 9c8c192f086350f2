//! What is between the two ends, or in place of one: a wire that chops, an impostor, a peer that stalls.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sfml_network::tls::{ClientConfig, TlsError, TlsSocket, TlsStatus, Version};
use sfml_network::{SocketError, SocketSelector, TcpSocket};
use testkit::PATIENCE;

use crate::scene::{believing, certificates, client, pattern, plain_pair, server, started_pair};

/// Carries bytes from the one to the other, one at a time, until there are no more.
fn chop(from: TcpSocket, to: TcpSocket) -> [thread::JoinHandle<()>; 2] {
    let ends = [from, to].map(|end| TcpStream::from(OwnedFd::from(end)));
    let [from, to] = ends.each_ref().map(|end| end.try_clone().expect("there are descriptors"));
    let [back_from, back_to] = ends;
    [(from, to), (back_to, back_from)].map(|(mut from, mut to)| {
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                for byte in &buffer[..length] {
                    if to.write_all(&[*byte]).is_err() {
                        return;
                    }
                }
            }
            let _ = to.shutdown(std::net::Shutdown::Write);
        })
    })
}

#[test]
fn bytes_that_come_one_by_one_change_nothing() {
    let ((near, near_wire), (far_wire, far)) = (plain_pair(), plain_pair());
    let wires = chop(near_wire, far_wire);
    let near = TlsSocket::start_connect(near, "localhost", &client()).unwrap();
    let far = TlsSocket::start_accept(far, &server(&certificates().good)).unwrap();
    let data = pattern(2000);
    thread::scope(|scope| {
        for socket in [&near, &far] {
            scope.spawn(|| {
                let selector = SocketSelector::new().unwrap();
                selector.add(socket).unwrap();
                while socket.status() != TlsStatus::HandshakeComplete {
                    assert!(selector.wait(PATIENCE).unwrap(), "{:?}", socket.status());
                }
                assert_eq!(socket.send_within(&data, PATIENCE).unwrap(), data.len());
                let mut received = Vec::new();
                while received.len() < data.len() {
                    let mut buffer = [0; 512];
                    match socket.receive(&mut buffer) {
                        Ok(length) => received.extend_from_slice(&buffer[..length]),
                        Err(SocketError::NotReady) => assert!(selector.wait(PATIENCE).unwrap()),
                        Err(error) => panic!("{error}"),
                    }
                }
                assert!(received == data);
            });
        }
    });
    near.disconnect();
    let error = far.receive_within(&mut [0], PATIENCE).unwrap_err();
    assert!(matches!(error, SocketError::Disconnected(None)), "{error:?}");
    drop((near, far));
    for wire in wires {
        wire.join().unwrap();
    }
}

/// Shows a certificate, and signs with another's key.
#[derive(Debug)]
struct Impostor(Arc<CertifiedKey>);

impl ResolvesServerCert for Impostor {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

#[test]
fn a_server_without_the_key_of_its_certificate_is_never_believed() {
    let all = certificates();
    let insecure = ClientConfig::builder().danger_accept_invalid_certificates().build().unwrap();
    let cases = [
        (client(), &all.good, "localhost"),
        (insecure, &all.good, "localhost"),
        (believing(&all.self_signed.chain), &all.self_signed, "localhost"),
    ];
    for (config, shown, name) in cases {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let key = PrivateKeyDer::from_pem_slice(all.chained.key.as_bytes()).unwrap();
            let key = provider.key_provider.load_private_key(key).unwrap();
            let shown = CertificateDer::from(shown.certificate.clone());
            let impostor = Impostor(Arc::new(CertifiedKey::new(vec![shown], key)));
            let server = rustls::ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(&[version])
                .unwrap()
                .with_no_client_auth()
                .with_cert_resolver(Arc::new(impostor));
            let (near, far) = plain_pair();
            let serving = thread::spawn(move || {
                let mut far = TcpStream::from(OwnedFd::from(far));
                let mut connection = rustls::ServerConnection::new(Arc::new(server)).unwrap();
                while connection.complete_io(&mut far).is_ok_and(|(read, _)| read > 0) {}
            });
            let error = TlsSocket::connect(near, name, &config, PATIENCE).unwrap_err();
            assert!(matches!(error.tls(), Some(TlsError::BadCertificate(_))), "{error:?}");
            serving.join().unwrap();
        }
    }
}

/// A server of rustls that shows the good certificate.
fn rustls_server() -> rustls::ServerConfig {
    let identity = &certificates().good;
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("it is a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("the provider knows it")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(identity.certificate.clone())], key)
        .expect("they belong together")
}

/// Ours as the client of a server of rustls, with the handshake done.
fn with_rustls(
    config: rustls::ServerConfig,
) -> (TlsSocket, rustls::StreamOwned<rustls::ServerConnection, TcpStream>) {
    let (near, far) = plain_pair();
    let serving = thread::spawn(move || {
        let mut far = TcpStream::from(OwnedFd::from(far));
        let mut connection = rustls::ServerConnection::new(Arc::new(config)).expect("it is complete");
        while connection.is_handshaking() || connection.wants_write() {
            connection.complete_io(&mut far).expect("the client agrees");
        }
        rustls::StreamOwned::new(connection, far)
    });
    let near = TlsSocket::connect(near, "localhost", &client(), PATIENCE).expect("the server agrees");
    (near, serving.join().expect("it does not panic"))
}

#[test]
fn any_number_of_tickets_is_no_data() {
    let mut config = rustls_server();
    config.send_tls13_tickets = 500;
    let (near, mut far) = with_rustls(config);
    let selector = SocketSelector::new().unwrap();
    selector.add(&near).unwrap();
    assert!(!selector.wait(Duration::from_millis(50)).unwrap());
    assert!(matches!(near.try_receive(&mut [0]), Err(SocketError::NotReady)));
    far.write_all(b"data").unwrap();
    far.flush().unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    near.receive_exact_within(&mut [0; 4], PATIENCE).unwrap();
}

#[test]
fn keys_may_change_but_not_without_end() {
    let (near, mut far) = with_rustls(rustls_server());
    for _ in 0..100 {
        far.conn.refresh_traffic_keys().unwrap();
        far.write_all(b"new keys").unwrap();
        far.flush().unwrap();
        near.receive_exact_within(&mut [0; 8], PATIENCE).unwrap();
    }
    near.send(b"ours too").unwrap();
    far.read_exact(&mut [0; 8]).unwrap();
    for _ in 0..100 {
        far.conn.refresh_traffic_keys().unwrap();
        far.flush().unwrap();
    }
    let error = near.receive_within(&mut [0; 8], PATIENCE).unwrap_err();
    assert!(matches!(error.tls(), Some(TlsError::Misbehaved(_))), "{error:?}");
}

#[test]
fn a_peer_that_stalls_in_a_handshake_is_bounded_by_the_deadline() {
    let limit = Duration::from_millis(100);
    // A handshake message of 64 KiB less a little is announced, and comes byte by byte.
    let (near, peer) = plain_pair();
    let stalling = thread::spawn(move || {
        let mut byte = [22, 3, 1, 0x40, 0, 1, 0, 0x3f].into_iter().chain(std::iter::repeat(0));
        while peer.send(&[byte.next().unwrap_or(0)]).is_ok() {
            let _ = peer.wait_readable(Duration::from_millis(1));
        }
    });
    let started = Instant::now();
    let outcome = TlsSocket::accept(near, &server(&certificates().good), limit);
    assert!(matches!(outcome, Err(SocketError::NotReady)), "{outcome:?}");
    assert!(started.elapsed() >= limit);
    drop(outcome);
    stalling.join().unwrap();
}

#[test]
fn a_hook_interrupts_a_handshake() {
    let (near, _far) = plain_pair();
    let mut asked = 0;
    let mut hook = || {
        asked += 1;
        if asked > 1 { Err(std::io::Error::other("stop")) } else { Ok(()) }
    };
    let wait = sfml_network::Wait::forever().with_interrupt(&mut hook);
    let error = TlsSocket::connect(near, "localhost", &client(), wait).unwrap_err();
    assert_eq!(error.to_string(), "stop");
}

#[test]
fn two_threads_share_a_handshake_and_what_comes_with_it() {
    for _ in 0..20 {
        let (near, far) = started_pair();
        thread::scope(|scope| {
            for socket in [&near, &far] {
                scope.spawn(|| assert_eq!(socket.send_within(b"hello", PATIENCE).unwrap(), 5));
                scope.spawn(|| {
                    let mut buffer = [0; 5];
                    socket.receive_exact_within(&mut buffer, PATIENCE).unwrap();
                    assert_eq!(&buffer, b"hello");
                });
            }
        });
    }
}

#[test]
fn a_send_that_found_no_room_takes_nothing_newer_before_it_is_out() {
    let (near, far) = started_pair();
    thread::scope(|scope| {
        scope.spawn(|| near.handshake_within(PATIENCE).unwrap());
        scope.spawn(|| far.handshake_within(PATIENCE).unwrap());
    });
    assert_eq!(near.version(), Some(Version::Tls13));
    let data = pattern(1 << 20);
    let mut sent = 0;
    while let Ok(more) = near.try_send(&data[sent % data.len()..]) {
        assert!((1..=64 << 10).contains(&more));
        sent += more;
    }
    for _ in 0..100 {
        assert!(matches!(near.try_send(b"x"), Err(SocketError::NotReady)));
    }
    assert!(matches!(near.try_flush(), Err(SocketError::NotReady)));
    assert!(matches!(near.flush_within(Duration::from_millis(1)), Err(SocketError::NotReady)));
    let mut received = vec![0; sent];
    thread::scope(|scope| {
        scope.spawn(|| near.flush_within(PATIENCE).unwrap());
        far.receive_exact_within(&mut received, PATIENCE).unwrap();
    });
    // Each call began where the one before had ended, within the pattern.
    assert!(received.iter().zip(data.iter().cycle()).all(|(received, sent)| received == sent));
    assert_eq!(near.try_send(b"x").unwrap(), 1);
}
