//! One control connection of the embedded server: its state, its two threads, its replies.
//!
//! A thread reads commands, so that ABOR and the end of the connection are seen during a transfer; the other one
//! runs them in order. Whatever else is sent during a transfer is answered after it, as vsftpd does.

use std::io::{self, Write};
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::data::DataPort;
use super::host::Shared;
use super::interrupt::Interrupt;
use super::journal::Journal;
use super::lines::{self, Lines};
use super::listing::Facts;
use super::paths::Name;
use super::server::Setup;
use super::verbs::{self, Rule};

/// The state of a connection (RFC 959, section 5.1 and later).
pub(super) struct Session<'a> {
    pub(super) setup: &'a Setup,
    pub(super) journal: &'a Journal,
    pub(super) interrupt: &'a Interrupt,
    pub(super) local: IpAddr,
    pub(super) peer: IpAddr,
    pub(super) login: Login,
    pub(super) folder: Name,
    pub(super) representation: Representation,
    pub(super) data: DataPort,
    /// EPSV ALL was sent: no other way to a data connection is allowed.
    pub(super) extended_only: bool,
    /// Where the next transfer begins.
    pub(super) offset: u64,
    pub(super) rename_from: Option<Name>,
    pub(super) facts: Facts,
    control: TcpStream,
    is_over: bool,
}

/// How far a client has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Login {
    /// Nothing was said.
    Nobody,
    /// USER was sent.
    Named(String),
    /// The password was right, and ACCT is missing.
    NeedsAccount,
    /// All is open.
    Done,
}

/// TYPE (RFC 959, section 3.1.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Representation {
    /// Lines end with CR LF on the wire.
    Ascii,
    /// Taken as it comes: nothing is translated.
    Ebcdic,
    /// Bytes.
    Image,
}

/// Serves a connection until it ends.
pub(super) fn serve(
    setup: &Setup,
    shared: &Arc<Shared>,
    control: TcpStream,
    number: usize,
) -> io::Result<()> {
    let mut lines = Lines::new(control.try_clone()?)?;
    let interrupt = Interrupt::default();
    let (sender, commands) = channel();
    let mut session = Session::new(setup, &shared.journal, &interrupt, control)?;
    thread::scope(|scope| {
        scope.spawn(|| read_commands(&mut lines, sender, &interrupt, &shared.journal, number));
        let mut outcome = session.reply(220, "Ready");
        while outcome.is_ok() && !session.is_over {
            let Ok(line) = commands.recv() else {
                break;
            };
            outcome = session.run(&line);
        }
        session.hang_up();
        outcome
    })
}

fn read_commands(
    lines: &mut Lines,
    commands: Sender<Vec<u8>>,
    interrupt: &Interrupt,
    journal: &Journal,
    number: usize,
) {
    while let Ok(Some(line)) = lines.next() {
        journal.received(number, &line);
        if lines::split(&line).0 == "ABOR" {
            interrupt.abort_arrives();
        }
        if commands.send(line).is_err() {
            break;
        }
    }
    interrupt.control_is_gone();
}

impl<'a> Session<'a> {
    fn new(
        setup: &'a Setup,
        journal: &'a Journal,
        interrupt: &'a Interrupt,
        control: TcpStream,
    ) -> io::Result<Self> {
        Ok(Self {
            setup,
            journal,
            interrupt,
            local: control.local_addr()?.ip(),
            peer: control.peer_addr()?.ip(),
            login: Login::Nobody,
            folder: Name::default(),
            representation: Representation::Ascii,
            data: DataPort::None,
            extended_only: false,
            offset: 0,
            rename_from: None,
            facts: Facts::default(),
            control,
            is_over: false,
        })
    }

    /// All as it was after the greeting (REIN).
    pub(super) fn reset(&mut self) {
        self.login = Login::Nobody;
        self.folder = Name::default();
        self.representation = Representation::Ascii;
        self.data = DataPort::None;
        self.extended_only = false;
        self.offset = 0;
        self.rename_from = None;
        self.facts = Facts::default();
    }

    /// Sends a reply of one line.
    pub(super) fn reply(&mut self, code: u16, text: impl AsRef<[u8]>) -> io::Result<()> {
        let mut line = format!("{code} ").into_bytes();
        line.extend(text.as_ref().iter().map(|byte| if byte.is_ascii_control() { b'?' } else { *byte }));
        line.extend_from_slice(b"\r\n");
        self.control.write_all(&line)
    }

    /// Sends a reply whose lines after the first are indented.
    pub(super) fn reply_lines(
        &mut self,
        code: u16,
        first: &str,
        lines: &[Vec<u8>],
        last: &str,
    ) -> io::Result<()> {
        let mut reply = format!("{code}-{first}\r\n").into_bytes();
        for line in lines {
            reply.extend_from_slice(&[b" ", line.as_slice(), b"\r\n"].concat());
        }
        reply.extend_from_slice(format!("{code} {last}\r\n").as_bytes());
        self.control.write_all(&reply)
    }

    /// Says what became of something on the disk: `error`, or `name` and `text`.
    pub(super) fn refuse(&mut self, name: &[u8], error: &io::Error) -> io::Result<()> {
        let (code, text) = match error.kind() {
            io::ErrorKind::NotFound => (550, "No such file or folder"),
            io::ErrorKind::PermissionDenied => (550, "Permission denied"),
            io::ErrorKind::AlreadyExists => (550, "Exists already"),
            io::ErrorKind::NotADirectory => (550, "Not a folder"),
            io::ErrorKind::IsADirectory => (550, "Is a folder"),
            io::ErrorKind::DirectoryNotEmpty => (550, "Folder is not empty"),
            io::ErrorKind::StorageFull => (452, "No space left"),
            io::ErrorKind::InvalidInput => (553, "Not a name"),
            _ => (550, "Failed"),
        };
        self.reply(code, [name, b": ", text.as_bytes()].concat())
    }

    /// Ends the session after the command that runs.
    pub(super) fn finish(&mut self) {
        self.is_over = true;
    }

    /// Closes the control connection.
    pub(super) fn hang_up(&mut self) {
        self.is_over = true;
        // It may be closed already.
        let _ = self.control.shutdown(Shutdown::Both);
    }

    fn run(&mut self, line: &[u8]) -> io::Result<()> {
        let (verb, argument) = lines::split(line);
        let known = verbs::find(&verb).filter(|known| self.setup.options.knows(known.name));
        let Some(known) = known else {
            return self.reply(500, format!("{verb} is not known"));
        };
        if known.name != "RNTO" {
            self.rename_from = None;
        }
        match known.rule {
            Rule::Reader | Rule::Writer if self.login != Login::Done => self.reply(530, "Log in first"),
            Rule::Writer if self.setup.options.read_only => self.reply(550, "Nothing can be changed here"),
            _ => (known.run)(self, argument),
        }
    }
}
