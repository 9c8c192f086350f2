//! What can be wrong with the contents of a packet, and with its size.

use std::{error, fmt, io};

/// Why a value could not be read from a [`Packet`](crate::Packet).
///
/// Positions count bytes from the start of the packet.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PacketError {
    /// The packet ends before the value does: the peer wrote less, or other types.
    #[non_exhaustive]
    Truncated {
        /// What was to be read.
        wanted: &'static str,
        /// How many bytes it takes, by its type or by the length the peer declared.
        needed: u64,
        /// How many bytes were left.
        available: usize,
        /// Where the bytes were to start.
        position: usize,
    },
    /// A string is not UTF-8; its bytes can be had with
    /// [`read_string_bytes`](crate::Packet::read_string_bytes).
    #[non_exhaustive]
    InvalidUtf8 {
        /// Where the first byte that is not UTF-8 stands.
        position: usize,
    },
    /// A wide string holds a number that is not a Unicode character.
    #[non_exhaustive]
    InvalidCharacter {
        /// The number.
        value: u32,
        /// Where it stands.
        position: usize,
    },
    /// The bytes are there but mean nothing to the type that reads them: see [`PacketError::rejected`].
    #[non_exhaustive]
    Rejected {
        /// What the type has to say about it.
        reason: &'static str,
        /// Where reading had come to.
        position: usize,
    },
    /// An earlier read of this packet failed, so what follows cannot be told apart any more.
    #[non_exhaustive]
    AlreadyInvalid {
        /// What was to be read.
        wanted: &'static str,
        /// Where the earlier read left the read position.
        position: usize,
    },
}

impl PacketError {
    /// Makes the error with which an implementation of [`PacketRead`](crate::PacketRead) refuses a value.
    #[must_use]
    pub fn rejected(packet: &crate::Packet, reason: &'static str) -> Self {
        Self::Rejected { reason, position: packet.read_position() }
    }
}

impl fmt::Display for PacketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { wanted, needed, available, position } => {
                write!(f, "{wanted} of {needed} bytes wanted at byte {position}, where {available} are left")
            }
            Self::InvalidUtf8 { position } => write!(f, "string is not UTF-8 at byte {position}"),
            Self::InvalidCharacter { value, position } => {
                write!(f, "wide string holds {value:#x}, which is no character, at byte {position}")
            }
            Self::Rejected { reason, position } => write!(f, "{reason} (before byte {position})"),
            Self::AlreadyInvalid { wanted, position } => {
                write!(f, "{wanted} wanted at byte {position}, but an earlier read of this packet failed")
            }
        }
    }
}

impl error::Error for PacketError {}

/// Gives `UnexpectedEof` for a packet that ends too soon and `InvalidData` for the rest.
impl From<PacketError> for io::Error {
    fn from(error: PacketError) -> Self {
        let kind = match error {
            PacketError::Truncated { .. } => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

/// A packet's length is over a limit: the receiver's own, or what a frame can express.
///
/// A socket reports it as [`SocketError::Other`](crate::SocketError::Other) with this text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct PacketTooLarge {
    /// The length in bytes, as the frame's header declares it or the packet has it.
    pub length: u64,
    /// The greatest length that would have been taken.
    pub limit: u64,
}

impl fmt::Display for PacketTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "packet of {} bytes is over the limit of {} bytes", self.length, self.limit)
    }
}

impl error::Error for PacketTooLarge {}
