//! Runs: datagrams that the system joined (`UDP_GRO`), taken apart for calls that receive one at a time.

use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use socket2::SockRef;

use super::super::udp::UdpSocket;
use super::late::Late;
use super::storage::Storage;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::sys::{self, Arrival, Details, Handle};

/// Room for the longest run.
pub(super) const RUN_ROOM: usize = 1 << 16;

/// How often a pending error is waited out before a run counts as dropped; each attempt takes one error away.
const DISCARD_ATTEMPTS: usize = 4;

/// Less than a datagram in the queue takes up, whatever its length.
const SMALLEST: usize = 256;

/// A socket's state for runs.
///
/// The run in hand is only looked at: it stays in the system's queue until its last datagram is taken, so that
/// whoever waits for the socket, our selector or anybody's `poll`, finds it readable as long as there is one.
#[derive(Debug, Default)]
pub(in super::super) struct Runs {
    active: AtomicBool,
    /// An error for the next receive.
    pub(in super::super) late: Late,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    wanted: bool,
    storage: Storage,
    run: Option<Run>,
}

#[derive(Debug)]
struct Run {
    length: usize,
    segment: usize,
    taken: usize,
    sender: Option<SocketAddr>,
    details: Details,
}

impl Runs {
    /// Whether the system may have joined datagrams: then receive through here.
    #[inline]
    pub(in super::super) fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire)
    }

    /// Learns whether the system joins the datagrams of a socket that was opened elsewhere.
    pub(in super::super) fn adopt(&self, handle: &Handle) {
        if sys::joins_runs(handle) {
            lock(&self.state).wanted = true;
            self.active.store(true, Ordering::Release);
        }
    }

    /// Ends the joining for an owner who does not know of it, and drops what waits: with the joining off a run comes
    /// as one long datagram, the taken part of one in hand too.
    pub(in super::super) fn end(&self, handle: &Handle) {
        if !self.is_active() {
            return;
        }
        // It was turned on here, or found on: the system has no reason to refuse.
        let _ = sys::set_runs(handle, false);
        let room = SockRef::from(handle).recv_buffer_size().unwrap_or(0);
        for _ in 0..room / SMALLEST + DISCARD_ATTEMPTS {
            if sys::discard(handle).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
                break;
            }
        }
    }

    fn set(&self, handle: &Handle, on: bool) -> io::Result<()> {
        let mut state = lock(&self.state);
        if on {
            sys::set_runs(handle, true)?;
            self.active.store(true, Ordering::Release);
        }
        state.wanted = on;
        if self.is_active() && !on && state.run.is_none() {
            self.stop(&mut state, handle);
        }
        Ok(())
    }

    /// Ends the joining, if nothing is queued: a run in the queue would lose its boundaries.
    fn stop(&self, state: &mut State, handle: &Handle) {
        if sys::set_runs(handle, false).is_err() {
            return;
        }
        // What came between the last look and now may be a run, and told as such only with the joining on.
        let queued = sys::peek_message(handle, &mut []);
        if queued.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
            self.active.store(false, Ordering::Release);
            state.storage = Storage::default();
        } else if let Err(error) = sys::set_runs(handle, true) {
            self.late.keep(error);
        }
    }

    /// Takes the next datagram.
    #[cold]
    pub(in super::super) fn next(
        &self,
        handle: &Handle,
        buffer: &mut [MaybeUninit<u8>],
    ) -> io::Result<(Arrival, Details)> {
        let mut state = lock(&self.state);
        let mut run = match state.run.take() {
            Some(run) => run,
            None => self.look(&mut state, handle)?,
        };
        let rest = &state.storage.bytes()[run.taken..run.length];
        let datagram = &rest[..rest.len().min(run.segment)];
        let received = datagram.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(&datagram[..received]) {
            to.write(*from);
        }
        let arrival = Arrival { received, length: datagram.len(), sender: run.sender };
        let details = run.details;
        run.taken += arrival.length;
        if run.taken < run.length {
            state.run = Some(run);
        } else if run.sender.is_some() {
            if let Some(error) = discard(handle) {
                self.late.keep(error);
            }
        }
        Ok((arrival, details))
    }

    fn look(&self, state: &mut State, handle: &Handle) -> io::Result<Run> {
        if state.storage.len() == 0 {
            state.storage = Storage::new(RUN_ROOM);
        }
        match sys::peek_message(handle, state.storage.bytes_mut()) {
            Ok((Arrival { received, sender, .. }, details)) => Ok(Run {
                length: received,
                segment: details.segment.unwrap_or(received),
                taken: 0,
                sender,
                details,
            }),
            Err(error) => {
                if error.kind() == io::ErrorKind::WouldBlock && !state.wanted {
                    self.stop(state, handle);
                }
                Err(error)
            }
        }
    }

    /// Receives whole runs. The first one lacks as many bytes as `receive` is told: they were taken already.
    #[cold]
    pub(super) fn whole(
        &self,
        handle: &Handle,
        receive: impl FnOnce(usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut state = lock(&self.state);
        let taken = state.run.as_ref().map_or(0, |run| run.taken);
        let received = receive(taken);
        match &received {
            Ok(()) => state.run = None,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && !state.wanted => {
                self.stop(&mut state, handle);
            }
            Err(_) => {}
        }
        received
    }
}

/// Drops the run at the head of the queue; returns an error that was pending instead.
fn discard(handle: &Handle) -> Option<io::Error> {
    let mut pending = None;
    for _ in 0..DISCARD_ATTEMPTS {
        match sys::discard(handle) {
            Ok(()) => break,
            Err(error) => pending = Some(error),
        }
    }
    pending
}

impl UdpSocket {
    /// Lets the system join datagrams of one sender and one size while they wait (`UDP_GRO`), which makes
    /// receiving many of them ten to twenty times faster with [`receive_many`](Self::receive_many). Linux only.
    ///
    /// Datagrams keep their boundaries: every receiving method still yields them one by one and in order. Those
    /// that receive a single one look at a run and take it apart, at the cost of a buffer of 64 KiB. Turned off
    /// again, it ends when no datagrams are waiting. Set it before other threads receive.
    ///
    /// A socket that is converted into a plain descriptor has it turned off, and datagrams that wait then are dropped:
    /// the new owner could not tell joined ones apart. One made from a descriptor takes it over as it is.
    ///
    /// # Errors
    /// [`SocketError::Other`] of kind `Unsupported` when it is turned on elsewhere than on Linux.
    pub fn set_gro(&self, on: bool) -> Result<(), SocketError> {
        let failed = |error| SocketError::attempt("could not let the system join datagrams", error);
        self.runs.set(self.descriptor.handle(), on).map_err(failed)
    }
}
