//! What the embedded servers stand on: a listener, a thread for each connection, and an end that comes at once.
//!
//! A thread may block in a socket call for as long as it likes, provided that the socket is
//! [registered](Shared::register): the end shuts every registered socket down, and joins all threads.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Where a server keeps what it has seen.
pub(crate) trait Witness: Default + Send + Sync + 'static {
    /// A connection was accepted; returns its number, counted from zero.
    fn connected(&self) -> usize;

    /// The connection of this number is over, and closed.
    fn disconnected(&self, number: usize);
}

/// A running listener. Dropping it ends all connections and threads.
#[derive(Debug)]
pub(crate) struct Host<W: Witness> {
    address: SocketAddr,
    shared: Arc<Shared<W>>,
    acceptor: Option<JoinHandle<()>>,
}

/// What the threads of a server have in common.
#[derive(Debug, Default)]
pub(crate) struct Shared<W: Witness> {
    pub(crate) journal: W,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    stopping: bool,
    next: u64,
    sockets: BTreeMap<u64, Waiting>,
}

/// Something a thread may wait on.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// For bytes, or for room to write.
    Stream(TcpStream),
    /// For a connection to this address.
    Listener(SocketAddr),
}

impl Waiting {
    /// Ends the wait. Who waits for a connection gets one, and has to ask whether it is wanted.
    pub(crate) fn end(&self) {
        match self {
            Self::Stream(stream) => drop(stream.shutdown(Shutdown::Both)),
            Self::Listener(address) => drop(TcpStream::connect(address)),
        }
    }
}

impl<W: Witness> Host<W> {
    /// Listens on loopback and calls `serve` for each connection, with its number, in a thread of its own.
    pub(crate) fn start(
        is_ipv6: bool,
        serve: impl Fn(&Arc<Shared<W>>, TcpStream, usize) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::new(loopback(is_ipv6), 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let for_acceptor = Arc::clone(&shared);
        let acceptor = thread::Builder::new().name("acceptor".into());
        let acceptor = acceptor.spawn(move || accept_all(&listener, &for_acceptor, &Arc::new(serve)))?;
        Ok(Self { address, shared, acceptor: Some(acceptor) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn shared(&self) -> &Shared<W> {
        &self.shared
    }
}

impl<W: Witness> Drop for Host<W> {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        Waiting::Listener(self.address).end();
        self.shared.end_all();
        if let Some(acceptor) = self.acceptor.take() {
            // Its panic was reported when it happened.
            let _ = acceptor.join();
        }
    }
}

impl<W: Witness> Shared<W> {
    /// Lets the end of the server end a wait on this socket, for as long as the returned value lives.
    ///
    /// # Errors
    /// When the end has come already.
    pub(crate) fn register(self: &Arc<Self>, waiting: Waiting) -> io::Result<Registered<W>> {
        let mut open = self.lock();
        if open.stopping {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let key = open.next;
        open.next += 1;
        open.sockets.insert(key, waiting);
        Ok(Registered { shared: Arc::clone(self), key })
    }

    /// Shuts down every registered socket.
    pub(crate) fn end_all(&self) {
        for waiting in self.lock().sockets.values() {
            waiting.end();
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.lock().stopping
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket the server's end reaches.
#[derive(Debug)]
pub(crate) struct Registered<W: Witness> {
    shared: Arc<Shared<W>>,
    key: u64,
}

impl<W: Witness> Drop for Registered<W> {
    fn drop(&mut self) {
        self.shared.lock().sockets.remove(&self.key);
    }
}

fn accept_all<W, F>(listener: &TcpListener, shared: &Arc<Shared<W>>, serve: &Arc<F>)
where
    W: Witness,
    F: Fn(&Arc<Shared<W>>, TcpStream, usize) + Send + Sync + 'static,
{
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    while let Ok((stream, _)) = listener.accept() {
        if shared.is_stopping() {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        let (for_thread, serve) = (Arc::clone(shared), Arc::clone(serve));
        let thread = thread::Builder::new().name("connection".into());
        let thread = thread.spawn(move || serve_one(&for_thread, stream, serve.as_ref()));
        // Without a thread the connection is closed, as by a server at its limit.
        threads.extend(thread);
    }
    for thread in threads {
        let _ = thread.join();
    }
}

fn serve_one<W: Witness>(
    shared: &Arc<Shared<W>>,
    stream: TcpStream,
    serve: &impl Fn(&Arc<Shared<W>>, TcpStream, usize),
) {
    let number = shared.journal.connected();
    let registered = stream.try_clone().and_then(|clone| shared.register(Waiting::Stream(clone)));
    if registered.is_ok() {
        serve(shared, stream, number);
    }
    drop(registered);
    shared.journal.disconnected(number);
}

fn loopback(is_ipv6: bool) -> IpAddr {
    if is_ipv6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() }
}
