//! Linux: rustix's inlined system calls, `poll` for one socket, epoll for many.
//!
//! Descriptors stay in the kernel's blocking mode and each call says `MSG_DONTWAIT`, so that changing a
//! socket's mode costs no system call. Listeners are the exception: `accept4` has no such flag; and so are streams that
//! were pumped from or to a file, see `files`.

use std::io;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, epoll};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, SocketAddrAny, SocketFlags};

use super::common::{Handle, RawHandle, for_one_call};
use crate::readiness::Readiness;

/// Whether descriptors stay in the kernel's non-blocking mode.
pub(crate) const NON_BLOCKING: bool = false;

/// Whether the length of a datagram that does not fit is known, or only that it is longer.
pub(crate) const KNOWS_LENGTH_OF_DROPPED: bool = true;

/// The longest time `epoll_pwait` takes, in round numbers: its milliseconds are an `i32`.
const LONGEST_SLICE: Duration = Duration::from_secs(1 << 20);

/// `shutdown` wakes every sleeper on Linux, so a wait without a hook needs no slices.
pub(crate) const WAIT_SLICE: Option<Duration> = None;

const SEND: SendFlags = SendFlags::DONTWAIT.union(SendFlags::NOSIGNAL);

/// Out of the way: what follows a system call is slowest where it branches.
///
/// No call here sleeps, so none is interrupted; should one say so all the same, it can be tried again.
#[cold]
fn failed(errno: Errno) -> io::Error {
    if errno == Errno::INTR { Errno::AGAIN.into() } else { errno.into() }
}

/// Gives a connected stream the kernel's blocking mode back.
pub(crate) fn settle(handle: &Handle) -> io::Result<()> {
    Ok(rustix::io::ioctl_fionbio(handle, false)?)
}

#[inline(always)]
pub(crate) fn send(handle: &Handle, data: &[u8]) -> io::Result<usize> {
    rustix::net::send(handle, data, SEND).map_err(failed)
}

#[inline]
pub(crate) fn send_vectored(handle: &Handle, data: &[IoSlice<'_>]) -> io::Result<usize> {
    let mut control = rustix::net::SendAncillaryBuffer::default();
    rustix::net::sendmsg(handle, for_one_call(data), &mut control, SEND).map_err(failed)
}

#[inline(always)]
pub(crate) fn receive(handle: &Handle, buffer: &mut [u8]) -> io::Result<usize> {
    rustix::net::recv(handle, buffer, RecvFlags::DONTWAIT).map(|(length, _)| length).map_err(failed)
}

#[inline(always)]
pub(crate) fn receive_uninit<'b>(
    handle: &Handle,
    buffer: &'b mut [MaybeUninit<u8>],
) -> io::Result<&'b mut [u8]> {
    rustix::net::recv(handle, buffer, RecvFlags::DONTWAIT).map(|((filled, _), _)| filled).map_err(failed)
}

/// A receive that sleeps in the kernel until there is something, a signal (`Interrupted`), or a `shutdown`.
#[inline]
pub(crate) fn receive_sleeping(handle: &Handle, buffer: &mut [u8]) -> io::Result<usize> {
    Ok(rustix::net::recv(handle, buffer, RecvFlags::empty()).map(|(length, _)| length)?)
}

#[inline]
pub(crate) fn peek(handle: &Handle, buffer: &mut [u8]) -> io::Result<usize> {
    let flags = RecvFlags::DONTWAIT.union(RecvFlags::PEEK);
    rustix::net::recv(handle, buffer, flags).map(|(length, _)| length).map_err(failed)
}

#[inline(always)]
pub(crate) fn send_to(handle: &Handle, data: &[u8], to: &SocketAddr) -> io::Result<usize> {
    match to {
        SocketAddr::V4(to) => rustix::net::sendto(handle, data, SEND, to).map_err(failed),
        SocketAddr::V6(to) => rustix::net::sendto(handle, data, SEND, to).map_err(failed),
    }
}

/// What came with a datagram.
pub(crate) struct Arrival {
    /// The bytes now in the buffer.
    pub(crate) received: usize,
    /// The datagram's own length; larger than `received` when the buffer was too small.
    pub(crate) length: usize,
    /// Who sent it; `None` when the socket was shut down instead.
    pub(crate) sender: Option<SocketAddr>,
}

const RECEIVE_WHOLE: RecvFlags = RecvFlags::DONTWAIT.union(RecvFlags::TRUNC);

#[inline(always)]
pub(crate) fn receive_from(handle: &Handle, buffer: &mut [MaybeUninit<u8>]) -> io::Result<Arrival> {
    match rustix::net::recvfrom(handle, buffer, RECEIVE_WHOLE) {
        // The generic address is made plain before it is moved: it is 128 bytes long.
        Ok(((filled, _), length, sender)) => {
            Ok(Arrival { received: filled.len(), length, sender: sender.and_then(internet_address) })
        }
        Err(errno) => Err(failed(errno)),
    }
}

/// The receive of a socket that has a peer: no sender is reported. Returns (received, datagram's length).
#[inline(always)]
pub(crate) fn receive_datagram(handle: &Handle, buffer: &mut [u8]) -> io::Result<(usize, usize)> {
    rustix::net::recv(handle, buffer, RECEIVE_WHOLE).map_err(failed)
}

