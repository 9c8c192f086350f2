//! `TcpListener`: accepts TCP connections.

use super::mode::{Mode, descriptor_traits, mode_methods};
use super::options::ListenOptions;
use super::tcp::TcpSocket;
use super::udp::misfit;
use crate::address::IpAddress;
use crate::descriptor::{Descriptor, OnClose};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys::{self, Handle};
use crate::wait::Wait;

/// Listens on a port and accepts connections.
///
/// The port can be listened on again as soon as the listener is dropped (`SO_REUSEADDR`, on Unix). Accepted
/// sockets are in blocking mode whatever the listener's mode, and have `TCP_NODELAY` on.
///
/// ```
/// use sfml_network::{IpAddress, TcpListener, TcpSocket};
///
/// let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
/// let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), None)?;
/// let server = listener.accept()?;
/// assert_eq!(server.remote_port(), client.local_port());
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Debug)]
pub struct TcpListener {
    descriptor: Descriptor,
    mode: Mode,
    /// Adopted, and no stream socket: nothing may be done with it but giving it back.
    is_misfit: bool,
}

impl TcpListener {
    /// Listens on a port of an address of this computer (`bind(2)`, `listen(2)`); port 0 lets the system choose,
    /// [`local_port`](Self::local_port) tells which. [`IpAddress::ANY_V6`] accepts IPv4 connections too.
    ///
    /// # Errors
    /// [`SocketError::Other`]: port taken, not permitted, or no address of this computer.
    pub fn listen(address: impl Into<IpAddress>, port: u16) -> Result<Self, SocketError> {
        Self::listen_with(address, port, ListenOptions::default())
    }

    /// As [`listen`](Self::listen), sharing the port or not, and with a number of connections that may wait to be
    /// accepted.
    ///
    /// # Errors
    /// As [`listen`](Self::listen); an option that the system does not have (`Unsupported`).
    pub fn listen_with(
        address: impl Into<IpAddress>,
        port: u16,
        options: ListenOptions,
    ) -> Result<Self, SocketError> {
        let address = address.into();
        let own = address.to_bind(port)?;
        let listen = || {
            let handle = sys::open(&own, sys::Kind::Listener)?;
            // Accepted sockets inherit it, which saves a system call for each.
            socket2::SockRef::from(&handle).set_tcp_nodelay(true)?;
            options.apply(&handle)?;
            sys::listen(&handle, &own, i32::try_from(options.backlog).unwrap_or(i32::MAX))?;
            Ok(Self::new(handle, false))
        };
        listen().map_err(|error| {
            SocketError::attempt(format!("could not listen on {address} port {port}"), error)
        })
    }

    fn from_handle(handle: Handle) -> Self {
        let is_misfit = !sys::is_of_kind(&handle, sys::Kind::Listener);
        Self::new(handle, is_misfit)
    }

    fn new(handle: Handle, is_misfit: bool) -> Self {
        Self { descriptor: Descriptor::new(handle, OnClose::BadDescriptor), mode: Mode::new(true), is_misfit }
    }

    mode_methods!();

    /// The port, 0 after [`close`](Self::close).
    pub fn local_port(&self) -> u16 {
        self.descriptor.local_address().map_or(0, |address| address.port())
    }

    /// The address it listens on, `None` after [`close`](Self::close).
    pub fn local_address(&self) -> Option<IpAddress> {
        self.descriptor.local_address().map(|address| address.ip().into())
    }

    /// Accepts a connection (`accept4(2)`), in blocking mode waiting for one.
    ///
    /// A connection that its client gave up before it was accepted is passed over.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: none came in the time allowed.
    /// * [`SocketError::Other`]: the listener was closed, or no descriptors are left: the connection then stays
    ///   in the queue, and a selector keeps reporting it.
    #[inline(always)]
    pub fn accept(&self) -> Result<TcpSocket, SocketError> {
        match self.try_accept() {
            Err(SocketError::NotReady) if self.mode.is_blocking() => self.accept_waiting(self.mode.wait()),
            done => done,
        }
    }

    /// Accepts a connection, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`accept`](Self::accept).
    pub fn accept_within<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<TcpSocket, SocketError> {
        self.accept_waiting(timeout.into())
    }

    /// Accepts a connection that is there already, whatever the mode.
    ///
    /// # Errors
    /// As [`accept`](Self::accept).
    #[inline(always)]
    pub fn try_accept(&self) -> Result<TcpSocket, SocketError> {
        self.check_kind()?;
        loop {
            match sys::accept(self.descriptor.handle()) {
                Ok(_) if self.descriptor.is_closed() => return Err(self.descriptor.closed_error()),
                Ok(handle) => return Ok(TcpSocket::from_handle(handle)),
                Err(error) if sys::is_lost_connection(&error) => {}
                Err(_) if self.descriptor.is_closed() => return Err(self.descriptor.closed_error()),
                Err(error) => return Err(refused(error)),
            }
        }
    }

    #[inline(always)]
    fn check_kind(&self) -> Result<(), SocketError> {
        if self.is_misfit { Err(misfit("a TCP listener")) } else { Ok(()) }
    }

    #[cold]
    fn accept_waiting(&self, mut wait: Wait<'_>) -> Result<TcpSocket, SocketError> {
        wait.retry(&self.descriptor, Readiness::READABLE, || self.try_accept())
    }

    /// Waits until there is a connection to accept.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_readable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.check_kind()?;
        timeout.into().until_ready(&self.descriptor, Readiness::READABLE)
    }

    /// Stops listening, and ends the calls other threads have under way. The port is free when the listener is
    /// dropped.
    pub fn close(&self) {
        self.descriptor.close();
    }
}

#[cold]
fn refused(error: std::io::Error) -> SocketError {
    match error.kind() {
        std::io::ErrorKind::WouldBlock => SocketError::NotReady,
        _ => SocketError::attempt("could not accept a connection", error),
    }
}

descriptor_traits!(TcpListener, sys::Kind::Listener);
