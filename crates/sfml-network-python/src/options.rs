//! `SocketOptions`: the options of a socket, as attributes.

use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use sfml_network::{SocketError, TcpKeepalive};

use crate::address::IpAddress;
use crate::argument::{AddressArgument, Span};
use crate::error;
use crate::open::Open;
use crate::socket::Socket;

/// The options of an open socket; `Socket.options` returns it.
///
/// Attributes have the names that Rust's standard library uses; their documentation names the system's option.
/// Those a kind of socket does not have raise `SocketError`, as do all while the socket is not open.
///
/// >>> from sfml.network import UdpSocket
/// >>> with UdpSocket() as socket:
/// ...     socket.bind(0)
/// ...     socket.options.broadcast
/// True
#[pyclass(frozen, module = "sfml.network")]
pub(crate) struct SocketOptions(pub(crate) Py<Socket>);

impl SocketOptions {
    /// Runs `of` with the open socket; `None` from it means that this kind has no such option.
    fn with<T>(
        &self,
        py: Python<'_>,
        name: &str,
        of: impl FnOnce(&Open) -> Option<Result<T, SocketError>>,
    ) -> PyResult<T> {
        let open = self.0.get().slot().get();
        let open = open.ok_or_else(|| error::misuse(py, "the socket is not open, so it has no options"))?;
        match of(&open) {
            Some(outcome) => outcome.map_err(|error| error::to_python(py, &error)),
            None => Err(error::misuse(py, format!("this kind of socket has no option {name}"))),
        }
    }
}

/// How a value of the crate appears in Python, and back.
trait Value<'py>: Sized {
    type Python: IntoPyObject<'py>;
    type Argument;

    fn to_python(self) -> Self::Python;
    fn from_python(py: Python<'_>, argument: Self::Argument) -> PyResult<Self>;
}

macro_rules! plain_values {
    ($($value:ty),+) => {$(
        impl<'py> Value<'py> for $value {
            type Python = $value;
            type Argument = $value;

            fn to_python(self) -> Self {
                self
            }

            fn from_python(_py: Python<'_>, argument: Self) -> PyResult<Self> {
                Ok(argument)
            }
        }
    )+};
}

plain_values!(bool, u8, u32, usize);

impl<'py> Value<'py> for Option<Duration> {
    type Python = Self;
    type Argument = Span;

    fn to_python(self) -> Self {
        self
    }

    fn from_python(_py: Python<'_>, Span(argument): Span) -> PyResult<Self> {
        Ok(argument)
    }
}

impl<'py> Value<'py> for Duration {
    type Python = Self;
    type Argument = Span;

    fn to_python(self) -> Self {
        self
    }

    fn from_python(_py: Python<'_>, Span(argument): Span) -> PyResult<Self> {
        argument.ok_or_else(|| PyTypeError::new_err("this option is a time, not None"))
    }
}

impl<'py> Value<'py> for sfml_network::IpAddress {
    type Python = IpAddress;
    type Argument = AddressArgument;

    fn to_python(self) -> IpAddress {
        IpAddress(Some(self))
    }

    fn from_python(py: Python<'_>, argument: AddressArgument) -> PyResult<Self> {
        argument.get(py)
    }
}

impl<'py> Value<'py> for Option<TcpKeepalive> {
    type Python = Option<(Duration, Duration, u32)>;
    type Argument = Option<(Span, Span, u32)>;

    fn to_python(self) -> Self::Python {
        self.map(|keepalive| (keepalive.time, keepalive.interval, keepalive.retries))
    }

    fn from_python(_py: Python<'_>, argument: Self::Argument) -> PyResult<Self> {
        let Some((Span(time), Span(interval), retries)) = argument else { return Ok(None) };
        let missing = || PyTypeError::new_err("tcp_keepalive is None or (time, interval, retries)");
        Ok(Some(TcpKeepalive {
            time: time.ok_or_else(missing)?,
            interval: interval.ok_or_else(missing)?,
            retries,
        }))
    }
}

