//! Giving up a transfer, so that the session goes on.

use std::time::Duration;

use ftp_proto::{Command, Reply, Status, Ticket};

use super::super::error::{Awaited, FtpError};
use super::Control;
use crate::time::Deadline;

/// How long the server may be silent about a transfer that was given up before it is asked for a sign of life.
const ABORT_SILENCE: Duration = Duration::from_secs(2);

/// The same when it has spoken once: the second reply would come at once.
const ABORT_PAUSE: Duration = Duration::from_millis(300);

/// How long that sign of life may take.
const ABORT_LIMIT: Duration = Duration::from_secs(10);

impl Control {
    /// Remembers a transfer that was given up: the next command first brings the session in order.
    pub(in super::super) fn abandon(&mut self, transfer: Ticket) {
        self.abandoned = Some(transfer);
    }

    /// Waits for the last reply to a transfer whose data connection is closed. If none comes in the time allowed the
    /// transfer is aborted.
    pub(in super::super) fn conclude(
        &mut self,
        transfer: Ticket,
        patience: Duration,
    ) -> Result<Option<Reply>, FtpError> {
        let deadline = Deadline::after(patience);
        loop {
            if let Some(reply) = self.claim(transfer) {
                return Ok(reply);
            }
            if !self.advance(deadline)? {
                return self.abort(transfer).map(|()| None);
            }
        }
    }

    /// Asks the server to give up a transfer whose data connection is closed, and waits until it is ready for the
    /// next command (RFC 959, section 4.1.3).
    ///
    /// Two replies are due, but servers were seen that leave one or both out. The last resort is a `NOOP`: whoever
    /// answers that has nothing more to say about what came before it.
    pub(in super::super) fn abort(&mut self, transfer: Ticket) -> Result<(), FtpError> {
        // Until it is done, in case that is interrupted.
        self.abandoned = Some(transfer);
        let command = Command::new("ABOR");
        self.awaited = Awaited::ReplyTo(command.to_string());
        while self.advance(Deadline::after(Duration::ZERO))? {}
        if self.abort.is_some() || self.claim(transfer).is_none() {
            self.finish_abort(&command, transfer)?;
        }
        (self.abandoned, self.abort) = (None, None);
        Ok(())
    }

    fn finish_abort(&mut self, command: &Command, transfer: Ticket) -> Result<(), FtpError> {
        let abort = match self.abort {
            Some(abort) => abort,
            None => {
                let abort = self.send_aside(command)?;
                *self.abort.insert(abort)
            }
        };
        let mut silence = ABORT_SILENCE;
        let mut is_over = false;
        loop {
            if let Some(ended) = self.claim(transfer) {
                is_over = ended.is_some();
                silence = ABORT_PAUSE;
            }
            if let Some(reply) = self.claim(abort) {
                let denies = reply.is_some_and(|reply| reply.status() == Status::DATA_CONNECTION_OPENED);
                self.is_confused = denies && !is_over;
                return Ok(());
            }
            if !self.advance(Deadline::after(silence))? {
                return self.synchronise();
            }
        }
    }

    /// Whether the server has denied a transfer that it had announced, and not ended. pyftpdlib then moves the data of
    /// that one over the next data connection: the session must not be used any more.
    pub(in super::super) const fn is_confused(&self) -> bool {
        self.is_confused
    }

    pub(super) fn synchronise(&mut self) -> Result<(), FtpError> {
        let mut line = Vec::new();
        let sync = self.session.send_sync(&mut line);
        let command = Command::new("NOOP");
        self.log_sent(&command);
        self.put(&line)?;
        self.awaited = Awaited::ReplyTo(command.to_string());
        self.limit_to(ABORT_LIMIT, |control| control.wait_for(sync)).map(drop)
    }
}
