//! `DatagramBatch`: the datagrams one call received.

use std::io;
use std::slice;

use super::super::udp::{UdpSocket, too_long};
use super::runs::RUN_ROOM;
use super::storage::Storage;
use super::{Datagram, Readiness, Wait};
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::sys::{self, Arrival, Handle};

/// A reusable buffer that [`UdpSocket::receive_many`] fills.
///
/// Each datagram has a slot. One that is longer than a slot is dropped, never shortened, and
/// [counted](Self::dropped).
#[derive(Debug)]
pub struct DatagramBatch {
    capacity: usize,
    datagram_size: usize,
    storage: Storage,
    runs: Vec<Run>,
    length: usize,
    dropped: Dropped,
    /// An error that came after some datagrams, for the next call.
    late: Option<io::Error>,
}

/// Datagrams side by side in the storage: all of one size but the last, which may be shorter.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    length: usize,
    segment: usize,
    address: IpAddress,
    port: u16,
}

impl Run {
    #[inline]
    const fn count(&self) -> usize {
        if self.length <= self.segment { 1 } else { self.length.div_ceil(self.segment) }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Dropped {
    count: usize,
    longest: usize,
}

impl Dropped {
    #[cold]
    fn add(&mut self, count: usize, length: usize) {
        self.count += count;
        self.longest = self.longest.max(length);
    }
}

impl DatagramBatch {
    /// The longest payload of a UDP datagram, which IPv6 allows.
    const LONGEST: usize = 65_527;

    /// A batch for at most `capacity` datagrams of at most `datagram_size` bytes each. Both are at least 1, and
    /// the size at most 65527.
    ///
    /// A capacity of 32 to 64 gets most of what there is to gain. Where the system joins datagrams
    /// ([`UdpSocket::set_gro`]) a call may yield more than `capacity`, and the batch grows to 1 MiB.
    ///
    /// # Panics
    /// Panics when that is more memory than there can be.
    pub fn new(capacity: usize, datagram_size: usize) -> Self {
        let (capacity, datagram_size) = (capacity.max(1), datagram_size.clamp(1, Self::LONGEST));
        let storage = capacity.checked_mul(Storage::stride(datagram_size)).expect("a batch fits into memory");
        Self {
            capacity,
            datagram_size,
            storage: Storage::new(storage),
            runs: Vec::with_capacity(capacity),
            length: 0,
            dropped: Dropped::default(),
            late: None,
        }
    }

    /// The slots.
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// The longest datagram a slot takes.
    pub const fn datagram_size(&self) -> usize {
        self.datagram_size
    }

    /// The datagrams in the batch.
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many datagrams the last call dropped because they were longer than a slot.
    pub const fn dropped(&self) -> usize {
        self.dropped.count
    }

    /// The datagrams, in the order in which they arrived.
    #[inline]
    pub fn iter(&self) -> Datagrams<'_> {
        Datagrams { storage: self.storage.bytes(), runs: self.runs.iter(), run: None, left: self.length }
    }

    /// How many pieces the system handed out.
    #[cfg(test)]
    pub(super) fn system_count(&self) -> usize {
        self.runs.len()
    }

    /// Forgets the datagrams. Receiving does that first.
    pub fn clear(&mut self) {
        self.runs.clear();
        self.length = 0;
        self.dropped = Dropped::default();
    }

    /// Receives into the slots, datagrams or, if `joined`, runs of them. The first `taken` bytes of the first run
    /// were handed out before.
    #[inline]
    fn fill(&mut self, handle: &Handle, joined: bool, mut taken: usize) -> io::Result<()> {
        let Self { capacity, datagram_size, storage, runs, length, dropped, late } = self;
        let (size, count) =
            if joined { (RUN_ROOM, (*capacity).min(sys::RUNS)) } else { (*datagram_size, *capacity) };
        let stride = Storage::stride(size);
        if storage.len() < stride * count {
            *storage = Storage::new(stride * count);
        }
        let slots = storage.bytes_mut().chunks_exact_mut(stride).take(count).map(|slot| &mut slot[..size]);
        let mut slot = 0;
        sys::receive_many(handle, slots, joined, late, |arrival, segment| {
            let Arrival { received, length: whole, sender } = arrival;
            let start = slot;
            slot += stride;
            let Some(sender) = sender else { return };
            if received < whole {
                dropped.add(1, whole);
                return;
            }
            let (address, port) = IpAddress::of_peer(sender);
            let mut run = Run { start, length: whole, segment: segment.unwrap_or(whole), address, port };
            if joined {
                run.start += taken;
                run.length -= taken.min(whole);
                taken = 0;
                if run.segment > *datagram_size {
                    // Only a shorter last one may fit.
                    let fits =
                        Some(run.length % run.segment).filter(|last| (1..=*datagram_size).contains(last));
                    let last = fits.unwrap_or(0);
                    dropped.add(run.count() - usize::from(last > 0), run.segment);
                    if last == 0 {
                        return;
                    }
                    run = Run { start: run.start + run.length - last, length: last, segment: last, ..run };
                }
            }
            *length += run.count();
            runs.push(run);
        })
    }
}

impl<'a> IntoIterator for &'a DatagramBatch {
    type Item = Datagram<'a>;
    type IntoIter = Datagrams<'a>;

