//! Any stream, cut in any way: the frames that are in it, and the same end.
//!
//! Input: two bytes of limit, one of step, then the stream.

// The decoder is no part of the library's public face. All it needs of the library is the error below.
#[path = "../../crates/sfml-network/src/packet/incoming.rs"]
mod incoming;

use incoming::Incoming;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct PacketTooLarge {
    pub(crate) length: u64,
    pub(crate) limit: u64,
}

pub(crate) fn check(input: &[u8]) {
    let &[high, low, step, ref stream @ ..] = input else {
        return;
    };
    let limit = usize::from(u16::from_be_bytes([high, low])) * 16;
    let wanted = by_slicing(stream, limit);
    assert_eq!(frames(stream, limit, usize::MAX), wanted);
    assert_eq!(frames(stream, limit, usize::from(step).max(1)), wanted);
}

#[derive(Debug, PartialEq)]
enum End {
    Empty,
    TooLarge(PacketTooLarge),
}

impl From<PacketTooLarge> for End {
    fn from(error: PacketTooLarge) -> Self {
        Self::TooLarge(error)
    }
}

/// The frames as the decoder gives them when at most `step` bytes arrive at a time, and whether nothing was left.
fn frames(mut stream: &[u8], limit: usize, step: usize) -> (Vec<Vec<u8>>, End, bool) {
    let mut incoming = Incoming::default();
    let mut frames = Vec::new();
    loop {
        let frame = incoming.pull(limit, |buffer| {
            let count = buffer.len().min(step).min(stream.len());
            if count == 0 {
                return Err(End::Empty);
            }
            buffer[..count].copy_from_slice(&stream[..count]);
            stream = &stream[count..];
            Ok(count)
        });
        match frame {
            Ok(frame) => frames.push(frame),
            Err(end) => return (frames, end, incoming.is_idle()),
        }
    }
}

/// The frames as they are to be, found with the whole stream at hand.
fn by_slicing(mut stream: &[u8], limit: usize) -> (Vec<Vec<u8>>, End, bool) {
    let mut frames = Vec::new();
    while let Some((header, rest)) = stream.split_first_chunk() {
        let length = u32::from_be_bytes(*header);
        if length as usize > limit {
            let error = PacketTooLarge { length: length.into(), limit: limit as u64 };
            return (frames, End::TooLarge(error), false);
        }
        let Some((frame, rest)) = rest.split_at_checked(length as usize) else {
            break;
        };
        frames.push(frame.to_vec());
        stream = rest;
    }
    (frames, End::Empty, stream.is_empty())
}
