//! `SocketError`: what can go wrong on a socket, and the one function that sorts an `io::Error`.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io;

use crate::sys;

/// Why a socket operation did not succeed, sorted by what the caller can do about it.
///
/// `Display` says what happened and what to do; [`source`](Error::source) is the system's own error.
/// In Python the three variants are `SocketNotReady`, `SocketDisconnected` and `SocketError`.
#[derive(Debug)]
#[non_exhaustive]
pub enum SocketError {
    /// The operation would have to wait longer than allowed: the socket is in non-blocking mode and not ready
    /// (`EAGAIN`), or the call's time ran out. Nothing was lost; call again when the socket is ready.
    NotReady,
    /// The connection is over: the peer closed it (`None`), or it was reset, aborted or timed out
    /// (`ECONNRESET`, `ECONNABORTED`, `EPIPE`, `ENOTCONN`, `ENETRESET`, `ETIMEDOUT`).
    Disconnected(Option<io::Error>),
    /// Everything else: refused, unreachable, no such descriptor, no permission, impossible arguments, or an
    /// interrupt hook that said stop.
    Other(io::Error),
}

impl SocketError {
    /// Sorts a system error, as SFML does: would-block, disconnected, other.
    #[inline(always)]
    pub(crate) fn classify(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::WouldBlock { Self::NotReady } else { Self::classify_failure(error) }
    }

    #[cold]
    fn classify_failure(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::BrokenPipe
            | Kind::ConnectionAborted
            | Kind::ConnectionReset
            | Kind::NotConnected
            | Kind::TimedOut
            | Kind::UnexpectedEof => Self::Disconnected(Some(error)),
            _ if sys::is_in_progress(&error) => Self::NotReady,
            _ if sys::is_network_reset(&error) => Self::Disconnected(Some(error)),
            _ => Self::Other(error),
        }
    }

    /// A condition we found ourselves, under the errno that names it best.
    #[cold]
    pub(crate) fn condition(code: i32, sentence: impl Into<Cow<'static, str>>) -> Self {
        let kind = io::Error::from_raw_os_error(code).kind();
        Self::Other(io::Error::new(
            kind,
            Explained { sentence: sentence.into(), code: Some(code), cause: None },
        ))
    }

    /// A system error together with what was attempted when it came.
    #[cold]
    pub(crate) fn attempt(sentence: impl Into<Cow<'static, str>>, cause: io::Error) -> Self {
        let (kind, code) = (cause.kind(), cause.raw_os_error());
        let explained =
            |cause| io::Error::new(kind, Explained { sentence: sentence.into(), code, cause: Some(cause) });
        match Self::classify(cause) {
            Self::NotReady => Self::NotReady,
            Self::Disconnected(Some(cause)) => Self::Disconnected(Some(explained(cause))),
            Self::Other(cause) => Self::Other(explained(cause)),
            ended => ended,
        }
    }

    /// The `errno` (Windows: WSA code) behind this error, if there is one.
    pub fn raw_os_error(&self) -> Option<i32> {
        let error = self.io_error()?;
        let explained = error.get_ref().and_then(|inner| inner.downcast_ref::<Explained>());
        explained.map_or_else(|| error.raw_os_error(), |explained| explained.code)
    }

    /// The standard library's kind for this error.
    pub fn kind(&self) -> io::ErrorKind {
        match self {
            Self::NotReady => io::ErrorKind::WouldBlock,
            Self::Disconnected(None) => io::ErrorKind::UnexpectedEof,
            Self::Disconnected(Some(error)) | Self::Other(error) => error.kind(),
        }
    }

    pub(crate) fn io_error(&self) -> Option<&io::Error> {
        match self {
            Self::NotReady | Self::Disconnected(None) => None,
            Self::Disconnected(Some(error)) | Self::Other(error) => Some(error),
        }
    }
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReady => {
                f.write_str("not ready: nothing could be done in the time allowed, call again later")
            }
            Self::Disconnected(None) => f.write_str("the peer closed the connection"),
            Self::Disconnected(Some(error)) | Self::Other(error) if error.get_ref().is_some() => error.fmt(f),
            Self::Disconnected(Some(error)) | Self::Other(error) => advise(error, f),
        }
    }
}

