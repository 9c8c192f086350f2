//! A UDP socket with one peer.

use super::{UdpSocket, too_long};
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;

impl UdpSocket {
    /// Fixes the peer (`connect(2)`): only its datagrams are received, and
    /// [`send_connected`](Self::send_connected) sends to it, faster than [`send`](Self::send).
    ///
    /// A peer that answers "no such port" makes a later call fail with [`SocketError::Other`].
    ///
    /// # Errors
    /// [`SocketError::Other`] when there is no route.
    pub fn connect(&self, address: impl Into<IpAddress>, port: u16) -> Result<(), SocketError> {
        let target = self.target(address.into(), port);
        let failed =
            |error| SocketError::attempt(format!("could not connect to {} port {port}", target.ip()), error);
        sys::connect(self.descriptor.handle(), &target).map_err(failed)
    }

    /// Sends one datagram to the [connected](Self::connect) peer.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    #[inline]
    pub fn send_connected(&self, data: &[u8]) -> Result<usize, SocketError> {
        let send = || sys::send(self.descriptor.handle(), data);
        match send() {
            Ok(sent) => Ok(sent),
            Err(error) => self.send_connected_failed(error, data),
        }
    }

    #[cold]
    fn send_connected_failed(&self, error: std::io::Error, data: &[u8]) -> Result<usize, SocketError> {
        let target = self.descriptor.remote_address().unwrap_or_else(|| IpAddress::ANY.with_port(0));
        let sort = |error| self.send_error(error, data.len(), &target);
        match sort(error) {
            SocketError::NotReady if self.mode.is_blocking() => {
                let again = || sys::send(self.descriptor.handle(), data).map_err(sort);
                self.mode.wait().retry(&self.descriptor, Readiness::WRITABLE, again)
            }
            error => Err(error),
        }
    }

    /// Receives one datagram from the [connected](Self::connect) peer and returns its length.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[inline]
    pub fn receive_connected(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        if self.runs.is_active() {
            return self.receive(buffer).map(|(length, ..)| length);
        }
        self.receive_by(|| match sys::receive_datagram(self.descriptor.handle(), buffer) {
            Ok((0, 0)) if self.descriptor.is_closed() => Err(self.descriptor.closed_error()),
            Ok((received, length)) if length <= buffer.len() => Ok(received),
            Ok((_, length)) => Err(too_long(length, buffer.len())),
            Err(error) => Err(self.receive_error(error)),
        })
    }
}
