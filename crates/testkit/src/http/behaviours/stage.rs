//! A connection on which scripts are played.

use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use socket2::SockRef;

use super::super::connection::{Framing, Wire};
use super::super::head::Head;
use super::action::Action;
use super::ledger::Ledger;
use super::server::Site;

pub(super) struct Stage<'a> {
    stream: TcpStream,
    wire: Wire,
    site: &'a Site,
    ledger: &'a Ledger,
    connection: usize,
    /// The last request, and its body as far as it was read.
    head: Head,
    body: Vec<u8>,
    unread: Option<Framing>,
    /// A request that is read and not played yet.
    is_pending: bool,
}

/// Whether a connection goes on behind a script.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Kept,
    /// It has been ended; what the client still sends is read.
    Closed,
    /// It is to be reset.
    Reset,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        stream: TcpStream,
        site: &'a Site,
        ledger: &'a Ledger,
        connection: usize,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let wire = Wire::new(Box::new(stream.try_clone()?));
        let (head, body) = (Head::default(), Vec::new());
        Ok(Self { stream, wire, site, ledger, connection, head, body, unread: None, is_pending: false })
    }

    /// Plays the script of each request that comes.
    pub(super) fn play_all(&mut self) -> io::Result<()> {
        while self.is_pending || self.read_request()? {
            self.is_pending = false;
            if self.control()? {
                continue;
            }
            let Some(row) = self.site.row(self.head.path()) else {
                self.wire.write(b"HTTP/1.1 404 No such row\r\nContent-Length: 0\r\n\r\n")?;
                continue;
            };
            let number = self.ledger.start(row.name).min(row.scripts.len() - 1);
            let keeps = self.head.keeps_alive();
            let played = self.play(row.name, &row.scripts[number]);
            if matches!(played, Ok(End::Reset)) {
                // That comes with the last descriptor, and the ledger is told so then.
                SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))?;
                return Ok(());
            }
            let closed = match played {
                Ok(End::Kept) if keeps || self.is_pending => false,
                Ok(End::Kept) => {
                    self.stream.shutdown(Shutdown::Write)?;
                    true
                }
                _ => true,
            };
            self.ledger.done(row.name, self.connection);
            if closed {
                played?;
                return self.linger();
            }
        }
        Ok(())
    }

    /// Answers what a program asks for that has no other way to begin anew, to open gates and to count requests.
    fn control(&mut self) -> io::Result<bool> {
        let path = self.head.path().to_owned();
        let Some((word, name)) = path.trim_start_matches('/').split_once('/') else { return Ok(false) };
        let Some(row) = self.site.row(name) else { return Ok(false) };
        let text = match word {
            "gate" => self.ledger.open_gate(row.name).to_string(),
            "reset" => {
                self.ledger.reset(row.name);
                String::new()
            }
            "requests" => self.ledger.requests(row.name).len().to_string(),
            _ => return Ok(false),
        };
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
        self.wire.write(answer.as_bytes())?;
        Ok(true)
    }

    fn play(&mut self, row: &'static str, script: &[Action]) -> io::Result<End> {
        self.note(row);
        for action in script {
            match *action {
                Action::Send(bytes) => self.wire.write(bytes)?,
                Action::SendSlowly(bytes) => {
                    bytes.iter().try_for_each(|byte| self.wire.write(std::slice::from_ref(byte)))?;
                }
                Action::SendText(text) => {
                    let text = self.site.fill_in(text, row);
                    self.wire.write(text.as_bytes())?;
                }
                Action::Repeat(bytes, count) => self.repeat(bytes, count)?,
                Action::Fields(count) => {
                    let fields: String =
                        (1..=count).map(|number| format!("X-{number}: {number}\r\n")).collect();
                    self.wire.write(fields.as_bytes())?;
                }
                Action::Endless(bytes) => {
                    self.repeat(bytes, ENDLESS / bytes.len().max(1) as u64)?;
                    self.hear_out()?;
                }
                Action::Mirror => self.mirror()?,
                Action::ReadBody => self.read_body()?,
                Action::Next => {
                    self.ledger.done(row, self.connection);
                    if !self.head.keeps_alive() {
                        self.stream.shutdown(Shutdown::Write)?;
                        return Ok(End::Closed);
                    }
                    if !self.read_request()? {
                        return Ok(End::Closed);
                    }
                    if self.site.row(self.head.path()).map(|row| row.name) != Some(row) {
                        self.is_pending = true;
                        return Ok(End::Kept);
                    }
                    self.note(row);
                }
                Action::Gate => self.ledger.pass_gate(row, self.connection),
                Action::Close => {
                    self.stream.shutdown(Shutdown::Write)?;
                    return Ok(End::Closed);
                }
                Action::Reset => return Ok(End::Reset),
                Action::Stall => self.ledger.stall(),
                Action::Silent => self.hear_out()?,
            }
        }
        Ok(End::Kept)
    }

    /// Reads the head of the next request, behind what is left of the last one; `false` when there is none.
    fn read_request(&mut self) -> io::Result<bool> {
        self.read_body()?;
        let Some(lines) = self.wire.read_head()? else { return Ok(false) };
        self.head = Head::parse(lines).ok_or(io::ErrorKind::InvalidData)?;
        self.unread = self.head.framing();
        self.body.clear();
        Ok(true)
    }

    fn read_body(&mut self) -> io::Result<()> {
        let Some(framing) = self.unread.take() else { return Ok(()) };
        let body = &mut self.body;
        self.wire.read_body(framing, &mut |bytes| {
            let room = KEPT_OF_A_BODY.saturating_sub(body.len());
            body.extend_from_slice(&bytes[..room.min(bytes.len())]);
        })
    }

    fn note(&self, row: &'static str) {
        self.ledger.received(row, self.request());
    }

    /// The last request as it came, without its framing.
    fn request(&self) -> Vec<u8> {
        let Head { method, target, version, lines } = &self.head;
        let mut bytes = format!("{method} {target} {version}\r\n").into_bytes();
        for line in lines {
            bytes.extend_from_slice(line);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    fn mirror(&mut self) -> io::Result<()> {
        self.read_body()?;
        let request = self.request();
        self.wire
            .write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", request.len()).as_bytes())?;
        if self.head.method == "HEAD" { Ok(()) } else { self.wire.write(&request) }
    }

    fn repeat(&mut self, bytes: &[u8], count: u64) -> io::Result<()> {
        let at_once = (BLOCK / bytes.len().max(1)).max(1);
        let block = bytes.repeat(at_once);
        let mut left = count;
        while left > 0 {
            let now = usize::try_from(left).map_or(at_once, |left| left.min(at_once));
            self.wire.write(&block[..now * bytes.len()])?;
            left -= now as u64;
        }
        Ok(())
    }

    /// Reads until the client goes away.
    fn hear_out(&mut self) -> io::Result<()> {
        io::copy(&mut &self.stream, &mut io::sink()).map(drop)
    }

    /// Lets the client read what it was sent: closed with something unread, the connection would be reset.
    fn linger(&mut self) -> io::Result<()> {
        io::copy(&mut (&self.stream).take(ENDLESS), &mut io::sink()).map(drop)
    }
}

/// In bytes; no client is right that takes so much.
const ENDLESS: u64 = 256 << 20;

const BLOCK: usize = 64 << 10;

/// In bytes; the rest is read and forgotten.
const KEPT_OF_A_BODY: usize = 64 << 10;
