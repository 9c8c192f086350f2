//! The clients: ours in this process, the others as Python starts them.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use testkit::ftp::behaviours::Verdict;
use testkit::http::behaviours::{Behaviour, Server, python_verdicts};
use testkit::{each, python, versions};

use super::ours::Ours;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Client {
    Ours,
    /// That of Python's standard library.
    Standard,
    Requests,
    Sfml,
    Curl,
}

/// How long our own limits are in rows that nothing else ends, and in the others: for a whole call, while those of the
/// other clients are for each wait. Nothing is optimised here, and 16 MiB in chunks of 5 bytes take seconds.
const SHORT: Duration = Duration::from_millis(500);
const LONG: Duration = Duration::from_secs(20);

/// How long a row may take before it counts as hanging.
const HANGING: Duration = Duration::from_secs(30);

/// What is wrong once may be so because the machine was busy.
const ATTEMPTS: usize = 3;

/// How many interpreters try rows at the same time.
const AT_A_TIME: usize = 8;

impl Client {
    pub(super) const ALL: [Self; 5] = [Self::Ours, Self::Standard, Self::Requests, Self::Sfml, Self::Curl];

    /// The name with the version; `None` where it cannot be started.
    pub(super) fn label(self) -> Option<String> {
        Some(match self {
            Self::Ours => format!("sfml-network {}", env!("CARGO_PKG_VERSION")),
            Self::Standard => {
                format!("http.client of Python {}", versions::of_program(&python::interpreter())?)
            }
            Self::Requests => format!("requests {}", versions::of_python_package("requests")?),
            Self::Sfml => format!("SFML {} of PyPI", versions::of_python_package("SFML")?),
            Self::Curl => format!("curl {}", versions::of_program(Path::new("curl"))?),
        })
    }

    /// What it makes of the rows: the best of several attempts.
    pub(super) fn try_rows(self, rows: &[Behaviour]) -> io::Result<Vec<Verdict>> {
        let mut verdicts = vec![Verdict::Hung; rows.len()];
        let mut left: Vec<usize> = (0..rows.len()).collect();
        for _ in 0..ATTEMPTS {
            let tried: Vec<&Behaviour> = left.iter().map(|index| &rows[*index]).collect();
            for (index, verdict) in left.iter().zip(self.attempt(&tried)?) {
                if verdict == Verdict::Right || verdicts[*index] == Verdict::Hung {
                    verdicts[*index] = verdict;
                }
            }
            left.retain(|index| !matches!(verdicts[*index], Verdict::Right | Verdict::Impossible));
            if left.is_empty() {
                break;
            }
        }
        Ok(verdicts)
    }

    fn attempt(self, rows: &[&Behaviour]) -> io::Result<Vec<Verdict>> {
        let name = match self {
            Self::Ours => {
                let server = Server::start()?;
                return Ok(each(rows, |row| ours(row, &server)));
            }
            Self::Standard => "http.client",
            Self::Requests => "requests",
            Self::Sfml => "sfml",
            Self::Curl => "curl",
        };
        let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
        // Most of the time they wait, most of all in rows that are neighbours.
        let every = |first| names.iter().copied().skip(first).step_by(AT_A_TIME).collect::<Vec<&str>>();
        let parts: Vec<Vec<&str>> = (0..AT_A_TIME.min(names.len())).map(every).collect();
        let mut told = HashMap::new();
        for verdicts in each(&parts, |part| python_verdicts(name, part)) {
            told.extend(verdicts?);
        }
        Ok(names.iter().map(|name| told.get(*name).map_or(Verdict::Hung, |told| verdict(told))).collect())
    }
}

fn ours(row: &Behaviour, server: &Server) -> Verdict {
    let started = Instant::now();
    let client = Ours::new(row, if row.waits { SHORT } else { LONG });
    let outcome = row.try_client(server, |call, url| client.call(call, url));
    match outcome {
        _ if started.elapsed() > HANGING => Verdict::Hung,
        Ok(()) => Verdict::Right,
        Err(how) => Verdict::Wrong(how),
    }
}

/// A verdict in a few words, of one that says all: `call 1: 200 'OK' with 5 bytes b'hello'`.
fn verdict(told: &str) -> Verdict {
    let (place, what) = match told.strip_prefix("call ").and_then(|rest| rest.split_once(": ")) {
        Some(("0", what)) => ("", what),
        Some((_, what)) => ("then ", what),
        None => ("", told),
    };
    let wrong = |how: &str| Verdict::Wrong(format!("{place}{how}"));
    let is_answer = what.starts_with(|letter: char| letter.is_ascii_digit());
    match what {
        "right" => Verdict::Right,
        "-" => Verdict::Impossible,
        "hangs" => Verdict::Hung,
        "dies" | "takes all memory" => wrong(what),
        _ if is_answer && what.ends_with(" requests") => wrong(what),
        _ if is_answer => {
            let (status, rest) = what.split_once(' ').unwrap_or((what, ""));
            let bytes = rest.rsplit_once(" with ").and_then(|(_, rest)| rest.split(' ').next());
            wrong(&format!("{status} with {} bytes", bytes.unwrap_or("some")))
        }
        _ if what.contains("imed out") => wrong("waits in vain"),
        _ => wrong("error"),
    }
}
