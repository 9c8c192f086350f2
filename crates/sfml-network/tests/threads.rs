//! One thread in a call, another that closes, sends or receives on the same socket.

mod pair;

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use pair::pair;
use sfml_network::{IpAddress, Packet, SocketError, TcpListener, TcpSocket, UdpSocket};
use testkit::PATIENCE;
use testkit::sleeper::Sleeper;

/// A call that waits on a socket.
type Call<S> = fn(&S) -> Result<(), SocketError>;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

/// More than the time any system needs to wake a thread.
const PROMPTLY: Duration = Duration::from_secs(2);

/// Starts a call that waits on a socket, closes the socket from here, and returns how the call failed.
fn close_during<S: Send + Sync + 'static>(
    (name, call): (&str, Call<S>),
    socket: S,
    close: impl FnOnce(&S),
) -> SocketError {
    let socket = Arc::new(socket);
    let waiting = Arc::clone(&socket);
    let sleeper = Sleeper::start(move || call(&waiting));
    let (outcome, waited) = sleeper.end_by(PROMPTLY, || close(&socket));
    eprintln!("{name} ended {waited:?} after the socket was closed");
    outcome.expect_err(name)
}

#[test]
fn disconnecting_ends_every_call_that_waits_for_data() {
    let calls: [(&str, Call<TcpSocket>); 7] = [
        ("receive", |socket| socket.receive(&mut [0]).map(drop)),
        ("receive_within", |socket| socket.receive_within(&mut [0], PATIENCE).map(drop)),
        ("receive_exact", |socket| Ok(socket.receive_exact(&mut [0; 8])?)),
        ("receive_packet", |socket| socket.receive_packet().map(drop)),
        ("peek", |socket| socket.peek(&mut [0]).map(drop)),
        // The end of the stream, or the error as the standard library has it.
        ("read", |mut socket| match socket.read(&mut [0]) {
            Ok(0) | Err(_) => Err(SocketError::Disconnected(None)),
            Ok(_) => Ok(()),
        }),
        ("wait_readable", |socket| {
            socket.wait_readable(None)?;
            socket.try_receive(&mut [0]).map(drop)
        }),
    ];
    for (name, call) in calls {
        let (near, _far) = pair();
        let error = close_during((name, call), near, TcpSocket::disconnect);
        assert!(matches!(error, SocketError::Disconnected(_)), "{name}: {error:?}");
    }
}

#[test]
fn disconnecting_ends_every_call_that_waits_for_room() {
    let calls: [(&str, Call<TcpSocket>); 4] = [
        ("send", |socket| socket.send(&vec![0; 64 << 20]).map(drop)),
        ("send_within", |socket| socket.send_within(&vec![0; 64 << 20], PATIENCE).map(drop)),
        ("send_packet", |socket| socket.send_packet(&Packet::from(vec![0; 64 << 20]))),
        ("write_all", |mut socket| {
            socket.write_all(&vec![0; 64 << 20]).map_err(|_| SocketError::Disconnected(None))
        }),
    ];
    for (name, call) in calls {
        let (near, _far) = pair();
        let error = close_during((name, call), near, TcpSocket::disconnect);
        assert!(matches!(error, SocketError::Disconnected(_)), "{name}: {error:?}");
    }
}

#[test]
fn closing_a_listener_ends_its_accepts() {
    let calls: [(&str, Call<TcpListener>); 2] = [
        ("accept", |listener| listener.accept().map(drop)),
        ("accept_within", |listener| listener.accept_within(PATIENCE).map(drop)),
    ];
    for (name, call) in calls {
        let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
        let error = close_during((name, call), listener, TcpListener::close);
        assert!(error.to_string().contains("closed"), "{name}: {error}");
    }
}

#[test]
fn closing_a_datagram_socket_ends_its_receives_whether_connected_or_not() {
    let calls: [(&str, Call<UdpSocket>); 4] = [
        ("udp receive", |socket| socket.receive(&mut [0]).map(drop)),
        ("udp receive_within", |socket| socket.receive_within(&mut [0], PATIENCE).map(drop)),
        ("udp receive_connected", |socket| socket.receive_connected(&mut [0]).map(drop)),
        ("udp receive_packet", |socket| socket.receive_packet().map(drop)),
    ];
    for connected in [false, true] {
        for (name, call) in calls {
            let (socket, peer) =
                (UdpSocket::bind(LOCAL_HOST, 0).unwrap(), UdpSocket::bind(LOCAL_HOST, 0).unwrap());
            if connected {
                socket.connect(LOCAL_HOST, peer.local_port()).unwrap();
            }
            let error = close_during((name, call), socket, UdpSocket::close);
            assert!(error.to_string().contains("closed"), "{name}: {error}");
        }
    }
}

