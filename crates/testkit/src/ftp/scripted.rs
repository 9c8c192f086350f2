//! The scripted server: what it does is written by the test, the rest is right.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use super::host::{Host, Shared};
use super::journal::Journal;
use super::peer::Peer;
use super::tree::Tree;

type Handler = Box<dyn Fn(&mut Peer, &[u8]) -> io::Result<()> + Send + Sync>;
type Rewrite = fn(&[u8]) -> Vec<u8>;

/// A tiny FTP server with a few files in memory, each deviation of which is given here before it is
/// [started](Self::start).
///
/// It holds `file.txt` ([`FILE`](super::FILE)), `empty.txt` and the folder `sub` with `inner.txt`. Everybody may log
/// in and change everything; nothing is asked of the order of commands. Each connection has a thread of its own,
/// which runs one handler after the other.
///
/// ```
/// use testkit::ftp::{Passive, Scripted};
///
/// let server = Scripted::new()
///     .greeting("120 Wait a minute\r\n220 Ready\r\n")
///     .reply("SIZE", "550 I do not tell\r\n")
///     .on("PASV", |peer, _| peer.send_passive_reply(Passive::Bare))
///     .start()?;
/// assert_eq!(server.connections(), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct Scripted {
    greeting: Option<Handler>,
    handlers: HashMap<String, Handler>,
    any: Option<Handler>,
    is_ipv6: bool,
    rewrite: Option<Rewrite>,
    piece: Option<usize>,
    pub(super) tree: Tree,
    traps: Mutex<Vec<TcpListener>>,
}

impl Scripted {
    /// The server that does everything right.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends these bytes when a client connects.
    #[must_use]
    pub fn greeting(self, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.greet(move |peer| peer.send(&bytes))
    }

    /// Does this when a client connects, instead of sending `220`.
    #[must_use]
    pub fn greet(mut self, handler: impl Fn(&mut Peer) -> io::Result<()> + Send + Sync + 'static) -> Self {
        self.greeting = Some(Box::new(move |peer, _| handler(peer)));
        self
    }

    /// Does this for a command; the handler gets what follows the verb. An error ends the connection.
    #[must_use]
    pub fn on(
        mut self,
        verb: &str,
        handler: impl Fn(&mut Peer, &[u8]) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.handlers.insert(verb.to_ascii_uppercase(), Box::new(handler));
        self
    }

    /// Does this for every command that has no handler of its own. [`Peer::verb`] tells which it is.
    #[must_use]
    pub fn on_any(
        mut self,
        handler: impl Fn(&mut Peer, &[u8]) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.any = Some(Box::new(handler));
        self
    }

    /// Answers a command with these bytes, and does nothing.
    #[must_use]
    pub fn reply(self, verb: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.on(verb, move |peer, _| peer.send(&bytes))
    }

    /// Sends what this makes of whatever is sent on the control connection.
    #[must_use]
    pub fn rewritten(mut self, rewrite: fn(&[u8]) -> Vec<u8>) -> Self {
        self.rewrite = Some(rewrite);
        self
    }

    /// Sends everything on the control connection so many bytes at a time.
    #[must_use]
    pub fn in_pieces(mut self, size: usize) -> Self {
        self.piece = Some(size.max(1));
        self
    }

    /// Has a file of this absolute name, besides those it has or in the place of one.
    #[must_use]
    pub fn file(self, name: impl AsRef<[u8]>, contents: impl Into<Vec<u8>>) -> Self {
        self.tree.write(name.as_ref(), contents.into());
        self
    }

    /// Listens on `[::1]` instead of `127.0.0.1`.
    #[must_use]
    pub fn ipv6(mut self) -> Self {
        self.is_ipv6 = true;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// When the system has no port left, or no IPv6 where that is asked for.
    pub fn start(self) -> io::Result<ScriptedServer> {
        let script = Arc::new(self);
        let for_host = Arc::clone(&script);
        let host = Host::start(script.is_ipv6, move |shared, control, number| {
            // An error is a connection that broke, which is often what the test wants.
            let _ = serve(&for_host, shared, control, number);
        })?;
        Ok(ScriptedServer { host, script })
    }

    /// Runs what is written for a command, or what is right.
    pub(super) fn run(&self, peer: &mut Peer, verb: &str, argument: &[u8]) -> io::Result<()> {
        match self.handlers.get(verb).or(self.any.as_ref()) {
            Some(handler) => handler(peer, argument),
            None => peer.default(verb, argument),
        }
    }

    /// The pieces in which these bytes are sent.
    pub(super) fn pieces(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let bytes = self.rewrite.map_or_else(|| bytes.to_vec(), |rewrite| rewrite(bytes));
        match self.piece {
            Some(size) => bytes.chunks(size).map(<[u8]>::to_vec).collect(),
            None => vec![bytes],
        }
    }

    /// Listens on this port of another host; where the system has none on loopback, nothing can be lured there.
    pub(super) fn set_trap(&self, host: Ipv4Addr, port: u16) {
        if let Ok(trap) = TcpListener::bind(SocketAddr::new(IpAddr::V4(host), port)) {
            if trap.set_nonblocking(true).is_ok() {
                self.traps.lock().unwrap_or_else(PoisonError::into_inner).push(trap);
            }
        }
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut verbs: Vec<&String> = self.handlers.keys().collect();
        verbs.sort();
        f.debug_struct("Scripted").field("handlers", &verbs).finish_non_exhaustive()
    }
}

fn serve(script: &Arc<Scripted>, shared: &Arc<Shared>, control: TcpStream, number: usize) -> io::Result<()> {
    let mut peer = Peer::new(script, shared, control, number)?;
    match &script.greeting {
        Some(greeting) => greeting(&mut peer, b"")?,
        None => peer.send("220 Ready\r\n")?,
    }
    while !peer.is_over() {
        let Some(line) = peer.read_line()? else {
            break;
        };
        peer.run(&line)?;
    }
    Ok(())
}

/// A scripted server that runs. Dropping it ends its connections, and its threads: a handler that waits for
/// anything but its [`Peer`] has to end by itself.
#[derive(Debug)]
pub struct ScriptedServer {
    host: Host,
    script: Arc<Scripted>,
}

impl ScriptedServer {
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

    /// Closes all connections without a word. New ones are served.
    pub fn kill_connections(&self) {
        self.host.shared().end_all();
    }

    /// What the file of this absolute name holds now; `None` when there is none.
    pub fn file(&self, name: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        self.script.tree.file(name.as_ref())
    }

    /// How often a client connected where it was lured, see [`Peer::send_luring_reply`]. Each is told once.
    pub fn lured(&self) -> usize {
        let traps = self.script.traps.lock().unwrap_or_else(PoisonError::into_inner);
        traps.iter().map(|trap| std::iter::from_fn(|| trap.accept().ok()).count()).sum()
    }
}