    fn into_iter(self) -> Datagrams<'a> {
        self.iter()
    }
}

/// The datagrams of a [`DatagramBatch`].
#[derive(Clone, Debug)]
pub struct Datagrams<'a> {
    storage: &'a [u8],
    runs: slice::Iter<'a, Run>,
    run: Option<Run>,
    left: usize,
}

impl<'a> Iterator for Datagrams<'a> {
    type Item = Datagram<'a>;

    #[inline]
    fn next(&mut self) -> Option<Datagram<'a>> {
        let mut run = match self.run.take() {
            Some(run) => run,
            None => *self.runs.next()?,
        };
        let length = run.segment.min(run.length);
        let datagram =
            Datagram { data: &self.storage[run.start..][..length], address: run.address, port: run.port };
        run.start += length;
        run.length -= length;
        if run.length > 0 {
            self.run = Some(run);
        }
        self.left -= 1;
        Some(datagram)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Datagrams<'_> {}

impl UdpSocket {
    /// Receives as many datagrams as there are, and the batch has slots for, and returns their number: a system
    /// call for up to 64 of them on Linux (`recvmmsg(2)`), one for each elsewhere.
    ///
    /// In blocking mode it waits for the first, and takes what is there besides. What the batch held before is
    /// forgotten. [`set_gro`](Self::set_gro) makes it many times faster for runs of one sender.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: none came in the time allowed.
    /// * [`SocketError::Other`]: all that came were longer than a slot, and are dropped (`EMSGSIZE`); or the
    ///   socket was closed.
    #[inline]
    pub fn receive_many(&self, batch: &mut DatagramBatch) -> Result<usize, SocketError> {
        self.receive_by(|| self.try_receive_many(batch))
    }

    /// As [`receive_many`](Self::receive_many), waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_many`](Self::receive_many).
    pub fn receive_many_within<'a>(
        &self,
        batch: &mut DatagramBatch,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::READABLE, || self.try_receive_many(batch))
    }

    /// As [`receive_many`](Self::receive_many), of datagrams that are there already, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_many`](Self::receive_many).
    #[inline]
    pub fn try_receive_many(&self, batch: &mut DatagramBatch) -> Result<usize, SocketError> {
        batch.clear();
        if let Some(error) = batch.late.take() {
            return Err(SocketError::classify(error));
        }
        let handle = self.descriptor.handle();
        let received = if self.runs.is_active() {
            self.runs.whole(handle, |taken| batch.fill(handle, true, taken))
        } else {
            batch.fill(handle, false, 0)
        };
        match received {
            Ok(()) if batch.length > 0 => Ok(batch.length),
            Ok(()) if batch.dropped.count > 0 => Err(too_long(batch.dropped.longest, batch.datagram_size)),
            Ok(()) => Err(self.descriptor.closed_error()),
            Err(_) if self.descriptor.is_closed() => Err(self.descriptor.closed_error()),
            Err(error) => Err(SocketError::classify(error)),
        }
    }
}
