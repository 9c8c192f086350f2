//! The checksum of gzip (RFC 1952, section 8), which Python has as `zlib.crc32`.

/// A CRC-32 that grows with what it is shown.
///
/// ```
/// let mut sum = testkit::http::Crc32::new();
/// sum.update(b"12345");
/// sum.update(b"6789");
/// assert_eq!(sum.value(), 0xcbf4_3926);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Crc32(u32);

impl Crc32 {
    /// The checksum of nothing.
    pub const fn new() -> Self {
        Self(0)
    }

    /// The checksum of these bytes.
    pub fn of(bytes: &[u8]) -> u32 {
        let mut sum = Self::new();
        sum.update(bytes);
        sum.value()
    }

    /// Takes more bytes into account.
    pub fn update(&mut self, bytes: &[u8]) {
        let mut value = !self.0;
        let mut words = bytes.chunks_exact(4);
        for word in &mut words {
            value ^= u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
            let [a, b, c, d] = value.to_le_bytes().map(usize::from);
            value = TABLES[3][a] ^ TABLES[2][b] ^ TABLES[1][c] ^ TABLES[0][d];
        }
        for byte in words.remainder() {
            let [low, ..] = value.to_le_bytes();
            value = TABLES[0][usize::from(low ^ byte)] ^ (value >> 8);
        }
        self.0 = !value;
    }

    /// The checksum so far.
    pub const fn value(&self) -> u32 {
        self.0
    }
}

/// What a byte adds, with none to three bytes behind it.
static TABLES: [[u32; 256]; 4] = tables();

const fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut byte = 0;
    let mut start = 0_u32;
    while byte < 256 {
        let mut value = start;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        tables[0][byte] = value;
        byte += 1;
        start += 1;
    }
    byte = 0;
    while byte < 256 {
        let mut behind = 1;
        while behind < 4 {
            let before = tables[behind - 1][byte];
            tables[behind][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            behind += 1;
        }
        byte += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_does_not_depend_on_the_pieces() {
        let bytes: Vec<u8> = (0..=255).collect();
        for cut in 0..bytes.len() {
            let mut sum = Crc32::new();
            sum.update(&bytes[..cut]);
            sum.update(&bytes[cut..]);
            assert_eq!(sum.value(), 0x2905_8c73);
        }
        assert_eq!(Crc32::of(b""), 0);
    }
}
