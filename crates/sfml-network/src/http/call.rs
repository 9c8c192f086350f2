//! `Call`: one request and its response, as the connection beneath the engine sees them.
//!
//! The engine knows nothing of deadlines that bound a whole call, of interrupts, or of what exactly has failed. So the
//! thread that runs it, or reads a body through it, [enters](Call::enter) the call first; the transport finds it there,
//! waits as it says, and notes in it what happened.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::error::{HttpError, Phase};
use super::fields::Fields;
use super::status::Status;
use super::version::Version;
use crate::address::IpAddress;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::interrupt::{self, InterruptHook};
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::time::Deadline;
use crate::transfer::LowSpeed;
use crate::wait::{INTERRUPT_SLICE, Wait};

pub(super) struct Call {
    deadline: Deadline,
    /// The longest a step may take without a byte moving.
    patience: Duration,
    /// What the deadline came from, to be told.
    limit: Option<Duration>,
    hook: Option<InterruptHook>,
    cancellations: Cancellations,
    /// The most bytes a header may have.
    pub(super) head_limit: usize,
    /// The lowest speed of a body that is saved.
    pub(super) low_speed: Option<LowSpeed>,
    notes: Mutex<Notes>,
}

/// What has happened so far.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) phase: Phase,
    /// Bytes of the response, interim ones included.
    pub(super) received: u64,
    /// Whether the connection had served another request before.
    pub(super) is_reused: bool,
    /// Whether only a new connection will do.
    pub(super) only_new: bool,
    pub(super) head: Option<Head>,
    pub(super) failure: Option<HttpError>,
    pub(super) stream: Option<Arc<dyn Stream>>,
    pub(super) remote: Option<(IpAddress, u16)>,
    /// Bytes of it behind the header, whether the engine has taken them or not.
    pub(super) body_received: u64,
    /// Whether the response came before the request was sent.
    pub(super) is_early: bool,
    /// Whether the method allows the response a body.
    pub(super) has_no_body: bool,
    /// Whether the engine waits for a `100 Continue` before it sends the body.
    pub(super) awaits_continue: bool,
    /// The fields behind a body in chunks.
    pub(super) trailers: Option<Fields>,
    /// When the hook was asked last.
    asked: Option<Instant>,
}

/// The header of the response as it came.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: Status,
    pub(super) version: Version,
    pub(super) reason: Vec<u8>,
    pub(super) fields: Fields,
}

/// How a call is limited and ended.
#[derive(Clone)]
pub(super) struct Limits {
    pub(super) deadline: Deadline,
    pub(super) limit: Option<Duration>,
    pub(super) patience: Duration,
    pub(super) head_limit: usize,
    pub(super) low_speed: Option<LowSpeed>,
    pub(super) hook: Option<InterruptHook>,
    pub(super) cancellations: Cancellations,
}

/// Whether the client's calls have been cancelled since this one began: with its first request, however many follow.
#[derive(Clone)]
pub(super) struct Cancellations {
    before: u64,
    now: Arc<AtomicU64>,
}

impl Cancellations {
    pub(super) fn from_now_on(count: &Arc<AtomicU64>) -> Self {
        Self { before: count.load(Ordering::Acquire), now: Arc::clone(count) }
    }

    fn has_happened(&self) -> bool {
        self.now.load(Ordering::Acquire) != self.before
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Call>>> = const { RefCell::new(None) };
}

impl Call {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        let Limits { deadline, limit, patience, head_limit, low_speed, hook, cancellations } = limits;
        Arc::new(Self {
            deadline,
            patience,
            limit,
            hook,
            cancellations,
            head_limit,
            low_speed,
            notes: Mutex::default(),
        })
    }

    /// Runs the engine for this call.
    pub(super) fn enter<T>(self: &Arc<Self>, run: impl FnOnce() -> T) -> T {
        struct Leave(Option<Arc<Call>>);
        impl Drop for Leave {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }
        // A progress callback of one call may make another.
        let _leave = Leave(CURRENT.replace(Some(Arc::clone(self))));
        run()
    }

