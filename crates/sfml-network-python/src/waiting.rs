//! Waiting: the only place where the interpreter is detached, and signals are noticed.

use std::cell::Cell;

use pyo3::prelude::*;
use sfml_network::{Deadline, SocketError, Wait};

use crate::error;

/// Runs `wait` detached from the interpreter, as one step of a call that `deadline` bounds.
///
/// On the main thread a signal runs Python's handlers, and what they raise ends the wait. Other threads never
/// run handlers, so they need no hook and sleep undisturbed.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    deadline: Deadline,
    wait: impl FnOnce(Wait<'_>) -> Result<T, SocketError> + Send,
) -> PyResult<T> {
    attempt(py, deadline, wait)?.map_err(|error| error::to_python(py, &error))
}

/// As `detached`, with what a signal handler raised apart from what became of the operation.
pub(crate) fn attempt<T: Send>(
    py: Python<'_>,
    deadline: Deadline,
    wait: impl FnOnce(Wait<'_>) -> Result<T, SocketError> + Send,
) -> PyResult<Result<T, SocketError>> {
    run_handlers(py)?;
    let handles_signals = is_main_thread(py)?;
    let outcome = py.detach(|| {
        if !handles_signals {
            return wait(Wait::until(deadline));
        }
        let mut hook = || Python::attach(run_handlers).map_err(error::raised_by_hook);
        wait(Wait::until(deadline).with_interrupt(&mut hook))
    });
    match outcome.as_ref().err().and_then(|error| error::raised(py, error)) {
        Some(raised) => Err(raised),
        None => Ok(outcome),
    }
}

thread_local! {
    /// How many calls of this thread a signal handler is running in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs the handlers of signals that have come, in the middle of a call.
pub(crate) fn run_handlers(py: Python<'_>) -> PyResult<()> {
    DEPTH.set(DEPTH.get() + 1);
    let handled = py.check_signals();
    DEPTH.set(DEPTH.get() - 1);
    handled
}

/// Whether this code runs in a signal handler that interrupted a call of this thread.
pub(crate) fn is_interrupted_here() -> bool {
    DEPTH.get() > 0
}

thread_local! {
    /// Whether this thread is the main one of a process.
    static KNOWN: Cell<Option<(u32, bool)>> = const { Cell::new(None) };
}

/// Whether this thread is known to run signal handlers, without asking Python.
pub(crate) fn is_known_main_thread() -> bool {
    KNOWN.get() == Some((std::process::id(), true))
}

/// Whether this thread runs signal handlers. Asked of Python once per thread and process, since a fork makes
/// the thread that forked the main one.
pub(crate) fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    let process = std::process::id();
    match KNOWN.get() {
        Some((known, is_main)) if known == process => Ok(is_main),
        _ => {
            let threading = py.import("threading")?;
            let main = threading.call_method0("main_thread")?.getattr("ident")?;
            let is_main = threading.call_method0("get_ident")?.eq(main)?;
            KNOWN.set(Some((process, is_main)));
            Ok(is_main)
        }
    }
}