#[inline(always)]
pub(crate) fn internet_address(address: SocketAddrAny) -> Option<SocketAddr> {
    SocketAddr::try_from(address).ok()
}

/// Accepts a connection; close-on-exec, options inherited from the listener.
#[inline(always)]
pub(crate) fn accept(listener: &Handle) -> io::Result<Handle> {
    rustix::net::accept_with(listener, SocketFlags::CLOEXEC).map_err(failed)
}

/// Sleeps until the socket is ready, hung up or broken; `false` when the time is up.
pub(crate) fn wait_ready(handle: &Handle, want: Readiness, timeout: Option<Duration>) -> io::Result<bool> {
    let mut flags = PollFlags::empty();
    flags.set(PollFlags::IN, want.is_readable());
    flags.set(PollFlags::OUT, want.is_writable());
    let timeout = timeout.map(timespec);
    Ok(rustix::event::poll(&mut [PollFd::new(handle, flags)], timeout.as_ref())? > 0)
}

fn timespec(timeout: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    }
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
pub(crate) struct Events(Vec<epoll::Event>);

// SAFETY: the events are plain integers; the type is not `Send` only because their data could be a pointer,
// and this module stores nothing but `u64` in it.
unsafe impl Send for Events {}

impl Events {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        const READABLE: epoll::EventFlags = epoll::EventFlags::IN
            .union(epoll::EventFlags::HUP)
            .union(epoll::EventFlags::ERR)
            .union(epoll::EventFlags::RDHUP);
        const WRITABLE: epoll::EventFlags =
            epoll::EventFlags::OUT.union(epoll::EventFlags::HUP).union(epoll::EventFlags::ERR);
        self.0.iter().map(|event| {
            let flags = event.flags;
            let data = event.data;
            Event {
                data: data.u64(),
                readable: flags.intersects(READABLE),
                writable: flags.intersects(WRITABLE),
            }
        })
    }

    /// Whether the poller may have had more to say.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() == self.0.capacity()
    }
}

/// Many sockets, watched level-triggered: whatever is still ready is reported by every wait.
pub(crate) struct Poller {
    epoll: Handle,
    wake: Handle,
}

impl Poller {
    /// The data of the event that `wake` causes.
    pub(crate) const WAKE: u64 = u64::MAX;

    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let wake = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        // Edge-triggered: each write is one event, and nobody has to read it back.
        let flags = epoll::EventFlags::IN | epoll::EventFlags::ET;
        epoll::add(&epoll, &wake, epoll::EventData::new_u64(Self::WAKE), flags)?;
        Ok(Self { epoll, wake })
    }

    pub(crate) fn add(&self, handle: &Handle, data: u64, want: Readiness) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, handle, epoll::EventData::new_u64(data), Self::flags(want))?)
    }

    pub(crate) fn modify(&self, handle: &Handle, data: u64, want: Readiness) -> io::Result<()> {
        Ok(epoll::modify(&self.epoll, handle, epoll::EventData::new_u64(data), Self::flags(want))?)
    }

    pub(crate) fn delete(&self, raw: RawHandle) -> io::Result<()> {
        // SAFETY: borrowed for this call only; a number that is not open any more is refused by the kernel.
        Ok(epoll::delete(&self.epoll, unsafe { BorrowedFd::borrow_raw(raw) })?)
    }

    /// Waits for events, at most `capacity` of them.
    #[inline]
    pub(crate) fn wait(
        &self,
        events: &mut Events,
        capacity: usize,
        timeout: Option<Duration>,
    ) -> io::Result<()> {
        events.0.clear();
        if events.0.capacity() < capacity {
            events.0.reserve_exact(capacity);
        }
        // Longer ones would need a newer system call; the caller waits again.
        let timeout = timeout.map(|timeout| timespec(timeout.min(LONGEST_SLICE)));
        epoll::wait(&self.epoll, spare_capacity(&mut events.0), timeout.as_ref())?;
        Ok(())
    }

    pub(crate) fn wake(&self) -> io::Result<()> {
        match rustix::io::write(&self.wake, &1_u64.to_ne_bytes()) {
            // A full counter has an event pending already.
            Ok(_) | Err(Errno::AGAIN) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    fn flags(want: Readiness) -> epoll::EventFlags {
        let mut flags = epoll::EventFlags::empty();
        flags.set(epoll::EventFlags::IN | epoll::EventFlags::RDHUP, want.is_readable());
        flags.set(epoll::EventFlags::OUT, want.is_writable());
        flags
    }
}

/// One-shot wake-up from a helper thread.
pub(crate) struct Signal(Handle);

impl Signal {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    pub(crate) fn raise(&self) {
        // The counter is 0 or 1, so this cannot fail.
        let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
    }

    pub(crate) fn wait(&self, timeout: Option<Duration>) -> io::Result<bool> {
        wait_ready(&self.0, Readiness::READABLE, timeout)
    }
}

/// A number that differs between a process and its forked children, read without a system call.
#[inline]
pub(crate) fn process_generation() -> u32 {
    static GENERATION: AtomicU32 = AtomicU32::new(0);
    static REGISTERED: Once = Once::new();
    extern "C" fn child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }
    if !REGISTERED.is_completed() {
        // SAFETY: the handler only touches an atomic, which is async-signal-safe.
        REGISTERED.call_once(|| unsafe {
            libc::pthread_atfork(None, None, Some(child));
        });
    }
    GENERATION.load(Ordering::Relaxed)
}