impl Error for SocketError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let error = self.io_error()?;
        match error.get_ref() {
            Some(inner) => inner.source(),
            None => Some(error),
        }
    }
}

/// Sorts any I/O error, so that `?` works where both kinds meet.
impl From<io::Error> for SocketError {
    fn from(error: io::Error) -> Self {
        Self::classify(error)
    }
}

impl From<SocketError> for io::Error {
    fn from(error: SocketError) -> Self {
        match error {
            SocketError::NotReady => io::ErrorKind::WouldBlock.into(),
            SocketError::Disconnected(None) => io::ErrorKind::UnexpectedEof.into(),
            SocketError::Disconnected(Some(error)) | SocketError::Other(error) => error,
        }
    }
}

/// A sentence around a system error, or around an errno we chose.
#[derive(Debug)]
struct Explained {
    sentence: Cow<'static, str>,
    code: Option<i32>,
    cause: Option<io::Error>,
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        match &self.cause {
            Some(cause) if cause.raw_os_error().is_some() => {
                f.write_str(": ")?;
                advise(cause, f)
            }
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl Error for Explained {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// What a kind of failure means for a network program.
fn advise(error: &io::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use io::ErrorKind as Kind;
    f.write_str(match error.kind() {
        Kind::AddrInUse => "another socket already uses that port, close it or choose another port",
        Kind::AddrNotAvailable => "no interface of this computer has that address",
        Kind::BrokenPipe => "the connection was closed before all data was sent",
        Kind::ConnectionAborted => "the connection was aborted",
        Kind::ConnectionRefused => {
            "connection refused, nothing listens on that port or a firewall rejects it"
        }
        Kind::ConnectionReset => "the peer reset the connection",
        Kind::HostUnreachable => "no route to that host",
        Kind::Interrupted => "interrupted",
        Kind::InvalidInput => "the system does not accept these arguments",
        Kind::NetworkDown => "the network is down",
        Kind::NetworkUnreachable => "no route to that network",
        Kind::NotConnected => "the socket is not connected",
        Kind::PermissionDenied => "not permitted, ports below 1024 and broadcast may need privileges",
        Kind::TimedOut => "the peer did not answer in time",
        Kind::Unsupported => "this system does not support it",
        _ if sys::is_out_of_descriptors(error) => {
            "no descriptors are left, close some or raise the limit on open files"
        }
        _ => return write!(f, "the system refused the operation: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted_as_sfml_sorts_errno() {
        let sort = |kind: io::ErrorKind| SocketError::classify(kind.into());
        assert!(matches!(sort(io::ErrorKind::WouldBlock), SocketError::NotReady));
        for kind in [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe, io::ErrorKind::TimedOut] {
            assert!(matches!(sort(kind), SocketError::Disconnected(Some(_))));
        }
        for kind in [io::ErrorKind::ConnectionRefused, io::ErrorKind::AddrInUse, io::ErrorKind::Interrupted] {
            assert!(matches!(sort(kind), SocketError::Other(_)));
        }
    }

    #[test]
    fn an_attempt_keeps_errno_and_cause() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let error = SocketError::attempt("could not connect to 127.0.0.1 port 9", refused);
        assert!(matches!(error, SocketError::Other(_)));
        assert!(error.to_string().starts_with("could not connect to 127.0.0.1 port 9: "));
        assert!(error.source().is_some());
    }

    #[test]
    fn a_condition_has_an_errno_and_no_deeper_cause() {
        let error = SocketError::condition(sys::code::MESSAGE_SIZE, "too long");
        assert_eq!(error.raw_os_error(), Some(sys::code::MESSAGE_SIZE));
        assert_eq!(error.to_string(), "too long");
        assert!(error.source().is_none());
    }
}
