//! Exchanges that real servers have, as a client sees them.

use proptest::prelude::*;

use super::*;
use crate::argument::Argument;

#[expect(clippy::disallowed_methods, reason = "any instant will do, and there is no other way to make one")]
fn some_time() -> Instant {
    Instant::now()
}

/// A session whose greeting is over, and a clock that moves when told.
struct Scene {
    session: Session,
    now: Instant,
}

impl Scene {
    fn new() -> Self {
        let (mut session, greeting) = Session::new(ReplyLimits::default());
        let now = some_time();
        session.receive(b"220 ready\r\n", now).unwrap();
        assert_eq!(session.next_event(), Some(Event::Final(greeting, reply(220, "ready"))));
        Self { session, now }
    }

    fn send(&mut self, verb: &'static str) -> Ticket {
        let command = match verb {
            "REST" | "RETR" | "STOR" => Command::with(verb, Argument::new("7").unwrap()),
            _ => Command::new(verb),
        };
        self.session.send(&command, &mut Vec::new())
    }

    fn sync(&mut self) -> Ticket {
        self.session.send_sync(&mut Vec::new())
    }

    fn receive(&mut self, bytes: &str) {
        self.session.receive(bytes.as_bytes(), self.now).unwrap();
    }

    fn data_ends(&mut self) {
        self.session.data_ended(self.now);
    }

    fn settle(&mut self) {
        self.now += SETTLE;
        self.session.elapse(self.now);
    }

    /// Everything that has become of the commands.
    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.session.next_event()).collect()
    }

    /// A transfer up to its end, as it should be.
    fn transfer(&mut self) {
        let ticket = self.send("RETR");
        self.receive("150 go\r\n226 done\r\n");
        assert_eq!(self.events(), [begun(ticket, 150, "go"), ended(ticket, 226, "done")]);
    }
}

fn reply(code: u16, text: &str) -> Reply {
    Reply::new(Status(code), text)
}

fn ended(ticket: Ticket, code: u16, text: &str) -> Event {
    Event::Final(ticket, reply(code, text))
}

fn begun(ticket: Ticket, code: u16, text: &str) -> Event {
    Event::Preliminary(ticket, reply(code, text))
}

fn dropped(code: u16, text: &str) -> Event {
    Event::Dropped(reply(code, text))
}

#[test]
fn greeting_may_be_announced_first() {
    let (mut session, greeting) = Session::new(ReplyLimits::default());
    session.receive(b"120 soon\r\n220 ready\r\n", some_time()).unwrap();
    assert_eq!(session.next_event(), Some(begun(greeting, 120, "soon")));
    assert_eq!(session.next_event(), Some(ended(greeting, 220, "ready")));
    assert!(session.is_idle());
}

#[test]
fn commands_are_answered_in_order() {
    let mut scene = Scene::new();
    let tickets = ["FEAT", "TYPE", "PWD"].map(|verb| scene.send(verb));
    scene.receive("500 what\r\n226 fine\r\n257 \"/\"\r\n");
    assert_eq!(
        scene.events(),
        [ended(tickets[0], 500, "what"), ended(tickets[1], 226, "fine"), ended(tickets[2], 257, "\"/\""),]
    );
    assert!(scene.session.is_idle());
}

#[test]
fn another_success_before_the_transfer_begins_is_a_left_over() {
    for stale in ["200 ok", "226 done", "250 ok"] {
        let mut scene = Scene::new();
        let ticket = scene.send("RETR");
        scene.receive(&format!("{stale}\r\n"));
        assert_eq!(scene.events(), []);
        scene.receive("150 go\r\n226 done\r\n");
        let (code, text) = stale.split_once(' ').unwrap();
        assert_eq!(
            scene.events(),
            [dropped(code.parse().unwrap(), text), begun(ticket, 150, "go"), ended(ticket, 226, "done"),]
        );
    }
}

#[test]
fn transfer_that_is_never_announced_ends_with_its_data() {
    let mut scene = Scene::new();
    let ticket = scene.send("RETR");
    scene.receive("226 done\r\n");
    scene.settle();
    assert_eq!(scene.events(), [], "the data has not ended");
    scene.data_ends();
    scene.settle();
    assert_eq!(scene.events(), [ended(ticket, 226, "done")]);
}

