//! How packets are treated on their way: hops, service class, priority, polling.

use std::io;
#[cfg(target_os = "linux")]
use std::time::Duration;

use super::{TcpListener, TcpSocket, UdpSocket, get, impl_for, set};
use crate::error::SocketError;

/// A class of service, in the upper six bits of a packet's traffic class (RFC 2474).
///
/// Routers that know about classes treat packets accordingly; others ignore it. Converts to the byte that
/// `set_tos_v4` and `set_tclass_v6` take, as any `u8` does.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Dscp {
    /// Ordinary traffic.
    #[default]
    Default = 0,
    /// What may wait for everything else: backups, updates (RFC 8622).
    LowerEffort = 1,
    /// Class selector 1, formerly for the background.
    Cs1 = 8,
    /// Bulk data, dropped late.
    Af11 = 10,
    /// Bulk data.
    Af12 = 12,
    /// Bulk data, dropped early.
    Af13 = 14,
    /// Class selector 2: operations and maintenance.
    Cs2 = 16,
    /// Short exchanges with someone waiting, dropped late.
    Af21 = 18,
    /// Short exchanges with someone waiting.
    Af22 = 20,
    /// Short exchanges with someone waiting, dropped early.
    Af23 = 22,
    /// Class selector 3: broadcast video.
    Cs3 = 24,
    /// Streamed media, dropped late.
    Af31 = 26,
    /// Streamed media.
    Af32 = 28,
    /// Streamed media, dropped early.
    Af33 = 30,
    /// Class selector 4: interaction in real time, such as the moves of a game.
    Cs4 = 32,
    /// Conferences, dropped late.
    Af41 = 34,
    /// Conferences.
    Af42 = 36,
    /// Conferences, dropped early.
    Af43 = 38,
    /// Class selector 5: signalling.
    Cs5 = 40,
    /// Voice that was granted its capacity (RFC 5865).
    VoiceAdmit = 44,
    /// Expedited forwarding: voice, and whatever must not wait in queues (RFC 3246).
    Ef = 46,
    /// Class selector 6: routing.
    Cs6 = 48,
    /// Class selector 7: reserved for networks themselves.
    Cs7 = 56,
}

impl From<Dscp> for u8 {
    /// The traffic class byte: the class, and no congestion mark (RFC 3168).
    fn from(class: Dscp) -> Self {
        (class as Self) << 2
    }
}

/// The system hands a byte out as an integer.
fn byte(value: u32) -> io::Result<u8> {
    u8::try_from(value).map_err(|_| io::ErrorKind::InvalidData.into())
}

impl_for! { [TcpSocket, UdpSocket, TcpListener] {
    /// The hops IPv4 packets may take (`IP_TTL`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn ttl_v4(&self) -> Result<u32, SocketError> {
        get(self, "IP_TTL", |option| option.ttl_v4())
    }

    /// Limits the hops IPv4 packets may take, 1 to 255 (`IP_TTL`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_ttl_v4(&self, hops: u32) -> Result<(), SocketError> {
        set(self, "IP_TTL", |option| option.set_ttl_v4(super::hops(hops)?))
    }

    /// The hops IPv6 packets may take (`IPV6_UNICAST_HOPS`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn unicast_hops_v6(&self) -> Result<u32, SocketError> {
        get(self, "IPV6_UNICAST_HOPS", |option| option.unicast_hops_v6())
    }

    /// Limits the hops IPv6 packets may take, 0 to 255 (`IPV6_UNICAST_HOPS`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    pub fn set_unicast_hops_v6(&self, hops: u32) -> Result<(), SocketError> {
        set(self, "IPV6_UNICAST_HOPS", |option| option.set_unicast_hops_v6(super::hops(hops)?))
    }

    /// The traffic class of IPv4 packets (`IP_TOS`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn tos_v4(&self) -> Result<u8, SocketError> {
        get(self, "IP_TOS", |option| option.tos_v4().and_then(byte))
    }

    /// Sets the traffic class of IPv4 packets (`IP_TOS`): a [`Dscp`], or the whole byte. TCP keeps the two bits
    /// for congestion marks to itself.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_tos_v4(&self, class: impl Into<u8>) -> Result<(), SocketError> {
        let class = class.into();
        set(self, "IP_TOS", |option| option.set_tos_v4(class.into()))
    }

    /// The traffic class of IPv6 packets (`IPV6_TCLASS`). Not on Windows.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    #[cfg(any(
        target_os = "linux",
        target_os = "macos",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "dragonfly"
    ))]
    pub fn tclass_v6(&self) -> Result<u8, SocketError> {
        get(self, "IPV6_TCLASS", |option| option.tclass_v6().and_then(byte))
    }

    /// Sets the traffic class of IPv6 packets (`IPV6_TCLASS`): a [`Dscp`], or the whole byte. Not on Windows.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, as for an IPv4 socket.
    #[cfg(any(
        target_os = "linux",
        target_os = "macos",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "dragonfly"
    ))]
    pub fn set_tclass_v6(&self, class: impl Into<u8>) -> Result<(), SocketError> {
        let class = class.into();
        set(self, "IPV6_TCLASS", |option| option.set_tclass_v6(class.into()))
    }

    /// The priority of packets in this computer's own queues (`SO_PRIORITY`). Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn priority(&self) -> Result<u32, SocketError> {
        get(self, "SO_PRIORITY", |option| option.priority())
    }

    /// Sets the priority of packets in this computer's own queues (`SO_PRIORITY`), 0 to 6 without privileges.
    /// Setting a traffic class changes it too. Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn set_priority(&self, priority: u32) -> Result<(), SocketError> {
        set(self, "SO_PRIORITY", |option| option.set_priority(priority))
    }

    /// How long a waiting call polls the network device itself (`SO_BUSY_POLL`). Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn busy_poll(&self) -> Result<Duration, SocketError> {
        get(self, "SO_BUSY_POLL", |option| option.busy_poll()).map(|micros| Duration::from_micros(micros.into()))
    }

    /// Lets a waiting call poll the network device itself for a while, in microseconds (`SO_BUSY_POLL`): some
    /// latency less, a processor core more. Needs privileges, and a driver that can. Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, `PermissionDenied` without privileges.
    #[cfg(target_os = "linux")]
    pub fn set_busy_poll(&self, duration: Duration) -> Result<(), SocketError> {
        let micros = u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
        set(self, "SO_BUSY_POLL", |option| option.set_busy_poll(micros))
    }
} }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_the_bytes_other_programs_use() {
        assert_eq!(u8::from(Dscp::Ef), 0xB8);
        assert_eq!(u8::from(Dscp::Af41), 0x88);
        assert_eq!(u8::from(Dscp::Cs1), 0x20);
        assert_eq!(u8::from(Dscp::default()), 0);
    }
}
