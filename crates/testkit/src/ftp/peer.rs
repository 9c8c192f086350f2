//! One connection of the scripted server, as a handler sees it.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::host::{Registered, Shared, Waiting};
use super::lines::{self, Lines};
use super::passive::Passive;
use super::paths::Name;
use super::scripted::Scripted;
use crate::hostile;

/// A client's control connection and data connection, with what to do to it.
///
/// Every call that waits ends with an error when the server is dropped.
#[derive(Debug)]
pub struct Peer {
    pub(super) script: Arc<Scripted>,
    pub(super) folder: Name,
    pub(super) offset: usize,
    pub(super) rename_from: Option<Name>,
    shared: Arc<Shared>,
    control: TcpStream,
    lines: Lines,
    number: usize,
    verb: String,
    turns: HashMap<String, usize>,
    source: Source,
    data: Option<(TcpStream, Registered)>,
    /// Ports that nobody else may get while clients are told of them.
    dead: Vec<Socket>,
    is_over: bool,
}

/// Where the next data connection comes from.
#[derive(Debug)]
enum Source {
    None,
    Passive(TcpListener, Registered),
    Active(SocketAddr),
}

impl Peer {
    pub(super) fn new(
        script: &Arc<Scripted>,
        shared: &Arc<Shared>,
        control: TcpStream,
        number: usize,
    ) -> io::Result<Self> {
        Ok(Self {
            script: Arc::clone(script),
            folder: Name::default(),
            offset: 0,
            rename_from: None,
            shared: Arc::clone(shared),
            lines: Lines::new(control.try_clone()?)?,
            control,
            number,
            verb: String::new(),
            turns: HashMap::new(),
            source: Source::None,
            data: None,
            dead: Vec::new(),
            is_over: false,
        })
    }

