//! `Session`: the state of one connection inside TLS, moved on by calls that never wait.
//!
//! Each call is made with the session locked, tries what can be done at once, and says `NotReady` when bytes have to
//! come or go first; `socket` waits, with the session unlocked. The rules:
//!
//! - What is encrypted is sent before anything newer is encrypted, so that a session holds one bounded piece at most.
//! - What was received before an end or a failure is given out before that is told.
//! - A failure stays. The alert about it is sent as far as there is room, and nothing else is sent any more.

use std::io::{self, IoSlice, Read, Write};

use rustls::{Connection, HandshakeKind};

use super::TlsError;
use super::incoming::Incoming;
use crate::error::SocketError;
use crate::layer::Standing;
use crate::readiness::Readiness;
use crate::socket::TcpSocket;

/// The most that is encrypted at once: four records.
pub(super) const PIECE: usize = 64 << 10;

/// The receives one call makes at most, so that a peer that keeps sending what is no data cannot hold it.
const MOST_RECEIVES: usize = 16;

/// The first byte of what a peer that speaks TLS can begin with: an alert or a handshake (RFC 8446 §5.1).
const BEGINNINGS: [u8; 2] = [21, 22];

const METHODS: [&[u8]; 9] =
    [b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE ", b"OPTIONS ", b"PATCH ", b"CONNECT ", b"TRACE "];

#[derive(Debug)]
pub(super) struct Session {
    connection: Connection,
    incoming: Incoming,
    failure: Option<TlsError>,
    /// An error of the system that came while nobody was there to be told.
    late: Option<SocketError>,
    /// The bytes that were decrypted and not given out.
    plaintext: usize,
    /// Whether the peer has ended its stream by the rules.
    has_ended: bool,
    is_complete: bool,
    has_finished: bool,
}

impl Session {
    pub(super) fn new(mut connection: Connection) -> Self {
        connection.set_buffer_limit(Some(PIECE));
        Self {
            connection,
            incoming: Incoming::default(),
            failure: None,
            late: None,
            plaintext: 0,
            has_ended: false,
            is_complete: false,
            has_finished: false,
        }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn failure(&self) -> Option<&TlsError> {
        self.failure.as_ref()
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub(super) fn has_resumed(&self) -> Option<bool> {
        self.connection.handshake_kind().map(|kind| kind == HandshakeKind::Resumed)
    }

    /// What has to happen on the socket before it is worth trying again.
    pub(super) fn needs(&self, want: Readiness) -> Readiness {
        let wants_read = want.is_readable() || !self.is_complete;
        let wants_write = self.connection.wants_write() || (want.is_writable() && self.is_complete);
        Readiness::from_bits(Readiness::bits(wants_read, wants_write)).unwrap_or(want)
    }

    /// Whether selectors have to know: something can be received without the socket, or may be once it is decrypted, or
    /// waits to be sent.
    pub(super) fn wants_attention(&self) -> bool {
        self.has_news() || !self.incoming.is_empty() || self.connection.wants_write() || !self.is_complete
    }

    /// Whether something can be received without the socket.
    pub(super) fn has_news(&self) -> bool {
        self.failure.is_some() || self.late.is_some() || self.has_ended || self.plaintext > 0
    }

    /// Keeps an error for the next call.
    pub(super) fn tell_later(&mut self, error: SocketError) {
        if self.failure.is_none() {
            self.late.get_or_insert(error);
        }
    }

    fn check(&mut self) -> Result<(), SocketError> {
        match (&self.failure, self.late.take()) {
            (Some(failure), _) => Err(failure.clone().into()),
            (None, Some(late)) => Err(late),
            (None, None) => Ok(()),
        }
    }

    /// Sends what is encrypted, all of it.
    pub(super) fn flush(&mut self, socket: &TcpSocket) -> Result<(), SocketError> {
        while self.connection.wants_write() {
            self.connection.write_tls(&mut Out(socket)).map_err(SocketError::classify)?;
        }
        Ok(())
    }

    /// The handshake, as far as it goes.
    pub(super) fn advance(&mut self, socket: &TcpSocket) -> Result<(), SocketError> {
        self.check()?;
        if self.is_complete {
            return Ok(());
        }
        for _ in 0..MOST_RECEIVES {
            let flushed = self.flush(socket);
            if !self.connection.is_handshaking() {
                flushed.map_err(|error| self.reason(socket, error))?;
                self.is_complete = true;
                return Ok(());
            }
            match flushed {
                Ok(()) | Err(SocketError::NotReady) => self.pull(socket)?,
                Err(error) => return Err(self.reason(socket, error)),
            }
        }
        Err(SocketError::NotReady)
    }

    pub(super) fn receive(&mut self, socket: &TcpSocket, buffer: &mut [u8]) -> Result<usize, SocketError> {
        let mut received = 0;
        for _ in 0..MOST_RECEIVES {
            received += self.read(&mut buffer[received..]);
            // One receive can bring more than the session decrypts ahead.
            while received < buffer.len() && !self.incoming.is_empty() && self.failure.is_none() {
                // Its failure is told when all of the data was.
                if self.feed(socket).is_err() {
                    break;
                }
                received += self.read(&mut buffer[received..]);
            }
            if received > 0 {
                return Ok(received);
            }
            self.check()?;
            if self.has_ended {
                return Err(SocketError::Disconnected(None));
            }
            if let Err(error @ (SocketError::Disconnected(_) | SocketError::Other(_))) = self.flush(socket) {
                return Err(self.reason(socket, error));
            }
            self.note_completion();
            self.pull(socket)?;
        }
        Err(SocketError::NotReady)
    }

    fn read(&mut self, buffer: &mut [u8]) -> usize {
        // Its errors are conditions that are looked for elsewhere.
        let received = self.connection.reader().read(buffer).unwrap_or(0);
        self.plaintext = self.plaintext.saturating_sub(received);
        received
    }

    /// Encrypts what is accepted, at most [`PIECE`] bytes, and sends as much of it as there is room for.
    pub(super) fn send(&mut self, socket: &TcpSocket, data: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        self.advance(socket)?;
        if self.has_finished {
            return Err(SocketError::classify(io::ErrorKind::BrokenPipe.into()));
        }
        self.flush(socket).map_err(|error| self.reason(socket, error))?;
        if data.iter().all(|piece| piece.is_empty()) {
            return Ok(0);
        }
        // rustls takes no more than a piece: that is its limit for what waits to be sent.
        let accepted = self.connection.writer().write_vectored(data)?;
        if accepted == 0 {
            // The keys are used up, and this version of TLS has no way to change them.
            return Err(SocketError::classify(io::ErrorKind::BrokenPipe.into()));
        }
        match self.flush(socket) {
            Ok(()) | Err(SocketError::NotReady) => Ok(accepted),
            Err(error) => Err(self.reason(socket, error)),
        }
    }

    /// Says that nothing more will be sent.
    pub(super) fn finish(&mut self, socket: &TcpSocket) -> Result<(), SocketError> {
        if !self.has_finished {
            self.advance(socket)?;
            self.connection.send_close_notify();
            self.has_finished = true;
        }
        self.check()?;
        self.flush(socket).map_err(|error| self.reason(socket, error))
    }

    /// As much of a farewell as there is room for.
    pub(super) fn part(&mut self, socket: &TcpSocket) {
        if self.failure.is_none() && !self.has_finished {
            self.connection.send_close_notify();
            self.has_finished = true;
        }
        if self.flush(socket).is_err() {
            return;
        }
        // What is left unread would make the system end the connection with a reset, which may cost the peer what was
        // sent last.
        for _ in 0..MOST_RECEIVES {
            self.incoming.release();
            if self.incoming.fill(socket).is_err() {
                break;
            }
        }
        self.incoming.release();
    }

    /// For a selector: does what can be done, and tells what the socket is ready for.
    pub(super) fn look(&mut self, socket: &TcpSocket, found: Option<Readiness>) -> Standing {
        let was_complete = self.is_complete;
        if let Err(error) = self.look_inside(socket, found.is_some_and(Readiness::is_readable)) {
            self.tell_later(error);
        }
        let is_over = self.failure.is_some() || self.late.is_some();
        let wants_write = self.connection.wants_write();
        Standing {
            readable: self.has_news() || (self.is_complete && !was_complete),
            writable: is_over
                || (self.is_complete && !wants_write && found.is_some_and(Readiness::is_writable)),
            wants_read: !self.is_complete,
            wants_write: wants_write && !is_over,
        }
    }

    fn look_inside(&mut self, socket: &TcpSocket, is_readable: bool) -> Result<(), SocketError> {
        for _ in 0..MOST_RECEIVES {
            match self.flush(socket) {
                Ok(()) | Err(SocketError::NotReady) => {}
                Err(error) => return Err(self.reason(socket, error)),
            }
            self.note_completion();
            let has_more = is_readable || !self.incoming.is_empty();
            if !has_more || self.has_news() {
                break;
            }
            match self.pull(socket) {
                Ok(()) => {}
                Err(SocketError::NotReady) => break,
                Err(_) if self.failure.is_some() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn note_completion(&mut self) {
        if !self.is_complete && !self.connection.is_handshaking() && !self.connection.wants_write() {
            self.is_complete = true;
        }
    }

    /// Takes in what has arrived.
    fn pull(&mut self, socket: &TcpSocket) -> Result<(), SocketError> {
        if self.incoming.is_empty() {
            match self.incoming.fill(socket) {
                Ok(()) => {}
                Err(SocketError::Disconnected(None)) => return Err(self.fail(socket, TlsError::Truncated)),
                Err(error) => return Err(error),
            }
        }
        self.feed(socket)
    }

    /// Decrypts what was taken in, until there is data enough to give out.
    fn feed(&mut self, socket: &TcpSocket) -> Result<(), SocketError> {
        while !self.incoming.is_empty() && self.plaintext == 0 {
            let taken = match self.connection.read_tls(&mut self.incoming.filled()) {
                Ok(taken) => taken,
                Err(error) => return Err(self.fail(socket, TlsError::Misbehaved(error.to_string()))),
            };
            self.incoming.consume(taken);
            match self.connection.process_new_packets() {
                Ok(state) => {
                    self.plaintext = state.plaintext_bytes_to_read();
                    self.has_ended |= state.peer_has_closed();
                }
                Err(error) => return Err(self.fail(socket, TlsError::of(&error))),
            }
            if taken == 0 {
                // After the peer's closing message nothing counts.
                self.incoming.release();
            }
        }
        Ok(())
    }

    #[cold]
    fn fail(&mut self, socket: &TcpSocket, error: TlsError) -> SocketError {
        self.incoming.release();
        let error = self.not_tls().unwrap_or(error);
        self.failure = Some(error.clone());
        // The alert.
        let _ = self.flush(socket);
        error.into()
    }

    /// What the peer speaks, if it is not TLS.
    fn not_tls(&self) -> Option<TlsError> {
        let opening = self.incoming.opening();
        let first = opening.first()?;
        if BEGINNINGS.contains(first) {
            return None;
        }
        let begins = |word: &[u8]| opening.starts_with(&word[..word.len().min(opening.len())]);
        Some(TlsError::NotTls { is_http: begins(b"HTTP/") || METHODS.iter().any(|method| begins(method)) })
    }

    /// Why sending failed: the peer may have told before it hung up.
    #[cold]
    fn reason(&mut self, socket: &TcpSocket, error: SocketError) -> SocketError {
        if !matches!(error, SocketError::Disconnected(_)) {
            return error;
        }
        for _ in 0..MOST_RECEIVES {
            if self.plaintext > 0 || self.pull(socket).is_err() {
                break;
            }
        }
        match &self.failure {
            Some(TlsError::Truncated) | None => error,
            Some(failure) => failure.clone().into(),
        }
    }
}

/// The socket, as rustls writes to it.
struct Out<'a>(&'a TcpSocket);

impl Write for Out<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.try_send(data).map_err(io::Error::from)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_send_vectored(pieces).map_err(io::Error::from)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
