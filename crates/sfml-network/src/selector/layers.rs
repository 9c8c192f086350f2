//! Sockets that have a layer of their own between the system and the caller: TLS.
//!
//! What the system reports of such a socket is not yet readiness: the layer is asked, with the selector unlocked. And
//! what a layer holds the system does not know of: a layer calls for attention when it is ready by itself or has
//! something to send, and is then looked at before the next sleep. A selector without such sockets finds one empty list.

use std::sync::MutexGuard;
use std::sync::Weak;
use std::sync::atomic::Ordering;

use super::core::{Core, State};
use super::{Event, Key};
use crate::layer::Layer;
use crate::readiness::Readiness;

/// The registrations that need a look. Each key is in it once at most, apart from those of sockets that are gone.
#[derive(Default)]
pub(super) struct Attention {
    keys: Vec<u64>,
    /// What the system found, to be looked at.
    found: Vec<Found>,
    /// The threads that sleep, or are about to.
    pub(super) sleepers: usize,
}

struct Found {
    key: u64,
    readiness: Option<Readiness>,
    layer: Weak<dyn Layer>,
}

impl Attention {
    #[inline(always)]
    pub(super) fn is_called_for(&self) -> bool {
        !self.keys.is_empty()
    }

    #[inline(always)]
    pub(super) fn has_found(&self) -> bool {
        !self.found.is_empty()
    }

    /// The system reports them again.
    pub(super) fn forget_found(&mut self) {
        self.found.clear();
    }

    #[cold]
    pub(super) fn find(&mut self, key: u64, readiness: Readiness, layer: &Weak<dyn Layer>) {
        self.found.push(Found { key, readiness: Some(readiness), layer: Weak::clone(layer) });
    }
}

impl State {
    /// Has a registration looked at before the next sleep.
    pub(super) fn queue(&mut self, key: u64) {
        let Some(entry) = self.table.get_mut(key) else {
            return;
        };
        if std::mem::replace(&mut entry.is_queued, true) {
            return;
        }
        let keys = &mut self.attention.keys;
        keys.push(key);
        // Sockets come and go also where nobody waits.
        if keys.len() > 2 * self.table.len() {
            keys.retain(|key| self.table.get(*key).is_some());
        }
    }

    fn called(&mut self) -> Vec<Found> {
        let keys = std::mem::take(&mut self.attention.keys);
        let mut called = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(entry) = self.table.get_mut(key) else {
                continue;
            };
            entry.is_queued = false;
            if let Some(layer) = entry.registrations.layer() {
                called.push(Found { key, readiness: None, layer: Weak::clone(layer) });
            }
        }
        called
    }
}

impl Core {
    /// Looks at the layers that have called, until no more do or one is ready; `true` then.
    #[cold]
    pub(super) fn look_at_called<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
    ) -> (MutexGuard<'a, State>, bool) {
        let mut is_ready = false;
        while state.attention.is_called_for() && !is_ready {
            let called = state.called();
            drop(state);
            is_ready = self.look_at(called);
            state = self.state();
        }
        (state, is_ready)
    }

    /// Looks at the layers the system has found; `true` if one is ready.
    #[cold]
    pub(super) fn look_at_found<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let found = std::mem::take(&mut state.attention.found);
        drop(state);
        self.look_at(found);
        self.state()
    }

    fn look_at(&self, found: Vec<Found>) -> bool {
        let mut is_ready = false;
        for Found { key, readiness, layer } in found {
            // Let go of after the state: the last owner of a socket takes it out of its selectors.
            let Some(layer) = layer.upgrade() else {
                continue;
            };
            let standing = layer.look(readiness);
            let mut state = self.state();
            let Some(entry) = state.table.get_mut(key) else {
                continue;
            };
            let watch = standing.watch_for(entry.want);
            if watch != entry.watched && self.poller.modify(layer.descriptor().handle(), key, watch).is_ok() {
                entry.watched = watch;
            }
            if let Some(ready) = standing.ready_for(entry.want) {
                is_ready = true;
                self.report(&mut state, key, ready);
                // It is so for the next wait too, unless something is done about it.
                state.queue(key);
            }
            drop(state);
        }
        is_ready
    }

    /// Stamps and lists a registration, once per wait.
    fn report(&self, state: &mut State, key: u64, ready: Readiness) {
        let Some(entry) = state.table.get(key) else {
            return;
        };
        let stamps = &entry.registrations.stamps;
        let (sequence, before) = (self.sequence(), stamps.read(self.id));
        let bits = u64::from(Readiness::bits(ready.is_readable(), ready.is_writable()));
        if before >> 2 != sequence {
            stamps.write(self.id, sequence << 2 | bits);
            state.ready.push(Event { key: Key(key), readiness: ready });
        } else if before & bits != bits {
            stamps.write(self.id, before | bits);
            if let Some(event) = state.ready.iter_mut().find(|event| event.key == Key(key)) {
                event.readiness = event.readiness | ready;
            }
        }
    }

    /// Hears that a layer is ready, or has something to send.
    pub(super) fn hear(&self, key: u64) {
        let mut state = self.state();
        state.queue(key);
        if state.attention.sleepers > 0 && state.attention.is_called_for() {
            self.nudged.store(true, Ordering::Release);
            // Without it the layer would be looked at when the sleep ends by itself.
            let _ = self.poller.wake();
        }
    }
}
