//! `SocketSelector`: waits on any number of sockets at once.
//!
//! Level-triggered, as SFML users expect: a socket is reported by every wait until it has been drained.
//! Registrations live in a slab; a key is the slot's index under the slot's generation, so that an event
//! fetched before a removal can never be taken for the slot's next tenant. Each wait has a sequence number and
//! stamps it on what was ready, which makes `is_ready` one comparison.
//!
//! Lock order: the selector's state, then a descriptor's registrations. A layer is asked with neither locked.

mod core;
mod layers;
mod table;

use std::sync::{Arc, Weak};

use self::core::Core;
use self::table::Entry;
use crate::descriptor::Registry;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

/// A socket that a [`SocketSelector`] can watch: [`TcpSocket`](crate::TcpSocket),
/// [`UdpSocket`](crate::UdpSocket), [`TcpListener`](crate::TcpListener), and what is inside TLS.
pub trait Selectable: sealed::Sealed {}

impl<S: sealed::Sealed> Selectable for S {}

pub(crate) mod sealed {
    use crate::descriptor::Descriptor;

    pub trait Sealed {
        #[doc(hidden)]
        fn descriptor(&self) -> &Descriptor;
    }
}

/// Names one registration in one selector; never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key(u64);

/// A socket that the last wait found ready.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The registration, as [`SocketSelector::add`] returned it.
    pub key: Key,
    /// What it is ready for.
    pub readiness: Readiness,
}

/// Waits until any of many sockets is ready, in one system call whose cost does not depend on their number.
///
/// Registers with the system when a socket is added (`epoll_ctl(2)`, `kqueue(2)`, AFD on Windows); there is no
/// limit but the system's own on descriptors. A socket leaves by itself when it is closed or dropped. All
/// methods take `&self` and work from several threads; sockets added during a wait take part in it.
///
/// ```
/// use sfml_network::{IpAddress, SocketSelector, TcpListener, TcpSocket};
/// use std::time::Duration;
///
/// let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
/// let selector = SocketSelector::new()?;
/// selector.add(&listener)?;
/// assert!(!selector.poll()?);
///
/// let _client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), None)?;
/// assert!(selector.wait(Duration::from_secs(5))?);
/// assert!(selector.is_ready(&listener));
/// let _server = listener.accept()?;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Debug)]
pub struct SocketSelector {
    core: Arc<Core>,
}

impl SocketSelector {
    /// A selector without sockets.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system has no descriptors left.
    pub fn new() -> Result<Self, SocketError> {
        let core = Core::new().map_err(|error| SocketError::attempt("could not create a selector", error))?;
        Ok(Self { core: Arc::new(core) })
    }

    /// Adds a socket, to be told when it can be received from, or accepted on.
    ///
    /// Adding a socket again changes what it is watched for, and keeps its key.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the socket was closed, after a fork, or when the system refuses
    /// (`epoll_ctl(2)`).
    pub fn add(&self, socket: &impl Selectable) -> Result<Key, SocketError> {
        self.add_for(socket, Readiness::READABLE)
    }

