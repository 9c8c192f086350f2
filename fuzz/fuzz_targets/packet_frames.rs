//! Any stream, cut in any way: the same frames, the same end, and memory in proportion to what arrived.
//!
//! Input: two bytes of limit, one of step, then the stream.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sfml_network::PacketTooLarge;

// The decoder is no part of the library's public face, and depends on nothing else of it.
#[path = "../../crates/sfml-network/src/packet/incoming.rs"]
mod incoming;

use incoming::Incoming;

fuzz_target!(|input: &[u8]| {
    let &[high, low, step, ref stream @ ..] = input else { return };
    let limit = usize::from(u16::from_be_bytes([high, low])) * 16;
    let whole = frames(stream, limit, usize::MAX);
    let chopped = frames(stream, limit, usize::from(step).max(1));
    assert_eq!(whole, chopped);

    let (frames, end) = whole;
    let framed: usize = frames.iter().map(|frame| 4 + frame.len()).sum();
    assert!(framed <= stream.len() && frames.iter().all(|frame| frame.len() <= limit));
    if end == End::Empty(true) {
        assert_eq!(framed, stream.len());
    }
});

#[derive(Debug, PartialEq)]
enum End {
    /// The stream has no more bytes; whether it ended between two frames.
    Empty(bool),
    TooLarge(PacketTooLarge),
}

impl From<PacketTooLarge> for End {
    fn from(error: PacketTooLarge) -> Self {
        Self::TooLarge(error)
    }
}

fn frames(mut stream: &[u8], limit: usize, step: usize) -> (Vec<Vec<u8>>, End) {
    let mut incoming = Incoming::default();
    let mut frames = Vec::new();
    loop {
        let frame = incoming.pull(limit, |buffer| {
            let count = buffer.len().min(step).min(stream.len());
            if count == 0 {
                return Err(End::Empty(false));
            }
            buffer[..count].copy_from_slice(&stream[..count]);
            stream = &stream[count..];
            Ok(count)
        });
        match frame {
            Ok(frame) => frames.push(frame),
            Err(End::Empty(_)) => return (frames, End::Empty(incoming.is_idle())),
            Err(end) => return (frames, end),
        }
    }
}
