//! `UdpSocket`: sends and receives datagrams.
//!
//! `peer` is for a socket that talks to one address only, `packets` for packets, `guard` for what keeps a call from
//! being made and what is said then.

mod guard;
mod packets;
mod peer;

use std::mem::MaybeUninit;
use std::net::SocketAddr;

pub(super) use self::guard::{misfit, too_long};
use self::packets::Transform;
use super::datagrams::{Refusals, Runs};
use super::mode::{Mode, descriptor_traits, mode_methods};
use super::options::BindOptions;
use crate::address::IpAddress;
use crate::descriptor::{Descriptor, OnClose};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys::{self, Handle};
use crate::wait::Wait;

/// Sends datagrams to, and receives them from, any address.
///
/// A datagram arrives whole or not at all; it may be lost, repeated or overtaken. Sending to broadcast addresses
/// is allowed (`SO_BROADCAST`), as in SFML. A socket bound to [`IpAddress::ANY_V6`] talks to IPv4 peers too, and
/// reports them with their IPv4 addresses.
///
/// ```
/// use sfml_network::{IpAddress, UdpSocket};
///
/// let alice = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
/// let bob = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
/// alice.send(b"hello", IpAddress::LOCAL_HOST, bob.local_port())?;
///
/// let mut buffer = [0; 1500];
/// let (length, sender, port) = bob.receive(&mut buffer)?;
/// assert_eq!(&buffer[..length], b"hello");
/// assert_eq!((sender, port), (IpAddress::LOCAL_HOST, alice.local_port()));
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Debug)]
pub struct UdpSocket {
    pub(super) descriptor: Descriptor,
    pub(super) mode: Mode,
    /// An IPv6 socket reaches IPv4 addresses in their mapped form only.
    pub(super) is_v6: bool,
    /// Adopted, and no UDP socket: nothing may be done with it but giving it back.
    is_misfit: bool,
    pub(super) runs: Runs,
    pub(super) refusals: Refusals,
    transform: Transform,
}

impl UdpSocket {
    /// The most bytes one datagram may carry: 65535 less the IPv4 and UDP headers. No longer one is sent, over IPv6
    /// neither; there other programs may send up to 20 bytes more.
    pub const MAX_DATAGRAM_SIZE: usize = 65_507;

    /// The longest datagram that can arrive, over IPv6.
    pub(super) const LONGEST: usize = 65_527;

    /// Takes a port of an address of this computer (`bind(2)`); port 0 lets the system choose.
    ///
    /// # Errors
    /// [`SocketError::Other`]: port taken, not permitted, or no address of this computer.
    pub fn bind(address: impl Into<IpAddress>, port: u16) -> Result<Self, SocketError> {
        Self::bind_with(address, port, BindOptions::default())
    }

    /// As [`bind`](Self::bind), sharing the port or not.
    ///
    /// # Errors
    /// As [`bind`](Self::bind); an option that the system does not have (`Unsupported`).
    pub fn bind_with(
        address: impl Into<IpAddress>,
        port: u16,
        options: BindOptions,
    ) -> Result<Self, SocketError> {
        let address = address.into();
        let own = address.to_bind(port)?;
        let bind = || {
            let handle = sys::open(&own, sys::Kind::Datagram)?;
            socket2::SockRef::from(&handle).set_broadcast(true)?;
            options.apply(&handle)?;
            sys::bind(&handle, &own)?;
            Ok(Self::new(handle, address.is_v6()))
        };
        bind()
            .map_err(|error| SocketError::attempt(format!("could not bind to {address} port {port}"), error))
    }

    fn new(handle: Handle, is_v6: bool) -> Self {
        Self {
            descriptor: Descriptor::new(handle, OnClose::BadDescriptor),
            mode: Mode::new(true),
            is_v6,
            is_misfit: false,
            runs: Runs::default(),
            refusals: Refusals::default(),
            transform: Transform::default(),
        }
    }

    fn from_handle(handle: Handle) -> Self {
        let is_v6 = sys::local_address(&handle).is_ok_and(|address| address.is_ipv6());
        let is_misfit = !sys::is_of_kind(&handle, sys::Kind::Datagram);
        let socket = Self { is_misfit, ..Self::new(handle, is_v6) };
        socket.runs.adopt(socket.descriptor.handle());
        socket
    }

    mode_methods!();

    /// The port, 0 after [`close`](Self::close).
    pub fn local_port(&self) -> u16 {
        self.descriptor.local_address().map_or(0, |address| address.port())
    }

    /// The address it is bound to, `None` after [`close`](Self::close).
    pub fn local_address(&self) -> Option<IpAddress> {
        self.descriptor.local_address().map(|address| address.ip().into())
    }

