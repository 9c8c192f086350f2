//! Frames put on a stream: a big-endian `u32` length, then as many bytes.
//!
//! In scope: which bytes are next on the stream, when it takes only part of a frame at a time.
//! Out of scope: the socket, and waiting for it.
//!
//! Rules:
//! * Once one byte of a frame is on the stream, the rest is owed: it is kept here and goes out before anything
//!   else, whether the caller comes back with the same packet, with another one, or with raw data.
//! * A packet whose frame was begun and that is pushed again, unchanged, is not begun a second time; not even when
//!   the rest of its frame went out in between, on another call.
//! * A packet of which the stream took nothing leaves no trace, except with a transform: its result is kept, since
//!   it may depend on the order in which packets are transformed.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use super::identity::Identity;
use super::{Packet, PacketTooLarge, PacketTransform};

/// The part of a frame that the stream has not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    tail: Vec<u8>,
    sent: usize,
    owner: u64,
    /// Packets whose frames were finished on other calls, and that were not pushed again since.
    finished: VecDeque<u64>,
}

impl Outgoing {
    /// Sends what is owed and then `packet`, as far as the stream takes it.
    ///
    /// `send` puts at least one byte of the slices on the stream and says how many, or fails; it should not block,
    /// so that a lock around this call is held briefly. After a failure such as "would block" the caller waits and
    /// pushes the same packet again; success means that the whole frame is on the stream.
    pub(crate) fn push<E: From<io::Error>>(
        &mut self,
        packet: &Packet,
        transform: Option<&dyn PacketTransform>,
        mut send: impl FnMut(&[IoSlice<'_>]) -> Result<usize, E>,
    ) -> Result<(), E> {
        self.flush(&mut send)?;
        if self.take_finished(&packet.identity) {
            return Ok(());
        }
        match transform {
            None => self.push_plain(packet, send),
            Some(transform) => {
                let payload = transform.on_send(packet.data())?;
                let header = header(&payload)?;
                self.keep(packet, &[&header, &payload]);
                self.flush(send)?;
                self.take_finished(&packet.identity);
                Ok(())
            }
        }
    }

    /// Sends what is owed: raw data must not go on the stream before this succeeds.
    pub(crate) fn flush<E>(
        &mut self,
        mut send: impl FnMut(&[IoSlice<'_>]) -> Result<usize, E>,
    ) -> Result<(), E> {
        if self.is_idle() {
            return Ok(());
        }
        while self.sent < self.tail.len() {
            self.sent += send(&[IoSlice::new(&self.tail[self.sent..])])?;
        }
        self.tail = Vec::new();
        self.sent = 0;
        self.finished.truncate(REMEMBERED - 1);
        self.finished.push_front(self.owner);
        Ok(())
    }

    /// Whether nothing is owed.
    pub(crate) fn is_idle(&self) -> bool {
        self.tail.is_empty()
    }

    /// Sends straight from the packet; only what the stream does not take at once is copied.
    fn push_plain<E: From<io::Error>>(
        &mut self,
        packet: &Packet,
        mut send: impl FnMut(&[IoSlice<'_>]) -> Result<usize, E>,
    ) -> Result<(), E> {
        let payload = packet.data();
        let header = header(payload)?;
        let mut sent = 0;
        while sent < header.len() + payload.len() {
            let rest_of_header = &header[sent.min(header.len())..];
            let rest_of_payload = &payload[sent.saturating_sub(header.len())..];
            let slices = [IoSlice::new(rest_of_header), IoSlice::new(rest_of_payload)];
            let slices = if rest_of_header.is_empty() {
                &slices[1..]
            } else {
                &slices
            };
            match send(slices) {
                Ok(count) => sent += count,
                Err(error) => {
                    if sent > 0 {
                        self.keep(packet, &[rest_of_header, rest_of_payload]);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn keep(&mut self, packet: &Packet, parts: &[&[u8]]) {
        self.tail = parts.concat();
        self.owner = packet.identity.get();
    }

    fn take_finished(&mut self, identity: &Identity) -> bool {
        let index = identity
            .known()
            .and_then(|identity| self.finished.iter().position(|finished| *finished == identity));
        index.is_some_and(|index| self.finished.remove(index).is_some())
    }
}

fn header(payload: &[u8]) -> Result<[u8; 4], io::Error> {
    match u32::try_from(payload.len()) {
        Ok(length) => Ok(length.to_be_bytes()),
        Err(_) => {
            let error = PacketTooLarge {
                length: payload.len() as u64,
                limit: u64::from(u32::MAX),
            };
            Err(io::Error::new(io::ErrorKind::InvalidInput, error))
        }
    }
}

/// How many packets that nobody pushed again are remembered, so that a program that gives packets up does not make
/// this list grow for ever.
const REMEMBERED: usize = 256;

#[cfg(test)]
mod tests {
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
        fn send(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            assert!(slices.iter().all(|slice| !slice.is_empty()) || slices.len() == 2);
            self.calls += 1;
            let offered: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
            let count = offered.len().min(self.room);
            if count == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
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
        assert!(
            stream.push(&mut outgoing, &hello, 100),
            "its rest is already on the stream"
        );
        assert!(
            stream.push(&mut outgoing, &other, 100),
            "its rest is already on the stream"
        );
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
            Err(io::ErrorKind::PermissionDenied.into())
        }

        fn on_receive(&self, data: Vec<u8>) -> io::Result<Vec<u8>> {
            Ok(data)
        }
    }

    #[test]
    fn packet_its_transform_refuses_leaves_the_stream_alone() {
        let (mut stream, mut outgoing) = (
            Stream {
                room: 100,
                ..Stream::default()
            },
            Outgoing::default(),
        );
        let result = outgoing.push(&packet("hello"), Some(&Refuse), |slices| stream.send(slices));
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
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
}
