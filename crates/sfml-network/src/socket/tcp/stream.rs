//! Moving bytes over a connection.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;

use super::TcpSocket;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

/// A call that wanted all of something ended before it was complete.
#[derive(Debug)]
#[non_exhaustive]
pub struct Incomplete {
    /// The bytes that did arrive: they are at the front of the buffer, and no longer in the socket.
    pub received: usize,
    /// Why no more came.
    pub error: SocketError,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "received only {} bytes", self.received)
    }
}

impl std::error::Error for Incomplete {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl From<Incomplete> for SocketError {
    fn from(incomplete: Incomplete) -> Self {
        incomplete.error
    }
}

impl TcpSocket {
    /// What a read of zero bytes into a buffer with room means.
    #[inline(always)]
    pub(super) fn unless_ended(&self, received: io::Result<usize>) -> Result<usize, SocketError> {
        match received {
            Ok(length) if length > 0 && !self.descriptor.is_closed() => Ok(length),
            Ok(_) => Err(self.ended()),
            Err(error) => Err(SocketError::classify(error)),
        }
    }

    /// The end of the stream: the peer's doing, or that of another thread here.
    #[cold]
    fn ended(&self) -> SocketError {
        if self.descriptor.is_closed() {
            self.descriptor.closed_error()
        } else {
            SocketError::Disconnected(None)
        }
    }

    /// Sends data (`send(2)`) and returns how much the system took.
    ///
    /// In blocking mode that is all of it; less only when the socket's [timeout](Self::set_timeout) ran out
    /// midway. In non-blocking mode it is at least one byte. Empty data is no operation. Taken by the system does
    /// not mean received by the peer.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: nothing was sent in the time allowed.
    /// * [`SocketError::Disconnected`]: the peer closed or reset the connection.
    #[inline(always)]
    pub fn send(&self, data: &[u8]) -> Result<usize, SocketError> {
        match self.try_send(data) {
            Ok(sent) if sent == data.len() => Ok(sent),
            other => self.send_on(data, other),
        }
    }

    /// The rest of a send that was not all done at once.
    #[cold]
    fn send_on(&self, data: &[u8], so_far: Result<usize, SocketError>) -> Result<usize, SocketError> {
        match so_far {
            Ok(sent) if self.mode.is_blocking() => self.send_rest(data, sent, self.mode.wait()),
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.send_rest(data, 0, self.mode.wait())
            }
            other => other,
        }
    }