    /// Adds a socket, to be told when it is ready for what is asked.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_for(&self, socket: &impl Selectable, want: Readiness) -> Result<Key, SocketError> {
        self.core.check_process()?;
        let descriptor = socket.descriptor();
        let refused = |error| SocketError::attempt("could not add the socket to the selector", error);
        let mut state = self.core.state();
        if let Some(key) = descriptor.key_in(self.core.id) {
            self.core.poller.modify(descriptor.handle(), key, want).map_err(refused)?;
            if let Some(entry) = state.table.get_mut(key) {
                (entry.want, entry.watched) = (want, want);
                if entry.registrations.layer().is_some() {
                    state.queue(key);
                }
            }
            return Ok(Key(key));
        }
        if descriptor.is_closed() {
            return Err(descriptor.closed_error());
        }
        let key = state.table.next_key();
        self.core.poller.add(descriptor.handle(), key, want).map_err(refused)?;
        let registry: Weak<dyn Registry> = Arc::downgrade(&self.core) as _;
        let registrations = descriptor.register(self.core.id, key, registry);
        let has_layer = registrations.layer().is_some();
        let raw = sys::raw(descriptor.handle());
        state.table.insert(key, Entry { registrations, raw, want, watched: want, is_queued: false });
        if descriptor.is_closed() && self.core.leave(&mut state.table, descriptor) {
            return Err(descriptor.closed_error());
        }
        if has_layer {
            state.queue(key);
        }
        Ok(Key(key))
    }

    /// Removes a socket; `false` when it was not here.
    pub fn remove(&self, socket: &impl Selectable) -> bool {
        self.core.leave(&mut self.core.state().table, socket.descriptor())
    }

    /// Removes all sockets.
    pub fn clear(&self) {
        for entry in self.core.state().table.drain() {
            entry.registrations.unregister(self.core.id);
            self.core.unwatch(entry.raw);
        }
    }

    /// The number of sockets.
    pub fn len(&self) -> usize {
        self.core.state().table.len()
    }

    /// Whether there are no sockets.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a socket is registered here.
    pub fn contains(&self, socket: &impl Selectable) -> bool {
        self.key(socket).is_some()
    }

    /// The key of a socket that is registered here.
    pub fn key(&self, socket: &impl Selectable) -> Option<Key> {
        socket.descriptor().key_in(self.core.id).map(Key)
    }

    /// Whether a registration still exists: its socket was neither removed nor closed.
    pub fn contains_key(&self, key: Key) -> bool {
        self.core.state().table.get(key.0).is_some()
    }

    /// Waits until a socket is ready; `true` when one is, `false` when the time is up or [`wake`](Self::wake)
    /// was called. `None` waits without limit, which without sockets means until `wake`.
    ///
    /// One system call (`epoll_pwait(2)`, which rounds a time up to milliseconds). A signal does not end the wait
    /// unless its interrupt hook says so. Inside TLS, data counts that was decrypted and not received, half a record does
    /// not; what waits to be sent goes out meanwhile, and handshakes go on. What it finds replaces what an earlier wait found, also one of another
    /// thread.
    ///
    /// # Errors
    /// [`SocketError::Other`] from the interrupt hook, or after a fork.
    #[inline(always)]
    pub fn wait<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<bool, SocketError> {
        Ok(self.core.wait(timeout.into())?.unwrap_or(false))
    }

    /// Asks which sockets are ready now, without waiting; `true` when one is.
    ///
    /// # Errors
    /// [`SocketError::Other`] after a fork.
    #[inline(always)]
    pub fn poll(&self) -> Result<bool, SocketError> {
        match self.try_wait() {
            Err(SocketError::NotReady) => Ok(false),
            outcome => outcome,
        }
    }

    /// As [`poll`](Self::poll), but tells a wake-up, `Ok(false)`, from nothing at all.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: no socket is ready and nobody called [`wake`](Self::wake).
    /// * [`SocketError::Other`]: after a fork.
    #[inline(always)]
    pub fn try_wait(&self) -> Result<bool, SocketError> {
        self.core.look()?.ok_or(SocketError::NotReady)
    }

    /// Whether the last wait found the socket ready to receive or accept. Costs no system call and no lock.
    ///
    /// Also true for a peer that hung up: the receive that follows says so, and does not block.
    #[inline]
    pub fn is_ready(&self, socket: &impl Selectable) -> bool {
        self.core.last_readiness(socket.descriptor()) & 1 != 0
    }

    /// Whether the last wait found the socket, added for [`Readiness::WRITABLE`], ready to send.
    #[inline]
    pub fn is_writable(&self, socket: &impl Selectable) -> bool {
        self.core.last_readiness(socket.descriptor()) & 2 != 0
    }

    /// The sockets the last wait found ready, in no particular order.
    pub fn ready(&self) -> Vec<Event> {
        self.core.state().ready.clone()
    }

    /// Makes the current wait, or the next one, return `false` at once. For other threads.
    ///
    /// Sockets that are ready at the same time are reported by the wait after that.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, which it has no reason to.
    pub fn wake(&self) -> Result<(), SocketError> {
        self.core.check_process()?;
        self.core.wake().map_err(SocketError::classify)
    }
}
