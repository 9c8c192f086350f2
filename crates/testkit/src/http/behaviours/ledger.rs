//! What a server of behaviours remembers: the requests of each row, and its gates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::PATIENCE;
use crate::host::Witness;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    record: Mutex<Record>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Record {
    connections: usize,
    rows: BTreeMap<&'static str, Row>,
    /// The connections that are over.
    closed: BTreeSet<usize>,
    is_ending: bool,
}

#[derive(Debug, Default)]
struct Row {
    requests: Vec<Vec<u8>>,
    started: usize,
    /// How many gates were opened.
    opened: usize,
    /// How many scripts have come through one.
    passed: usize,
    /// The connections whose scripts came through a gate, and are not over yet.
    busy: BTreeSet<usize>,
}

impl Ledger {
    /// A request came for a row that is to play a script; returns which one.
    pub(super) fn start(&self, row: &'static str) -> usize {
        let mut record = self.lock();
        let row = record.rows.entry(row).or_default();
        row.started += 1;
        row.started - 1
    }

    pub(super) fn received(&self, row: &'static str, request: Vec<u8>) {
        self.lock().rows.entry(row).or_default().requests.push(request);
        self.changed.notify_all();
    }

    pub(super) fn requests(&self, row: &str) -> Vec<Vec<u8>> {
        self.lock().rows.get(row).map(|row| row.requests.clone()).unwrap_or_default()
    }

    /// Forgets what a row has seen. Scripts that still run keep their gates.
    pub(super) fn reset(&self, row: &'static str) {
        if let Some(row) = self.lock().rows.get_mut(row) {
            row.requests.clear();
            row.started = 0;
        }
    }

    /// Waits until the row's gate is opened.
    pub(super) fn pass_gate(&self, row: &'static str, connection: usize) {
        let mut record = self.wait(|record| record.rows.get(row).is_some_and(|row| row.opened > row.passed));
        let row = record.rows.entry(row).or_default();
        row.passed += 1;
        row.busy.insert(connection);
        self.changed.notify_all();
    }

    /// Opens a row's gate, and waits until what stands behind it is done. `false` when that does not happen.
    pub(super) fn open_gate(&self, row: &'static str) -> bool {
        let wanted = {
            let mut record = self.lock();
            let row = record.rows.entry(row).or_default();
            row.opened += 1;
            self.changed.notify_all();
            row.opened
        };
        let is_done = |record: &Record| {
            record.rows.get(row).is_some_and(|row| {
                row.passed >= wanted && row.busy.iter().all(|number| record.closed.contains(number))
            })
        };
        is_done(&self.wait(is_done))
    }

    /// The script of this connection has done all it does before the client does more.
    pub(super) fn done(&self, row: &'static str, connection: usize) {
        self.lock().rows.entry(row).or_default().busy.remove(&connection);
        self.changed.notify_all();
    }

    /// Waits for the end of the server, for as long as anything is waited for.
    pub(super) fn stall(&self) {
        drop(self.wait(|_| false));
    }

    pub(super) fn connections(&self) -> usize {
        self.lock().connections
    }

    /// Ends all waits, once and for all.
    pub(super) fn end(&self) {
        self.lock().is_ending = true;
        self.changed.notify_all();
    }

    fn wait(&self, is_there: impl Fn(&Record) -> bool) -> MutexGuard<'_, Record> {
        let is_missing = |record: &mut Record| !record.is_ending && !is_there(record);
        let waited = self.changed.wait_timeout_while(self.lock(), PATIENCE, is_missing);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Witness for Ledger {
    fn connected(&self) -> usize {
        let mut record = self.lock();
        record.connections += 1;
        record.connections - 1
    }

    fn disconnected(&self, number: usize) {
        self.lock().closed.insert(number);
        self.changed.notify_all();
    }
}
