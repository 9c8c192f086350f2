//! The control connection: commands out, replies in, one wait for both.
//!
//! `abort` gives up transfers, `ahead` sees to commands that were sent while the server was busy.

mod abort;
mod ahead;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use ftp_proto::{Command, Event, Reply, ReplyError, Session, Ticket};

use super::error::{Awaited, FtpError};
use super::interrupt::Interrupt;
use super::options::{FtpOptions, LogHook, LogLine};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::time::Deadline;

/// How much is taken from the server before the time is looked at, and who may interrupt: it need never pause.
const TAKEN_AT_ONCE: usize = 64 << 10;

/// How many replies are kept for who sent the commands.
const UNCLAIMED_MOST: usize = 8;

pub(super) struct Control {
    stream: Box<dyn Stream>,
    session: Session,
    inbox: [u8; 4096],
    pub(super) interrupt: Interrupt,
    log: Option<LogHook>,
    limit: Duration,
    /// What the wait under way is for.
    awaited: Awaited,
    /// The last reply to each command that was not claimed yet; `None` where there will be none.
    answers: VecDeque<(Ticket, Option<Reply>)>,
    begun: Option<(Ticket, Reply)>,
    farewell: Option<Reply>,
    has_ended: bool,
    /// A transfer that was given up, of which the server may still have to speak.
    abandoned: Option<Ticket>,
    /// The `ABOR` of that transfer, if it was sent.
    abort: Option<Ticket>,
    /// What was sent behind a transfer.
    ahead: Option<Ticket>,
    /// The transfer behind which that was sent, until its last reply has come.
    behind: Option<Ticket>,
    /// Whether what is sent behind a transfer does not wait for its turn.
    loses_turns: bool,
    is_confused: bool,
}

impl Control {
    /// Takes a new connection, and waits for the greeting.
    pub(super) fn greet(
        stream: Box<dyn Stream>,
        options: &FtpOptions,
        interrupt: Interrupt,
        deadline: Deadline,
    ) -> Result<(Self, Reply), FtpError> {
        let (session, greeting) = Session::new(options.reply_limits);
        let mut control = Self {
            stream,
            session,
            inbox: [0; 4096],
            interrupt,
            log: options.log.clone(),
            limit: options.control_timeout,
            awaited: Awaited::Greeting,
            answers: VecDeque::new(),
            begun: None,
            farewell: None,
            has_ended: false,
            abandoned: None,
            abort: None,
            ahead: None,
            behind: None,
            loses_turns: false,
            is_confused: false,
        };
        let limit = deadline.remaining().unwrap_or(options.control_timeout);
        let reply = control.limit_to(limit, |control| control.wait_for(greeting))?;
        if reply.status().is_completion() {
            Ok((control, reply))
        } else {
            Err(FtpError::Rejected { command: "the connection".to_owned(), reply })
        }
    }

    /// Takes over what may change in the middle of a session.
    pub(super) fn adopt(&mut self, options: &FtpOptions) {
        self.interrupt.hook.clone_from(&options.interrupt);
        self.log.clone_from(&options.log);
        self.limit = options.control_timeout;
    }

