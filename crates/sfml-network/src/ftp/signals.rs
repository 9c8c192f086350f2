//! `Signals`: what other threads tell a client that is busy, and see of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::wait::INTERRUPT_SLICE;

/// How often a call looks at whether it is to go on, and at the control connection, while something else is awaited; and
/// how often the caller's hook is asked, however many waits there are in that time.
pub(super) const LOOK: Duration = INTERRUPT_SLICE;

#[derive(Debug)]
pub(super) struct Signals {
    cancelled: AtomicBool,
    hung_up: AtomicBool,
    connected: AtomicBool,
    made: Instant,
    /// When the hook was asked last, in milliseconds since then.
    asked: AtomicU64,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            cancelled: AtomicBool::new(false),
            hung_up: AtomicBool::new(false),
            connected: AtomicBool::new(false),
            made: Instant::now(),
            asked: AtomicU64::new(0),
        }
    }
}

impl Signals {
    /// Whether it is time to ask the hook.
    pub(super) fn is_due(&self) -> bool {
        self.since_made() >= self.asked.load(Ordering::Relaxed).saturating_add(LOOK.as_millis() as u64)
    }

    /// Notes that the hook is asked now.
    pub(super) fn note_asked(&self) {
        self.asked.store(self.since_made(), Ordering::Relaxed);
    }

    fn since_made(&self) -> u64 {
        u64::try_from(self.made.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Ends the call under way.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Ends the call under way, and the session with it.
    pub(super) fn hang_up(&self) {
        self.hung_up.store(true, Ordering::Release);
    }

    /// Until it is dropped, a panic ends the session: what it interrupts is half done.
    pub(super) fn hang_up_in_panic(&self) -> impl Drop + '_ {
        InPanic { signals: self, is_nested: thread::panicking() }
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

struct InPanic<'a> {
    signals: &'a Signals,
    /// Whether the call is made while another panic unwinds.
    is_nested: bool,
}

impl Drop for InPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() && !self.is_nested {
            self.signals.hang_up();
        }
    }
}
