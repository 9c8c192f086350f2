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
mod commands;
mod control;
mod crew;
mod data;
mod download;
mod error;
mod exchange;
mod interrupt;
mod list;
mod moment;
mod names;
mod options;
mod pace;
mod repeat;
mod segments;
mod signals;
mod transfer;
mod transfers;
mod tree;
mod upload;

use std::fmt;
use std::sync::{Arc, Mutex, TryLockError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use ftp_proto::Command;

use self::client::{Client, Login};
use self::signals::Signals;
use crate::descriptor::lock;

pub use self::client::Host;
pub use self::commands::Directory;
pub use self::error::{ArgumentProblem, Awaited, FtpError, ProtocolError};
pub use self::list::Names;
pub use self::options::{DataConnections, FtpOptions, LogHook, LogLine, PassiveHost, Retry};
pub use self::transfer::{ProgressCallback, Transfer, TransferMode, Transferred};
pub use self::tree::{Tree, TreeFailure, TreeProgress, TreeProgressCallback, TreeReport};
pub use crate::interrupt::InterruptHook;
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

impl fmt::Debug for Ftp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ftp").finish_non_exhaustive()
    }
}

fn meaningless(command: &Command, reply: Reply) -> FtpError {
    FtpError::Protocol(ProtocolError::Meaningless { command: command.to_string(), reply })
}
