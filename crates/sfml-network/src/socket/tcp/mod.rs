//! `TcpSocket`: one TCP connection.
//!
//! `connect` makes one, `stream` moves bytes, `packets` moves packets, `direct` moves files.

mod connect;
mod direct;
mod packets;
mod stream;

use std::net::Shutdown;

pub(crate) use self::packets::Packets;
pub use self::stream::Incomplete;
use super::mode::{Mode, descriptor_traits, mode_methods};
use crate::address::IpAddress;
use crate::descriptor::{Descriptor, OnClose};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys::{self, Handle};
use crate::wait::Wait;

/// One TCP connection.
///
/// Made by [`connect`](Self::connect) or [`TcpListener::accept`](crate::TcpListener::accept); it is closed when
/// dropped. All methods take `&self`, so that one thread may send while another receives and a third
/// [disconnects](Self::disconnect), which ends the other two's calls.
///
/// `TCP_NODELAY` is on, as in SFML; the descriptor is not inherited by programs this one starts.
///
/// ```
/// use sfml_network::{IpAddress, TcpListener, TcpSocket};
///
/// let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
/// let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), None)?;
/// let server = listener.accept()?;
///
/// client.send(b"hello")?;
/// let mut buffer = [0; 64];
/// let length = server.receive(&mut buffer)?;
/// assert_eq!(&buffer[..length], b"hello");
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Debug)]
pub struct TcpSocket {
    descriptor: Descriptor,
    mode: Mode,
    packets: Packets,
}

impl TcpSocket {
    #[inline]
    pub(super) fn from_handle(handle: Handle) -> Self {
        Self {
            descriptor: Descriptor::new(handle, OnClose::Disconnected),
            mode: Mode::new(true),
            packets: Packets::default(),
        }
    }

    mode_methods!();

    /// The port of this end, 0 when not connected (`getsockname(2)`).
    pub fn local_port(&self) -> u16 {
        self.descriptor.local_address().map_or(0, |address| address.port())
    }

    /// The address of this end, `None` when not connected.
    pub fn local_address(&self) -> Option<IpAddress> {
        self.descriptor.local_address().map(|address| IpAddress::of_peer(address).0)
    }

    /// The address of the peer, `None` when not connected (`getpeername(2)`). An IPv4 peer of a dual-stack
    /// listener appears with its IPv4 address.
    pub fn remote_address(&self) -> Option<IpAddress> {
        self.descriptor.remote_address().map(|address| IpAddress::of_peer(address).0)
    }

    /// The port of the peer, 0 when not connected.
    pub fn remote_port(&self) -> u16 {
        self.descriptor.remote_address().map_or(0, |address| address.port())
    }

    /// Closes one or both directions, telling the peer (`shutdown(2)`): after `Write` it reads the end of the
    /// stream, while this end can still receive.
    ///
    /// # Errors
    /// [`SocketError::Disconnected`] when there is no connection any more.
    pub fn shutdown(&self, how: Shutdown) -> Result<(), SocketError> {
        sys::shutdown(self.descriptor.handle(), how).map_err(SocketError::classify)
    }

    /// Ends the connection, and within moments every call on it in other threads, with
    /// [`SocketError::Disconnected`]. The socket leaves its selectors; the descriptor is freed on drop.
    ///
    /// After a fork both processes hold the connection: the parent's `disconnect` ends it for both, the child's only
    /// for the child. A server that hands connections to forked children drops its copies instead.
    pub fn disconnect(&self) {
        self.descriptor.close();
    }

    /// Waits until there is something to receive, the end of the stream or an error included.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_readable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        timeout.into().until_ready(&self.descriptor, Readiness::READABLE)
    }

    /// Waits until there is room to send, or the connection is broken.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_writable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        timeout.into().until_ready(&self.descriptor, Readiness::WRITABLE)
    }

    /// Waits until it is ready, as part of a call that has one limit for all its waits.
    pub(crate) fn until_ready(&self, want: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        wait.until_ready(&self.descriptor, want)
    }
}

descriptor_traits!(TcpSocket, sys::Kind::Stream);
