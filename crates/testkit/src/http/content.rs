//! What the server has to give.

use std::ops::Range;

/// Eight lines of [`COMPRESSED_TEXT`].
macro_rules! lines {
    () => {
        "What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n\
What is compressed here comes out as this line, again and again.\n"
    };
}

/// The body of `/gzip` and `/brotli`, once it is decoded.
pub const COMPRESSED_TEXT: &str = concat!(lines!(), lines!(), lines!(), lines!());

/// The body of `/text/latin1`, once it is decoded.
pub const LATIN1_TEXT: &str = "d\u{e9}j\u{e0} vu, \u{a3}5, na\u{ef}ve\n";

/// A part of the bytes that `/bytes/N` sends: the same ones for each length, and without any pattern.
///
/// # Panics
/// Panics where the part does not fit into memory.
pub fn pseudo_random(range: Range<u64>) -> Vec<u8> {
    let length = usize::try_from(range.end.saturating_sub(range.start)).expect("it is to fit into memory");
    let mut bytes = Vec::with_capacity(length + 16);
    let first = range.start / 8;
    for word in first.. {
        if bytes.len() >= length + 8 {
            break;
        }
        bytes.extend_from_slice(&mixed(word).to_le_bytes());
    }
    let skipped = (range.start % 8) as usize;
    bytes.drain(..skipped);
    bytes.truncate(length);
    bytes
}

/// The step of SplitMix64.
fn mixed(number: u64) -> u64 {
    let mut value = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// [`COMPRESSED_TEXT`] as `gzip -9` has it.
pub(super) const GZIP: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xcc, 0xc1, 0x09, 0x80, 0x40, 0x0c,
    0x44, 0xd1, 0xbb, 0x55, 0x4c, 0x01, 0x62, 0x3b, 0x7b, 0x0e, 0x6e, 0x30, 0x0b, 0x9a, 0x95, 0x4d, 0xec,
    0x5f, 0xc5, 0x2e, 0x64, 0x6e, 0xf3, 0x61, 0x78, 0xc5, 0x24, 0xd1, 0x02, 0x6b, 0x3f, 0xce, 0xa1, 0x11,
    0x5a, 0x61, 0x3a, 0xf4, 0x6d, 0x0d, 0xf4, 0x2b, 0x21, 0x81, 0xb4, 0xe7, 0xb1, 0x37, 0xd7, 0x19, 0xb2,
    0x49, 0x73, 0x88, 0xd7, 0x6f, 0x2d, 0x53, 0x21, 0x40, 0x80, 0x00, 0x01, 0x02, 0x04, 0x08, 0xfc, 0x0d,
    0xb8, 0x01, 0x1d, 0x6b, 0x46, 0x1b, 0x20, 0x08, 0x00, 0x00,
];

/// [`COMPRESSED_TEXT`] as brotli has it (RFC 7932).
pub(super) const BROTLI: &[u8] = &[
    0x13, 0x1f, 0x08, 0x00, 0x44, 0xdd, 0xd6, 0x2d, 0x69, 0x74, 0xb1, 0x55, 0xb3, 0xe8, 0xc0, 0x81, 0xfa,
    0xb0, 0xeb, 0x18, 0x07, 0xcc, 0xb7, 0xf0, 0xe4, 0x23, 0xae, 0xf3, 0x02, 0x3e, 0x38, 0xe4, 0xe0, 0x80,
    0x49, 0x01, 0xb6, 0xaf, 0xbe, 0x47, 0x42, 0xc6, 0x8c, 0x3b, 0x20, 0x2e, 0x98, 0xd8, 0x81, 0x4c, 0x23,
    0x7e, 0xc2, 0xde, 0xb1, 0xca, 0x38, 0x7a, 0xac, 0x0f, 0x0d, 0xae, 0x53, 0xc8, 0xf4, 0xcc, 0x5b, 0x29,
    0x01,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Crc32;

    #[test]
    fn a_part_is_the_same_as_in_the_whole() {
        let whole = pseudo_random(0..100);
        for start in 0..100_u64 {
            for end in start..=100 {
                let (from, to) = (usize::try_from(start).unwrap(), usize::try_from(end).unwrap());
                assert_eq!(pseudo_random(start..end), whole[from..to]);
            }
        }
    }

    #[test]
    fn the_checksum_of_gzip_is_that_of_the_text() {
        let sum = Crc32::of(COMPRESSED_TEXT.as_bytes()).to_le_bytes();
        assert_eq!(GZIP[GZIP.len() - 8..GZIP.len() - 4], sum);
    }
}
