//! Both ends ours.

use std::io::{Read, Write};
use std::thread;

use sfml_network::tls::{HandshakeKind, TlsSocket, TlsStatus, Version};
use sfml_network::{IpAddress, Packet, SocketError, TcpListener, TcpSocket};
use testkit::PATIENCE;

use crate::scene::{certificates, client, pair, pattern, plain_pair, server, shake_hands, started_pair};

const MEBIBYTE: usize = 1 << 20;

#[test]
fn two_ends_agree_and_tell_the_same() {
    let (near, far) = pair();
    assert_eq!((near.status(), far.status()), (TlsStatus::HandshakeComplete, TlsStatus::HandshakeComplete));
    assert_eq!(near.version(), Some(Version::Tls13));
    assert_eq!(near.ciphersuite(), far.ciphersuite());
    assert!(near.ciphersuite().unwrap().starts_with("TLS_"));
    assert_eq!(near.handshake_kind(), Some(HandshakeKind::Full));
    assert_eq!(near.peer_certificates(), [certificates().good.certificate.clone()]);
    assert!(far.peer_certificates().is_empty());
    assert_eq!((near.server_name(), far.server_name().as_deref()), (None, Some("localhost")));
    assert_eq!((near.alpn(), near.failure()), (None, None));
    assert_eq!((near.local_port(), near.remote_port()), (far.remote_port(), far.local_port()));
    assert_eq!(near.remote_address(), Some(IpAddress::LOCAL_HOST));
    assert!(near.is_blocking() && far.is_blocking());
}

#[test]
fn a_mebibyte_goes_both_ways_at_once() {
    let (near, far) = pair();
    let data = pattern(MEBIBYTE);
    thread::scope(|scope| {
        for socket in [&near, &far] {
            scope.spawn(|| assert_eq!(socket.send(&data).unwrap(), MEBIBYTE));
            scope.spawn(|| {
                let mut received = vec![0; MEBIBYTE];
                socket.receive_exact_within(&mut received, PATIENCE).unwrap();
                assert!(received == data);
            });
        }
    });
}

#[test]
fn a_mebibyte_goes_both_ways_without_blocking() {
    let (near, far) = started_pair();
    assert!(!near.is_blocking());
    let data = pattern(MEBIBYTE);
    let (mut sent, mut received) = ([0; 2], [Vec::new(), Vec::new()]);
    let mut buffer = vec![0; 10_000];
    while received.iter().any(|received| received.len() < MEBIBYTE) {
        for (index, socket) in [&near, &far].into_iter().enumerate() {
            if sent[index] < MEBIBYTE {
                match socket.send(&data[sent[index]..]) {
                    Ok(more) => sent[index] += more,
                    Err(error) => assert!(matches!(error, SocketError::NotReady), "{error}"),
                }
            } else if let Err(error) = socket.flush() {
                assert!(matches!(error, SocketError::NotReady), "{error}");
            }
            match socket.receive(&mut buffer) {
                Ok(length) => received[index].extend_from_slice(&buffer[..length]),
                Err(error) => assert!(matches!(error, SocketError::NotReady), "{error}"),
            }
        }
    }
    assert!(received == [data.clone(), data]);
}

#[test]
fn a_handshake_goes_on_call_by_call() {
    let (near, far) = started_pair();
    assert_eq!(near.status(), TlsStatus::HandshakeStarted);
    let mut handshakes = 0;
    while near.handshake().is_err() || far.handshake().is_err() {
        for socket in [&near, &far] {
            match socket.handshake() {
                Ok(()) | Err(SocketError::NotReady) => {}
                Err(error) => panic!("{error}"),
            }
        }
        handshakes += 1;
        assert!(handshakes < 1000);
        socket_pause(&near);
    }
    assert_eq!(near.status(), TlsStatus::HandshakeComplete);
}

/// Gives the system time to deliver, however long that is.
fn socket_pause(socket: &TlsSocket) {
    let _ = socket.wait_readable(std::time::Duration::from_millis(1));
}

#[test]
fn a_closing_message_is_a_clean_end() {
    let (near, far) = pair();
    near.send(b"last words").unwrap();
    near.finish_sending().unwrap();
    let mut buffer = [0; 10];
    far.receive_exact(&mut buffer).unwrap();
    assert!(matches!(far.receive(&mut buffer), Err(SocketError::Disconnected(None))));
    assert!(matches!(far.receive(&mut buffer), Err(SocketError::Disconnected(None))));
    far.send(b"an answer").unwrap();
    near.receive_exact(&mut buffer[..9]).unwrap();
    assert!(matches!(near.send(b"more"), Err(SocketError::Disconnected(Some(_)))));
}

