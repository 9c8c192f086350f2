//! What keeps a call on a UDP socket from being made, and what is said when one failed.

use std::io;
use std::net::SocketAddr;

use super::UdpSocket;
use crate::error::SocketError;
use crate::sys;

impl UdpSocket {
    /// Whether no call can do anything: the socket was closed, or never was a UDP socket.
    #[inline(always)]
    fn is_unusable(&self) -> bool {
        // No shortcut: one branch is cheaper than two loads.
        self.descriptor.is_closed() | self.is_misfit
    }

    /// Lets a datagram of `length` bytes be sent. Over IPv6 the system would take some that are too long.
    #[inline(always)]
    pub(in super::super) fn check_send(&self, length: usize) -> Result<(), SocketError> {
        if self.is_unusable() | (length > Self::MAX_DATAGRAM_SIZE) {
            Err(self.unsent(length))
        } else {
            Ok(())
        }
    }

    /// Lets a receive go on to the system, unless an error is still to be told.
    #[inline(always)]
    pub(in super::super) fn check_receive(&self) -> Result<(), SocketError> {
        if self.is_unusable() | self.runs.late.is_some() { self.detained() } else { Ok(()) }
    }

    pub(super) fn check_open(&self) -> Result<(), SocketError> {
        if self.is_unusable() { Err(self.unusable()) } else { Ok(()) }
    }

    /// Lets calls be made that a closed socket answers in its own way.
    pub(super) fn check_kind(&self) -> Result<(), SocketError> {
        if self.is_misfit { Err(self.unusable()) } else { Ok(()) }
    }

    #[cold]
    fn unusable(&self) -> SocketError {
        if self.is_misfit { misfit("a UDP socket") } else { self.descriptor.closed_error() }
    }

    #[cold]
    fn unsent(&self, length: usize) -> SocketError {
        if self.is_unusable() {
            return self.unusable();
        }
        let most = Self::MAX_DATAGRAM_SIZE;
        let sentence = format!("a datagram of {length} bytes was not sent, the most is {most}");
        SocketError::condition(sys::code::MESSAGE_SIZE, sentence)
    }

    #[cold]
    fn detained(&self) -> Result<(), SocketError> {
        if self.is_unusable() {
            return Err(self.unusable());
        }
        self.runs.late.take().map_or(Ok(()), |error| Err(SocketError::classify(error)))
    }

    #[cold]
    pub(in super::super) fn send_error(&self, error: io::Error, target: &SocketAddr) -> SocketError {
        if self.descriptor.is_closed() {
            return self.descriptor.closed_error();
        }
        if target.is_ipv6() && !self.is_v6 {
            let sentence = "an IPv4 socket cannot send to an IPv6 address, bind to ANY_V6 to reach both";
            return SocketError::condition(sys::code::INVALID, sentence);
        }
        match error.kind() {
            io::ErrorKind::WouldBlock => SocketError::NotReady,
            _ => SocketError::attempt(
                format!("could not send to {} port {}", target.ip(), target.port()),
                error,
            ),
        }
    }

    #[cold]
    pub(in super::super) fn receive_error(&self, error: io::Error) -> SocketError {
        if self.descriptor.is_closed() {
            self.descriptor.closed_error()
        } else {
            SocketError::classify(error)
        }
    }
}

/// What a call on an adopted descriptor says that is something else than it was taken for.
#[cold]
pub(in super::super) fn misfit(kind: &str) -> SocketError {
    let sentence = format!("the descriptor that was converted is not {kind} of IPv4 or IPv6");
    SocketError::condition(sys::code::INVALID, sentence)
}

#[cold]
pub(in super::super) fn too_long(length: usize, room: usize) -> SocketError {
    let sentence = if sys::KNOWS_LENGTH_OF_DROPPED {
        format!("a datagram of {length} bytes was dropped, the buffer has only {room}")
    } else {
        format!("a datagram of more than {room} bytes was dropped, the buffer has only {room}")
    };
    SocketError::condition(sys::code::MESSAGE_SIZE, sentence)
}
