//! Sockets inside TLS in a selector.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use sfml_network::tls::{ServerConfig, TlsSocket, TlsStatus};
use sfml_network::{IpAddress, Readiness, SocketError, SocketSelector, TcpListener, TcpSocket};
use testkit::PATIENCE;

use crate::scene::{certificates, client, pair, pattern, plain_pair, server, started_pair};

const MOMENT: Duration = Duration::from_millis(50);

#[test]
fn data_that_is_decrypted_already_is_ready() {
    let (near, far) = pair();
    let selector = SocketSelector::new().unwrap();
    selector.add(&far).unwrap();
    // What is left of the handshake is for the session, and not ready.
    assert!(!selector.wait(MOMENT).unwrap());
    near.send(b"0123456789").unwrap();
    for digit in b"0123456789" {
        assert!(selector.wait(PATIENCE).unwrap());
        assert!(selector.is_ready(&far) && selector.ready().len() == 1);
        let mut buffer = [0];
        assert_eq!((far.try_receive(&mut buffer).unwrap(), &buffer[0]), (1, digit));
    }
    assert!(!selector.poll().unwrap());
    assert!(!selector.is_ready(&far));
}

#[test]
fn a_wait_is_level_triggered() {
    let (near, far) = pair();
    let selector = SocketSelector::new().unwrap();
    let key = selector.add(&far).unwrap();
    near.send(b"x").unwrap();
    for _ in 0..3 {
        assert!(selector.wait(PATIENCE).unwrap());
        let ready = selector.ready();
        assert_eq!((ready.len(), ready[0].key, ready[0].readiness), (1, key, Readiness::READABLE));
    }
    assert!(selector.poll().unwrap());
    far.receive(&mut [0; 8]).unwrap();
    assert!(!selector.poll().unwrap());
    assert!(selector.remove(&far));
    assert!(!selector.remove(&far));
    near.send(b"x").unwrap();
    assert!(!selector.wait(MOMENT).unwrap());
}

#[test]
fn data_that_a_call_took_in_and_did_not_decrypt_is_ready() {
    const RECORD: usize = 16 << 10;
    let (near, far) = pair();
    let selector = SocketSelector::new().unwrap();
    selector.add(&far).unwrap();
    assert!(!selector.wait(MOMENT).unwrap());
    near.send(&pattern(2 * RECORD)).unwrap();
    let started = Instant::now();
    let mut arrived = vec![0; 3 * RECORD];
    while far.tcp().try_peek(&mut arrived).unwrap_or(0) <= 2 * RECORD {
        assert!(started.elapsed() < PATIENCE);
        thread::yield_now();
    }
    // It takes both records from the system, and gives one out.
    assert_eq!(far.try_receive(&mut vec![0; RECORD]).unwrap(), RECORD);
    assert!(selector.wait(PATIENCE).unwrap() && selector.is_ready(&far));
    assert_eq!(far.try_receive(&mut vec![0; 2 * RECORD]).unwrap(), RECORD);
    assert!(!selector.poll().unwrap());
}

