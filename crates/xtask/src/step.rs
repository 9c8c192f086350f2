//! Numbered, timed steps that all run, and the closing summary.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::sink::Sink;
use crate::tally::{self, Tally};
use crate::workspace;

/// Why a step did not pass.
#[derive(Debug)]
pub(crate) enum Halt {
    Failed(String),
    /// It could not run at all, because of what this says.
    Skipped(String),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What an earlier step made, or the reason for skipping this one.
pub(crate) fn needed<'a, T>(made: &'a Option<T>, what: &str) -> Result<&'a T, Halt> {
    made.as_ref()
        .ok_or_else(|| Halt::Skipped(format!("{what} could not be made")))
}

pub(crate) struct Steps {
    follow: bool,
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    verdict: &'static str,
    tally: Tally,
    has_tests: bool,
    time: Duration,
}

impl Steps {
    /// With `follow`, everything the steps print is shown while they run.
    pub(crate) fn new(follow: bool) -> Self {
        Self {
            follow,
            done: Vec::new(),
        }
    }

    /// Runs one step. A step that counts no tests of its own counts as one check.
    pub(crate) fn run<T>(
        &mut self,
        name: &'static str,
        body: impl FnOnce(&Sink) -> Result<T, Halt>,
    ) -> Option<T> {
        let number = self.done.len() + 1;
        print!("[{number:>2}] {name} ... ");
        if self.follow {
            println!();
        }
        let _ = io::stdout().flush();

        let log =
            workspace::target().join(format!("xtask/{number:02}-{}.log", name.replace([' ', ','], "-")));
        let started = Instant::now();
        let sink = match Sink::file(log.clone(), self.follow) {
            Ok(sink) => sink,
            Err(error) => {
                println!("FAILED: {} cannot be written: {error}", log.display());
                self.record(name, "FAILED", FAILED_CHECK, false, started.elapsed());
                return None;
            }
        };
        let outcome = body(&sink);
        let time = started.elapsed();
        let text = sink.text();
        let reading = tally::read(&text);
        let has_tests = !reading.tally.is_empty();

        let (verdict, why) = match &outcome {
            Ok(_) if reading.tally.skipped > 0 && workspace::in_ci() => (
                "FAILED",
                "tests were skipped, and CI=true asks for all of them".to_owned(),
            ),
            Ok(_) => ("ok", String::new()),
            Err(Halt::Failed(why)) => ("FAILED", why.clone()),
            Err(Halt::Skipped(why)) => ("skipped", why.clone()),
        };
        let verdict = if verdict == "skipped" && workspace::in_ci() {
            "FAILED"
        } else {
            verdict
        };

        println!(
            "{verdict} ({:.1} s){}{why}",
            time.as_secs_f64(),
            if why.is_empty() { "" } else { ": " }
        );
        if verdict == "FAILED" && !sink.was_shown() {
            show_end_of(&text);
            println!("     all of it: {}", log.display());
        }
        if verdict != "FAILED" {
            for line in reading.lines.iter().filter(|_| !sink.was_shown()) {
                println!("{line}");
            }
        }
        for note in sink.take_notes() {
            println!("     {note}");
        }

        let tally = match (verdict, has_tests) {
            ("ok", true) => reading.tally,
            ("ok", false) => Tally {
                passed: 1,
                ..Tally::default()
            },
            ("skipped", _) => Tally {
                skipped: 1,
                ..Tally::default()
            },
            (_, true) => Tally {
                failed: reading.tally.failed.max(1),
                ..reading.tally
            },
            (_, false) => FAILED_CHECK,
        };
        self.record(name, verdict, tally, has_tests, time);
        outcome.ok().filter(|_| verdict == "ok")
    }

    fn record(
        &mut self,
        name: &'static str,
        verdict: &'static str,
        tally: Tally,
        has_tests: bool,
        time: Duration,
    ) {
        self.done.push(Done {
            name,
            verdict,
            tally,
            has_tests,
            time,
        });
    }

    /// Prints the table and the closing line.
    pub(crate) fn finish(self) -> ExitCode {
        let mut total = Tally::default();
        let mut time = Duration::ZERO;
        println!(
            "\n     {:<32} {:<8} {:>7} {:>9}",
            "step", "result", "tests", "time"
        );
        for (index, done) in self.done.iter().enumerate() {
            let tests = if done.has_tests {
                done.tally.passed.to_string()
            } else {
                String::new()
            };
            println!(
                "{:>4} {:<32} {:<8} {tests:>7} {:>7.1} s",
                index + 1,
                done.name,
                done.verdict,
                done.time.as_secs_f64()
            );
            total += done.tally;
            time += done.time;
        }
        println!("     {:<49} {:>7.1} s\n", "", time.as_secs_f64());
        println!(
            "{} passed, {} failed, {} skipped",
            total.passed, total.failed, total.skipped
        );
        if total.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn show_end_of(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let hidden = lines.len().saturating_sub(SHOWN_LINES);
    if hidden > 0 {
        println!("     ... {hidden} earlier lines");
    }
    for line in &lines[hidden..] {
        println!("{line}");
    }
}

const SHOWN_LINES: usize = 300;
const FAILED_CHECK: Tally = Tally {
    passed: 0,
    failed: 1,
    skipped: 0,
};
