//! `HttpError`: why there is no response, or not all of it.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::status::Status;
use crate::error::SocketError;
use crate::interrupt;

/// Why there is no response, or not all of it. A status of 404 or 500 is a response, and no error.
#[derive(Debug)]
#[non_exhaustive]
pub enum HttpError {
    /// The request cannot be sent as it is; nothing was.
    Request(RequestProblem),
    /// The host's name could not be looked up.
    Lookup(SocketError),
    /// No connection to the server, or to the proxy, could be made.
    Connect(SocketError),
    /// The TLS handshake failed, a certificate that is not trusted included; see
    /// [`SocketError::tls`](crate::SocketError) for which.
    Tls(SocketError),
    /// The proxy did not make the connection.
    Proxy(String),
    /// The time ran out: that of the whole call, or the longest that one step of it may take.
    TimedOut {
        /// What was awaited.
        phase: Phase,
        /// The limit that was reached; `None` when it was a [`Deadline`](crate::Deadline) of the caller's.
        limit: Option<Duration>,
    },
    /// Another thread has cancelled the call, or the progress callback has.
    Cancelled,
    /// The interrupt hook has ended the call, with this.
    Interrupted(io::Error),
    /// The connection broke.
    Connection {
        /// During what.
        phase: Phase,
        /// How.
        source: SocketError,
    },
    /// The server closed the connection before a whole header came.
    Closed {
        /// How many bytes of a response had come; with none the server may never have seen the request.
        received: u64,
    },
    /// What came is no HTTP response (RFC 9112).
    Invalid(String),
    /// The body ended before it was complete.
    Incomplete {
        /// The bytes that came, those of earlier attempts included.
        received: u64,
        /// How many should have; `None` for a chunked body.
        expected: Option<u64>,
    },
    /// Something is larger than it may be.
    TooLarge {
        /// What: the header, the body.
        what: &'static str,
        /// The limit, in bytes, which can be set in [`HttpOptions`](super::HttpOptions).
        limit: u64,
    },
    /// The body cannot be decoded: its compression is damaged, or its text is not what it says.
    Decode(String),
    /// A redirect that is not followed.
    Redirect(String),
    /// The answer to a download is none: 404, 500, or another status besides 200 and 206.
    Refused(Status),
    /// The local file, reader or writer has failed.
    Local {
        /// The file, if it is one.
        path: Option<PathBuf>,
        /// How.
        source: io::Error,
    },
}

impl HttpError {
    /// SFML's status for this: [`CONNECTION_FAILED`](Status::CONNECTION_FAILED) when no connection could be made or the
    /// time ran out, else [`INVALID_RESPONSE`](Status::INVALID_RESPONSE).
    pub fn status(&self) -> Status {
        match self {
            Self::Lookup(_)
            | Self::Connect(_)
            | Self::Tls(_)
            | Self::Proxy(_)
            | Self::TimedOut { .. }
            | Self::Cancelled
            | Self::Interrupted(_)
            | Self::Request(_) => Status::CONNECTION_FAILED,
            _ => Status::INVALID_RESPONSE,
        }
    }

    /// A request that cannot be sent.
    pub(super) fn request(what: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Request(RequestProblem::new(what, sentence))
    }

    /// A failure of the local side.
    pub(super) fn local(path: Option<&Path>, source: io::Error) -> Self {
        Self::Local { path: path.map(Path::to_owned), source }
    }

    /// What a wait came to, in this phase.
    pub(super) fn of_wait(error: SocketError, phase: Phase, interrupted: bool) -> Self {
        match error {
            SocketError::NotReady => Self::TimedOut { phase, limit: None },
            SocketError::Other(error) if interrupted => Self::of_interrupt(error),
            error => match phase {
                Phase::Lookup => Self::Lookup(error),
                Phase::Connect => Self::Connect(error),
                Phase::Tls => Self::Tls(error),
                phase => Self::Connection { phase, source: error },
            },
        }
    }

