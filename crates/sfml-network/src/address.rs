//! `IpAddress`: an IPv4 or IPv6 address, and the ways to get one.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use crate::error::SocketError;
use crate::resolver;
use crate::sys;
use crate::wait::Wait;

/// An IPv4 or IPv6 address without port and scope.
///
/// Parsing ([`FromStr`]) takes numbers only and never touches the network; names are looked up by
/// [`resolve`](Self::resolve). Order is numeric, IPv4 before IPv6.
///
/// ```
/// use sfml_network::IpAddress;
///
/// let address: IpAddress = "192.168.1.56".parse()?;
/// assert_eq!(address, IpAddress::from_bytes(192, 168, 1, 56));
/// assert_eq!(address.to_integer(), Some(0xC0A8_0138));
/// assert!("::1".parse::<IpAddress>()?.is_v6());
/// assert!("localhost".parse::<IpAddress>().is_err());
/// # Ok::<(), sfml_network::ParseAddressError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IpAddress(IpAddr);

impl IpAddress {
    /// `0.0.0.0`: every IPv4 interface of this computer, for binding and listening.
    pub const ANY: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    /// `::`: every interface of this computer, IPv6 and IPv4, for binding and listening.
    pub const ANY_V6: Self = Self(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    /// `127.0.0.1`: this computer, reachable by itself only.
    pub const LOCAL_HOST: Self = Self(IpAddr::V4(Ipv4Addr::LOCALHOST));
    /// `::1`: this computer, reachable by itself only.
    pub const LOCAL_HOST_V6: Self = Self(IpAddr::V6(Ipv6Addr::LOCALHOST));
    /// `255.255.255.255`: every computer of the local network, for UDP.
    pub const BROADCAST: Self = Self(IpAddr::V4(Ipv4Addr::BROADCAST));

    /// The IPv4 address `b0.b1.b2.b3`.
    pub const fn from_bytes(b0: u8, b1: u8, b2: u8, b3: u8) -> Self {
        Self(IpAddr::V4(Ipv4Addr::new(b0, b1, b2, b3)))
    }

    /// The IPv4 address whose first byte is the integer's most significant: `0x7F00_0001` is `127.0.0.1`.
    pub const fn from_integer(integer: u32) -> Self {
        Self(IpAddr::V4(Ipv4Addr::from_bits(integer)))
    }

    /// Looks up all addresses of a name, in the system's order of preference, without repetitions.
    ///
    /// Numeric addresses are returned as they are. The lookup (`getaddrinfo(3)`) runs on a helper thread, so
    /// that the deadline and the interrupt hook hold; a lookup that was given up ends by itself in the
    /// background. At most 32 lookups run at once in a process.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: the time ran out.
    /// * [`SocketError::Other`]: no such name, or no server to ask (`NotFound`); an impossible name; too many lookups
    ///   at once.
    pub fn resolve<'a>(name: &str, timeout: impl Into<Wait<'a>>) -> Result<Vec<Self>, SocketError> {
        Self::resolve_by(name, &mut timeout.into())
    }

    pub(crate) fn resolve_by(name: &str, wait: &mut Wait<'_>) -> Result<Vec<Self>, SocketError> {
        match name.parse() {
            Ok(address) => Ok(vec![address]),
            Err(_) => resolver::look_up(name, wait),
        }
    }

    /// The IPv4 address this computer has in its local network: that of the interface with the default route.
    ///
    /// Nothing is sent: a UDP socket is given a distant peer and asked for its own address.
    ///
    /// # Errors
    /// [`SocketError::Other`] when there is no route.
    pub fn local() -> Result<Self, SocketError> {
        // An address reserved for documentation (RFC 5737): routed like any distant one, and nobody's.
        Self::local_towards(Self::from_bytes(192, 0, 2, 1))
    }

    /// As [`local`](Self::local), for IPv6.
    ///
    /// # Errors
    /// [`SocketError::Other`] when there is no IPv6 route.
    pub fn local_v6() -> Result<Self, SocketError> {
        // RFC 3849.
        Self::local_towards(Self(IpAddr::V6(Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 1))))
    }

    fn local_towards(distant: Self) -> Result<Self, SocketError> {
        const DISCARD_PORT: u16 = 9;
        let distant = distant.with_port(DISCARD_PORT);
        let find = || {
            let handle = sys::open(&distant, sys::Kind::Datagram)?;
            sys::connect(&handle, &distant)?;
            sys::local_address(&handle)
        };
        find()
            .map(|own| own.ip().into())
            .map_err(|error| SocketError::attempt("could not find the local address", error))
    }

    /// Whether this is an IPv4 address.
    pub const fn is_v4(self) -> bool {
        self.0.is_ipv4()
    }

    /// Whether this is an IPv6 address.
    pub const fn is_v6(self) -> bool {
        self.0.is_ipv6()
    }

    /// The integer of an IPv4 address, most significant byte first; `None` for IPv6.
    pub const fn to_integer(self) -> Option<u32> {
        match self.0 {
            IpAddr::V4(address) => Some(address.to_bits()),
            IpAddr::V6(_) => None,
        }
    }

    pub(crate) const fn with_port(self, port: u16) -> SocketAddr {
        SocketAddr::new(self.0, port)
    }

    /// The place to bind or listen on. Linux would accept the broadcast address, and then receive nothing that was
    /// sent to one host.
    pub(crate) fn to_bind(self, port: u16) -> Result<SocketAddr, SocketError> {
        if self == Self::BROADCAST {
            let sentence = "the broadcast address cannot be bound to or listened on, use ANY";
            return Err(SocketError::condition(sys::code::INVALID, sentence));
        }
        Ok(self.with_port(port))
    }

    /// The address of a peer, an IPv4 one as such even if it came in through a dual-stack socket.
    #[inline]
    pub(crate) fn of_peer(address: SocketAddr) -> (Self, u16) {
        (Self(address.ip().to_canonical()), address.port())
    }
}

impl fmt::Display for IpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for IpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IpAddress({})", self.0)
    }
}

/// The text was not a numeric IPv4 or IPv6 address.
///
/// Names are not looked up by parsing; use [`IpAddress::resolve`]. Shortened forms such as `127.1` and scopes
/// such as `fe80::1%eth0` are refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseAddressError(String);

impl fmt::Display for ParseAddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a numeric IPv4 or IPv6 address", self.0)
    }
}

impl std::error::Error for ParseAddressError {}

impl FromStr for IpAddress {
    type Err = ParseAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Longer text cannot be an address, and is not worth repeating whole.
        let shown = || text.chars().take(64).collect();
        text.parse().map(Self).map_err(|_| ParseAddressError(shown()))
    }
}

impl From<IpAddr> for IpAddress {
    fn from(address: IpAddr) -> Self {
        Self(address)
    }
}

impl From<Ipv4Addr> for IpAddress {
    fn from(address: Ipv4Addr) -> Self {
        Self(address.into())
    }
}

impl From<Ipv6Addr> for IpAddress {
    fn from(address: Ipv6Addr) -> Self {
        Self(address.into())
    }
}

impl From<[u8; 4]> for IpAddress {
    fn from(bytes: [u8; 4]) -> Self {
        Self(bytes.into())
    }
}

impl From<[u8; 16]> for IpAddress {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes.into())
    }
}

impl From<IpAddress> for IpAddr {
    fn from(address: IpAddress) -> Self {
        address.0
    }
}
