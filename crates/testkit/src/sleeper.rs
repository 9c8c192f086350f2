//! A call that waits in a thread of its own, and may be ended by another.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A thread in a call that is expected to wait.
#[derive(Debug)]
pub struct Sleeper<T> {
    outcome: Receiver<T>,
    /// Zero until the thread has started.
    thread: Arc<AtomicI32>,
}

impl<T: Send + 'static> Sleeper<T> {
    /// Starts a thread that makes the call, and returns when it sleeps in it.
    ///
    /// # Panics
    /// Panics when the call returns instead of waiting.
    pub fn start(call: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, outcome) = channel();
        let thread = Arc::new(AtomicI32::new(0));
        let number = Arc::clone(&thread);
        thread::spawn(move || {
            number.store(own_number(), Ordering::Release);
            // Nobody listens any more when the test has failed.
            let _ = sender.send(call());
        });
        let sleeper = Self { outcome, thread };
        while !sleeper.is_asleep() {
            thread::yield_now();
        }
        sleeper
    }

    /// Does what is to end the call; returns the call's outcome and how long its end took.
    ///
    /// # Panics
    /// Panics when the call does not end within the limit.
    pub fn end_by(self, limit: Duration, wake: impl FnOnce()) -> (T, Duration) {
        let start = Instant::now();
        wake();
        let outcome = self.end_within(limit);
        (outcome, start.elapsed())
    }

    /// Waits for the end of the call.
    ///
    /// # Panics
    /// Panics when the call does not end within the limit.
    pub fn end_within(self, limit: Duration) -> T {
        match self.outcome.recv_timeout(limit) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => panic!("the call still waits after {limit:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the call panicked"),
        }
    }

    fn is_asleep(&self) -> bool {
        match self.thread.load(Ordering::Acquire) {
            0 => false,
            number => state(number).is_none_or(|state| state == 'S'),
        }
    }
}

#[cfg(target_os = "linux")]
fn own_number() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}

/// The state of a thread of this process: `S` when it sleeps; `None` when it has ended.
#[cfg(target_os = "linux")]
fn state(number: i32) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/self/task/{number}/stat")).ok()?;
    text.rsplit(") ").next()?.chars().next()
}

#[cfg(not(target_os = "linux"))]
fn own_number() -> i32 {
    1
}

/// Elsewhere nobody tells: the call may be about to wait.
#[cfg(not(target_os = "linux"))]
fn state(_number: i32) -> Option<char> {
    None
}
