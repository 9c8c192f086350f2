//! The sender of frames, against a stream that takes what it likes.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};

use proptest::prelude::*;

use super::*;

/// A stream that takes so many bytes and then would block.
#[derive(Default)]
struct Stream {
    bytes: Vec<u8>,
    room: usize,
    calls: usize,
}

impl Stream {
    fn send(&mut self, slices: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        assert!(slices.iter().all(|slice| !slice.is_empty()) || slices.len() == 2);
        self.calls += 1;
        let offered: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        let count = offered.len().min(self.room);
        if count == 0 {
            return Err(SocketError::NotReady);
        }
        self.room -= count;
        self.bytes.extend_from_slice(&offered[..count]);
        Ok(count)
    }

    /// Pushes with room for so many bytes; whether the push succeeded.
    fn push(&mut self, outgoing: &mut Outgoing, packet: &Packet, room: usize) -> bool {
        self.room = room;
        outgoing.push(packet, None, |slices| self.send(slices)).is_ok()
    }
}

fn packet(text: &str) -> Packet {
    Packet::from(text.as_bytes())
}

const HELLO: &[u8] = b"\0\0\0\x05hello";
const OTHER: &[u8] = b"\0\0\0\x05other";

#[test]
fn frame_goes_out_in_one_send_when_there_is_room() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    assert!(stream.push(&mut outgoing, &packet("hello"), 100));
    assert_eq!((stream.bytes.as_slice(), stream.calls), (HELLO, 1));
    assert!(outgoing.is_idle());
}

#[test]
fn empty_packet_is_a_header_alone() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    assert!(stream.push(&mut outgoing, &Packet::new(), 100));
    assert_eq!(stream.bytes, [0; 4]);
}

#[test]
fn packet_cut_anywhere_resumes_and_is_sent_once() {
    for room in 0..HELLO.len() {
        let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
        let hello = packet("hello");
        assert!(!stream.push(&mut outgoing, &hello, room));
        assert_eq!(outgoing.is_idle(), room == 0);
        assert!(stream.push(&mut outgoing, &hello, 100));
        assert_eq!(stream.bytes, HELLO);
    }
}

#[test]
fn packet_sent_twice_on_purpose_travels_twice() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    let hello = packet("hello");
    assert!(!stream.push(&mut outgoing, &hello, 6));
    assert!(stream.push(&mut outgoing, &hello, 100));
    assert!(stream.push(&mut outgoing, &hello, 100));
    assert_eq!(stream.bytes, [HELLO, HELLO].concat());
}

#[test]
fn other_packet_follows_the_rest_of_the_one_begun() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    let (hello, other) = (packet("hello"), packet("other"));
    assert!(!stream.push(&mut outgoing, &hello, 6));
    assert!(!stream.push(&mut outgoing, &other, 2));
    assert!(!stream.push(&mut outgoing, &other, 3));
    assert!(stream.push(&mut outgoing, &hello, 100), "its rest is already on the stream");
    assert!(stream.push(&mut outgoing, &other, 100), "its rest is already on the stream");
    assert_eq!(stream.bytes, [HELLO, OTHER].concat());
}

#[test]
fn raw_data_waits_for_the_rest_and_the_packet_is_not_sent_again() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    let hello = packet("hello");
    assert!(!stream.push(&mut outgoing, &hello, 6));
    stream.room = 2;
    assert!(outgoing.flush(|slices| stream.send(slices)).is_err());
    stream.room = 100;
    assert!(outgoing.flush(|slices| stream.send(slices)).is_ok());
    stream.bytes.extend_from_slice(b"raw");
    assert!(stream.push(&mut outgoing, &hello, 100));
    assert_eq!(stream.bytes, [HELLO, b"raw"].concat());
}

#[test]
fn changed_packet_is_a_new_one() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    let mut changed = packet("hello");
    assert!(!stream.push(&mut outgoing, &changed, 6));
    changed.clear();
    changed.append(b"other");
    assert!(stream.push(&mut outgoing, &changed, 100));
    assert_eq!(stream.bytes, [HELLO, OTHER].concat());
}

#[test]
fn clone_of_a_packet_begun_is_a_new_one() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    let hello = packet("hello");
    assert!(!stream.push(&mut outgoing, &hello, 6));
    let clone = hello.clone();
    assert_eq!(clone, hello);
    assert!(stream.push(&mut outgoing, &clone, 100));
    assert_eq!(stream.bytes, [HELLO, HELLO].concat());
}

#[test]
fn one_packet_cut_on_two_streams_resumes_on_both() {
    let mut streams = [Stream::default(), Stream::default()];
    let mut outgoing = [Outgoing::default(), Outgoing::default()];
    let hello = packet("hello");
    for room in [3, 1, 100] {
        for (stream, outgoing) in streams.iter_mut().zip(&mut outgoing) {
            assert_eq!(stream.push(outgoing, &hello, room), room == 100);
        }
    }
    assert!(streams.iter().all(|stream| stream.bytes == HELLO));
}

#[test]
fn abandoned_packets_are_forgotten_in_the_end() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    for _ in 0..2 * REMEMBERED {
        stream.push(&mut outgoing, &packet("hello"), 10);
    }
    assert!(outgoing.finished.len() <= REMEMBERED);
}

/// Numbers the packets it transforms.
#[derive(Default)]
struct Count(AtomicU8);

impl PacketTransform for Count {
    fn on_send(&self, data: &[u8]) -> io::Result<Vec<u8>> {
        Ok([&[self.0.fetch_add(1, Ordering::Relaxed)], data].concat())
    }

    fn on_receive(&self, data: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(data)
    }
}

#[test]
fn transform_runs_once_for_each_packet_in_the_order_they_travel() {
    let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
    let count = Count::default();
    let (a, b) = (packet("a"), packet("b"));
    for (packet, room) in [(&a, 0), (&a, 5), (&b, 0), (&b, 4), (&a, 100), (&b, 100)] {
        stream.room = room;
        let result = outgoing.push(packet, Some(&count), |slices| stream.send(slices));
        assert_eq!(result.is_ok(), room == 100);
    }
    assert_eq!(stream.bytes, b"\0\0\0\x02\0a\0\0\0\x02\x01b");
}

struct Refuse;

impl PacketTransform for Refuse {
    fn on_send(&self, _: &[u8]) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::WouldBlock.into())
    }

    fn on_receive(&self, data: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(data)
    }
}

#[test]
fn packet_its_transform_refuses_leaves_the_stream_alone() {
    let (mut stream, mut outgoing) = (Stream { room: 100, ..Stream::default() }, Outgoing::default());
    let result = outgoing.push(&packet("hello"), Some(&Refuse), |slices| stream.send(slices));
    assert!(matches!(result, Err(SocketError::Other(_))), "its error is no reason to wait");
    assert!(stream.bytes.is_empty() && outgoing.is_idle());
}

proptest! {
    #[test]
    fn packets_arrive_once_and_in_order_whatever_the_stream_takes(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30), 0..10),
        rooms in prop::collection::vec(0..12_usize, 1..20),
    ) {
        let (mut stream, mut outgoing) = (Stream::default(), Outgoing::default());
        let mut rooms = rooms.into_iter().cycle();
        let mut expected = Vec::new();
        for payload in payloads {
            expected.extend_from_slice(&(payload.len() as u32).to_be_bytes());
            expected.extend_from_slice(&payload);
            let packet = Packet::from(payload);
            while !stream.push(&mut outgoing, &packet, 1 + rooms.next().unwrap()) {}
        }
        prop_assert_eq!(stream.bytes, expected);
    }
}