#[test]
fn end_told_after_the_data_of_a_transfer_that_was_not_announced_counts_when_nothing_follows() {
    let mut scene = Scene::new();
    let ticket = scene.send("RETR");
    scene.data_ends();
    scene.receive("226 done\r\n");
    assert_eq!(scene.events(), []);
    scene.settle();
    assert_eq!(scene.events(), [ended(ticket, 226, "done")]);
}

#[test]
fn refusal_ends_a_transfer_at_once() {
    let mut scene = Scene::new();
    let ticket = scene.send("RETR");
    scene.receive("550 no\r\n");
    assert_eq!(scene.events(), [ended(ticket, 550, "no")]);
}

#[test]
fn answers_to_other_commands_do_not_end_a_transfer() {
    for (code, text) in
        [(229, "(|||9|)"), (227, "1,2,3,4,5,6"), (350, "from there"), (213, "7"), (257, "\"/\"")]
    {
        for (last, word) in [(226, "done"), (452, "full")] {
            let mut scene = Scene::new();
            let transfer = scene.send("STOR");
            scene.receive("150 go\r\n");
            scene.receive(&format!("{code} {text}\r\n"));
            assert_eq!(
                scene.events(),
                [begun(transfer, 150, "go")]
                    .into_iter()
                    .chain(match code {
                        213 | 257 => None,
                        _ => Some(dropped(code, text)),
                    })
                    .collect::<Vec<_>>()
            );
            scene.data_ends();
            scene.receive(&format!("{last} {word}\r\n"));
            let mut events = scene.events();
            assert_eq!(events.pop(), Some(ended(transfer, last, word)));
            assert!(events.iter().all(|event| *event == dropped(code, text)), "{events:?}");
        }
    }
}

#[test]
fn second_end_of_a_transfer_is_dropped_whenever_it_comes() {
    let mut scene = Scene::new();
    scene.transfer();
    scene.receive("226 again\r\n");
    assert_eq!(scene.events(), [dropped(226, "again")], "before the next command");

    for (verb, answer) in [("PWD", "257 \"/\""), ("TYPE", "200 ok"), ("SIZE", "213 5"), ("EPSV", "229 |||9|")]
    {
        let mut scene = Scene::new();
        scene.transfer();
        let ticket = scene.send(verb);
        scene.receive("226 again\r\n");
        scene.receive(&format!("{answer}\r\n"));
        let (code, text) = answer.split_once(' ').unwrap();
        assert_eq!(
            scene.events(),
            [dropped(226, "again"), ended(ticket, code.parse().unwrap(), text)],
            "as an answer to {verb}"
        );
    }
}

#[test]
fn odd_answer_counts_when_nothing_better_follows() {
    let mut scene = Scene::new();
    scene.transfer();
    let ticket = scene.send("TYPE");
    scene.receive("226 fine\r\n");
    assert_eq!(scene.events(), []);
    assert!(scene.session.due().is_some());
    scene.settle();
    assert_eq!(scene.events(), [ended(ticket, 226, "fine")]);
}

#[test]
fn noop_during_a_transfer_may_be_answered_before_or_after_its_end() {
    for (answers, order) in [("200 ok\r\n226 done\r\n", [1, 0]), ("226 done\r\n200 ok\r\n", [0, 1])] {
        let mut scene = Scene::new();
        let tickets = [scene.send("RETR"), {
            scene.receive("150 go\r\n");
            scene.send("NOOP")
        }];
        scene.events();
        scene.receive(answers);
        let codes = [(226, "done"), (200, "ok")];
        let wanted = order.map(|index| ended(tickets[index], codes[index].0, codes[index].1));
        assert_eq!(scene.events(), wanted);
    }
}

#[test]
fn noop_behind_a_transfer_that_was_not_announced_has_its_own_answer() {
    let mut scene = Scene::new();
    let (transfer, noop) = (scene.send("STOR"), scene.send("NOOP"));
    scene.receive("200 still here\r\n");
    assert_eq!(scene.events(), [ended(noop, 200, "still here")]);
    let abort = scene.send("ABOR");
    scene.receive("226 given up\r\n");
    let sync = scene.sync();
    scene.receive("200 still here\r\n");
    let expected = [
        dropped(226, "given up"),
        Event::Unanswered(transfer),
        Event::Unanswered(abort),
        ended(sync, 200, "still here"),
    ];
    assert_eq!(scene.events(), expected);
    // Nothing of it ends a transfer that is not announced either.
    let next = scene.send("RETR");
    scene.data_ends();
    scene.settle();
    assert_eq!(scene.events(), []);
    scene.receive("226 done\r\n");
    scene.settle();
    assert_eq!(scene.events(), [ended(next, 226, "done")]);
}