    /// What the interrupt hook has said.
    pub(super) fn of_interrupt(error: io::Error) -> Self {
        if interrupt::is_cancellation(&error) { Self::Cancelled } else { Self::Interrupted(error) }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(problem) => problem.fmt(f),
            Self::Lookup(_) => f.write_str("the host was not found"),
            Self::Connect(_) => f.write_str("could not connect to the server"),
            Self::Tls(_) => f.write_str("could not set up TLS with the server"),
            Self::Proxy(sentence) => write!(f, "the proxy did not make the connection: {sentence}"),
            Self::TimedOut { phase, limit: Some(limit) } => {
                write!(f, "timed out after {limit:?} {phase}")
            }
            Self::TimedOut { phase, limit: None } => write!(f, "timed out {phase}"),
            Self::Cancelled => f.write_str("the call was cancelled"),
            Self::Interrupted(_) => f.write_str("the call was interrupted"),
            Self::Connection { phase, .. } => write!(f, "the connection failed {phase}"),
            Self::Closed { received: 0 } => f.write_str("the server closed the connection without an answer"),
            Self::Closed { received } => {
                write!(f, "the server closed the connection after {received} bytes, inside the header")
            }
            Self::Invalid(sentence) => {
                write!(f, "what the server sent is no valid HTTP response: {sentence}")
            }
            Self::Incomplete { received, expected: Some(expected) } => {
                write!(f, "the body ended after {received} of {expected} bytes")
            }
            Self::Incomplete { received, expected: None } => {
                write!(f, "the body ended after {received} bytes, before its end was told")
            }
            Self::TooLarge { what, limit } => {
                write!(f, "{what} is larger than {limit} bytes, raise the limit if it may be")
            }
            Self::Decode(sentence) => write!(f, "the body cannot be decoded: {sentence}"),
            Self::Redirect(sentence) => write!(f, "the redirect was not followed: {sentence}"),
            Self::Refused(status) => write!(f, "the server answered {status}, there is nothing to download"),
            Self::Local { path: Some(path), .. } => write!(f, "the local file {} has failed", path.display()),
            Self::Local { path: None, .. } => f.write_str("the local side of the transfer has failed"),
        }
    }
}

impl Error for HttpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Lookup(error) | Self::Connect(error) | Self::Tls(error) => Some(error),
            Self::Connection { source, .. } => Some(source),
            Self::Interrupted(error) | Self::Local { source: error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<RequestProblem> for HttpError {
    fn from(problem: RequestProblem) -> Self {
        Self::Request(problem)
    }
}

/// So that a response can be read as a file is.
impl From<HttpError> for io::Error {
    fn from(error: HttpError) -> Self {
        use io::ErrorKind as Kind;
        let kind = match &error {
            HttpError::Interrupted(inner) => return io::Error::new(inner.kind(), error),
            HttpError::Local { source, .. } => return io::Error::new(source.kind(), error),
            HttpError::TimedOut { .. } => Kind::TimedOut,
            // Not `Interrupted`, at which readers try again.
            HttpError::Cancelled => Kind::ConnectionAborted,
            HttpError::Closed { .. } | HttpError::Incomplete { .. } => Kind::UnexpectedEof,
            HttpError::Connection { source, .. } => source.kind(),
            HttpError::Request(_) => Kind::InvalidInput,
            HttpError::Invalid(_) | HttpError::Decode(_) | HttpError::TooLarge { .. } => Kind::InvalidData,
            _ => Kind::Other,
        };
        io::Error::new(kind, error)
    }
}

/// The steps of a call.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Phase {
    /// The host's name is being looked up.
    #[default]
    Lookup,
    /// A connection is being made.
    Connect,
    /// The proxy is being asked for a connection.
    Proxy,
    /// The TLS handshake is going on.
    Tls,
    /// The request is being sent.
    Send,
    /// The header of the response is awaited.
    Head,
    /// The body of the response is awaited.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lookup => "while looking up the host",
            Self::Connect => "while connecting",
            Self::Proxy => "while asking the proxy",
            Self::Tls => "during the TLS handshake",
            Self::Send => "while sending the request",
            Self::Head => "while waiting for the response",
            Self::Body => "while receiving the body",
        })
    }
}

/// What is wrong with a request, found before anything was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestProblem {
    what: &'static str,
    sentence: Cow<'static, str>,
}

impl RequestProblem {
    pub(super) fn new(what: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { what, sentence: sentence.into() }
    }

    /// Which part of the request: `method`, `uri`, `host`, `field`, `body`, …
    pub fn what(&self) -> &'static str {
        self.what
    }
}

impl fmt::Display for RequestProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for RequestProblem {}