/// The whole class, made of one line for each option.
macro_rules! options {
    ($($(#[$attribute:meta])* $get:ident, $set:ident: $value:ty, [$($kind:ident)+];)+) => {
        #[pymethods]
        impl SocketOptions {
            $(
                $(#[$attribute])*
                #[getter]
                fn $get(&self, py: Python<'_>) -> PyResult<<$value as Value<'_>>::Python> {
                    let value: $value = self.with(py, stringify!($get), |open| {
                        $(if let Some(socket) = open.$kind() { return Some(socket.$get()); })+
                        None
                    })?;
                    Ok(value.to_python())
                }

                $(#[$attribute])*
                #[setter($get)]
                fn $set(&self, py: Python<'_>, value: <$value as Value<'_>>::Argument) -> PyResult<()> {
                    let value = <$value as Value<'_>>::from_python(py, value)?;
                    self.with(py, stringify!($get), |open| {
                        $(if let Some(socket) = open.$kind() { return Some(socket.$set(value).map(drop)); })+
                        None
                    })
                }
            )+

            fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
                visit.call(&self.0)
            }

            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                Ok(format!("<SocketOptions of {}>", slf.get().0.bind(slf.py()).repr()?))
            }
        }
    };
}

options! {
    /// Bytes the system keeps until they are received (SO_RCVBUF). Linux grants twice what is set, within limits.
    recv_buffer_size, set_recv_buffer_size: usize, [tcp udp listener];
    /// Bytes the system keeps until they are sent (SO_SNDBUF). Linux grants twice what is set, within limits.
    send_buffer_size, set_send_buffer_size: usize, [tcp udp listener];
    /// The hops IPv4 packets may take (IP_TTL).
    ttl_v4, set_ttl_v4: u32, [tcp udp listener];
    /// The hops IPv6 packets may take (IPV6_UNICAST_HOPS).
    unicast_hops_v6, set_unicast_hops_v6: u32, [tcp udp listener];
    /// The class of service of IPv4 packets (IP_TOS): 184 for expedited forwarding, the usual one for games.
    tos_v4, set_tos_v4: u8, [tcp udp listener];
    /// The class of service of IPv6 packets (IPV6_TCLASS). Not on Windows.
    #[cfg(unix)]
    tclass_v6, set_tclass_v6: u8, [tcp udp listener];
    /// The priority of packets in this computer's queues (SO_PRIORITY). Linux only.
    #[cfg(target_os = "linux")]
    priority, set_priority: u32, [tcp udp listener];
    /// How long a receive asks the device itself before it sleeps (SO_BUSY_POLL). Linux only.
    #[cfg(target_os = "linux")]
    busy_poll, set_busy_poll: Duration, [tcp udp listener];
    /// Whether small pieces of data are sent at once (TCP_NODELAY); on unless set.
    tcp_nodelay, set_tcp_nodelay: bool, [tcp listener];
    /// When a silent peer is asked for a sign (SO_KEEPALIVE): (time, interval, retries), or None for never.
    #[cfg(unix)]
    tcp_keepalive, set_tcp_keepalive: Option<TcpKeepalive>, [tcp listener];
    /// How long sent data may stay unconfirmed (TCP_USER_TIMEOUT); None for the system's limit. Linux only.
    #[cfg(target_os = "linux")]
    tcp_user_timeout, set_tcp_user_timeout: Option<Duration>, [tcp listener];
    /// Whether received data is confirmed at once (TCP_QUICKACK). Linux only.
    #[cfg(target_os = "linux")]
    tcp_quickack, set_tcp_quickack: bool, [tcp];
    /// How long closing waits for data to be sent (SO_LINGER); None for not at all, in the background.
    linger, set_linger: Option<Duration>, [tcp];
    /// Whether sending to broadcast addresses is allowed (SO_BROADCAST); on unless set.
    broadcast, set_broadcast: bool, [udp];
    /// Whether this computer receives what it sends to IPv4 groups (IP_MULTICAST_LOOP).
    multicast_loop_v4, set_multicast_loop_v4: bool, [udp];
    /// Whether this computer receives what it sends to IPv6 groups (IPV6_MULTICAST_LOOP).
    multicast_loop_v6, set_multicast_loop_v6: bool, [udp];
    /// The hops packets to IPv4 groups may take (IP_MULTICAST_TTL).
    multicast_ttl_v4, set_multicast_ttl_v4: u32, [udp];
    /// The hops packets to IPv6 groups may take (IPV6_MULTICAST_HOPS).
    multicast_hops_v6, set_multicast_hops_v6: u32, [udp];
    /// The address of the interface that packets to IPv4 groups leave through (IP_MULTICAST_IF).
    multicast_if_v4, set_multicast_if_v4: sfml_network::IpAddress, [udp];
    /// The index of the interface that packets to IPv6 groups leave through (IPV6_MULTICAST_IF).
    multicast_if_v6, set_multicast_if_v6: u32, [udp];
}
