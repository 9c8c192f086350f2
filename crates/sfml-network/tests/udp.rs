//! `UdpSocket`: single datagrams.

use std::io;
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sfml_network::{IpAddress, Packet, PacketTransform, SocketError, UdpSocket, Wait};
use testkit::PATIENCE;

/// A way to receive; returns the datagram's length.
type Receive<'a> = &'a dyn Fn(&mut [u8]) -> Result<usize, SocketError>;

/// A call that waits as long as it may.
type LimitedCall<'a> = &'a dyn Fn() -> Result<(), SocketError>;

/// A call that waits as told.
type WaitingCall<'a> = &'a dyn Fn(Wait<'_>) -> Result<(), SocketError>;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

fn socket() -> UdpSocket {
    UdpSocket::bind(LOCAL_HOST, 0).expect("a free port")
}

/// A port that was free a moment ago.
fn unused_port() -> u16 {
    socket().local_port()
}

#[test]
fn datagram_arrives_with_its_senders_address_and_port() {
    let (alice, bob) = (socket(), socket());
    assert_eq!(alice.local_address(), Some(LOCAL_HOST));
    assert_eq!(alice.send(b"hello", LOCAL_HOST, bob.local_port()).unwrap(), 5);
    let mut buffer = [0; 16];
    assert_eq!(bob.receive(&mut buffer).unwrap(), (5, LOCAL_HOST, alice.local_port()));
    assert_eq!(&buffer[..5], b"hello");
    bob.send(b"reply", LOCAL_HOST, alice.local_port()).unwrap();
    assert_eq!(alice.receive(&mut buffer).unwrap(), (5, LOCAL_HOST, bob.local_port()));
}

#[test]
fn datagrams_keep_their_bounds_the_empty_one_too() {
    let (alice, bob) = (socket(), socket());
    let mut buffer = [0; 16];
    for data in [&b"abc"[..], b"", b"d"] {
        assert_eq!(alice.send(data, LOCAL_HOST, bob.local_port()).unwrap(), data.len());
    }
    for data in [&b"abc"[..], b"", b"d"] {
        let (length, _, port) = bob.receive_within(&mut buffer, PATIENCE).unwrap();
        assert_eq!((&buffer[..length], port), (data, alice.local_port()));
    }
}

#[test]
fn longest_datagram_arrives_and_a_longer_one_is_refused_by_name() {
    let (alice, bob) = (socket(), socket());
    let data = vec![7; UdpSocket::MAX_DATAGRAM_SIZE + 1];
    let longest = &data[..UdpSocket::MAX_DATAGRAM_SIZE];
    assert_eq!(alice.send(longest, LOCAL_HOST, bob.local_port()).unwrap(), longest.len());
    let mut buffer = vec![0; longest.len()];
    assert_eq!(bob.receive_within(&mut buffer, PATIENCE).unwrap().0, longest.len());
    assert!(buffer == longest);

    alice.connect(LOCAL_HOST, bob.local_port()).unwrap();
    for outcome in [alice.send(&data, LOCAL_HOST, bob.local_port()), alice.send_connected(&data)] {
        let error = outcome.unwrap_err();
        assert!(matches!(error, SocketError::Other(_)));
        let text = error.to_string();
        assert!(text.contains("65508") && text.contains("65507"), "{text}");
    }
    assert!(matches!(bob.try_receive(&mut buffer), Err(SocketError::NotReady)));
}

#[test]
fn datagram_longer_than_the_buffer_is_dropped_and_told_and_the_next_one_is_intact() {
    let (alice, bob) = (socket(), socket());
    let mut buffer = [0; 4];
    let receive: [Receive<'_>; 4] = [
        &|buffer| bob.receive(buffer).map(|(length, ..)| length),
        &|buffer| bob.receive_within(buffer, PATIENCE).map(|(length, ..)| length),
        &|buffer| bob.receive_connected(buffer),
        &|_| bob.try_receive_uninit(&mut [MaybeUninit::uninit(); 4]).map(|(length, ..)| length),
    ];
    bob.connect(LOCAL_HOST, alice.local_port()).unwrap();
    for receive in receive {
        alice.send(b"too long", LOCAL_HOST, bob.local_port()).unwrap();
        alice.send(b"fits", LOCAL_HOST, bob.local_port()).unwrap();
        bob.wait_readable(PATIENCE).unwrap();
        let error = receive(&mut buffer).unwrap_err();
        assert!(matches!(error, SocketError::Other(_)));
        #[cfg(unix)]
        assert_eq!(error.raw_os_error(), Some(libc::EMSGSIZE));
        let text = error.to_string();
        assert!(text.contains("dropped") && text.contains('4'), "{text}");
        bob.wait_readable(PATIENCE).unwrap();
        assert_eq!(receive(&mut buffer).unwrap(), 4);
    }
}

#[test]
fn empty_buffer_takes_an_empty_datagram_only() {
    let (alice, bob) = (socket(), socket());
    alice.send(b"", LOCAL_HOST, bob.local_port()).unwrap();
    alice.send(b"x", LOCAL_HOST, bob.local_port()).unwrap();
    assert_eq!(bob.receive_within(&mut [], PATIENCE).unwrap().0, 0);
    assert!(matches!(bob.receive_within(&mut [], PATIENCE), Err(SocketError::Other(_))));
}

#[test]
fn memory_that_is_not_initialised_is_filled() {
    let (alice, bob) = (socket(), socket());
    alice.send(b"hello", LOCAL_HOST, bob.local_port()).unwrap();
    bob.wait_readable(PATIENCE).unwrap();
    let (length, sender, port) = bob.try_receive_uninit(&mut [MaybeUninit::uninit(); 16]).unwrap();
    assert_eq!((length, sender, port), (5, LOCAL_HOST, alice.local_port()));
}

#[test]
fn connected_socket_hears_its_peer_only() {
    let (alice, bob, stranger) = (socket(), socket(), socket());
    alice.connect(LOCAL_HOST, bob.local_port()).unwrap();
    stranger.send(b"stranger", LOCAL_HOST, alice.local_port()).unwrap();
    bob.send(b"bob", LOCAL_HOST, alice.local_port()).unwrap();
    let mut buffer = [0; 16];
    assert_eq!(alice.receive_connected(&mut buffer).unwrap(), 3);
    assert_eq!(alice.send_connected(b"hello").unwrap(), 5);
    assert_eq!(bob.receive(&mut buffer).unwrap().0, 5);
    alice.set_blocking(false);
    assert!(matches!(alice.receive_connected(&mut buffer), Err(SocketError::NotReady)));
}

#[test]
fn refusal_by_a_connected_peer_is_told_and_does_not_stay() {
    let alice = socket();
    let port = unused_port();
    alice.connect(LOCAL_HOST, port).unwrap();
    alice.send_connected(b"anybody there?").unwrap();
    let error = alice.receive_connected(&mut [0; 16]).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    let late = UdpSocket::bind(LOCAL_HOST, port).unwrap();
    alice.send_connected(b"hello").unwrap();
    assert_eq!(late.receive_within(&mut [0; 16], PATIENCE).unwrap().0, 5);
}

#[test]
fn port_that_nobody_has_does_not_disturb_an_unconnected_socket() {
    let (alice, bob) = (socket(), socket());
    alice.send(b"anybody there?", LOCAL_HOST, unused_port()).unwrap();
    bob.send(b"hello", LOCAL_HOST, alice.local_port()).unwrap();
    assert_eq!(alice.receive_within(&mut [0; 16], PATIENCE).unwrap().0, 5);
}

#[test]
fn sending_to_nobody_is_an_error() {
    let alice = socket();
    assert!(matches!(alice.send(b"x", LOCAL_HOST, 0), Err(SocketError::Other(_))));
    assert!(alice.send_connected(b"x").is_err());
    let error = alice.send(b"x", IpAddress::LOCAL_HOST_V6, 9).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert!(error.to_string().contains("IPv6"), "{error}");
}

#[test]
fn taken_port_is_an_error_that_names_it() {
    let first = socket();
    let error = UdpSocket::bind(LOCAL_HOST, first.local_port()).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&first.local_port().to_string()), "{error}");
}