    /// Sends one datagram (`sendto(2)`), in blocking mode waiting for room in the socket's buffer.
    ///
    /// Success means that it was handed to the network, not that it arrived.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: no room in the time allowed.
    /// * [`SocketError::Other`]: longer than [`MAX_DATAGRAM_SIZE`](Self::MAX_DATAGRAM_SIZE) (nothing is sent),
    ///   port 0, no route, the broadcast was not permitted, an IPv6 address on an IPv4 socket, or an earlier
    ///   datagram to a [connected](Self::connect) peer was refused.
    #[inline(always)]
    pub fn send(&self, data: &[u8], address: impl Into<IpAddress>, port: u16) -> Result<usize, SocketError> {
        let target = self.target(address.into(), port);
        match self.try_send_to(data, &target) {
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.send_waiting(data, &target, self.mode.wait())
            }
            done => done,
        }
    }

    /// Sends one datagram, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_within<'a>(
        &self,
        data: &[u8],
        address: impl Into<IpAddress>,
        port: u16,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        self.send_waiting(data, &self.target(address.into(), port), timeout.into())
    }

    /// Sends one datagram if there is room at once, whatever the mode.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    #[inline(always)]
    pub fn try_send(
        &self,
        data: &[u8],
        address: impl Into<IpAddress>,
        port: u16,
    ) -> Result<usize, SocketError> {
        self.try_send_to(data, &self.target(address.into(), port))
    }

    #[inline(always)]
    pub(super) fn try_send_to(&self, data: &[u8], target: &SocketAddr) -> Result<usize, SocketError> {
        self.check_send(data.len())?;
        match sys::send_to(self.descriptor.handle(), data, target) {
            Ok(sent) => Ok(sent),
            Err(error) => Err(self.send_error(error, target)),
        }
    }

    #[cold]
    fn send_waiting(
        &self,
        data: &[u8],
        target: &SocketAddr,
        mut wait: Wait<'_>,
    ) -> Result<usize, SocketError> {
        wait.retry(&self.descriptor, Readiness::WRITABLE, || self.try_send_to(data, target))
    }

    /// The address as this socket's family writes it.
    #[inline]
    pub(super) fn target(&self, address: IpAddress, port: u16) -> SocketAddr {
        match address.with_port(port) {
            SocketAddr::V4(v4) if self.is_v6 => SocketAddr::new(v4.ip().to_ipv6_mapped().into(), port),
            plain => plain,
        }
    }

    /// Receives one datagram (`recvfrom(2)`) and returns its length, sender and sender's port; in blocking mode
    /// it waits for one. An empty datagram has length 0. A buffer of 65507 bytes takes every datagram that came
    /// over IPv4, one of 65527 bytes those over IPv6 too.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: none came in the time allowed.
    /// * [`SocketError::Other`]: the datagram was longer than the buffer, and is dropped, never shortened
    ///   (`EMSGSIZE`); or the socket was closed.
    #[inline(always)]
    pub fn receive(&self, buffer: &mut [u8]) -> Result<(usize, IpAddress, u16), SocketError> {
        match self.try_receive(buffer) {
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.receive_within(buffer, self.mode.wait())
            }
            done => done,
        }
    }

    /// Receives one datagram, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[cold]
    pub fn receive_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<(usize, IpAddress, u16), SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::READABLE, || self.try_receive(buffer))
    }

    /// Receives a datagram that is there already, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[inline(always)]
    pub fn try_receive(&self, buffer: &mut [u8]) -> Result<(usize, IpAddress, u16), SocketError> {
        self.check_receive()?;
        self.arrived(self.receive_one(sys::as_uninit(buffer)), buffer.len())
    }

    /// As [`try_receive`](Self::try_receive), into memory that need not be initialised: its first bytes, as many
    /// as the length returned, are.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    #[inline]
    pub fn try_receive_uninit(
        &self,
        buffer: &mut [MaybeUninit<u8>],
    ) -> Result<(usize, IpAddress, u16), SocketError> {
        self.check_receive()?;
        let room = buffer.len();
        self.arrived(self.receive_one(buffer), room)
    }

    #[inline(always)]
    fn receive_one(&self, buffer: &mut [MaybeUninit<u8>]) -> std::io::Result<sys::Arrival> {
        if self.runs.is_active() {
            return self.runs.next(self.descriptor.handle(), buffer).map(|(arrival, _)| arrival);
        }
        sys::receive_from(self.descriptor.handle(), buffer)
    }

    #[inline(always)]
    pub(super) fn receive_by<T>(
        &self,
        mut receive: impl FnMut() -> Result<T, SocketError>,
    ) -> Result<T, SocketError> {
        match receive() {
            Err(SocketError::NotReady) if self.mode.is_blocking() => {
                self.mode.wait().retry(&self.descriptor, Readiness::READABLE, receive)
            }
            done => done,
        }
    }

    #[inline(always)]
    fn arrived(
        &self,
        arrival: std::io::Result<sys::Arrival>,
        room: usize,
    ) -> Result<(usize, IpAddress, u16), SocketError> {
        match arrival {
            Ok(sys::Arrival { received, length, sender: Some(sender) }) if length <= received => {
                let (address, port) = IpAddress::of_peer(sender);
                Ok((received, address, port))
            }
            Ok(sys::Arrival { length, sender: Some(_), .. }) => Err(too_long(length, room)),
            Ok(_) => Err(self.descriptor.closed_error()),
            Err(error) => Err(self.receive_error(error)),
        }
    }

    /// Waits until there is a datagram to receive, or an error.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_readable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.check_kind()?;
        timeout.into().until_ready(&self.descriptor, Readiness::READABLE)
    }

    /// Waits until there is room to send.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_writable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.check_kind()?;
        timeout.into().until_ready(&self.descriptor, Readiness::WRITABLE)
    }

    /// Ends the calls other threads have under way, and leaves all selectors. Later calls fail, also while datagrams
    /// wait. The port is free when the socket is dropped.
    pub fn close(&self) {
        self.descriptor.close();
    }
}

descriptor_traits!(UdpSocket, sys::Kind::Datagram, |socket| socket.runs.end(socket.descriptor.handle()));
