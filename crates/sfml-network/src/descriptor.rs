//! The shared owner of one open descriptor: its closed flag, its selector registrations, and the layer above it.
//!
//! Below both socket and selector, so that neither imports the other. A descriptor is never duplicated: every
//! call borrows the one `Descriptor`, so its number cannot be reused while a call is under way.

use std::fmt;
use std::net::{Shutdown, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use crate::error::SocketError;
use crate::layer::Layer;
use crate::sys::{self, Handle};

/// Locks a mutex whose data stays consistent even if a holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A selector, as a descriptor knows it.
pub(crate) trait Registry: Send + Sync {
    /// Forgets a registration whose descriptor is about to be closed.
    fn forget(&self, key: u64);

    /// Hears that the layer above a descriptor may be ready, or have something to send, whatever the system says.
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "TLS is the only layer there is"))]
    fn attend(&self, key: u64);
}

/// Where one selector writes when this descriptor was last ready.
///
/// A chain, because a socket may be in several selectors; it grows to the largest number of them at one time
/// and is read without a lock.
#[derive(Debug, Default)]
pub(crate) struct Stamp {
    /// The selector this link belongs to, zero when free.
    selector: AtomicU64,
    value: AtomicU64,
    next: OnceLock<Box<Stamp>>,
}

impl Stamp {
    fn find(&self, selector: u64) -> Option<&Self> {
        let mut link = Some(self);
        while let Some(stamp) = link {
            if stamp.selector.load(Ordering::Acquire) == selector {
                return Some(stamp);
            }
            link = stamp.next.get().map(Box::as_ref);
        }
        None
    }

    /// Reads what the selector wrote last, zero for nothing.
    #[inline]
    pub(crate) fn read(&self, selector: u64) -> u64 {
        self.find(selector).map_or(0, |stamp| stamp.value.load(Ordering::Acquire))
    }

    /// Writes for a selector that has claimed a link; `false` when it had written the same before.
    #[inline]
    pub(crate) fn write(&self, selector: u64, value: u64) -> bool {
        let Some(stamp) = self.find(selector) else {
            return false;
        };
        let is_new = stamp.value.load(Ordering::Relaxed) != value;
        stamp.value.store(value, Ordering::Release);
        is_new
    }

    /// Takes a free link for the selector. Called with the registrations locked.
    fn claim(&self, selector: u64) {
        let mut link = self;
        while link.selector.load(Ordering::Relaxed) != 0 {
            link = link.next.get_or_init(Box::default);
        }
        link.value.store(0, Ordering::Relaxed);
        link.selector.store(selector, Ordering::Release);
    }

    fn release(&self, selector: u64) {
        if let Some(stamp) = self.find(selector) {
            stamp.selector.store(0, Ordering::Release);
        }
    }
}

/// One selector's hold on a descriptor.
struct Registration {
    selector: u64,
    key: u64,
    registry: Weak<dyn Registry>,
}

/// The selectors a descriptor is in.
#[derive(Default)]
pub(crate) struct Registrations {
    pub(crate) stamps: Stamp,
    /// Set once, for good; a descriptor without is what callers see.
    layer: OnceLock<Weak<dyn Layer>>,
    list: Mutex<Vec<Registration>>,
}

impl Registrations {
    /// Notes a registration. Notes left by selectors that are gone make room first.
    fn register(&self, selector: u64, key: u64, registry: Weak<dyn Registry>) {
        let mut list = lock(&self.list);
        list.retain(|registration| {
            let alive = registration.registry.strong_count() > 0;
            if !alive {
                self.stamps.release(registration.selector);
            }
            alive
        });
        self.stamps.claim(selector);
        list.push(Registration { selector, key, registry });
    }

    /// Drops the note of a registration; returns its key.
    pub(crate) fn unregister(&self, selector: u64) -> Option<u64> {
        let mut list = lock(&self.list);
        let position = list.iter().position(|registration| registration.selector == selector)?;
        self.stamps.release(selector);
        Some(list.swap_remove(position).key)
    }

    #[inline]
    pub(crate) fn layer(&self) -> Option<&Weak<dyn Layer>> {
        self.layer.get()
    }

    /// Tells all selectors to look at the layer. They lock themselves first, then the list.
    #[cfg(feature = "tls")]
    fn call_attention(&self) {
        let list: Vec<_> =
            lock(&self.list).iter().map(|entry| (entry.key, Weak::clone(&entry.registry))).collect();
        for (key, registry) in list {
            if let Some(registry) = registry.upgrade() {
                registry.attend(key);
            }
        }
    }

    fn unregister_all(&self) {
        // Not held while the selectors are called: they lock themselves first, then this list.
        let list = std::mem::take(&mut *lock(&self.list));
        for Registration { selector, key, registry } in list {
            self.stamps.release(selector);
            if let Some(registry) = registry.upgrade() {
                registry.forget(key);
            }
        }
    }
}

/// What a call reports that finds its descriptor closed by another thread.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OnClose {
    /// That the connection is over.
    Disconnected,
    /// That there is no such socket any more.
    BadDescriptor,
}

