//! Our own client, as one that takes the steps of the table.

use std::fs;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::time::Duration;

use sfml_network::ftp::{DataConnections, Ftp, FtpError, FtpOptions, LowSpeed, Transfer};
use testkit::folder::TempFolder;
use testkit::ftp::behaviours::{Behaviour, Operation, Outcome};

pub(crate) struct Ours {
    ftp: Ftp,
    home: TempFolder,
}

impl Ours {
    /// A client for a row's server, every time limit of which is this.
    pub(crate) fn new(row: &Behaviour, server: SocketAddr, limit: Duration) -> Self {
        let mut options = FtpOptions::default();
        options.connect_timeout = limit;
        options.control_timeout = limit;
        options.data_timeout = limit;
        options.low_speed = Some(LowSpeed { bytes_per_second: 100, period: limit });
        let is_active = row.steps.iter().any(|step| matches!(step.operation, Operation::GetActive(_)));
        if is_active {
            options.data_connections = DataConnections::Active { announce: None, ports: None };
        }
        let ftp = Ftp::unconnected(server.ip(), server.port(), options);
        Self { ftp, home: TempFolder::new("ftp-behaviour").unwrap() }
    }

    /// How a step ends.
    pub(crate) fn take(&self, operation: Operation) -> Outcome {
        self.perform(operation).unwrap_or_else(|error| Outcome::Failed {
            code: error.reply().map(|reply| reply.status().0),
            why: error.to_string(),
        })
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
        let fetched = |name: &str| Ok(Outcome::Content(fs::read(home(name)).unwrap()));
        match operation {
            Operation::Login => self.log_in(None)?,
            Operation::LoginWithAccount(account) => self.log_in(Some(account))?,
            Operation::Get(name) | Operation::GetActive(name) => {
                let done = ftp.download(name, home(name), Transfer::binary());
                if done.is_err() {
                    assert!(!home(name).exists(), "a failure left a file");
                }
                return done.and_then(|_| fetched(name));
            }
            Operation::Resume(name, have) => {
                let mut part = home(name).into_os_string();
                part.push(".part");
                fs::write(&part, have).unwrap();
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
            Operation::Size(name) => return Ok(Outcome::Size(ftp.size(name)?.into())),
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
}
