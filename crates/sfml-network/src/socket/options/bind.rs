//! Options a socket must have before it takes its port.

use std::io;

use socket2::SockRef;

use crate::sys::Handle;

/// How [`UdpSocket::bind_with`](crate::UdpSocket::bind_with) takes a port.
///
/// ```
/// use sfml_network::{BindOptions, IpAddress, UdpSocket};
///
/// let shared = BindOptions { reuse_address: true, ..BindOptions::default() };
/// let socket = UdpSocket::bind_with(IpAddress::ANY, 0, shared)?;
/// # let _ = socket;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BindOptions {
    /// Shares the port with others that do the same (`SO_REUSEADDR`), as the members of a multicast group on one
    /// computer must. On Windows it takes the port from whoever has it.
    pub reuse_address: bool,
    /// Spreads datagrams over all sockets on that port that do the same (`SO_REUSEPORT`), for servers of several
    /// threads or processes. Unix only; elsewhere it fails as `Unsupported`.
    pub reuse_port: bool,
    /// Leaves IPv4 to others, for an IPv6 address (`IPV6_V6ONLY`).
    pub only_v6: bool,
}

/// How [`TcpListener::listen_with`](crate::TcpListener::listen_with) takes a port.
///
/// ```
/// use sfml_network::{IpAddress, ListenOptions, TcpListener};
///
/// let patient = ListenOptions { backlog: 16, ..ListenOptions::default() };
/// let listener = TcpListener::listen_with(IpAddress::LOCAL_HOST, 0, patient)?;
/// # let _ = listener;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListenOptions {
    /// Connections the system keeps waiting to be accepted; it lowers the number to its own maximum. 4096 by
    /// default.
    pub backlog: u32,
    /// Takes a port again right after an earlier server let it go (`SO_REUSEADDR`). On by default, but for
    /// Windows, where that is so anyway and the option takes the port from a server that has it.
    pub reuse_address: bool,
    /// Spreads connections over all listeners on that port that do the same (`SO_REUSEPORT`). Unix only;
    /// elsewhere it fails as `Unsupported`.
    pub reuse_port: bool,
    /// Leaves IPv4 to others, for an IPv6 address (`IPV6_V6ONLY`).
    pub only_v6: bool,
}

impl Default for ListenOptions {
    fn default() -> Self {
        Self { backlog: 4096, reuse_address: cfg!(unix), reuse_port: false, only_v6: false }
    }
}

impl ListenOptions {
    pub(in super::super) fn apply(&self, handle: &Handle) -> io::Result<()> {
        let Self { reuse_address, reuse_port, only_v6, .. } = *self;
        BindOptions { reuse_address, reuse_port, only_v6 }.apply(handle)
    }
}

impl BindOptions {
    pub(in super::super) fn apply(&self, handle: &Handle) -> io::Result<()> {
        let socket = SockRef::from(handle);
        if self.reuse_address {
            socket.set_reuse_address(true)?;
        }
        if self.reuse_port {
            #[cfg(unix)]
            socket.set_reuse_port(true)?;
            #[cfg(not(unix))]
            return Err(io::ErrorKind::Unsupported.into());
        }
        if self.only_v6 {
            socket.set_only_v6(true)?;
        }
        Ok(())
    }
}