    pub(super) fn stream(&self) -> &dyn Stream {
        &*self.stream
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Sends a command and waits for its last reply, whatever that says.
    pub(super) fn call(&mut self, command: &Command) -> Result<Reply, FtpError> {
        let ticket = self.send(command)?;
        self.reply_to(ticket, command)
    }

    /// Sends commands in one piece and waits for the last reply to each. Returns those to the first of them, where the
    /// server takes one at a time and forgets the others.
    pub(super) fn call_together(&mut self, commands: &[&Command]) -> Result<Vec<Reply>, FtpError> {
        let mut tickets = self.send_together(commands)?.into_iter();
        let (Some(first), Some(command)) = (tickets.next(), commands.first()) else { return Ok(Vec::new()) };
        let mut replies = vec![self.reply_to(first, command)?];
        for ticket in tickets {
            self.settle(ticket)?;
            match self.claim(ticket) {
                Some(Some(reply)) => replies.push(reply),
                _ => break,
            }
        }
        Ok(replies)
    }

    /// As [`call`](Self::call), where a refusal is an error.
    pub(super) fn demand(&mut self, command: &Command) -> Result<Reply, FtpError> {
        accepted(command, self.call(command)?)
    }

    /// Sends a command. Its reply is to be claimed with [`reply_to`](Self::reply_to).
    pub(super) fn send(&mut self, command: &Command) -> Result<Ticket, FtpError> {
        let mut tickets = self.send_together(&[command])?;
        Ok(tickets.remove(0))
    }

    /// Sends a transfer and what is to follow it in one piece. Returns the tickets of both.
    pub(super) fn send_ahead(
        &mut self,
        transfer: &Command,
        next: &Command,
    ) -> Result<(Ticket, Ticket), FtpError> {
        let tickets = self.send_together(&[transfer, next])?;
        let [transfer, ahead] = tickets[..] else { return Err(FtpError::NotConnected) };
        self.ahead = Some(ahead);
        self.behind = Some(transfer);
        Ok((transfer, ahead))
    }

    /// Sends commands in one piece.
    fn send_together(&mut self, commands: &[&Command]) -> Result<Vec<Ticket>, FtpError> {
        if let Some(transfer) = self.abandoned {
            self.abort(transfer)?;
            if self.is_confused {
                self.has_ended = true;
                return Err(self.closed(None));
            }
        }
        self.settle_ahead()?;
        self.interrupt.check_in_passing()?;
        self.before_sending(commands.first().copied())?;
        let mut lines = Vec::new();
        let tickets = commands.iter().map(|command| self.session.send(command, &mut lines)).collect();
        for command in commands {
            self.log_sent(command);
        }
        self.put(&lines)?;
        Ok(tickets)
    }

    /// Sends a command in the middle of a transfer, which nobody waits for.
    pub(super) fn send_aside(&mut self, command: &Command) -> Result<Ticket, FtpError> {
        let mut line = Vec::new();
        let ticket = self.session.send(command, &mut line);
        self.log_sent(command);
        self.put(&line)?;
        Ok(ticket)
    }

    /// Waits for the last reply to a command.
    pub(super) fn reply_to(&mut self, ticket: Ticket, command: &Command) -> Result<Reply, FtpError> {
        self.awaited = Awaited::ReplyTo(command.to_string());
        self.wait_for(ticket)
    }

    fn is_answered(&self, ticket: Ticket) -> bool {
        self.answers.iter().any(|(answered, _)| *answered == ticket)
    }

    /// The last reply to a command, if it has come; `Some(None)` when there will be none.
    pub(super) fn claim(&mut self, ticket: Ticket) -> Option<Option<Reply>> {
        let position = self.answers.iter().position(|(answered, _)| *answered == ticket)?;
        self.answers.remove(position).map(|(_, reply)| reply)
    }

    /// Whether the last reply to a command has come, without claiming it.
    pub(super) fn answer(&self, ticket: Ticket) -> Option<&Reply> {
        self.answers.iter().find(|(answered, _)| *answered == ticket).and_then(|(_, reply)| reply.as_ref())
    }

    /// The `1yz` reply to a transfer, if it has come.
    pub(super) fn beginning(&self, ticket: Ticket) -> Option<&Reply> {
        self.begun.as_ref().filter(|(begun, _)| *begun == ticket).map(|(_, reply)| reply)
    }

    /// Takes what has arrived; `true` when that says something about a command. Waits for it until the deadline.
    pub(super) fn advance(&mut self, deadline: Deadline) -> Result<bool, FtpError> {
        let mut taken = 0;
        loop {
            self.session.elapse(Instant::now());
            if self.sort_events() {
                return Ok(true);
            }
            if self.has_ended {
                return Err(self.closed(None));
            }
            match self.stream.try_receive(&mut self.inbox) {
                Ok(length) => {
                    let outcome = self.session.receive(&self.inbox[..length], Instant::now());
                    outcome.or_else(|error| self.broken(error))?;
                    taken += length;
                    if taken < TAKEN_AT_ONCE {
                        continue;
                    }
                    if self.sort_events() {
                        return Ok(true);
                    }
                    taken = 0;
                    self.interrupt.check()?;
                }
                Err(SocketError::NotReady) => {}
                Err(SocketError::Disconnected(source)) => {
                    self.has_ended = true;
                    self.session.stream_ended(Instant::now());
                    if self.sort_events() {
                        return Ok(true);
                    }
                    return Err(self.closed(source.map(|source| SocketError::Disconnected(Some(source)))));
                }
                Err(error) => return Err(self.closed(Some(error))),
            }
            if deadline.has_passed() {
                return Ok(false);
            }
            let due = self.session.due().map_or(Deadline::never(), Deadline::at);
            match self.interrupt.wait(&*self.stream, Readiness::READABLE, deadline.sooner(due)) {
                Ok(()) | Err(SocketError::NotReady) => {}
                Err(error) => return Err(FtpError::of_wait(error, |error| self.closed(Some(error)))),
            }
        }
    }

    /// Tells that a transfer's data has ended, and what is being waited for now.
    pub(super) fn data_ended(&mut self) {
        self.session.data_ended(Instant::now());
    }

    /// Sends `NOOP` during a transfer; nobody waits for the answer. `None` when the server has refused
    /// the one before.
    pub(super) fn keep_alive(&mut self, last: Option<Ticket>) -> Result<Option<Ticket>, FtpError> {
        match last.and_then(|last| self.claim(last)) {
            Some(Some(reply)) if !reply.status().is_completion() => Ok(None),
            _ => self.send_aside(&Command::new("NOOP")).map(Some),
        }
    }

    fn limit_to<T>(&mut self, limit: Duration, run: impl FnOnce(&mut Self) -> T) -> T {
        let usual = self.limit;
        self.limit = limit.min(usual);
        let outcome = run(self);
        self.limit = usual;
        outcome
    }

    fn wait_for(&mut self, ticket: Ticket) -> Result<Reply, FtpError> {
        let deadline = Deadline::after(self.limit);
        loop {
            match self.claim(ticket) {
                Some(Some(reply)) => return Ok(reply),
                None if self.advance(deadline)? => {}
                _ => return Err(FtpError::TimedOut { awaited: self.awaited.clone(), limit: self.limit }),
            }
        }
    }

    /// Passes over what the server has said without being asked, and notices that it has hung up.
    fn before_sending(&mut self, next: Option<&Command>) -> Result<(), FtpError> {
        if let Some(next) = next {
            self.awaited = Awaited::ReplyTo(next.to_string());
        }
        while self.advance(Deadline::after(Duration::ZERO))? {}
        // Those to keep-alives are not claimed.
        self.answers.drain(..self.answers.len().saturating_sub(UNCLAIMED_MOST));
        Ok(())
    }

    fn put(&mut self, mut lines: &[u8]) -> Result<(), FtpError> {
        let deadline = Deadline::after(self.limit);
        while !lines.is_empty() {
            match self.stream.try_send(lines) {
                Ok(sent) => lines = lines.get(sent..).unwrap_or_default(),
                Err(SocketError::NotReady) => {
                    let writable = Readiness::WRITABLE;
                    self.interrupt.wait(&*self.stream, writable, deadline).map_err(|error| match error {
                        SocketError::NotReady => {
                            FtpError::TimedOut { awaited: self.awaited.clone(), limit: self.limit }
                        }
                        error => FtpError::of_wait(error, |error| self.closed(Some(error))),
                    })?;
                }
                // What it said before it hung up is more telling.
                Err(error) => {
                    return self.advance(Deadline::after(Duration::ZERO)).and(Err(self.closed(Some(error))));
                }
            }
        }
        Ok(())
    }

    /// Sorts what has become of the commands; `true` when there was something.
    fn sort_events(&mut self) -> bool {
        let mut found = false;
        while let Some(event) = self.session.next_event() {
            match event {
                Event::Preliminary(ticket, reply) => {
                    self.log(LogLine::Received(&reply));
                    let is_first = self.begun.as_ref().is_none_or(|(begun, _)| *begun != ticket);
                    self.begun = Some((ticket, reply));
                    // Said once more it is no news, which a server could go on with forever.
                    found |= is_first;
                    continue;
                }
                Event::Final(ticket, reply) => {
                    self.log(LogLine::Received(&reply));
                    self.note_turn(ticket);
                    self.answers.push_back((ticket, Some(reply)));
                }
                Event::Unanswered(ticket) => self.answers.push_back((ticket, None)),
                Event::Dropped(reply) => {
                    self.log(LogLine::Unexpected(&reply));
                    continue;
                }
                Event::Closing(reply) => {
                    self.log(LogLine::Received(&reply));
                    self.has_ended = true;
                    self.farewell = Some(reply);
                    // What it said before still counts; the next look finds the end.
                    break;
                }
            }
            found = true;
        }
        found
    }

    fn broken(&mut self, error: ReplyError) -> Result<(), FtpError> {
        self.has_ended = true;
        Err(error.into())
    }

    fn closed(&self, source: Option<SocketError>) -> FtpError {
        FtpError::Closed { awaited: self.awaited.clone(), reply: self.farewell.clone(), source }
    }

    fn log(&self, line: LogLine<'_>) {
        if let Some(log) = &self.log {
            log(line);
        }
    }

    fn log_sent(&self, command: &Command) {
        if self.log.is_some() {
            self.log(LogLine::Sent(&command.to_string()));
        }
    }
}

/// The reply, or the refusal as an error.
pub(super) fn accepted(command: &Command, reply: Reply) -> Result<Reply, FtpError> {
    if reply.status().is_ok() {
        Ok(reply)
    } else {
        Err(FtpError::Rejected { command: command.to_string(), reply })
    }
}
