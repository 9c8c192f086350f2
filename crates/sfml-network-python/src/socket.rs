//! `Socket`: what all three kinds share.

use std::ffi::CString;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::{PyNotImplementedError, PyResourceWarning};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use sfml_network::{Deadline, Readiness, SocketError};

use crate::argument::Timeout;
use crate::error;
use crate::open::{Open, Slot, let_go};
use crate::options::SocketOptions;
use crate::waiting;

/// Base of `TcpSocket`, `UdpSocket` and `TcpListener`; not created by itself.
///
/// All its methods may be used from several threads at once. Closing ends the calls other threads have under
/// way, within 50 ms. A socket closes itself when it is destroyed, with a `ResourceWarning`; use it as a context
/// manager, or close it.
#[pyclass(frozen, subclass, module = "sfml.network", weakref)]
pub(crate) struct Socket {
    blocking: AtomicBool,
    slot: Slot,
}

/// A member of the enumeration `Status`.
fn status<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("sfml_network._status")?.getattr("Status")?.getattr(name)
}

#[pymethods]
#[expect(non_snake_case, reason = "class constants have the documented names")]
impl Socket {
    /// Port 0: lets the system choose a port, which `local_port` tells.
    #[classattr]
    const ANY_PORT: u16 = 0;

    #[classattr]
    fn DONE(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        status(py, "DONE")
    }

    #[classattr]
    fn NOT_READY(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        status(py, "NOT_READY")
    }

    #[classattr]
    fn PARTIAL(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        status(py, "PARTIAL")
    }

    #[classattr]
    fn DISCONNECTED(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        status(py, "DISCONNECTED")
    }

    #[classattr]
    fn ERROR(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        status(py, "ERROR")
    }

    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        Err(PyNotImplementedError::new_err(
            "Socket is a base class, create a TcpSocket, UdpSocket or TcpListener",
        ))
    }

    /// Refuses arguments; `new` takes any, for the sake of subclasses that have an ``__init__`` of their own.
    fn __init__(&self) {}

    /// Whether calls wait until they can proceed (`True`, the default), or raise `SocketNotReady` at once.
    ///
    /// May be changed at any time, also before the socket is connected or bound, and costs no system call.
    #[getter]
    fn blocking(&self) -> bool {
        self.is_blocking()
    }

    #[setter]
    fn set_blocking(&self, blocking: &Bound<'_, PyAny>) -> PyResult<()> {
        self.blocking.store(blocking.is_truthy()?, Ordering::Relaxed);
        Ok(())
    }

    /// Whether the socket has no descriptor: it was closed, or not yet connected, bound or listening.
    #[getter]
    fn closed(&self) -> bool {
        self.slot.ask(|_| ()).is_none()
    }

    /// Returns the number of the socket's descriptor, or -1 when it has none.
    ///
    /// For `selectors`, `asyncio` loops' `add_reader`, and other code that waits on descriptors.
    ///
    /// >>> from sfml.network import UdpSocket
    /// >>> with UdpSocket() as socket:
    /// ...     socket.bind(0)
    /// ...     socket.fileno() >= 0
    /// True
    fn fileno(&self) -> i64 {
        self.slot.ask(Open::number).unwrap_or(-1)
    }

    /// Takes the descriptor out of this socket and returns its number, without closing it.
    ///
    /// The caller owns it from now on, for example as ``socket.socket(fileno=…)``. Raises `SocketError` when the
    /// socket has none, and for one inside TLS, which would be of no use to others.
    fn detach(&self, py: Python<'_>) -> PyResult<i64> {
        let inside_tls =
            || error::misuse(py, "a socket inside TLS keeps its descriptor, it cannot be detached");
        if self.slot.ask(|open| open.inside_tls().is_some()) == Some(true) {
            return Err(inside_tls());
        }
        let open = self
            .slot
            .replace(None)
            .ok_or_else(|| error::misuse(py, "the socket has no descriptor to detach"))?;
        match Arc::try_unwrap(open) {
            Ok(open) => open.into_number().ok_or_else(inside_tls),
            Err(shared) => {
                // Another thread is inside a call: it would go on with the caller's descriptor.
                shared.close();
                let_go(py, shared);
                Err(error::misuse(py, "the socket was in use by another thread, and is closed now"))
            }
        }
    }

    /// The options of the socket, such as ``socket.options.tcp_nodelay``; they can be used while it is open.
    #[getter]
    fn options(slf: Py<Self>) -> SocketOptions {
        SocketOptions(slf)
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) {
        self.slot.close(py);
    }
}

