//! `TlsSocket`: a TCP connection inside TLS.
//!
//! Making one and asking about it is here, `transfer` moves bytes, `packets` moves packets, `watched` is how a selector
//! sees it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rustls::Connection;

use super::session::Session;
use super::version::{Version, iana_name};
use super::{ClientConfig, ServerConfig, TlsError};
use crate::address::IpAddress;
use crate::descriptor::{Descriptor, lock};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::selector::sealed::Sealed;
use crate::socket::{Packets, TcpSocket};
use crate::time::Deadline;
use crate::wait::Wait;

/// How long a thread sleeps at most where another may take in what it waits for.
const SHARED_SLICE: Duration = Duration::from_millis(40);

/// A TCP connection inside TLS.
///
/// Made from a connected [`TcpSocket`], by [`connect`](Self::connect) or [`accept`](Self::accept); it is closed when
/// dropped, which tells the peer. The methods are those of the socket, and like there all take `&self`: one thread may
/// send while another receives and a third [disconnects](Self::disconnect).
///
/// ```
/// use sfml_network::tls::{ClientConfig, ServerConfig, TlsSocket};
/// use sfml_network::{IpAddress, TcpListener, TcpSocket};
/// use std::time::Duration;
///
/// # let certificates = testkit::certificates::Certificates::shared();
/// # let (chain, key) = (certificates.good.chain.as_bytes(), certificates.good.key.as_bytes());
/// # let authority = certificates.authority.pem.as_bytes();
/// let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
/// let port = listener.local_port();
/// let config = ServerConfig::new(chain, key)?;
/// let server = std::thread::spawn(move || {
///     let socket = TlsSocket::accept(listener.accept()?, &config, Duration::from_secs(10))?;
///     socket.send(b"hello")
/// });
///
/// let config = ClientConfig::builder().roots(authority)?.build()?;
/// let socket = TcpSocket::connect(IpAddress::LOCAL_HOST, port, Duration::from_secs(10))?;
/// let socket = TlsSocket::connect(socket, "localhost", &config, Duration::from_secs(10))?;
/// let mut greeting = [0; 5];
/// socket.receive_exact(&mut greeting)?;
/// assert_eq!(&greeting, b"hello");
/// # server.join().expect("it ends")?;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Debug)]
pub struct TlsSocket(pub(super) Arc<Inner>);

/// What a socket and the selectors it is in share.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) socket: TcpSocket,
    /// Locked for what can be done at once, never across a wait.
    session: Mutex<Session>,
    /// Locked before the session.
    pub(super) packets: Packets,
}

/// How far a connection inside TLS is. The names are SFML's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TlsStatus {
    /// The socket was disconnected.
    NotConnected,
    /// The two ends still agree on keys.
    HandshakeStarted,
    /// Data can be sent and received.
    HandshakeComplete,
    /// TLS has failed, and with it the connection.
    Error,
}

impl TlsSocket {
    /// Puts a connection into TLS as the client, with the whole handshake.
    ///
    /// `name` is the name of the server, which its certificate has to be for: a host, an address, or whatever name is in
    /// a certificate that was [given](super::ClientConfigBuilder::roots). `timeout` bounds the call as a whole.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: the time ran out; the connection is given up, as it is after any error.
    /// * [`SocketError::Disconnected`]: the peer hung up. With [`TlsError::Truncated`] it did so without a word.
    /// * [`SocketError::Other`] with a [`TlsError`]: everything else, each under its name.
    pub fn connect<'a>(
        socket: TcpSocket,
        name: &str,
        config: &ClientConfig,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<Self, SocketError> {
        let connection = config.connection(name)?;
        Self::begin(socket, connection.into()).complete(timeout.into())
    }

    /// Puts a connection that was accepted into TLS as the server, with the whole handshake.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn accept<'a>(
        socket: TcpSocket,
        config: &ServerConfig,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<Self, SocketError> {
        let connection = config.connection()?;
        Self::begin(socket, connection.into()).complete(timeout.into())
    }

    /// As [`connect`](Self::connect), but returns at once with a socket in non-blocking mode. The handshake goes on with
    /// [`handshake`](Self::handshake), with every other call, and while a selector waits. The socket may still be
    /// [connecting](TcpSocket::start_connect).
    ///
    /// # Errors
    /// [`TlsError::Configuration`] when there can be no such server.
    pub fn start_connect(socket: TcpSocket, name: &str, config: &ClientConfig) -> Result<Self, SocketError> {
        let connection = config.connection(name)?;
        Ok(Self::start(socket, connection.into()))
    }

