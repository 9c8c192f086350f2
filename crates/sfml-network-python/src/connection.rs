//! What a connection does, plain or inside TLS: each call tries once and never waits.

use std::mem::MaybeUninit;
use std::net::Shutdown;

use sfml_network::{Packet, SocketError, TcpSocket};

use crate::buffer;
use crate::open::Open;

/// The most that is received at once inside TLS, where the memory has to be cleared first: one record.
const MOST_INSIDE_TLS: usize = 16 << 10;

const NO_CONNECTION: &str = "a TcpSocket's slot holds connections only";

/// Calls the same method of whichever socket it is.
macro_rules! each {
    ($open:expr, $socket:ident => $do:expr) => {
        match $open {
            Open::Tcp($socket) => $do,
            Open::Tls(inside) => {
                let $socket = &inside.socket;
                $do
            }
            Open::Barred(barred) => Err(barred.refusal()),
            Open::Udp(_) | Open::Listener(_) => unreachable!("{NO_CONNECTION}"),
        }
    };
}

impl Open {
    /// The TCP socket, to ask it questions and to finish connecting.
    pub(crate) fn as_tcp(&self) -> &TcpSocket {
        self.tcp().unwrap_or_else(|| unreachable!("{NO_CONNECTION}"))
    }

    #[inline]
    pub(crate) fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        each!(self, socket => socket.try_send(data))
    }

    /// Sends what TLS has taken and not sent yet. Nothing waits so on a plain connection.
    #[inline]
    pub(crate) fn try_flush(&self) -> Result<(), SocketError> {
        match self {
            Self::Tls(inside) => inside.socket.try_flush(),
            _ => Ok(()),
        }
    }

    #[inline]
    pub(crate) fn try_receive(&self, memory: &mut [u8]) -> Result<usize, SocketError> {
        each!(self, socket => socket.try_receive(memory))
    }

    /// Receives into memory that may never have been written; returns the length of the part that now is.
    #[inline]
    pub(crate) fn try_receive_uninit(&self, memory: &mut [MaybeUninit<u8>]) -> Result<usize, SocketError> {
        match self {
            Self::Tcp(socket) => socket.try_receive_uninit(memory).map(|filled| filled.len()),
            other => {
                let length = memory.len().min(MOST_INSIDE_TLS);
                other.try_receive(buffer::cleared(&mut memory[..length]))
            }
        }
    }

    /// Looks at what has arrived; `None` inside TLS, which has no way to.
    pub(crate) fn try_peek(&self, memory: &mut [u8]) -> Option<Result<usize, SocketError>> {
        match self {
            Self::Tls(_) => None,
            Self::Barred(barred) => Some(Err(barred.refusal())),
            other => Some(other.as_tcp().try_peek(memory)),
        }
    }

    /// Tells the peer that nothing more will be sent; inside TLS by `close_notify`.
    pub(crate) fn try_finish_sending(&self) -> Result<(), SocketError> {
        match self {
            Self::Tls(inside) => inside.socket.finish_sending(),
            other => other.as_tcp().shutdown(Shutdown::Write),
        }
    }

    #[inline]
    pub(crate) fn try_send_packet(&self, packet: &Packet) -> Result<(), SocketError> {
        each!(self, socket => socket.try_send_packet(packet))
    }

    #[inline]
    pub(crate) fn try_receive_packet(&self) -> Result<Packet, SocketError> {
        each!(self, socket => socket.try_receive_packet())
    }

    pub(crate) fn set_packet_limit(&self, limit: usize) {
        match self {
            Self::Tls(inside) => inside.socket.set_packet_limit(limit),
            other => other.as_tcp().set_packet_limit(limit),
        }
    }
}
