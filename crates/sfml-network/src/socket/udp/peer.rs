//! A UDP socket with one peer.

use std::io;

use super::{UdpSocket, too_long};
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

impl UdpSocket {
    /// Fixes the peer (`connect(2)`): only its datagrams are received, and
    /// [`send_connected`](Self::send_connected) sends to it, faster than [`send`](Self::send).
    ///
    /// A peer that answers "no such port" makes a later call fail with [`SocketError::Other`].
    ///
    /// # Errors
    /// [`SocketError::Other`] when there is no route.
    pub fn connect(&self, address: impl Into<IpAddress>, port: u16) -> Result<(), SocketError> {
        self.check_open()?;
        let target = self.target(address.into(), port);
        let failed =
            |error| SocketError::attempt(format!("could not connect to {} port {port}", target.ip()), error);
        sys::connect(self.descriptor.handle(), &target).map_err(failed)
    }

    /// Sends one datagram to the [connected](Self::connect) peer.
    ///
    /// # Errors
    /// As [`send`](Self::send); no peer was fixed.
    #[inline]
    pub fn send_connected(&self, data: &[u8]) -> Result<usize, SocketError> {
        match self.try_send_connected(data) {
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.send_connected_within(data, self.mode.wait())
            }
            done => done,
        }
    }

    /// As [`send_connected`](Self::send_connected), waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`send_connected`](Self::send_connected).
    #[cold]
    pub fn send_connected_within<'a>(
        &self,
        data: &[u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::WRITABLE, || self.try_send_connected(data))
    }

    #[inline(always)]
    fn try_send_connected(&self, data: &[u8]) -> Result<usize, SocketError> {
        self.check_send(data.len())?;
        match sys::send(self.descriptor.handle(), data) {
            Ok(sent) => Ok(sent),
            Err(error) => Err(self.send_connected_error(error)),
        }
    }

    #[cold]
    fn send_connected_error(&self, error: io::Error) -> SocketError {
        match (self.descriptor.remote_address(), error.raw_os_error()) {
            (Some(peer), _) => self.send_error(error, &peer),
            (None, Some(code))
                if !self.descriptor.is_closed() && error.kind() != io::ErrorKind::WouldBlock =>
            {
                SocketError::condition(
                    code,
                    "the socket has no peer: call connect first, or send to an address",
                )
            }
            // As for any receive: closed in the meantime, or no room.
            (None, _) => self.receive_error(error),
        }
    }

    /// Receives one datagram from the [connected](Self::connect) peer and returns its length.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[inline]
    pub fn receive_connected(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.receive_by(|| self.try_receive_connected(buffer))
    }

    /// As [`receive_connected`](Self::receive_connected), waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn receive_connected_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::READABLE, || self.try_receive_connected(buffer))
    }

    #[inline(always)]
    fn try_receive_connected(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.check_receive()?;
        if self.runs.is_active() {
            return self.try_receive(buffer).map(|(length, ..)| length);
        }
        match sys::receive_datagram(self.descriptor.handle(), buffer) {
            Ok((0, 0)) if self.descriptor.is_closed() => Err(self.descriptor.closed_error()),
            Ok((received, length)) if length <= buffer.len() => Ok(received),
            Ok((_, length)) => Err(too_long(length, buffer.len())),
            Err(error) => Err(self.receive_error(error)),
        }
    }
}
