//! `SocketSelector` for Python.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PyTuple};
use sfml_network::{Key, Readiness, SocketError, SocketSelector as Core};

use crate::argument::Timeout;
use crate::error;
use crate::lock::lock;
use crate::socket::Socket;
use crate::waiting;

/// Waits until any of many sockets is ready, at a cost that does not depend on their number.
///
/// Sockets are added while they are connected, bound or listening. One that is closed leaves by itself; after it
/// was connected or bound anew it is added again. The selector keeps the sockets it contains alive. Results are
/// level-triggered: what is not received is reported again by the next wait.
///
/// >>> from sfml.network import IpAddress, SocketSelector, UdpSocket
/// >>> with SocketSelector() as selector, UdpSocket() as socket:
/// ...     socket.bind(0, IpAddress.LOCAL_HOST)
/// ...     selector.add(socket)
/// ...     _ = socket.send(b"to myself", IpAddress.LOCAL_HOST, socket.local_port)
/// ...     if selector.wait(5):
/// ...         for ready in selector:
/// ...             print(ready.receive(100)[0])
/// b'to myself'
#[pyclass(frozen, subclass, module = "sfml.network", weakref)]
pub(crate) struct SocketSelector {
    core: Core,
    /// The Python objects of the registrations. Those of sockets that have left are dropped later, in bulk.
    sockets: Mutex<HashMap<Key, Py<Socket>>>,
}

impl SocketSelector {
    fn sockets(&self) -> MutexGuard<'_, HashMap<Key, Py<Socket>>> {
        lock(&self.sockets)
    }

    /// Takes out the objects whose sockets have left, once they outnumber those still here.
    fn departed(&self) -> Vec<Py<Socket>> {
        const SLACK: usize = 16;
        let mut sockets = self.sockets();
        if sockets.len() <= 2 * self.core.len() + SLACK {
            return Vec::new();
        }
        let gone: Vec<Key> = sockets.keys().copied().filter(|key| !self.core.contains_key(*key)).collect();
        gone.iter().filter_map(|key| sockets.remove(key)).collect()
    }

    fn failed(py: Python<'_>, error: SocketError) -> PyErr {
        error::to_python(py, &error)
    }
}

#[pymethods]
impl SocketSelector {
    #[new]
    #[pyo3(signature = (*args, **_kwargs), text_signature = "()")]
    fn new(args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let core = Core::new().map_err(|error| Self::failed(args.py(), error))?;
        Ok(Self { core, sockets: Mutex::default() })
    }

    /// Refuses arguments; `new` takes any, for the sake of subclasses that have an ``__init__`` of their own.
    fn __init__(&self) {}

    /// Adds a socket, to be told when it can be received from or accepted on; on request, when it can be sent on.
    ///
    /// Adding it again changes what it is watched for. Raises `SocketError` when the socket is not open.
    #[pyo3(signature = (socket, *, readable=true, writable=false))]
    fn add(&self, socket: &Bound<'_, Socket>, readable: bool, writable: bool) -> PyResult<()> {
        let py = socket.py();
        let want = match (readable, writable) {
            (true, false) => Readiness::READABLE,
            (false, true) => Readiness::WRITABLE,
            (true, true) => Readiness::BOTH,
            (false, false) => {
                return Err(PyTypeError::new_err("a socket is watched for readable, writable, or both"));
            }
        };
        let Some(open) = socket.get().slot().get() else {
            return Err(error::misuse(
                py,
                "the socket is not open: connect, bind or listen before adding it",
            ));
        };
        let key = open.add_to(&self.core, want).map_err(|error| Self::failed(py, error))?;
        // What is replaced or has departed is dropped after the lock, since that may run Python code.
        let _replaced = self.sockets().insert(key, socket.clone().unbind());
        let _departed = self.departed();
        Ok(())
    }

    /// Removes a socket; returns whether it was here. Closed sockets have left already.
    fn remove(&self, socket: &Bound<'_, Socket>) -> bool {
        let removed = socket.get().slot().ask(|open| open.leave(&self.core)).flatten();
        // Dropped after the lock, since that may run Python code.
        let _removed = removed.and_then(|key| self.sockets().remove(&key));
        removed.is_some()
    }

    /// Removes all sockets.
    fn clear(&self) {
        self.core.clear();
        let _departed = std::mem::take(&mut *self.sockets());
    }

    /// Waits until a socket is ready; returns whether one is.
    ///
    /// ``False`` means that `timeout` passed or `wake` was called. `None`, zero and `Time.ZERO` wait without limit;
    /// use `poll` to look without waiting. Signals do not end the wait, unless their handler raises.
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<bool> {
        match self.core.try_wait() {
            Err(SocketError::NotReady) => {}
            Err(error) => return Err(Self::failed(py, error)),
            Ok(any) => return Ok(any),
        }
        let _departed = self.departed();
        waiting::detached(py, timeout.unwrap_or_default().deadline(), |wait| self.core.wait(wait))
    }

    /// Looks which sockets are ready, without waiting; returns whether one is.
    fn poll(&self, py: Python<'_>) -> PyResult<bool> {
        self.core.poll().map_err(|error| Self::failed(py, error))
    }

    /// Whether the last wait found the socket ready to receive from or accept on.
    ///
    /// Also true when the peer hung up; the receive that follows says so without waiting. A socket that was not
    /// there, or has been closed since, is not ready.
    fn is_ready(&self, socket: &Bound<'_, Socket>) -> bool {
        socket.get().slot().ask(|open| open.is_ready_in(&self.core)).unwrap_or(false)
    }

    /// Whether the last wait found the socket, added with ``writable=True``, ready to send on.
    ///
    /// For a socket that is being connected it means that the attempt has ended.
    fn is_writable(&self, socket: &Bound<'_, Socket>) -> bool {
        socket.get().slot().ask(|open| open.is_writable_in(&self.core)).unwrap_or(false)
    }

    /// Returns the sockets the last wait found ready, as a list in no particular order.
    fn ready<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let ready = self.core.ready();
        let found: Vec<_> = {
            let sockets = self.sockets();
            let object = |key: &Key| sockets.get(key).map(|socket| socket.clone_ref(py));
            ready
                .iter()
                .filter(|event| self.core.contains_key(event.key))
                .filter_map(|event| object(&event.key))
                .collect()
        };
        PyList::new(py, found)
    }

    /// Makes a `wait` in another thread return now, or the next one at once.
    fn wake(&self, py: Python<'_>) -> PyResult<()> {
        self.core.wake().map_err(|error| Self::failed(py, error))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.ready(py)?.try_iter()
    }

    fn __len__(&self) -> usize {
        self.core.len()
    }

    fn __bool__(&self) -> bool {
        true
    }

    fn __contains__(&self, socket: &Bound<'_, PyAny>) -> bool {
        let Ok(socket) = socket.cast::<Socket>() else {
            return false;
        };
        socket.get().slot().ask(|open| open.key_in(&self.core)).flatten().is_some()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.clear();
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("<{} of {} sockets>", slf.get_type().name()?, slf.get().core.len()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // Another thread may hold the lock; then the collector sees the rest next time.
        let Ok(sockets) = self.sockets.try_lock() else {
            return Ok(());
        };
        sockets.values().try_for_each(|socket| visit.call(socket))
    }

    fn __clear__(&self) {
        self.clear();
    }
}
