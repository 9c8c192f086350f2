//! The session: which reply answers which command.
//!
//! In scope: a queue of commands whose replies are due, and the rules that real servers force on it: preliminary,
//! late, early, doubled and missing replies, `NOOP` during a transfer, the replies to `ABOR`, `421` at any time.
//! Out of scope: what a reply means for a file or a directory, and when to send what.
//!
//! A reply that does not fit the oldest command well is held for a moment (`Expected::fit`): if another one follows,
//! the first was left over from an earlier transfer and is dropped; if none does, it was the answer.
//!
//! ```text
//!                 1yz                    2yz..5yz
//! command sent ---------> begun (only transfers) ---------> answered
//!      |  2yz that does not fit                                ^
//!      +---------------------> held -------- silence ----------+
//!                                |  a better one
//!                                +---------------> dropped, that one counts
//! ```

mod expected;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

pub use self::expected::Ticket;
use self::expected::{Expected, Fit, Kind};
use crate::command::Command;
use crate::reply::{Reply, ReplyError, ReplyLimits, ReplyParser};
use crate::status::Status;

/// How long the session waits for a better reply before it takes one that does not fit well, and for the rest of a
/// multi-line reply that may be complete. Local servers answer within a millisecond, so a left-over reply is
/// followed at once by the true one; distant ones are given a round trip.
const SETTLE: Duration = Duration::from_millis(300);

/// What became of a command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// It has begun: a `1yz` reply, after which another one follows.
    Preliminary(Ticket, Reply),
    /// Its last reply.
    Final(Ticket, Reply),
    /// The server has answered a later command instead.
    Unanswered(Ticket),
    /// A reply that no command asked for; the session goes on without it.
    Dropped(Reply),
    /// The server is about to close the control connection (`421`). Nothing else will be answered.
    Closing(Reply),
}

/// The control connection's state, without the connection.
///
/// ```
/// use ftp_proto::{Command, Event, ReplyLimits, Session};
/// use std::time::Instant;
///
/// let now = Instant::now();
/// let (mut session, greeting) = Session::new(ReplyLimits::default());
/// session.receive(b"220 ready\r\n", now)?;
/// assert!(matches!(session.next_event(), Some(Event::Final(ticket, _)) if ticket == greeting));
///
/// let mut line = Vec::new();
/// let noop = session.send(&Command::new("NOOP"), &mut line);
/// assert_eq!(line, b"NOOP\r\n");
/// session.receive(b"200 OK\r\n", now)?;
/// assert!(matches!(session.next_event(), Some(Event::Final(ticket, _)) if ticket == noop));
/// # Ok::<(), ftp_proto::ReplyError>(())
/// ```
#[derive(Debug)]
pub struct Session {
    parser: ReplyParser,
    /// The commands whose last reply is due, oldest first.
    expected: VecDeque<Expected>,
    /// A reply to the oldest command that may be a left-over, and when it counts. `None` means that it waits for
    /// the end of the data.
    held: Option<(Reply, Option<Instant>)>,
    /// The reply to a `NOOP`, which was the one to the sync behind it if the server has forgotten the first, and when it
    /// counts as that.
    spare: Option<(Reply, Instant)>,
    /// When a multi-line reply that may be complete is.
    unsure_until: Option<Instant>,
    events: VecDeque<Event>,
    tickets: u64,
    /// Whether the last reply was a transfer's, so that a left-over of it may still come.
    after_transfer: bool,
    restart_pending: bool,
    closing: bool,
}

impl Session {
    /// A session that has just been connected, and the ticket of the greeting.
    pub fn new(limits: ReplyLimits) -> (Self, Ticket) {
        let mut session = Self {
            parser: ReplyParser::new(limits),
            expected: VecDeque::new(),
            held: None,
            spare: None,
            unsure_until: None,
            events: VecDeque::new(),
            tickets: 0,
            after_transfer: false,
            restart_pending: false,
            closing: false,
        };
        let greeting = session.expect(Kind::Greeting);
        (session, greeting)
    }

