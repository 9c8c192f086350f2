//! `Exchange`: one command that moves data, from its data connection to its last reply.

use std::time::Duration;

use ftp_proto::{Argument, Command, Reply, Ticket};

use super::client::{Client, SendingAhead};
use super::control::accepted;
use super::data::{DataConnection, has_data};
use super::error::{Awaited, FtpError};
use super::options::DataConnections;
use super::signals::LOOK;
use crate::error::SocketError;
use crate::stream::Stream;
use crate::time::Deadline;

/// How long an upload waits to be announced before it begins all the same. Some servers say nothing until data
/// comes.
const UNANNOUNCED: Duration = Duration::from_secs(2);

/// How long a server may take to say why a data connection broke.
const EXPLANATION: Duration = Duration::from_secs(2);

/// Where the data goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Direction {
    Download,
    Upload,
}

/// A command that moves data, under way.
pub(super) struct Exchange {
    pub(super) stream: Box<dyn Stream>,
    pub(super) ticket: Ticket,
    command: Command,
}

impl Exchange {
    pub(super) fn refused(&self, reply: Reply) -> FtpError {
        FtpError::Rejected { command: self.command.to_string(), reply }
    }

    /// Closes the data connection so that the server cannot take it for a complete upload.
    fn reset(self) -> Ticket {
        if let Some(socket) = self.stream.plain() {
            // Without it the server sees an end in order, and hears of the rest from `ABOR`.
            let _ = socket.set_linger(Some(Duration::ZERO));
        }
        self.ticket
    }
}

impl Client {
    /// Begins an exchange: a data connection, the offset where it is to start, the command.
    pub(super) fn begin(
        &mut self,
        command: Command,
        offset: u64,
        direction: Direction,
    ) -> Result<Exchange, FtpError> {
        let connection = self.prepare_data()?;
        self.begin_on(connection, command, offset, direction)
    }

    /// As [`begin`](Self::begin), on a data connection that is prepared.
    pub(super) fn begin_on(
        &mut self,
        connection: DataConnection,
        command: Command,
        offset: u64,
        direction: Direction,
    ) -> Result<Exchange, FtpError> {
        if offset > 0 {
            // Directly before the transfer: servers forget it, or apply it to whatever comes first.
            self.demand(&restart(offset))?;
        } else if self.control()?.session().has_restart_left_over() {
            self.control()?.call(&restart(0))?;
        }
        let ticket = self.send_transfer(&command)?;
        self.follow(connection, ticket, command, direction)
    }

    /// Sends a transfer's command, and where another transfer follows asks for its port in the same piece.
    ///
    /// The first time it is a `NOOP` instead, which does no harm on a server that does not wait for its turn.
    fn send_transfer(&mut self, command: &Command) -> Result<Ticket, FtpError> {
        let is_passive = matches!(self.options.data_connections, DataConnections::Passive(_));
        let is_worthwhile = self.has_more && is_passive && !self.known.extended_fails;
        if self.control()?.loses_turns() {
            self.known.sending_ahead = SendingAhead::Fails;
        }
        match self.known.sending_ahead {
            SendingAhead::Untried if is_worthwhile => {
                let (transfer, _) = self.control()?.send_ahead(command, &Command::new("NOOP"))?;
                self.known.trial = Some(transfer);
                Ok(transfer)
            }
            SendingAhead::Works if is_worthwhile => {
                let (transfer, ahead) = self.control()?.send_ahead(command, &Command::new("EPSV"))?;
                self.known.ahead = Some(ahead);
                Ok(transfer)
            }
            _ => self.control()?.send(command),
        }
    }

    /// The exchange of a command that was sent.
    pub(super) fn follow(
        &mut self,
        connection: DataConnection,
        ticket: Ticket,
        command: Command,
        direction: Direction,
    ) -> Result<Exchange, FtpError> {
        let stream = match self.data_stream(connection, ticket, &command) {
            Ok(stream) => stream,
            Err(error) => return Err(self.recover(ticket, error)),
        };
        let exchange = Exchange { stream, ticket, command };
        match self.await_beginning(&exchange, direction) {
            Ok(()) => Ok(exchange),
            Err(error) => Err(self.give_up(exchange, error)),
        }
    }

