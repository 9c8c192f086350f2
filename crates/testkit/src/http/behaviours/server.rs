//! The server that plays all rows.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, OnceLock};

use super::super::connection::{Connection, Wire};
use super::ledger::Ledger;
use super::stage::Stage;
use super::{Behaviour, all};
use crate::host::Host;

/// A server on loopback that plays all rows at once. A request for `/name` is met by the row's script, whatever
/// follows the name in the path. Each row counts its requests for itself.
///
/// Programs open a gate by asking for `/gate/name`, learn from `/requests/name` how many requests a row got, and let
/// it begin anew with `/reset/name`.
/// Dropping it ends its connections and its threads.
#[derive(Debug)]
pub struct Server {
    host: Host<Ledger>,
    site: Arc<Site>,
    /// Where redirects to TLS lead.
    _tls: Host<Ledger>,
}

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Site {
    rows: Vec<Behaviour>,
    address: OnceLock<SocketAddr>,
    tls: SocketAddr,
}

impl Server {
    /// Starts it. Redirects to TLS lead to where a server answers in plain text.
    ///
    /// # Errors
    /// When the system has no port left.
    pub fn start() -> io::Result<Self> {
        Self::start_with_tls(|mut stream| {
            // What begins a handshake; then what cannot be one.
            stream.read_exact(&mut [0; 1])?;
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")?;
            stream.shutdown(Shutdown::Write)?;
            io::copy(&mut stream, &mut io::sink())?;
            Err(io::ErrorKind::InvalidData.into())
        })
    }

    /// Starts it, and beside it a server of TLS whose connections are made by `wrap`, with a certificate that nobody
    /// trusts.
    ///
    /// # Errors
    /// When the system has no port left.
    pub fn start_with_tls(
        wrap: impl Fn(TcpStream) -> io::Result<Box<dyn Connection>> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let tls = Host::<Ledger>::start(false, move |_, stream, _| {
            // A client that is right breaks this connection off.
            let _ = greet(&wrap, stream);
        })?;
        let site = Arc::new(Site { rows: all(), address: OnceLock::new(), tls: tls.address() });
        let for_host = Arc::clone(&site);
        let host = Host::<Ledger>::start(false, move |shared, stream, number| {
            // An error here is a connection that broke, which is often what the row wants.
            let _ =
                Stage::new(stream, &for_host, &shared.journal, number).and_then(|mut stage| stage.play_all());
        })?;
        site.address.get_or_init(|| host.address());
        Ok(Self { host, site, _tls: tls })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.host.address()
    }

    /// Where the row of this name is.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address())
    }

    /// The requests that a row got so far, redirected ones included, without the framing of their bodies.
    pub fn requests(&self, name: &str) -> Vec<Vec<u8>> {
        self.host.shared().journal.requests(name)
    }

    /// Lets a row begin anew, for another client: with its first script, and with no requests.
    pub fn reset(&self, name: &str) {
        if let Some(row) = self.site.row(name) {
            self.host.shared().journal.reset(row.name);
        }
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.host.shared().journal.connections()
    }

    /// Lets the script that waits at a row's gate go on, and waits until it has done what it does then: what it
    /// sends, and the end of the connection, are with the client. `false` when no script comes to the gate.
    pub fn open_gate(&self, name: &str) -> bool {
        let row = self.site.row(name);
        row.is_some_and(|row| self.host.shared().journal.open_gate(row.name))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.host.shared().journal.end();
    }
}

impl Site {
    /// The row that a path leads to.
    pub(super) fn row(&self, path: &str) -> Option<&Behaviour> {
        let name = path.trim_start_matches('/').split('/').next()?;
        self.rows.iter().find(|row| row.name == name)
    }

    /// Puts addresses in their places, see [`Action::SendText`](super::Action::SendText).
    pub(super) fn fill_in(&self, text: &str, name: &str) -> String {
        let Some(address) = self.address.get() else { return text.to_owned() };
        text.replace("{here}", &format!("http://{address}/{name}"))
            .replace("{elsewhere}", &format!("http://localhost:{}/{name}", address.port()))
            .replace("{path}", &format!("/{name}"))
            .replace("{authority}", &address.to_string())
            .replace("{tls}", &format!("https://{}/{name}", self.tls))
    }
}

fn greet(wrap: &impl Fn(TcpStream) -> io::Result<Box<dyn Connection>>, stream: TcpStream) -> io::Result<()> {
    let below = stream.try_clone()?;
    let mut wire = Wire::new(wrap(stream)?);
    if wire.read_head()?.is_some() {
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\ntrusted")?;
        wire.flush()?;
    }
    drop(wire);
    below.shutdown(Shutdown::Write)
}
