//! Real servers on loopback, of FTP and in [`http`] of HTTP, each in processes of its own and with a folder of its own
//! to serve.
//!
//! `cargo xtask servers` fetches them; `SFML_NETWORK_SERVERS` names another folder that holds them, and
//! `SFML_NETWORK_PYTHON` another interpreter that has pyftpdlib. Started by root, a server works as `nobody` where it
//! can; elsewhere as whoever starts it. What is missing on a machine is a skip.
//!
//! The configurations stay close to what each server does when nobody configures it, apart from being writable and
//! without limits.

mod account;
pub mod http;
mod packages;
mod process;
mod proftpd;
mod pure_ftpd;
mod pyftpdlib;
mod vsftpd;

use std::collections::hash_map::RandomState;
use std::env;
use std::fs::{self, Permissions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use self::account::Account;
use self::process::Process;
use crate::PATIENCE;
use crate::folder::TempFolder;
use crate::skip::skip;

/// Which server.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// vsftpd: the session ends up in the served folder, which `PWD` shows with its real path.
    Vsftpd,
    /// ProFTPD: as vsftpd, and with machine-readable listings.
    Proftpd,
    /// Pure-FTPd, which needs root. `PWD` shows real paths.
    PureFtpd,
    /// pyftpdlib, in Python and in one thread. The served folder is `/`.
    Pyftpdlib,
}

impl Kind {
    /// All of them, for tests that have to hold on each.
    pub const ALL: [Self; 4] = [Self::Vsftpd, Self::Proftpd, Self::PureFtpd, Self::Pyftpdlib];

    /// The name by which it is known: lower case, as [`FromStr`] reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vsftpd => "vsftpd",
            Self::Proftpd => "proftpd",
            Self::PureFtpd => "pure-ftpd",
            Self::Pyftpdlib => "pyftpdlib",
        }
    }

    /// Starts it, and waits until it greets. `None`, after a skip that says why, where this machine does not have it.
    ///
    /// # Panics
    /// Panics with what the server wrote when it is there and does not start.
    pub fn start(self, options: &Options) -> Option<RealServer> {
        let site = Site::new(self.name(), options);
        let recipe = match self.recipe(&site) {
            Ok(recipe) => recipe,
            Err(missing) => {
                skip(&missing.0);
                return None;
            }
        };
        let mut server = RealServer {
            kind: self,
            address: site.address.into(),
            root: site.root.path().to_owned(),
            user: recipe.user.clone(),
            password: recipe.password.clone(),
            version: recipe.version.clone(),
            process: None,
            site,
        };
        server.run(recipe, Port::Any);
        Some(server)
    }

    fn recipe(self, site: &Site) -> Result<Recipe, Missing> {
        match self {
            Self::Vsftpd => vsftpd::recipe(site),
            Self::Proftpd => proftpd::recipe(site),
            Self::PureFtpd => pure_ftpd::recipe(site),
            Self::Pyftpdlib => pyftpdlib::recipe(site),
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("{name} is none of {:?}", Self::ALL.map(Self::name)))
    }
}

/// What may differ between two servers of a kind.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens: loopback by default.
    pub address: Ipv4Addr,
    /// Where the folder that it serves is made: that for temporary files by default. `/dev/shm` is faster.
    pub folder: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self { address: Ipv4Addr::LOCALHOST, folder: env::temp_dir() }
    }
}

/// A server that runs, or did until [`RealServer::kill`]. Dropped, it ends at once and its folders are removed.
#[derive(Debug)]
pub struct RealServer {
    /// Which one it is.
    pub kind: Kind,
    /// Where it listens.
    pub address: SocketAddr,
    /// The folder it serves and starts each session in.
    pub root: PathBuf,
    /// Who may log in.
    pub user: String,
    /// With which password.
    pub password: String,
    /// The version, as the packages have it.
    pub version: String,
    /// Dropped before the folders that it works in.
    process: Option<Process>,
    site: Site,
}

impl RealServer {
    /// Ends it and all its sessions without warning, in the middle of whatever they do.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Lets it and its sessions stand still, with all connections open, as behind a network that has failed. What the
    /// system does for it goes on: it takes connections, and bytes until its buffers are full.
    pub fn freeze(&self) {
        if let Some(process) = &self.process {
            process.freeze();
        }
    }

    /// Lets it go on after [`RealServer::freeze`].
    pub fn thaw(&self) {
        if let Some(process) = &self.process {
            process.thaw();
        }
    }

    /// Starts it again, on the same port and with the same folder; kills it first if it still runs.
    ///
    /// # Panics
    /// Panics with what the server wrote when it does not start.
    pub fn restart(&mut self) {
        self.kill();
        let recipe = self.kind.recipe(&self.site);
        let recipe = recipe.unwrap_or_else(|missing| panic!("it ran before: {}", missing.0));
        self.run(recipe, Port::Same);
    }

