//! An FTP client (RFC 959, 2389, 2428, 3659) that tells what happened: a download is complete or an error, a wait has
//! an end, and a session goes on after what can be survived.
//!
//! [`Ftp`] is one session. Its calls wait; another thread may [cancel](Ftp::cancel) the one under way.
//!
//! ```no_run
//! use sfml_network::ftp::{Ftp, Transfer, TransferMode};
//! use std::time::Duration;
//!
//! let ftp = Ftp::connect("ftp.example.org", Ftp::DEFAULT_PORT, Duration::from_secs(5))?;
//! ftp.login("ada", "secret")?;
//! ftp.change_directory("reports")?;
//! for entry in ftp.entries("")? {
//!     println!("{} ({:?} bytes)", String::from_utf8_lossy(&entry.name), entry.size);
//! }
//! ftp.download("march.pdf", "march.pdf", Transfer::binary().resume())?;
//! ftp.upload("notes.txt", "notes/", TransferMode::Ascii)?;
//! ftp.quit()?;
//! # Ok::<(), sfml_network::ftp::FtpError>(())
//! ```
//!
//! # What goes over the wire
//!
//! Passwords and files are not encrypted. Paths are bytes, sent as they are: UTF-8 for servers of today. The data
//! connection is opened from here, to the host of the control connection, wherever the server says it is.

mod ascii;
mod client;
mod control;
mod crew;
mod data;
mod download;
mod error;
mod exchange;
mod list;
mod names;
mod options;
mod pace;
mod repeat;
mod segments;
mod signals;
mod transfer;
mod tree;
mod upload;

use std::fmt;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, TryLockError};
use std::thread::{self, ThreadId};
use std::time::{Duration, SystemTime};

use ftp_proto::{Command, directory, size};

use self::client::{Client, Login};
use self::signals::Signals;
use crate::descriptor::lock;

pub use self::client::Host;
pub use self::error::{ArgumentProblem, Awaited, FtpError, ProtocolError};
pub use self::list::Names;
pub use self::options::{DataConnections, FtpOptions, InterruptHook, LogHook, LogLine, PassiveHost, Retry};
pub use self::transfer::{ProgressCallback, Transfer, TransferMode, Transferred};
pub use self::tree::{Tree, TreeFailure, TreeProgress, TreeProgressCallback, TreeReport};
pub use crate::transfer::LowSpeed;
pub use ftp_proto::{
    ArgumentError, CommandError, Entry, EntryKind, Features, ListingError, ListingLimits, Precision, Reply,
    ReplyError, ReplyLimits, Status, Timestamp,
};

