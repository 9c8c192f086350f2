//! The FTP protocol (RFC 959 and its extensions) without input or output.
//!
//! In scope: building commands that cannot be broken into two, splitting a byte stream into replies, reading what
//! replies and listings say, and telling which reply answers which command. Bytes come in as slices, time comes
//! in as an argument.
//!
//! Out of scope: sockets, files, threads, clocks, name lookup, encryption. `sfml-network` drives this crate.

mod argument;
mod command;
mod reply;
mod session;
mod status;

pub use argument::{Argument, ArgumentError};
pub use command::{Command, CommandError};
pub use reply::{Reply, ReplyError, ReplyLimits, ReplyParser};
pub use session::{Event, Session, Ticket};
pub use status::Status;