#[test]
fn all_threads_that_wait_on_a_socket_are_released() {
    let (near, _far) = pair();
    let near = Arc::new(near);
    let waiting = [(); 4].map(|()| Arc::clone(&near));
    let sleepers = waiting.map(|socket| Sleeper::start(move || socket.receive(&mut [0])));
    near.disconnect();
    for sleeper in sleepers {
        let outcome = sleeper.end_within(PROMPTLY);
        assert!(matches!(outcome, Err(SocketError::Disconnected(_))), "{outcome:?}");
    }
}

#[test]
fn one_thread_sends_while_another_receives_on_the_same_socket() {
    let (near, far) = pair();
    let data: Vec<u8> = (0..4_000_000_u32).map(|index| (index % 251) as u8).collect();
    let receive = |socket: &TcpSocket| {
        let mut received = vec![0; data.len()];
        socket.receive_exact_within(&mut received, PATIENCE).unwrap();
        assert!(received == data);
    };
    thread::scope(|scope| {
        for socket in [&near, &far] {
            scope.spawn(|| assert_eq!(socket.send(&data).unwrap(), data.len()));
            scope.spawn(|| receive(socket));
        }
    });
}

#[test]
fn two_threads_that_receive_share_what_arrives() {
    let (near, far) = pair();
    let total = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut buffer = [0; 1000];
                loop {
                    match near.receive(&mut buffer) {
                        Ok(length) => total.fetch_add(length, Ordering::Relaxed),
                        Err(SocketError::Disconnected(None)) => break,
                        Err(error) => panic!("{error}"),
                    };
                }
            });
        }
        far.send(&vec![1; 1_000_000]).unwrap();
        drop(far);
    });
    assert_eq!(total.into_inner(), 1_000_000);
}

#[test]
fn connections_are_shared_out_among_accepting_threads() {
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let accepted = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Ok(socket) = listener.accept() {
                    accepted.lock().unwrap().push(socket.remote_port());
                    socket.send(b"x").unwrap();
                }
            });
        }
        let mut clients = Vec::new();
        for _ in 0..30 {
            let client = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
            client.receive_within(&mut [0], PATIENCE).unwrap();
            clients.push(client.local_port());
        }
        listener.close();
        clients.sort_unstable();
        accepted.lock().unwrap().sort_unstable();
        assert_eq!(*accepted.lock().unwrap(), clients);
    });
}

/// One thread receives from whatever connection is current; another replaces it again and again, while it opens
/// connections that carry other bytes and get the descriptor numbers that just became free.
#[test]
fn ten_thousand_closed_and_reopened_connections_deliver_no_byte_of_another() {
    const RACES: usize = 10_000;
    const OWN: u8 = b'o';
    const FOREIGN: u8 = b'f';
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let connect = |byte| {
        let near = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
        let far = listener.accept_within(PATIENCE).unwrap();
        far.send(&[byte]).unwrap();
        (near, far)
    };
    let (near, mut far) = connect(OWN);
    let current = Mutex::new(Arc::new(near));
    let (own, foreign) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let done = AtomicBool::new(false);
    let received_one = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut buffer = [0; 64];
            while !done.load(Ordering::Acquire) {
                let socket = Arc::clone(&current.lock().unwrap());
                while let Ok(length) = socket.receive(&mut buffer) {
                    for byte in &buffer[..length] {
                        let count = if *byte == OWN { &own } else { &foreign };
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    received_one.wait();
                }
                // The socket was replaced before it was disconnected.
                drop(socket);
            }
        });
        for _ in 0..RACES {
            // It is about to wait for a second byte, or waits already.
            received_one.wait();
            let next = connect(OWN);
            let old = std::mem::replace(&mut *current.lock().unwrap(), Arc::new(next.0));
            far = next.1;
            old.disconnect();
            drop(old);
            drop(connect(FOREIGN));
        }
        received_one.wait();
        done.store(true, Ordering::Release);
        current.lock().unwrap().disconnect();
    });
    drop(far);
    assert_eq!(foreign.into_inner(), 0);
    assert_eq!(own.into_inner(), RACES + 1);
}