#[test]
fn server_that_knows_no_noop_during_a_transfer_does_not_end_it() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let noop = scene.send("NOOP");
    scene.receive("500 Unknown command\r\n226 done\r\n");
    assert_eq!(
        scene.events(),
        [begun(transfer, 150, "go"), ended(noop, 500, "Unknown command"), ended(transfer, 226, "done")]
    );
}

#[test]
fn abort_takes_two_replies_while_the_transfer_runs() {
    for (first, second) in [(426, 226), (426, 225), (226, 225), (226, 226)] {
        let mut scene = Scene::new();
        let transfer = scene.send("RETR");
        scene.receive("150 go\r\n");
        let abort = scene.send("ABOR");
        scene.events();
        scene.receive(&format!("{first} a\r\n{second} b\r\n"));
        assert_eq!(scene.events(), [ended(transfer, first, "a"), ended(abort, second, "b")]);
        assert!(scene.session.is_idle());
    }
}

#[test]
fn abort_answered_only_once_ends_both() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let abort = scene.send("ABOR");
    scene.events();
    scene.receive("225 nothing to abort\r\n");
    assert_eq!(scene.events(), [Event::Unanswered(transfer), ended(abort, 225, "nothing to abort")]);
}

#[test]
fn transfer_that_ends_with_another_beginning_has_no_end_when_it_is_aborted() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150-accepted\r\n150 9 kbytes\r\n");
    scene.events();
    let abort = scene.send("ABOR");
    scene.receive("150 0.000 seconds\r\n226 succeeded\r\n");
    assert_eq!(
        scene.events(),
        [begun(transfer, 150, "0.000 seconds"), Event::Unanswered(transfer), ended(abort, 226, "succeeded")]
    );
    assert!(scene.session.is_idle());

    // And one that is announced twice and aborted in order has.
    let transfer = scene.send("RETR");
    scene.receive("125 here\r\n150 it comes\r\n");
    let abort = scene.send("ABOR");
    scene.receive("426 aborted\r\n226 done\r\n");
    let expected = [ended(transfer, 426, "aborted"), ended(abort, 226, "done")];
    assert!(scene.events().ends_with(&expected));
}

#[test]
fn abort_that_is_not_known_leaves_the_transfer() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let abort = scene.send("ABOR");
    scene.events();
    scene.receive("502 no ABOR\r\n");
    assert_eq!(scene.events(), [Event::Unanswered(transfer), ended(abort, 502, "no ABOR")]);
}

#[test]
fn answered_sync_ends_the_wait_for_what_was_never_answered() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    scene.events();
    scene.receive("150 0.000 seconds\r\n");
    assert_eq!(scene.events(), [begun(transfer, 150, "0.000 seconds")]);
    let sync = scene.sync();
    scene.receive("200 ok\r\n");
    assert_eq!(scene.events(), [Event::Unanswered(transfer), ended(sync, 200, "ok")]);
    assert!(scene.session.is_idle());
}

#[test]
fn one_answer_to_a_noop_and_a_sync_is_that_of_the_sync_when_no_other_follows() {
    for answers in ["200 one\r\n", "200 one\r\n200 two\r\n"] {
        let mut scene = Scene::new();
        let (noop, sync) = (scene.send("NOOP"), scene.sync());
        scene.receive(answers);
        scene.settle();
        let last = if answers.contains("two") { "two" } else { "one" };
        assert_eq!(scene.events(), [ended(noop, 200, "one"), ended(sync, 200, last)]);
        assert!(scene.session.is_idle() && scene.session.due().is_none());
    }
}

#[test]
fn replies_of_the_past_do_not_answer_a_sync() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let abort = scene.send("ABOR");
    let sync = scene.sync();
    scene.events();
    scene.receive("426 cut\r\n226 aborted\r\n226 again\r\n200 ok\r\n");
    assert_eq!(
        scene.events(),
        [
            ended(transfer, 426, "cut"),
            ended(abort, 226, "aborted"),
            dropped(226, "again"),
            ended(sync, 200, "ok")
        ]
    );
}

#[test]
fn port_asked_for_behind_a_transfer_may_be_told_before_its_end() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let passive = scene.send("EPSV");
    scene.events();
    scene.receive("229 (|||9|)\r\n226 done\r\n");
    assert_eq!(scene.events(), [ended(passive, 229, "(|||9|)"), ended(transfer, 226, "done")]);
}

