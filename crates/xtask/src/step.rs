//! Numbered, timed steps that all run, and the closing summary.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
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
    made.as_ref().ok_or_else(|| Halt::Skipped(format!("{what} could not be made")))
}

pub(crate) struct Steps {
    follow: bool,
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    verdict: Verdict,
    /// What its test runners counted; a step without one counts as one check.
    tests: Tally,
    time: Duration,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Passed,
    Failed,
    Skipped,
}

impl Steps {
    /// With `follow`, everything the steps print is shown while they run.
    pub(crate) fn new(follow: bool) -> Self {
        Self { follow, done: Vec::new() }
    }

    /// Runs one step and returns what it made, if it passed.
    pub(crate) fn run<T>(
        &mut self,
        name: &'static str,
        body: impl FnOnce(&Sink) -> Result<T, Halt>,
    ) -> Option<T> {
        let number = self.done.len() + 1;
        print!("[{number:>2}] {name} ... {}", if self.follow { "\n" } else { "" });
        let _ = io::stdout().flush();

        let log =
            workspace::target().join(format!("xtask/{number:02}-{}.log", name.replace([' ', ','], "-")));
        let started = Instant::now();
        let sink = match Sink::file(log.clone(), self.follow) {
            Ok(sink) => sink,
            Err(error) => {
                println!("FAILED: its log cannot be written: {error}");
                self.done.push(Done {
                    name,
                    verdict: Verdict::Failed,
                    tests: Tally::default(),
                    time: Duration::ZERO,
                });
                return None;
            }
        };
        let outcome = body(&sink);
        let time = started.elapsed();
        let text = sink.text();
        let reading = tally::read(&text);
        let (verdict, why) = judge(&outcome, reading.tally, workspace::in_ci());

        println!("{verdict} ({:.1} s){}{why}", time.as_secs_f64(), if why.is_empty() { "" } else { ": " });
        if !sink.was_shown() {
            match verdict {
                Verdict::Failed => show_end_of(&text, &log),
                Verdict::Passed | Verdict::Skipped => {
                    reading.lines.iter().for_each(|line| println!("{line}"))
                }
            }
        }
        for note in sink.take_notes() {
            println!("     {note}");
        }
        self.done.push(Done { name, verdict, tests: reading.tally, time });
        outcome.ok().filter(|_| verdict == Verdict::Passed)
    }

    /// Prints the table and the closing line.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n     {:<32} {:<8} {:>7} {:>9}", "step", "result", "tests", "time");
        let mut total = Tally::default();
        let mut time = Duration::ZERO;
        for (index, done) in self.done.iter().enumerate() {
            let tests = if done.tests.is_empty() { String::new() } else { done.tests.passed.to_string() };
            let Done { name, verdict, time: taken, .. } = done;
            println!("{:>4} {name:<32} {verdict:<8} {tests:>7} {:>7.1} s", index + 1, taken.as_secs_f64());
            total += done.count();
            time += *taken;
        }
        println!("     {:<49} {:>7.1} s\n", "", time.as_secs_f64());
        println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
        if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

impl Done {
    fn count(&self) -> Tally {
        let check = Tally::default();
        match self.verdict {
            Verdict::Passed if self.tests.is_empty() => Tally { passed: 1, ..check },
            Verdict::Passed => self.tests,
            Verdict::Failed => Tally { failed: self.tests.failed.max(1), ..self.tests },
            Verdict::Skipped => Tally { skipped: 1, ..check },
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        })
    }
}

/// The verdict and the reason for it. In a hosted run everything has to run, so there a skip is a failure.
fn judge<T>(outcome: &Result<T, Halt>, tests: Tally, in_ci: bool) -> (Verdict, String) {
    match outcome {
        Ok(_) if tests.failed > 0 => {
            (Verdict::Failed, "a test runner counted failures and ended well".to_owned())
        }
        Ok(_) if tests.skipped > 0 && in_ci => {
            (Verdict::Failed, "tests were skipped, and CI=true asks for all of them".to_owned())
        }
        Ok(_) => (Verdict::Passed, String::new()),
        Err(Halt::Skipped(why)) if !in_ci => (Verdict::Skipped, why.clone()),
        Err(Halt::Failed(why) | Halt::Skipped(why)) => (Verdict::Failed, why.clone()),
    }
}

fn show_end_of(text: &str, log: &Path) {
    let lines: Vec<&str> = text.lines().collect();
    let hidden = lines.len().saturating_sub(SHOWN_LINES);
    if hidden > 0 {
        println!("     ... {hidden} earlier lines are in {}", log.display());
    }
    for line in &lines[hidden..] {
        println!("{line}");
    }
}

const SHOWN_LINES: usize = 300;

#[cfg(test)]
mod tests {
    use super::{Done, Halt, Verdict, judge};
    use crate::tally::Tally;
    use std::time::Duration;

    fn tally(passed: usize, failed: usize, skipped: usize) -> Tally {
        Tally { passed, failed, skipped }
    }

    fn verdict(outcome: Result<(), Halt>, tests: Tally, in_ci: bool) -> Verdict {
        judge(&outcome, tests, in_ci).0
    }

    fn count(verdict: Verdict, tests: Tally) -> Tally {
        Done { name: "", verdict, tests, time: Duration::ZERO }.count()
    }

    #[test]
    fn skips_are_failures_only_in_ci() {
        assert_eq!(verdict(Ok(()), tally(2, 0, 1), false), Verdict::Passed);
        assert_eq!(verdict(Ok(()), tally(2, 0, 1), true), Verdict::Failed);
        let not_run = || Err(Halt::Skipped("the wheel could not be made".to_owned()));
        assert_eq!(verdict(not_run(), Tally::default(), false), Verdict::Skipped);
        assert_eq!(verdict(not_run(), Tally::default(), true), Verdict::Failed);
        assert_eq!(verdict(Ok(()), tally(3, 0, 0), true), Verdict::Passed);
    }

    #[test]
    fn step_counts_its_tests_or_itself() {
        assert_eq!(count(Verdict::Passed, tally(2, 0, 1)), tally(2, 0, 1));
        assert_eq!(count(Verdict::Passed, tally(0, 0, 0)), tally(1, 0, 0));
        assert_eq!(count(Verdict::Failed, tally(3, 0, 0)), tally(3, 1, 0));
        assert_eq!(count(Verdict::Skipped, tally(0, 0, 0)), tally(0, 0, 1));
    }
}
