//! `TcpSocket`: making a connection, and failing to.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sfml_network::{
    Deadline, IpAddress, Readiness, SocketError, SocketSelector, TcpListener, TcpSocket, Wait,
};
use testkit::PATIENCE;
use testkit::hostile::Unanswering;
use testkit::sleeper::Sleeper;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

/// A port that was free a moment ago.
fn refusing_port() -> u16 {
    TcpListener::listen(LOCAL_HOST, 0).expect("a free port").local_port()
}

fn kind_of_source(error: &SocketError) -> Option<io::ErrorKind> {
    error.source()?.downcast_ref::<io::Error>().map(io::Error::kind)
}

#[test]
fn refusal_names_address_and_port_and_keeps_the_systems_error() {
    let port = refusing_port();
    let error = TcpSocket::connect(LOCAL_HOST, port, PATIENCE).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(kind_of_source(&error), Some(io::ErrorKind::ConnectionRefused));
    assert!(error.raw_os_error().is_some());
    let text = error.to_string();
    assert!(text.contains("127.0.0.1") && text.contains(&port.to_string()), "{text}");
}

#[test]
fn refusal_comes_without_a_limit_too() {
    let error = TcpSocket::connect(LOCAL_HOST, refusing_port(), None).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn port_zero_is_an_error() {
    assert!(matches!(TcpSocket::connect(LOCAL_HOST, 0, PATIENCE), Err(SocketError::Other(_))));
}

#[test]
fn connected_socket_is_in_blocking_mode_without_delay() {
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let near = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
    assert!(near.is_blocking());
    for socket in [near, listener.accept().unwrap()] {
        assert!(socket2::SockRef::from(&socket).tcp_nodelay().unwrap());
    }
}

#[test]
fn peer_that_does_not_answer_is_given_up_when_the_time_is_up() {
    let peer = Unanswering::new().unwrap();
    let attempts = attempts_to(peer.address());
    let limit = Duration::from_millis(50);
    let start = Instant::now();
    let error = TcpSocket::connect(LOCAL_HOST, peer.address().port(), limit).unwrap_err();
    assert!(matches!(error, SocketError::NotReady));
    assert!((limit..PATIENCE).contains(&start.elapsed()));
    assert_eq!(attempts_to(peer.address()), attempts);
}

/// How many connection attempts to an address are under way; zero where the system does not tell.
fn attempts_to(peer: SocketAddr) -> usize {
    const SYN_SENT: &str = "02";
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let port = format!(":{:04X}", peer.port());
    let mut lines = table.lines().map(|line| line.split_whitespace().skip(2));
    lines
        .by_ref()
        .filter(|fields| {
            let mut fields = fields.clone();
            fields.next().is_some_and(|remote| remote.ends_with(&port)) && fields.next() == Some(SYN_SENT)
        })
        .count()
}

#[test]
fn deadline_in_the_past_gives_up_at_once() {
    let peer = Unanswering::new().unwrap();
    let deadline = Deadline::after(Duration::ZERO);
    let outcome = TcpSocket::connect(LOCAL_HOST, peer.address().port(), deadline);
    assert!(matches!(outcome, Err(SocketError::NotReady)));
}

#[test]
fn interrupt_hook_ends_the_wait_with_its_own_error() {
    let peer = Unanswering::new().unwrap();
    let mut hook = || Err(io::Error::other("enough"));
    let wait = Wait::forever().with_interrupt(&mut hook);
    match TcpSocket::connect(LOCAL_HOST, peer.address().port(), wait) {
        Err(SocketError::Other(error)) => assert_eq!(error.to_string(), "enough"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn started_connection_becomes_writable_when_it_is_made() {
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let socket = TcpSocket::start_connect(LOCAL_HOST, listener.local_port()).unwrap();
    assert!(!socket.is_blocking());
    let selector = SocketSelector::new().unwrap();
    selector.add_for(&socket, Readiness::WRITABLE).unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    assert!(selector.is_writable(&socket));
    socket.finish_connect().unwrap();
    socket.finish_connect().unwrap();
    assert_eq!(socket.send(b"hello").unwrap(), 5);
    let far = listener.accept_within(PATIENCE).unwrap();
    assert_eq!(far.receive_within(&mut [0; 16], PATIENCE).unwrap(), 5);
}

#[test]
fn started_connection_becomes_writable_when_it_is_refused() {
    let socket = match TcpSocket::start_connect(LOCAL_HOST, refusing_port()) {
        Ok(socket) => socket,
        // Some systems know at once.
        Err(error) => return assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused),
    };
    let selector = SocketSelector::new().unwrap();
    selector.add_for(&socket, Readiness::WRITABLE).unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    assert!(selector.is_writable(&socket));
    let error = socket.finish_connect().unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert!(socket.finish_connect().is_err());
    assert!(socket.send(b"x").is_err());
}

#[test]
fn started_connection_can_be_finished_by_waiting() {
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let socket = TcpSocket::start_connect(LOCAL_HOST, listener.local_port()).unwrap();
    socket.finish_connect_within(PATIENCE).unwrap();
    assert!(socket.is_blocking());
    let refused = TcpSocket::start_connect(LOCAL_HOST, refusing_port());
    let error = refused.and_then(|socket| socket.finish_connect_within(PATIENCE)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn started_connection_is_not_ready_while_the_peer_does_not_answer() {
    let peer = Unanswering::new().unwrap();
    let socket = TcpSocket::start_connect(LOCAL_HOST, peer.address().port()).unwrap();
    assert!(matches!(socket.finish_connect(), Err(SocketError::NotReady)));
    assert!(matches!(socket.finish_connect_within(Duration::from_millis(20)), Err(SocketError::NotReady)));
    assert!(matches!(socket.send(b"x"), Err(SocketError::NotReady)));
    assert!(matches!(socket.receive(&mut [0]), Err(SocketError::NotReady)));
    assert_eq!(socket.remote_address(), None);
}

#[test]
fn disconnecting_from_another_thread_ends_the_wait_for_a_connection() {
    let peer = Unanswering::new().unwrap();
    let socket = Arc::new(TcpSocket::start_connect(LOCAL_HOST, peer.address().port()).unwrap());
    let waiting = Arc::clone(&socket);
    let sleeper = Sleeper::start(move || waiting.finish_connect_within(None));
    let (outcome, waited) = sleeper.end_by(Duration::from_secs(2), || socket.disconnect());
    assert!(outcome.is_err());
    println!("the wait for a connection ended {waited:?} after disconnect");
}

#[test]
fn host_name_is_resolved_and_its_addresses_tried() {
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    // The name may stand for ::1 first, where nobody listens.
    let near = TcpSocket::connect_host("localhost", listener.local_port(), PATIENCE).unwrap();
    assert_eq!(listener.accept_within(PATIENCE).unwrap().remote_port(), near.local_port());
    let numeric = TcpSocket::connect_host("127.0.0.1", listener.local_port(), PATIENCE).unwrap();
    assert_eq!(numeric.remote_address(), Some(LOCAL_HOST));
}

#[test]
fn host_that_refuses_on_every_address_is_an_error_of_the_last() {
    let error = TcpSocket::connect_host("localhost", refusing_port(), PATIENCE).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn host_that_does_not_answer_is_given_up_when_the_time_is_up() {
    let peer = Unanswering::new().unwrap();
    let limit = Duration::from_millis(50);
    let outcome = TcpSocket::connect_host("127.0.0.1", peer.address().port(), limit);
    assert!(matches!(outcome, Err(SocketError::NotReady)));
}

#[test]
fn ipv6_loopback_connects() {
    let Ok(listener) = TcpListener::listen(IpAddress::LOCAL_HOST_V6, 0) else {
        return testkit::skip::skip("no IPv6 on loopback");
    };
    let near = TcpSocket::connect(IpAddress::LOCAL_HOST_V6, listener.local_port(), PATIENCE).unwrap();
    let far = listener.accept_within(PATIENCE).unwrap();
    assert_eq!(near.remote_address(), Some(IpAddress::LOCAL_HOST_V6));
    assert_eq!(far.remote_port(), near.local_port());
}
