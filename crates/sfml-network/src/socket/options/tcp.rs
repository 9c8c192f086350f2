//! Options of TCP.

use std::time::Duration;

use super::{TcpListener, TcpSocket, get, impl_for, set, whole_seconds};
use crate::error::SocketError;

/// When and how often a silent peer is asked whether it is still there.
///
/// ```
/// use sfml_network::TcpKeepalive;
/// use std::time::Duration;
///
/// // Notices within 45 seconds that the peer is gone.
/// let keepalive = TcpKeepalive { time: Duration::from_secs(30), interval: Duration::from_secs(5), retries: 3 };
/// # let _ = keepalive;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TcpKeepalive {
    /// The silence before the first question (`TCP_KEEPIDLE`), in whole seconds.
    pub time: Duration,
    /// The time between questions (`TCP_KEEPINTVL`), in whole seconds.
    pub interval: Duration,
    /// The unanswered questions after which the connection has timed out (`TCP_KEEPCNT`).
    pub retries: u32,
}

impl Default for TcpKeepalive {
    /// Two hours, then nine questions at intervals of 75 seconds: what RFC 1122 allows and Linux does.
    fn default() -> Self {
        Self { time: Duration::from_secs(7200), interval: Duration::from_secs(75), retries: 9 }
    }
}

impl TcpKeepalive {
    fn for_system(self) -> socket2::TcpKeepalive {
        let keepalive = socket2::TcpKeepalive::new().with_time(whole_seconds(self.time));
        #[cfg(not(target_os = "openbsd"))]
        let keepalive = keepalive.with_interval(whole_seconds(self.interval)).with_retries(self.retries);
        keepalive
    }
}

impl_for! { [TcpSocket, TcpListener] {
    /// Whether small pieces of data are sent at once (`TCP_NODELAY`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn tcp_nodelay(&self) -> Result<bool, SocketError> {
        get(self, "TCP_NODELAY", |option| option.tcp_nodelay())
    }

    /// Sends small pieces of data at once (the default, as in SFML), or lets the system collect them while
    /// earlier ones are under way, which suits bulk data in small pieces (`TCP_NODELAY`).
    ///
    /// Connections a listener accepts do as it does.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_tcp_nodelay(&self, on: bool) -> Result<(), SocketError> {
        set(self, "TCP_NODELAY", |option| option.set_tcp_nodelay(on))
    }

    /// When a silent peer is asked whether it is there; `None`, the default, for never (`SO_KEEPALIVE`). Not on
    /// Windows, nor on OpenBSD.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(all(unix, not(target_os = "openbsd")))]
    pub fn tcp_keepalive(&self) -> Result<Option<TcpKeepalive>, SocketError> {
        get(self, "SO_KEEPALIVE", |option| {
            if !option.keepalive()? {
                return Ok(None);
            }
            Ok(Some(TcpKeepalive {
                time: option.tcp_keepalive_time()?,
                interval: option.tcp_keepalive_interval()?,
                retries: option.tcp_keepalive_retries()?,
            }))
        })
    }

    /// Asks a silent peer whether it is still there, so that a connection whose peer vanished ends with
    /// [`SocketError::Disconnected`]; `None` to never ask (`SO_KEEPALIVE`).
    ///
    /// Parts of a second count as a whole one. On OpenBSD the times are those of the system.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses: Linux takes at most 32767 seconds and 127 questions.
    pub fn set_tcp_keepalive(&self, keepalive: Option<TcpKeepalive>) -> Result<(), SocketError> {
        set(self, "SO_KEEPALIVE", |option| match keepalive {
            Some(keepalive) => option.set_tcp_keepalive(&keepalive.for_system()),
            None => option.set_keepalive(false),
        })
    }

    /// How long sent data may stay unconfirmed before the connection has timed out; `None` for the system's own
    /// limit (`TCP_USER_TIMEOUT`). Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn tcp_user_timeout(&self) -> Result<Option<Duration>, SocketError> {
        get(self, "TCP_USER_TIMEOUT", |option| option.tcp_user_timeout())
    }

    /// Limits how long sent data may stay unconfirmed before the connection has timed out, in milliseconds
    /// (`TCP_USER_TIMEOUT`). It also ends the questions of [`set_tcp_keepalive`](Self::set_tcp_keepalive). Linux
    /// only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn set_tcp_user_timeout(&self, timeout: Option<Duration>) -> Result<(), SocketError> {
        // Zero would mean no limit, and too many milliseconds nothing at all.
        let most = Duration::from_millis(super::MOST.into());
        let timeout = timeout.map(|timeout| timeout.clamp(Duration::from_millis(1), most));
        set(self, "TCP_USER_TIMEOUT", |option| option.set_tcp_user_timeout(timeout))
    }
} }

impl TcpSocket {
    /// Whether received data is confirmed at once (`TCP_QUICKACK`). Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn tcp_quickack(&self) -> Result<bool, SocketError> {
        get(self, "TCP_QUICKACK", |option| option.tcp_quickack())
    }

    /// Confirms received data at once, or with the next data sent (`TCP_QUICKACK`). The system may change its
    /// mind later, so set it again after receiving. Linux only.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    #[cfg(target_os = "linux")]
    pub fn set_tcp_quickack(&self, on: bool) -> Result<(), SocketError> {
        set(self, "TCP_QUICKACK", |option| option.set_tcp_quickack(on))
    }

    /// How long closing waits for data to be confirmed; `None` if not at all (`SO_LINGER`).
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn linger(&self) -> Result<Option<Duration>, SocketError> {
        get(self, "SO_LINGER", |option| option.linger())
    }

    /// Sets what dropping the socket does with data that was sent but not confirmed (`SO_LINGER`): `None`, the
    /// default, sends it in the background; a time waits that long for it; [`Duration::ZERO`] throws it away and
    /// resets the connection. Parts of a second count as a whole one.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses.
    pub fn set_linger(&self, linger: Option<Duration>) -> Result<(), SocketError> {
        set(self, "SO_LINGER", |option| option.set_linger(linger.map(whole_seconds)))
    }
}
