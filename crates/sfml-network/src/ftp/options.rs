//! How a session behaves: time limits, data connections, limits, hooks.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use ftp_proto::{ListingLimits, Reply, ReplyLimits};

use crate::address::IpAddress;
use crate::interrupt::InterruptHook;
use crate::transfer::LowSpeed;

/// How a session behaves. Every field may be set; [`default`](Self::default) is right for most servers.
///
/// ```
/// use sfml_network::ftp::FtpOptions;
/// use std::time::Duration;
///
/// let mut options = FtpOptions::default();
/// options.data_timeout = Duration::from_secs(10);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct FtpOptions {
    /// The longest a connection may take to be made, name lookup and greeting included; for data connections at most
    /// 10 s of it, so that a dead port leaves time for another way. 30 s.
    pub connect_timeout: Duration,
    /// The longest a reply may take to be complete. 60 s, as the slowest servers need to hash or to flush a file.
    pub control_timeout: Duration,
    /// The longest a transfer may stand still. 60 s.
    pub data_timeout: Duration,
    /// The lowest speed of a transfer; `None` for any. 100 bytes per second over 60 s: a server that lets drop after
    /// drop fall never stands still, and never ends.
    pub low_speed: Option<LowSpeed>,
    /// How often a `NOOP` keeps the control connection alive during a transfer, which otherwise says nothing for
    /// as long as that takes, until a firewall forgets it. 60 s; `None` for never.
    pub keep_alive: Option<Duration>,
    /// Who opens data connections. From here ([`Passive`](DataConnections::Passive)) by default.
    pub data_connections: DataConnections,
    /// The most bytes per second a transfer may move; `None`, the default, for no limit.
    pub rate: Option<u64>,
    /// What a reply may measure.
    pub reply_limits: ReplyLimits,
    /// What a listing may measure. The limit of lines is also that of all entries of a tree.
    pub listing_limits: ListingLimits,
    /// Whether downloads and uploads of files begin anew when the connection fails. Never, by default.
    pub retry: Retry,
    /// Asked every 40 ms of waiting and after each signal; an error ends the call with
    /// [`FtpError::Interrupted`](super::FtpError::Interrupted).
    pub interrupt: Option<InterruptHook>,
    /// Told of each command, secrets masked, and of each reply.
    pub log: Option<LogHook>,
}

/// See [`FtpOptions::log`].
pub type LogHook = Arc<dyn Fn(LogLine<'_>) + Send + Sync>;

/// What goes over the control connection.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum LogLine<'a> {
    /// A command, secrets masked.
    Sent(&'a str),
    /// A reply that was awaited.
    Received(&'a Reply),
    /// A reply that no command had asked for, and was passed over.
    Unexpected(&'a Reply),
}

/// Who opens data connections, and where to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DataConnections {
    /// From here to the server: `EPSV`, then `PASV` where that is refused or its port is dead.
    Passive(PassiveHost),
    /// From the server to here: `EPRT`, then `PORT`. Connections from anyone but the server are turned away.
    Active {
        /// The address to announce instead of this computer's own, where a router translates it.
        announce: Option<IpAddress>,
        /// The ports to listen on; `None` for any.
        ports: Option<RangeInclusive<u16>>,
    },
}

/// Which host a `PASV` reply leads to (`EPSV` names none).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PassiveHost {
    /// The server itself, whatever the reply says: the reply of a hostile server cannot make this computer connect
    /// to others. The default.
    #[default]
    Server,
    /// The one in the reply, unless it is private or unspecified and the server is not.
    Fix,
    /// The one in the reply.
    Trust,
}

impl Default for DataConnections {
    fn default() -> Self {
        Self::Passive(PassiveHost::default())
    }
}

/// Whether and how often a transfer that failed is begun again, in a new session and where it ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Retry {
    /// How many times after the first. 0 by default.
    pub attempts: u32,
    /// The time in between, doubled each time. 1 s by default.
    pub delay: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 0, delay: Duration::from_secs(1) }
    }
}

impl Default for FtpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(30),
            control_timeout: Duration::from_secs(60),
            data_timeout: Duration::from_secs(60),
            low_speed: Some(LowSpeed { bytes_per_second: 100, period: Duration::from_secs(60) }),
            keep_alive: Some(Duration::from_secs(60)),
            data_connections: DataConnections::default(),
            rate: None,
            reply_limits: ReplyLimits::default(),
            listing_limits: ListingLimits::default(),
            retry: Retry::default(),
            interrupt: None,
            log: None,
        }
    }
}

impl fmt::Debug for FtpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FtpOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("control_timeout", &self.control_timeout)
            .field("data_timeout", &self.data_timeout)
            .field("low_speed", &self.low_speed)
            .field("keep_alive", &self.keep_alive)
            .field("data_connections", &self.data_connections)
            .field("rate", &self.rate)
            .field("reply_limits", &self.reply_limits)
            .field("listing_limits", &self.listing_limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