#[test]
fn a_socket_is_writable_also_when_a_call_has_completed_its_handshake() {
    let (near, far) = plain_pair();
    let near = TlsSocket::start_connect(near, "localhost", &client()).unwrap();
    let selector = SocketSelector::new().unwrap();
    selector.add_for(&near, Readiness::WRITABLE).unwrap();
    assert!(!selector.wait(MOMENT).unwrap(), "the server has not answered yet");
    let identity = &certificates().good;
    let server = ServerConfig::builder(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
    // No tickets: once the handshake is complete, nothing more comes.
    let server = server.resumption(false).build().unwrap();
    let accepting = thread::spawn(move || TlsSocket::accept(far, &server, PATIENCE).unwrap());
    near.tcp().wait_readable(PATIENCE).unwrap();
    near.handshake_within(PATIENCE).unwrap();
    let _far = accepting.join().unwrap();
    assert!(selector.wait(PATIENCE).unwrap() && selector.is_writable(&near));
}

#[test]
fn a_ticket_wakes_nobody_and_the_time_goes_on() {
    let (near, far) = plain_pair();
    let near = TlsSocket::start_connect(near, "localhost", &client()).unwrap();
    let far = thread::spawn(move || TlsSocket::accept(far, &server(&certificates().good), PATIENCE).unwrap());
    near.handshake_within(PATIENCE).unwrap();
    // Its tickets are on their way to the client, or there.
    let _far = far.join().unwrap();
    let selector = SocketSelector::new().unwrap();
    selector.add(&near).unwrap();
    let started = Instant::now();
    assert!(!selector.wait(MOMENT).unwrap());
    assert!(started.elapsed() >= MOMENT);
}

#[test]
fn a_handshake_goes_on_while_a_selector_waits_and_its_end_is_told_once() {
    let (near, far) = started_pair();
    let selector = SocketSelector::new().unwrap();
    selector.add(&near).unwrap();
    selector.add(&far).unwrap();
    let mut told = [0; 2];
    while told != [1, 1] {
        assert!(selector.wait(PATIENCE).unwrap());
        for (told, socket) in told.iter_mut().zip([&near, &far]) {
            *told += i32::from(selector.is_ready(socket));
        }
    }
    assert_eq!((near.status(), far.status()), (TlsStatus::HandshakeComplete, TlsStatus::HandshakeComplete));
    assert!(!selector.wait(MOMENT).unwrap());
}

#[test]
fn a_handshake_that_fails_inside_a_wait_is_ready_and_tells_why() {
    let (near, far) = plain_pair();
    let far = TlsSocket::start_accept(far, &server(&certificates().good)).unwrap();
    let selector = SocketSelector::new().unwrap();
    selector.add(&far).unwrap();
    assert!(!selector.poll().unwrap());
    near.send(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert!(selector.wait(PATIENCE).unwrap() && selector.is_ready(&far));
    assert_eq!(far.status(), TlsStatus::Error);
    assert!(far.receive(&mut [0]).unwrap_err().to_string().contains("HTTP"));
}

#[test]
fn a_socket_becomes_writable_when_its_handshake_is_complete() {
    let (near, far) = plain_pair();
    let near = TlsSocket::start_connect(near, "localhost", &client()).unwrap();
    let selector = SocketSelector::new().unwrap();
    selector.add_for(&near, Readiness::WRITABLE).unwrap();
    assert!(!selector.wait(MOMENT).unwrap(), "the server has not answered yet");
    let accepting =
        thread::spawn(move || TlsSocket::accept(far, &server(&certificates().good), PATIENCE).unwrap());
    assert!(selector.wait(PATIENCE).unwrap());
    let _far = accepting.join().unwrap();
    assert!(selector.is_writable(&near) && !selector.is_ready(&near));
    assert!(near.send(b"x").is_ok());
}

#[test]
fn what_waits_to_be_sent_goes_out_while_a_selector_waits() {
    let (near, far) = pair();
    near.set_blocking(false);
    let data = pattern(1 << 20);
    let mut sent = 0;
    while let Ok(more) = near.send(&data[sent % data.len()..]) {
        sent += more;
    }
    assert!(matches!(near.flush(), Err(SocketError::NotReady)), "the last piece found no room");
    let selector = SocketSelector::new().unwrap();
    selector.add(&near).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut received, mut buffer) = (0, vec![0; 1 << 16]);
            while received < sent {
                received += far.receive_within(&mut buffer, PATIENCE).unwrap();
            }
            far.send(b"all of it").unwrap();
        });
        // Room to send is not what was asked for.
        assert!(selector.wait(PATIENCE).unwrap());
        assert!(selector.is_ready(&near) && !selector.is_writable(&near));
    });
    assert!(near.flush().is_ok());
    assert_eq!(near.receive(&mut [0; 16]).unwrap(), 9);
}

#[test]
fn half_a_record_is_not_ready() {
    // The client's first record: a ClientHello, of which the server gets a part only.
    let (near, far) = plain_pair();
    let far = TlsSocket::start_accept(far, &server(&certificates().good)).unwrap();
    let selector = SocketSelector::new().unwrap();
    selector.add(&far).unwrap();
    near.send(&[22, 3, 1, 2, 0, 1, 0, 1]).unwrap();
    assert!(!selector.wait(MOMENT).unwrap());
    assert!(matches!(far.receive(&mut [0]), Err(SocketError::NotReady)));
}

#[test]
fn data_that_another_thread_leaves_behind_wakes_a_waiting_selector() {
    let (near, far) = pair();
    let selector = SocketSelector::new().unwrap();
    selector.add(&far).unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| selector.wait(PATIENCE).unwrap());
        near.send(b"two").unwrap();
        far.receive_within(&mut [0], PATIENCE).unwrap();
        assert!(waiting.join().unwrap());
    });
    // A wake-up still is one, and no socket's readiness.
    selector.wake().unwrap();
    assert!(!selector.wait(PATIENCE).unwrap());
    assert!(selector.wait(PATIENCE).unwrap());
}

