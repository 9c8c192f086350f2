//! One datagram for many receivers: broadcast and multicast.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{UdpSocket, get, set};
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::sys;

#[cfg(not(any(target_os = "netbsd", target_os = "openbsd")))]
use socket2::InterfaceIndexOrAddress;

fn wrong(address: IpAddress, what: &str) -> SocketError {
    SocketError::condition(sys::code::INVALID, format!("{address} is no {what}"))
}

fn v4(address: IpAddress) -> Result<Ipv4Addr, SocketError> {
    match address.into() {
        IpAddr::V4(address) => Ok(address),
        IpAddr::V6(_) => Err(wrong(address, "IPv4 address of an interface")),
    }
}

fn group_v4(address: IpAddress) -> Result<Ipv4Addr, SocketError> {
    match address.into() {
        IpAddr::V4(group) if group.is_multicast() => Ok(group),
        _ => Err(wrong(address, "IPv4 group, those are 224.0.0.0 to 239.255.255.255")),
    }
}

fn group_v6(address: IpAddress) -> Result<Ipv6Addr, SocketError> {
    match address.into() {
        IpAddr::V6(group) if group.is_multicast() => Ok(group),
        _ => Err(wrong(address, "IPv6 group, those begin with ff")),
    }
}

impl UdpSocket {
    /// Whether datagrams may be sent to broadcast addresses (`SO_BROADCAST`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn broadcast(&self) -> Result<bool, SocketError> {
        get(self, "SO_BROADCAST", |option| option.broadcast())
    }

    /// Allows datagrams to broadcast addresses, the default, or forbids them (`SO_BROADCAST`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_broadcast(&self, on: bool) -> Result<(), SocketError> {
        set(self, "SO_BROADCAST", |option| option.set_broadcast(on))
    }

    /// Receives what is sent to an IPv4 group, on the interface that has the given address;
    /// [`IpAddress::ANY`] lets the system choose one (`IP_ADD_MEMBERSHIP`).
    ///
    /// The socket must be bound to [`IpAddress::ANY`] or the group, and the group's port. Several sockets can
    /// share that port with [`BindOptions::reuse_address`](crate::BindOptions::reuse_address).
    ///
    /// ```no_run
    /// use sfml_network::{IpAddress, UdpSocket};
    ///
    /// let group = IpAddress::from_bytes(239, 255, 77, 77);
    /// let socket = UdpSocket::bind(IpAddress::ANY, 4040)?;
    /// socket.join_multicast_v4(group, IpAddress::ANY)?;
    /// socket.send(b"who is here?", group, 4040)?;
    /// # Ok::<(), sfml_network::SocketError>(())
    /// ```
    ///
    /// # Errors
    /// [`SocketError::Other`]: not an IPv4 group, no such interface, or a member already.
    pub fn join_multicast_v4(
        &self,
        group: impl Into<IpAddress>,
        interface: impl Into<IpAddress>,
    ) -> Result<(), SocketError> {
        let (group, interface) = (group_v4(group.into())?, v4(interface.into())?);
        set(self, "IP_ADD_MEMBERSHIP", |option| option.join_multicast_v4(&group, &interface))
    }

    /// Leaves an IPv4 group joined before with the same arguments (`IP_DROP_MEMBERSHIP`).
    ///
    /// # Errors
    /// [`SocketError::Other`]: not an IPv4 group, or not a member.
    pub fn leave_multicast_v4(
        &self,
        group: impl Into<IpAddress>,
        interface: impl Into<IpAddress>,
    ) -> Result<(), SocketError> {
        let (group, interface) = (group_v4(group.into())?, v4(interface.into())?);
        set(self, "IP_DROP_MEMBERSHIP", |option| option.leave_multicast_v4(&group, &interface))
    }

    /// As [`join_multicast_v4`](Self::join_multicast_v4), with the index of the interface, 0 for any. Not on
    /// NetBSD and OpenBSD.
    ///
    /// # Errors
    /// As [`join_multicast_v4`](Self::join_multicast_v4).
    #[cfg(not(any(target_os = "netbsd", target_os = "openbsd")))]
    pub fn join_multicast_v4_n(
        &self,
        group: impl Into<IpAddress>,
        interface: u32,
    ) -> Result<(), SocketError> {
        let (group, interface) = (group_v4(group.into())?, InterfaceIndexOrAddress::Index(interface));
        set(self, "IP_ADD_MEMBERSHIP", |option| option.join_multicast_v4_n(&group, &interface))
    }

    /// Leaves an IPv4 group joined by interface index. Not on NetBSD and OpenBSD.
    ///
    /// # Errors
    /// As [`leave_multicast_v4`](Self::leave_multicast_v4).
    #[cfg(not(any(target_os = "netbsd", target_os = "openbsd")))]
    pub fn leave_multicast_v4_n(
        &self,
        group: impl Into<IpAddress>,
        interface: u32,
    ) -> Result<(), SocketError> {
        let (group, interface) = (group_v4(group.into())?, InterfaceIndexOrAddress::Index(interface));
        set(self, "IP_DROP_MEMBERSHIP", |option| option.leave_multicast_v4_n(&group, &interface))
    }

    /// Receives what is sent to an IPv6 group, on the interface with the given index, 0 for any
    /// (`IPV6_ADD_MEMBERSHIP`). The socket must be bound to [`IpAddress::ANY_V6`] or the group.
    ///
    /// # Errors
    /// [`SocketError::Other`]: not an IPv6 group, an IPv4 socket, no such interface, or a member already.
    pub fn join_multicast_v6(&self, group: impl Into<IpAddress>, interface: u32) -> Result<(), SocketError> {
        let group = group_v6(group.into())?;
        set(self, "IPV6_ADD_MEMBERSHIP", |option| option.join_multicast_v6(&group, interface))
    }

    /// Leaves an IPv6 group joined before with the same arguments (`IPV6_DROP_MEMBERSHIP`).
    ///
    /// # Errors
    /// [`SocketError::Other`]: not an IPv6 group, or not a member.
    pub fn leave_multicast_v6(&self, group: impl Into<IpAddress>, interface: u32) -> Result<(), SocketError> {
        let group = group_v6(group.into())?;
        set(self, "IPV6_DROP_MEMBERSHIP", |option| option.leave_multicast_v6(&group, interface))
    }

    /// Whether this computer's own members receive what is sent to IPv4 groups (`IP_MULTICAST_LOOP`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn multicast_loop_v4(&self) -> Result<bool, SocketError> {
        get(self, "IP_MULTICAST_LOOP", |option| option.multicast_loop_v4())
    }

    /// Lets this computer's own members receive what is sent to IPv4 groups, the default, or not
    /// (`IP_MULTICAST_LOOP`). Set on the sender; on Windows on the receiver.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_multicast_loop_v4(&self, on: bool) -> Result<(), SocketError> {
        set(self, "IP_MULTICAST_LOOP", |option| option.set_multicast_loop_v4(on))
    }

    /// Whether this computer's own members receive what is sent to IPv6 groups (`IPV6_MULTICAST_LOOP`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn multicast_loop_v6(&self) -> Result<bool, SocketError> {
        get(self, "IPV6_MULTICAST_LOOP", |option| option.multicast_loop_v6())
    }

    /// Lets this computer's own members receive what is sent to IPv6 groups, the default, or not
    /// (`IPV6_MULTICAST_LOOP`). Set on the sender; on Windows on the receiver.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn set_multicast_loop_v6(&self, on: bool) -> Result<(), SocketError> {
        set(self, "IPV6_MULTICAST_LOOP", |option| option.set_multicast_loop_v6(on))
    }

    /// The hops datagrams to IPv4 groups may take (`IP_MULTICAST_TTL`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn multicast_ttl_v4(&self) -> Result<u32, SocketError> {
        get(self, "IP_MULTICAST_TTL", |option| option.multicast_ttl_v4())
    }

    /// Limits the hops datagrams to IPv4 groups may take, 0 to 255; 1, the default, keeps them in the local
    /// network (`IP_MULTICAST_TTL`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_multicast_ttl_v4(&self, hops: u32) -> Result<(), SocketError> {
        set(self, "IP_MULTICAST_TTL", |option| option.set_multicast_ttl_v4(super::hops(hops)?))
    }

    /// The hops datagrams to IPv6 groups may take (`IPV6_MULTICAST_HOPS`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn multicast_hops_v6(&self) -> Result<u32, SocketError> {
        get(self, "IPV6_MULTICAST_HOPS", |option| option.multicast_hops_v6())
    }

    /// Limits the hops datagrams to IPv6 groups may take, 0 to 255; 1, the default, keeps them in the local
    /// network (`IPV6_MULTICAST_HOPS`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn set_multicast_hops_v6(&self, hops: u32) -> Result<(), SocketError> {
        set(self, "IPV6_MULTICAST_HOPS", |option| option.set_multicast_hops_v6(super::hops(hops)?))
    }

    /// The address of the interface that sends to IPv4 groups, [`IpAddress::ANY`] for the system's choice
    /// (`IP_MULTICAST_IF`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn multicast_if_v4(&self) -> Result<IpAddress, SocketError> {
        get(self, "IP_MULTICAST_IF", |option| option.multicast_if_v4()).map(IpAddress::from)
    }

    /// Sends to IPv4 groups by the interface that has the given address (`IP_MULTICAST_IF`).
    ///
    /// # Errors
    /// [`SocketError::Other`]: not an IPv4 address, or no such interface.
    pub fn set_multicast_if_v4(&self, interface: impl Into<IpAddress>) -> Result<(), SocketError> {
        let interface = v4(interface.into())?;
        set(self, "IP_MULTICAST_IF", |option| option.set_multicast_if_v4(&interface))
    }

    /// The index of the interface that sends to IPv6 groups, 0 for the system's choice (`IPV6_MULTICAST_IF`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn multicast_if_v6(&self) -> Result<u32, SocketError> {
        get(self, "IPV6_MULTICAST_IF", |option| option.multicast_if_v6())
    }

    /// Sends to IPv6 groups by the interface with the given index (`IPV6_MULTICAST_IF`).
    ///
    /// # Errors
    /// [`SocketError::Other`]: no such interface, or an IPv4 socket.
    pub fn set_multicast_if_v6(&self, interface: u32) -> Result<(), SocketError> {
        set(self, "IPV6_MULTICAST_IF", |option| option.set_multicast_if_v6(interface))
    }
}
