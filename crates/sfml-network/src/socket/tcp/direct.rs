//! Bytes between a connection and a file, past this process.
//!
//! Each call does what can be done at once, once [`TcpSocket::never_sleep`] was called.

use std::fs::File;
use std::io;

use super::TcpSocket;
use crate::error::SocketError;
use crate::sys;

impl TcpSocket {
    /// Prepares for the calls below, for good: the descriptor then is in the system's non-blocking mode, with which the
    /// other calls work as well.
    pub(crate) fn never_sleep(&self) -> io::Result<()> {
        sys::never_sleep(self.descriptor.handle())
    }

    /// Moves at most `most` bytes that have arrived into an empty pipe.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); unsupported or an impossible argument where the system cannot do it.
    pub(crate) fn try_receive_into(&self, pipe: &sys::Pipe, most: usize) -> Result<usize, SocketError> {
        self.unless_ended(pipe.fill(self.descriptor.handle(), most))
    }

    /// Sends at most `most` bytes from the file's current position, which moves on by as much; zero at its end.
    ///
    /// # Errors
    /// As [`send`](Self::send); and whatever reading the file comes to, unsupported included.
    pub(crate) fn try_send_file(&self, file: &File, most: usize) -> Result<usize, SocketError> {
        if self.packets.in_use() {
            // The rest of a packet goes first, which only a plain send knows.
            return Err(SocketError::Other(io::ErrorKind::Unsupported.into()));
        }
        sys::send_file(self.descriptor.handle(), file, most).map_err(SocketError::classify)
    }
}
