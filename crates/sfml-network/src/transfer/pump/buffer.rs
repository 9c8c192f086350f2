//! The buffer of a copying pump.

/// Memory that begins at a cache line: to addresses that do not, some processors copy at less than half the speed.
pub(super) struct Buffer {
    memory: Vec<u8>,
    start: usize,
}

impl Buffer {
    /// Enough for the most that a system call is worth; more would only leave the processor's cache.
    const MOST: usize = 128 << 10;
    const LINE: usize = 64;

    /// A buffer for so many bytes, as far as that is sensible.
    pub(super) fn for_bytes(wanted: u64) -> Self {
        let length = usize::try_from(wanted).map_or(Self::MOST, |wanted| wanted.clamp(1, Self::MOST));
        let memory = vec![0; length + Self::LINE];
        let start = memory.as_ptr().align_offset(Self::LINE).min(Self::LINE);
        Self { memory, start }
    }

    pub(super) fn len(&self) -> usize {
        self.memory.len() - Self::LINE
    }

    /// The first `length` bytes.
    pub(super) fn first(&mut self, length: usize) -> &mut [u8] {
        &mut self.memory[self.start..][..length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_long_as_is_useful_and_aligned() {
        for (wanted, length) in [(0, 1), (5, 5), (4096, 4096), (u64::MAX, Buffer::MOST)] {
            let mut buffer = Buffer::for_bytes(wanted);
            assert_eq!(buffer.len(), length);
            let whole = buffer.first(length);
            assert_eq!((whole.len(), whole.as_ptr().addr() % Buffer::LINE), (length, 0));
        }
    }
}
