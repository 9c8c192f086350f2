//! `TcpListener`: accepting connections.

use std::io;
use std::time::{Duration, Instant};

use sfml_network::{IpAddress, ListenOptions, SocketError, TcpListener, TcpSocket, Wait};
use testkit::PATIENCE;

/// A call that waits as long as it may.
type Call<'a> = &'a dyn Fn() -> Result<(), SocketError>;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

fn listener() -> TcpListener {
    TcpListener::listen(LOCAL_HOST, 0).expect("a free port")
}

fn client_of(listener: &TcpListener) -> TcpSocket {
    TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).expect("it listens")
}

#[test]
fn connections_are_accepted_in_the_order_they_came() {
    let listener = listener();
    let clients = [(); 5].map(|()| client_of(&listener));
    for client in clients {
        assert_eq!(listener.accept().unwrap().remote_port(), client.local_port());
    }
    assert!(matches!(listener.try_accept(), Err(SocketError::NotReady)));
}

#[test]
fn address_and_port_are_known_until_it_is_closed() {
    let listener = listener();
    assert_eq!(listener.local_address(), Some(LOCAL_HOST));
    assert_ne!(listener.local_port(), 0);
    listener.close();
    listener.close();
    assert_eq!((listener.local_address(), listener.local_port()), (None, 0));
    let error = listener.accept().unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert!(error.to_string().contains("closed"), "{error}");
}

#[test]
fn non_blocking_listener_is_not_ready_and_its_sockets_are_blocking() {
    let listener = listener();
    listener.set_blocking(false);
    assert!(matches!(listener.accept(), Err(SocketError::NotReady)));
    let _client = client_of(&listener);
    listener.wait_readable(PATIENCE).unwrap();
    assert!(listener.accept().unwrap().is_blocking());
}

#[test]
fn limits_end_the_wait_for_a_connection() {
    let listener = listener();
    let limit = Duration::from_millis(30);
    listener.set_timeout(Some(limit));
    let calls: [(&str, Call<'_>); 3] = [
        ("accept", &|| listener.accept().map(drop)),
        ("accept_within", &|| listener.accept_within(limit).map(drop)),
        ("wait_readable", &|| listener.wait_readable(limit)),
    ];
    for (name, call) in calls {
        let start = Instant::now();
        assert!(matches!(call(), Err(SocketError::NotReady)), "{name}");
        assert!((limit..PATIENCE).contains(&start.elapsed()), "{name}");
    }
}

#[test]
fn interrupt_hook_ends_the_wait_with_its_own_error() {
    let mut hook = || Err(io::Error::other("enough"));
    match listener().accept_within(Wait::forever().with_interrupt(&mut hook)) {
        Err(SocketError::Other(error)) => assert_eq!(error.to_string(), "enough"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn taken_port_is_an_error_that_names_it() {
    let first = listener();
    let port = first.local_port();
    let error = TcpListener::listen(LOCAL_HOST, port).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    let text = error.to_string();
    assert!(text.contains("127.0.0.1") && text.contains(&port.to_string()), "{text}");
}

#[test]
fn address_of_another_computer_is_an_error() {
    let documentation_only = IpAddress::from_bytes(192, 0, 2, 1);
    let error = TcpListener::listen(documentation_only, 0).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
}

#[test]
fn server_starts_again_at_once_on_its_port() {
    let mut listener = listener();
    let port = listener.local_port();
    for _ in 0..3 {
        let client = client_of(&listener);
        // The end that closes first keeps the port for a while, unless the listener may share it.
        drop(listener.accept().unwrap());
        assert!(matches!(client.receive_within(&mut [0], PATIENCE), Err(SocketError::Disconnected(None))));
        drop(client);
        drop(listener);
        listener = TcpListener::listen(LOCAL_HOST, port).unwrap();
    }
}

#[test]
fn closed_listener_gives_its_port_back_when_dropped_even_with_open_connections() {
    let first = listener();
    let port = first.local_port();
    let client = client_of(&first);
    let server = first.accept().unwrap();
    first.close();
    drop(first);
    let second = TcpListener::listen(LOCAL_HOST, port).unwrap();
    let _other = client_of(&second);
    server.send(b"still here").unwrap();
    assert_eq!(client.receive_within(&mut [0; 16], PATIENCE).unwrap(), 10);
}

#[test]
fn shortest_queue_still_accepts() {
    for backlog in [0, 1] {
        let listener =
            TcpListener::listen_with(LOCAL_HOST, 0, ListenOptions { backlog, ..ListenOptions::default() })
                .unwrap();
        let client = client_of(&listener);
        assert_eq!(listener.accept_within(PATIENCE).unwrap().remote_port(), client.local_port());
    }
}

#[test]
fn any_address_reaches_loopback() {
    let listener = TcpListener::listen(IpAddress::ANY, 0).unwrap();
    assert_eq!(listener.local_address(), Some(IpAddress::ANY));
    let client = client_of(&listener);
    assert_eq!(listener.accept_within(PATIENCE).unwrap().remote_port(), client.local_port());
}

#[test]
fn dual_stack_listener_tells_ipv4_clients_by_their_ipv4_addresses() {
    let Ok(listener) = TcpListener::listen(IpAddress::ANY_V6, 0) else {
        return testkit::skip::skip("no IPv6");
    };
    for address in [LOCAL_HOST, IpAddress::LOCAL_HOST_V6] {
        let client = TcpSocket::connect(address, listener.local_port(), PATIENCE).unwrap();
        let server = listener.accept_within(PATIENCE).unwrap();
        assert_eq!((server.remote_address(), server.local_address()), (Some(address), Some(address)));
        assert_eq!(server.remote_port(), client.local_port());
    }
}

#[test]
fn broadcast_address_cannot_be_listened_on() {
    let error = TcpListener::listen(IpAddress::BROADCAST, 0).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)) && error.to_string().contains("use ANY"), "{error}");
}
