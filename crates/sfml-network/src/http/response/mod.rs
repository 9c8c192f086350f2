//! `Response`: what the server has answered.

pub(super) mod incoming;
mod save;
mod watch;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

pub(super) use self::incoming::Incoming;
pub use self::save::Saved;
pub(super) use self::save::{fill, of_landing};
use super::call::Head;
use super::error::HttpError;
use super::fields::Fields;
use super::status::Status;
use super::url::Url;
use super::version::Version;
use crate::address::IpAddress;

/// What the server has answered: the header, and a body that is still coming.
///
/// The body is read by [`body`](Self::body), [`text`](Self::text) or [`save_to`](Self::save_to), or bit by bit as a
/// [`Read`]er, each time within the limits of the call. One that is read to its end leaves the connection to the next
/// request; one that is dropped before closes it.
pub struct Response {
    head: Head,
    url: Url,
    history: Vec<Url>,
    remote: Option<(IpAddress, u16)>,
    elapsed: Duration,
    pub(super) incoming: Incoming,
}

/// What a response is made of.
pub(super) struct Parts {
    pub(super) head: Head,
    pub(super) url: Url,
    pub(super) history: Vec<Url>,
    pub(super) remote: Option<(IpAddress, u16)>,
    pub(super) elapsed: Duration,
    pub(super) incoming: Incoming,
}

impl Response {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { head, url, history, remote, elapsed, incoming } = parts;
        Self { head, url, history, remote, elapsed, incoming }
    }

    /// The status.
    pub fn status(&self) -> Status {
        self.head.status
    }

    /// Whether the request has succeeded: a status of 200 to 299.
    pub fn is_ok(&self) -> bool {
        self.status().is_success()
    }

    /// The version of HTTP the server speaks.
    pub fn version(&self) -> Version {
        self.head.version
    }

    /// What the server says about the status in words; may be empty, and may be anything. What is not UTF-8 of it
    /// becomes U+FFFD.
    pub fn reason(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.head.reason)
    }

    /// The same as it came.
    pub fn reason_bytes(&self) -> &[u8] {
        &self.head.reason
    }

    /// The header fields as they came, in order.
    ///
    /// `Content-Encoding` and `Content-Length` are about the body on its way; what is read here is decoded already.
    pub fn fields(&self) -> &Fields {
        &self.head.fields
    }

    /// The first value of a field as text.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.fields.get(name)
    }

    /// The fields behind a body in chunks (RFC 9110, section 6.5), once that has been read; `None` before, and for other
    /// bodies.
    pub fn trailers(&self) -> Option<Fields> {
        self.incoming.call().notes().trailers.clone()
    }

    /// Where the response came from, after all redirects.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The URLs that redirected here, in order.
    pub fn history(&self) -> &[Url] {
        &self.history
    }

    /// The address and port of the server, or of the proxy.
    pub fn remote_address(&self) -> Option<(IpAddress, u16)> {
        self.remote
    }

    /// How long it took until the header was there.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// How many bytes the body has; `None` when that is known only at its end, as for chunked and compressed ones.
    pub fn length(&self) -> Option<u64> {
        self.incoming.expected()
    }

    /// How many bytes of the body have been read.
    pub fn received(&self) -> u64 {
        self.incoming.received()
    }

    /// Whether the body has been read to its end.
    pub fn is_complete(&self) -> bool {
        self.incoming.is_ended()
    }

    /// Reads up to `buffer.len()` bytes of the body; 0 at its end.
    ///
    /// # Errors
    /// * [`HttpError::Incomplete`]: the connection ended before the body.
    /// * [`HttpError::TimedOut`], [`HttpError::Cancelled`], [`HttpError::Interrupted`], [`HttpError::Connection`].
    /// * [`HttpError::Decode`], [`HttpError::TooLarge`]: a compressed body is damaged, or becomes too large.
    pub fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, HttpError> {
        self.incoming.receive(buffer)
    }

    /// The rest of the body.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); [`HttpError::TooLarge`] when it has more bytes than
    /// [`body_limit`](super::HttpOptions::body_limit).
    pub fn body(&mut self) -> Result<Vec<u8>, HttpError> {
        self.incoming.bytes()
    }

    /// The rest of the body as text: in the charset of `Content-Type`, else in UTF-8. What cannot be decoded becomes
    /// U+FFFD.
    ///
    /// # Errors
    /// As [`body`](Self::body).
    pub fn text(&mut self) -> Result<String, HttpError> {
        let bytes = self.body()?;
        Ok(self.fields().decode(&bytes))
    }

    /// Gives up what is left of the body. If that is anything, the connection is closed.
    pub fn close(&mut self) {
        self.incoming.close();
    }

    /// The rest of the body, read as JSON (RFC 8259).
    ///
    /// # Errors
    /// As [`body`](Self::body); [`HttpError::Decode`] when it is no JSON, or none of this type.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, HttpError> {
        let bytes = self.body()?;
        serde_json::from_slice(&bytes)
            .map_err(|error| HttpError::Decode(format!("it is no such JSON: {error}")))
    }
}

/// Reads the body; the errors hold an [`HttpError`].
impl Read for Response {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.receive(buffer)?)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.head.status)
            .field("url", &self.url.to_string())
            .field("fields", &self.head.fields)
            .field("received", &self.received())
            .finish_non_exhaustive()
    }
}
