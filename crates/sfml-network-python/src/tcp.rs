//! `TcpSocket` for Python.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};
use sfml_network::tls::{HandshakeKind, TlsSocket, Version};
use sfml_network::{
    Deadline, IpAddress as Address, Packet as CorePacket, Readiness, SocketError, TcpSocket as Core,
};

use crate::address::IpAddress;
use crate::argument::{Data, Port, Size, Target, Timeout, either};
use crate::buffer;
use crate::error;
use crate::lock::lock;
use crate::open::Open;
use crate::packet::Packet;
use crate::socket::Socket;
use crate::tls::{self, Alpn, ClientArguments, ServerArguments};
use crate::waiting;

/// The most bytes handed to the system in one call with the interpreter attached.
const PIECE: usize = 256 << 10;

/// What `peek` says inside TLS.
const NO_PEEK: &str = "inside TLS there is no peek, receive the data and keep it";

/// One TCP connection.
///
/// Created empty; `connect` connects it, `TcpListener.accept` returns connected ones. TCP_NODELAY is on.
/// In blocking mode a call waits until it can proceed, or until its `timeout` passes, which raises
/// `SocketNotReady`; in non-blocking mode that is raised at once. `setup_tls_client` and `setup_tls_server` put a
/// connection into TLS, where everything but `peek` works as before.
///
/// >>> from sfml.network import IpAddress, TcpListener, TcpSocket
/// >>> with TcpListener() as listener, TcpSocket() as client:
/// ...     listener.listen(0, IpAddress.LOCAL_HOST)
/// ...     client.connect(IpAddress.LOCAL_HOST, listener.local_port)
/// ...     with listener.accept() as server:
/// ...         client.send(b"hello"), server.receive(1024)
/// (5, b'hello')
#[pyclass(frozen, subclass, extends = Socket, module = "sfml.network")]
pub(crate) struct TcpSocket {
    packet_limit: AtomicUsize,
    transformed: Mutex<Option<Transformed>>,
}

/// What `on_send` made of a packet that is partly on its way.
struct Transformed {
    open: Weak<Open>,
    /// Of the packet.
    version: u64,
    core: CorePacket,
}

impl TcpSocket {
    fn new_part() -> Self {
        Self { packet_limit: AtomicUsize::new(Core::DEFAULT_PACKET_LIMIT), transformed: Mutex::default() }
    }

    /// A new Python object around a connection.
    pub(crate) fn wrap(py: Python<'_>, socket: Core) -> PyResult<Py<Self>> {
        let base = PyClassInitializer::from(Socket::holding(Open::Tcp(socket)));
        Py::new(py, base.add_subclass(Self::new_part()))
    }

    /// Puts a connection into an existing object, closing what it had.
    pub(crate) fn fill(slf: &Bound<'_, Self>, socket: Core) -> Arc<Open> {
        socket.set_packet_limit(slf.get().packet_limit.load(Ordering::Relaxed));
        slf.as_super().get().put(slf.py(), Open::Tcp(socket))
    }

