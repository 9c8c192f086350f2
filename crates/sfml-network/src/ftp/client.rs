//! The client behind `Ftp`: one session, what is known of it, and how to begin it anew.

use std::fmt;
use std::sync::Arc;

use ftp_proto::{Argument, ArgumentError, Command, Features, Reply, Status, Ticket};

use super::control::{Control, accepted};
use super::error::FtpError;
use super::interrupt::Interrupt;
use super::options::FtpOptions;
use super::signals::Signals;
use super::transfer::TransferMode;
use crate::address::IpAddress;
use crate::socket::{TcpKeepalive, TcpSocket};
use crate::time::Deadline;
use crate::wait::Wait;

/// The server: an address, or a name to look up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Host {
    /// A numeric address.
    Address(IpAddress),
    /// A name, looked up when the connection is made.
    Name(String),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl<A: Into<IpAddress>> From<A> for Host {
    fn from(address: A) -> Self {
        Self::Address(address.into())
    }
}

impl From<&str> for Host {
    /// A numeric address, or else a name.
    fn from(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Address)
    }
}

impl From<String> for Host {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

/// Who logs in. Never shown.
#[derive(Clone)]
pub(super) struct Login {
    user: Command,
    password: Command,
    account: Option<Command>,
}

impl Login {
    pub(super) fn new(user: &[u8], password: &[u8], account: Option<&[u8]>) -> Result<Self, FtpError> {
        let command = |verb, what, bytes: &[u8]| match Argument::new(bytes) {
            Ok(argument) => Ok(Command::with(verb, argument)),
            Err(error) => Err(FtpError::unsendable(what, error)),
        };
        if user.is_empty() {
            return Err(FtpError::unsendable("the user name", ArgumentError::Empty));
        }
        Ok(Self {
            user: command("USER", "the user name", user)?,
            password: command("PASS", "the password", password)?,
            account: account.map(|account| command("ACCT", "the account", account)).transpose()?,
        })
    }
}

/// What is known of the session under way; a new one knows nothing.
#[derive(Default)]
pub(super) struct Known {
    pub(super) mode: Option<TransferMode>,
    features: Option<Features>,
    /// Whether `EPSV` or `EPRT` was refused or led nowhere.
    pub(super) extended_fails: bool,
    /// Whether `MLSD` was refused.
    pub(super) mlsd_fails: bool,
    /// Whether the server lets no file's time be set.
    pub(super) setting_times_fails: bool,
    /// The `EPSV` that was sent behind a transfer, for the next one.
    pub(super) ahead: Option<Ticket>,
    /// Whether the server can be sent a command while it is busy with a transfer.
    pub(super) sending_ahead: SendingAhead,
    /// The transfer with which that is tried.
    pub(super) trial: Option<Ticket>,
}

/// Whether what is sent during a transfer waits for its turn.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum SendingAhead {
    #[default]
    Untried,
    Works,
    /// The server reads on during transfers, or forgets what comes meanwhile. One that reads `EPSV` then may give up the
    /// transfer for it.
    Fails,
}

pub(super) struct Client {
    pub(super) options: FtpOptions,
    pub(super) host: Host,
    pub(super) port: u16,
    pub(super) signals: Arc<Signals>,
    pub(super) known: Known,
    /// Whether the session had to be ended on this side, so that the next call begins it anew.
    pub(super) is_to_go_on: bool,
    /// Whether another transfer follows the next one.
    pub(super) has_more: bool,
    control: Option<Control>,
    login: Option<Login>,
    /// The changes of directory since the login, to make them again.
    way: Vec<Command>,
}

/// How many changes of directory are remembered until the server is asked where they have led. A path that begins at
/// the root forgets those before it.
const LONGEST_WAY: usize = 256;

/// The facts that an `Entry` has room for.
const WANTED_FACTS: [&[u8]; 11] = [
    b"type",
    b"size",
    b"sizd",
    b"modify",
    b"perm",
    b"unique",
    b"unix.mode",
    b"unix.owner",
    b"unix.group",
    b"unix.ownername",
    b"unix.groupname",
];

impl Client {
    pub(super) fn new(host: Host, port: u16, options: FtpOptions) -> Self {
        Self {
            options,
            host,
            port,
            signals: Arc::default(),
            known: Known::default(),
            is_to_go_on: false,
            has_more: false,
            control: None,
            login: None,
            way: Vec::new(),
        }
    }

    /// Another client for the same server, user and directory, not connected yet.
    pub(super) fn twin(&self) -> Self {
        let mut twin = Self::new(self.host.clone(), self.port, self.options.clone());
        twin.login.clone_from(&self.login);
        twin.way.clone_from(&self.way);
        twin
    }

    pub(super) fn interrupt(&self) -> Interrupt {
        Interrupt { signals: Arc::clone(&self.signals), hook: self.options.interrupt.clone() }
    }

    /// The session.
    pub(super) fn control(&mut self) -> Result<&mut Control, FtpError> {
        self.control.as_mut().ok_or(FtpError::NotConnected)
    }

