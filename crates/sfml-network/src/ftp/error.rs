//! `FtpError`: why an FTP call did not succeed, sorted by who has to act.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ftp_proto::{ArgumentError, CommandError, ListingError, Reply, ReplyError};

use super::tree::TreeReport;
use crate::error::SocketError;
use crate::interrupt;
use crate::transfer::LandingError;

/// Why an FTP call did not succeed.
///
/// `Display` names what was attempted and what came of it, never a password. After
/// [`Rejected`](Self::Rejected), [`Argument`](Self::Argument), [`Data`](Self::Data),
/// [`Incomplete`](Self::Incomplete), [`Local`](Self::Local) and [`Cancelled`](Self::Cancelled) the session goes on, as a
/// rule; after [`Closed`](Self::Closed), a reply that did not come in time, and one that is none, it has ended.
/// [`Ftp::is_connected`](super::Ftp::is_connected) tells, and [`Ftp::reconnect`](super::Ftp::reconnect) begins it anew.
#[derive(Debug)]
#[non_exhaustive]
pub enum FtpError {
    /// The server refused a command. What it says is in the reply: codes from 400 on may be different later, codes
    /// from 500 on will not.
    Rejected {
        /// The command, its secrets masked.
        command: String,
        /// What the server said.
        reply: Reply,
    },
    /// No connection to the server could be made.
    Connect {
        /// The host, as it was given, and the port.
        server: String,
        /// Why.
        source: SocketError,
    },
    /// The connection to the server is over: it said good-bye (`421`), or nothing at all.
    Closed {
        /// What was being waited for.
        awaited: Awaited,
        /// The server's good-bye.
        reply: Option<Reply>,
        /// How the connection ended, where it did not end in order.
        source: Option<SocketError>,
    },
    /// There is no connection: it was never made, or has been ended.
    NotConnected,
    /// Something did not happen in the time allowed.
    TimedOut {
        /// What was being waited for.
        awaited: Awaited,
        /// The time allowed.
        limit: Duration,
    },
    /// The server does not keep to the protocol, or is no FTP server.
    Protocol(ProtocolError),
    /// Something the caller gave cannot be sent, or not be done.
    Argument {
        /// What it was, as in "the user name".
        what: &'static str,
        /// Why not.
        source: ArgumentProblem,
    },
    /// The connection for the data could not be made, or broke.
    Data {
        /// What the server said to it.
        reply: Option<Reply>,
        /// What happened to the connection.
        source: SocketError,
    },
    /// Less arrived than there is, or something else, although the server says that it has sent all.
    Incomplete {
        /// The bytes there are now, those of an earlier attempt included.
        received: u64,
        /// The bytes there should be.
        expected: u64,
    },
    /// A file or directory of this computer could not be used.
    Local {
        /// Which, where it has a name.
        path: Option<PathBuf>,
        /// What came of it, as in "could not create".
        attempt: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// The server named a file in a way that would not stay inside the directory it belongs to.
    UnsafeName {
        /// The name.
        name: Vec<u8>,
    },
    /// Of a tree, something could not be transferred; the rest was.
    Unfinished(Box<TreeReport>),
    /// The call was cancelled, by its progress callback or by another thread.
    Cancelled,
    /// The interrupt hook ended the call.
    Interrupted(io::Error),
}

/// What a call was waiting for when it ended.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Awaited {
    /// The first words of the server.
    Greeting,
    /// The reply to a command, which is named with its secrets masked.
    ReplyTo(String),
    /// The data connection, to be made from here.
    DataConnection,
    /// The data connection, to be made by the server.
    ServerToConnect,
    /// Data of a download or a listing.
    Data,
    /// Room to send data of an upload.
    RoomForData,
    /// A speed above the lowest allowed.
    Speed,
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Greeting => f.write_str("the server's greeting"),
            Self::ReplyTo(command) => write!(f, "the reply to {command}"),
            Self::DataConnection => f.write_str("the data connection"),
            Self::ServerToConnect => f.write_str("the server to open the data connection"),
            Self::Data => f.write_str("data from the server"),
            Self::RoomForData => f.write_str("the server to take data"),
            Self::Speed => f.write_str("the transfer to become faster than the lowest speed allowed"),
        }
    }
}

/// How the server broke the protocol.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProtocolError {
    /// Its bytes are no replies.
    Reply(ReplyError),
    /// Its listing has no end, or lines without end.
    Listing(ListingError),
    /// A reply does not say what it must.
    Meaningless {
        /// The command, its secrets masked.
        command: String,
        /// The reply.
        reply: Reply,
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply(error) => error.fmt(f),
            Self::Listing(error) => error.fmt(f),
            Self::Meaningless { command, reply } => {
                write!(f, "the reply to {command} does not say what it has to: {reply}")
            }
        }
    }
}

impl Error for ProtocolError {}

/// Why something the caller gave cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ArgumentProblem {
    /// It cannot be part of a command.
    Unsendable(CommandError),
    /// What is wrong with it, and what to do.
    Impossible(&'static str),
}

impl fmt::Display for ArgumentProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsendable(error) => error.fmt(f),
            Self::Impossible(sentence) => f.write_str(sentence),
        }
    }
}

impl Error for ArgumentProblem {}

