//! What a server has seen: the requests and the connections; and waiting for more of it.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::checksum::Crc32;
use super::head::{Head, fields};
use crate::PATIENCE;
use crate::host::Witness;

/// The record of one server. It is shared by all connections of the server.
#[derive(Debug, Default)]
pub struct Journal {
    record: Mutex<Record>,
    changed: Condvar,
}

/// A request as it was received.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Received {
    /// On which connection, counted from zero.
    pub connection: usize,
    /// The method, such as `GET`.
    pub method: String,
    /// The target as it came, such as `/get?a=b`.
    pub target: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
    /// The field lines as they came and in their order, without their ends.
    pub lines: Vec<Vec<u8>>,
    /// The first 64 KiB of the body, without its framing.
    pub body: Vec<u8>,
    /// How long the body is so far, in bytes.
    pub body_length: u64,
    /// The checksum of the body so far.
    pub body_checksum: Crc32,
    /// Whether all of the body is here.
    pub is_complete: bool,
}

impl Received {
    /// The value of the first field of this name, without regard to case, as Latin-1.
    pub fn field(&self, name: &str) -> Option<String> {
        fields(&self.lines, name).next()
    }

    /// The values of all fields of this name, in their order.
    pub fn fields(&self, name: &str) -> Vec<String> {
        fields(&self.lines, name).collect()
    }

    fn take(&mut self, bytes: &[u8]) {
        let room = KEPT_OF_A_BODY.saturating_sub(self.body.len());
        self.body.extend_from_slice(&bytes[..room.min(bytes.len())]);
        self.body_length += bytes.len() as u64;
        self.body_checksum.update(bytes);
    }
}

#[derive(Debug, Default)]
struct Record {
    requests: Vec<Received>,
    accepted: usize,
    open: usize,
    /// How many answers that wait may go on.
    released: usize,
    is_ending: bool,
}

impl Journal {
    /// The requests so far, in the order in which their heads came.
    pub fn requests(&self) -> Vec<Received> {
        self.lock().requests.clone()
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.lock().accepted
    }

    /// How many connections are being served now.
    pub fn open_connections(&self) -> usize {
        self.lock().open
    }

    /// Waits until the heads of so many requests have been received.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_requests(&self, count: usize) {
        self.wait(format_args!("{count} requests"), |record| record.requests.len() >= count);
    }

    /// Waits until a request has been received with so many bytes of its body, or more.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_body(&self, bytes: u64) {
        self.wait(format_args!("a body of {bytes} bytes"), |record| {
            record.requests.iter().any(|request| request.body_length >= bytes)
        });
    }

    /// Waits until so many connections have been accepted.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_connections(&self, count: usize) {
        self.wait(format_args!("{count} connections"), |record| record.accepted >= count);
    }

    /// Waits until exactly so many connections are being served.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_open_connections(&self, count: usize) {
        self.wait(format_args!("{count} open connections"), |record| record.open == count);
    }

    /// A head was received; returns the number of the request.
    pub(super) fn begin(&self, connection: usize, head: &Head) -> usize {
        let mut record = self.lock();
        record.requests.push(Received {
            connection,
            method: head.method.clone(),
            target: head.target.clone(),
            version: head.version.clone(),
            lines: head.lines.clone(),
            ..Received::default()
        });
        self.changed.notify_all();
        record.requests.len() - 1
    }

    pub(super) fn take(&self, request: usize, bytes: &[u8]) {
        if let Some(request) = self.lock().requests.get_mut(request) {
            request.take(bytes);
        }
        self.changed.notify_all();
    }

    /// The body is complete; returns the request with it.
    pub(super) fn complete(&self, request: usize) -> Received {
        let mut record = self.lock();
        self.changed.notify_all();
        let Some(request) = record.requests.get_mut(request) else { return Received::default() };
        request.is_complete = true;
        request.clone()
    }

    /// Lets so many answers go on.
    pub(super) fn release(&self, count: usize) {
        self.lock().released += count;
        self.changed.notify_all();
    }

    /// Ends all waits for a release, once and for all.
    pub(super) fn end(&self) {
        self.lock().is_ending = true;
        self.changed.notify_all();
    }

    /// Waits for a release, and uses it up.
    pub(super) fn wait_for_release(&self) {
        let is_held = |record: &mut Record| record.released == 0 && !record.is_ending;
        let waited = self.changed.wait_timeout_while(self.lock(), PATIENCE, is_held);
        let (mut record, _) = waited.unwrap_or_else(PoisonError::into_inner);
        record.released = record.released.saturating_sub(1);
    }

    fn wait(&self, what: fmt::Arguments<'_>, is_there: impl Fn(&Record) -> bool) {
        let waited = self.changed.wait_timeout_while(self.lock(), PATIENCE, |record| !is_there(record));
        let (record, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!timeout.timed_out(), "the server waited for {what}, and saw only {record:?}");
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Witness for Journal {
    fn connected(&self) -> usize {
        let mut record = self.lock();
        record.accepted += 1;
        record.open += 1;
        self.changed.notify_all();
        record.accepted - 1
    }

    fn disconnected(&self, _: usize) {
        self.lock().open -= 1;
        self.changed.notify_all();
    }
}

/// In bytes; the rest is only counted.
const KEPT_OF_A_BODY: usize = 64 << 10;