    /// The call this thread runs the engine for.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        lock(&self.notes)
    }

    pub(super) fn enter_phase(&self, phase: Phase) {
        self.notes().phase = phase;
    }

    /// Whether the call may go on.
    pub(super) fn ask(&self) -> io::Result<()> {
        if self.cancellations.has_happened() {
            return Err(interrupt::cancelled());
        }
        let Some(hook) = &self.hook else { return Ok(()) };
        self.notes().asked = Some(Instant::now());
        interrupt::ask(hook)
    }

    /// As [`ask`](Self::ask), for what happens again and again without a wait; and whether there is time left.
    pub(super) fn check(&self) -> Result<(), HttpError> {
        // The clock is looked at for those who need it.
        if self.cancellations.has_happened() || (self.hook.is_some() && self.is_due()) {
            self.ask().map_err(HttpError::of_interrupt)?;
        }
        if self.deadline.has_passed() {
            return Err(self.timed_out(self.notes().phase));
        }
        Ok(())
    }

    /// Whether the hook was not asked for a while.
    fn is_due(&self) -> bool {
        let now = Instant::now();
        now - *self.notes().asked.get_or_insert(now) >= INTERRUPT_SLICE
    }

    /// Runs a wait within `patience` and the call's own limits.
    pub(super) fn wait_within<T>(
        &self,
        patience: Duration,
        run: impl FnOnce(Wait<'_>) -> Result<T, SocketError>,
    ) -> Result<T, HttpError> {
        self.wait_until(Deadline::after(patience), patience, run)
    }

    /// The same for one of several waits that have a deadline together, `patience` after they began.
    pub(super) fn wait_until<T>(
        &self,
        deadline: Deadline,
        patience: Duration,
        run: impl FnOnce(Wait<'_>) -> Result<T, SocketError>,
    ) -> Result<T, HttpError> {
        let phase = self.notes().phase;
        let step = self.deadline.sooner(deadline);
        let mut interrupted = false;
        let mut hook = || self.ask().inspect_err(|_| interrupted = true);
        let outcome = run(Wait::until(step).with_interrupt(&mut hook));
        outcome.map_err(|error| match error {
            SocketError::NotReady if self.deadline.has_passed() => self.timed_out(phase),
            SocketError::NotReady => HttpError::TimedOut { phase, limit: Some(patience) },
            error => HttpError::of_wait(error, phase, interrupted),
        })
    }

    /// Waits for the stream, for as long as a step may take.
    pub(super) fn wait(&self, stream: &dyn Stream, want: Readiness) -> Result<(), HttpError> {
        self.wait_within(self.patience, |mut wait| stream.wait(want, &mut wait))
    }

    /// Waits until something can be received, `patience` at most; whether it can.
    pub(super) fn wait_at_most(&self, stream: &dyn Stream, patience: Duration) -> Result<bool, HttpError> {
        match self.wait_within(patience, |mut wait| stream.wait(Readiness::READABLE, &mut wait)) {
            Ok(()) => Ok(true),
            Err(HttpError::TimedOut { .. }) if !self.deadline.has_passed() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Notes that the call's request begins to be sent over this connection; `false` when it had begun already.
    pub(super) fn begin_on(
        &self,
        stream: &Arc<dyn Stream>,
        remote: Option<(IpAddress, u16)>,
        is_reused: bool,
    ) -> bool {
        let mut notes = self.notes();
        if notes.stream.as_ref().is_some_and(|begun| Arc::ptr_eq(begun, stream)) {
            return false;
        }
        notes.phase = Phase::Send;
        notes.stream = Some(Arc::clone(stream));
        notes.remote = remote;
        notes.is_reused = is_reused;
        true
    }

    fn timed_out(&self, phase: Phase) -> HttpError {
        HttpError::TimedOut { phase, limit: self.limit }
    }
}
