//! A process that has no descriptors left.
#![cfg(unix)]

use sfml_network::{IpAddress, SocketError, SocketSelector, TcpListener, TcpSocket, UdpSocket};
use testkit::{PATIENCE, child, descriptors};

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

#[test]
fn running_out_of_descriptors_is_told_by_everything_and_does_not_last() {
    if !child::is_child("running_out_of_descriptors_is_told_by_everything_and_does_not_last") {
        return;
    }
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let client = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
    listener.wait_readable(PATIENCE).unwrap();
    descriptors::limit_to(100).unwrap();
    let mut hoard = Vec::new();
    while let Ok(socket) = UdpSocket::bind(LOCAL_HOST, 0) {
        hoard.push(socket);
    }
    assert!((1..100).contains(&hoard.len()));
    let outcomes = [
        ("listen", TcpListener::listen(LOCAL_HOST, 0).map(drop)),
        ("connect", TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).map(drop)),
        ("start_connect", TcpSocket::start_connect(LOCAL_HOST, listener.local_port()).map(drop)),
        ("accept", listener.accept().map(drop)),
        ("accept_within", listener.accept_within(PATIENCE).map(drop)),
        ("bind", UdpSocket::bind(LOCAL_HOST, 0).map(drop)),
        ("selector", SocketSelector::new().map(drop)),
    ];
    for (name, outcome) in outcomes {
        let error = outcome.unwrap_err();
        assert!(matches!(error, SocketError::Other(_)), "{name}: {error:?}");
        assert_eq!(error.raw_os_error(), Some(libc::EMFILE), "{name}");
        assert!(error.to_string().contains("descriptors"), "{name}: {error}");
    }
    let looked_up = IpAddress::resolve("localhost", PATIENCE);
    assert!(matches!(looked_up, Err(SocketError::Other(_)) | Ok(_)), "{looked_up:?}");

    hoard.clear();
    assert_eq!(listener.accept().unwrap().remote_port(), client.local_port());
    assert!(IpAddress::resolve("localhost", PATIENCE).is_ok());
}
