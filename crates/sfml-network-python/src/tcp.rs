//! `TcpSocket` for Python.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
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
use crate::waiting;

/// The most bytes handed to the system in one call with the interpreter attached.
const PIECE: usize = 256 << 10;

/// One TCP connection.
///
/// Created empty; `connect` connects it, `TcpListener.accept` returns connected ones. TCP_NODELAY is on.
/// In blocking mode a call waits until it can proceed, or until its `timeout` passes, which raises
/// `SocketNotReady`; in non-blocking mode that is raised at once.
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

/// The connected socket in a slot.
fn as_tcp(open: &Open) -> &Core {
    match open {
        Open::Tcp(socket) => socket,
        Open::Udp(_) | Open::Listener(_) => unreachable!("a TcpSocket's slot holds TCP sockets only"),
    }
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
        let outcome = waiting::attempt(py, deadline, |wait| as_tcp(&open).finish_connect_within(wait));
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
        slf.as_super().get().slot().ask(|open| question(as_tcp(open)))
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
        let send = || as_tcp(&open).try_send_packet(&core);
        let sent = slf.as_super().get().perform(py, &open, Readiness::WRITABLE, deadline, send);
        // Part of it may be on its way: the rest has to be of the same making.
        if sent.as_ref().is_err_and(|error| !error::is_verdict(py, error)) {
            let kept = Transformed { open: Arc::downgrade(&open), version, core };
            *lock(&slf.get().transformed) = Some(kept);
        }
        sent
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
        let send = |piece| as_tcp(&open).try_send(&data[piece]);
        slf.as_super().get().send_in_pieces(py, &open, size, timeout, error::is_not_ready, send)
    }

    /// Receives 1 to `size` bytes, waiting until some arrive.
    ///
    /// At most 1 MiB is received by one call. A `size` of 0 returns ``b""`` and touches nothing.
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
        let socket = as_tcp(&open);
        let deadline = || timeout.unwrap_or_default().deadline();
        let received = buffer::receive_bytes(py, size.0, |memory| {
            let receive = || socket.try_receive_uninit(memory).map(|filled| filled.len());
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
        let received =
            buffer::receive_bytes(py, size.0, |memory| match as_tcp(&open).try_receive_uninit(memory) {
                Ok(filled) => Ok((filled.len(), ())),
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
            let receive = || as_tcp(&open).try_receive(memory);
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
            let receive = || as_tcp(&open).try_receive_uninit(&mut memory[..room]).map(|filled| filled.len());
            let more = slf.as_super().get().perform(py, &open, Readiness::READABLE, || deadline, receive)?;
            turn += more;
            Ok(more)
        })
    }

    /// Returns what `receive` would, without taking it: the next call receives the same bytes again.
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
        let peek = || as_tcp(&open).try_peek(&mut data);
        let length = slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, peek)?;
        Ok(PyBytes::new(py, &data[..length]))
    }

    /// Tells the peer that nothing more will be sent; this end can still receive.
    fn shutdown(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let open = Self::open(slf)?;
        as_tcp(&open).shutdown(std::net::Shutdown::Write).map_err(|error| error::to_python(py, &error))
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
        let send = || packet.get().with_core(|core| as_tcp(&open).try_send_packet(core));
        slf.as_super().get().perform(slf.py(), &open, Readiness::WRITABLE, deadline, send)
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
        let receive = || as_tcp(&open).try_receive_packet();
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
        Self::ask(slf, |socket| socket.set_packet_limit(limit.0));
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