#[test]
fn a_drop_and_a_disconnect_are_clean_ends() {
    let (near, far) = pair();
    near.send(b"last words").unwrap();
    drop(near);
    let mut text = String::new();
    (&far).read_to_string(&mut text).unwrap();
    assert_eq!(text, "last words");

    let (near, far) = pair();
    near.disconnect();
    assert_eq!(near.status(), TlsStatus::NotConnected);
    assert!(matches!(near.send(b"x"), Err(SocketError::Disconnected(Some(_)))));
    assert!(matches!(far.receive_within(&mut [0], PATIENCE), Err(SocketError::Disconnected(None))));
}

#[test]
fn a_socket_reads_and_writes_as_streams_do() {
    let (mut near, mut far) = pair();
    near.write_all(b"question").unwrap();
    near.flush().unwrap();
    let mut buffer = [0; 8];
    far.read_exact(&mut buffer).unwrap();
    assert_eq!(&buffer, b"question");
    assert_eq!(far.receive(&mut []).unwrap(), 0);
    assert_eq!(far.send(&[]).unwrap(), 0);
}

#[test]
fn a_disconnect_ends_the_calls_of_other_threads() {
    let (near, far) = pair();
    thread::scope(|scope| {
        let receiving = scope.spawn(|| near.receive(&mut [0]));
        let sending = scope.spawn(|| near.send(&pattern(64 * MEBIBYTE)));
        far.wait_readable(PATIENCE).unwrap();
        near.disconnect();
        assert!(matches!(receiving.join().unwrap(), Err(SocketError::Disconnected(_))));
        assert!(matches!(sending.join().unwrap(), Err(SocketError::Disconnected(_))));
    });
}

#[test]
fn a_time_limit_bounds_a_handshake_with_a_silent_peer() {
    let (near, far) = plain_pair();
    let limit = std::time::Duration::from_millis(50);
    let outcome = TlsSocket::connect(near, "localhost", &client(), limit);
    assert!(matches!(outcome, Err(SocketError::NotReady)));
    let outcome = TlsSocket::accept(far, &server(&certificates().good), limit);
    // The first end has given up, and sent half of a handshake before that.
    assert!(outcome.is_err());
}

#[test]
fn a_handshake_may_start_before_there_is_a_connection() {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    let socket = TcpSocket::start_connect(IpAddress::LOCAL_HOST, listener.local_port()).unwrap();
    let near = TlsSocket::start_connect(socket, "localhost", &client()).unwrap();
    let far = TlsSocket::start_accept(listener.accept().unwrap(), &server(&certificates().good)).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| far.handshake_within(PATIENCE).unwrap());
        near.handshake_within(PATIENCE).unwrap();
    });

    let port = listener.local_port();
    drop(listener);
    let socket = TcpSocket::start_connect(IpAddress::LOCAL_HOST, port).unwrap();
    let near = TlsSocket::start_connect(socket, "localhost", &client()).unwrap();
    let error = near.handshake_within(PATIENCE).unwrap_err();
    assert!(error.tls().is_none(), "{error:?}");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[test]
fn addresses_and_chains_are_good_names_too() {
    for name in ["localhost", "127.0.0.1", "::1"] {
        let (near, far) = shake_hands(name, &client(), &server(&certificates().chained));
        assert_eq!(near.unwrap().peer_certificates().len(), 2, "{name}");
        far.unwrap();
    }
}

#[test]
fn packets_go_through_as_on_a_plain_socket() {
    let (near, far) = pair();
    let mut packet = Packet::new();
    packet.write(7_u16).write("Ada");
    near.send_packet(&packet).unwrap();
    near.send(b"bytes").unwrap();
    let mut received = far.receive_packet().unwrap();
    assert_eq!((received.read::<u16>().unwrap(), received.read_string().unwrap()), (7, "Ada".to_owned()));
    far.receive_exact(&mut [0; 5]).unwrap();

    // One that has no room at once is sent by sending it again, and bytes wait for it.
    near.set_blocking(false);
    far.set_blocking(false);
    let large = Packet::from(pattern(8 * MEBIBYTE));
    assert!(matches!(near.send_packet(&large), Err(SocketError::NotReady)));
    assert!(matches!(near.send(b"bytes"), Err(SocketError::NotReady)));
    thread::scope(|scope| {
        scope.spawn(|| {
            near.send_packet_within(&large, PATIENCE).unwrap();
            near.send_within(b"bytes", PATIENCE).unwrap();
        });
        assert!(far.receive_packet_within(PATIENCE).unwrap().data() == large.data());
        far.receive_exact_within(&mut [0; 5], PATIENCE).unwrap();
    });
    assert!(matches!(far.receive_packet(), Err(SocketError::NotReady)));
    far.set_packet_limit(100);
    near.send_packet_within(&Packet::from(vec![0; 101]), PATIENCE).unwrap();
    assert!(matches!(far.receive_packet_within(PATIENCE), Err(SocketError::Other(_))));
}