    pub(super) fn set_options(&mut self, options: FtpOptions) {
        if let Some(control) = &mut self.control {
            control.adopt(&options);
        }
        self.options = options;
    }

    pub(super) const fn is_connected(&self) -> bool {
        self.control.is_some() || self.is_to_go_on
    }

    pub(super) const fn has_login(&self) -> bool {
        self.login.is_some()
    }

    /// Forgets the session; its connection is closed without a word.
    pub(super) fn drop_session(&mut self) {
        self.control = None;
        self.is_to_go_on = false;
        self.signals.set_connected(false);
        self.known = Known::default();
    }

    /// Ends the session if another thread, or a callback, has asked for that.
    pub(super) fn obey(&mut self) {
        if self.signals.take_hang_up() {
            self.drop_session();
        }
    }

    /// Connects and waits for the greeting.
    pub(super) fn connect(&mut self) -> Result<Reply, FtpError> {
        self.drop_session();
        let interrupt = self.interrupt();
        let mut hook = || interrupt.ask();
        let deadline = Deadline::after(self.options.connect_timeout);
        let wait = Wait::until(deadline).with_interrupt(&mut hook);
        let connected = match &self.host {
            Host::Address(address) => TcpSocket::connect(*address, self.port, wait),
            Host::Name(name) => TcpSocket::connect_host(name, self.port, wait),
        };
        let socket = connected.map_err(|error| {
            FtpError::of_wait(error, |source| FtpError::Connect {
                server: format!("{} port {}", self.host, self.port),
                source,
            })
        })?;
        // Not every system has it, and the session works without.
        let _ = socket.set_tcp_keepalive(Some(TcpKeepalive::default()));
        let (control, greeting) =
            Control::greet(Box::new(socket), &self.options, self.interrupt(), deadline)?;
        self.control = Some(control);
        self.signals.set_connected(true);
        Ok(greeting)
    }

    /// Logs in (RFC 959, section 5.4): the password and the account are sent only if they are asked for.
    pub(super) fn log_in(&mut self, login: Login) -> Result<Reply, FtpError> {
        let control = self.control()?;
        let mut reply = control.demand(&login.user)?;
        if reply.status() == Status::NEED_PASSWORD {
            reply = control.demand(&login.password)?;
        }
        if reply.status() == Status::NEED_ACCOUNT_TO_LOG_IN {
            let Some(account) = &login.account else {
                return Err(FtpError::Rejected { command: login.user.to_string(), reply });
            };
            reply = control.demand(account)?;
        }
        if !reply.status().is_completion() {
            return Err(FtpError::Rejected { command: login.user.to_string(), reply });
        }
        self.login = Some(login);
        self.way.clear();
        Ok(reply)
    }

    /// Begins a new session where the one before was: the same server, user and directory.
    pub(super) fn reconnect(&mut self) -> Result<Reply, FtpError> {
        let greeting = self.connect()?;
        let Some(login) = self.login.clone() else { return Ok(greeting) };
        let way = self.way.clone();
        let outcome = self.log_in(login).and_then(|reply| {
            way.iter().try_for_each(|step| self.change_directory(step.clone()).map(drop))?;
            Ok(reply)
        });
        let is_final =
            |error: &FtpError| error.reply().is_some_and(|reply| reply.status().is_permanent_failure());
        if outcome.as_ref().is_err_and(|error| !is_final(error)) {
            // The next attempt has to get there: a session that is somewhere else is worse than none.
            self.drop_session();
            self.way = way;
        }
        outcome
    }

    /// As [`reconnect`](Self::reconnect), in the middle of a call. Where that is refused there is no session: it would
    /// go on in another directory.
    pub(super) fn come_back(&mut self) -> Result<(), FtpError> {
        let way = self.way.clone();
        self.reconnect().map(drop).inspect_err(|_| {
            self.drop_session();
            self.way = way;
        })
    }

    /// Ends the session, and has the next call begin it anew.
    pub(super) fn drop_session_to_go_on(&mut self) {
        self.drop_session();
        self.is_to_go_on = true;
        self.signals.set_connected(true);
    }

    /// Begins the session anew where this side had to end it.
    pub(super) fn go_on(&mut self) -> Result<(), FtpError> {
        if std::mem::take(&mut self.is_to_go_on) { self.come_back() } else { Ok(()) }
    }

    /// Sends a command and waits for its reply; a refusal is an error.
    pub(super) fn demand(&mut self, command: &Command) -> Result<Reply, FtpError> {
        self.control()?.demand(command)
    }

    /// `CWD` or `CDUP`, remembered.
    pub(super) fn change_directory(&mut self, command: Command) -> Result<Reply, FtpError> {
        let reply = self.demand(&command)?;
        if command.argument().starts_with(b"/") {
            self.way.clear();
        }
        self.way.push(command);
        if self.way.len() > LONGEST_WAY {
            // Where that is not told, the way grows: half of it leads elsewhere.
            if let Ok(here) = self.working_directory().and_then(|here| self.about("CWD", &here.path)) {
                self.way = vec![here];
            }
        }
        Ok(reply)
    }

