//! A command whose last reply is due.

use crate::command::Command;
use crate::status::Status;

/// Names a command that was sent, to find the replies to it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Ticket(pub(super) u64);

/// What is asked, as far as it decides which reply answers it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// The server speaks first.
    Greeting,
    /// A command that moves data.
    Transfer,
    /// Asks for a port, answered with 227 to 229.
    Passive,
    /// Asks for a path, answered with 257.
    Path,
    /// Asks for a fact about a file, answered with 213.
    Fact,
    /// Where the next transfer starts.
    Restart {
        /// The offset; what is no number counts as one above zero.
        from: u64,
    },
    Abort,
    Noop,
    /// A `NOOP` that ends the wait for everything before it.
    Sync,
    Other,
}

impl Kind {
    pub(super) fn of(command: &Command) -> Self {
        match command.verb() {
            b"RETR" | b"STOR" | b"STOU" | b"APPE" | b"LIST" | b"NLST" | b"MLSD" => Self::Transfer,
            b"PASV" | b"EPSV" | b"LPSV" => Self::Passive,
            b"PWD" | b"XPWD" | b"MKD" | b"XMKD" => Self::Path,
            b"SIZE" | b"MDTM" => Self::Fact,
            b"REST" => {
                let text = std::str::from_utf8(command.argument()).unwrap_or_default();
                Self::Restart { from: text.trim().parse().unwrap_or(u64::MAX) }
            }
            b"ABOR" => Self::Abort,
            b"NOOP" => Self::Noop,
            _ => Self::Other,
        }
    }
}

/// How well a code answers a command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fit {
    Good,
    /// It may be left over from something else.
    Doubtful,
    None,
}

#[derive(Debug)]
pub(super) struct Expected {
    pub(super) ticket: Ticket,
    pub(super) kind: Kind,
    /// Whether a `1yz` reply has come.
    pub(super) begun: bool,
    /// Whether another one has come: Pure-FTPd ends a transfer like that whose data connection was closed early.
    pub(super) begun_again: bool,
    pub(super) data_ended: bool,
}

impl Expected {
    pub(super) fn new(ticket: Ticket, kind: Kind) -> Self {
        Self { ticket, kind, begun: false, begun_again: false, data_ended: false }
    }

    /// Whether a `1yz` reply can be about it.
    pub(super) fn may_begin(&self) -> bool {
        matches!(self.kind, Kind::Transfer | Kind::Greeting)
    }

    /// Whether it is a transfer whose data may be flowing.
    pub(super) fn is_under_way(&self) -> bool {
        self.kind == Kind::Transfer && self.begun
    }

    /// Whether a doubtful reply to it can only be judged when the data has ended.
    pub(super) fn waits_for_data(&self) -> bool {
        self.kind == Kind::Transfer && !self.data_ended
    }

    /// How well a code from 200 on answers it. `after_transfer` says that left-overs of a transfer may still come.
    pub(super) fn fit(&self, status: Status, after_transfer: bool) -> Fit {
        if self.kind == Kind::Transfer && (status.is_intermediate() || matches!(status.0, 227..=229)) {
            return Fit::None;
        }
        if !status.is_completion() {
            return Fit::Good;
        }
        let is_good = match self.kind {
            // Without a 1yz before it, it may be the doubled end of the transfer before.
            Kind::Transfer => self.begun && matches!(status.0, 200 | 202 | 225 | 226 | 250),
            Kind::Passive => matches!(status.0, 227..=229),
            Kind::Path => status == Status::DIRECTORY_OK,
            Kind::Fact => status == Status::FILE_STATUS,
            Kind::Greeting | Kind::Abort => true,
            Kind::Sync if matches!(status.0, 225 | 226) => return Fit::None,
            Kind::Restart { .. } | Kind::Noop | Kind::Sync | Kind::Other => {
                !(after_transfer && matches!(status.0, 225 | 226))
            }
        };
        if is_good { Fit::Good } else { Fit::Doubtful }
    }
}
