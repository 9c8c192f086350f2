//! `Ftp`: what it asks the server, and tells it to do.

use std::ops::ControlFlow;
use std::time::SystemTime;

use ftp_proto::{Command, Entry, Features, Reply, Status, Timestamp, directory, size};

use super::client::Client;
use super::error::FtpError;
use super::list::Names;
use super::moment::timestamp;
use super::transfer::TransferMode;
use super::{Ftp, meaningless};

/// The path of a directory, and what the server said.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Directory {
    /// The path.
    pub path: Vec<u8>,
    /// The server's reply.
    pub reply: Reply,
}

impl Ftp {
    /// Tells the server that the session is still wanted (`NOOP`).
    ///
    /// # Errors
    /// [`FtpError::Closed`] when it has ended the session meanwhile.
    pub fn keep_alive(&self) -> Result<Reply, FtpError> {
        self.run(|client| client.demand(&Command::new("NOOP")))
    }

    /// The path of the working directory (`PWD`).
    ///
    /// # Errors
    /// [`FtpError::Protocol`] when the reply holds no path.
    pub fn working_directory(&self) -> Result<Directory, FtpError> {
        self.run(Client::working_directory)
    }

    /// Changes the working directory (`CWD`).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when there is no such directory.
    pub fn change_directory(&self, directory: impl AsRef<[u8]>) -> Result<Reply, FtpError> {
        self.run(|client| {
            let command = client.about("CWD", directory.as_ref())?;
            client.change_directory(command)
        })
    }

    /// Changes to the directory above (`CDUP`).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when there is none.
    pub fn parent_directory(&self) -> Result<Reply, FtpError> {
        self.run(|client| client.change_directory(Command::new("CDUP")))
    }

    /// Creates a directory (`MKD`). The path is the one the server tells, or else the one given.
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when it exists, or may not be created.
    pub fn create_directory(&self, directory: impl AsRef<[u8]>) -> Result<Directory, FtpError> {
        let given = directory.as_ref();
        let reply = self.about("MKD", given)?;
        let told =
            if reply.status() == Status::DIRECTORY_OK { ftp_proto::directory(reply.text()) } else { None };
        Ok(Directory { path: told.unwrap_or_else(|| given.to_vec()), reply })
    }

    /// Deletes an empty directory (`RMD`).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when it does not exist, or is not empty.
    pub fn delete_directory(&self, directory: impl AsRef<[u8]>) -> Result<Reply, FtpError> {
        self.about("RMD", directory.as_ref())
    }