#[test]
fn broadcast_address_and_foreign_addresses_cannot_be_bound_to() {
    for address in [IpAddress::BROADCAST, IpAddress::from_bytes(192, 0, 2, 1)] {
        assert!(matches!(UdpSocket::bind(address, 0), Err(SocketError::Other(_))));
    }
}

#[test]
fn port_is_free_again_when_the_socket_is_dropped() {
    let mut socket = socket();
    let port = socket.local_port();
    for _ in 0..3 {
        drop(socket);
        socket = UdpSocket::bind(LOCAL_HOST, port).unwrap();
    }
}

#[test]
fn non_blocking_receive_is_not_ready_at_once() {
    let socket = socket();
    socket.set_blocking(false);
    assert!(matches!(socket.receive(&mut [0]), Err(SocketError::NotReady)));
    assert!(matches!(socket.receive_packet(), Err(SocketError::NotReady)));
    assert!(matches!(socket.wait_readable(Duration::ZERO), Err(SocketError::NotReady)));
    socket.wait_writable(Duration::ZERO).unwrap();
}

#[test]
fn limits_end_waiting_calls_not_before_their_time() {
    let socket = socket();
    socket.connect(LOCAL_HOST, socket.local_port()).unwrap();
    let limit = Duration::from_millis(30);
    socket.set_timeout(Some(limit));
    let calls: [(&str, LimitedCall<'_>); 5] = [
        ("receive", &|| socket.receive(&mut [0]).map(drop)),
        ("receive_within", &|| socket.receive_within(&mut [0], limit).map(drop)),
        ("receive_connected", &|| socket.receive_connected(&mut [0]).map(drop)),
        ("receive_packet", &|| socket.receive_packet().map(drop)),
        ("wait_readable", &|| socket.wait_readable(limit)),
    ];
    for (name, call) in calls {
        let start = Instant::now();
        assert!(matches!(call(), Err(SocketError::NotReady)), "{name}");
        assert!((limit..PATIENCE).contains(&start.elapsed()), "{name}");
    }
}

#[test]
fn interrupt_hook_ends_waiting_calls_with_its_own_error() {
    let socket = socket();
    let calls: [WaitingCall<'_>; 2] =
        [&|wait| socket.receive_within(&mut [0], wait).map(drop), &|wait| socket.wait_readable(wait)];
    for call in calls {
        let mut hook = || Err(io::Error::other("enough"));
        match call(Wait::forever().with_interrupt(&mut hook)) {
            Err(SocketError::Other(error)) => assert_eq!(error.to_string(), "enough"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn closed_socket_has_no_port_and_says_so() {
    let socket = socket();
    socket.close();
    socket.close();
    assert_eq!((socket.local_address(), socket.local_port()), (None, 0));
    for error in [
        socket.receive(&mut [0]).unwrap_err(),
        socket.receive_within(&mut [0], PATIENCE).unwrap_err(),
        socket.try_receive(&mut [0]).unwrap_err(),
    ] {
        assert!(matches!(error, SocketError::Other(_)));
        assert!(error.to_string().contains("closed"), "{error}");
    }
}

#[test]
fn packet_is_one_datagram() {
    let (alice, bob) = (socket(), socket());
    for packet in [Packet::from(&b"packet"[..]), Packet::new()] {
        alice.send_packet(&packet, LOCAL_HOST, bob.local_port()).unwrap();
        assert_eq!(bob.receive_packet().unwrap(), (packet, LOCAL_HOST, alice.local_port()));
    }
    let long = Packet::from(vec![0; UdpSocket::MAX_DATAGRAM_SIZE + 1]);
    let refused = alice.send_packet(&long, LOCAL_HOST, bob.local_port());
    assert!(matches!(refused, Err(SocketError::Other(_))));
}

/// Sends the bytes in reverse.
struct Reversed;

impl PacketTransform for Reversed {
    fn on_send(&self, data: &[u8]) -> io::Result<Vec<u8>> {
        if data.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(data.iter().rev().copied().collect())
    }

    fn on_receive(&self, mut data: Vec<u8>) -> io::Result<Vec<u8>> {
        data.reverse();
        Ok(data)
    }
}

#[test]
fn packet_is_transformed_on_its_way_and_a_refusal_is_no_matter_of_waiting() {
    let (alice, bob) = (socket(), socket());
    alice.set_packet_transform(Some(Arc::new(Reversed)));
    alice.send_packet(&Packet::from(&b"abc"[..]), LOCAL_HOST, bob.local_port()).unwrap();
    assert_eq!(bob.receive_packet().unwrap().0.data(), b"cba");
    bob.set_packet_transform(Some(Arc::new(Reversed)));
    alice.send_packet(&Packet::from(&b"abc"[..]), LOCAL_HOST, bob.local_port()).unwrap();
    assert_eq!(bob.receive_packet().unwrap().0.data(), b"abc");
    let refused = alice.send_packet(&Packet::new(), LOCAL_HOST, bob.local_port());
    assert!(matches!(refused, Err(SocketError::Other(_))), "{refused:?}");
}

#[test]
fn dual_stack_socket_reaches_both_families_and_tells_ipv4_addresses() {
    let Ok(both) = UdpSocket::bind(IpAddress::ANY_V6, 0) else {
        return testkit::skip::skip("no IPv6");
    };
    for address in [LOCAL_HOST, IpAddress::LOCAL_HOST_V6] {
        let peer = UdpSocket::bind(address, 0).unwrap();
        both.send(b"hello", address, peer.local_port()).unwrap();
        peer.receive_within(&mut [0; 16], PATIENCE).unwrap();
        peer.send(b"reply", address, both.local_port()).unwrap();
        let arrival = both.receive_within(&mut [0; 16], PATIENCE).unwrap();
        assert_eq!(arrival, (5, address, peer.local_port()));
    }
}
