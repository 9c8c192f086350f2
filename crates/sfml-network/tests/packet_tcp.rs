//! Packets over TCP: frames that arrive and leave in pieces, beside raw data, and against hostile peers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use sfml_network::{IpAddress, Packet, PacketTransform, SocketError, TcpListener, TcpSocket};

/// Two ends of one connection.
fn pair() -> (TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).expect("a free port");
    let near =
        TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).expect("it listens");
    let far = listener.accept_within(PATIENCE).expect("it connected");
    (near, far)
}

fn receive(socket: &TcpSocket) -> Packet {
    socket.receive_packet_within(PATIENCE).expect("a packet")
}

fn patterned(length: usize) -> Packet {
    Packet::from((0..length).map(|index| (index % 251) as u8).collect::<Vec<_>>())
}

/// How long each step may take on a machine under load.
const PATIENCE: Duration = Duration::from_secs(30);

/// More than the buffers of a loopback connection hold.
const LARGE: usize = 15 << 20;

#[test]
fn packets_of_any_size_arrive_whole_and_in_order() {
    let (near, far) = pair();
    let packets = [0, 1, 1000, 65_536, 3_000_000, 7].map(patterned);
    thread::scope(|scope| {
        scope
            .spawn(|| packets.iter().for_each(|packet| near.send_packet(packet).expect("the peer receives")));
        for packet in &packets {
            assert_eq!(receive(&far), *packet);
        }
    });
}

#[test]
fn frame_is_a_big_endian_length_and_the_data() {
    let (near, far) = pair();
    near.send_packet(&Packet::from(&b"abc"[..])).unwrap();
    let mut bytes = [0; 7];
    far.receive_exact_within(&mut bytes, PATIENCE).unwrap();
    assert_eq!(&bytes, b"\0\0\0\x03abc");
}

#[test]
fn frame_that_comes_byte_by_byte_is_kept_between_calls() {
    let (near, far) = pair();
    near.set_blocking(false);
    for byte in b"\0\0\0\x03abc" {
        assert!(matches!(near.receive_packet(), Err(SocketError::NotReady)));
        far.send(&[*byte]).unwrap();
        near.wait_readable(PATIENCE).unwrap();
    }
    assert_eq!(near.receive_packet().unwrap().data(), b"abc");
}

#[test]
fn raw_data_after_a_frame_is_left_in_the_stream() {
    let (near, far) = pair();
    far.send(b"\0\0\0\x03abcraw").unwrap();
    assert_eq!(receive(&near).data(), b"abc");
    let mut raw = [0; 3];
    near.receive_exact_within(&mut raw, PATIENCE).unwrap();
    assert_eq!(&raw, b"raw");
}

#[test]
fn packet_that_does_not_fit_is_resumed_and_arrives_once() {
    let (near, far) = pair();
    let (large, small) = (patterned(LARGE), patterned(5));
    near.set_blocking(false);
    assert!(matches!(near.send_packet(&large), Err(SocketError::NotReady)));
    thread::scope(|scope| {
        let received = scope.spawn(|| [receive(&far), receive(&far)]);
        while let Err(error) = near.send_packet(&large) {
            assert!(matches!(error, SocketError::NotReady));
            near.wait_writable(PATIENCE).unwrap();
        }
        near.send_packet_within(&small, PATIENCE).unwrap();
        assert_eq!(received.join().unwrap(), [large, small]);
    });
}

#[test]
fn raw_data_and_other_packets_wait_for_the_rest_of_a_frame() {
    let (near, far) = pair();
    let (large, small) = (patterned(LARGE), patterned(5));
    assert!(matches!(near.try_send_packet(&large), Err(SocketError::NotReady)));
    assert!(matches!(near.try_send(b"raw"), Err(SocketError::NotReady)));
    assert!(matches!(near.try_send_packet(&small), Err(SocketError::NotReady)));
    thread::scope(|scope| {
        let received = scope.spawn(|| {
            let mut raw = [0; 3];
            let first = receive(&far);
            far.receive_exact_within(&mut raw, PATIENCE).expect("raw data");
            (first, raw, receive(&far))
        });
        near.send_within(b"raw", PATIENCE).unwrap();
        near.try_send_packet(&large).expect("its rest went out before the raw data");
        near.send_packet_within(&small, PATIENCE).unwrap();
        assert_eq!(received.join().unwrap(), (large, *b"raw", small));
    });
}

