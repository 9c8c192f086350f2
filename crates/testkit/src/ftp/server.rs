//! The embedded server: its face. What a connection does is in `session`.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::host::Host;
use super::journal::Journal;
use super::options::Options;
use super::paths::Root;
use super::session;

/// An FTP server on loopback for one folder: RFC 959, and of RFC 2428, 2640 and 3659 what clients use.
///
/// It is meant for demonstrations and tests. Dropping it ends its connections and its threads.
///
/// ```
/// use std::io::{BufRead, BufReader};
/// use std::net::TcpStream;
///
/// let server = testkit::ftp::Server::start(std::env::temp_dir())?;
/// let mut greeting = String::new();
/// BufReader::new(TcpStream::connect(server.address())?).read_line(&mut greeting)?;
/// assert!(greeting.starts_with("220 "));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    host: Host,
}

/// What all sessions of a server share.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) root: Root,
    pub(super) options: Options,
    /// How many transfers are still to be interrupted.
    pub(super) stops: AtomicUsize,
}

impl Server {
    /// Serves the folder `root` to anonymous users.
    ///
    /// # Errors
    /// When `root` is no folder that can be read, or the system has no port left.
    pub fn start(root: impl Into<PathBuf>) -> io::Result<Self> {
        Self::start_with(root, Options::default())
    }

    /// Serves the folder `root` as `options` say.
    ///
    /// # Errors
    /// When `root` is no folder that can be read, or the system has no port left, or no IPv6 where that is asked
    /// for.
    pub fn start_with(root: impl Into<PathBuf>, options: Options) -> io::Result<Self> {
        let is_ipv6 = options.ipv6;
        let stops = AtomicUsize::new(options.stop.map_or(0, |stop| stop.times));
        let setup = Arc::new(Setup { root: Root::new(&root.into())?, options, stops });
        let host = Host::start(is_ipv6, move |shared, control, number| {
            // An error here is a control connection that broke, which clients may do.
            let _ = session::serve(&setup, shared, control, number);
        })?;
        Ok(Self { host })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.host.address()
    }

    /// What it has seen, and waiting for more.
    pub fn journal(&self) -> &Journal {
        &self.host.shared().journal
    }

    /// The lines received so far, see [`Journal::commands`].
    pub fn commands(&self) -> Vec<String> {
        self.journal().commands()
    }

    /// How many control connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.journal().connections()
    }

    /// Closes all connections without a word, as when the process of a server dies. New ones are served.
    pub fn kill_connections(&self) {
        self.host.shared().end_all();
    }
}
