//! The clients, each of which is started anew for each row.

use std::env;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use ::suppaftp::Mode;
use testkit::ftp::behaviours::{Behaviour, Operation, Outcome, Verdict, ftplib, named};
use testkit::{python, versions};

use super::curl::Curl;
use super::ours::Ours;
use super::suppaftp::Suppaftp;
use super::{LIMIT, TIMEOUT};

/// The first argument of this program when it is to be a client: then follow which, the row and the server.
pub(super) const MARK: &str = "as-client";

const ATTEMPTS: usize = 3;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Client {
    Ours,
    Ftplib,
    /// As it is by default.
    SuppaftpPassive,
    SuppaftpExtended,
    Curl,
}

impl Client {
    pub(super) const ALL: [Self; 5] =
        [Self::Ours, Self::Ftplib, Self::SuppaftpPassive, Self::SuppaftpExtended, Self::Curl];

    /// The name with the version.
    pub(super) fn label(self) -> String {
        let or_unknown = |version: Option<String>| version.unwrap_or_else(|| "of unknown version".to_owned());
        let suppaftp = || or_unknown(versions::locked("suppaftp"));
        match self {
            Self::Ours => format!("sfml-network {}", env!("CARGO_PKG_VERSION")),
            Self::Ftplib => format!("ftplib of Python {}", or_unknown(self.program_version())),
            Self::SuppaftpPassive => format!("suppaftp {}, PASV", suppaftp()),
            Self::SuppaftpExtended => format!("suppaftp {}, EPSV", suppaftp()),
            Self::Curl => format!("curl {}", or_unknown(self.program_version())),
        }
    }

    /// Whether it can be started.
    pub(super) fn is_here(self) -> bool {
        !matches!(self, Self::Ftplib | Self::Curl) || self.program_version().is_some()
    }

    fn program_version(self) -> Option<String> {
        match self {
            Self::Curl => versions::of_program(Path::new("curl")),
            _ => versions::of_program(&python::interpreter()),
        }
    }

    /// The best of several attempts: what is wrong once may be so because the machine was busy.
    pub(super) fn try_row(self, row: &Behaviour) -> io::Result<Verdict> {
        let mut row = *row;
        if self == Self::Curl {
            // Each of its runs is a session, and this one is over.
            row.steps = &row.steps[..1];
        }
        let attempt = || row.try_program(|server| self.program(&row, server), LIMIT);
        let mut verdict = attempt()?;
        for _ in 1..ATTEMPTS {
            if matches!(verdict, Verdict::Right | Verdict::Impossible) {
                break;
            }
            let again = attempt()?;
            if again == Verdict::Right || verdict == Verdict::Hung {
                verdict = again;
            }
        }
        Ok(verdict)
    }

    fn program(self, row: &Behaviour, server: SocketAddr) -> Command {
        if self == Self::Ftplib {
            return ftplib(row, server, TIMEOUT);
        }
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([MARK, &format!("{self:?}"), row.name, &server.to_string()]);
        command
    }
}

/// What this program does as a client: it takes the row's steps, and prints how each ends.
pub(super) fn take_steps(client: &str, row: &str, server: &str) -> io::Result<()> {
    let client = Client::ALL.into_iter().find(|one| format!("{one:?}") == client).unwrap();
    let (row, server) = (named(row).unwrap(), server.parse().unwrap());
    let mut take: Box<dyn FnMut(Operation) -> Outcome> = match client {
        Client::Ours => {
            let ours = Ours::new(&row, server, TIMEOUT);
            Box::new(move |operation| ours.take(operation))
        }
        Client::SuppaftpPassive | Client::SuppaftpExtended => {
            let is_default = client == Client::SuppaftpPassive;
            let mode = if is_default { Mode::Passive } else { Mode::ExtendedPassive };
            let mut suppaftp = Suppaftp::new(server, mode, TIMEOUT);
            Box::new(move |operation| suppaftp.take(operation))
        }
        Client::Curl => {
            let mut curl = Curl::new(&row, server, TIMEOUT);
            Box::new(move |operation| curl.take(operation))
        }
        Client::Ftplib => unreachable!("it is a program of its own"),
    };
    for step in row.all_steps() {
        writeln!(io::stdout(), "{}", take(step.operation))?;
    }
    Ok(())
}
