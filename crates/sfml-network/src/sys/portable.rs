//! Every system but Linux: socket2 for the calls, the polling crate (kqueue, AFD; here also epoll) for waits.
//!
//! Descriptors are always in the system's non-blocking mode, so that no call can sleep; blocking mode is
//! emulated by waits. Whether a `shutdown` wakes a sleeper differs between systems: waits come in slices, and
//! the caller looks at its `closed` flag after each.

use std::cell::Cell;
use std::io;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use polling::PollMode;
use socket2::{MaybeUninitSlice, SockAddr, SockRef};

use super::common::{Handle, RawHandle, as_uninit, for_one_call, raw};
use crate::descriptor::lock;
use crate::readiness::Readiness;

/// Whether descriptors stay in the system's non-blocking mode.
pub(crate) const NON_BLOCKING: bool = true;

/// Whether the length of a datagram that does not fit is known, or only that it is longer.
pub(crate) const KNOWS_LENGTH_OF_DROPPED: bool = false;

/// `shutdown` does not wake sleepers everywhere, so every wait comes in slices.
pub(crate) const WAIT_SLICE: Option<Duration> = Some(SLICE);

const SLICE: Duration = Duration::from_millis(40);

/// Apple's systems and Windows have no such flag. On the former socket2 sets `SO_NOSIGPIPE`.
#[cfg(all(unix, not(target_vendor = "apple")))]
const SEND_FLAGS: i32 = libc::MSG_NOSIGNAL;
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
const SEND_FLAGS: i32 = 0;

/// How many refusals by earlier receivers a UDP receive passes over before it says that nothing is there.
const PASSED_OVER: usize = 16;

/// `WSAECONNREFUSED`
const WINDOWS_REFUSED: i32 = 10061;

/// Calls until no signal interrupts; none of these calls sleeps.
fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// A connected stream stays as it was created.
pub(crate) fn settle(_handle: &Handle) -> io::Result<()> {
    Ok(())
}

pub(crate) fn send(handle: &Handle, data: &[u8]) -> io::Result<usize> {
    uninterrupted(|| SockRef::from(handle).send_with_flags(data, SEND_FLAGS))
}

pub(crate) fn send_vectored(handle: &Handle, data: &[IoSlice<'_>]) -> io::Result<usize> {
    uninterrupted(|| SockRef::from(handle).send_vectored_with_flags(for_one_call(data), SEND_FLAGS))
}

pub(crate) fn receive(handle: &Handle, buffer: &mut [u8]) -> io::Result<usize> {
    receive_uninit(handle, as_uninit(buffer)).map(|filled| filled.len())
}

pub(crate) fn receive_uninit<'b>(
    handle: &Handle,
    buffer: &'b mut [MaybeUninit<u8>],
) -> io::Result<&'b mut [u8]> {
    let length = uninterrupted(|| SockRef::from(handle).recv(buffer))?;
    let filled = &mut buffer[..length];
    // SAFETY: recv has just initialised the first `length` bytes of the buffer, which stays borrowed.
    Ok(unsafe { &mut *(std::ptr::from_mut(filled) as *mut [u8]) })
}

/// Never sleeps here: the caller waits.
pub(crate) fn receive_sleeping(handle: &Handle, buffer: &mut [u8]) -> io::Result<usize> {
    receive(handle, buffer)
}

pub(crate) fn peek(handle: &Handle, buffer: &mut [u8]) -> io::Result<usize> {
    uninterrupted(|| SockRef::from(handle).peek(as_uninit(buffer)))
}

pub(crate) fn send_to(handle: &Handle, data: &[u8], to: &SocketAddr) -> io::Result<usize> {
    let to = SockAddr::from(*to);
    uninterrupted(|| SockRef::from(handle).send_to_with_flags(data, &to, SEND_FLAGS))
}

/// What came with a datagram.
pub(crate) struct Arrival {
    /// The bytes now in the buffer.
    pub(crate) received: usize,
    /// At least the datagram's length; larger than `received` when the buffer was too small.
    pub(crate) length: usize,
    /// Who sent it; `None` when the socket was shut down instead.
    pub(crate) sender: Option<SocketAddr>,
}

