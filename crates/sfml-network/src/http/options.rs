//! How a client behaves: time limits, size limits, redirects, proxies.

use std::fmt;
use std::time::Duration;

use super::proxy::Proxies;
use crate::interrupt::InterruptHook;
use crate::transfer::LowSpeed;

/// How a client behaves. Every field may be set; [`default`](Self::default) is right for most uses.
///
/// ```
/// use sfml_network::http::HttpOptions;
/// use std::time::Duration;
///
/// let mut options = HttpOptions::default();
/// options.timeout = Some(Duration::from_secs(10));
/// options.redirects = 5;
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpOptions {
    /// The longest a whole call may take, from the lookup of the name to the last byte of the body. No limit, by
    /// default, besides the two below.
    pub timeout: Option<Duration>,
    /// The longest each of lookup, connection, what a proxy does about it, and TLS handshake may take. 30 s.
    pub connect_timeout: Duration,
    /// The longest the connection may be silent, or take nothing, while a byte is awaited. 60 s.
    pub read_timeout: Duration,
    /// The lowest speed of a body that is saved or downloaded; `None` for any. 100 bytes per second over 60 s: a server
    /// that lets drop after drop fall is never silent, and never ends.
    pub low_speed: Option<LowSpeed>,
    /// How many redirects are followed. None, by default, as in SFML: then a 302 is a response like others.
    pub redirects: u32,
    /// Whether compressed bodies are asked for, with gzip and brotli. On, by default. A body that comes compressed is
    /// decoded in either case.
    pub decompress: bool,
    /// Whether the client keeps cookies and tells them again (RFC 6265). Off, by default. Which names are registries,
    /// such as `co.uk`, is not known here, beyond those of one label.
    #[cfg(feature = "cookies")]
    pub cookies: bool,
    /// The field `User-Agent`. `sfml-network/` and the version.
    pub user_agent: String,
    /// The most bytes the header of a response may have, interim responses included. 64 KiB;
    /// 16 MiB at most.
    pub head_limit: usize,
    /// The most bytes of a body that are taken into memory ([`body`](super::Response::body) and its like). 64 MiB.
    pub body_limit: u64,
    /// The most bytes a compressed body may become, wherever they go: a few can be made to stand for any number. 1 GiB.
    pub decoded_limit: u64,
    /// How many connections are kept for the next request, in all. 8; none with 0.
    pub idle_connections: usize,
    /// How long they are kept. 15 s: servers hang up after about as long.
    pub idle_time: Duration,
    /// Who makes the connections; nobody, by default. [`Proxies::from_environment`] reads what the environment says.
    pub proxies: Proxies,
    /// How servers of `https` prove who they are. By the roots of the system, by default.
    #[cfg(feature = "tls")]
    pub tls: Option<crate::tls::ClientConfig>,
    /// Asked every 40 ms of waiting and after each signal; an error ends the call with
    /// [`HttpError::Interrupted`](super::HttpError::Interrupted).
    pub interrupt: Option<InterruptHook>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            timeout: None,
            connect_timeout: Duration::from_secs(30),
            read_timeout: Duration::from_secs(60),
            low_speed: Some(LowSpeed { bytes_per_second: 100, period: Duration::from_secs(60) }),
            redirects: 0,
            decompress: true,
            #[cfg(feature = "cookies")]
            cookies: false,
            user_agent: concat!("sfml-network/", env!("CARGO_PKG_VERSION")).to_owned(),
            head_limit: 64 << 10,
            body_limit: 64 << 20,
            decoded_limit: 1 << 30,
            idle_connections: 8,
            idle_time: Duration::from_secs(15),
            proxies: Proxies::default(),
            #[cfg(feature = "tls")]
            tls: None,
            interrupt: None,
        }
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("redirects", &self.redirects)
            .field("proxies", &self.proxies)
            .finish_non_exhaustive()
    }
}
