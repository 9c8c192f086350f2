//! Promises of UDP sockets that once did not hold: each of these failed before it was mended.

use std::io;
use std::time::{Duration, Instant};

use sfml_network::{Datagram, DatagramBatch, Deadline, IpAddress, Packet, SocketError, UdpSocket, Wait};
use testkit::PATIENCE;

/// Whether this build joins datagrams in the kernel.
const LINUX: bool = cfg!(all(target_os = "linux", not(sfml_network_portable)));

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

fn socket() -> UdpSocket {
    UdpSocket::bind(LOCAL_HOST, 0).expect("a free port")
}

/// A way to receive; returns the number of datagrams, or of bytes.
type Receive = fn(&UdpSocket) -> Result<usize, SocketError>;

const RECEIVES: [(&str, Receive); 6] = [
    ("receive", |socket| socket.receive(&mut [0; 100]).map(|(length, ..)| length)),
    ("receive_uninit", |socket| {
        socket.try_receive_uninit(&mut [std::mem::MaybeUninit::uninit(); 100]).map(|(length, ..)| length)
    }),
    ("receive_connected", |socket| socket.receive_connected(&mut [0; 100])),
    ("receive_many", |socket| socket.receive_many(&mut DatagramBatch::new(4, 100))),
    ("receive_with_info", |socket| socket.receive_with_info(&mut [0; 100]).map(|told| told.length)),
    ("receive_packet", |socket| socket.receive_packet().map(|(packet, ..)| packet.len())),
];

/// A way to send 4 bytes to the port.
type Send = fn(&UdpSocket, u16) -> Result<usize, SocketError>;

const SENDS: [(&str, Send); 5] = [
    ("send", |socket, port| socket.send(b"data", LOCAL_HOST, port)),
    ("try_send", |socket, port| socket.try_send(b"data", LOCAL_HOST, port)),
    ("send_connected", |socket, _| socket.send_connected(b"data")),
    ("send_many", |socket, port| socket.send_many(&[Datagram::new(b"data", LOCAL_HOST, port)])),
    ("send_segmented", |socket, port| socket.send_segmented(b"data", 2, LOCAL_HOST, port)),
];

