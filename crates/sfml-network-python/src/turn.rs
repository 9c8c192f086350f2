//! `Turn`: which call of which thread may use an object.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::lock::lock;
use crate::waiting;

/// How long a wait for the turn sleeps before it looks for signals.
const SLICE: Duration = Duration::from_millis(40);

/// Calls on one object take turns. Waiting for the turn is detached, and Ctrl-C ends it.
///
/// The crate lets calls take turns as well, but in a lock that no signal ends.
pub(crate) struct Turn {
    /// What it is the turn to use, and what to use in its place.
    names: [&'static str; 2],
    holder: Mutex<Option<Holder>>,
    free: Condvar,
}

#[derive(Clone, Copy, Eq, PartialEq)]
struct Holder {
    process: u32,
    thread: ThreadId,
}

/// The turn of the calling thread, until it is dropped.
pub(crate) struct Held<'a>(&'a Turn);

impl Turn {
    /// The turn to use something; the two are what it is, and what to use where that is busy.
    pub(crate) fn to_use(what: &'static str, instead: &'static str) -> Self {
        Self { names: [what, instead], holder: Mutex::default(), free: Condvar::new() }
    }

    /// Waits for the turn. Refuses a call from inside the call under way, which would wait for itself.
    pub(crate) fn take(&self, py: Python<'_>) -> PyResult<Held<'_>> {
        waiting::run_handlers(py)?;
        let this = Holder { process: std::process::id(), thread: thread::current().id() };
        let hears_signals = waiting::is_main_thread(py)?;
        let is_free = self.try_take(this)?;
        if !is_free {
            py.detach(|| self.wait(this, hears_signals))?;
        }
        Ok(Held(self))
    }

    fn try_take(&self, this: Holder) -> PyResult<bool> {
        let [what, instead] = self.names;
        let mut holder = lock(&self.holder);
        match *holder {
            None => *holder = Some(this),
            Some(holder) if holder == this => {
                return Err(PyRuntimeError::new_err(format!(
                    "{what} is busy with the call that this one is made from, use {instead}"
                )));
            }
            Some(holder) if holder.process != this.process => {
                return Err(PyRuntimeError::new_err(format!(
                    "{what} was busy when this process was forked, use {instead}"
                )));
            }
            Some(_) => return Ok(false),
        }
        Ok(true)
    }

    fn wait(&self, this: Holder, hears_signals: bool) -> PyResult<()> {
        loop {
            {
                let holder = lock(&self.holder);
                let waited = self.free.wait_timeout_while(holder, SLICE, |holder| holder.is_some());
                let (mut holder, _) = waited.unwrap_or_else(PoisonError::into_inner);
                if holder.is_none() {
                    *holder = Some(this);
                    return Ok(());
                }
            }
            if hears_signals {
                Python::attach(waiting::run_handlers)?;
            }
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *lock(&self.0.holder) = None;
        self.0.free.notify_one();
    }
}