    /// Connects to the first address that answers; the time left is shared among those left.
    fn connect_to_any(
        slf: &Bound<'_, Self>,
        addresses: &[Address],
        port: u16,
        deadline: Deadline,
    ) -> PyResult<()> {
        let mut last = error::misuse(slf.py(), "the host has no address");
        for (tried, address) in addresses.iter().enumerate() {
            let share = deadline.remaining().map(|left| left / (addresses.len() - tried) as u32);
            match Self::connect_to(slf, *address, port, share.into())? {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Connects to one address. The attempt is in the slot from its start, so that `disconnect` ends it.
    ///
    /// The inner error is one that another address may not have.
    fn connect_to(
        slf: &Bound<'_, Self>,
        address: Address,
        port: u16,
        deadline: Deadline,
    ) -> PyResult<PyResult<()>> {
        let py = slf.py();
        let open = match Core::start_connect(address, port) {
            Ok(started) => Self::fill(slf, started),
            Err(error) => return Ok(Err(error::to_python(py, &error))),
        };
        let outcome = waiting::attempt(py, deadline, |wait| open.as_tcp().finish_connect_within(wait));
        let succeeded = matches!(outcome, Ok(Ok(())));
        let was_ours = !succeeded && slf.as_super().get().slot().discard(&open);
        if was_ours {
            // Another thread may be waiting on it already.
            open.close();
        }
        match outcome? {
            Ok(()) => Ok(Ok(())),
            Err(error) if was_ours => Ok(Err(error::to_python_about(py, &error, (address, port)))),
            Err(_) => {
                let sentence = "the attempt to connect was ended by another thread";
                let ended = io::Error::new(io::ErrorKind::ConnectionAborted, sentence);
                Err(error::to_python(py, &SocketError::Disconnected(Some(ended))))
            }
        }
    }

    /// The open socket, or the exception that says there is none.
    #[inline]
    pub(crate) fn open(slf: &Bound<'_, Self>) -> PyResult<Arc<Open>> {
        let unconnected = || error::misuse(slf.py(), "the socket is not connected, call connect() first");
        slf.as_super().get().slot().get().ok_or_else(unconnected)
    }

    pub(crate) fn ask<T>(slf: &Bound<'_, Self>, question: impl FnOnce(&Core) -> T) -> Option<T> {
        slf.as_super().get().slot().ask(|open| question(open.as_tcp()))
    }

    /// Sends what `on_send` of a packet's class makes of it, or what it made for this connection before.
    fn send_transformed(
        slf: &Bound<'_, Self>,
        packet: &Bound<'_, Packet>,
        timeout: Option<Timeout>,
    ) -> PyResult<()> {
        let py = slf.py();
        let version = packet.get().version();
        let kept = lock(&slf.get().transformed).take();
        let slot = slf.as_super().get().slot();
        let core = match kept.filter(|kept| kept.version == version && slot.holds_weak(&kept.open)) {
            Some(kept) => kept.core,
            None => Packet::transformed(packet)?,
        };
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let flush_until = Self::flush_until(&open, timeout.unwrap_or_default());
        let send = || open.try_send_packet(&core);
        let sent = slf.as_super().get().perform(py, &open, Readiness::WRITABLE, deadline, send);
        // Part of it may be on its way: the rest has to be of the same making.
        if sent.as_ref().is_err_and(|error| !error::is_verdict(py, error)) {
            let kept = Transformed { open: Arc::downgrade(&open), version, core };
            *lock(&slf.get().transformed) = Some(kept);
        }
        sent?;
        Self::flush(slf, &open, flush_until)
    }

    /// Until when a call waits for the system to take what TLS has taken; `None` on a plain connection.
    #[inline]
    fn flush_until(open: &Open, timeout: Timeout) -> Option<Deadline> {
        open.inside_tls().map(|_| timeout.deadline())
    }

    /// In blocking mode what was sent is with the system when the call returns. What the time does not suffice for
    /// goes out with later calls: it was taken.
    #[inline]
    fn flush(slf: &Bound<'_, Self>, open: &Arc<Open>, until: Option<Deadline>) -> PyResult<()> {
        let (py, base) = (slf.py(), slf.as_super().get());
        let Some(deadline) = until.filter(|_| base.is_blocking()) else { return Ok(()) };
        match base.perform(py, open, Readiness::WRITABLE, || deadline, || open.try_flush()) {
            Err(error) if error::is_not_ready(py, &error) => Ok(()),
            done => done,
        }
    }
}

#[pymethods]
impl TcpSocket {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyClassInitializer<Self> {
        PyClassInitializer::from(Socket::empty()).add_subclass(Self::new_part())
    }

    /// The port of this end, 0 when not connected.
    #[getter]
    fn local_port(slf: &Bound<'_, Self>) -> u16 {
        Self::ask(slf, Core::local_port).unwrap_or(0)
    }

    /// The address of this end, `IpAddress.NONE` when not connected.
    #[getter]
    fn local_address(slf: &Bound<'_, Self>) -> IpAddress {
        IpAddress(Self::ask(slf, Core::local_address).flatten())
    }

    /// The address of the peer, `IpAddress.NONE` when not connected.
    #[getter]
    fn remote_address(slf: &Bound<'_, Self>) -> IpAddress {
        IpAddress(Self::ask(slf, Core::remote_address).flatten())
    }

    /// The port of the peer, 0 when not connected.
    #[getter]
    fn remote_port(slf: &Bound<'_, Self>) -> u16 {
        Self::ask(slf, Core::remote_port).unwrap_or(0)
    }

    /// Connects to a peer; a socket that is connected is disconnected first.
    ///
    /// `remote_address` is an `IpAddress`, an `ipaddress` address, or a str: a numeric address or a host name,
    /// each of whose addresses is tried. `timeout` bounds all of it: a `Time`, a `timedelta` or seconds; `None`
    /// and zero leave it to the system, about two minutes on Linux.
    ///
    /// In non-blocking mode it raises `SocketNotReady` and goes on in the background: `remote_address` tells
    /// when it has succeeded, a selector with ``writable=True`` when it has ended. A numeric address is needed.
    ///
    /// Raises `SocketNotReady` when the time ran out, `SocketError` when the peer refused or cannot be reached.
    #[pyo3(
        signature = (remote_address, remote_port=None, timeout=None, *, port=None),
        text_signature = "($self, remote_address, remote_port=..., timeout=None, *, port=...)"
    )]
    fn connect(
        slf: &Bound<'_, Self>,
        remote_address: Target,
        remote_port: Option<Port>,
        timeout: Option<Timeout>,
        port: Option<Port>,
    ) -> PyResult<()> {
        let py = slf.py();
        let Port(port) = either("remote_port", remote_port, "port", port)?;
        let base = slf.as_super().get();
        base.slot().close(py);
        let deadline = timeout.unwrap_or_default().deadline();
        match remote_address {
            Target::Host(_) if !base.is_blocking() => {
                Err(error::misuse(py, "a name cannot be looked up without waiting, use IpAddress.resolve"))
            }
            Target::Host(name) => {
                let addresses = waiting::detached(py, deadline, |wait| Address::resolve(&name, wait))?;
                Self::connect_to_any(slf, &addresses, port, deadline)
            }
            Target::Address(address) => {
                let address = address.get(py)?;
                if base.is_blocking() {
                    return Self::connect_to_any(slf, &[address], port, deadline);
                }
                let started = Core::start_connect(address, port);
                Self::fill(slf, started.map_err(|error| error::to_python(py, &error))?);
                Err(error::to_python(py, &SocketError::NotReady))
            }
        }
    }

    /// The enumeration of `tls_status`, under SFML's name.
    #[classattr]
    #[expect(non_snake_case, reason = "the class has the documented name")]
    fn TlsStatus(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        tls::statuses(py).map(|class| class.clone().into_any())
    }

    /// Puts the connection into TLS as the client, or moves the handshake on; returns the `TlsStatus`.
    ///
    /// `hostname` is whom the certificate has to be for: a host, an address, or whatever name is in a certificate that
    /// is given as `ca`. In blocking mode the whole handshake is done, within `timeout`, and HANDSHAKE_COMPLETE is
    /// returned. In non-blocking mode it is HANDSHAKE_STARTED until the handshake is complete: calling again moves it
    /// on, and so do `send`, `receive` and a selector that waits. Later calls look at `timeout` only. On a socket that
    /// is not connected nothing happens, which is NOT_CONNECTED.
    ///
    /// `ca` replaces the system's authorities by those in PEM text, as str or bytes, or in the file of that path. A
    /// certificate in it is believed itself, too, when the server shows that very one, as those that
    /// ``openssl req -x509`` makes. ``verify=False`` believes whoever answers, which hides nothing from somebody in
    /// between: for tests. `cert` and `key` are shown to servers that ask for a certificate; `key` may be left out
    /// when the file of `cert` has both, and `password` opens an encrypted one (PKCS #8). `alpn` are application
    /// protocols, the preferred one first.
    ///
    /// What the arguments give is kept for the next connection with the same, together with the sessions it can take
    /// up: there is no object to make and to pass around for that. Files are read each time, and a changed one is another
    /// argument; the system's authorities are read once.
    ///
    /// Raises `TlsError`, whose ``reason`` is a word for what is wrong. Nothing is sent on the connection after that,
    /// least of all in plain text; only after "configuration", where nothing was sent yet, the call may be made again.
    /// `SocketNotReady` means that the time ran out; the handshake can go on. Another thread must not be receiving
    /// from the plain socket meanwhile, which raises `SocketError`.
    ///
    /// >>> from sfml.network import TcpSocket
    /// >>> TcpSocket().setup_tls_client("example.org").name
    /// 'NOT_CONNECTED'
    #[pyo3(
        signature = (
            hostname, verify=true, *, ca=None, cert=None, key=None, password=String::new(), alpn=None, timeout=None
        ),
        text_signature = "($self, hostname, verify=True, *, ca=None, cert=None, key=None, password='', alpn=None, \
                          timeout=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "all but one are optional keywords in Python")]
    fn setup_tls_client<'py>(
        slf: &Bound<'py, Self>,
        hostname: String,
        verify: bool,
        ca: Option<&Bound<'py, PyAny>>,
        cert: Option<&Bound<'py, PyAny>>,
        key: Option<&Bound<'py, PyAny>>,
        password: String,
        alpn: Option<Alpn>,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let arguments = ClientArguments::new(hostname, verify, ca, (cert, key, password), alpn)?;
        tls::set_up_client(slf.py(), slf.as_super().get(), &arguments, timeout.unwrap_or_default())
    }

