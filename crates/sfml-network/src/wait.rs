//! The one wait step: try, wait for readiness until the deadline with the interrupt hook, try again.

use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::descriptor::Descriptor;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::time::Deadline;

/// The longest a wait sleeps before it asks its interrupt hook again, so that a signal that reached another
/// thread, or came just before the system call, is noticed within 50 ms.
pub(crate) const INTERRUPT_SLICE: Duration = Duration::from_millis(40);

/// How long a call may wait, and who may interrupt it.
///
/// Every method with a `wait` or `timeout` parameter takes whatever converts to this: `None` for no limit, a
/// [`Duration`], a [`Deadline`], or a `Wait` with an interrupt hook.
///
/// ```
/// use sfml_network::{Deadline, Wait};
/// use std::{io, time::Duration};
///
/// let forever: Wait = None.into();
/// let five_seconds: Wait = Duration::from_secs(5).into();
/// let mut stop_asked = || Err(io::ErrorKind::Interrupted.into());
/// let interruptible = Wait::until(Deadline::never()).with_interrupt(&mut stop_asked);
/// # let _ = (forever, five_seconds, interruptible);
/// ```
#[derive(Default)]
pub struct Wait<'a> {
    deadline: Deadline,
    interrupt: Option<&'a mut dyn FnMut() -> io::Result<()>>,
    /// When the hook was asked last, or first could have been.
    asked: Option<Instant>,
    /// Whether the hook has said stop.
    interrupted: bool,
}

impl<'a> Wait<'a> {
    /// Waits as long as it takes.
    pub const fn forever() -> Self {
        Self::until(Deadline::never())
    }

    /// Waits until the deadline, then the call fails with [`SocketError::NotReady`].
    pub const fn until(deadline: Deadline) -> Self {
        Self { deadline, interrupt: None, asked: None, interrupted: false }
    }

    /// Asks `hook` whether to go on, after each signal and every 40 ms of waiting. When it returns an error the
    /// call ends with [`SocketError::Other`] of that error.
    ///
    /// Without a hook, signals do not end a wait: it goes on with the remaining time.
    #[must_use]
    pub fn with_interrupt(mut self, hook: &'a mut dyn FnMut() -> io::Result<()>) -> Self {
        self.interrupt = Some(hook);
        self
    }

    /// The deadline of this wait.
    pub const fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Whether nothing can end this wait but the event itself.
    pub(crate) const fn is_unconditional(&self) -> bool {
        self.deadline.is_never() && self.interrupt.is_none()
    }

    /// Sleeps in `sleep(timeout)` slice by slice, until it returns something, the deadline passes (`None`) or
    /// the hook objects.
    pub(crate) fn sleep<T>(
        &mut self,
        mut sleep: impl FnMut(Option<Duration>) -> io::Result<Option<T>>,
    ) -> Result<Option<T>, SocketError> {
        loop {
            let timeout = self.begin_slice()?;
            let outcome = sleep(timeout);
            if let ControlFlow::Break(outcome) = self.end_slice(outcome)? {
                return Ok(outcome);
            }
        }
    }

    /// How long the next sleep may take at most, if the hook lets it.
    #[inline(always)]
    pub(crate) fn begin_slice(&mut self) -> Result<Option<Duration>, SocketError> {
        let mut slice = sys::WAIT_SLICE;
        if self.interrupt.is_some() {
            self.ask()?;
            slice = Some(INTERRUPT_SLICE);
        }
        Ok(match (self.deadline.remaining(), slice) {
            (Some(remaining), Some(slice)) => Some(remaining.min(slice)),
            (remaining, slice) => remaining.or(slice),
        })
    }

    /// Whether a sleep was the last one, and what the wait then comes to.
    #[inline(always)]
    pub(crate) fn end_slice<T>(
        &mut self,
        outcome: io::Result<Option<T>>,
    ) -> Result<ControlFlow<Option<T>>, SocketError> {
        match outcome {
            Ok(Some(value)) => Ok(ControlFlow::Break(Some(value))),
            Ok(None) if self.deadline.has_passed() => Ok(ControlFlow::Break(None)),
            Ok(None) => Ok(ControlFlow::Continue(())),
            Err(error) => self.end_broken_slice(error).map(|()| ControlFlow::Continue(())),
        }
    }

