//! Proxies: who makes connections for a client.

mod environment;
mod socks;
mod tunnel;

use std::fmt;
use std::time::Duration;

use super::call::Call;
use super::error::{HttpError, RequestProblem};
use super::url::{Origin, Scheme, Url};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::time::Deadline;

/// A proxy: a server that makes a connection for this client.
///
/// ```
/// use sfml_network::http::Proxy;
///
/// let proxy: Proxy = "http://ada:secret@proxy.example:3128".parse()?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
/// # Ok::<(), sfml_network::http::RequestProblem>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Proxy {
    kind: Kind,
    pub(super) host: String,
    pub(super) port: u16,
    user: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// `CONNECT` of HTTP (RFC 9110, section 9.3.6), for all schemes.
    Tunnel,
    /// SOCKS 5 (RFC 1928); the proxy looks names up.
    Socks5,
}

impl Proxy {
    /// Has the proxy make a connection to the origin, over one to the proxy, within `patience`.
    pub(super) fn connect(
        &self,
        call: &Call,
        stream: &dyn Stream,
        origin: &Origin,
        patience: Duration,
    ) -> Result<(), HttpError> {
        let user = self.user.as_ref().map(|(name, password)| (name.as_str(), password.as_str()));
        let peer = Peer { call, stream, patience, deadline: Deadline::after(patience) };
        match self.kind {
            Kind::Tunnel => tunnel::connect(&peer, user, origin),
            Kind::Socks5 => socks::connect(&peer, user, origin),
        }
    }
}

impl std::str::FromStr for Proxy {
    type Err = RequestProblem;

    /// Reads `http://host:port` or `socks5://host:port`, each with `user:password@` before the host if the proxy asks
    /// for them. Without a scheme it is `http`, without a port 8080 or 1080.
    fn from_str(text: &str) -> Result<Self, RequestProblem> {
        let wrong = |sentence: &str| RequestProblem::new("proxy", sentence.to_owned());
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let (kind, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (Kind::Tunnel, 8080),
            "socks5" | "socks5h" | "socks" => (Kind::Socks5, 1080),
            "https" => {
                return Err(wrong("a proxy that is itself spoken to in TLS is not supported, use http://"));
            }
            _ => return Err(wrong("a proxy begins with http:// or socks5://")),
        };
        let (url, user) = Url::parse(&format!("http://{rest}")).map_err(|problem| {
            RequestProblem::new("proxy", format!("the proxy's address is wrong: {problem}"))
        })?;
        let told = rest.trim_end_matches('/').ends_with(&format!(":{}", url.origin.port));
        let port = if told { url.origin.port } else { default_port };
        if let Some((name, password)) = &user {
            if name.len() > 255 || password.len() > 255 {
                return Err(wrong("a proxy's user and password have at most 255 bytes each"));
            }
        }
        Ok(Self { kind, host: url.origin.host, port, user })
    }
}

/// Without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.kind {
            Kind::Tunnel => "http",
            Kind::Socks5 => "socks5",
        };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        write!(f, "{scheme}://{host}:{}", self.port)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Which proxy is used for what.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Proxies {
    /// For `http` URLs.
    pub http: Option<Proxy>,
    /// For `https` URLs.
    pub https: Option<Proxy>,
    /// Hosts that are reached without one: a name, which covers the names below it as well, an address, or `*` for all.
    pub exceptions: Vec<String>,
}

impl Proxies {
    /// The proxy for everything.
    pub fn all(proxy: Proxy) -> Self {
        Self { http: Some(proxy.clone()), https: Some(proxy), exceptions: Vec::new() }
    }

    pub(super) fn for_origin(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = match origin.scheme {
            Scheme::Http => &self.http,
            Scheme::Https => &self.https,
        };
        let covers = |exception: &String| {
            let name = exception.trim().trim_start_matches('.').to_ascii_lowercase();
            let is_below = |rest: &str| rest.is_empty() || rest.ends_with('.');
            name == "*" || (!name.is_empty() && origin.host.strip_suffix(&name).is_some_and(is_below))
        };
        proxy.as_ref().filter(|_| !self.exceptions.iter().any(covers))
    }
}

/// The proxy at the other end.
struct Peer<'a> {
    call: &'a Call,
    stream: &'a dyn Stream,
    patience: Duration,
    deadline: Deadline,
}

impl Peer<'_> {
    fn wait(&self, want: Readiness) -> Result<(), HttpError> {
        self.call.wait_until(self.deadline, self.patience, |mut wait| self.stream.wait(want, &mut wait))
    }

    fn send(&self, mut data: &[u8]) -> Result<(), HttpError> {
        while !data.is_empty() {
            match self.stream.try_send(data) {
                Ok(sent) => data = &data[sent..],
                Err(SocketError::NotReady) => self.wait(Readiness::WRITABLE)?,
                Err(error) => return Err(HttpError::Connect(error)),
            }
        }
        Ok(())
    }

    /// Receives one byte at a time, so that nothing is taken that belongs to what comes through the proxy.
    fn receive_byte(&self) -> Result<u8, HttpError> {
        let mut byte = [0];
        loop {
            match self.stream.try_receive(&mut byte) {
                Ok(_) => return Ok(byte[0]),
                Err(SocketError::NotReady) => self.wait(Readiness::READABLE)?,
                Err(SocketError::Disconnected(None)) => {
                    return Err(HttpError::Proxy("it closed the connection without an answer".to_owned()));
                }
                Err(error) => return Err(HttpError::Connect(error)),
            }
        }
    }

    fn receive(&self, count: usize) -> Result<Vec<u8>, HttpError> {
        (0..count).map(|_| self.receive_byte()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_and_shown_without_secrets() {
        for (text, shown) in [
            ("proxy:3128", "http://proxy:3128"),
            ("http://me:secret@proxy", "http://proxy:8080"),
            ("http://proxy:80/", "http://proxy:80"),
            ("socks5://[::1]:9050", "socks5://[::1]:9050"),
            ("socks5h://proxy", "socks5://proxy:1080"),
        ] {
            let proxy: Proxy = text.parse().unwrap();
            assert_eq!(proxy.to_string(), shown);
            assert!(!format!("{proxy:?}").contains("secret"));
        }
        for text in ["https://proxy", "ftp://proxy", "http://", "http://proxy:0", "socks5://a b"] {
            assert!(text.parse::<Proxy>().is_err(), "{text}");
        }
    }

    #[test]
    fn exceptions_cover_names_and_what_is_below_them() {
        let mut proxies = Proxies::all("proxy:3128".parse().unwrap());
        proxies.exceptions = vec!["example.org".to_owned(), ".local".to_owned(), "127.0.0.1".to_owned()];
        let is_direct = |host: &str| {
            let origin = Origin { scheme: Scheme::Https, host: host.to_owned(), port: 443 };
            proxies.for_origin(&origin).is_none()
        };
        assert!(is_direct("example.org") && is_direct("www.example.org") && is_direct("printer.local"));
        assert!(is_direct("127.0.0.1") && !is_direct("badexample.org") && !is_direct("example.org.evil"));
    }
}
