//! `Raised`: what Python code raised in the middle of a call, kept until the call has ended.

use std::io;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::lock::lock;
use crate::waiting;

/// What progress callbacks, file objects and signal handlers raise on the far side of the crate.
///
/// The crate is told to stop, brings the session in order, and returns something; whatever that is, the call then
/// raises this. What a signal handler raises is urgent, and so is `KeyboardInterrupt` wherever it was raised: the
/// call ends without waiting for the server.
#[derive(Default)]
pub(crate) struct Raised {
    first: Mutex<Option<PyErr>>,
    is_urgent: AtomicBool,
}

impl Raised {
    /// Runs Python code with the interpreter attached. `None` when it raised; the first exception is kept.
    pub(crate) fn guard<T>(&self, code: impl FnOnce(Python<'_>) -> PyResult<T>) -> Option<T> {
        if self.is_urgent() {
            return None;
        }
        Python::attach(|py| {
            code(py).map_err(|error| self.keep(!error.is_instance_of::<PyException>(py), error)).ok()
        })
    }

    /// Runs a callback, which ends the call by returning `False` or raising.
    pub(crate) fn tell(
        &self,
        callback: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>,
    ) -> ControlFlow<()> {
        let answer = self.guard(|py| Ok(callback(py)?.is(PyBool::new(py, false))));
        // An urgent end comes from the hook: that does not wait for the server, and the session goes on.
        let goes_on = answer.map_or_else(|| self.is_urgent(), |is_false| !is_false);
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// What the crate asks while it waits: whether something urgent was raised. On the main thread signal handlers
    /// run.
    pub(crate) fn interrupt(&self) -> io::Result<()> {
        if !self.is_urgent() && waiting::is_known_main_thread() {
            if let Err(error) = Python::attach(waiting::run_handlers) {
                self.keep(true, error);
            }
        }
        if self.is_urgent() { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }

    /// Whether the call is to end without waiting for the server.
    pub(crate) fn is_urgent(&self) -> bool {
        self.is_urgent.load(Ordering::Relaxed)
    }

    /// What was kept, which is forgotten.
    pub(crate) fn take(&self) -> Option<PyErr> {
        self.is_urgent.store(false, Ordering::Relaxed);
        lock(&self.first).take()
    }

    fn keep(&self, is_urgent: bool, error: PyErr) {
        lock(&self.first).get_or_insert(error);
        if is_urgent {
            self.is_urgent.store(true, Ordering::Relaxed);
        }
    }
}
