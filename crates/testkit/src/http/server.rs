//! The embedded server: its face, and what a connection goes through.

use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::answer::Answer;
use super::connection::{Framing, Wire};
use super::exchange::Exchange;
use super::head::Head;
use super::journal::{Journal, Received};
use super::options::Options;
use super::routes;
use crate::host::Host;

/// An HTTP/1.1 server on loopback that does everything right (RFC 9110, RFC 9112).
///
/// | path | what it answers |
/// | --- | --- |
/// | `/get`, `/post`, `/anything/...` | the request as JSON: method, target, version, the field lines as they came, and the first 64 KiB of the body, where each character stands for a byte |
/// | `/bytes/N` | N bytes of [`pseudo_random`](super::pseudo_random), with `ETag`, `Last-Modified`, parts and `If-Range` |
/// | `/chunked/N` | the same in chunks, with their CRC-32 in the trailer `X-Checksum` |
/// | `/status/CODE` | this status; a request that expects `100 Continue` is answered without its body |
/// | `/redirect/N` | N redirects in a row, the last one to `/get` |
/// | `/redirect-to?url=..&code=..` | a redirect to there |
/// | `/says/TEXT` | the text and a line break |
/// | `/gzip`, `/brotli`, `/plain` | [`COMPRESSED_TEXT`](super::COMPRESSED_TEXT), encoded or not, whatever is accepted |
/// | `/cookies/set?a=b`, `/cookies` | sets cookies and redirects to the other, which tells what came back |
/// | `/basic-auth/user/password` | 401 to everybody else |
/// | `/slow`, `/slow/body` | nothing, or half of the body, until [`Server::release`] |
/// | `/upload` | the length and the CRC-32 of a body of any size |
/// | `/text/latin1` | [`LATIN1_TEXT`](super::LATIN1_TEXT) |
///
/// Connections are kept, bodies are told by length or chunked in both directions, and every method is taken. Dropping
/// it ends its connections and its threads.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// let server = testkit::http::Server::start()?;
/// let mut stream = TcpStream::connect(server.address())?;
/// stream.write_all(b"GET /get HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
/// let mut answer = String::new();
/// stream.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"));
/// assert_eq!(server.requests()[0].field("host").as_deref(), Some("localhost"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    host: Host<Journal>,
}

impl Server {
    /// Listens on `127.0.0.1`, at a port that the system chooses.
    ///
    /// # Errors
    /// When the system has no port left.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Options::default())
    }

    /// The same as `options` say.
    ///
    /// # Errors
    /// When the system has no port left, or no IPv6 where that is asked for.
    pub fn start_with(options: Options) -> io::Result<Self> {
        let host = Host::<Journal>::start(options.ipv6, move |shared, stream, number| {
            // An error here is a connection that broke, which clients may do.
            let _ = serve(&options, &shared.journal, stream, number);
        })?;
        Ok(Self { host })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.host.address()
    }

    /// `http://address:port` with this path behind it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// What it has seen, and waiting for more.
    pub fn journal(&self) -> &Journal {
        &self.host.shared().journal
    }

    /// The requests so far, see [`Journal::requests`].
    pub fn requests(&self) -> Vec<Received> {
        self.journal().requests()
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.journal().connections()
    }

    /// Lets one answer of `/slow` or `/slow/body` go on: one that waits, or the next one to come.
    pub fn release(&self) {
        self.journal().release(1);
    }

    /// Closes all connections without a word, as when the process of a server dies. New ones are served.
    pub fn kill_connections(&self) {
        self.host.shared().end_all();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.journal().end();
    }
}

fn serve(options: &Options, journal: &Journal, stream: TcpStream, number: usize) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let below = stream.try_clone()?;
    let mut wire = Wire::new(options.connection(stream)?);
    let outcome = serve_all(&mut wire, journal, number);
    drop(wire);
    // Closed with something unread, the connection would be reset, and the last answer lost (RFC 9112, section 9.6).
    below.shutdown(Shutdown::Write)?;
    io::copy(&mut below.take(MOST_IGNORED), &mut io::sink())?;
    outcome
}

/// Answers one request after the other, until one is the last.
fn serve_all(wire: &mut Wire, journal: &Journal, number: usize) -> io::Result<()> {
    loop {
        let lines = match wire.read_head() {
            Ok(Some(lines)) => lines,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return refuse(wire, journal, number, 431);
            }
            Err(error) => return Err(error),
        };
        let head = Head::parse(lines).and_then(|head| head.framing().map(|framing| (head, framing)));
        let Some((head, framing)) = head else { return refuse(wire, journal, number, 400) };
        if !routes::serve(Exchange::new(head, framing, wire, journal, number))? {
            return Ok(());
        }
    }
}

fn refuse(wire: &mut Wire, journal: &Journal, number: usize, status: u16) -> io::Result<()> {
    let head = Head { method: "?".to_owned(), ..Head::default() };
    let exchange = Exchange::new(head, Framing::Length(0), wire, journal, number);
    exchange.answer(Answer::text(status, "").closing()).map(drop)
}

/// How many bytes a client may still send that was not listened to.
const MOST_IGNORED: u64 = 1 << 30;