impl FtpError {
    /// The server's reply, where the failure came with one.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Rejected { reply, .. } | Self::Protocol(ProtocolError::Meaningless { reply, .. }) => {
                Some(reply)
            }
            Self::Closed { reply, .. } | Self::Data { reply, .. } => reply.as_ref(),
            _ => None,
        }
    }

    /// Whether the session has ended with it.
    pub const fn ends_session(&self) -> bool {
        matches!(
            self,
            Self::Closed { .. }
                | Self::NotConnected
                | Self::Connect { .. }
                | Self::Protocol(ProtocolError::Reply(_))
                | Self::TimedOut { awaited: Awaited::Greeting | Awaited::ReplyTo(_), .. }
        )
    }

    /// Whether the same call may succeed in a new session: the network failed, or the server was busy (`4yz`).
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Rejected { reply, .. } => reply.status().is_transient_failure(),
            Self::Closed { .. }
            | Self::NotConnected
            | Self::TimedOut { .. }
            | Self::Data { .. }
            | Self::Incomplete { .. } => true,
            Self::Connect { source, .. } => {
                matches!(source, SocketError::NotReady | SocketError::Disconnected(_))
                    || source.kind() == io::ErrorKind::ConnectionRefused
            }
            _ => false,
        }
    }

    pub(super) fn unsendable(what: &'static str, error: impl Into<CommandError>) -> Self {
        Self::Argument { what, source: ArgumentProblem::Unsendable(error.into()) }
    }

    pub(super) const fn impossible(what: &'static str, sentence: &'static str) -> Self {
        Self::Argument { what, source: ArgumentProblem::Impossible(sentence) }
    }

    pub(super) fn local(path: Option<&Path>, attempt: &'static str, source: io::Error) -> Self {
        Self::Local { path: path.map(Path::to_owned), attempt, source }
    }

    /// What went wrong with the file a download lands in.
    pub(super) fn of_landing(error: io::Error) -> Self {
        let known = error.get_ref().and_then(|inner| inner.downcast_ref::<LandingError>());
        let (path, attempt) =
            known.map_or((None, "could not use"), |known| (Some(known.path().to_owned()), known.sentence()));
        Self::Local { path, attempt, source: error }
    }

    /// Names the local file in an error that does not.
    pub(super) fn about(self, path: &Path) -> Self {
        match self {
            Self::Local { path: None, attempt, source } => Self::local(Some(path), attempt, source),
            error => error,
        }
    }

    /// A socket's error in the middle of a wait, when that was not the time running out.
    pub(super) fn of_wait(error: SocketError, otherwise: impl FnOnce(SocketError) -> Self) -> Self {
        match error {
            SocketError::Other(error) if error.kind() == io::ErrorKind::Interrupted => {
                Self::of_interrupt(error)
            }
            error => otherwise(error),
        }
    }

    /// What an interrupt said.
    pub(super) fn of_interrupt(error: io::Error) -> Self {
        if interrupt::is_cancellation(&error) { Self::Cancelled } else { Self::Interrupted(error) }
    }
}

impl From<ArgumentError> for ArgumentProblem {
    fn from(error: ArgumentError) -> Self {
        Self::Unsendable(CommandError::Argument(error))
    }
}

impl From<ReplyError> for FtpError {
    fn from(error: ReplyError) -> Self {
        Self::Protocol(ProtocolError::Reply(error))
    }
}

impl From<ListingError> for FtpError {
    fn from(error: ListingError) -> Self {
        Self::Protocol(ProtocolError::Listing(error))
    }
}

impl fmt::Display for FtpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected { command, reply } => write!(f, "{command} was refused: {reply}"),
            Self::Connect { server, .. } => write!(f, "no connection to the FTP server at {server}"),
            Self::Closed { awaited, reply: Some(reply), .. } => {
                write!(f, "the server ended the session while {awaited} was awaited: {reply}")
            }
            Self::Closed { awaited, reply: None, .. } => {
                write!(f, "the connection to the server ended while {awaited} was awaited")
            }
            Self::NotConnected => f.write_str("not connected to an FTP server, connect first"),
            Self::TimedOut { awaited, limit } => {
                write!(f, "{:.1} s were not enough: waited for {awaited}", limit.as_secs_f64())
            }
            Self::Protocol(error) => error.fmt(f),
            Self::Argument { what, source } => write!(f, "{what}: {source}"),
            Self::Data { reply: Some(reply), .. } => write!(f, "the data connection failed: {reply}"),
            Self::Data { reply: None, .. } => f.write_str("the data connection failed"),
            Self::Incomplete { received, expected } => {
                write!(f, "{received} bytes were transferred of a file of {expected}")
            }
            Self::Local { path: Some(path), attempt, .. } => write!(f, "{attempt} {}", path.display()),
            Self::Local { path: None, attempt, .. } => write!(f, "{attempt} the local data"),
            Self::UnsafeName { name } => {
                let name = String::from_utf8_lossy(name);
                write!(f, "the server's name {name:?} cannot be a file name here, rename it there")
            }
            Self::Unfinished(report) => {
                write!(f, "{} of the tree could not be transferred", report.failures.len())?;
                match report.failures.first() {
                    Some(first) => {
                        write!(f, ", first {:?}: {}", String::from_utf8_lossy(&first.path), first.error)
                    }
                    None => Ok(()),
                }
            }
            Self::Cancelled => f.write_str("cancelled"),
            Self::Interrupted(_) => f.write_str("interrupted"),
        }
    }
}

impl Error for FtpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Connect { source, .. } | Self::Data { source, .. } => Some(source),
            Self::Closed { source, .. } => source.as_ref().map(|source| source as _),
            // What is inside was said already.
            Self::Local { source, .. } => match source.get_ref() {
                Some(inner) if inner.is::<LandingError>() => inner.source(),
                _ => Some(source),
            },
            Self::Unfinished(report) => report.failures.first().and_then(|first| first.error.source()),
            Self::Interrupted(source) => Some(source),
            _ => None,
        }
    }
}
