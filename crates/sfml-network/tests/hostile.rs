//! Peers that hang up without a word.

mod pair;

use std::io::{Read, Write};
use std::net::{self, Shutdown};

use pair::pair;
use sfml_network::{IpAddress, SocketError, SocketSelector, TcpListener, TcpSocket};
use testkit::PATIENCE;
use testkit::hostile::reset;

/// A way to receive.
type Receive = fn(&TcpSocket) -> Result<usize, SocketError>;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

/// One of our sockets, and a standard one at the other end.
fn with_std_peer() -> (TcpSocket, net::TcpStream) {
    let listener = net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an open listener has an address").port();
    let near = TcpSocket::connect(LOCAL_HOST, port, PATIENCE).expect("it listens");
    let (peer, _) = listener.accept().expect("it connected");
    (near, peer)
}

fn assert_reset(outcome: Result<usize, SocketError>) {
    match outcome {
        Err(error @ SocketError::Disconnected(Some(_))) => {
            assert!(error.raw_os_error().is_some());
            assert!(std::error::Error::source(&error).is_some());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn reset_is_a_disconnection_with_the_systems_error() {
    let receivers: [Receive; 4] = [
        |socket| socket.receive(&mut [0]),
        |socket| socket.receive_within(&mut [0], PATIENCE),
        |socket| socket.peek(&mut [0]),
        |socket| Ok(socket.receive_exact(&mut [0]).map(|()| 0)?),
    ];
    for receive in receivers {
        let (near, peer) = with_std_peer();
        reset(peer).unwrap();
        near.wait_readable(PATIENCE).unwrap();
        assert_reset(receive(&near));
    }
}

#[test]
fn reset_during_an_exact_receive_tells_what_had_arrived() {
    let (near, mut peer) = with_std_peer();
    peer.write_all(b"abc").unwrap();
    let mut buffer = [0; 8];
    near.receive_exact_within(&mut buffer[..2], PATIENCE).unwrap();
    near.receive_exact_within(&mut buffer[2..3], PATIENCE).unwrap();
    reset(peer).unwrap();
    let incomplete = near.receive_exact_within(&mut buffer, PATIENCE).unwrap_err();
    assert_eq!(incomplete.received, 0);
    assert_reset(Err(incomplete.error));
}

#[test]
fn sending_to_a_peer_that_has_gone_ends_in_a_disconnection_and_no_signal() {
    let (near, peer) = with_std_peer();
    drop(peer);
    assert!(matches!(near.receive_within(&mut [0], PATIENCE), Err(SocketError::Disconnected(None))));
    // The first data after the end is answered by a reset.
    let mut attempts = 0;
    let error = loop {
        match near.send(b"x") {
            Ok(_) => attempts += 1,
            Err(error) => break error,
        }
        assert!(attempts < 10_000, "a peer that has gone took everything");
    };
    assert_reset(Err(error));
    assert_reset(near.send(b"x"));
    assert_reset(near.send_vectored(&[std::io::IoSlice::new(b"x")]));
}

#[test]
fn half_closed_peer_still_receives() {
    let (near, mut peer) = with_std_peer();
    peer.shutdown(Shutdown::Write).unwrap();
    assert!(matches!(near.receive_within(&mut [0], PATIENCE), Err(SocketError::Disconnected(None))));
    near.send(b"still").unwrap();
    let mut buffer = [0; 5];
    peer.read_exact(&mut buffer).unwrap();
    assert_eq!(&buffer, b"still");
}

#[test]
fn own_shutdown_leaves_the_other_direction_open() {
    let (near, far) = pair();
    near.shutdown(Shutdown::Write).unwrap();
    assert!(matches!(near.send(b"x"), Err(SocketError::Disconnected(Some(_)))));
    far.send(b"reply").unwrap();
    assert_eq!(near.receive_within(&mut [0; 8], PATIENCE).unwrap(), 5);
    near.shutdown(Shutdown::Read).unwrap();
    assert!(matches!(near.receive(&mut [0]), Err(SocketError::Disconnected(_))));
}

#[test]
fn client_that_gives_up_before_it_is_accepted_harms_nobody() {
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let selector = SocketSelector::new().unwrap();
    selector.add(&listener).unwrap();
    reset(net::TcpStream::connect(("127.0.0.1", listener.local_port())).unwrap()).unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    let client = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
    loop {
        let server = listener.accept_within(PATIENCE).unwrap();
        if server.remote_port() == client.local_port() {
            break;
        }
        // Some systems still hand the dead connection over.
        assert!(matches!(server.receive_within(&mut [0], PATIENCE), Err(SocketError::Disconnected(_))));
    }
    assert!(matches!(listener.try_accept(), Err(SocketError::NotReady)));
}