fn assert_sentence(name: &str, outcome: Result<usize, SocketError>, words: &str) {
    match outcome {
        Err(error @ SocketError::Other(_)) => assert!(error.to_string().contains(words), "{name}: {error}"),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn closed_socket_yields_no_datagram_that_had_arrived_nor_a_new_one() {
    for joined in [false, LINUX] {
        let (near, far) = (socket(), socket());
        near.set_gro(joined).expect("set");
        let port = near.local_port();
        let datagrams = [Datagram::new(b"data", LOCAL_HOST, port); 10];
        assert_eq!(far.send_many(&datagrams).expect("sent"), 10);
        near.close();
        assert_eq!(far.send_many(&datagrams).expect("sent"), 10);
        for (name, receive) in RECEIVES {
            assert_sentence(name, receive(&near), "closed");
        }
    }
}

#[test]
fn closed_socket_sends_nothing() {
    let (near, far) = (socket(), socket());
    near.connect(LOCAL_HOST, far.local_port()).expect("connected");
    near.close();
    for (name, send) in SENDS {
        assert_sentence(name, send(&near, far.local_port()), "closed");
    }
    assert!(near.connect(LOCAL_HOST, far.local_port()).is_err());
    assert!(matches!(far.try_receive(&mut [0; 8]), Err(SocketError::NotReady)));
}

#[test]
fn sending_many_ends_at_its_deadline_though_there_is_room() {
    let (near, far) = (socket(), socket());
    let many = vec![Datagram::new(b"", LOCAL_HOST, far.local_port()); 1 << 20];
    let limit = Duration::from_millis(5);
    let start = Instant::now();
    let sent = near.send_many_within(&many, limit).expect("some");
    assert!((1..many.len()).contains(&sent), "{sent} in {:?}", start.elapsed());
    let sent = near.send_segmented_within(&vec![0; 1 << 20], 1, LOCAL_HOST, far.local_port(), limit);
    assert!((1..1 << 20).contains(&sent.expect("some")));
    near.set_timeout(Some(limit));
    assert!((1..many.len()).contains(&near.send_many(&many).expect("some")));
}

#[test]
fn hook_that_objects_ends_sending_many_though_there_is_room_and_is_told() {
    let (near, far) = (socket(), socket());
    let many = vec![Datagram::new(b"", LOCAL_HOST, far.local_port()); 1 << 20];
    let data = vec![0; 1 << 23];
    for segmented in [false, true] {
        let mut stop = || Err(io::Error::other("stop asked"));
        let wait = Wait::until(Deadline::after(PATIENCE)).with_interrupt(&mut stop);
        let outcome = if segmented {
            near.send_segmented_within(&data, 1, LOCAL_HOST, far.local_port(), wait)
        } else {
            near.send_many_within(&many, wait)
        };
        assert_sentence("the hook", outcome, "stop asked");
    }
}

#[test]
fn batch_larger_than_memory_panics_and_does_not_abort() {
    for (capacity, size) in [(1 << 41, 1), (usize::MAX, 1), (usize::MAX / 65_536, usize::MAX)] {
        assert!(std::panic::catch_unwind(|| DatagramBatch::new(capacity, size)).is_err(), "{capacity}");
    }
}

#[test]
fn datagrams_over_ipv6_have_the_same_limit_and_longer_ones_arrive_as_packets() {
    let Ok(receiver) = UdpSocket::bind(IpAddress::LOCAL_HOST_V6, 0) else {
        return testkit::skip::skip("no IPv6");
    };
    let (to, port) = (IpAddress::LOCAL_HOST_V6, receiver.local_port());
    let sender = UdpSocket::bind(to, 0).expect("a port");
    sender.connect(to, port).expect("connected");
    let long = vec![7; UdpSocket::MAX_DATAGRAM_SIZE + 1];
    for outcome in [
        sender.send(&long, to, port),
        sender.send_connected(&long),
        sender.send_many(&[Datagram::new(&long, to, port)]),
        sender.send_segmented(&long, long.len(), to, port),
    ] {
        assert_sentence("too long", outcome, "65507");
    }
    let mixed = [Datagram::new(b"short", to, port), Datagram::new(&long, to, port)];
    assert_eq!(sender.send_many(&mixed).expect("the first"), 1);
    assert_eq!(receiver.receive_packet_within(PATIENCE).expect("a packet").0.data(), b"short");
    assert!(matches!(receiver.try_receive(&mut []), Err(SocketError::NotReady)));

    let foreign = std::net::UdpSocket::bind("[::1]:0").expect("a port");
    let longest = vec![9; 65_527];
    assert_eq!(foreign.send_to(&longest, ("::1", port)).expect("sent"), longest.len());
    assert_eq!(receiver.receive_packet_within(PATIENCE).expect("a packet").0.data(), longest);
}

#[test]
fn sending_to_the_peer_of_an_unconnected_socket_tells_to_connect_first() {
    assert_sentence("send_connected", socket().send_connected(b"x"), "connect first");
    let within = socket().send_connected_within(b"x", PATIENCE);
    assert_sentence("send_connected_within", within, "connect first");
}

#[test]
fn calls_of_connected_sockets_and_packets_go_by_a_limit_of_their_own() {
    let (near, far) = (socket(), socket());
    near.connect(LOCAL_HOST, far.local_port()).expect("connected");
    far.connect(LOCAL_HOST, near.local_port()).expect("connected");
    for socket in [&near, &far] {
        socket.set_blocking(false);
    }
    assert_eq!(near.send_connected_within(b"hello", PATIENCE).expect("sent"), 5);
    assert_eq!(far.receive_connected_within(&mut [0; 8], PATIENCE).expect("a datagram"), 5);
    let packet = Packet::from(&b"packet"[..]);
    near.send_packet_within(&packet, LOCAL_HOST, far.local_port(), PATIENCE).expect("sent");
    assert_eq!(far.receive_packet_within(PATIENCE).expect("a packet").0, packet);
    let (limit, start) = (Duration::from_millis(10), Instant::now());
    assert!(matches!(far.receive_connected_within(&mut [0; 8], limit), Err(SocketError::NotReady)));
    assert!(matches!(far.receive_packet_within(limit), Err(SocketError::NotReady)));
    assert!((2 * limit..PATIENCE).contains(&start.elapsed()));
}

#[cfg(unix)]
mod given_and_taken {
    use std::io::{Read, Write};
    use std::net;
    use std::os::fd::{AsRawFd, OwnedFd};
    use std::os::unix::net::UnixDatagram;

    use sfml_network::TcpListener;

    use super::*;

    /// Sends runs of 100 bytes to a socket that sees datagrams of that size only.
    fn assert_separate(receiver: &UdpSocket) {
        let sender = socket();
        sender.send_segmented(&[1; 1000], 100, LOCAL_HOST, receiver.local_port()).expect("sent");
        for _ in 0..10 {
            assert_eq!(receiver.receive_within(&mut [0; 2000], PATIENCE).expect("a datagram").0, 100);
        }
        assert!(matches!(receiver.try_receive(&mut [0; 2000]), Err(SocketError::NotReady)));
    }

    #[test]
    fn joining_ends_when_the_socket_is_given_away_and_may_be_turned_on_again() {
        let ours = socket();
        ours.set_gro(LINUX).expect("Linux 5.0");
        let theirs = net::UdpSocket::from(OwnedFd::from(ours));
        let sender = socket();
        let port = theirs.local_addr().expect("bound").port();
        sender.send_segmented(&[1; 1000], 100, LOCAL_HOST, port).expect("sent");
        for _ in 0..10 {
            assert_eq!(theirs.recv(&mut [0; 2000]).expect("a datagram"), 100);
        }
        let ours = UdpSocket::from(OwnedFd::from(theirs));
        assert_separate(&ours);
        ours.set_gro(LINUX).expect("Linux 5.0");
        assert_separate(&ours);
    }

    #[test]
    fn rest_of_a_run_is_not_given_away_as_one_datagram() {
        let (receiver, sender) = (socket(), socket());
        receiver.set_gro(LINUX).expect("Linux 5.0");
        let port = receiver.local_port();
        for length in [300, 200] {
            sender.send_segmented(&vec![1; length], 100, LOCAL_HOST, port).expect("sent");
        }
        assert_eq!(receiver.receive(&mut [0; 100]).expect("a datagram").0, 100);
        let theirs = net::UdpSocket::from(OwnedFd::from(receiver));
        sender.send(b"next", LOCAL_HOST, port).expect("sent");
        let mut buffer = [0; 500];
        loop {
            // Where nothing is joined the datagrams that wait are handed over.
            let length = theirs.recv(&mut buffer).expect("a datagram");
            if length == 4 {
                break;
            }
            assert!(!LINUX && length == 100, "{length}");
        }
    }

    #[cfg(all(target_os = "linux", not(sfml_network_portable)))]
    #[test]
    fn joining_that_another_owner_turned_on_is_known_and_can_be_turned_off() {
        let theirs = net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        join_behind(&theirs);
        let ours = UdpSocket::from(OwnedFd::from(theirs));
        assert_separate(&ours);
        ours.set_gro(false).expect("off");
        assert_separate(&ours);
    }

    /// Turns `UDP_GRO` on behind the socket's back: a second descriptor of it, closed without being converted.
    #[cfg(all(target_os = "linux", not(sfml_network_portable)))]
    fn join_behind(socket: &net::UdpSocket) {
        let second = UdpSocket::from(OwnedFd::from(socket.try_clone().expect("a descriptor")));
        second.set_gro(true).expect("Linux 5.0");
    }

    fn assert_refuses_everything(socket: &UdpSocket) {
        for (name, receive) in RECEIVES {
            assert_sentence(name, receive(socket), "not a UDP socket");
        }
        for (name, send) in SENDS {
            assert_sentence(name, send(socket, 9), "not a UDP socket");
        }
        let others =
            [socket.connect(LOCAL_HOST, 9), socket.wait_readable(PATIENCE), socket.wait_writable(PATIENCE)];
        for other in others {
            assert_sentence("connect and waits", other.map(|()| 0), "not a UDP socket");
        }
    }

    #[test]
    fn descriptor_that_is_no_udp_socket_is_refused_by_every_call_and_comes_back_untouched() {
        let listener = net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut client = net::TcpStream::connect(listener.local_addr().expect("bound")).expect("connected");
        let (server, _) = listener.accept().expect("accepted");
        client.write_all(b"hello").expect("sent");
        let number = server.as_raw_fd();
        let socket = UdpSocket::from(OwnedFd::from(server));
        assert_refuses_everything(&socket);
        let mut server = net::TcpStream::from(OwnedFd::from(socket));
        assert_eq!(server.as_raw_fd(), number);
        let mut buffer = [0; 5];
        server.read_exact(&mut buffer).expect("all of it");
        assert_eq!(&buffer, b"hello");

        let (near, far) = UnixDatagram::pair().expect("a pair");
        near.send(b"hello").expect("sent");
        let socket = UdpSocket::from(OwnedFd::from(far));
        assert_refuses_everything(&socket);
        let far = UnixDatagram::from(OwnedFd::from(socket));
        assert_eq!(far.recv(&mut buffer).expect("it is still there"), 5);
    }

    #[test]
    fn descriptor_that_is_no_listener_is_refused_and_comes_back() {
        let theirs = net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        let listener = TcpListener::from(OwnedFd::from(theirs));
        assert_sentence("accept", listener.accept().map(|_| 0), "not a TCP listener");
        assert_sentence("wait_readable", listener.wait_readable(PATIENCE).map(|()| 0), "not a TCP listener");
        let theirs = net::UdpSocket::from(OwnedFd::from(listener));
        assert!(theirs.local_addr().is_ok());
    }
}
