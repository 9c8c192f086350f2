//! `TcpListener` for Python.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use sfml_network::{
    IpAddress as Address, ListenOptions, Readiness, SocketError, TcpListener as Core, TcpSocket as CoreSocket,
};

use crate::address::IpAddress;
use crate::argument::{AddressArgument, Port, Timeout, Whole};
use crate::error;
use crate::open::Open;
use crate::socket::Socket;
use crate::tcp::TcpSocket;

/// Listens on a port and accepts TCP connections.
///
/// The port can be listened on again as soon as the listener is closed (SO_REUSEADDR, on Unix).
///
/// >>> from sfml.network import IpAddress, TcpListener
/// >>> with TcpListener() as listener:
/// ...     listener.listen(0, IpAddress.LOCAL_HOST)
/// ...     listener.local_port > 0
/// True
#[pyclass(frozen, subclass, extends = Socket, module = "sfml.network")]
pub(crate) struct TcpListener {
    /// Without a part of its own, Python would let a class inherit from a listener and a socket at once.
    #[expect(dead_code, reason = "its size is what it is for")]
    layout: u8,
}

fn as_listener(open: &Open) -> &Core {
    match open {
        Open::Listener(listener) => listener,
        _ => unreachable!("a TcpListener's slot holds listeners only"),
    }
}

impl TcpListener {
    pub(crate) fn open(slf: &Bound<'_, Self>) -> PyResult<Arc<Open>> {
        let idle = || error::misuse(slf.py(), "the listener is not listening, call listen() first");
        slf.as_super().get().slot().get().ok_or_else(idle)
    }

    /// Hands out a connection, in a new socket or the one given.
    fn hand_out<'py>(
        py: Python<'py>,
        accepted: CoreSocket,
        socket: Option<Bound<'py, TcpSocket>>,
    ) -> PyResult<Bound<'py, TcpSocket>> {
        match socket {
            Some(socket) => {
                TcpSocket::fill(&socket, accepted);
                Ok(socket)
            }
            None => Ok(TcpSocket::wrap(py, accepted)?.into_bound(py)),
        }
    }
}

#[pymethods]
impl TcpListener {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyClassInitializer<Self> {
        PyClassInitializer::from(Socket::empty()).add_subclass(Self { layout: 0 })
    }

    /// The port it listens on, 0 when it does not listen.
    #[getter]
    fn local_port(slf: &Bound<'_, Self>) -> u16 {
        slf.as_super().get().slot().ask(Open::local_port).unwrap_or(0)
    }

    /// The address it listens on, `IpAddress.NONE` when it does not listen.
    #[getter]
    fn local_address(slf: &Bound<'_, Self>) -> IpAddress {
        let address = slf.as_super().get().slot().ask(|open| as_listener(open).local_address());
        IpAddress(address.flatten())
    }

    /// Listens on a port, after it stopped listening on any other.
    ///
    /// Port 0 (`Socket.ANY_PORT`) lets the system choose one, which `local_port` tells. Without `address` it
    /// listens on every IPv4 interface; `IpAddress.ANY_V6` stands for every interface of both kinds. `backlog` is
    /// how many connections may wait to be accepted; the system lowers it to its own maximum. `reuse_port` (Unix)
    /// spreads connections over all listeners on the port that do the same.
    ///
    /// Raises `SocketError` when the port is taken or not permitted, or the address is not of this computer.
    #[pyo3(
        signature = (port, address=None, *, backlog=Whole(4096), reuse_port=false),
        text_signature = "($self, port, address=None, *, backlog=4096, reuse_port=False)"
    )]
    fn listen(
        slf: &Bound<'_, Self>,
        port: Port,
        address: Option<AddressArgument>,
        backlog: Whole<u16>,
        reuse_port: bool,
    ) -> PyResult<()> {
        let py = slf.py();
        let address = address.map_or(Ok(Address::ANY), |address| address.get(py))?;
        let base = slf.as_super().get();
        base.slot().close(py);
        let options = ListenOptions { backlog: backlog.0.into(), reuse_port, ..ListenOptions::default() };
        let listener = Core::listen_with(address, port.0, options);
        base.put(py, Open::Listener(listener.map_err(|error| error::to_python(py, &error))?));
        Ok(())
    }

    /// Stops listening, and ends the calls other threads have under way. No effect when not listening.
    fn close(slf: &Bound<'_, Self>) {
        slf.as_super().get().slot().close(slf.py());
    }

    /// Accepts a connection, waiting until one comes, and returns its `TcpSocket`, in blocking mode.
    ///
    /// Given a socket, the connection is put into that one, after what it had was disconnected.
    ///
    /// Raises `SocketNotReady` when none came in the time allowed, `SocketError` when the listener does not listen
    /// or the system has no descriptors left.
    #[pyo3(signature = (socket=None, timeout=None))]
    fn accept<'py>(
        slf: &Bound<'py, Self>,
        socket: Option<Bound<'py, TcpSocket>>,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, TcpSocket>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let accept = || as_listener(&open).try_accept();
        let accepted = slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, accept)?;
        Self::hand_out(py, accepted, socket)
    }

    /// Accepts a connection that is there already, whatever the mode; `None` when there is none.
    fn try_accept<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, TcpSocket>>> {
        let py = slf.py();
        match as_listener(&*Self::open(slf)?).try_accept() {
            Ok(accepted) => Self::hand_out(py, accepted, None).map(Some),
            Err(SocketError::NotReady) => Ok(None),
            Err(error) => Err(error::to_python(py, &error)),
        }
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let name = slf.get_type().name()?;
        Ok(match slf.as_super().get().slot().ask(Open::local_port) {
            Some(port) => format!("<{name} on port {port}>"),
            None => format!("<{name} not listening>"),
        })
    }
}
