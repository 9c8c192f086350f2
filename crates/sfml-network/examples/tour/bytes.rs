//! Bytes to send, and a checksum to compare them by.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// Bytes in which a lost, doubled or exchanged piece would show (xorshift).
pub(crate) fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).take(size.div_ceil(8)).flatten().take(size).collect()
}

/// The checksum of zip and PNG files.
pub(crate) struct Crc32 {
    table: [u32; 256],
    state: u32,
}

impl Crc32 {
    pub(crate) fn new() -> Self {
        let table = std::array::from_fn(|byte| {
            (0..8).fold(byte as u32, |bits, _| (bits >> 1) ^ (0xEDB8_8320 * (bits & 1)))
        });
        Self { table, state: !0 }
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        let table = &self.table;
        self.state =
            data.iter().fold(self.state, |sum, byte| (sum >> 8) ^ table[usize::from(sum as u8 ^ byte)]);
    }

    pub(crate) fn value(&self) -> u32 {
        !self.state
    }
}

pub(crate) fn crc32(data: &[u8]) -> u32 {
    let mut sum = Crc32::new();
    sum.update(data);
    sum.value()
}

/// The checksum of a file.
pub(crate) fn checksum(path: &Path) -> io::Result<u32> {
    let mut sum = Crc32::new();
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(sum.value()),
            length => sum.update(&buffer[..length]),
        }
    }
}