    #[cold]
    fn end_broken_slice(&mut self, error: io::Error) -> Result<(), SocketError> {
        if error.kind() == io::ErrorKind::Interrupted {
            self.ask_now()
        } else {
            Err(SocketError::classify(error))
        }
    }

    /// Asks the hook if it was not asked for a slice's time, however short the waits in between were.
    fn ask(&mut self) -> Result<(), SocketError> {
        let asked = *self.asked.get_or_insert_with(Instant::now);
        if asked.elapsed() < INTERRUPT_SLICE { Ok(()) } else { self.ask_now() }
    }

    fn ask_now(&mut self) -> Result<(), SocketError> {
        let Some(hook) = &mut self.interrupt else {
            return Ok(());
        };
        self.asked = Some(Instant::now());
        hook().map_err(|error| {
            self.interrupted = true;
            SocketError::Other(error)
        })
    }

    /// Whether the hook has said stop.
    pub(crate) const fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// For calls of many steps that need not wait: asks the hook when it is due, and tells whether there is time
    /// left.
    pub(crate) fn go_on(&mut self) -> Result<bool, SocketError> {
        if self.interrupt.is_some() {
            self.ask()?;
        }
        Ok(!self.deadline.has_passed())
    }

    /// Waits until the descriptor is ready, was closed by another thread, or the time is up (`NotReady`).
    pub(crate) fn until_ready(
        &mut self,
        descriptor: &Descriptor,
        want: Readiness,
    ) -> Result<(), SocketError> {
        if descriptor.is_closed() {
            return Ok(());
        }
        let foreign = descriptor.is_foreign();
        let ready = self.sleep(|timeout| {
            // Nothing wakes a sleeper in a forked child, so it looks by itself.
            let timeout =
                if foreign { Some(timeout.unwrap_or(Duration::MAX).min(INTERRUPT_SLICE)) } else { timeout };
            let ready = sys::wait_ready(descriptor.handle(), want, timeout)? || descriptor.is_closed();
            Ok(ready.then_some(()))
        })?;
        ready.ok_or(SocketError::NotReady)
    }

    /// Tries `operation` until it no longer would block, waiting in between.
    #[cold]
    pub(crate) fn retry<T>(
        &mut self,
        descriptor: &Descriptor,
        want: Readiness,
        mut operation: impl FnMut() -> Result<T, SocketError>,
    ) -> Result<T, SocketError> {
        loop {
            match operation() {
                Err(SocketError::NotReady) => {}
                done => return done,
            }
            if descriptor.is_closed() {
                return Err(descriptor.closed_error());
            }
            self.until_ready(descriptor, want)?;
        }
    }

    /// Runs a part of a call, which has a deadline of its own.
    pub(crate) fn until_sooner<T>(&mut self, deadline: Deadline, run: impl FnOnce(&mut Self) -> T) -> T {
        let whole = std::mem::replace(&mut self.deadline, deadline);
        let outcome = run(self);
        self.deadline = whole;
        outcome
    }
}

impl fmt::Debug for Wait<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interruptible = self.interrupt.is_some();
        f.debug_struct("Wait")
            .field("deadline", &self.deadline)
            .field("interruptible", &interruptible)
            .finish()
    }
}

impl From<Deadline> for Wait<'_> {
    fn from(deadline: Deadline) -> Self {
        Self::until(deadline)
    }
}

impl From<Duration> for Wait<'_> {
    fn from(timeout: Duration) -> Self {
        Self::until(timeout.into())
    }
}

impl From<Option<Duration>> for Wait<'_> {
    fn from(timeout: Option<Duration>) -> Self {
        Self::until(timeout.into())
    }
}