pub(crate) fn receive_from(handle: &Handle, buffer: &mut [MaybeUninit<u8>]) -> io::Result<Arrival> {
    // Windows reports that an earlier datagram was refused to whoever receives next, though this says nothing
    // about what there is to receive.
    for _ in 0..PASSED_OVER {
        let mut pieces = [MaybeUninitSlice::new(buffer)];
        match uninterrupted(|| SockRef::from(handle).recv_from_vectored(&mut pieces)) {
            Ok((received, flags, sender)) => {
                let length = received + usize::from(flags.is_truncated());
                return Ok(Arrival { received, length, sender: sender.as_socket() });
            }
            Err(error) if cfg!(windows) && error.kind() == io::ErrorKind::ConnectionReset => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

/// The receive of a socket that has a peer: no sender is reported. Returns (received, at least the datagram's
/// length).
pub(crate) fn receive_datagram(handle: &Handle, buffer: &mut [u8]) -> io::Result<(usize, usize)> {
    let mut pieces = [MaybeUninitSlice::new(as_uninit(buffer))];
    match uninterrupted(|| SockRef::from(handle).recv_vectored(&mut pieces)) {
        Ok((received, flags)) => Ok((received, received + usize::from(flags.is_truncated()))),
        // Windows' word for a datagram that the peer's system refused.
        Err(error) if cfg!(windows) && error.kind() == io::ErrorKind::ConnectionReset => {
            Err(io::Error::from_raw_os_error(WINDOWS_REFUSED))
        }
        Err(error) => Err(error),
    }
}

/// Accepts a connection; close-on-exec, options inherited from the listener.
pub(crate) fn accept(listener: &Handle) -> io::Result<Handle> {
    let (socket, _) = uninterrupted(|| SockRef::from(listener).accept())?;
    // Some systems hand the listener's mode down, some do not.
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

thread_local! {
    /// The poller for this thread's waits on one socket, with the process it belongs to; nothing is registered
    /// in it between waits.
    static LONE: Cell<Option<(u32, Poller, Events)>> = const { Cell::new(None) };
}

/// Sleeps until the socket is ready, hung up or broken; `false` when the time is up.
pub(crate) fn wait_ready(handle: &Handle, want: Readiness, timeout: Option<Duration>) -> io::Result<bool> {
    let process = process_generation();
    let cached = LONE.try_with(Cell::take).ok().flatten().filter(|(owner, ..)| *owner == process);
    let (_, poller, mut events) = match cached {
        Some(cached) => cached,
        None => (process, Poller::new()?, Events::default()),
    };
    poller.add(handle, 0, want)?;
    let waited = poller.wait(&mut events, 2, timeout);
    // A poller that did not let go of the socket is not kept.
    poller.delete(raw(handle))?;
    waited?;
    let is_ready = events.iter().next().is_some();
    // A thread that is about to end has no place for it any more.
    let _ = LONE.try_with(|lone| lone.set(Some((process, poller, events))));
    Ok(is_ready)
}

/// One event of a poller.
pub(crate) struct Event {
    /// What the socket was added with.
    pub(crate) data: u64,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

/// The buffer a poller fills.
#[derive(Default)]
pub(crate) struct Events {
    fetched: Option<polling::Events>,
    woken: bool,
}

impl Events {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        let wake = Event { data: Poller::WAKE, readable: true, writable: false };
        let fetched = self.fetched.iter().flat_map(polling::Events::iter).map(|event| Event {
            data: event.key as u64,
            readable: event.readable,
            writable: event.writable,
        });
        self.woken.then_some(wake).into_iter().chain(fetched)
    }

    /// Whether the poller may have had more to say.
    pub(crate) fn is_full(&self) -> bool {
        // A notification takes up room, but is not among the events.
        self.fetched.as_ref().is_some_and(|events| events.len() + 1 >= events.capacity().get())
    }
}

/// Many sockets, watched level-triggered: whatever is still ready is reported by every wait.
pub(crate) struct Poller {
    poller: polling::Poller,
    woken: AtomicBool,
    /// Whether a thread is waiting: polling allows one at a time, and sends the others away at once.
    waiting: Mutex<bool>,
    vacant: Condvar,
}

impl Poller {
    /// The data of the event that `wake` causes.
    pub(crate) const WAKE: u64 = u64::MAX;

    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            poller: polling::Poller::new()?,
            woken: AtomicBool::new(false),
            waiting: Mutex::new(false),
            vacant: Condvar::new(),
        })
    }

    pub(crate) fn add(&self, handle: &Handle, data: u64, want: Readiness) -> io::Result<()> {
        // SAFETY: the socket is open now, and is deleted before it is closed: `wait_ready` deletes it before its
        // borrow ends, and `Descriptor` leaves every selector before it drops its handle.
        unsafe { self.poller.add_with_mode(raw(handle), Self::interest(data, want), PollMode::Level) }
    }

    pub(crate) fn modify(&self, handle: &Handle, data: u64, want: Readiness) -> io::Result<()> {
        self.poller.modify_with_mode(handle, Self::interest(data, want), PollMode::Level)
    }

    pub(crate) fn delete(&self, raw: RawHandle) -> io::Result<()> {
        #[cfg(unix)]
        // SAFETY: borrowed for this call only; a descriptor leaves the table before it is closed.
        let source = unsafe { std::os::fd::BorrowedFd::borrow_raw(raw) };
        #[cfg(windows)]
        // SAFETY: borrowed for this call only; a descriptor leaves the table before it is closed.
        let source = unsafe { std::os::windows::io::BorrowedSocket::borrow_raw(raw) };
        self.poller.delete(source)
    }

    /// Waits for events, at most `capacity` of them.
    pub(crate) fn wait(
        &self,
        events: &mut Events,
        capacity: usize,
        timeout: Option<Duration>,
    ) -> io::Result<()> {
        let end = Instant::now() + timeout.unwrap_or(SLICE);
        let capacity = NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN);
        events.woken = false;
        let fetched = match &mut events.fetched {
            Some(fetched) if fetched.capacity() >= capacity => fetched,
            small => small.insert(polling::Events::with_capacity(capacity)),
        };
        fetched.clear();
        let Some(_turn) = self.take_turn(end) else {
            return Ok(());
        };
        self.poller.wait_deadline(fetched, end)?;
        events.woken = self.woken.swap(false, Ordering::AcqRel);
        Ok(())
    }

    pub(crate) fn wake(&self) -> io::Result<()> {
        self.woken.store(true, Ordering::Release);
        self.poller.notify()
    }

    /// Waits until no other thread waits; `None` when the time is up.
    fn take_turn(&self, end: Instant) -> Option<Turn<'_>> {
        let limit = end.saturating_duration_since(Instant::now());
        let outcome = self.vacant.wait_timeout_while(lock(&self.waiting), limit, |waiting| *waiting);
        let mut waiting = outcome.unwrap_or_else(PoisonError::into_inner).0;
        (!std::mem::replace(&mut *waiting, true)).then_some(Turn(self))
    }

    fn interest(data: u64, want: Readiness) -> polling::Event {
        // Lossless: these systems have 64-bit pointers.
        polling::Event::new(data as usize, want.is_readable(), want.is_writable())
    }
}

/// The right to wait on a poller.
struct Turn<'a>(&'a Poller);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.0.waiting) = false;
        self.0.vacant.notify_one();
    }
}

/// One-shot wake-up from a helper thread.
#[derive(Default)]
pub(crate) struct Signal {
    raised: Mutex<bool>,
    changed: Condvar,
}

impl Signal {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self::default())
    }

    pub(crate) fn raise(&self) {
        *lock(&self.raised) = true;
        self.changed.notify_all();
    }

    pub(crate) fn wait(&self, timeout: Option<Duration>) -> io::Result<bool> {
        let limit = timeout.unwrap_or(SLICE);
        let outcome = self.changed.wait_timeout_while(lock(&self.raised), limit, |raised| !*raised);
        Ok(*outcome.unwrap_or_else(PoisonError::into_inner).0)
    }
}

/// A number that differs between a process and its forked children.
pub(crate) fn process_generation() -> u32 {
    std::process::id()
}