    /// Puts the connection into TLS as the server, or moves the handshake on; returns the `TlsStatus`.
    ///
    /// `chain` is the certificate, followed by those between it and its authority, and `key` its private key: PEM text,
    /// as str or bytes, or the path of a file. `password` opens an encrypted key (PKCS #8). With `client_ca` clients
    /// are asked for a certificate from one of these authorities, and with `require_client_certificate` they have to
    /// show one; `peer_certificates` has it. Everything else is as with `setup_tls_client`.
    #[pyo3(
        signature = (
            chain, key, password=String::new(), *, client_ca=None, require_client_certificate=false, alpn=None,
            timeout=None
        ),
        text_signature = "($self, chain, key, password='', *, client_ca=None, require_client_certificate=False, \
                          alpn=None, timeout=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "all but two are optional in Python")]
    fn setup_tls_server<'py>(
        slf: &Bound<'py, Self>,
        chain: &Bound<'py, PyAny>,
        key: &Bound<'py, PyAny>,
        password: String,
        client_ca: Option<&Bound<'py, PyAny>>,
        require_client_certificate: bool,
        alpn: Option<Alpn>,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let arguments =
            ServerArguments::new((chain, key, password), client_ca, require_client_certificate, alpn)?;
        tls::set_up_server(slf.py(), slf.as_super().get(), &arguments, timeout.unwrap_or_default())
    }

    /// How far TLS is, a `TlsStatus`: NOT_CONNECTED on a plain socket, ERROR after a failure.
    #[getter]
    fn tls_status<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        tls::status_of(slf.py(), slf.as_super().get())
    }

    /// The version of TLS that was agreed on, "TLS 1.3" or "TLS 1.2"; `None` on a plain socket.
    #[getter]
    fn tls_version(slf: &Bound<'_, Self>) -> Option<&'static str> {
        tls::ask(slf.as_super().get(), |socket| socket.version().map(Version::name))
    }

    /// The cipher suite that was agreed on, such as "TLS_AES_256_GCM_SHA384"; `None` on a plain socket.
    #[getter]
    fn ciphersuite(slf: &Bound<'_, Self>) -> Option<&'static str> {
        tls::ask(slf.as_super().get(), TlsSocket::ciphersuite)
    }

    /// The application protocol that was agreed on (ALPN), `None` without one.
    #[getter]
    fn alpn(slf: &Bound<'_, Self>) -> Option<String> {
        let name = |protocol: Vec<u8>| String::from_utf8_lossy(&protocol).into_owned();
        tls::ask(slf.as_super().get(), |socket| socket.alpn().map(name))
    }

    /// The certificates that the peer has shown in TLS, its own first, as DER bytes.
    #[getter]
    fn peer_certificates<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyList>> {
        let shown = tls::ask(slf.as_super().get(), |socket| Some(socket.peer_certificates()));
        let shown = shown.unwrap_or_default();
        PyList::new(slf.py(), shown.iter().map(|certificate| PyBytes::new(slf.py(), certificate)))
    }

    /// Whether the handshake took up an earlier session; `None` before that is known, and on a plain socket.
    #[getter]
    fn session_reused(slf: &Bound<'_, Self>) -> Option<bool> {
        let kind = tls::ask(slf.as_super().get(), TlsSocket::handshake_kind)?;
        Some(kind == HandshakeKind::Resumed)
    }

    /// At the server's end of TLS the name that the client has asked for, `None` without one.
    #[getter]
    fn server_name(slf: &Bound<'_, Self>) -> Option<String> {
        tls::ask(slf.as_super().get(), TlsSocket::server_name)
    }

    /// Ends the connection, and the calls other threads have under way on it. No effect when not connected.
    fn disconnect(slf: &Bound<'_, Self>) {
        slf.as_super().get().slot().close(slf.py());
    }

    /// The same as `disconnect`, under the name other Python sockets use.
    fn close(slf: &Bound<'_, Self>) {
        slf.as_super().get().slot().close(slf.py());
    }

    /// Sends data and returns how many bytes the system took.
    ///
    /// `data` is bytes, any contiguous buffer, or a str, sent as UTF-8. In blocking mode all of it is sent; less
    /// only when `timeout` passed midway. In non-blocking mode at least one byte.
    ///
    /// Raises `SocketNotReady` when nothing could be sent in the time allowed, `SocketDisconnected` when the
    /// connection is over, `SocketError` when there is none.
    #[pyo3(signature = (data, timeout=None))]
    fn send(slf: &Bound<'_, Self>, data: Data<'_>, timeout: Option<Timeout>) -> PyResult<usize> {
        let py = slf.py();
        let data = data.bytes(py)?;
        let open = Self::open(slf)?;
        let (size, timeout) = ((data.len(), PIECE), timeout.unwrap_or_default());
        let flush_until = Self::flush_until(&open, timeout);
        let send = |piece| open.try_send(&data[piece]);
        let base = slf.as_super().get();
        let sent = base.send_in_pieces(py, &open, size, timeout, error::is_not_ready, send)?;
        Self::flush(slf, &open, flush_until)?;
        Ok(sent)
    }

    /// Receives 1 to `size` bytes, waiting until some arrive.
    ///
    /// At most 1 MiB is received by one call, inside TLS one record of 16 KiB. A `size` of 0 returns ``b""`` and
    /// touches nothing.
    ///
    /// Raises `SocketNotReady` when nothing arrived in the time allowed, `SocketDisconnected` when the peer closed
    /// or reset the connection, `SocketError` when there is none.
    #[pyo3(signature = (size, timeout=None))]
    fn receive<'py>(
        slf: &Bound<'py, Self>,
        size: Size,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let received = buffer::receive_bytes(py, size.0, |memory| {
            let receive = || open.try_receive_uninit(memory);
            let length = slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, receive)?;
            Ok((length, ()))
        });
        received.map(|(bytes, ())| bytes)
    }

    /// Receives what is there, without waiting whatever the mode; `None` when there is nothing.
    ///
    /// Cheaper than catching `SocketNotReady`. Raises `SocketDisconnected` and `SocketError` as `receive` does.
    fn try_receive<'py>(slf: &Bound<'py, Self>, size: Size) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let mut found = true;
        let received = buffer::receive_bytes(py, size.0, |memory| match open.try_receive_uninit(memory) {
            Ok(length) => Ok((length, ())),
            Err(SocketError::NotReady) => {
                found = false;
                Ok((0, ()))
            }
            Err(error) => Err(error::to_python(py, &error)),
        });
        received.map(|(bytes, ())| found.then_some(bytes))
    }

    /// Receives into a writable buffer and returns the number of bytes, at least 1 unless the buffer is empty.
    ///
    /// For large transfers, memory aligned to 64 bytes is up to twice as fast as memory that is not.
    #[pyo3(signature = (buffer, timeout=None))]
    fn receive_into(
        slf: &Bound<'_, Self>,
        buffer: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
    ) -> PyResult<usize> {
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        buffer::receive_into(buffer, |memory| {
            let receive = || open.try_receive(memory);
            slf.as_super().get().perform(slf.py(), &open, Readiness::READABLE, deadline, receive)
        })
    }

    /// Receives exactly `size` bytes.
    ///
    /// When that fails midway, the exception's attribute `partial` holds what had arrived.
    #[pyo3(signature = (size, timeout=None))]
    fn receive_exact<'py>(
        slf: &Bound<'py, Self>,
        size: Size,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = timeout.unwrap_or_default().deadline();
        let mut turn = 0;
        buffer::receive_exactly(py, size.0, |memory| {
            if turn >= PIECE {
                // A peer as fast as we are would never let us wait: let other threads run, and signals in.
                turn = 0;
                waiting::run_handlers(py)?;
                py.detach(std::thread::yield_now);
            }
            let room = memory.len().min(PIECE);
            let receive = || open.try_receive_uninit(&mut memory[..room]);
            let more = slf.as_super().get().perform(py, &open, Readiness::READABLE, || deadline, receive)?;
            turn += more;
            Ok(more)
        })
    }

    /// Returns what `receive` would, without taking it: the next call receives the same bytes again.
    ///
    /// Inside TLS that is not possible, and raises `SocketError`.
    #[pyo3(signature = (size, timeout=None))]
    fn peek<'py>(
        slf: &Bound<'py, Self>,
        size: Size,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let mut data = vec![0; size.0.min(buffer::MOST)];
        let inside_tls = || SocketError::from(io::Error::new(io::ErrorKind::Unsupported, NO_PEEK));
        let peek = || open.try_peek(&mut data).unwrap_or_else(|| Err(inside_tls()));
        let length = slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, peek)?;
        Ok(PyBytes::new(py, &data[..length]))
    }

    /// Tells the peer that nothing more will be sent; this end can still receive.
    ///
    /// Inside TLS that takes a message, which waits for its place behind what was sent: in blocking mode for as long as
    /// it takes, in non-blocking mode `SocketNotReady` asks to call again.
    fn shutdown(slf: &Bound<'_, Self>) -> PyResult<()> {
        let open = Self::open(slf)?;
        let finish = || open.try_finish_sending();
        slf.as_super().get().perform(slf.py(), &open, Readiness::WRITABLE, Deadline::never, finish)
    }

    /// Sends a packet: its length as four bytes, then its data, as SFML does.
    ///
    /// When `SocketNotReady` is raised, part of it may be on its way: call again with the same packet until that
    /// succeeds. Nothing is sent twice, and whatever else is sent in between waits for the rest.
    #[pyo3(signature = (packet, timeout=None))]
    fn send_packet(
        slf: &Bound<'_, Self>,
        packet: &Bound<'_, Packet>,
        timeout: Option<Timeout>,
    ) -> PyResult<()> {
        if Packet::transforms(packet)? {
            return Self::send_transformed(slf, packet, timeout);
        }
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let flush_until = Self::flush_until(&open, timeout.unwrap_or_default());
        let send = || packet.get().with_core(|core| open.try_send_packet(core));
        slf.as_super().get().perform(slf.py(), &open, Readiness::WRITABLE, deadline, send)?;
        Self::flush(slf, &open, flush_until)
    }

    /// Receives a packet and returns it; given one, fills and returns that.
    ///
    /// What has arrived of a packet is kept, so a call that raised `SocketNotReady` has lost nothing. Packets
    /// longer than `packet_limit` raise `SocketError`.
    #[pyo3(signature = (packet=None, timeout=None))]
    fn receive_packet<'py>(
        slf: &Bound<'py, Self>,
        packet: Option<Bound<'py, Packet>>,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, Packet>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let receive = || open.try_receive_packet();
        let received = slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, receive)?;
        // `on_receive` may close or detach the socket.
        drop(open);
        Packet::received(py, received, packet)
    }

    /// The longest packet this socket receives, in bytes; 16 MiB unless set.
    #[getter]
    fn packet_limit(&self) -> usize {
        self.packet_limit.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_packet_limit(slf: &Bound<'_, Self>, limit: Size) {
        slf.get().packet_limit.store(limit.0, Ordering::Relaxed);
        slf.as_super().get().slot().ask(|open| open.set_packet_limit(limit.0));
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let name = slf.get_type().name()?;
        let ends =
            Self::ask(slf, |socket| (socket.local_port(), socket.remote_address(), socket.remote_port()));
        Ok(match ends {
            Some((own, Some(address), port)) => format!("<{name} from port {own} to {address} port {port}>"),
            Some((own, None, _)) => format!("<{name} from port {own}, no peer>"),
            None => format!("<{name} not connected>"),
        })
    }
}