    /// Sends bytes on the control connection as they are; a reply has to bring its line end along.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        for piece in self.script.pieces(bytes.as_ref()) {
            self.control.write_all(&piece)?;
        }
        Ok(())
    }

    /// Sends bytes on the control connection, `size` of them at a time, each part a packet of its own.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn send_in_pieces(&mut self, bytes: impl AsRef<[u8]>, size: usize) -> io::Result<()> {
        for piece in bytes.as_ref().chunks(size.max(1)) {
            self.send(piece)?;
            thread::yield_now();
        }
        Ok(())
    }

    /// Sends the same bytes on the control connection over and over, until the client is gone or has been sent
    /// `limit` bytes; waits `pause` after each time.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn send_endlessly(
        &mut self,
        bytes: impl AsRef<[u8]>,
        limit: usize,
        pause: Duration,
    ) -> io::Result<()> {
        endlessly(bytes.as_ref(), limit, pause, |bytes| self.send(bytes))
    }

    /// Waits for the next command, which is logged; `None` when the client has closed the connection.
    ///
    /// # Errors
    /// When the connection broke.
    pub fn read_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let line = self.lines.next()?;
        if let Some(line) = &line {
            self.shared.journal.received(self.number, line);
        }
        Ok(line)
    }

    /// Listens for a data connection, in place of any announced before; returns the port.
    ///
    /// # Errors
    /// When the system has no port left.
    pub fn open_passive(&mut self) -> io::Result<u16> {
        let listener = TcpListener::bind(SocketAddr::new(self.local(), 0))?;
        let address = listener.local_addr()?;
        let registered = self.shared.register(Waiting::Listener(address))?;
        self.source = Source::Passive(listener, registered);
        Ok(address.port())
    }

    /// Listens for a data connection and tells the client so.
    ///
    /// # Errors
    /// When the system has no port left, or the client is gone.
    pub fn send_passive_reply(&mut self, kind: Passive) -> io::Result<()> {
        let port = self.open_passive()?;
        self.send(kind.reply(self.local(), port))
    }

    /// Listens for a data connection, and names another host of loopback to the client, where a
    /// [trap](super::ScriptedServer::lured) waits at the same port.
    ///
    /// # Errors
    /// When the system has no port left, or the client is gone.
    pub fn send_luring_reply(&mut self) -> io::Result<()> {
        let port = self.open_passive()?;
        self.script.set_trap(ELSEWHERE, port);
        self.send(Passive::Host(ELSEWHERE).reply(self.local(), port))
    }

    /// Like [`send_luring_reply`](Self::send_luring_reply), in the reply to EPSV.
    ///
    /// # Errors
    /// When the system has no port left, or the client is gone.
    pub fn send_luring_extended_reply(&mut self) -> io::Result<()> {
        let port = self.open_passive()?;
        self.script.set_trap(ELSEWHERE, port);
        self.send(Passive::ExtendedFull.reply(IpAddr::V4(ELSEWHERE), port))
    }

    /// Tells the client of a port where nothing listens.
    ///
    /// # Errors
    /// When the system has no port left, or the client is gone.
    pub fn send_dead_passive_reply(&mut self, kind: Passive) -> io::Result<()> {
        let local = self.local();
        let socket = Socket::new(Domain::for_address(SocketAddr::new(local, 0)), Type::STREAM, None)?;
        socket.bind(&SocketAddr::new(local, 0).into())?;
        let port = socket.local_addr()?.as_socket().map_or(0, |address| address.port());
        self.dead.push(socket);
        self.source = Source::None;
        self.send(kind.reply(local, port))
    }

    /// Opens the data connection: waits for the client where it was told to connect, or connects to it.
    ///
    /// # Errors
    /// When nothing was agreed on, or the client does not listen.
    pub fn accept_data(&mut self) -> io::Result<()> {
        let stream = match std::mem::replace(&mut self.source, Source::None) {
            Source::None => return Err(io::ErrorKind::NotConnected.into()),
            Source::Passive(listener, _registered) => listener.accept()?.0,
            Source::Active(address) => TcpStream::connect(address)?,
        };
        let registered = self.shared.register(Waiting::Stream(stream.try_clone()?))?;
        self.data = Some((stream, registered));
        Ok(())
    }

    /// Connects to where the client listens, from another host of loopback, and closes that connection. Where the
    /// system has no such host, nothing happens.
    ///
    /// # Errors
    /// When the client does not listen.
    pub fn connect_as_a_stranger(&mut self) -> io::Result<()> {
        let Source::Active(address) = self.source else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        if socket.bind(&SocketAddr::from((STRANGER, 0)).into()).is_ok() {
            socket.connect(&address.into())?;
            // A client that takes it for the server gets this for the file.
            let _ = socket.send(b"stolen");
        }
        Ok(())
    }

    /// Sends bytes on the data connection, which is opened if it is not.
    ///
    /// # Errors
    /// When there is none, or the client is gone.
    pub fn send_data(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.data()?.write_all(bytes.as_ref())?;
        self.shared.journal.moved(bytes.as_ref().len() as u64);
        Ok(())
    }

    /// Sends the same bytes on the data connection over and over, until the client has closed it or has been sent
    /// `limit` bytes; waits `pause` after each time.
    ///
    /// # Errors
    /// When there is none, or the client is gone.
    pub fn send_data_endlessly(
        &mut self,
        bytes: impl AsRef<[u8]>,
        limit: usize,
        pause: Duration,
    ) -> io::Result<()> {
        endlessly(bytes.as_ref(), limit, pause, |bytes| self.send_data(bytes))
    }

    /// Receives what the client sends on the data connection, to the end.
    ///
    /// # Errors
    /// When there is none, or it broke.
    pub fn receive_data(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.data()?.read_to_end(&mut bytes)?;
        self.shared.journal.moved(bytes.len() as u64);
        Ok(bytes)
    }

    /// Receives at least so many bytes on the data connection, and leaves it open.
    ///
    /// # Errors
    /// When there is none, or it ends before.
    pub fn receive_some_data(&mut self, count: usize) -> io::Result<()> {
        self.data()?.read_exact(&mut vec![0; count])?;
        self.shared.journal.moved(count as u64);
        Ok(())
    }

    /// Ends the data connection, or stops listening for it.
    pub fn close_data(&mut self) {
        self.source = Source::None;
        self.data = None;
    }

    /// Ends the data connection with a reset.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn reset_data(&mut self) -> io::Result<()> {
        match self.data.take() {
            Some((stream, registered)) => {
                // It holds the connection too.
                drop(registered);
                hostile::reset(stream)
            }
            None => Ok(()),
        }
    }

    /// Closes the control connection; no further command is read. The data connection stays as it is until the
    /// handler returns.
    pub fn close_control(&mut self) {
        self.is_over = true;
        // The client may be gone.
        let _ = self.control.shutdown(Shutdown::Both);
    }

    /// Keeps both connections open and says nothing more, until the client goes or the server is dropped.
    ///
    /// # Errors
    /// When the connection broke.
    pub fn stall(&mut self) -> io::Result<()> {
        while self.read_line()?.is_some() {}
        self.is_over = true;
        Ok(())
    }

    /// Runs what is written for a command, as if the client had sent this line.
    ///
    /// # Errors
    /// What the handler returns.
    pub fn run(&mut self, line: &[u8]) -> io::Result<()> {
        let (verb, argument) = lines::split(line);
        *self.turns.entry(verb.clone()).or_default() += 1;
        self.verb.clone_from(&verb);
        let script = Arc::clone(&self.script);
        script.run(self, &verb, argument)
    }

    /// The verb of the command that runs, in upper case.
    pub fn verb(&self) -> &str {
        &self.verb
    }

    /// How often the command that runs has come on this connection, this time included.
    pub fn turn(&self) -> usize {
        self.count(&self.verb)
    }

    /// How often a command has come on this connection; its verb is in upper case.
    pub fn count(&self, verb: &str) -> usize {
        self.turns.get(verb).copied().unwrap_or_default()
    }

    /// The number of this connection, counted from zero.
    pub fn connection(&self) -> usize {
        self.number
    }

    /// The server's own address, as the client sees it.
    pub fn local(&self) -> IpAddr {
        self.control.local_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
    }

    pub(super) fn set_active(&mut self, address: SocketAddr) {
        self.source = Source::Active(address);
    }

    pub(super) fn finish(&mut self) {
        self.is_over = true;
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn has_data_port(&self) -> bool {
        self.data.is_some() || !matches!(self.source, Source::None)
    }

    fn data(&mut self) -> io::Result<&mut TcpStream> {
        if self.data.is_none() {
            self.accept_data()?;
        }
        self.data.as_mut().map(|(stream, _)| stream).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

fn endlessly(
    bytes: &[u8],
    limit: usize,
    pause: Duration,
    mut send: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    for _ in 0..limit / bytes.len().max(1) {
        send(bytes)?;
        if !pause.is_zero() {
            thread::sleep(pause);
        }
    }
    Ok(())
}

/// Hosts of loopback that are not the server's.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
