//! Real HTTP servers on loopback, each in processes of its own and with a folder of its own.
//!
//! `cargo xtask servers` fetches them; the variables of the [FTP servers](super) name other places for these, too. What
//! is missing on a machine is a skip.

mod httpbin;
mod nginx;
mod openssl;
mod python;

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, SocketAddrV4, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use super::process::Process;
use super::{Missing, Options, Site, free_port};
use crate::PATIENCE;
use crate::certificates::Identity;
use crate::skip::skip;

/// Which server.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HttpKind {
    /// nginx: connections are kept, texts are compressed for whoever wants that, `PUT` and its like work in `/upload/`.
    Nginx,
    /// `http.server` of Python's standard library, with HTTP/1.1. It has no TLS.
    Python,
    /// httpbin, which answers what its paths say. It serves no files.
    Httpbin,
    /// `openssl s_server`: files, by HTTP/1.0, one connection after the other, and nothing but TLS.
    Openssl,
}

impl HttpKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nginx, Self::Python, Self::Httpbin, Self::Openssl];

    /// The name by which it is known: lower case, as [`FromStr`] reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Python => "http.server",
            Self::Httpbin => "httpbin",
            Self::Openssl => "openssl",
        }
    }

    /// Whether it can do with an identity.
    pub fn has_tls(self) -> bool {
        self != Self::Python
    }

    /// Whether it needs an identity.
    pub fn needs_tls(self) -> bool {
        self == Self::Openssl
    }

    /// Starts it, and waits until it listens. `None`, after a skip that says why, where this machine does not have it.
    ///
    /// With an identity it speaks TLS: [nginx](Self::Nginx) at a port besides the plain one, the others at their only
    /// one.
    ///
    /// # Panics
    /// Panics with what the server wrote when it is there and does not start, and when it cannot do with an identity,
    /// or without.
    pub fn start(self, options: &Options, identity: Option<&Identity>) -> Option<HttpServer> {
        let site = Site::new(self.name(), options);
        let filled = fill(&site);
        filled.unwrap_or_else(|error| panic!("no files for a server: {error}"));
        let identity = identity.map(|identity| Files {
            chain: site.write("chain.pem", &identity.chain),
            key: site.write("key.pem", &identity.key),
        });
        let mut server = HttpServer {
            kind: self,
            address: site.address.into(),
            tls: None,
            root: site.root.path().to_owned(),
            version: String::new(),
            process: None,
            identity,
            site,
        };
        match server.run() {
            Ok(()) => Some(server),
            Err(missing) => {
                skip(&missing.0);
                None
            }
        }
    }

    fn recipe(self, setting: &Setting<'_>) -> Result<Recipe, Missing> {
        match self {
            Self::Nginx => nginx::recipe(setting),
            Self::Python => python::recipe(setting),
            Self::Httpbin => httpbin::recipe(setting),
            Self::Openssl => openssl::recipe(setting),
        }
    }
}

impl FromStr for HttpKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("{name} is none of {:?}", Self::ALL.map(Self::name)))
    }
}

/// A server that runs, or did until [`HttpServer::kill`]. Dropped, it ends at once and its folders are removed.
///
/// Those that serve files have `/small`, 1 KiB of the letter `s`, and `/large`, 1 GiB of zeros that take no room.
#[derive(Debug)]
pub struct HttpServer {
    /// Which one it is.
    pub kind: HttpKind,
    /// Where it listens: with TLS where it knows nothing else.
    pub address: SocketAddr,
    /// Where it speaks TLS, if it does.
    pub tls: Option<SocketAddr>,
    /// The folder it serves.
    pub root: PathBuf,
    /// The version, as the packages have it.
    pub version: String,
    /// Dropped before the folders that it works in.
    process: Option<Process>,
    identity: Option<Files>,
    site: Site,
}

impl HttpServer {
    /// The URL of a path, with `https` where the server speaks TLS only.
    pub fn url(&self, path: &str) -> String {
        match self.tls {
            Some(tls) if tls == self.address => self.tls_url(path),
            _ => format!("http://{}{path}", self.address),
        }
    }

