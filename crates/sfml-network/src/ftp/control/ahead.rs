//! Commands that were sent behind another one, while the server was busy with it.

use std::time::Duration;

use ftp_proto::{Command, Reply, Ticket};

use super::super::error::{Awaited, FtpError};
use super::Control;
use crate::time::Deadline;

/// How long the answer to a command may take that was sent behind another one, once that is done.
const AHEAD_LIMIT: Duration = Duration::from_secs(5);

impl Control {
    /// The reply to a command that was sent ahead; `None` when the server has forgotten it.
    pub(in super::super) fn reply_to_ahead(&mut self, ticket: Ticket) -> Result<Option<Reply>, FtpError> {
        self.settle_ahead()?;
        Ok(self.claim(ticket).flatten())
    }

    /// Waits until it is known what became of the command that was sent ahead, before another one could be mixed up
    /// with it. Servers that forget what is sent while they are busy are found out soon.
    pub(super) fn settle_ahead(&mut self) -> Result<(), FtpError> {
        if let Some(ahead) = self.ahead {
            self.awaited = Awaited::ReplyTo(Command::new("EPSV").to_string());
            self.settle(ahead)?;
            self.ahead = None;
        }
        Ok(())
    }

    /// Whether what is sent during a transfer does not wait for its turn: the server answers it at once, or never.
    pub(in super::super) const fn loses_turns(&self) -> bool {
        self.loses_turns
    }

    /// Notes in which order a transfer and what was sent behind it are answered.
    pub(super) fn note_turn(&mut self, answered: Ticket) {
        if self.behind == Some(answered) {
            self.behind = None;
        } else if self.ahead == Some(answered) && self.behind.is_some() {
            self.loses_turns = true;
        }
    }

    /// Waits until it is known what became of a command that was sent behind another one.
    pub(super) fn settle(&mut self, ticket: Ticket) -> Result<(), FtpError> {
        let deadline = Deadline::after(AHEAD_LIMIT.min(self.limit));
        while !self.is_answered(ticket) {
            if !self.advance(deadline)? {
                self.loses_turns = true;
                return self.synchronise();
            }
        }
        Ok(())
    }
}