    /// Writes a file into the served folder, which the server may then change as if it had been uploaded.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn put(&self, name: impl AsRef<Path>, contents: &[u8]) -> io::Result<PathBuf> {
        let path = self.root.join(name);
        fs::write(&path, contents)?;
        self.site.account.own(&path)?;
        Ok(path)
    }

    /// Makes a folder in the served one, as [`RealServer::put`] does with a file.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn make_folder(&self, name: impl AsRef<Path>) -> io::Result<PathBuf> {
        let path = self.root.join(name);
        fs::create_dir(&path)?;
        self.site.account.own(&path)?;
        Ok(path)
    }

    /// What the server has written so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.site.log()).unwrap_or_default()).into_owned()
    }

    /// Starts the process until it greets; on another port each time, where the port does not matter.
    fn run(&mut self, mut recipe: Recipe, port: Port) {
        const ATTEMPTS: u32 = 5;
        for attempt in 1..=ATTEMPTS {
            let folders = [self.site.folder.path(), self.site.root.path()];
            let started = Process::start(recipe.command, &self.site.log(), &folders);
            let mut process = started.unwrap_or_else(|error| {
                panic!("{} {} cannot be started: {error}", self.kind.name(), self.version)
            });
            if wait_for_greeting(self.address, &mut process) {
                self.process = Some(process);
                return;
            }
            drop(process);
            assert!(attempt < ATTEMPTS, "{} does not start:\n{}", self.kind.name(), self.log());
            if port == Port::Any {
                self.site.address.set_port(free_port(*self.site.address.ip()));
                self.address = self.site.address.into();
            }
            recipe = self.kind.recipe(&self.site).unwrap_or_else(|missing| panic!("{}", missing.0));
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Port {
    Any,
    Same,
}

/// Where a server works: its files, its address, and as whom.
#[derive(Debug)]
struct Site {
    /// For its configuration and whatever it keeps.
    folder: TempFolder,
    /// What it serves.
    root: TempFolder,
    address: SocketAddrV4,
    account: Account,
}

impl Site {
    fn new(name: &str, options: &Options) -> Self {
        let account = Account::current();
        let make = |parent: &Path, what: &str| {
            let folder = TempFolder::inside(parent, &format!("sfml-network-{name}-{what}"))?;
            // Whoever the server works as has to get there.
            fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
            Ok::<_, io::Error>(folder)
        };
        let made = make(&env::temp_dir(), "files").and_then(|folder| {
            let root = make(&options.folder, "root")?;
            account.own(root.path())?;
            Ok((folder, root))
        });
        let (folder, root) = made.unwrap_or_else(|error| panic!("no folder for a server: {error}"));
        let address = SocketAddrV4::new(options.address, free_port(options.address));
        Self { folder, root, address, account }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> PathBuf {
        self.path("log")
    }

    /// Writes a file that the server reads or changes. Nobody else may read it.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        let written = fs::write(&path, text).and_then(|()| self.account.own_alone(&path));
        written.expect("a file in a folder of our own");
        path
    }

    /// Makes a folder the server may write into, if it is not there yet.
    fn make_folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        let made = fs::create_dir_all(&path).and_then(|()| self.account.own(&path));
        made.expect("a folder in a folder of our own");
        path
    }
}

/// How to start a server, and what a client has to know.
#[derive(Debug)]
struct Recipe {
    command: Command,
    user: String,
    password: String,
    version: String,
}

/// Why a server cannot run here, and what to do about it.
#[derive(Debug)]
struct Missing(String);

/// Who may log in where there are users.
const USER: &str = "tester";

const PASSWORD: &str = "test password";

/// The password as `crypt(3)` keeps it.
const PASSWORD_HASH: &str =
    "$6$testkit$teIi79BzDJygjco9PgUXzrX2BluPJMCPPQp8C0ciYVPjpen8l0MA8cW4CJLIVamXbkXHfpRn0CvXhs2m2caA00";

/// A port nothing listens on now, and nobody will until the server does who is given one by the system: it comes from
/// below those.
///
/// # Panics
///
/// Where a thousand ports in a row are taken.
#[must_use]
pub fn free_port(address: Ipv4Addr) -> u16 {
    const PORTS: Range<u16> = 12_000..32_000;
    const ATTEMPTS: usize = 1000;
    let random = RandomState::new().build_hasher().finish();
    let start = usize::try_from(random % 20_000).unwrap_or_default();
    let mut ports = PORTS.cycle().skip(start).take(ATTEMPTS);
    ports
        .find(|port| TcpListener::bind((address, *port)).is_ok())
        .expect("an address of this machine has free ports")
}

/// Waits for the end of the greeting; `false` once the process has ended instead.
fn wait_for_greeting(address: SocketAddr, process: &mut Process) -> bool {
    const PAUSE: Duration = Duration::from_millis(2);
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if greets(address) {
            return process.is_running();
        }
        if !process.is_running() {
            return false;
        }
        thread::sleep(PAUSE);
    }
    false
}

fn greets(address: SocketAddr) -> bool {
    let Ok(stream) = TcpStream::connect_timeout(&address, PATIENCE) else { return false };
    let lines = stream.set_read_timeout(Some(PATIENCE)).map(|()| BufReader::new(stream).lines());
    lines.is_ok_and(|lines| lines.map_while(Result::ok).any(|line| line.starts_with("220 ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("ftpd".parse::<Kind>().unwrap_err().contains("pure-ftpd"));
    }
}
