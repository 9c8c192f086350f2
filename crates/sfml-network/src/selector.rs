//! `SocketSelector`: waits on any number of sockets at once.
//!
//! Level-triggered, as SFML users expect: a socket is reported by every wait until it has been drained.
//! Registrations live in a slab; a key is the slot's index under the slot's generation, so that an event
//! fetched before a removal can never be taken for the slot's next tenant. Each wait has a sequence number and
//! stamps it on what was ready, which makes `is_ready` one comparison.
//!
//! Lock order: the table, then a descriptor's registrations.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use crate::descriptor::{Descriptor, Registrations, Registry, lock};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

/// The most events fetched by one system call.
const FETCH_LIMIT: usize = 4096;

/// A socket that a [`SocketSelector`] can watch: [`TcpSocket`](crate::TcpSocket),
/// [`UdpSocket`](crate::UdpSocket), [`TcpListener`](crate::TcpListener).
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

struct Core {
    /// Distinguishes this selector in the stamps of its sockets; never zero.
    id: u64,
    process: u32,
    poller: sys::Poller,
    sequence: AtomicU64,
    table: Mutex<Table>,
    /// The occupied slots of the table, readable without its lock.
    len: AtomicUsize,
    last: Mutex<LastWait>,
}

/// What the last wait left behind.
#[derive(Default)]
struct LastWait {
    ready: Vec<Event>,
    /// The buffer for the system's events, kept for the next wait.
    buffer: sys::Events,
}

impl SocketSelector {
    /// A selector without sockets.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system has no descriptors left.
    pub fn new() -> Result<Self, SocketError> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        let poller =
            sys::Poller::new().map_err(|error| SocketError::attempt("could not create a selector", error))?;
        let core = Core {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            process: sys::process_generation(),
            poller,
            sequence: AtomicU64::new(1),
            table: Mutex::default(),
            len: AtomicUsize::new(0),
            last: Mutex::default(),
        };
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
        let mut table = lock(&self.core.table);
        if let Some(key) = descriptor.key_in(self.core.id) {
            self.core.poller.modify(descriptor.handle(), key, want).map_err(refused)?;
            return Ok(Key(key));
        }
        if descriptor.is_closed() {
            return Err(descriptor.closed_error());
        }
        let key = table.next_key();
        self.core.poller.add(descriptor.handle(), key, want).map_err(refused)?;
        let registry: Weak<dyn Registry> = Arc::downgrade(&self.core) as _;
        let registrations = descriptor.register(self.core.id, key, registry);
        table.insert(key, Entry { registrations, raw: sys::raw(descriptor.handle()) });
        self.core.len.store(table.len, Ordering::Relaxed);
        if descriptor.is_closed() && self.core.leave(&mut table, descriptor) {
            return Err(descriptor.closed_error());
        }
        Ok(Key(key))
    }

    /// Removes a socket; `false` when it was not here.
    pub fn remove(&self, socket: &impl Selectable) -> bool {
        self.core.leave(&mut lock(&self.core.table), socket.descriptor())
    }

    /// Removes all sockets.
    pub fn clear(&self) {
        let mut table = lock(&self.core.table);
        for entry in table.drain() {
            entry.registrations.unregister(self.core.id);
            self.core.unwatch(entry.raw);
        }
        self.core.len.store(0, Ordering::Relaxed);
    }

    /// The number of sockets.
    pub fn len(&self) -> usize {
        self.core.len.load(Ordering::Relaxed)
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
        lock(&self.core.table).get(key.0).is_some()
    }

    /// Waits until a socket is ready; `true` when one is, `false` when the time is up or [`wake`](Self::wake)
    /// was called. `None` waits without limit, which without sockets means until `wake`.
    ///
    /// One system call (`epoll_pwait2(2)`), exact to the nanosecond. A signal does not end the wait unless its
    /// interrupt hook says so.
    ///
    /// # Errors
    /// [`SocketError::Other`] from the interrupt hook, or after a fork.
    pub fn wait<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<bool, SocketError> {
        Ok(self.core.wait(timeout.into())?.unwrap_or(false))
    }

    /// Asks which sockets are ready now, without waiting; `true` when one is.
    ///
    /// # Errors
    /// [`SocketError::Other`] after a fork.
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
    pub fn try_wait(&self) -> Result<bool, SocketError> {
        self.core.wait(Duration::ZERO.into())?.ok_or(SocketError::NotReady)
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
        lock(&self.core.last).ready.clone()
    }

    /// Makes the current wait, or the next one, return early. For other threads.
    ///
    /// # Errors
    /// [`SocketError::Other`] when the system refuses, which it has no reason to.
    pub fn wake(&self) -> Result<(), SocketError> {
        self.core.poller.wake().map_err(SocketError::classify)
    }
}