    /// As [`accept`](Self::accept), but returns at once with a socket in non-blocking mode.
    ///
    /// # Errors
    /// As [`start_connect`](Self::start_connect).
    pub fn start_accept(socket: TcpSocket, config: &ServerConfig) -> Result<Self, SocketError> {
        let connection = config.connection()?;
        Ok(Self::start(socket, connection.into()))
    }

    fn begin(socket: TcpSocket, connection: Connection) -> Self {
        let (session, packets) = (Mutex::new(Session::new(connection)), socket.packets().alike());
        let inner = Arc::new(Inner { socket, session, packets });
        inner.watch();
        Self(inner)
    }

    fn start(socket: TcpSocket, connection: Connection) -> Self {
        socket.set_blocking(false);
        let started = Self::begin(socket, connection);
        // The client speaks first. What comes of it, the calls to come tell.
        if let Err(error @ (SocketError::Disconnected(_) | SocketError::Other(_))) = started.handshake() {
            started.session().tell_later(error);
        }
        started
    }

    fn complete(self, mut wait: Wait<'_>) -> Result<Self, SocketError> {
        self.retry(Readiness::READABLE, &mut wait, |session, socket| session.advance(socket))?;
        Ok(self)
    }

    /// Moves the handshake on; `Ok` once it is complete. In blocking mode that is waited for.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), except that [`SocketError::NotReady`] gives nothing up.
    pub fn handshake(&self) -> Result<(), SocketError> {
        self.by_mode(Readiness::READABLE, |session, socket| session.advance(socket))
    }