/// A session with an FTP server.
///
/// All methods take `&self`. Calls of several threads take turns; [`cancel`](Self::cancel) and
/// [`disconnect`](Self::disconnect) do not. A value that is dropped closes its connection and says nothing to the server:
/// [`quit`](Self::quit) does.
///
/// Paths are bytes, `&str` among them. Those that go into a command must not hold a CR, LF or NUL, so that a name cannot
/// carry a second command.
pub struct Ftp {
    client: Mutex<Client>,
    signals: Arc<Signals>,
    /// The client's, to be read while it is busy.
    options: Mutex<FtpOptions>,
    /// The thread whose call is under way, to tell a call from inside its callback from one that has to wait.
    caller: Mutex<Option<ThreadId>>,
}

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
    /// The port of FTP servers.
    pub const DEFAULT_PORT: u16 = 21;

    /// Connects to a server and waits for its greeting.
    ///
    /// `host` is an address or a name. `timeout` bounds it all, the lookup of the name and the greeting included; `None`
    /// for the default of [`FtpOptions`].
    ///
    /// # Errors
    /// * [`FtpError::Connect`]: no connection could be made.
    /// * [`FtpError::Rejected`], [`FtpError::Closed`]: the server does not want this client now.
    /// * [`FtpError::TimedOut`], [`FtpError::Protocol`]: there is no FTP server.
    pub fn connect(
        host: impl Into<Host>,
        port: u16,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<Self, FtpError> {
        let mut options = FtpOptions::default();
        if let Some(timeout) = timeout.into() {
            options.connect_timeout = timeout;
        }
        Self::connect_with(host, port, options)
    }

    /// As [`connect`](Self::connect), with options.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn connect_with(host: impl Into<Host>, port: u16, options: FtpOptions) -> Result<Self, FtpError> {
        let ftp = Self::unconnected(host, port, options);
        ftp.reconnect()?;
        Ok(ftp)
    }

    /// A session that is not begun yet: [`reconnect`](Self::reconnect) does that, and another thread may
    /// [cancel](Self::cancel) it.
    pub fn unconnected(host: impl Into<Host>, port: u16, options: FtpOptions) -> Self {
        let client = Client::new(host.into(), port, options.clone());
        Self {
            signals: Arc::clone(&client.signals),
            client: Mutex::new(client),
            options: Mutex::new(options),
            caller: Mutex::default(),
        }
    }

    /// Begins the session anew: connects, and logs in and goes to the directory where the session before was.
    ///
    /// Returns the last reply, the greeting where nobody had logged in.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), [`login`](Self::login) and [`change_directory`](Self::change_directory).
    pub fn reconnect(&self) -> Result<Reply, FtpError> {
        self.run(Client::reconnect)
    }

    /// Whether there is a session, as far as is known without asking the server. Never waits.
    pub fn is_connected(&self) -> bool {
        self.signals.is_connected()
    }

    /// Changes the options of the session. Reply limits count from the next connection on.
    ///
    /// # Errors
    /// [`FtpError::Argument`] from inside a callback of this session.
    pub fn set_options(&self, options: FtpOptions) -> Result<(), FtpError> {
        self.run(|client| {
            client.set_options(options.clone());
            *lock(&self.options) = options;
            Ok(())
        })
    }

    /// The options of the session. Never waits.
    pub fn options(&self) -> FtpOptions {
        lock(&self.options).clone()
    }

    /// Logs in (`USER`, and `PASS` if the server asks for it).
    ///
    /// # Errors
    /// [`FtpError::Rejected`] when the server does not know the user, or wants an account as well.
    pub fn login(&self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Result<Reply, FtpError> {
        let login = Login::new(user.as_ref(), password.as_ref(), None)?;
        self.run(|client| client.log_in(login))
    }

    /// Logs in where the server also asks for an account (`ACCT`).
    ///
    /// # Errors
    /// As [`login`](Self::login).
    pub fn login_with_account(
        &self,
        user: impl AsRef<[u8]>,
        password: impl AsRef<[u8]>,
        account: impl AsRef<[u8]>,
    ) -> Result<Reply, FtpError> {
        let login = Login::new(user.as_ref(), password.as_ref(), Some(account.as_ref()))?;
        self.run(|client| client.log_in(login))
    }

    /// Logs in as a guest: the user `anonymous` (RFC 1635).
    ///
    /// # Errors
    /// As [`login`](Self::login).
    pub fn login_anonymous(&self) -> Result<Reply, FtpError> {
        self.login("anonymous", "anonymous@")
    }

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
        let time =
            upload::timestamp(time).ok_or_else(|| FtpError::impossible("the time", "it is before 1970"))?;
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

    /// Downloads a file (`RETR`).
    ///
    /// `local` is the file to write, or a directory, in which it gets its own name. The file is written beside its
    /// place and moved there when it is complete: the end of the data, the server's last reply and the size, where the
    /// server tells it, agree. A failure leaves nothing, or with [`Transfer::resume`] the part that came.
    ///
    /// # Errors
    /// * [`FtpError::Rejected`]: there is no such file, or it may not be read.
    /// * [`FtpError::Incomplete`]: less came than the file is long.
    /// * [`FtpError::Local`]: the file cannot be written here.
    /// * [`FtpError::Data`], [`FtpError::TimedOut`]: the network.
    /// * [`FtpError::UnsafeName`]: no name is left of `remote` that could be a file in a directory.
    pub fn download<'a>(
        &self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.download(remote.as_ref(), local.as_ref(), transfer.into()))
    }

    /// Downloads a file into a writer, which has what came before a failure.
    ///
    /// # Errors
    /// As [`download`](Self::download).
    pub fn retrieve<'a>(
        &self,
        remote: impl AsRef<[u8]>,
        mut writer: impl Write,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.retrieve(remote.as_ref(), &mut writer, transfer.into()))
    }

    /// Uploads a file (`STOR`, `APPE`).
    ///
    /// `remote` is the path there; one that is empty or ends with a slash is a directory, in which the file gets its
    /// own name. After a failure the server may have a part of it.
    ///
    /// # Errors
    /// * [`FtpError::Local`]: the file cannot be read here, or became shorter meanwhile.
    /// * [`FtpError::Rejected`]: it may not be stored, or there is no room.
    /// * [`FtpError::Data`], [`FtpError::TimedOut`]: the network.
    pub fn upload<'a>(
        &self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.upload(local.as_ref(), remote.as_ref(), transfer.into()))
    }

    /// Uploads what a reader gives.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub fn store<'a>(
        &self,
        mut reader: impl Read,
        remote: impl AsRef<[u8]>,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.store(&mut reader, remote.as_ref(), transfer.into()))
    }

    /// Downloads a large file with several sessions at once, each a part of it (`SIZE`, `REST`).
    ///
    /// As [`download`](Self::download) otherwise. With one session, or for a file of less than 2 MiB, it is the same. Of
    /// the options of the transfer those of progress and time count.
    ///
    /// # Errors
    /// As [`download`](Self::download); [`FtpError::Rejected`] when the server does not tell the size.
    pub fn download_segmented<'a>(
        &self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        sessions: usize,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        let transfer = transfer.into();
        self.run(|client| client.download_segmented(remote.as_ref(), local.as_ref(), sessions, transfer))
    }

    /// Downloads a directory with everything in it, with several sessions at once.
    ///
    /// Names that would lead out of the directory are refused one by one; links are neither followed nor made.
    ///
    /// # Errors
    /// [`FtpError::Unfinished`] when something failed and the rest did not; else what kept all of it from being done.
    pub fn download_tree(
        &self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        tree: Tree<'_>,
    ) -> Result<TreeReport, FtpError> {
        self.run(|client| client.download_tree(remote.as_ref(), local.as_ref(), tree))
    }

    /// Uploads a directory with everything in it, with several sessions at once.
    ///
    /// # Errors
    /// As [`download_tree`](Self::download_tree).
    pub fn upload_tree(
        &self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        tree: Tree<'_>,
    ) -> Result<TreeReport, FtpError> {
        self.run(|client| client.upload_tree(local.as_ref(), remote.as_ref(), tree))
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

    /// Cancels the call that another thread has under way, which returns [`FtpError::Cancelled`] within moments; the
    /// session goes on. Without a call under way it does nothing.
    pub fn cancel(&self) {
        self.signals.cancel();
    }

    /// Ends the session at once, without a word to the server, and cancels the call that another thread has under
    /// way. Never waits: the connection is closed when that call returns.
    pub fn disconnect(&self) {
        self.signals.hang_up();
        self.let_go();
    }

    /// Says good-bye (`QUIT`) and closes the connection, whatever the server answers.
    ///
    /// # Errors
    /// When it does not answer as it should. The connection is closed all the same.
    pub fn quit(&self) -> Result<Reply, FtpError> {
        self.run(Client::quit)
    }

    fn about(&self, verb: &'static str, path: &[u8]) -> Result<Reply, FtpError> {
        self.run(|client| {
            let command = client.about(verb, path)?;
            client.demand(&command)
        })
    }

    /// Runs a call when it is its turn.
    fn run<T>(&self, call: impl FnOnce(&mut Client) -> Result<T, FtpError>) -> Result<T, FtpError> {
        let this = thread::current().id();
        let mut client = match self.client.try_lock() {
            Ok(client) => client,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) if *lock(&self.caller) == Some(this) => {
                let sentence =
                    "the session is busy with the call whose callback this is, use another session";
                return Err(FtpError::impossible("the call", sentence));
            }
            Err(TryLockError::WouldBlock) => lock(&self.client),
        };
        *lock(&self.caller) = Some(this);
        let _half_done = self.signals.hang_up_in_panic();
        let outcome = client.run(call);
        *lock(&self.caller) = None;
        drop(client);
        self.let_go();
        outcome
    }

    /// Ends the session if that was asked for, unless a call is under way, which then does it.
    fn let_go(&self) {
        if self.signals.is_hung_up() {
            match self.client.try_lock() {
                Ok(mut client) => client.obey(),
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().obey(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
    }
}

impl Client {
    fn working_directory(&mut self) -> Result<Directory, FtpError> {
        let command = Command::new("PWD");
        let reply = self.demand(&command)?;
        match directory(reply.text()) {
            Some(path) => Ok(Directory { path, reply }),
            None => Err(meaningless(&command, reply)),
        }
    }
}

impl fmt::Debug for Ftp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ftp").finish_non_exhaustive()
    }
}

fn meaningless(command: &Command, reply: Reply) -> FtpError {
    FtpError::Protocol(ProtocolError::Meaningless { command: command.to_string(), reply })
}