    /// Appends a command's line to `output`, and expects its reply after those that are due already.
    pub fn send(&mut self, command: &Command, output: &mut Vec<u8>) -> Ticket {
        command.write_to(output);
        self.expect(Kind::of(command))
    }

    /// As [`send`](Self::send) with a `NOOP` whose answer ends the wait for all earlier ones: a server that has
    /// come to it has nothing more to say about them.
    pub fn send_sync(&mut self, output: &mut Vec<u8>) -> Ticket {
        Command::new("NOOP").write_to(output);
        self.expect(Kind::Sync)
    }

    /// Takes bytes that have arrived.
    ///
    /// # Errors
    /// [`ReplyError`] when they are no replies. The connection is of no use any more.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) -> Result<(), ReplyError> {
        let outcome = self.parser.push(bytes);
        self.take_replies(now);
        self.unsure_until = self.parser.is_unsure().then(|| now + SETTLE);
        outcome
    }

    /// Tells that the data connection has ended, so that a reply that waited for it counts.
    pub fn data_ended(&mut self, now: Instant) {
        if let Some((_, until @ None)) = &mut self.held {
            *until = Some(now + SETTLE);
        }
        if let Some(front) = self.expected.front_mut() {
            front.data_ended = true;
        }
    }

    /// Tells that nothing more will come, so that replies that were held count.
    pub fn stream_ended(&mut self, now: Instant) {
        self.unsure_until = None;
        self.parser.settle();
        self.take_replies(now);
        self.accept_held();
        self.accept_spare();
    }

    /// Does what has come due at `now`.
    pub fn elapse(&mut self, now: Instant) {
        if self.unsure_until.is_some_and(|until| until <= now) {
            self.unsure_until = None;
            self.parser.settle();
            self.take_replies(now);
        }
        if self.held.as_ref().is_some_and(|(_, until)| until.is_some_and(|until| until <= now)) {
            self.accept_held();
        }
        if self.spare.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.accept_spare();
        }
    }

    /// When [`elapse`](Self::elapse) has something to do next.
    pub fn due(&self) -> Option<Instant> {
        let held = self.held.as_ref().and_then(|(_, until)| *until);
        let spare = self.spare.as_ref().map(|(_, until)| *until);
        [self.unsure_until, held, spare].into_iter().flatten().min()
    }

    /// What has become of a command, oldest first.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether every command has had its last reply, and no part of another one has arrived.
    pub fn is_idle(&self) -> bool {
        self.expected.is_empty() && self.parser.is_empty()
    }

    /// Whether the server has announced that it closes the connection.
    pub const fn is_closing(&self) -> bool {
        self.closing
    }

    /// Whether a `REST` was accepted that no transfer has used: the next transfer would start there.
    pub const fn has_restart_left_over(&self) -> bool {
        self.restart_pending
    }

    fn expect(&mut self, kind: Kind) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.expected.push_back(Expected::new(ticket, kind));
        ticket
    }

    fn take_replies(&mut self, now: Instant) {
        while let Some(reply) = self.parser.next() {
            self.take(reply, now);
        }
    }

    fn take(&mut self, reply: Reply, now: Instant) {
        if reply.status() == Status::SERVICE_UNAVAILABLE {
            self.closing = true;
            self.expected.clear();
            self.held = None;
            self.spare = None;
            self.events.push_back(Event::Closing(reply));
            return;
        }
        let Some(index) = self.index_for(&reply) else {
            self.events.push_back(Event::Dropped(reply));
            return;
        };
        if reply.status().is_preliminary() {
            self.begin(index, reply);
            return;
        }
        let expected = &self.expected[index];
        match expected.fit(reply.status(), self.after_transfer) {
            Fit::Good => {
                let spare = (expected.kind == Kind::Noop).then(|| (reply.clone(), now + SETTLE));
                self.answer(index, reply);
                let awaits_sync = self.expected.front().is_some_and(|front| front.kind == Kind::Sync);
                self.spare = spare.filter(|_| awaits_sync);
            }
            Fit::Doubtful if index == 0 => {
                let until = (!expected.waits_for_data()).then(|| now + SETTLE);
                self.hold(reply, until);
            }
            Fit::Doubtful | Fit::None => self.events.push_back(Event::Dropped(reply)),
        }
    }

    /// The command that a reply is about.
    fn index_for(&self, reply: &Reply) -> Option<usize> {
        let status = reply.status();
        let front = self.expected.front()?;
        let find =
            |wanted: fn(&Kind) -> bool| self.expected.iter().position(|expected| wanted(&expected.kind));
        let sync = find(|kind| matches!(kind, Kind::Sync));
        let chosen = match status.0 {
            227..=229 => find(|kind| matches!(kind, Kind::Passive)),
            225 => find(|kind| matches!(kind, Kind::Abort)),
            226 | 250 if front.begun_again => find(|kind| matches!(kind, Kind::Abort)),
            // The codes a server answers an unknown or a needless command with; a transfer under way ends otherwise.
            200 | 202 | 500..=503 if front.is_under_way() || sync.is_some() => {
                let noop = find(|kind| matches!(kind, Kind::Noop));
                let refused = |kind| find(kind).filter(|_| status.0 >= 500);
                let abort = refused(|kind| matches!(kind, Kind::Abort));
                // Some servers read on while data flows, and refuse what was sent ahead.
                abort.or(noop).or(sync).or_else(|| refused(|kind| matches!(kind, Kind::Passive)))
            }
            // Of a transfer that was not announced it would be an odd end.
            200 | 202 if front.kind == Kind::Transfer => find(|kind| matches!(kind, Kind::Noop)),
            // The same, by name.
            400.. if front.is_under_way() && names_passive(reply.text()) => {
                find(|kind| matches!(kind, Kind::Passive))
            }
            _ => None,
        };
        Some(chosen.unwrap_or(0))
    }

    fn begin(&mut self, index: usize, reply: Reply) {
        let Some(expected) = self.expected.get_mut(index).filter(|expected| expected.may_begin()) else {
            self.events.push_back(Event::Dropped(reply));
            return;
        };
        expected.begun_again = expected.begun;
        expected.begun = true;
        let ticket = expected.ticket;
        if expected.kind == Kind::Transfer {
            self.restart_pending = false;
        }
        self.drop_held();
        self.events.push_back(Event::Preliminary(ticket, reply));
    }

    fn hold(&mut self, reply: Reply, until: Option<Instant>) {
        self.drop_held();
        self.held = Some((reply, until));
    }

    fn drop_held(&mut self) {
        if let Some((stale, _)) = self.held.take() {
            self.events.push_back(Event::Dropped(stale));
        }
    }

    fn accept_held(&mut self) {
        if let Some((reply, _)) = self.held.take() {
            if !self.expected.is_empty() {
                self.answer(0, reply);
            }
        }
    }

    fn accept_spare(&mut self) {
        if let Some((reply, _)) = self.spare.take() {
            self.answer(0, reply);
        }
    }

    fn answer(&mut self, index: usize, reply: Reply) {
        let Some(answered) = self.expected.remove(index) else { return };
        let ends_wait = matches!(answered.kind, Kind::Sync | Kind::Abort);
        if index == 0 || ends_wait {
            self.drop_held();
        }
        if ends_wait {
            // Whatever came before it and is still due will not be answered any more.
            for skipped in self.expected.drain(..index) {
                self.events.push_back(Event::Unanswered(skipped.ticket));
            }
        }
        match answered.kind {
            Kind::Restart { from } if reply.status().is_intermediate() => self.restart_pending = from > 0,
            Kind::Transfer if reply.status().is_completion() => self.restart_pending = false,
            _ => {}
        }
        self.after_transfer = matches!(answered.kind, Kind::Transfer | Kind::Abort);
        self.events.push_back(Event::Final(answered.ticket, reply));
    }
}

/// Whether the text begins with the command that asks for a port.
fn names_passive(text: &[u8]) -> bool {
    text.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case(b"EPSV") || verb.eq_ignore_ascii_case(b"PASV"))
}