#[test]
fn frames_of_several_threads_never_mix() {
    let (near, far) = pair();
    thread::scope(|scope| {
        for thread in 1..=4_u8 {
            let near = &near;
            scope.spawn(move || {
                for round in 0..50_usize {
                    let packet = Packet::from(vec![thread; 20_000 + 1000 * round]);
                    near.send_packet(&packet).expect("the peer receives");
                }
            });
        }
        let mut rounds = [0; 5];
        for _ in 0..200 {
            let packet = receive(&far);
            let thread = packet.data()[0];
            assert!(packet.data().iter().all(|byte| *byte == thread));
            assert_eq!(packet.len(), 20_000 + 1000 * rounds[usize::from(thread)]);
            rounds[usize::from(thread)] += 1;
        }
        assert_eq!(rounds, [0, 50, 50, 50, 50]);
    });
}

#[test]
fn length_of_four_gigabytes_is_refused_and_names_itself() {
    let (near, far) = pair();
    far.send(b"\xFF\xFF\xFF\xFFdata").unwrap();
    for _ in 0..2 {
        let error = near.receive_packet_within(PATIENCE).unwrap_err();
        assert!(matches!(error, SocketError::Other(_)));
        assert!(
            error.to_string().contains("4294967295 bytes is over the limit of 16777216 bytes"),
            "{error}"
        );
    }
}

#[test]
fn limit_holds_to_the_byte_and_can_be_raised() {
    let (near, far) = pair();
    assert_eq!(near.packet_limit(), 16 << 20);
    near.set_packet_limit(100);
    far.send_packet(&patterned(100)).unwrap();
    far.send_packet(&patterned(101)).unwrap();
    assert_eq!(receive(&near).len(), 100);
    assert!(matches!(near.receive_packet_within(PATIENCE), Err(SocketError::Other(_))));
    near.set_packet_limit(101);
    assert_eq!(receive(&near).len(), 101);
}

#[test]
fn stream_that_ends_inside_a_packet_is_disconnected() {
    for cut in [0, 2, 4, 6] {
        let (near, far) = pair();
        far.send(&b"\0\0\0\x03abc"[..cut]).unwrap();
        far.disconnect();
        assert!(matches!(near.receive_packet_within(PATIENCE), Err(SocketError::Disconnected(_))), "{cut}");
    }
}

/// Puts a number before each packet and wants the numbers in order.
#[derive(Default)]
struct Numbered {
    sent: AtomicU8,
    received: AtomicU8,
}

impl PacketTransform for Numbered {
    fn on_send(&self, data: &[u8]) -> io::Result<Vec<u8>> {
        Ok([&[self.sent.fetch_add(1, Ordering::Relaxed)], data].concat())
    }

    fn on_receive(&self, mut data: Vec<u8>) -> io::Result<Vec<u8>> {
        if data.first() == Some(&self.received.load(Ordering::Relaxed)) {
            self.received.fetch_add(1, Ordering::Relaxed);
            data.remove(0);
            return Ok(data);
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "packet out of order"))
    }
}

#[test]
fn transform_changes_packets_on_both_ways_and_keeps_its_count_over_resumed_sends() {
    let (near, far) = pair();
    near.set_packet_transform(Some(Arc::new(Numbered::default())));
    far.set_packet_transform(Some(Arc::new(Numbered::default())));
    let (large, small) = (patterned(LARGE), patterned(5));
    assert!(matches!(near.try_send_packet(&large), Err(SocketError::NotReady)));
    assert!(matches!(near.try_send_packet(&large), Err(SocketError::NotReady)));
    thread::scope(|scope| {
        let received = scope.spawn(|| [receive(&far), receive(&far)]);
        near.send_packet_within(&large, PATIENCE).unwrap();
        near.send_packet_within(&small, PATIENCE).unwrap();
        assert_eq!(received.join().unwrap(), [large, small]);
    });
}

#[test]
fn payload_its_transform_refuses_is_an_error_and_the_next_packet_follows() {
    let (near, far) = pair();
    far.set_packet_transform(Some(Arc::new(Numbered::default())));
    near.send_packet(&Packet::from(vec![9, 9])).unwrap();
    near.send_packet(&Packet::from(vec![0, 7])).unwrap();
    let error = far.receive_packet_within(PATIENCE).unwrap_err();
    assert!(error.to_string().contains("packet out of order"), "{error}");
    assert_eq!(receive(&far).data(), [7]);
}