impl Core {
    /// `Some(true)` for ready sockets, `Some(false)` for a wake-up, `None` when the time is up.
    fn wait(&self, mut wait: Wait<'_>) -> Result<Option<bool>, SocketError> {
        self.check_process()?;
        let sequence = self.sequence.fetch_add(1, Ordering::AcqRel) + 1;
        let LastWait { mut ready, mut buffer } = std::mem::take(&mut *lock(&self.last));
        ready.clear();
        let outcome = wait.sleep(|timeout| {
            let capacity = self.len.load(Ordering::Relaxed).clamp(1, FETCH_LIMIT - 1) + 1;
            self.poller.wait(&mut buffer, capacity, timeout)?;
            self.collect(&mut buffer, &mut ready, capacity, sequence)
        });
        *lock(&self.last) = LastWait { ready, buffer };
        outcome
    }

    /// Stamps and lists what the system reported, answering as `wait` does; `None` when nothing of it counts.
    fn collect(
        &self,
        buffer: &mut sys::Events,
        ready: &mut Vec<Event>,
        capacity: usize,
        sequence: u64,
    ) -> std::io::Result<Option<bool>> {
        let table = lock(&self.table);
        let mut woken = false;
        // Level-triggered events rotate, so further fetches bring the sockets not seen yet.
        let mut fetches_left = table.len / capacity;
        loop {
            for event in buffer.iter() {
                let bits = Readiness::bits(event.readable, event.writable);
                if event.data == sys::Poller::WAKE {
                    woken = true;
                } else if let (Some(entry), Some(readiness)) =
                    (table.get(event.data), Readiness::from_bits(bits))
                {
                    let stamp = sequence << 2 | u64::from(bits);
                    if entry.registrations.stamps.write(self.id, stamp) {
                        ready.push(Event { key: Key(event.data), readiness });
                    }
                }
            }
            if fetches_left == 0 || !buffer.is_full() {
                break;
            }
            fetches_left -= 1;
            self.poller.wait(buffer, capacity, Some(Duration::ZERO))?;
        }
        Ok(if ready.is_empty() { woken.then_some(false) } else { Some(true) })
    }

    #[inline]
    fn last_readiness(&self, descriptor: &Descriptor) -> u64 {
        let stamp = descriptor.stamps().map_or(0, |stamps| stamps.read(self.id));
        if stamp >> 2 == self.sequence.load(Ordering::Acquire) { stamp & 3 } else { 0 }
    }

    fn leave(&self, table: &mut Table, descriptor: &Descriptor) -> bool {
        let Some(key) = descriptor.unregister(self.id) else {
            return false;
        };
        self.drop_entry(table, key);
        true
    }

    fn drop_entry(&self, table: &mut Table, key: u64) {
        if let Some(entry) = table.remove(key) {
            self.len.store(table.len, Ordering::Relaxed);
            self.unwatch(entry.raw);
        }
    }

    /// Tells the system. In a forked child it does not: there the registrations are the parent's.
    fn unwatch(&self, raw: sys::RawHandle) {
        if self.process == sys::process_generation() {
            // A descriptor leaves the table before it is closed, so this one is open.
            let _ = self.poller.delete(raw);
        }
    }

    fn check_process(&self) -> Result<(), SocketError> {
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
            self.drop_entry(&mut lock(&self.table), key);
        }
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The slab of registrations. A key is `generation << 32 | index`.
#[derive(Default)]
struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    len: usize,
}

#[derive(Default)]
struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

struct Entry {
    registrations: Arc<Registrations>,
    raw: sys::RawHandle,
}

impl Table {
    /// The key the next `insert` takes.
    fn next_key(&self) -> u64 {
        let index = self.free.last().map_or(self.slots.len(), |index| *index as usize);
        let generation = self.slots.get(index).map_or(0, |slot| slot.generation);
        u64::from(generation) << 32 | index as u64
    }

    fn insert(&mut self, key: u64, entry: Entry) {
        if self.free.pop().is_none() {
            self.slots.push(Slot::default());
        }
        self.slots[Self::index(key)].entry = Some(entry);
        self.len += 1;
    }

    fn get(&self, key: u64) -> Option<&Entry> {
        let slot = self.slots.get(Self::index(key))?;
        slot.entry.as_ref().filter(|_| u64::from(slot.generation) == key >> 32)
    }

    fn remove(&mut self, key: u64) -> Option<Entry> {
        self.get(key)?;
        let index = Self::index(key);
        self.len -= 1;
        // A slot whose generations are used up is retired, so that no key ever comes back.
        if self.slots[index].generation < u32::MAX - 1 {
            self.slots[index].generation += 1;
            self.free.push(index as u32);
        }
        self.slots[index].entry.take()
    }

    fn drain(&mut self) -> impl Iterator<Item = Entry> {
        let occupied = |slot: &(usize, &Slot)| slot.1.entry.is_some();
        let key = |(index, slot): (usize, &Slot)| u64::from(slot.generation) << 32 | index as u64;
        let keys: Vec<u64> = self.slots.iter().enumerate().filter(occupied).map(key).collect();
        keys.into_iter().filter_map(|key| self.remove(key))
    }

    fn index(key: u64) -> usize {
        (key & u64::from(u32::MAX)) as usize
    }
}
