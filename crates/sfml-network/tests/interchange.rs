//! Sockets that become the standard library's and back, and what the programs we start get to see.
#![cfg(unix)]

mod pair;

use std::io::{self, Read, Write};
use std::net;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use pair::pair;
use sfml_network::{IpAddress, SocketError, SocketSelector, TcpListener, TcpSocket, UdpSocket};
use testkit::PATIENCE;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

#[test]
fn connection_goes_to_the_standard_library_and_back() {
    let (near, far) = pair();
    let mut near = net::TcpStream::from(OwnedFd::from(near));
    near.write_all(b"hello").unwrap();
    let mut buffer = [0; 5];
    far.receive_exact_within(&mut buffer, PATIENCE).unwrap();
    let near = TcpSocket::from(OwnedFd::from(near));
    far.send(b"reply").unwrap();
    near.receive_exact_within(&mut buffer, PATIENCE).unwrap();
    assert_eq!(&buffer, b"reply");
    assert_eq!(near.remote_port(), far.local_port());
}

#[test]
fn datagram_socket_goes_to_the_standard_library_and_back() {
    let ours = UdpSocket::bind(LOCAL_HOST, 0).unwrap();
    let port = ours.local_port();
    let theirs = net::UdpSocket::from(OwnedFd::from(ours));
    assert!(theirs.broadcast().unwrap());
    theirs.send_to(b"to itself", ("127.0.0.1", port)).unwrap();
    let ours = UdpSocket::from(OwnedFd::from(theirs));
    let mut buffer = [0; 16];
    assert_eq!(ours.receive_within(&mut buffer, PATIENCE).unwrap(), (9, LOCAL_HOST, port));
}

#[test]
fn listener_goes_to_the_standard_library_and_back() {
    let ours = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let port = ours.local_port();
    let theirs = net::TcpListener::from(OwnedFd::from(ours));
    let client = TcpSocket::connect(LOCAL_HOST, port, PATIENCE).unwrap();
    let (_, address) = theirs.accept().unwrap();
    assert_eq!(address.port(), client.local_port());
    let ours = TcpListener::from(OwnedFd::from(theirs));
    let _client = TcpSocket::connect(LOCAL_HOST, port, PATIENCE).unwrap();
    ours.accept_within(PATIENCE).unwrap();
}

#[test]
fn listener_in_the_systems_blocking_mode_does_not_block_a_try() {
    let theirs = net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = TcpListener::from(OwnedFd::from(theirs));
    assert!(matches!(ours.try_accept(), Err(SocketError::NotReady)));
    ours.set_blocking(false);
    assert!(matches!(ours.accept(), Err(SocketError::NotReady)));
}

#[test]
fn connection_in_the_systems_non_blocking_mode_waits_in_blocking_mode() {
    let (near, far) = pair();
    near.set_blocking(false);
    let near = net::TcpStream::from(OwnedFd::from(near));
    let near = TcpSocket::from(OwnedFd::from(near));
    assert!(near.is_blocking());
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| near.receive(&mut [0]).unwrap());
        far.send(b"x").unwrap();
        assert_eq!(reader.join().unwrap(), 1);
    });
}

#[test]
fn descriptor_given_away_keeps_the_sockets_mode() {
    let (near, mut far) = pair();
    near.set_blocking(false);
    let mut near = net::TcpStream::from(OwnedFd::from(near));
    assert_eq!(near.read(&mut [0]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    far.write_all(b"x").unwrap();

    let blocking = net::TcpListener::from(OwnedFd::from(TcpListener::listen(LOCAL_HOST, 0).unwrap()));
    std::thread::scope(|scope| {
        let server = scope.spawn(|| blocking.accept().unwrap());
        let address = blocking.local_addr().unwrap();
        let _client = TcpSocket::connect(address.ip(), address.port(), PATIENCE).unwrap();
        server.join().unwrap();
    });
}

#[test]
fn socket_given_away_has_left_its_selectors() {
    let (near, far) = pair();
    let selector = SocketSelector::new().unwrap();
    let key = selector.add(&near).unwrap();
    far.send(b"x").unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    let near = net::TcpStream::from(OwnedFd::from(near));
    assert_eq!(selector.len(), 0);
    assert!(!selector.contains_key(key));
    assert!(!selector.poll().unwrap());
    drop(near);
}

#[test]
fn borrowed_descriptor_takes_the_options_we_do_not_have() {
    let (near, _far) = pair();
    assert_eq!(near.as_fd().as_raw_fd(), near.as_raw_fd());
    let theirs = near.as_fd().try_clone_to_owned().unwrap();
    net::TcpStream::from(theirs).set_ttl(42).unwrap();
    assert_eq!(net::TcpStream::from(OwnedFd::from(near)).ttl().unwrap(), 42);
}

#[cfg(target_os = "linux")]
#[test]
fn no_descriptor_is_inherited_by_programs_we_start() {
    const CLOSE_ON_EXEC: u32 = 0o2_000_000;
    let listener = TcpListener::listen(LOCAL_HOST, 0).unwrap();
    let near = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
    let far = listener.accept().unwrap();
    let started = TcpSocket::start_connect(LOCAL_HOST, listener.local_port()).unwrap();
    let udp = UdpSocket::bind(LOCAL_HOST, 0).unwrap();
    for socket in [&listener.as_fd(), &near.as_fd(), &far.as_fd(), &started.as_fd(), &udp.as_fd()] {
        let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", socket.as_raw_fd())).unwrap();
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap().trim();
        assert_ne!(u32::from_str_radix(flags, 8).unwrap() & CLOSE_ON_EXEC, 0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_descriptor_of_a_selector_is_inherited_by_programs_we_start() {
    if !testkit::child::is_child("no_descriptor_of_a_selector_is_inherited_by_programs_we_start") {
        return;
    }
    use std::process::{Command, Stdio};
    let selector = SocketSelector::new().unwrap();
    let (near, _far) = pair();
    selector.add(&near).unwrap();
    let mut list = Command::new("ls");
    let listing =
        list.args(["-l", "/proc/self/fd"]).stdin(Stdio::null()).stderr(Stdio::null()).output().unwrap();
    let listing = String::from_utf8_lossy(&listing.stdout);
    assert!(!listing.contains("socket:") && !listing.contains("anon_inode:"), "{listing}");
}
