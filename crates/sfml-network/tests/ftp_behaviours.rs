//! The table of what FTP servers do: every row has to come out right.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sfml_network::ftp::{DataConnections, Ftp, FtpError, FtpOptions, LowSpeed, Transfer};
use testkit::folder::TempFolder;
use testkit::ftp::ScriptedServer;
use testkit::ftp::behaviours::{Behaviour, Expect, Operation, all};

/// How long our own limits are in rows that nothing else ends, and in the others.
const SHORT: Duration = Duration::from_millis(700);
const LONG: Duration = Duration::from_secs(10);

/// The longest a row may take before it counts as hanging: several waits of the shorter limit, on a busy machine.
const HANGING: Duration = Duration::from_secs(60);

/// Rows at a time: most of them wait.
const THREADS: usize = 8;

#[test]
fn every_row_comes_out_right() {
    let rows = all();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let times = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let started = Instant::now();
                    if let Err(why) = Attempt::new(row).run() {
                        failures.lock().unwrap().push(format!("{}: {why} ({})", row.name, row.about));
                    }
                    times.lock().unwrap().push((started.elapsed(), row.name));
                }
            });
        }
    });
    let mut times = times.into_inner().unwrap();
    times.sort();
    let (longest, slowest) = *times.last().unwrap();
    println!("{} rows; the longest took {:.1} s: {slowest}", rows.len(), longest.as_secs_f64());
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} rows failed:\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n")
    );
    assert!(longest < HANGING, "{slowest} hangs");
}

/// One row, and the client that tries it.
struct Attempt<'a> {
    row: &'a Behaviour,
    server: ScriptedServer,
    home: TempFolder,
    ftp: Ftp,
}

/// What a step came to, in the words of the table.
enum Outcome {
    Done,
    Content(Vec<u8>),
    Directory(Vec<u8>),
    Names(Vec<Vec<u8>>),
    Size(u64),
    Modified(String),
}

impl<'a> Attempt<'a> {
    fn new(row: &'a Behaviour) -> Self {
        let server = row.start().unwrap();
        let address = server.address();
        let limit = if row.waits { SHORT } else { LONG };
        let mut options = FtpOptions::default();
        options.connect_timeout = limit;
        options.control_timeout = limit;
        options.data_timeout = limit;
        options.low_speed = Some(LowSpeed { bytes_per_second: 1000, period: limit });
        options.keep_alive = None;
        let is_active = row.steps.iter().any(|step| matches!(step.operation, Operation::GetActive(_)));
        if is_active {
            options.data_connections = DataConnections::Active { announce: None, ports: None };
        }
        let ftp = Ftp::unconnected(address.ip(), address.port(), options);
        Self { row, server, home: TempFolder::new("ftp-behaviour").unwrap(), ftp }
    }

    fn run(&self) -> Result<(), String> {
        let logs_in = matches!(
            self.row.steps.first().map(|step| step.operation),
            Some(Operation::Login | Operation::LoginWithAccount(_))
        );
        if !logs_in {
            self.log_in(None).map_err(|error| format!("the login failed: {error}"))?;
        }
        for step in self.row.steps {
            let outcome = self.perform(step.operation);
            let shown = match &outcome {
                Ok(_) => String::new(),
                Err(error) => format!(": {error}"),
            };
            if !self.is_right(step.operation, step.expect, &outcome) {
                let came = if outcome.is_ok() { "succeeded with something else" } else { "failed" };
                return Err(format!("{:?} {came}{shown}, expected {:?}", step.operation, step.expect));
            }
        }
        match self.server.lured() {
            0 => Ok(()),
            _ => Err("the client was lured to another host".to_owned()),
        }
    }

    fn log_in(&self, account: Option<&str>) -> Result<(), FtpError> {
        self.ftp.reconnect()?;
        match account {
            Some(account) => self.ftp.login_with_account("anonymous", "guest", account)?,
            None => self.ftp.login_anonymous()?,
        };
        Ok(())
    }