#[test]
fn port_asked_for_behind_a_transfer_may_be_refused_by_name_without_ending_it() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let passive = scene.send("EPSV");
    scene.events();
    scene.receive("450 EPSV: data transfer in progress\r\n226 done\r\n");
    let refused = ended(passive, 450, "EPSV: data transfer in progress");
    assert_eq!(scene.events(), [refused, ended(transfer, 226, "done")]);
}

#[test]
fn port_asked_for_behind_a_transfer_may_be_refused_by_code_without_ending_it() {
    let mut scene = Scene::new();
    let transfer = scene.send("RETR");
    scene.receive("150 go\r\n");
    let passive = scene.send("EPSV");
    scene.events();
    scene.receive("503 a transfer is under way\r\n226 done\r\n");
    let refused = ended(passive, 503, "a transfer is under way");
    assert_eq!(scene.events(), [refused, ended(transfer, 226, "done")]);
}

#[test]
fn farewell_comes_at_any_time() {
    let mut scene = Scene::new();
    scene.receive("421 idle\r\n");
    assert_eq!(scene.events(), [Event::Closing(reply(421, "idle"))]);

    let mut scene = Scene::new();
    scene.send("RETR");
    scene.send("NOOP");
    scene.receive("421 bye\r\n");
    assert_eq!(scene.events(), [Event::Closing(reply(421, "bye"))]);
    assert!(scene.session.is_closing() && scene.session.is_idle());
}

#[test]
fn restart_is_left_over_until_a_transfer_uses_it() {
    let mut scene = Scene::new();
    scene.send("REST");
    scene.receive("350 ok\r\n");
    assert!(scene.session.has_restart_left_over());
    scene.send("RETR");
    scene.receive("550 no\r\n");
    assert!(scene.session.has_restart_left_over());
    scene.send("RETR");
    scene.receive("150 go\r\n");
    assert!(!scene.session.has_restart_left_over());

    let mut scene = Scene::new();
    scene.send("REST");
    scene.receive("350 ok\r\n");
    scene.session.send(&Command::with("REST", Argument::new("0").unwrap()), &mut Vec::new());
    scene.receive("350 ok\r\n");
    assert!(!scene.session.has_restart_left_over());
}

#[test]
fn end_of_stream_settles_what_was_held() {
    let mut scene = Scene::new();
    let ticket = scene.send("QUIT");
    scene.receive("221-bye\r\n226 see you\r\n");
    assert_eq!(scene.events(), []);
    scene.session.stream_ended(scene.now);
    assert_eq!(scene.events(), [ended(ticket, 226, "bye\nsee you")]);
    assert_eq!(scene.session.due(), None, "nothing is waited for any more");
}

#[test]
fn unsure_reply_settles_by_time_alone() {
    let mut scene = Scene::new();
    let ticket = scene.send("STAT");
    scene.receive("211-one\r\n200 two\r\n");
    assert_eq!(scene.session.due(), Some(scene.now + SETTLE));
    scene.settle();
    assert_eq!(scene.events(), [ended(ticket, 200, "one\ntwo")]);
    assert_eq!(scene.session.due(), None);
}

proptest! {
    /// Whatever a server says, every command ends at most once, and after a farewell or enough silence nothing is held.
    #[test]
    fn every_command_ends_at_most_once(
        steps in proptest::collection::vec((0_usize..12, 100_u16..600), 1..40),
    ) {
        const VERBS: [&str; 9] = ["RETR", "EPSV", "PWD", "SIZE", "REST", "ABOR", "NOOP", "TYPE", "STOR"];
        let mut scene = Scene::new();
        let mut sent = Vec::new();
        let mut ends = Vec::new();
        for (what, code) in steps {
            match VERBS.get(what) {
                Some(verb) => sent.push(scene.send(verb)),
                None if what == 9 => sent.push(scene.sync()),
                None if what == 10 => scene.data_ends(),
                None => scene.receive(&format!("{code} x\r\n")),
            }
            scene.settle();
            for event in scene.events() {
                if let Event::Final(ticket, _) | Event::Unanswered(ticket) = event {
                    prop_assert!(sent.contains(&ticket));
                    prop_assert!(!ends.contains(&ticket), "{ticket:?} ended twice");
                    ends.push(ticket);
                }
            }
        }
        scene.receive("421 bye\r\n");
        prop_assert!(scene.session.is_idle());
        prop_assert_eq!(scene.session.due(), None);
    }
}
