//! The FTP protocol (RFC 959 and its extensions) without input or output.
//!
//! In scope: building commands that cannot be broken into two, splitting a byte stream into replies, reading what
//! replies and listings say, and telling which reply answers which command. Bytes come in as slices, time comes
//! in as an argument.
//!
//! Out of scope: sockets, files, threads, clocks, name lookup, encryption. `sfml-network` drives this crate.

mod address;
mod argument;
mod command;
mod directory;
mod features;
mod listing;
mod number;
mod reply;
mod session;
mod size;
mod status;
mod timestamp;

pub use address::{eprt_argument, extended_passive_port, passive_address, port_argument};
pub use argument::{Argument, ArgumentError};
pub use command::{Command, CommandError};
pub use directory::directory;
pub use features::Features;
pub use listing::{
    Entry, EntryKind, Listing, ListingError, ListingFormat, ListingLimits, mlst_entry, strip_common_directory,
};
pub use reply::{Reply, ReplyError, ReplyLimits, ReplyParser};
pub use session::{Event, Session, Ticket};
pub use size::{announced_size, size};
pub use status::Status;
pub use timestamp::{Precision, Timestamp};