    /// Waits until the transfer begins: the server says so, or data comes without a word.
    fn await_beginning(&mut self, exchange: &Exchange, direction: Direction) -> Result<(), FtpError> {
        let limit = self.options.control_timeout;
        let control = self.control()?;
        let deadline = Deadline::after(limit);
        let unannounced = Deadline::after(UNANNOUNCED);
        loop {
            if control.beginning(exchange.ticket).is_some() {
                return Ok(());
            }
            if let Some(reply) = control.answer(exchange.ticket) {
                return if reply.status().is_ok() { Ok(()) } else { Err(exchange.refused(reply.clone())) };
            }
            if control.advance(deadline.sooner(Deadline::after(LOOK)))? {
                continue;
            }
            let may_begin = match direction {
                Direction::Download => has_data(control, &*exchange.stream),
                Direction::Upload => unannounced.has_passed(),
            };
            if may_begin {
                return Ok(());
            }
            if deadline.has_passed() {
                let awaited = Awaited::ReplyTo(exchange.command.to_string());
                return Err(FtpError::TimedOut { awaited, limit });
            }
        }
    }

    /// Ends an exchange whose data has ended, with the server's last reply.
    pub(super) fn end(&mut self, exchange: Exchange, direction: Direction) -> Result<Reply, FtpError> {
        let Exchange { stream, ticket, command } = exchange;
        // Some servers say nothing until the connection is closed on both sides. After an upload the server has to
        // read the end of the data first.
        let stream = (direction == Direction::Upload).then_some(stream);
        let control = self.control()?;
        control.data_ended();
        let reply = accepted(&command, control.reply_to(ticket, &command)?)?;
        if self.known.trial.take_if(|trial| *trial == ticket).is_some() {
            self.known.sending_ahead = SendingAhead::Works;
        }
        match stream.map(|stream| stream.try_receive(&mut [0])) {
            // Whoever closes a connection before all of it is read resets it.
            Some(Err(source @ SocketError::Disconnected(Some(_)))) => {
                Err(FtpError::Data { reply: Some(reply), source })
            }
            _ => Ok(reply),
        }
    }

    /// Ends an exchange that failed, so that the session goes on. Returns what to report.
    pub(super) fn give_up(&mut self, exchange: Exchange, error: FtpError) -> FtpError {
        let ticket = exchange.reset();
        self.recover(ticket, error)
    }

    /// Leaves an exchange of which enough has come; the session's next command brings it in order.
    pub(super) fn leave(&mut self, exchange: Exchange) {
        let ticket = exchange.reset();
        if let Ok(control) = self.control() {
            control.abandon(ticket);
        }
    }

    /// Brings the session in order after an exchange failed. Returns what to report.
    fn recover(&mut self, ticket: Ticket, mut error: FtpError) -> FtpError {
        // What cancelled the transfer must not cancel this.
        self.signals.forget_cancellation();
        if error.ends_session() {
            return error;
        }
        if self.signals.is_hung_up() {
            self.drop_session();
            return error;
        }
        let Ok(control) = self.control() else { return error };
        let patience = match &error {
            FtpError::Interrupted(_) => {
                // The caller is in a hurry: the next command does it.
                control.abandon(ticket);
                return error;
            }
            FtpError::Data { .. } | FtpError::Rejected { .. } => EXPLANATION,
            _ => Duration::ZERO,
        };
        let concluded = control.conclude(ticket, patience).and_then(|said| {
            if control.session().has_restart_left_over() {
                control.call(&restart(0))?;
            }
            Ok(said)
        });
        match (concluded, &mut error) {
            (Ok(_), _) if self.control().is_ok_and(|control| control.is_confused()) => {
                self.drop_session_to_go_on();
            }
            (Ok(said), FtpError::Data { reply: reply @ None, .. }) => *reply = said,
            (Ok(_), _) => {}
            (Err(FtpError::Interrupted(reason)), _) => {
                self.drop_session();
                return FtpError::Interrupted(reason);
            }
            // What ended the transfer is what to report, and not that the session is beyond repair.
            (Err(_), _) => self.drop_session(),
        }
        error
    }
}

/// `REST`, with an offset in bytes (RFC 3659, section 5).
pub(super) fn restart(offset: u64) -> Command {
    // Digits are always an argument.
    Argument::new(offset.to_string())
        .map_or_else(|_| Command::new("REST"), |offset| Command::with("REST", offset))
}