    /// Gives a file or directory another name (`RNFR`, `RNTO`).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when it does not exist, or the new name is not allowed.
    pub fn rename(&self, from: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> Result<Reply, FtpError> {
        self.run(|client| {
            let (from, to) = (client.about("RNFR", from.as_ref())?, client.about("RNTO", to.as_ref())?);
            client.demand(&from)?;
            client.demand(&to)
        })
    }

    /// Deletes a file (`DELE`).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when it does not exist, or may not be deleted.
    pub fn delete_file(&self, file: impl AsRef<[u8]>) -> Result<Reply, FtpError> {
        self.about("DELE", file.as_ref())
    }

    /// The size of a file in bytes (`SIZE`, RFC 3659).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when there is no such file, or the server does not tell sizes.
    pub fn size(&self, file: impl AsRef<[u8]>) -> Result<u64, FtpError> {
        self.run(|client| {
            let command = client.about("SIZE", file.as_ref())?;
            // In text modes it would be the size as text, or none.
            client.set_mode(TransferMode::Binary)?;
            let reply = client.demand(&command)?;
            size(reply.text()).ok_or_else(|| meaningless(&command, reply))
        })
    }

    /// When a file was changed (`MDTM`, RFC 3659), in UTC.
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when there is no such file, or the server does not tell times.
    pub fn modified(&self, file: impl AsRef<[u8]>) -> Result<Timestamp, FtpError> {
        self.run(|client| {
            let command = client.about("MDTM", file.as_ref())?;
            let reply = client.demand(&command)?;
            Timestamp::from_mdtm(reply.text()).ok_or_else(|| meaningless(&command, reply))
        })
    }

    /// Sets when a file was changed, in whole seconds: by `MFMT`, or what servers had before it.
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when the server does not allow it. [`FtpError::Argument`] for a time before 1970.
    pub fn set_modified(&self, file: impl AsRef<[u8]>, time: SystemTime) -> Result<Reply, FtpError> {
        let time = timestamp(time).ok_or_else(|| FtpError::impossible("the time", "it is before 1970"))?;
        self.run(|client| client.set_modified_to(file.as_ref(), &time))
    }

    /// What the server says it can (`FEAT`, RFC 2389); asked once in a session. Empty where it does not say.
    ///
    /// # Errors
    /// Those that end the session.
    pub fn features(&self) -> Result<Features, FtpError> {
        self.run(|client| client.features().cloned())
    }

    /// The names in a directory (`NLST`); in the working one where it is empty.
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when there is no such directory.
    pub fn names(&self, directory: impl AsRef<[u8]>) -> Result<Names, FtpError> {
        self.run(|client| client.names(directory.as_ref()))
    }

    /// The entries of a directory, with what the server tells of each (`MLSD`, or else `LIST`).
    ///
    /// # Errors
    /// As [`names`](Self::names).
    pub fn entries(&self, directory: impl AsRef<[u8]>) -> Result<Vec<Entry>, FtpError> {
        let mut entries = Vec::new();
        self.each_entry(directory, |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        })?;
        Ok(entries)
    }

    /// Hands out the entries of a directory as they arrive, so that memory does not grow with their number. `Break`
    /// cancels the listing.
    ///
    /// # Errors
    /// As [`names`](Self::names); [`FtpError::Cancelled`].
    pub fn each_entry(
        &self,
        directory: impl AsRef<[u8]>,
        mut each: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Reply, FtpError> {
        self.run(|client| client.each_entry(directory.as_ref(), &mut each).map(|listed| listed.reply))
    }

    /// What the server tells of one file or directory (`MLST`, RFC 3659).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when there is none, or the server does not know `MLST`.
    pub fn entry(&self, path: impl AsRef<[u8]>) -> Result<Entry, FtpError> {
        self.run(|client| client.entry(path.as_ref()))
    }

    /// Sends a command of your own, and returns the reply whatever it says. Commands that move data are refused.
    ///
    /// ```no_run
    /// # let ftp = sfml_network::ftp::Ftp::connect("ftp.example.org", 21, None)?;
    /// let reply = ftp.send_command("SITE", "CHMOD 644 notes.txt")?;
    /// # Ok::<(), sfml_network::ftp::FtpError>(())
    /// ```
    ///
    /// # Errors
    /// [`FtpError::Argument`] when it is none, or more than one.
    pub fn send_command(
        &self,
        verb: impl AsRef<[u8]>,
        argument: impl AsRef<[u8]>,
    ) -> Result<Reply, FtpError> {
        let command = Command::raw(verb.as_ref(), argument.as_ref())
            .map_err(|error| FtpError::unsendable("the command", error))?;
        self.run(|client| client.raw(&command))
    }

    fn about(&self, verb: &'static str, path: &[u8]) -> Result<Reply, FtpError> {
        self.run(|client| {
            let command = client.about(verb, path)?;
            client.demand(&command)
        })
    }
}

impl Client {
    pub(super) fn working_directory(&mut self) -> Result<Directory, FtpError> {
        let command = Command::new("PWD");
        let reply = self.demand(&command)?;
        match directory(reply.text()) {
            Some(path) => Ok(Directory { path, reply }),
            None => Err(meaningless(&command, reply)),
        }
    }
}