    /// Sends data, waiting as told, whatever the mode. Returns less than all only when the time ran out midway.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_within<'a>(&self, data: &[u8], timeout: impl Into<Wait<'a>>) -> Result<usize, SocketError> {
        self.send_rest(data, 0, timeout.into())
    }

    /// Sends what the system takes at once, whatever the mode.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    #[inline(always)]
    pub fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        if self.packets.in_use() || data.is_empty() {
            return self.send_in_turn(&[IoSlice::new(data)]);
        }
        sys::send(self.descriptor.handle(), data).map_err(SocketError::classify)
    }

    /// Sends what is left of a packet first.
    #[cold]
    fn send_in_turn(&self, pieces: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        let Some(first) = pieces.iter().position(|piece| !piece.is_empty()) else {
            return Ok(0);
        };
        if self.packets.in_use() {
            return self.packets.send_behind(|pieces| self.put(pieces), &pieces[first..]);
        }
        self.put(&pieces[first..])
    }

    #[cold]
    fn send_rest(&self, data: &[u8], mut sent: usize, mut wait: Wait<'_>) -> Result<usize, SocketError> {
        while sent < data.len() {
            if sent > 0 && !wait.go_on()? {
                break;
            }
            match wait.retry(&self.descriptor, Readiness::WRITABLE, || self.try_send(&data[sent..])) {
                Ok(more) => sent += more,
                Err(SocketError::NotReady) if sent > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    /// Sends several pieces as one (`sendmsg(2)`), without joining them first. Returns how many bytes the system
    /// took, which may end inside a piece; in blocking mode it waits until that is at least one.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_vectored(&self, pieces: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        match self.send_in_turn(pieces) {
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.mode.wait().retry(&self.descriptor, Readiness::WRITABLE, || self.send_in_turn(pieces))
            }
            done => done,
        }
    }

    /// Sends what the system takes of several pieces at once, whatever the mode.
    #[cfg(feature = "tls")]
    pub(crate) fn try_send_vectored(&self, pieces: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        self.send_in_turn(pieces)
    }

    /// Puts pieces on the stream, whoever's turn it is.
    #[inline]
    pub(super) fn put(&self, pieces: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        sys::send_vectored(self.descriptor.handle(), pieces).map_err(SocketError::classify)
    }

    /// Receives at most `buffer.len()` bytes (`recv(2)`), in blocking mode waiting until at least one arrives.
    ///
    /// Returns 0 only for an empty buffer, which touches nothing.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: nothing arrived in the time allowed.
    /// * [`SocketError::Disconnected`]: the peer closed (`None`) or reset the connection, or another thread
    ///   [disconnected](Self::disconnect) this socket.
    #[inline(always)]
    pub fn receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        match self.try_receive(buffer) {
            Err(SocketError::NotReady) if self.mode.is_blocking() => self.receive_late(buffer),
            done => done,
        }
    }

    #[cold]
    fn receive_late(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.receive_waiting(buffer, &mut self.mode.wait())
    }

    /// Receives, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn receive_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        match self.try_receive(buffer) {
            Err(SocketError::NotReady) => self.receive_waiting(buffer, &mut timeout.into()),
            done => done,
        }
    }

    /// Receives what is there at once, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[inline(always)]
    pub fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.unless_ended(sys::receive(self.descriptor.handle(), buffer))
    }

    /// As [`try_receive`](Self::try_receive), into memory that need not be initialised; returns its filled part.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[inline]
    pub fn try_receive_uninit<'b>(
        &self,
        buffer: &'b mut [MaybeUninit<u8>],
    ) -> Result<&'b mut [u8], SocketError> {
        if buffer.is_empty() {
            return Ok(&mut []);
        }
        match sys::receive_uninit(self.descriptor.handle(), buffer) {
            Ok(filled) if !filled.is_empty() && !self.descriptor.is_closed() => Ok(filled),
            Ok(_) => Err(self.ended()),
            Err(error) => Err(SocketError::classify(error)),
        }
    }

    /// The wait of a receive that found nothing.
    #[cold]
    fn receive_waiting(&self, buffer: &mut [u8], wait: &mut Wait<'_>) -> Result<usize, SocketError> {
        if wait.is_unconditional() && !self.descriptor.is_foreign() {
            loop {
                match sys::receive_sleeping(self.descriptor.handle(), buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // The descriptor itself may be non-blocking, if it came from elsewhere.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    done => return self.unless_ended(done),
                }
            }
        }
        wait.until_ready(&self.descriptor, Readiness::READABLE)?;
        wait.retry(&self.descriptor, Readiness::READABLE, || self.try_receive(buffer))
    }

    /// Receives exactly `buffer.len()` bytes.
    ///
    /// # Errors
    /// [`Incomplete`], which tells how many bytes did arrive and why not more; it converts to [`SocketError`].
    /// In non-blocking mode it is returned as soon as the socket has no more.
    pub fn receive_exact(&self, buffer: &mut [u8]) -> Result<(), Incomplete> {
        self.receive_all(buffer, self.mode.is_blocking().then(|| self.mode.wait()))
    }

    /// Receives exactly `buffer.len()` bytes, waiting as told, whatever the mode. One limit for all of it.
    ///
    /// # Errors
    /// As [`receive_exact`](Self::receive_exact).
    pub fn receive_exact_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<(), Incomplete> {
        self.receive_all(buffer, Some(timeout.into()))
    }

    fn receive_all(&self, buffer: &mut [u8], mut wait: Option<Wait<'_>>) -> Result<(), Incomplete> {
        let mut received = 0;
        while received < buffer.len() {
            let rest = &mut buffer[received..];
            let more = match (self.try_receive(rest), &mut wait) {
                (Err(SocketError::NotReady), Some(wait)) => self.receive_waiting(rest, wait),
                (done, _) => done,
            };
            match more {
                Ok(more) => received += more,
                Err(error) => return Err(Incomplete { received, error }),
            }
        }
        Ok(())
    }

    /// Receives without taking (`MSG_PEEK`): the same bytes are received again by the next call.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn peek(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        match self.try_peek(buffer) {
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.mode.wait().retry(&self.descriptor, Readiness::READABLE, || self.try_peek(buffer))
            }
            done => done,
        }
    }

    /// Peeks at what is there at once, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn try_peek(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.unless_ended(sys::peek(self.descriptor.handle(), buffer))
    }
}

/// The end of the stream is `Ok(0)`, as readers of streams expect.
impl Read for &TcpSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.receive(buffer) {
            Err(SocketError::Disconnected(None)) => Ok(0),
            done => done.map_err(io::Error::from),
        }
    }
}

impl Write for &TcpSocket {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.send(data).map_err(io::Error::from)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.send_vectored(pieces).map_err(io::Error::from)
    }

    /// Sends what is left of a packet; bytes are on their way already.
    fn flush(&mut self) -> io::Result<()> {
        if self.packets.in_use() {
            let flush = || self.packets.send_behind(|pieces| self.put(pieces), &[]);
            match flush() {
                Err(SocketError::NotReady) if self.mode.is_blocking() => {
                    self.mode.wait().retry(&self.descriptor, Readiness::WRITABLE, flush)?
                }
                done => done?,
            };
        }
        Ok(())
    }
}

impl Read for TcpSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buffer)
    }
}

impl Write for TcpSocket {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        (&*self).write(data)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        (&*self).write_vectored(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self).flush()
    }
}
