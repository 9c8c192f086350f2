//! A client that is a program of its own, tried with one row of the table.

use std::cmp::Ordering;
use std::fmt;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::super::scripted::ScriptedServer;
use super::super::tree::FILE;
use super::{Behaviour, Expect, Operation, Outcome, Step};

/// What a client made of a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Every step ended as it had to.
    Right,
    /// A step ended otherwise; how, in a few words.
    Wrong(String),
    /// A step did not end in the time allowed.
    Hung,
    /// It has nothing that would do one of the steps.
    Impossible,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Right => "right",
            Self::Wrong(how) => how,
            Self::Hung => "hangs",
            Self::Impossible => "-",
        })
    }
}

impl Behaviour {
    /// The steps, and the login before them where that is not one of them.
    pub fn all_steps(&self) -> Vec<Step> {
        let logs_in = matches!(
            self.steps.first().map(|step| step.operation),
            Some(Operation::Login | Operation::LoginWithAccount(_))
        );
        let login = Step { operation: Operation::Login, expect: Expect::Done };
        (!logs_in).then_some(login).into_iter().chain(self.steps.iter().copied()).collect()
    }

    /// Runs a program that is to take [all steps](Self::all_steps) at this address, and to print the [`Outcome`] of
    /// each on a line as soon as it is known.
    ///
    /// It is killed at the first step that is wrong, and when the time is over.
    ///
    /// # Errors
    /// When it cannot be started, or prints what is no outcome.
    pub fn try_program(
        &self,
        program: impl FnOnce(SocketAddr) -> Command,
        limit: Duration,
    ) -> io::Result<Verdict> {
        let server = self.start()?;
        let mut command = program(server.address());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Running(command.spawn()?);
        let lines = child.lines();
        let deadline = Instant::now() + limit;
        let steps = self.all_steps();
        let own = steps.len() - self.steps.len();
        for (index, step) in steps.iter().enumerate() {
            let verdict = match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let outcome = line?.parse().map_err(io::Error::other)?;
                    // Before the row's first step there is the login; behind it stands what shows whether the session
                    // can be used on.
                    let place = match index.cmp(&own) {
                        Ordering::Less => "login: ",
                        Ordering::Equal => "",
                        Ordering::Greater => "then ",
                    };
                    judge(step, place, &outcome, &server)
                }
                Err(RecvTimeoutError::Timeout) => Verdict::Hung,
                Err(RecvTimeoutError::Disconnected) => Verdict::Wrong("dies".to_owned()),
            };
            if verdict != Verdict::Right {
                return Ok(if server.lured() > 0 { lured() } else { verdict });
            }
        }
        Ok(if server.lured() > 0 { lured() } else { Verdict::Right })
    }
}

fn lured() -> Verdict {
    Verdict::Wrong("lured to another host".to_owned())
}

fn judge(step: &Step, place: &str, outcome: &Outcome, server: &ScriptedServer) -> Verdict {
    if *outcome == Outcome::Impossible {
        return Verdict::Impossible;
    }
    if step.accepts(outcome, server) {
        return Verdict::Right;
    }
    let what = match outcome {
        Outcome::Failed { .. } if matches!(step.expect, Expect::Refused(_)) => "error without the code",
        Outcome::Failed { .. } => "error",
        Outcome::Content(found) if FILE.starts_with(found) => &format!("success with {} bytes", found.len()),
        Outcome::Content(found) => &format!("success with {} wrong bytes", found.len()),
        Outcome::Directory(_) if step.expect != Expect::Error => "wrong path",
        Outcome::Names(_) if step.expect != Expect::Error => "wrong names",
        Outcome::Size(_) if step.expect != Expect::Error => "wrong size",
        Outcome::Modified(_) if step.expect != Expect::Error => "wrong time",
        _ if matches!(step.expect, Expect::Stored(_)) => "success, and something else is stored",
        _ => "success",
    };
    Verdict::Wrong(format!("{place}{what}"))
}

/// A program that runs; ended when dropped.
struct Running(Child);

impl Running {
    /// Its lines, as they come.
    fn lines(&mut self) -> mpsc::Receiver<io::Result<String>> {
        let (sender, receiver) = mpsc::channel();
        let output = self.0.stdout.take();
        thread::spawn(move || {
            for line in output.into_iter().flat_map(|output| BufReader::new(output).lines()) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        receiver
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::super::named;
    use super::*;

    fn tried(row: &str, prints: &'static str) -> Verdict {
        let shell = |_| {
            let mut command = Command::new("sh");
            command.args(["-c", prints]);
            command
        };
        named(row).unwrap().try_program(shell, Duration::from_secs(30)).unwrap()
    }

    #[test]
    fn a_program_is_judged_by_what_it_prints() {
        let wrong = |how: &str| Verdict::Wrong(how.to_owned());
        assert_eq!(tried("greeting-421", "echo failed 421 busy"), Verdict::Right);
        assert_eq!(tried("greeting-421", "echo failed - busy"), wrong("error without the code"));
        assert_eq!(tried("greeting-421", "echo done; sleep 60"), wrong("success"));
        assert_eq!(tried("greeting-421", "echo impossible"), Verdict::Impossible);
        assert_eq!(tried("greeting-421", "true"), wrong("dies"));
        assert_eq!(tried("get-550", "echo failed - no"), wrong("login: error"));
        assert_eq!(tried("get-550", "echo done; echo failed 550 no; echo failed - no"), wrong("then error"));
        assert_eq!(
            tried("get-20-of-130", "echo done; echo content 6f6e65"),
            wrong("success with 3 wrong bytes")
        );
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let sleep = |_| {
            let mut command = Command::new("sleep");
            command.arg("60");
            command
        };
        let row = named("greeting-421").unwrap();
        assert_eq!(row.try_program(sleep, Duration::from_millis(50)).unwrap(), Verdict::Hung);
    }
}
