//! Frames taken from a stream: a big-endian `u32` length, then as many bytes.
//!
//! In scope: where the next bytes of the stream go, and when a frame is whole. A frame may arrive in pieces of any
//! size; no byte after its last is ever asked for, so that raw data may follow on the same stream.
//! Out of scope: the socket, and what the bytes mean.
//!
//! What the peer declares is not believed: a length over the limit is refused before anything is allocated for it,
//! and memory grows with what has arrived, to at most twice that and [`AHEAD_LEAST`] more.

use super::PacketTooLarge;

/// The frame that is arriving.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    header: [u8; 4],
    header_filled: usize,
    body: Vec<u8>,
    body_filled: usize,
}

impl Incoming {
    /// Receives until one frame is whole, and returns its payload.
    ///
    /// `receive` puts at least one byte into the buffer and says how many, or fails; after a failure such as
    /// "would block" the next call goes on where this one stopped. The buffer is never empty.
    pub(crate) fn pull<E: From<PacketTooLarge>>(
        &mut self,
        limit: usize,
        mut receive: impl FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<Vec<u8>, E> {
        loop {
            let received = receive(self.next_buffer(limit)?)?;
            debug_assert_ne!(received, 0, "the end of the stream is a failure of `receive`");
            if let Some(frame) = self.advance(received) {
                return Ok(frame);
            }
        }
    }

    /// Whether nothing of a frame has arrived yet.
    pub(crate) fn is_idle(&self) -> bool {
        self.header_filled == 0
    }

    /// Where the next bytes of the stream are to go; never empty.
    ///
    /// # Errors
    ///
    /// The frame's length is over `limit`. Nothing of its body has been received; a later call with a higher limit
    /// goes on with it.
    pub(crate) fn next_buffer(&mut self, limit: usize) -> Result<&mut [u8], PacketTooLarge> {
        if self.header_filled < self.header.len() {
            return Ok(&mut self.header[self.header_filled..]);
        }
        let declared = self.declared();
        if declared > limit {
            return Err(PacketTooLarge { length: declared as u64, limit: limit as u64 });
        }
        if self.body.len() == self.body_filled {
            let ahead = self.body_filled.clamp(AHEAD_LEAST, AHEAD_MOST);
            let wanted = declared.min(self.body_filled.saturating_add(ahead));
            if self.body.capacity() < wanted {
                let room = declared.min(self.body_filled.saturating_mul(2)).max(wanted);
                self.body.reserve_exact(room - self.body.len());
            }
            self.body.resize(wanted, 0);
        }
        Ok(&mut self.body[self.body_filled..])
    }

    /// Takes note that the first `received` bytes of the last [`next_buffer`](Self::next_buffer) were filled, and
    /// returns the payload when that made the frame whole.
    pub(crate) fn advance(&mut self, received: usize) -> Option<Vec<u8>> {
        if self.header_filled < self.header.len() {
            self.header_filled += received;
        } else {
            self.body_filled += received;
        }
        debug_assert!(self.header_filled <= self.header.len() && self.body_filled <= self.body.len());
        if self.header_filled < self.header.len() || self.body_filled < self.declared() {
            return None;
        }
        let frame = std::mem::take(&mut self.body);
        *self = Self::default();
        Some(frame)
    }

    /// The length in the header, which is only meaningful once that is whole.
    fn declared(&self) -> usize {
        usize::try_from(u32::from_be_bytes(self.header)).unwrap_or(usize::MAX)
    }
}

/// How many bytes are made room for at first, and at least: most packets are smaller.
const AHEAD_LEAST: usize = 64 * 1024;

/// How many bytes are made room for at most in one step.
const AHEAD_MOST: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq)]
    enum Stop {
        WouldBlock,
        TooLarge(PacketTooLarge),
    }

    impl From<PacketTooLarge> for Stop {
        fn from(error: PacketTooLarge) -> Self {
            Self::TooLarge(error)
        }
    }

    /// A stream that gives at most so many bytes at a time and then none.
    struct Stream<'a> {
        bytes: &'a [u8],
        step: usize,
    }

    impl Stream<'_> {
        fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
            assert!(!buffer.is_empty());
            let count = buffer.len().min(self.step).min(self.bytes.len());
            if count == 0 {
                return Err(Stop::WouldBlock);
            }
            buffer[..count].copy_from_slice(&self.bytes[..count]);
            self.bytes = &self.bytes[count..];
            Ok(count)
        }

        fn frames(mut self, limit: usize) -> (Vec<Vec<u8>>, Stop, Incoming) {
            let mut incoming = Incoming::default();
            let mut frames = Vec::new();
            loop {
                match incoming.pull(limit, |buffer| self.receive(buffer)) {
                    Ok(frame) => frames.push(frame),
                    Err(stop) => return (frames, stop, incoming),
                }
            }
        }
    }

    fn framed(payloads: &[Vec<u8>]) -> Vec<u8> {
        payloads
            .iter()
            .flat_map(|payload| [&(payload.len() as u32).to_be_bytes(), payload.as_slice()].concat())
            .collect()
    }

    fn patterned(length: usize) -> Vec<u8> {
        (0..length).map(|index| (index % 251) as u8).collect()
    }

    #[test]
    fn empty_frame_is_whole_with_its_header() {
        let stream = Stream { bytes: &[0, 0, 0, 0], step: 4 };
        let (frames, stop, incoming) = stream.frames(0);
        assert_eq!((frames, stop), (vec![vec![]], Stop::WouldBlock));
        assert_eq!(incoming.header_filled, 0);
    }

    #[test]
    fn small_frame_takes_two_receives_and_leaves_what_follows() {
        let bytes = [0, 0, 0, 3, b'a', b'b', b'c', b'r', b'a', b'w'];
        let mut stream = Stream { bytes: &bytes, step: usize::MAX };
        let mut calls = 0;
        let frame = Incoming::default().pull(16, |buffer| {
            calls += 1;
            stream.receive(buffer)
        });
        assert_eq!(frame, Ok(b"abc".to_vec()));
        assert_eq!((calls, stream.bytes), (2, b"raw".as_slice()));
    }

    #[test]
    fn length_over_the_limit_is_refused_before_anything_is_allocated() {
        let stream = Stream { bytes: &[0xFF; 8], step: usize::MAX };
        let (frames, stop, incoming) = stream.frames(16 << 20);
        assert!(frames.is_empty());
        assert_eq!(stop, Stop::TooLarge(PacketTooLarge { length: 0xFFFF_FFFF, limit: 16 << 20 }));
        assert_eq!(incoming.body.capacity(), 0);
    }

    #[test]
    fn raising_the_limit_lets_a_refused_frame_in() {
        let mut stream = Stream { bytes: &framed(&[patterned(20)]), step: usize::MAX };
        let mut incoming = Incoming::default();
        let refused = PacketTooLarge { length: 20, limit: 19 };
        for _ in 0..2 {
            let result = incoming.pull(19, |buffer| stream.receive(buffer));
            assert_eq!(result, Err(Stop::TooLarge(refused)));
        }
        assert_eq!(incoming.pull(20, |buffer| stream.receive(buffer)), Ok(patterned(20)));
    }

    #[test]
    fn declared_length_alone_costs_one_step_of_memory() {
        let stream = Stream { bytes: &[0x7F, 0xFF, 0xFF, 0xFF, 1], step: usize::MAX };
        let (_, stop, incoming) = stream.frames(usize::MAX);
        assert_eq!(stop, Stop::WouldBlock);
        assert_eq!(incoming.body.capacity(), AHEAD_LEAST);
    }

    #[test]
    fn large_frame_grows_with_what_arrives() {
        let payload = patterned(5_000_000);
        let bytes = framed(std::slice::from_ref(&payload));
        let mut stream = Stream { bytes: &bytes, step: 100_000 };
        let mut incoming = Incoming::default();
        loop {
            let buffer = incoming.next_buffer(payload.len()).unwrap();
            let received = stream.receive(buffer).unwrap();
            if let Some(frame) = incoming.advance(received) {
                assert_eq!(frame, payload);
                break;
            }
            assert!(incoming.body.capacity() <= 2 * incoming.body_filled + AHEAD_LEAST);
        }
    }

    #[test]
    fn truncated_stream_gives_no_frame_and_keeps_its_place() {
        let bytes = framed(&[patterned(9)]);
        for cut in 0..bytes.len() {
            let mut incoming = Incoming::default();
            let mut early = Stream { bytes: &bytes[..cut], step: 2 };
            assert_eq!(incoming.pull(9, |buffer| early.receive(buffer)), Err(Stop::WouldBlock));
            let mut late = Stream { bytes: &bytes[cut..], step: usize::MAX };
            assert_eq!(incoming.pull(9, |buffer| late.receive(buffer)), Ok(patterned(9)));
        }
    }

    proptest! {
        #[test]
        fn frames_are_the_same_however_the_stream_is_cut(
            lengths in prop::collection::vec(prop_oneof![0..40_usize, 0..200_000_usize], 0..6),
            step in prop_oneof![1..8_usize, 1..100_000_usize],
        ) {
            let payloads: Vec<_> = lengths.into_iter().map(patterned).collect();
            let bytes = framed(&payloads);
            let chopped = Stream { bytes: &bytes, step }.frames(usize::MAX);
            prop_assert_eq!(chopped.0, payloads);
            prop_assert_eq!(chopped.2.header_filled, 0);
        }

        #[test]
        fn arbitrary_bytes_give_the_same_frames_whole_and_byte_by_byte(
            bytes in prop::collection::vec(prop_oneof![Just(0_u8), 0..4_u8, any::<u8>()], 0..200),
            limit in 0..70_000_usize,
        ) {
            let whole = Stream { bytes: &bytes, step: usize::MAX }.frames(limit);
            let single = Stream { bytes: &bytes, step: 1 }.frames(limit);
            prop_assert_eq!(whole.0, single.0);
            prop_assert_eq!(whole.1, single.1);
        }
    }
}