#[test]
fn an_end_is_ready_and_a_closed_socket_leaves() {
    let (near, far) = pair();
    let selector = SocketSelector::new().unwrap();
    let key = selector.add(&far).unwrap();
    drop(near);
    assert!(selector.wait(PATIENCE).unwrap() && selector.is_ready(&far));
    assert!(matches!(far.receive(&mut [0]), Err(SocketError::Disconnected(None))));
    assert!(selector.wait(PATIENCE).unwrap(), "it still is");
    far.disconnect();
    assert!(!selector.contains_key(key) && selector.is_empty());
    assert!(!selector.poll().unwrap());
}

#[test]
fn a_socket_that_is_in_a_selector_may_get_tls_there() {
    let (near, far) = plain_pair();
    let selector = SocketSelector::new().unwrap();
    let key = selector.add(&far).unwrap();
    let far = TlsSocket::start_accept(far, &server(&certificates().good)).unwrap();
    assert_eq!(selector.key(&far), Some(key));
    let near = TlsSocket::start_connect(near, "localhost", &client()).unwrap();
    while far.status() == TlsStatus::HandshakeStarted {
        selector.wait(MOMENT).unwrap();
        let _ = near.handshake();
    }
    near.handshake_within(PATIENCE).unwrap();
    near.send_within(b"x", PATIENCE).unwrap();
    while far.try_receive(&mut [0]).is_err() {
        assert!(selector.wait(PATIENCE).unwrap());
    }
}

#[test]
fn two_selectors_see_the_same() {
    let (near, far) = pair();
    let selectors = [SocketSelector::new().unwrap(), SocketSelector::new().unwrap()];
    for selector in &selectors {
        selector.add(&far).unwrap();
    }
    near.send(b"x").unwrap();
    for selector in &selectors {
        assert!(selector.wait(PATIENCE).unwrap() && selector.is_ready(&far));
    }
    far.receive(&mut [0]).unwrap();
    for selector in &selectors {
        assert!(!selector.poll().unwrap());
    }
}

#[test]
fn a_selector_serves_a_thousand_clients() {
    const CLIENTS: usize = 1000;
    const TOGETHER: usize = 50;
    if !testkit::descriptors::allow(2 * CLIENTS as u64) {
        return testkit::skip::skip("1,000 clients need a higher limit on open files (ulimit -Hn 2600)");
    }
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    listener.set_blocking(false);
    let (config, port) = (server(&certificates().good), listener.local_port());
    let clients = thread::spawn(move || {
        let config = client();
        let connect = |_| TcpSocket::connect(IpAddress::LOCAL_HOST, port, PATIENCE).unwrap();
        let mut clients = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS / TOGETHER {
            let sockets: Vec<TcpSocket> = (0..TOGETHER).map(connect).collect();
            let started =
                sockets.into_iter().map(|socket| TlsSocket::start_connect(socket, "localhost", &config));
            let started: Vec<TlsSocket> = started.map(Result::unwrap).collect();
            for client in &started {
                client.handshake_within(PATIENCE).unwrap();
                client.send_within(&client.local_port().to_be_bytes(), PATIENCE).unwrap();
            }
            clients.extend(started);
        }
        for client in &clients {
            let mut answer = [0; 2];
            client.receive_exact_within(&mut answer, PATIENCE).unwrap();
            assert_eq!(answer, client.local_port().to_be_bytes());
        }
    });

    let selector = SocketSelector::new().unwrap();
    selector.add(&listener).unwrap();
    let mut sockets = HashMap::new();
    let mut ended = 0;
    while ended < CLIENTS {
        assert!(selector.wait(PATIENCE).unwrap());
        for event in selector.ready() {
            let Some(socket) = sockets.get(&event.key) else {
                while let Ok(socket) = listener.accept() {
                    let socket = TlsSocket::start_accept(socket, &config).unwrap();
                    sockets.insert(selector.add(&socket).unwrap(), socket);
                }
                continue;
            };
            let mut question = [0; 2];
            match socket.receive(&mut question) {
                Ok(length) => assert_eq!(socket.send(&question[..length]).unwrap(), length),
                Err(SocketError::NotReady) => {}
                Err(SocketError::Disconnected(None)) => {
                    ended += 1;
                    sockets.remove(&event.key);
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    clients.join().unwrap();
    assert_eq!(selector.len(), 1);
}
