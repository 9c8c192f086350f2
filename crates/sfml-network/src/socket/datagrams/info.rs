//! What the system tells about a datagram besides its sender.

use std::io;
use std::time::SystemTime;

use super::super::udp::{UdpSocket, too_long};
use super::{Readiness, Wait};
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::sys;

/// What came with a datagram.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ReceivedDatagram {
    /// Its length: these first bytes of the buffer.
    pub length: usize,
    /// The sender's address.
    pub address: IpAddress,
    /// The sender's port.
    pub port: u16,
    /// When the system received it, if [`UdpSocket::set_receive_timestamps`] asked for that.
    pub timestamp: Option<SystemTime>,
    /// The address it was sent to, a group or a broadcast address too, if
    /// [`UdpSocket::set_receive_destination`] asked for that.
    pub destination: Option<IpAddress>,
    /// The index of the interface it came in by, together with `destination`.
    pub interface: Option<u32>,
}

impl UdpSocket {
    /// Lets [`receive_with_info`](Self::receive_with_info) tell when the system received a datagram
    /// (`SO_TIMESTAMPNS`). Linux only. Datagrams that wait already may get the time of asking.
    ///
    /// # Errors
    /// [`SocketError::Other`] of kind `Unsupported` when it is turned on elsewhere.
    pub fn set_receive_timestamps(&self, on: bool) -> Result<(), SocketError> {
        asked(sys::set_timestamps(self.descriptor.handle(), on), "could not ask for the times of datagrams")
    }

    /// Lets [`receive_with_info`](Self::receive_with_info) tell which address a datagram was sent to, and the
    /// interface it came in by (`IP_PKTINFO`, `IPV6_RECVPKTINFO`). Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] of kind `Unsupported` when it is turned on elsewhere.
    pub fn set_receive_destination(&self, on: bool) -> Result<(), SocketError> {
        let done = sys::set_destinations(self.descriptor.handle(), self.is_v6, on);
        asked(done, "could not ask for the destinations of datagrams")
    }

    /// As [`receive`](Self::receive), and tells what else the system knows of the datagram (`recvmsg(2)`).
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn receive_with_info(&self, buffer: &mut [u8]) -> Result<ReceivedDatagram, SocketError> {
        self.receive_by(|| self.try_receive_with_info(buffer))
    }

    /// As [`receive_with_info`](Self::receive_with_info), waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn receive_with_info_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<ReceivedDatagram, SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::READABLE, || self.try_receive_with_info(buffer))
    }

    /// As [`receive_with_info`](Self::receive_with_info), of a datagram that is there already, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn try_receive_with_info(&self, buffer: &mut [u8]) -> Result<ReceivedDatagram, SocketError> {
        self.check_receive()?;
        let (handle, room) = (self.descriptor.handle(), buffer.len());
        let message = if self.runs.is_active() {
            self.runs.next(handle, sys::as_uninit(buffer))
        } else {
            sys::receive_message(handle, sys::as_uninit(buffer))
        };
        let (arrival, details) = message.map_err(|error| self.receive_error(error))?;
        let Some(sender) = arrival.sender else { return Err(self.descriptor.closed_error()) };
        if arrival.length > arrival.received {
            return Err(too_long(arrival.length, room));
        }
        let (address, port) = IpAddress::of_peer(sender);
        Ok(ReceivedDatagram {
            length: arrival.length,
            address,
            port,
            timestamp: details.timestamp,
            destination: details.destination.map(IpAddress::from),
            interface: details.interface,
        })
    }
}

fn asked(done: io::Result<()>, sentence: &'static str) -> Result<(), SocketError> {
    done.map_err(|error| SocketError::attempt(sentence, error))
}
