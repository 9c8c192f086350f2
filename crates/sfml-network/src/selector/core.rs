//! The shared half of a selector: the system's poller, the registrations, and what the last wait found.

use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::layers::Attention;
use super::table::Table;
use super::{Event, Key};
use crate::descriptor::{Descriptor, Registry, lock};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

/// The most events fetched by one system call.
const FETCH_LIMIT: usize = 4096;

pub(super) struct Core {
    /// Distinguishes this selector in the stamps of its sockets; never zero.
    pub(super) id: u64,
    process: u32,
    pub(super) poller: sys::Poller,
    /// The number of the last wait. Written with the state locked.
    sequence: AtomicU64,
    /// Whether somebody asked for a wake-up.
    asked: AtomicBool,
    /// Whether a layer's call woke the poller, which is no wake-up for the caller.
    pub(super) nudged: AtomicBool,
    state: Mutex<State>,
}

/// Never locked across a wait.
#[derive(Default)]
pub(super) struct State {
    pub(super) table: Table,
    /// What the last wait found.
    pub(super) ready: Vec<Event>,
    pub(super) attention: Attention,
    /// The buffer for the system's events, kept between waits.
    buffer: sys::Events,
}

impl Core {
    pub(super) fn new() -> io::Result<Self> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        Ok(Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            process: sys::process_generation(),
            poller: sys::Poller::new()?,
            sequence: AtomicU64::new(1),
            asked: AtomicBool::new(false),
            nudged: AtomicBool::new(false),
            state: Mutex::default(),
        })
    }

    #[inline]
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// `Some(true)` for ready sockets, `Some(false)` for a wake-up, `None` when the time is up.
    #[inline(always)]
    pub(super) fn wait(&self, mut wait: Wait<'_>) -> Result<Option<bool>, SocketError> {
        self.check_process()?;
        loop {
            let timeout = wait.begin_slice()?;
            let outcome = self.wait_slice(timeout);
            if let ControlFlow::Break(outcome) = wait.end_slice(outcome)? {
                return Ok(outcome);
            }
        }
    }

    #[inline(always)]
    fn wait_slice(&self, mut timeout: Option<Duration>) -> io::Result<Option<bool>> {
        let (mut buffer, capacity) = {
            let mut state = self.state();
            self.begin(&mut state);
            if state.attention.is_called_for() {
                let is_ready;
                (state, is_ready) = self.look_at_called(state);
                timeout = if is_ready { Some(Duration::ZERO) } else { timeout };
            }
            state.attention.sleepers += 1;
            (std::mem::take(&mut state.buffer), Self::capacity(&state))
        };
        // Others add and remove sockets meanwhile.
        let waited = self.poller.wait(&mut buffer, capacity, timeout);
        let mut state = self.state();
        state.attention.sleepers -= 1;
        let woken = waited.and_then(|()| self.collect(&mut state, &mut buffer));
        state.buffer = buffer;
        Ok(self.conclude(state, woken?))
    }

    /// The same without waiting, and without asking the clock.
    #[inline(always)]
    pub(super) fn look(&self) -> Result<Option<bool>, SocketError> {
        self.check_process()?;
        let mut state = self.state();
        self.begin(&mut state);
        if state.attention.is_called_for() {
            (state, _) = self.look_at_called(state);
        }
        let mut buffer = std::mem::take(&mut state.buffer);
        let looked = self.poller.wait(&mut buffer, Self::capacity(&state), Some(Duration::ZERO));
        let woken = looked.and_then(|()| self.collect(&mut state, &mut buffer));
        state.buffer = buffer;
        Ok(self.conclude(state, woken?))
    }

    /// Makes what an earlier wait found out of date.
    #[inline(always)]
    fn begin(&self, state: &mut State) {
        state.ready.clear();
        self.sequence.store(self.sequence.load(Ordering::Relaxed) + 1, Ordering::Release);
    }

    /// How many events to ask for: all sockets and the wake-up, if that is not too many.
    fn capacity(state: &State) -> usize {
        (state.table.len() + 1).clamp(2, FETCH_LIMIT)
    }

    /// Stamps and lists what the system reported; `true` for a wake-up.
    #[inline(always)]
    fn collect(&self, state: &mut State, buffer: &mut sys::Events) -> io::Result<bool> {
        let sequence = self.sequence.load(Ordering::Relaxed);
        let mut woken = false;
        // Level-triggered events rotate, so further fetches bring the sockets not seen yet.
        let mut fetches_left = state.table.len() / FETCH_LIMIT;
        loop {
            for event in buffer.iter() {
                if event.data == sys::Poller::WAKE {
                    woken = true;
                    continue;
                }
                let bits = Readiness::bits(event.readable, event.writable);
                let (Some(entry), Some(readiness)) =
                    (state.table.get(event.data), Readiness::from_bits(bits))
                else {
                    continue;
                };
                if let Some(layer) = entry.registrations.layer() {
                    state.attention.find(event.data, readiness, layer);
                    continue;
                }
                if entry.registrations.stamps.write(self.id, sequence << 2 | u64::from(bits)) {
                    state.ready.push(Event { key: Key(event.data), readiness });
                }
            }
            if fetches_left == 0 || !buffer.is_full() {
                break;
            }
            fetches_left -= 1;
            self.poller.wait(buffer, FETCH_LIMIT, Some(Duration::ZERO))?;
        }
        Ok(woken)
    }

    /// Answers as `wait` does; `None` when nothing of what was found counts.
    #[inline(always)]
    fn conclude<'a>(&'a self, mut state: MutexGuard<'a, State>, woken: bool) -> Option<bool> {
        if woken && self.is_wake_up() {
            // The wake-up is told even when sockets are ready: they are still so for the next wait, it is not.
            self.begin(&mut state);
            state.attention.forget_found();
            return Some(false);
        }
        if state.attention.has_found() {
            state = self.look_at_found(state);
        }
        (!state.ready.is_empty()).then_some(true)
    }

    /// Whether it was somebody outside who woke the poller, and not only a layer.
    #[cold]
    fn is_wake_up(&self) -> bool {
        let nudged = self.nudged.swap(false, Ordering::AcqRel);
        self.asked.swap(false, Ordering::AcqRel) || !nudged
    }

    pub(super) fn wake(&self) -> io::Result<()> {
        self.asked.store(true, Ordering::Release);
        self.poller.wake()
    }

    pub(super) fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn last_readiness(&self, descriptor: &Descriptor) -> u64 {
        let stamp = descriptor.stamps().map_or(0, |stamps| stamps.read(self.id));
        if stamp >> 2 == self.sequence.load(Ordering::Acquire) { stamp & 3 } else { 0 }
    }

    pub(super) fn leave(&self, table: &mut Table, descriptor: &Descriptor) -> bool {
        let Some(key) = descriptor.unregister(self.id) else {
            return false;
        };
        self.drop_entry(table, key);
        true
    }

    fn drop_entry(&self, table: &mut Table, key: u64) {
        if let Some(entry) = table.remove(key) {
            self.unwatch(entry.raw);
        }
    }

    /// Tells the system. In a forked child it does not: there the registrations are the parent's.
    pub(super) fn unwatch(&self, raw: sys::RawHandle) {
        if self.process == sys::process_generation() {
            // A descriptor leaves the table before it is closed, so this one is open.
            let _ = self.poller.delete(raw);
        }
    }

    pub(super) fn check_process(&self) -> Result<(), SocketError> {
        if self.process == sys::process_generation() {
            return Ok(());
        }
        let sentence = "this selector was created before a fork and belongs to the parent, create a new one";
        Err(SocketError::condition(sys::code::FORKED, sentence))
    }
}

impl Registry for Core {
    fn forget(&self, key: u64) {
        if self.process == sys::process_generation() {
            self.drop_entry(&mut self.state().table, key);
        }
    }

    fn attend(&self, key: u64) {
        if self.process == sys::process_generation() {
            self.hear(key);
        }
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("id", &self.id).finish_non_exhaustive()
    }
}
