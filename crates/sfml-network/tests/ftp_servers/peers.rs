//! The servers that tests of FTP run against: the four real ones and the embedded one, behind one face.

use std::fmt;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use sfml_network::ftp::{Ftp, FtpError, FtpOptions, LogLine};
use testkit::PATIENCE;
use testkit::folder::TempFolder;
use testkit::ftp::{self as embedded, Server};
use testkit::servers::{self, Kind, RealServer};

/// One running server.
pub(crate) enum Peer {
    /// A process of its own.
    Real(RealServer),
    /// Threads of this one, for the folder beside it.
    Embedded(Server, TempFolder),
}

/// Runs the test on each server this machine has, on all at the same time: some take seconds to refuse something.
pub(crate) fn on_each(test: impl Fn(&mut Peer) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        for kind in Kind::ALL {
            let run = move || start(kind).map(|mut peer| test(&mut peer));
            let thread = thread::Builder::new().name(kind.name().to_owned());
            thread.spawn_scoped(scope, run).expect("the system has threads");
        }
        test(&mut Peer::embedded(embedded::Options::new()));
    });
}

/// Runs the test on each server that is a process, which can be killed.
pub(crate) fn on_each_real(test: impl Fn(&mut RealServer, &str) + Sync) {
    on_each(|peer| match peer {
        Peer::Real(server) => {
            let name = server.kind.name();
            test(server, name);
        }
        Peer::Embedded(..) => {}
    });
}

fn start(kind: Kind) -> Option<Peer> {
    kind.start(&servers::Options { folder: memory(), ..servers::Options::default() }).map(Peer::Real)
}

/// A folder whose files are in memory, where the system has one.
pub(crate) fn memory() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}

/// A folder for the client's files.
pub(crate) fn home() -> TempFolder {
    TempFolder::inside(&memory(), "sfml-network-home").expect("a folder in memory")
}

impl Peer {
    /// The embedded one, with options.
    pub(crate) fn embedded(options: embedded::Options) -> Self {
        let root = TempFolder::inside(&memory(), "sfml-network-embedded").expect("a folder in memory");
        let server = Server::start_with(root.path(), options).expect("it needs a port only");
        Self::Embedded(server, root)
    }

    /// What to call it in messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Real(server) => server.kind.name(),
            Self::Embedded(..) => "embedded",
        }
    }

    /// Which of the real servers it is.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Real(server) => Some(server.kind),
            Self::Embedded(..) => None,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Self::Real(server) => server.address,
            Self::Embedded(server, _) => server.address(),
        }
    }

    /// The folder that it serves.
    pub(crate) fn root(&self) -> &Path {
        match self {
            Self::Real(server) => &server.root,
            Self::Embedded(_, root) => root.path(),
        }
    }

    /// Who may log in, and with which password.
    pub(crate) fn login(&self) -> (&str, &str) {
        match self {
            Self::Real(server) => (&server.user, &server.password),
            Self::Embedded(..) => ("anonymous", "guest@localhost"),
        }
    }

    /// A session that is logged in.
    pub(crate) fn session(&self) -> Ftp {
        self.session_with(options())
    }

    /// A session with options of its own.
    pub(crate) fn session_with(&self, options: FtpOptions) -> Ftp {
        let (user, password) = self.login();
        log_in(self.address(), user, password, options)
    }

    /// Writes a file into the served folder, which a client may change.
    pub(crate) fn put(&self, name: impl AsRef<[u8]>, contents: &[u8]) -> PathBuf {
        let name = path(name.as_ref());
        let put = match self {
            Self::Real(server) => server.put(name, contents),
            Self::Embedded(_, root) => write(root.path().join(name), contents),
        };
        put.unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    /// Makes a folder in the served one, which a client may change.
    pub(crate) fn make_folder(&self, name: impl AsRef<[u8]>) -> PathBuf {
        let name = path(name.as_ref());
        let made = match self {
            Self::Real(server) => server.make_folder(name),
            Self::Embedded(_, root) => {
                fs::create_dir(root.path().join(name)).map(|()| root.path().join(name))
            }
        };
        made.unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    /// What is in a file of the served folder.
    pub(crate) fn read(&self, name: impl AsRef<[u8]>) -> Vec<u8> {
        let path = self.root().join(path(name.as_ref()));
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {}: {error}", self.name(), path.display()))
    }
}

/// A session with a real server that is logged in.
pub(crate) fn session_with(server: &RealServer, options: FtpOptions) -> Ftp {
    log_in(server.address, &server.user, &server.password, options)
}

pub(crate) fn log_in(address: SocketAddr, user: &str, password: &str, options: FtpOptions) -> Ftp {
    let ftp = Ftp::connect_with(address.ip(), address.port(), options).expect("the server greets");
    ftp.login(user, password).expect("the user is known");
    ftp
}

/// The default options, with waits that end before the patience of a test does.
pub(crate) fn options() -> FtpOptions {
    let mut options = FtpOptions::default();
    options.connect_timeout = PATIENCE;
    options.control_timeout = PATIENCE;
    options.data_timeout = PATIENCE;
    options
}

/// What a call came to, as the tests want it.
pub(crate) trait Outcome<T> {
    /// The value of a call that succeeds.
    fn good(self, about: &str) -> T;

    /// The code of the reply that a call was refused with.
    fn refusal(self, about: &str) -> u16;
}

impl<T: fmt::Debug> Outcome<T> for Result<T, FtpError> {
    #[track_caller]
    fn good(self, about: &str) -> T {
        self.unwrap_or_else(|error| panic!("{about}: {error}: {error:?}"))
    }

    #[track_caller]
    fn refusal(self, about: &str) -> u16 {
        match self {
            Err(FtpError::Rejected { reply, .. }) => reply.status().0,
            other => panic!("{about}: not refused: {other:?}"),
        }
    }
}

/// What went over control connections: `> ` before commands, `< ` before replies, `? ` before those nobody wanted.
#[derive(Clone, Default)]
pub(crate) struct Talk(Arc<Mutex<Vec<String>>>);

impl Talk {
    /// Writes the talk of sessions with these options down.
    pub(crate) fn of(options: &mut FtpOptions) -> Self {
        let talk = Self::default();
        let lines = talk.clone();
        options.log = Some(Arc::new(move |line| {
            let text = match line {
                LogLine::Sent(command) => format!("> {command}"),
                LogLine::Received(reply) => format!("< {reply}"),
                LogLine::Unexpected(reply) => format!("? {reply}"),
                _ => return,
            };
            lines.0.lock().expect("nobody panics with it").push(text);
        }));
        talk
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics with it").clone()
    }

    /// How many lines begin with this.
    pub(crate) fn count(&self, begin: &str) -> usize {
        self.lines().iter().filter(|line| line.starts_with(begin)).count()
    }
}

/// Bytes that are never the same a little further on, so that a piece that is lost, doubled or moved is seen.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.take(length.div_ceil(8)).flatten().take(length).collect()
}

/// Fails unless both are the same, without printing them.
#[track_caller]
pub(crate) fn assert_same(got: &[u8], expected: &[u8], about: &str) {
    if got != expected {
        let at = got.iter().zip(expected).position(|(one, other)| one != other);
        panic!("{about}: {} bytes, expected {}, and byte {at:?} is another", got.len(), expected.len());
    }
}

fn write(path: PathBuf, contents: &[u8]) -> io::Result<PathBuf> {
    fs::write(&path, contents)?;
    Ok(path)
}

/// The bytes of a name as a path.
pub(crate) fn path(name: &[u8]) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(name))
}