impl Socket {
    pub(crate) fn empty() -> Self {
        Self { blocking: AtomicBool::new(true), slot: Slot::default() }
    }

    /// The base of a socket that is open from the start.
    pub(crate) fn holding(open: Open) -> Self {
        let socket = Self::empty();
        socket.slot.replace(Some(Arc::new(open)));
        socket
    }

    #[inline]
    pub(crate) fn slot(&self) -> &Slot {
        &self.slot
    }

    #[inline]
    pub(crate) fn is_blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    /// Puts a new socket into the slot, closing the one that was there.
    pub(crate) fn put(&self, py: Python<'_>, open: Open) -> Arc<Open> {
        let open = Arc::new(open);
        if let Some(previous) = self.slot.replace(Some(Arc::clone(&open))) {
            previous.close();
            let_go(py, previous);
        }
        open
    }

    /// Does `operation`, which never waits, until it no longer would have to; in blocking mode waits in between.
    #[inline]
    pub(crate) fn perform<T>(
        &self,
        py: Python<'_>,
        open: &Arc<Open>,
        want: Readiness,
        deadline: impl FnOnce() -> Deadline,
        mut operation: impl FnMut() -> Result<T, SocketError>,
    ) -> PyResult<T> {
        match operation() {
            Ok(value) => Ok(value),
            Err(SocketError::NotReady) if self.is_blocking() => {
                self.perform_waiting(py, open, want, deadline(), operation)
            }
            Err(error) => Err(error::to_python(py, &error)),
        }
    }

    #[cold]
    fn perform_waiting<T>(
        &self,
        py: Python<'_>,
        open: &Arc<Open>,
        want: Readiness,
        deadline: Deadline,
        mut operation: impl FnMut() -> Result<T, SocketError>,
    ) -> PyResult<T> {
        loop {
            waiting::detached(py, deadline, |wait| open.wait(want, wait))?;
            match operation() {
                Ok(value) => return Ok(value),
                Err(SocketError::NotReady) if self.slot.holds(open) => {}
                Err(error) => return Err(error::to_python(py, &error)),
            }
        }
    }

    /// Sends `total` of something, at most `most` at a time, so that other threads run and signals are seen in
    /// between; `send` sends a range. In non-blocking mode it is over when something was sent.
    ///
    /// An exception that comes midway and that `partial` accepts ends the call with what was sent so far.
    pub(crate) fn send_in_pieces(
        &self,
        py: Python<'_>,
        open: &Arc<Open>,
        (total, most): (usize, usize),
        timeout: Timeout,
        partial: fn(Python<'_>, &PyErr) -> bool,
        mut send: impl FnMut(Range<usize>) -> Result<usize, SocketError>,
    ) -> PyResult<usize> {
        let mut deadline = None;
        let mut sent = 0_usize;
        loop {
            let piece = sent..total.min(sent.saturating_add(most));
            let deadline = || *deadline.get_or_insert_with(|| timeout.deadline());
            match self.perform(py, open, Readiness::WRITABLE, deadline, || send(piece.clone())) {
                Ok(more) => sent += more,
                Err(error) if sent > 0 && partial(py, &error) => return Ok(sent),
                Err(error) => return Err(error),
            }
            if sent == total || !self.is_blocking() {
                return Ok(sent);
            }
            waiting::run_handlers(py)?;
            py.detach(std::thread::yield_now);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let Some(open) = self.slot.replace(None) else {
            return;
        };
        // Not during the interpreter's end, when nobody could act on it.
        Python::try_attach(|py| {
            // An object may die while an exception is on its way.
            let pending = PyErr::take(py);
            let (kind, remedy) = match &*open {
                Open::Tcp(_) | Open::Tls(_) | Open::Barred(_) => ("TcpSocket", "disconnect()"),
                Open::Udp(_) => ("UdpSocket", "unbind()"),
                Open::Listener(_) => ("TcpListener", "close()"),
            };
            let message =
                format!("unclosed {kind} on port {}: call {remedy} or use 'with'", open.local_port());
            let message = CString::new(message).unwrap_or_default();
            if let Err(error) = PyErr::warn(py, &py.get_type::<PyResourceWarning>(), &message, 1) {
                error.write_unraisable(py, None);
            }
            if let Some(pending) = pending {
                pending.restore(py);
            }
        });
    }
}
