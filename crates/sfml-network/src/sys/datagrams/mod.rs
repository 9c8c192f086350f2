//! Several datagrams in one system call, and what the system tells about each.
//!
//! `linux` uses `sendmmsg`, `recvmmsg`, `UDP_SEGMENT` and `UDP_GRO`; `portable` loops over single calls.

#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
mod control;
#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
mod linux;
#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
pub(crate) use linux::*;

#[cfg(any(not(target_os = "linux"), sfml_network_portable))]
mod portable;
#[cfg(any(not(target_os = "linux"), sfml_network_portable))]
pub(crate) use portable::*;

use std::net::IpAddr;
use std::time::SystemTime;

/// What the system tells about a datagram besides its sender; each only if it was asked to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Details {
    /// The datagrams' size, when these bytes are a run of several that the system joined.
    pub(crate) segment: Option<usize>,
    /// When the system received it.
    pub(crate) timestamp: Option<SystemTime>,
    /// The address it was sent to.
    pub(crate) destination: Option<IpAddr>,
    /// The index of the interface it came in by.
    pub(crate) interface: Option<u32>,
}
