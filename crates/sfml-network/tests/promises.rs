//! Promises that once did not hold: each of these failed before it was mended.

mod pair;

use std::io::{self, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use pair::pair;
use sfml_network::{
    Deadline, IpAddress, Packet, PacketError, PacketRead, SocketError, TcpListener, TcpSocket, Wait,
};
use testkit::PATIENCE;

/// The bytes of a frame: its length, then its payload.
fn frame(payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("tests use short payloads");
    [&length.to_be_bytes()[..], payload].concat()
}

#[test]
fn raw_bytes_of_other_threads_stay_outside_packets() {
    const ROUNDS: usize = 20;
    let (client, server) = pair();
    client.send_packet(&Packet::new()).unwrap();
    let (client, stop) = (Arc::new(client), Arc::new(AtomicBool::new(false)));
    let noise = {
        let (client, stop) = (Arc::clone(&client), Arc::clone(&stop));
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                // A single byte, which cannot be cut itself.
                client.send(&[0xBB]).unwrap();
            }
        })
    };
    let packets = thread::spawn(move || {
        for _ in 0..ROUNDS {
            client.send_packet(&Packet::from(vec![0xAA; 3 << 20])).unwrap();
        }
        stop.store(true, Ordering::Relaxed);
    });
    let (mut whole, expected) = (0, frame(&[0xAA; 3 << 20]));
    // The first packet was empty.
    server.receive_exact(&mut [0; 4]).unwrap();
    let mut received = vec![0; expected.len()];
    while whole < ROUNDS {
        server.receive_exact(&mut received[..1]).unwrap();
        if received[0] != 0xBB {
            server.receive_exact(&mut received[1..]).unwrap();
            assert!(received == expected, "a frame was cut");
            whole += 1;
        }
    }
    packets.join().unwrap();
    drop(server);
    let _ = noise.join();
}

#[test]
fn stream_that_ends_inside_a_packet_is_not_a_clean_end() {
    let (client, server) = pair();
    client.send(&frame(b"whole")).unwrap();
    client.send(&frame(b"half of it")[..7]).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(server.receive_packet().unwrap().data(), b"whole");
    let error = server.receive_packet().unwrap_err();
    assert!(matches!(&error, SocketError::Disconnected(Some(_))), "{error:?}");
    assert!(error.to_string().contains("inside a packet"), "{error}");
}

#[test]
fn disconnected_socket_delivers_nothing_that_had_arrived() {
    let (client, server) = pair();
    client.send(b"late").unwrap();
    server.wait_readable(PATIENCE).unwrap();
    server.disconnect();
    assert!(matches!(server.receive(&mut [0; 8]), Err(SocketError::Disconnected(Some(_)))));
}

/// Drips one byte at a time until the other end goes away.
fn drip(peer: TcpSocket, pause: Duration) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        // The pause is what the test is about: each byte comes within a limit that all of them exceed.
        while peer.send(b".").is_ok() && peer.receive_within(&mut [0], pause).is_err() {}
    })
}

#[test]
fn socket_timeout_bounds_an_exact_receive_as_a_whole() {
    let (client, server) = pair();
    let dripping = drip(client, Duration::from_millis(20));
    server.set_timeout(Some(Duration::from_millis(100)));
    let incomplete = server.receive_exact(&mut [0; 1000]).unwrap_err();
    assert!(matches!(incomplete.error, SocketError::NotReady));
    assert!(incomplete.received < 1000);
    server.send(b"enough").unwrap();
    dripping.join().unwrap();
}

#[test]
fn hook_is_asked_however_short_the_waits_in_between() {
    let (client, server) = pair();
    let dripping = drip(client, Duration::from_millis(10));
    let mut stop = || Err(io::Error::other("stop asked"));
    let wait = Wait::until(Deadline::after(PATIENCE)).with_interrupt(&mut stop);
    let incomplete = server.receive_exact_within(&mut [0; 100_000], wait).unwrap_err();
    assert!(incomplete.error.to_string().contains("stop asked"), "{}", incomplete.error);
    server.send(b"enough").unwrap();
    dripping.join().unwrap();
}

#[test]
fn hook_that_objects_ends_a_connect_to_a_host_at_once() {
    let silent = testkit::hostile::Unanswering::new().unwrap();
    let mut asked = 0;
    let mut stop = || {
        asked += 1;
        Err(io::Error::other("stop asked"))
    };
    let wait = Wait::until(Deadline::after(PATIENCE)).with_interrupt(&mut stop);
    let port = silent.address().port();
    let error = TcpSocket::connect_host("127.0.0.1", port, wait).unwrap_err();
    assert!(error.to_string().contains("stop asked"), "{error}");
    assert_eq!(asked, 1);
}

#[test]
fn absurd_linger_and_buffer_sizes_do_not_wrap_around() {
    let (client, _server) = pair();
    client.set_linger(Some(Duration::from_secs(1 << 32))).unwrap();
    assert!(client.linger().unwrap().unwrap() >= Duration::from_secs(1 << 20));
    let usual = client.recv_buffer_size().unwrap().min(client.send_buffer_size().unwrap());
    assert!(client.set_recv_buffer_size(usize::MAX).unwrap() >= usual);
    assert!(client.set_send_buffer_size(usize::MAX).unwrap() >= usual);
    client.set_linger(None).unwrap();
    assert!(matches!(client.set_ttl_v4(u32::MAX), Err(SocketError::Other(_))));
}

#[test]
fn failed_attempt_asked_about_again_does_not_blame_the_peer() {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    let port = listener.local_port();
    drop(listener);
    let socket = TcpSocket::start_connect(IpAddress::LOCAL_HOST, port).unwrap();
    assert!(matches!(socket.finish_connect_within(PATIENCE), Err(SocketError::Other(_))));
    let again = socket.finish_connect().unwrap_err();
    assert!(again.to_string().contains("not connected"), "{again}");
}

#[test]
fn leading_empty_pieces_do_not_end_a_vectored_send() {
    let (client, server) = pair();
    let mut pieces = vec![io::IoSlice::new(b""); 2000];
    pieces.push(io::IoSlice::new(b"data"));
    assert_eq!(client.send_vectored(&pieces).unwrap(), 4);
    server.receive_exact_within(&mut [0; 4], PATIENCE).unwrap();
}

#[test]
fn flush_sends_the_rest_of_a_packet() {
    let (mut client, server) = pair();
    client.set_blocking(false);
    let packet = Packet::from(vec![7; 8 << 20]);
    assert!(matches!(client.send_packet(&packet), Err(SocketError::NotReady)));
    client.set_blocking(true);
    let receiving = thread::spawn(move || server.receive_packet_within(PATIENCE).unwrap());
    client.flush().unwrap();
    assert_eq!(receiving.join().unwrap(), packet);
}

/// Replaces the packet it is read from, and fails.
struct Greedy;

impl PacketRead for Greedy {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        let whole = std::mem::take(packet);
        Err(PacketError::rejected(&whole, "never good enough"))
    }
}

#[test]
fn read_that_replaces_the_packet_leaves_it_usable() {
    let mut packet = Packet::from(vec![1; 8]);
    packet.read::<u32>().unwrap();
    assert!(packet.read::<Greedy>().is_err());
    assert!(packet.remaining().is_empty());
    assert!(packet.read::<u8>().is_err());
}
