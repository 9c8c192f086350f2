//! What has arrived and was not decrypted yet.
//!
//! One receive takes as much as fits into a large buffer, so that bulk data costs one system call for several records.
//! A thread has one such buffer to spare, and a session keeps it only while something is in it: idle connections cost
//! no memory here.

use std::cell::Cell;

use crate::error::SocketError;
use crate::socket::TcpSocket;

/// The most one receive takes, four records and their frames.
const CAPACITY: usize = 68 << 10;

/// As much of the beginning of a stream as tells what it is.
const OPENING: usize = 8;

thread_local! {
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

#[derive(Debug, Default)]
pub(super) struct Incoming {
    /// Empty, or of the full capacity.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    opening: [u8; OPENING],
    opened: usize,
}

impl Incoming {
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Receives into the empty buffer.
    pub(super) fn fill(&mut self, socket: &TcpSocket) -> Result<(), SocketError> {
        if self.buffer.is_empty() {
            self.buffer = SPARE.try_with(Cell::take).unwrap_or_default();
            self.buffer.resize(CAPACITY, 0);
        }
        let received = socket.try_receive(&mut self.buffer);
        (self.start, self.end) = (0, *received.as_ref().unwrap_or(&0));
        let opening = self.opened..OPENING.min(self.opened + self.end);
        let length = opening.len();
        self.opening[opening].copy_from_slice(&self.buffer[..length]);
        self.opened += length;
        if received.is_err() {
            self.release();
        }
        received.map(drop)
    }

    pub(super) fn filled(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    pub(super) fn consume(&mut self, length: usize) {
        self.start += length;
        if self.start >= self.end {
            self.release();
        }
    }

    /// Throws away what is there.
    pub(super) fn release(&mut self) {
        (self.start, self.end) = (0, 0);
        let buffer = std::mem::take(&mut self.buffer);
        // A thread that is about to end has no place for it any more.
        let _ = SPARE.try_with(|spare| spare.set(buffer));
    }

    /// The first bytes that ever came.
    pub(super) fn opening(&self) -> &[u8] {
        &self.opening[..self.opened]
    }
}
