//! Making a connection: always a non-blocking attempt, then a wait for its end.

use std::net::SocketAddr;

use super::super::mode::Mode;
use super::{Packets, TcpSocket};
use crate::address::IpAddress;
use crate::descriptor::{Descriptor, OnClose};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

impl TcpSocket {
    /// Connects to an address, waiting until that succeeds or fails (`connect(2)`).
    ///
    /// `timeout` bounds the whole call: a [`Duration`](std::time::Duration), a [`Deadline`](crate::Deadline), a [`Wait`]
    /// with an interrupt hook, or `None` for the system's own limit, about two minutes on Linux.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: the time ran out; the attempt is given up.
    /// * [`SocketError::Disconnected`]: the system's own limit ran out.
    /// * [`SocketError::Other`]: refused, unreachable, port 0, no descriptors left.
    pub fn connect<'a>(
        address: impl Into<IpAddress>,
        port: u16,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<Self, SocketError> {
        Self::connect_by(address.into(), port, &mut timeout.into())
    }

    fn connect_by(address: IpAddress, port: u16, wait: &mut Wait<'_>) -> Result<Self, SocketError> {
        let socket = Self::begin(address, port)?;
        wait.until_ready(&socket.descriptor, Readiness::WRITABLE)?;
        if let Some(error) = sys::take_error(socket.descriptor.handle()).map_err(SocketError::classify)? {
            return Err(failed(&address.with_port(port), error));
        }
        socket.mode.set_blocking(true);
        sys::settle(socket.descriptor.handle()).map_err(SocketError::classify)?;
        Ok(socket)
    }

    /// Connects to a host by name, trying each of its addresses in turn; `timeout` bounds it all.
    ///
    /// The time left is shared evenly among the addresses left, so that a dead one does not use it up.
    ///
    /// # Errors
    /// Those of [`IpAddress::resolve`]; else, when every address failed, those of [`connect`](Self::connect) for
    /// the last one.
    pub fn connect_host<'a>(
        name: &str,
        port: u16,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<Self, SocketError> {
        let mut wait = timeout.into();
        let addresses = IpAddress::resolve_by(name, &mut wait)?;
        Self::connect_any(&addresses, port, &mut wait)
    }

    /// Connects to the first of these addresses that answers.
    pub(crate) fn connect_any(
        addresses: &[IpAddress],
        port: u16,
        wait: &mut Wait<'_>,
    ) -> Result<Self, SocketError> {
        let mut outcome = Err(SocketError::NotReady);
        for (tried, address) in addresses.iter().enumerate() {
            let share = wait.deadline().remaining().map(|left| left / (addresses.len() - tried) as u32);
            outcome = wait.until_sooner(share.into(), |wait| Self::connect_by(*address, port, wait));
            if outcome.is_ok() || wait.was_interrupted() {
                break;
            }
        }
        outcome
    }

    /// Starts to connect and returns at once with a socket in non-blocking mode.
    ///
    /// The attempt has ended when the socket becomes writable: wait for that with a selector
    /// ([`Readiness::WRITABLE`](crate::Readiness::WRITABLE)), or ask [`finish_connect`](Self::finish_connect).
    ///
    /// ```
    /// use sfml_network::{IpAddress, SocketError, TcpListener, TcpSocket};
    ///
    /// let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    /// let socket = TcpSocket::start_connect(IpAddress::LOCAL_HOST, listener.local_port())?;
    /// while let Err(SocketError::NotReady) = socket.finish_connect() {
    ///     // draw a frame
    /// }
    /// assert_eq!(socket.remote_port(), listener.local_port());
    /// # Ok::<(), SocketError>(())
    /// ```
    ///
    /// # Errors
    /// [`SocketError::Other`] when the attempt fails at once.
    pub fn start_connect(address: impl Into<IpAddress>, port: u16) -> Result<Self, SocketError> {
        Self::begin(address.into(), port)
    }

    /// Whether a connection attempt has succeeded. Does not wait.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: not yet.
    /// * [`SocketError::Other`], [`SocketError::Disconnected`]: it failed, and will not succeed any more.
    pub fn finish_connect(&self) -> Result<(), SocketError> {
        self.wait_writable(std::time::Duration::ZERO)?;
        match sys::take_error(self.descriptor.handle()).map_err(SocketError::classify)? {
            Some(error) => Err(SocketError::attempt("could not connect", error)),
            None if self.descriptor.remote_address().is_some() => Ok(()),
            None if self.descriptor.is_closed() => Err(self.descriptor.closed_error()),
            None => Err(SocketError::classify(std::io::ErrorKind::NotConnected.into())),
        }
    }

    /// Waits until a connection attempt has succeeded or failed; then the socket is in blocking mode.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn finish_connect_within<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.wait_writable(timeout)?;
        self.finish_connect()?;
        self.mode.set_blocking(true);
        sys::settle(self.descriptor.handle()).map_err(SocketError::classify)
    }

    fn begin(address: IpAddress, port: u16) -> Result<Self, SocketError> {
        let target = address.with_port(port);
        let start = || {
            let handle = sys::open(&target, sys::Kind::Stream)?;
            socket2::SockRef::from(&handle).set_tcp_nodelay(true)?;
            match sys::connect(&handle, &target) {
                Err(error)
                    if !sys::is_in_progress(&error) && error.kind() != std::io::ErrorKind::WouldBlock =>
                {
                    Err(error)
                }
                // An interrupted attempt goes on by itself, like one in progress.
                _ => Ok(handle),
            }
        };
        let handle = start().map_err(|error| failed(&target, error))?;
        Ok(Self {
            descriptor: Descriptor::new(handle, OnClose::Disconnected),
            mode: Mode::new(false),
            packets: Packets::default(),
        })
    }
}

fn failed(target: &SocketAddr, error: std::io::Error) -> SocketError {
    SocketError::attempt(format!("could not connect to {} port {}", target.ip(), target.port()), error)
}
