//! curl as a client of the table: each step that it can take is a run of its own.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use testkit::folder::TempFolder;
use testkit::ftp::behaviours::{Behaviour, Operation, Outcome};

pub(super) struct Curl {
    server: SocketAddr,
    timeout: Duration,
    home: TempFolder,
    /// Whether a login is a row's own step, and not what precedes it.
    logs_in: bool,
}

impl Curl {
    pub(super) fn new(row: &Behaviour, server: SocketAddr, timeout: Duration) -> Self {
        let logs_in = row.all_steps().len() == row.steps.len();
        Self { server, timeout, home: TempFolder::new("curl-behaviour").unwrap(), logs_in }
    }

    /// How a step ends.
    pub(super) fn take(&mut self, operation: Operation) -> Outcome {
        let local = self.home.path().join("local");
        let fetched = || fs::read(&local).unwrap_or_default();
        let outcome = match operation {
            // Every transfer logs in.
            Operation::Login if !self.logs_in => Ok(Outcome::Done),
            Operation::Login => self.run("file.txt", &[]).map(|()| Outcome::Done),
            Operation::LoginWithAccount(account) => {
                self.run("file.txt", &["--ftp-account", account]).map(|()| Outcome::Done)
            }
            Operation::Get(name) => self.run(name, &[]).map(|()| Outcome::Content(fetched())),
            Operation::GetActive(name) => {
                self.run(name, &["--ftp-port", "-"]).map(|()| Outcome::Content(fetched()))
            }
            Operation::Resume(name, have) => {
                fs::write(&local, have).unwrap();
                self.run(name, &["--continue-at", "-"]).map(|()| Outcome::Content(fetched()))
            }
            Operation::Put(name, data) => self.upload(name, data, &[]),
            Operation::Append(name, data) => self.upload(name, data, &["--append"]),
            // Another folder it goes to first, and lists it as the current one.
            Operation::List("") => self.run("", &["--list-only"]).map(|()| {
                let listed = fetched();
                let lines = listed.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
                Outcome::Names(lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect())
            }),
            _ => Ok(Outcome::Impossible),
        };
        outcome.unwrap_or_else(|failure| failure)
    }

    fn upload(&self, name: &str, data: &[u8], options: &[&str]) -> Result<Outcome, Outcome> {
        let source = self.home.path().join("source");
        fs::write(&source, data).unwrap();
        let source = source.to_string_lossy().into_owned();
        self.run(name, &[&["--upload-file", &source], options].concat()).map(|()| Outcome::Done)
    }

    fn run(&self, path: &str, options: &[&str]) -> Result<(), Outcome> {
        let seconds = self.timeout.as_secs().to_string();
        // It has no option for how long a reply may take; this ends it before it would count as hanging.
        let most = (4 * self.timeout.as_secs()).to_string();
        let mut command = Command::new("curl");
        command.args(["--disable", "--silent", "--show-error", "--write-out", "%{response_code}"]);
        command.args(["--connect-timeout", &seconds, "--max-time", &most]);
        command.args(["--speed-limit", "100", "--speed-time", &seconds]);
        command.arg("--output").arg(self.home.path().join("local")).args(options);
        let output = command.arg(format!("ftp://{}/{path}", self.server)).output().unwrap();
        if output.status.success() {
            return Ok(());
        }
        let code = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
        Err(Outcome::Failed { code, why: String::from_utf8_lossy(&output.stderr).into_owned() })
    }
}
