//! Socket options, under the names the standard library and socket2 use.
//!
//! Each is written once, for all the sockets it makes sense on. `bind` holds those that must be set before a
//! socket has its port.

mod bind;
mod multicast;
mod tcp;
mod traffic;

pub use self::bind::{BindOptions, ListenOptions};
pub use self::tcp::TcpKeepalive;
pub use self::traffic::Dscp;

use std::io;
use std::time::Duration;

use socket2::SockRef;

use super::listener::TcpListener;
use super::tcp::TcpSocket;
use super::udp::UdpSocket;
use crate::error::SocketError;
use crate::selector::sealed::Sealed;

/// The same methods for several sockets.
macro_rules! impl_for {
    ([$($socket:ty),+] $methods:tt) => {
        $(impl $socket $methods)+
    };
}
use impl_for;

/// Reads an option; `name` is what the system calls it.
fn get<T>(
    socket: &impl Sealed,
    name: &str,
    read: impl FnOnce(SockRef<'_>) -> io::Result<T>,
) -> Result<T, SocketError> {
    let failed = |error| SocketError::attempt(format!("could not read {name}"), error);
    read(SockRef::from(socket.descriptor().handle())).map_err(failed)
}

/// Sets an option; `name` is what the system calls it.
fn set<T>(
    socket: &impl Sealed,
    name: &str,
    write: impl FnOnce(SockRef<'_>) -> io::Result<T>,
) -> Result<T, SocketError> {
    let failed = |error| SocketError::attempt(format!("could not set {name}"), error);
    write(SockRef::from(socket.descriptor().handle())).map_err(failed)
}

/// The most that options hold; more would wrap around to something small.
const MOST: u32 = i32::MAX as u32;

/// A size, no larger than an option can hold.
fn representable(size: usize) -> usize {
    size.min(MOST as usize)
}

/// Whole seconds, never fewer than asked for: an option in seconds would take half a second for none.
fn whole_seconds(duration: Duration) -> Duration {
    let seconds = duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0));
    Duration::from_secs(seconds.min(MOST.into()))
}

/// A number of hops, which the system would take for "the default" if it were far too large.
fn hops(hops: u32) -> io::Result<u32> {
    if hops <= 255 { Ok(hops) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

impl_for! { [TcpSocket, UdpSocket, TcpListener] {
    /// The bytes the system may keep for this socket until they are received (`SO_RCVBUF`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn recv_buffer_size(&self) -> Result<usize, SocketError> {
        get(self, "SO_RCVBUF", |option| option.recv_buffer_size())
    }

    /// Asks for a receive buffer (`SO_RCVBUF`) and returns the size granted: Linux doubles the number for its own
    /// bookkeeping and limits it (`net.core.rmem_max`).
    ///
    /// Connections a listener accepts have its size. For large windows set it before connecting.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_recv_buffer_size(&self, size: usize) -> Result<usize, SocketError> {
        set(self, "SO_RCVBUF", |option| {
            option.set_recv_buffer_size(representable(size))?;
            option.recv_buffer_size()
        })
    }

    /// The bytes the system may keep for this socket until they are sent (`SO_SNDBUF`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn send_buffer_size(&self) -> Result<usize, SocketError> {
        get(self, "SO_SNDBUF", |option| option.send_buffer_size())
    }

    /// Asks for a send buffer (`SO_SNDBUF`) and returns the size granted: Linux doubles the number for its own
    /// bookkeeping and limits it (`net.core.wmem_max`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_send_buffer_size(&self, size: usize) -> Result<usize, SocketError> {
        set(self, "SO_SNDBUF", |option| {
            option.set_send_buffer_size(representable(size))?;
            option.send_buffer_size()
        })
    }
} }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_second_count_as_a_whole_one() {
        let rounded = [0, 1, 999, 1000, 1001].map(|millis| whole_seconds(Duration::from_millis(millis)));
        assert_eq!(rounded, [0, 1, 1, 1, 2].map(Duration::from_secs));
        assert_eq!(whole_seconds(Duration::MAX).subsec_nanos(), 0);
    }
}
