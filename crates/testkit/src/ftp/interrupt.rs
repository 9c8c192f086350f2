//! What ends a transfer early: ABOR, and the end of the control connection.
//!
//! One thread of a session reads commands, the other runs them. While that one is in a transfer, this is how the
//! reader reaches it: whatever socket the transfer waits on is noted here.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::host::Waiting;

/// The transfer of a session, as its reader sees it.
#[derive(Debug, Default)]
pub(super) struct Interrupt {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// How many ABOR were read and not answered.
    aborts: usize,
    is_gone: bool,
    is_cut: bool,
    is_running: bool,
    waiting: Option<Waiting>,
}

impl Interrupt {
    /// A transfer begins. An ABOR that was sent after its command may have been read already.
    pub(super) fn begin(&self) {
        let mut state = self.lock();
        state.is_running = true;
        state.is_cut = state.is_gone || state.aborts > 0;
    }

    /// The transfer is about to wait on this.
    ///
    /// # Errors
    /// When the transfer is cut.
    pub(super) fn wait_on(&self, waiting: Waiting) -> io::Result<()> {
        let mut state = self.lock();
        if state.is_cut {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        state.waiting = Some(waiting);
        Ok(())
    }

    /// Waits until then, unless the transfer is cut before.
    ///
    /// # Errors
    /// When the transfer is cut.
    pub(super) fn pause_until(&self, then: Instant) -> io::Result<()> {
        let mut state = self.lock();
        loop {
            if state.is_cut {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            let left = then.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The transfer is over; whether it was cut.
    pub(super) fn end(&self) -> bool {
        let mut state = self.lock();
        state.is_running = false;
        state.waiting = None;
        state.is_cut
    }

    pub(super) fn abort_arrives(&self) {
        self.lock().aborts += 1;
        self.cut();
    }

    pub(super) fn abort_is_answered(&self) {
        let mut state = self.lock();
        state.aborts = state.aborts.saturating_sub(1);
    }

    pub(super) fn control_is_gone(&self) {
        self.lock().is_gone = true;
        self.cut();
    }

    fn cut(&self) {
        let mut state = self.lock();
        if state.is_running {
            state.is_cut = true;
            if let Some(waiting) = state.waiting.take() {
                waiting.end();
            }
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
