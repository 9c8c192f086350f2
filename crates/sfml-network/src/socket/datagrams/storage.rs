//! Memory the system writes datagrams into.

use crate::sys;

/// Buffers begin at multiples of this. Some processors copy to less even addresses at half the speed, and
/// nothing shares a cache line.
const ALIGNMENT: usize = 64;

/// Zeroed memory that begins at an even address.
#[derive(Debug, Default)]
pub(super) struct Storage {
    bytes: Vec<u8>,
    skipped: usize,
}

impl Storage {
    /// The length with which slots of at least `size` bytes lie at even addresses side by side.
    pub(super) const fn stride(size: usize) -> usize {
        size.next_multiple_of(ALIGNMENT)
    }

    pub(super) fn new(length: usize) -> Self {
        let bytes = length.checked_add(ALIGNMENT).and_then(sys::zeroed).expect("a batch fits into memory");
        let skipped = bytes.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        Self { bytes, skipped }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len().saturating_sub(ALIGNMENT)
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.skipped..]
    }

    #[inline]
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.skipped..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_begins_at_an_even_address_and_is_long_enough() {
        for length in [0, 1, 100, 1 << 20] {
            let mut storage = Storage::new(length);
            assert_eq!(storage.bytes().as_ptr() as usize % ALIGNMENT, 0);
            assert!(storage.bytes_mut().len() >= length);
            assert_eq!(storage.len(), length);
        }
        assert_eq!(Storage::default().len(), 0);
        assert_eq!([Storage::stride(1), Storage::stride(64), Storage::stride(1500)], [64, 64, 1536]);
    }
}