    /// The URL of a path with `https`, and with the name of this computer that certificates are for.
    ///
    /// # Panics
    /// Panics where the server was started without an identity.
    pub fn tls_url(&self, path: &str) -> String {
        let address = self.tls.expect("it was to be started with an identity");
        format!("https://localhost:{}{path}", address.port())
    }

    /// Ends it and all its connections without warning, in the middle of whatever they do.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Lets it stand still, with all connections open, as behind a network that has failed.
    pub fn freeze(&self) {
        if let Some(process) = &self.process {
            process.freeze();
        }
    }

    /// Lets it go on after [`HttpServer::freeze`].
    pub fn thaw(&self) {
        if let Some(process) = &self.process {
            process.thaw();
        }
    }

    /// Writes a file into the served folder, which the server may then change.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn put(&self, name: impl AsRef<Path>, contents: &[u8]) -> io::Result<PathBuf> {
        let path = self.root.join(name);
        fs::write(&path, contents)?;
        self.site.account.own(&path)?;
        Ok(path)
    }

    /// What the server has written so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.site.log()).unwrap_or_default()).into_owned()
    }

    /// Starts the process until it listens, on other ports each time.
    fn run(&mut self) -> Result<(), Missing> {
        const ATTEMPTS: u32 = 5;
        for _ in 0..ATTEMPTS {
            let ip = *self.site.address.ip();
            self.site.address.set_port(free_port(ip));
            let second = SocketAddrV4::new(ip, free_port(ip));
            let tls = self.identity.as_ref().map(|files| Tls { address: second, files });
            let recipe = self.kind.recipe(&Setting { site: &self.site, tls })?;
            self.address = self.site.address.into();
            self.tls = recipe.tls.map(Into::into);
            self.version = recipe.version;
            let folders = [self.site.folder.path(), self.site.root.path()];
            let started = Process::start(recipe.command, &self.site.log(), &folders);
            let mut process = started.unwrap_or_else(|error| {
                panic!("{} {} cannot be started: {error}", self.kind.name(), self.version)
            });
            if wait_until_it_listens(self.address, &mut process) {
                self.process = Some(process);
                return Ok(());
            }
        }
        panic!("{} does not start:\n{}", self.kind.name(), self.log());
    }
}

/// Where a server works, and how it speaks TLS.
struct Setting<'a> {
    site: &'a Site,
    tls: Option<Tls<'a>>,
}

struct Tls<'a> {
    /// The port for servers that have two.
    address: SocketAddrV4,
    files: &'a Files,
}

/// An identity in files that the server can read.
#[derive(Debug)]
struct Files {
    chain: PathBuf,
    key: PathBuf,
}

/// How to start a server, and what a client has to know.
struct Recipe {
    command: Command,
    version: String,
    tls: Option<SocketAddrV4>,
}

/// Puts the files into the folder that is served.
fn fill(site: &Site) -> io::Result<()> {
    const LARGE: u64 = 1 << 30;
    let (root, account) = (site.root.path(), &site.account);
    fs::write(root.join("small"), [b's'; 1024])?;
    File::create(root.join("large"))?.set_len(LARGE)?;
    let uploads = root.join("upload");
    fs::create_dir(&uploads)?;
    [uploads, root.join("small"), root.join("large")].iter().try_for_each(|path| account.own(path))
}

/// Waits until somebody listens; `false` once the process has ended instead.
fn wait_until_it_listens(address: SocketAddr, process: &mut Process) -> bool {
    const PAUSE: Duration = Duration::from_millis(2);
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if TcpStream::connect_timeout(&address, PATIENCE).is_ok() {
            return process.is_running();
        }
        if !process.is_running() {
            return false;
        }
        thread::sleep(PAUSE);
    }
    false
}

/// The output of a program that tells its version; `None` where it does not run.
fn version_of(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::HttpKind;

    #[test]
    fn every_server_is_found_by_its_name() {
        for kind in HttpKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("apache".parse::<HttpKind>().unwrap_err().contains("nginx"));
    }
}