    fn perform(&self, operation: Operation) -> Result<Outcome, FtpError> {
        let ftp = &self.ftp;
        let home = |name: &str| self.home.path().join(name.rsplit('/').next().unwrap_or(name));
        let fetched = |name: &str| Ok(Outcome::Content(std::fs::read(home(name)).unwrap()));
        match operation {
            Operation::Login => self.log_in(None)?,
            Operation::LoginWithAccount(account) => self.log_in(Some(account))?,
            Operation::Get(name) | Operation::GetActive(name) => {
                let done = ftp.download(name, home(name), Transfer::binary());
                if done.is_err() {
                    assert!(!home(name).exists(), "{}: a failure left a file", self.row.name);
                }
                return done.and_then(|_| fetched(name));
            }
            Operation::Resume(name, have) => {
                let mut part = home(name).into_os_string();
                part.push(".part");
                std::fs::write(&part, have).unwrap();
                ftp.download(name, home(name), Transfer::binary().resume())?;
                return fetched(name);
            }
            Operation::Abort(name) => {
                let mut progress =
                    |done, _| if done > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
                let mut data = Vec::new();
                ftp.retrieve(name, &mut data, Transfer::binary().progress(&mut progress))?;
                return Ok(Outcome::Content(data));
            }
            Operation::Put(name, data) => drop(ftp.store(data, name, Transfer::binary())?),
            Operation::Append(name, data) => drop(ftp.store(data, name, Transfer::binary().append())?),
            Operation::List(folder) => return Ok(Outcome::Names(ftp.names(folder)?.names)),
            Operation::Entries(folder) => {
                let entries = ftp.entries(folder)?;
                return Ok(Outcome::Names(entries.into_iter().map(|entry| entry.name).collect()));
            }
            Operation::Pwd => return Ok(Outcome::Directory(ftp.working_directory()?.path)),
            Operation::Cwd(folder) => drop(ftp.change_directory(folder)?),
            Operation::Cdup => drop(ftp.parent_directory()?),
            Operation::Mkd(folder) => return Ok(Outcome::Directory(ftp.create_directory(folder)?.path)),
            Operation::Rmd(folder) => drop(ftp.delete_directory(folder)?),
            Operation::Delete(name) => drop(ftp.delete_file(name)?),
            Operation::Rename(from, to) => drop(ftp.rename(from, to)?),
            Operation::Size(name) => return Ok(Outcome::Size(ftp.size(name)?)),
            Operation::Modified(name) => return Ok(Outcome::Modified(ftp.modified(name)?.to_mdtm())),
            Operation::Feat => {
                let features = ftp.features()?;
                return Ok(Outcome::Names(features.iter().map(|(key, _)| key.as_bytes().to_vec()).collect()));
            }
            Operation::Noop => drop(ftp.keep_alive()?),
            Operation::Quit => drop(ftp.quit()?),
        }
        Ok(Outcome::Done)
    }

    fn is_right(&self, operation: Operation, expect: Expect, outcome: &Result<Outcome, FtpError>) -> bool {
        match (expect, outcome) {
            (Expect::Perhaps(_), Err(_)) | (Expect::Error, Err(_)) | (Expect::Done, Ok(_)) => true,
            (Expect::Perhaps(expect), outcome) => self.is_right(operation, *expect, outcome),
            (Expect::Content(wanted), Ok(Outcome::Content(found))) => wanted == found,
            (Expect::Stored(wanted), Ok(_)) => match operation {
                Operation::Put(name, _) | Operation::Append(name, _) => {
                    self.server.file(format!("/{name}")).as_deref() == Some(wanted)
                }
                _ => false,
            },
            (Expect::Directory(wanted), Ok(Outcome::Directory(found))) => wanted == found,
            (Expect::Names(wanted), Ok(Outcome::Names(found))) => {
                let mut wanted: Vec<&[u8]> = wanted.to_vec();
                let mut found: Vec<&[u8]> = found.iter().map(|name| &**name).collect();
                wanted.sort_unstable();
                found.sort_unstable();
                wanted == found
            }
            (Expect::Size(wanted), Ok(Outcome::Size(found))) => wanted == *found,
            (Expect::Modified(wanted), Ok(Outcome::Modified(found))) => wanted == found,
            (Expect::Refused(wanted), Err(error)) => {
                error.reply().is_some_and(|reply| reply.status().0 == wanted)
            }
            _ => false,
        }
    }
}