/// One open descriptor.
pub struct Descriptor {
    /// `None` only after `into_handle`.
    handle: Option<Handle>,
    closed: AtomicBool,
    on_close: OnClose,
    process: u32,
    registrations: OnceLock<Arc<Registrations>>,
}

impl Descriptor {
    #[inline]
    pub(crate) fn new(handle: Handle, on_close: OnClose) -> Self {
        Self {
            handle: Some(handle),
            closed: AtomicBool::new(false),
            on_close,
            process: sys::process_generation(),
            registrations: OnceLock::new(),
        }
    }

    /// Takes the handle out, registered nowhere any more.
    pub(crate) fn into_handle(mut self) -> Handle {
        self.deregister();
        self.handle.take().expect("the handle is taken out once, by value")
    }

    /// Ends every call on this descriptor in every thread, and leaves all selectors. The number itself stays
    /// taken until the last borrower lets go.
    ///
    /// In a forked child only the child's own copy is affected: a `shutdown` would end the parent's connection.
    /// Calls there look at the closed flag instead.
    pub(crate) fn close(&self) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        self.deregister();
        if !self.is_foreign() {
            // Fails for a socket that has no peer, which still wakes its readers.
            let _ = sys::shutdown(self.handle(), Shutdown::Both);
        }
    }

    #[inline]
    pub(crate) fn handle(&self) -> &Handle {
        self.handle.as_ref().expect("only into_handle takes the handle, by value")
    }

    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Whether this is a forked child's copy of a descriptor that the parent made.
    pub(crate) fn is_foreign(&self) -> bool {
        self.process != sys::process_generation()
    }

    /// What a call reports that finds the descriptor closed by another thread.
    #[cold]
    pub(crate) fn closed_error(&self) -> SocketError {
        let closed = |code| SocketError::condition(code, "the socket was closed, possibly by another thread");
        match self.on_close {
            OnClose::BadDescriptor => closed(sys::code::BAD_DESCRIPTOR),
            // By its code it stays a disconnection when it passes through an `io::Error`.
            OnClose::Disconnected => SocketError::classify(closed(sys::code::ABORTED).into()),
        }
    }

    pub(crate) fn local_address(&self) -> Option<SocketAddr> {
        sys::local_address(self.handle()).ok().filter(|_| !self.is_closed())
    }

    pub(crate) fn remote_address(&self) -> Option<SocketAddr> {
        sys::remote_address(self.handle()).ok().filter(|_| !self.is_closed())
    }

    /// The stamps selectors write to.
    #[inline]
    pub(crate) fn stamps(&self) -> Option<&Stamp> {
        self.registrations.get().map(|registrations| &registrations.stamps)
    }

    /// The key under which a selector knows this descriptor.
    pub(crate) fn key_in(&self, selector: u64) -> Option<u64> {
        let list = lock(&self.registrations.get()?.list);
        list.iter()
            .find(|registration| registration.selector == selector)
            .map(|registration| registration.key)
    }

    /// Notes a registration and claims a stamp for it.
    pub(crate) fn register(
        &self,
        selector: u64,
        key: u64,
        registry: Weak<dyn Registry>,
    ) -> Arc<Registrations> {
        let registrations = self.registrations.get_or_init(Arc::default);
        registrations.register(selector, key, registry);
        Arc::clone(registrations)
    }

    /// Drops the note of a registration; returns its key.
    pub(crate) fn unregister(&self, selector: u64) -> Option<u64> {
        self.registrations.get()?.unregister(selector)
    }

    /// Puts a layer above this descriptor, for good. Selectors it is in hear of it.
    #[cfg(feature = "tls")]
    pub(crate) fn set_layer(&self, layer: Weak<dyn Layer>) {
        let registrations = self.registrations.get_or_init(Arc::default);
        // A descriptor gets one layer at most: the socket is the layer's own from then on.
        let _ = registrations.layer.set(layer);
        registrations.call_attention();
    }

    /// Whether a selector may be watching.
    #[cfg(feature = "tls")]
    pub(crate) fn is_registered(&self) -> bool {
        self.registrations.get().is_some_and(|registrations| !lock(&registrations.list).is_empty())
    }

    /// Tells the selectors this is in to look at its layer.
    #[cfg(feature = "tls")]
    pub(crate) fn call_attention(&self) {
        if let Some(registrations) = self.registrations.get() {
            registrations.call_attention();
        }
    }

    fn deregister(&self) {
        if let Some(registrations) = self.registrations.get() {
            registrations.unregister_all();
        }
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        if self.handle.is_some() {
            self.deregister();
        }
    }
}

impl fmt::Debug for Descriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Descriptor")
            .field("handle", &self.handle)
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_several_selectors_do_not_mix_and_links_are_reused() {
        let stamps = Stamp::default();
        for selector in 1..=3 {
            stamps.claim(selector);
            stamps.write(selector, selector * 10);
        }
        assert_eq!((stamps.read(1), stamps.read(2), stamps.read(3)), (10, 20, 30));
        stamps.release(2);
        assert_eq!(stamps.read(2), 0);
        stamps.claim(4);
        assert_eq!(stamps.read(4), 0);
        assert!(
            stamps
                .next
                .get()
                .and_then(|second| second.next.get())
                .is_some_and(|third| third.next.get().is_none())
        );
    }
}
