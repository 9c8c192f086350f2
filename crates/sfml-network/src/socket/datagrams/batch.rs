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
    filled: Filled,
    /// The runs that filled the batch last time.
    expected: usize,
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

impl DatagramBatch {
    /// A batch for at most `capacity` datagrams of at most `datagram_size` bytes each. Both are at least 1, and
    /// the size at most 65527.
    ///
    /// A capacity of 32 to 64 gets most of what there is to gain. Where the system joins datagrams
    /// ([`UdpSocket::set_gro`]) a call may yield more than `capacity`, and the batch grows to 1 MiB.
    ///
    /// # Panics
    /// Panics when the system does not have that much memory.
    pub fn new(capacity: usize, datagram_size: usize) -> Self {
        let (capacity, datagram_size) = (capacity.max(1), datagram_size.clamp(1, UdpSocket::LONGEST));
        let storage = capacity.checked_mul(Storage::stride(datagram_size)).expect("a batch fits into memory");
        let storage = Storage::new(storage);
        let mut runs = Vec::new();
        runs.try_reserve_exact(capacity).expect("a batch fits into memory");
        Self {
            capacity,
            datagram_size,
            storage,
            filled: Filled { runs, ..Filled::default() },
            expected: sys::RUNS,
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
        self.filled.length
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.filled.length == 0
    }

    /// How many datagrams the last call dropped because they were longer than a slot.
    pub const fn dropped(&self) -> usize {
        self.filled.dropped
    }

    /// The datagrams, in the order in which they arrived.
    #[inline]
    pub fn iter(&self) -> Datagrams<'_> {
        Datagrams {
            storage: self.storage.bytes(),
            runs: self.filled.runs.iter(),
            run: None,
            left: self.filled.length,
        }
    }

    /// Forgets the datagrams. Receiving does that first.
    pub fn clear(&mut self) {
        self.filled.clear();
    }

    /// Receives a datagram into each slot. An error that comes after some is left in `late`.
    #[inline]
    fn fill(&mut self, handle: &Handle, late: &mut Option<io::Error>) -> io::Result<()> {
        let Self { capacity, datagram_size, storage, filled, .. } = self;
        let stride = Storage::stride(*datagram_size);
        let slots = storage.bytes_mut().chunks_exact_mut(stride).take(*capacity);
        let mut starts = (0..).step_by(stride);
        sys::receive_many(handle, slots.map(|slot| &mut slot[..*datagram_size]), false, late, |arrival, _| {
            filled.push(starts.next().unwrap_or(0), arrival);
        })
    }

    /// Receives runs of datagrams. The first `taken` bytes of the first one were handed out before.
    fn fill_with_runs(
        &mut self,
        handle: &Handle,
        mut taken: usize,
        late: &mut Option<io::Error>,
    ) -> io::Result<()> {
        let Self { capacity, datagram_size, storage, filled, expected } = self;
        let count = sys::RUNS.min(*capacity);
        if storage.len() < RUN_ROOM * count {
            *storage = Storage::new(RUN_ROOM * count);
        }
        let mut slots = storage.bytes_mut().chunks_exact_mut(RUN_ROOM).take(count);
        // Asking for one more run than there is costs the kernel a fair part of a run.
        let mut asked = (*expected).clamp(1, count);
        let mut received = 0;
        while asked > 0 {
            let before = received;
            let chunk =
                sys::receive_many(handle, slots.by_ref().take(asked), true, late, |arrival, segment| {
                    filled.push_run(received * RUN_ROOM, arrival, segment, taken, *datagram_size);
                    received += 1;
                    taken = 0;
                });
            match chunk {
                Err(error) if before == 0 => return Err(error),
                Err(error) => *late = Some(error).filter(|error| error.kind() != io::ErrorKind::WouldBlock),
                Ok(()) => {}
            }
            let may_be_more = received - before == asked && filled.length < *capacity && late.is_none();
            asked = if may_be_more { count - received } else { 0 };
        }
        *expected = if filled.length < *capacity { sys::RUNS } else { received };
        Ok(())
    }
}

/// What a call received.
#[derive(Debug, Default)]
struct Filled {
    runs: Vec<Run>,
    length: usize,
    dropped: usize,
    longest_dropped: usize,
}

impl Filled {
    fn clear(&mut self) {
        self.runs.clear();
        (self.length, self.dropped, self.longest_dropped) = (0, 0, 0);
    }

    #[inline]
    fn push(&mut self, start: usize, arrival: Arrival) {
        let Arrival { received, length, sender } = arrival;
        if received < length {
            self.drop(1, length);
        } else if let Some(sender) = sender {
            let (address, port) = IpAddress::of_peer(sender);
            self.length += 1;
            self.runs.push(Run { start, length, segment: length, address, port });
        }
    }

    /// Adds a run, less its first `taken` bytes and what is longer than `most`.
    fn push_run(
        &mut self,
        start: usize,
        arrival: Arrival,
        segment: Option<usize>,
        taken: usize,
        most: usize,
    ) {
        let Some(sender) = arrival.sender else { return };
        let (address, port) = IpAddress::of_peer(sender);
        let length = arrival.received - taken.min(arrival.received);
        let start = start + taken;
        let mut run = Run { start, length, segment: segment.unwrap_or(length), address, port };
        if run.segment > most {
            // Only a shorter last one may fit.
            let last = Some(run.length % run.segment).filter(|last| (1..=most).contains(last));
            self.drop(run.count() - usize::from(last.is_some()), run.segment);
            let Some(last) = last else { return };
            run = Run { start: run.start + run.length - last, length: last, segment: last, ..run };
        }
        self.length += run.count();
        self.runs.push(run);
    }

    #[cold]
    fn drop(&mut self, count: usize, length: usize) {
        self.dropped += count;
        self.longest_dropped = self.longest_dropped.max(length);
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
        self.check_receive()?;
        let handle = self.descriptor.handle();
        let mut late = None;
        let received = if self.runs.is_active() {
            self.runs.whole(handle, |taken| batch.fill_with_runs(handle, taken, &mut late))
        } else {
            batch.fill(handle, &mut late)
        };
        if let Some(error) = late {
            self.runs.late.keep(error);
        }
        match received {
            Ok(()) if !batch.is_empty() => Ok(batch.len()),
            Ok(()) if batch.dropped() > 0 => Err(too_long(batch.filled.longest_dropped, batch.datagram_size)),
            Ok(()) => Err(self.descriptor.closed_error()),
            Err(error) => Err(self.receive_error(error)),
        }
    }
}

#[cfg(all(test, target_os = "linux", not(sfml_network_portable)))]
mod tests {
    use super::*;

    #[test]
    fn the_system_joins_segments_until_joining_is_turned_off() {
        let bind = || UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
        let (receiver, sender) = (bind(), bind());
        let mut batch = DatagramBatch::new(32, 100);
        receiver.set_gro(true).expect("Linux 5.0");
        for runs in [1, 11] {
            let sent = sender.send_segmented(&[1; 1010], 100, IpAddress::LOCAL_HOST, receiver.local_port());
            assert_eq!(sent.expect("room"), 1010);
            assert_eq!(receiver.receive_many(&mut batch).expect("datagrams"), 11);
            assert_eq!(batch.filled.runs.len(), runs);
            receiver.set_gro(false).expect("nothing waits");
            assert!(!receiver.runs.is_active());
        }
    }
}
