//! Any conversation: every command ends at most once, and a good-bye ends them all.
//!
//! Input: lines. `>VERB argument` is a command that is sent, `!` a `NOOP` that ends the wait for all before it, `.` the
//! end of the data, `~` the passing of time; every other line is what the server says.

use std::time::{Duration, Instant};

use ftp_proto::{Command, Event, ReplyLimits, Session, Ticket};

#[expect(clippy::disallowed_methods, reason = "any instant will do, and there is no other way to make one")]
fn some_time() -> Instant {
    Instant::now()
}

pub(crate) fn check(input: &[u8]) {
    let (session, greeting) = Session::new(ReplyLimits::default());
    let mut talk = Talk { session, now: some_time(), due: vec![greeting] };
    for line in input.split_inclusive(|byte| *byte == b'\n') {
        match line {
            [b'>', command @ ..] => talk.send(command.trim_ascii_end()),
            [b'!', ..] => {
                let ticket = talk.session.send_sync(&mut Vec::new());
                talk.due.push(ticket);
            }
            [b'.', ..] => talk.session.data_ended(talk.now),
            [b'~', ..] => talk.let_time_pass(),
            said => {
                if talk.session.receive(said, talk.now).is_err() {
                    return;
                }
            }
        }
        talk.read_events();
    }
    talk.session.stream_ended(talk.now);
    talk.read_events();
    assert_eq!(talk.session.due(), None, "nothing is waited for any more");
}

struct Talk {
    session: Session,
    now: Instant,
    due: Vec<Ticket>,
}

impl Talk {
    fn send(&mut self, line: &[u8]) {
        let mut words = line.splitn(2, |byte| *byte == b' ');
        let (verb, argument) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let Ok(command) = Command::raw(verb, argument) else { return };
        let mut output = Vec::new();
        let ticket = self.session.send(&command, &mut output);
        assert_eq!(output, command.to_line());
        self.due.push(ticket);
    }

    fn let_time_pass(&mut self) {
        self.now += Duration::from_secs(1);
        self.session.elapse(self.now);
        assert!(self.session.due().is_none_or(|due| due > self.now), "what is due was done");
    }

    fn read_events(&mut self) {
        while let Some(event) = self.session.next_event() {
            match event {
                Event::Preliminary(ticket, reply) => {
                    assert!(self.due.contains(&ticket) && reply.status().is_preliminary());
                }
                Event::Final(ticket, reply) => {
                    self.end(ticket);
                    assert!(!reply.status().is_preliminary() || self.due.is_empty());
                }
                Event::Unanswered(ticket) => self.end(ticket),
                Event::Dropped(_) => {}
                Event::Closing(_) => {
                    assert!(self.session.is_closing());
                    self.due.clear();
                }
            }
        }
    }

    fn end(&mut self, ticket: Ticket) {
        let position = self.due.iter().position(|due| *due == ticket);
        self.due.remove(position.expect("a command ends once"));
    }
}