    /// A command about a file. Names that are not ASCII are UTF-8 only where the server was told so (RFC 2640).
    pub(super) fn about(&mut self, verb: &'static str, path: &[u8]) -> Result<Command, FtpError> {
        let argument = path_argument(path)?;
        if !path.is_ascii() {
            self.features()?;
        }
        Ok(Command::with(verb, argument))
    }

    /// What the server can do (`FEAT`), asked once in a session. Where UTF-8 is on the list it is turned on.
    pub(super) fn features(&mut self) -> Result<&Features, FtpError> {
        if self.known.features.is_none() {
            let reply = self.control()?.call(&Command::new("FEAT"))?;
            let features = if reply.status().is_completion() {
                Features::parse(reply.text())
            } else {
                Features::default()
            };
            if features.has("UTF8") {
                let argument =
                    Argument::new("UTF8 ON").map_err(|error| FtpError::unsendable("UTF8", error))?;
                // Servers that always speak UTF-8 refuse it.
                self.control()?.call(&Command::with("OPTS", argument))?;
            }
            self.choose_facts(&features)?;
            self.known.features = Some(features);
        }
        self.known.features.as_ref().ok_or(FtpError::NotConnected)
    }

    /// Asks for what servers know of an entry and do not tell unasked, such as its permissions (`OPTS MLST`, RFC 3659,
    /// section 7.9).
    fn choose_facts(&mut self, features: &Features) -> Result<(), FtpError> {
        let Some(offered) = features.get("MLST") else { return Ok(()) };
        let mut chosen = Vec::from(*b"MLST ");
        let mut is_more = false;
        for fact in offered.split(|byte| *byte == b';') {
            let name = fact.strip_suffix(b"*").unwrap_or(fact).trim_ascii();
            if WANTED_FACTS.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)) {
                is_more |= !fact.ends_with(b"*");
                chosen.extend_from_slice(name);
                chosen.push(b';');
            }
        }
        if let Ok(argument) = Argument::new(chosen) {
            if is_more {
                // Where that is refused, the usual facts will do.
                self.control()?.call(&Command::with("OPTS", argument))?;
            }
        }
        Ok(())
    }

    /// Sets the representation (`TYPE`), unless it is that already.
    pub(super) fn set_mode(&mut self, mode: TransferMode) -> Result<(), FtpError> {
        if self.known.mode == Some(mode) {
            return Ok(());
        }
        self.known.mode = None;
        self.demand(&mode.command())?;
        self.known.mode = Some(mode);
        Ok(())
    }

    /// A question about a file that a server need not understand: its answer, unless that is a refusal.
    pub(super) fn ask_about(&mut self, verb: &'static str, path: &[u8]) -> Result<Option<Reply>, FtpError> {
        let command = self.about(verb, path)?;
        let reply = self.control()?.call(&command)?;
        Ok(reply.status().is_completion().then_some(reply))
    }

    /// A command of the caller's own.
    pub(super) fn raw(&mut self, command: &Command) -> Result<Reply, FtpError> {
        match command.verb() {
            b"RETR" | b"STOR" | b"STOU" | b"APPE" | b"LIST" | b"NLST" | b"MLSD" => {
                let sentence = "it moves data, use the method that does the same";
                return Err(FtpError::impossible("the command", sentence));
            }
            b"TYPE" => self.known.mode = None,
            b"CWD" | b"XCWD" | b"CDUP" | b"XCUP" => {
                return self.change_directory(command.clone()).or_else(|error| match error {
                    FtpError::Rejected { reply, .. } => Ok(reply),
                    error => Err(error),
                });
            }
            b"REIN" | b"USER" => {
                self.known = Known::default();
                self.way.clear();
            }
            _ => {}
        }
        self.control()?.call(command)
    }

    /// Says good-bye and closes the connection, whatever the server answers.
    pub(super) fn quit(&mut self) -> Result<Reply, FtpError> {
        let command = Command::new("QUIT");
        let outcome = self.control()?.call(&command);
        self.drop_session();
        accepted(&command, outcome?)
    }

    /// Runs a call: what cancelled an earlier one is forgotten, and a session that has ended is let go.
    pub(super) fn run<T>(
        &mut self,
        call: impl FnOnce(&mut Self) -> Result<T, FtpError>,
    ) -> Result<T, FtpError> {
        self.obey();
        self.signals.forget_cancellation();
        let outcome = self.go_on().and_then(|()| call(self));
        self.let_go_after(&outcome);
        self.obey();
        outcome
    }

    pub(super) fn let_go_after<T>(&mut self, outcome: &Result<T, FtpError>) {
        if outcome.as_ref().is_err_and(FtpError::ends_session) {
            self.drop_session();
        }
    }
}

/// A path as an argument, before anything is asked about it.
pub(super) fn path_argument(path: &[u8]) -> Result<Argument, FtpError> {
    Argument::path(path).map_err(|error| FtpError::unsendable("the path", error))
}