    /// Waits until the handshake is complete, as told, whatever the mode.
    ///
    /// # Errors
    /// As [`handshake`](Self::handshake).
    pub fn handshake_within<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.retry(Readiness::READABLE, &mut timeout.into(), |session, socket| session.advance(socket))
    }

    /// How far the connection is. Moves nothing on.
    pub fn status(&self) -> TlsStatus {
        if self.descriptor().is_closed() {
            return TlsStatus::NotConnected;
        }
        let session = self.session();
        match session.failure() {
            Some(_) => TlsStatus::Error,
            None if session.is_complete() => TlsStatus::HandshakeComplete,
            None => TlsStatus::HandshakeStarted,
        }
    }

    /// What TLS has failed with, which every call reports from then on.
    pub fn failure(&self) -> Option<TlsError> {
        self.session().failure().cloned()
    }

    /// The version of TLS that was agreed on.
    pub fn version(&self) -> Option<Version> {
        self.session().connection().protocol_version().and_then(Version::of)
    }

    /// The cipher suite that was agreed on, by its name in IANA's registry, such as `TLS_AES_256_GCM_SHA384`.
    pub fn ciphersuite(&self) -> Option<&'static str> {
        iana_name(self.session().connection().negotiated_cipher_suite()?.suite())
    }

    /// The application protocol that was agreed on (ALPN).
    pub fn alpn(&self) -> Option<Vec<u8>> {
        self.session().connection().alpn_protocol().map(<[u8]>::to_vec)
    }

    /// The certificates that the peer has shown, its own first (DER). Empty before the handshake, and for a client that
    /// has shown none.
    pub fn peer_certificates(&self) -> Vec<Vec<u8>> {
        let session = self.session();
        let certificates = session.connection().peer_certificates().unwrap_or_default();
        certificates.iter().map(|certificate| certificate.to_vec()).collect()
    }

    /// Whether the handshake took up an earlier session; `None` before that is known.
    pub fn handshake_kind(&self) -> Option<HandshakeKind> {
        let kind = |resumed| if resumed { HandshakeKind::Resumed } else { HandshakeKind::Full };
        self.session().has_resumed().map(kind)
    }

    /// At the server, the name that the client has asked for (SNI, RFC 6066 §3).
    pub fn server_name(&self) -> Option<String> {
        match self.session().connection() {
            Connection::Server(server) => server.server_name().map(str::to_owned),
            Connection::Client(_) => None,
        }
    }

    /// Whether plain calls wait until they can proceed.
    pub fn is_blocking(&self) -> bool {
        self.0.socket.is_blocking()
    }

    /// Lets plain calls wait (`true`), or return [`SocketError::NotReady`] at once.
    pub fn set_blocking(&self, blocking: bool) {
        self.0.socket.set_blocking(blocking);
    }

    /// How long a plain call in blocking mode waits; `None`, the default, for no limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.0.socket.timeout()
    }

    /// Limits how long a plain call in blocking mode waits, as a whole.
    pub fn set_timeout(&self, timeout: Option<Duration>) {
        self.0.socket.set_timeout(timeout);
    }

    /// The port of this end, 0 when not connected.
    pub fn local_port(&self) -> u16 {
        self.0.socket.local_port()
    }

    /// The address of this end, `None` when not connected.
    pub fn local_address(&self) -> Option<IpAddress> {
        self.0.socket.local_address()
    }

    /// The address of the peer, `None` when not connected.
    pub fn remote_address(&self) -> Option<IpAddress> {
        self.0.socket.remote_address()
    }

    /// The port of the peer, 0 when not connected.
    pub fn remote_port(&self) -> u16 {
        self.0.socket.remote_port()
    }

    /// The TCP socket underneath, to ask for and set its options. Bytes that are sent or received on it past TLS break
    /// the connection.
    pub fn tcp(&self) -> &TcpSocket {
        &self.0.socket
    }

    /// Ends the connection, and within moments every call on it in other threads, with
    /// [`SocketError::Disconnected`]. The peer is told if there is room for that. The socket leaves its selectors.
    pub fn disconnect(&self) {
        self.part();
        self.0.socket.disconnect();
    }

    fn part(&self) {
        let descriptor = self.descriptor();
        // A forked child's copy says nothing: the keys are also the parent's.
        if !descriptor.is_closed() && !descriptor.is_foreign() {
            self.session().part(&self.0.socket);
        }
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        self.0.session()
    }

    /// Tries once. What the session then holds for selectors, they are told.
    pub(super) fn attempt<T>(
        &self,
        want: Readiness,
        operation: &mut impl FnMut(&mut Session, &TcpSocket) -> Result<T, SocketError>,
    ) -> (Result<T, SocketError>, Readiness) {
        if self.descriptor().is_closed() {
            return (Err(self.descriptor().closed_error()), want);
        }
        let mut session = self.session();
        // Until a handshake is complete, selectors watch for what it needs, and not for what they were asked.
        let was_complete = session.is_complete();
        let outcome = operation(&mut session, &self.0.socket);
        let needs = session.needs(want);
        let wants_attention = session.wants_attention() || !was_complete;
        drop(session);
        if wants_attention {
            self.descriptor().call_attention();
        }
        (outcome, needs)
    }

    /// Tries until it no longer would block, waiting in between.
    pub(super) fn retry<T>(
        &self,
        want: Readiness,
        wait: &mut Wait<'_>,
        mut operation: impl FnMut(&mut Session, &TcpSocket) -> Result<T, SocketError>,
    ) -> Result<T, SocketError> {
        loop {
            match self.attempt(want, &mut operation) {
                (Err(SocketError::NotReady), needs) => self.sleep(needs, wait)?,
                (done, _) => return done,
            }
        }
    }

    /// As the socket's mode says.
    pub(super) fn by_mode<T>(
        &self,
        want: Readiness,
        mut operation: impl FnMut(&mut Session, &TcpSocket) -> Result<T, SocketError>,
    ) -> Result<T, SocketError> {
        match self.attempt(want, &mut operation).0 {
            Err(SocketError::NotReady) if self.is_blocking() => {
                self.retry(want, &mut self.timeout().into(), operation)
            }
            done => done,
        }
    }

    /// Sleeps until the socket is ready, in slices where the bytes this thread waits for may be taken in by another, or
    /// by a selector, which the socket would not tell.
    pub(super) fn sleep(&self, needs: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        let is_alone = self.session().is_complete() && !self.descriptor().is_registered();
        if is_alone {
            return self.0.socket.until_ready(needs, wait);
        }
        let slice = wait.deadline().sooner(Deadline::after(SHARED_SLICE));
        match wait.until_sooner(slice, |wait| self.0.socket.until_ready(needs, wait)) {
            Err(SocketError::NotReady) if wait.go_on()? => Ok(()),
            slept => slept,
        }
    }
}

impl Inner {
    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        lock(&self.session)
    }
}

impl Drop for TlsSocket {
    fn drop(&mut self) {
        self.part();
    }
}

impl Sealed for TlsSocket {
    #[inline]
    fn descriptor(&self) -> &Descriptor {
        self.0.socket.descriptor()
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for TlsSocket {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.0.socket.as_fd()
    }
}

#[cfg(unix)]
impl std::os::fd::AsRawFd for TlsSocket {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        self.0.socket.as_raw_fd()
    }
}

#[cfg(windows)]
impl std::os::windows::io::AsSocket for TlsSocket {
    fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
        self.0.socket.as_socket()
    }
}

#[cfg(windows)]
impl std::os::windows::io::AsRawSocket for TlsSocket {
    fn as_raw_socket(&self) -> std::os::windows::io::RawSocket {
        self.0.socket.as_raw_socket()
    }
}

/// How a handshake went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum HandshakeKind {
    /// From the beginning, with certificates.
    Full,
    /// It took up an earlier session between the two.
    Resumed,
}
