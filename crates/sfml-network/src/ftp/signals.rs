//! `Signals`: what other threads tell a client that is busy, and see of it.

use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug, Default)]
pub(super) struct Signals {
    cancelled: AtomicBool,
    hung_up: AtomicBool,
    connected: AtomicBool,
}

impl Signals {
    /// Ends the call under way.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Ends the call under way, and the session with it.
    pub(super) fn hang_up(&self) {
        self.hung_up.store(true, Ordering::Release);
    }

    /// Forgets a cancellation: it was for a call that has ended, or is about to.
    pub(super) fn forget_cancellation(&self) {
        self.cancelled.store(false, Ordering::Release);
    }

    /// Whether the session is to end; the question is answered with yes once.
    pub(super) fn take_hang_up(&self) -> bool {
        self.hung_up.swap(false, Ordering::AcqRel)
    }

    pub(super) fn is_hung_up(&self) -> bool {
        self.hung_up.load(Ordering::Acquire)
    }

    /// Whether the call under way is to end.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire) || self.is_hung_up()
    }

    pub(super) fn set_connected(&self, connected: bool) {
        self.connected.store(connected, Ordering::Release);
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Acquire) && !self.is_hung_up()
    }
}
