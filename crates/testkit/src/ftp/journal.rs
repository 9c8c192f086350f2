//! What a server has seen: the commands, the connections, the bytes of data; and waiting for more of it.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::PATIENCE;
use crate::host::Witness;

/// The record of one server. It is shared by all connections of the server.
#[derive(Debug, Default)]
pub struct Journal {
    record: Mutex<Record>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Record {
    /// The connection, counted from zero, and the line with its secret masked.
    commands: Vec<(usize, String)>,
    accepted: usize,
    open: usize,
    data: u64,
}

impl Journal {
    /// The lines received so far from all connections, in order and without their ends. What follows PASS and
    /// ACCT is masked; what is not UTF-8 is U+FFFD.
    pub fn commands(&self) -> Vec<String> {
        self.lock().commands.iter().map(|(_, line)| line.clone()).collect()
    }

    /// The lines of one connection, counted from zero.
    pub fn commands_of(&self, connection: usize) -> Vec<String> {
        let record = self.lock();
        let own = record.commands.iter().filter(|(number, _)| *number == connection);
        own.map(|(_, line)| line.clone()).collect()
    }

    /// How often a command with this verb was received.
    pub fn count(&self, verb: &str) -> usize {
        self.lock().count(verb)
    }

    /// How many control connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.lock().accepted
    }

    /// How many control connections are being served now.
    pub fn open_connections(&self) -> usize {
        self.lock().open
    }

    /// How many bytes have passed over data connections so far, in both directions.
    pub fn data_bytes(&self) -> u64 {
        self.lock().data
    }

    /// Waits until a command with this verb has been received `times` times.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_command(&self, verb: &str, times: usize) {
        self.wait(format_args!("{verb}, {times} times"), |record| record.count(verb) >= times);
    }

    /// Waits until so many bytes have passed over data connections.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_data(&self, bytes: u64) {
        self.wait(format_args!("{bytes} bytes of data"), |record| record.data >= bytes);
    }

    /// Waits until so many control connections have been accepted.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_connections(&self, count: usize) {
        self.wait(format_args!("{count} connections"), |record| record.accepted >= count);
    }

    /// Waits until exactly so many control connections are being served.
    ///
    /// # Panics
    /// Panics when that does not happen within [`PATIENCE`].
    pub fn wait_for_open_connections(&self, count: usize) {
        self.wait(format_args!("{count} open connections"), |record| record.open == count);
    }

    pub(super) fn received(&self, connection: usize, line: &[u8]) {
        self.lock().commands.push((connection, masked(line)));
        self.changed.notify_all();
    }

    pub(super) fn moved(&self, bytes: u64) {
        self.lock().data += bytes;
        self.changed.notify_all();
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

impl Record {
    fn count(&self, verb: &str) -> usize {
        let is_it = |line: &str| line.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(verb));
        self.commands.iter().filter(|(_, line)| is_it(line)).count()
    }
}

fn masked(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    match text.split_once(' ') {
        Some((verb, _)) if ["PASS", "ACCT"].iter().any(|secret| verb.eq_ignore_ascii_case(secret)) => {
            format!("{verb} ***")
        }
        _ => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_nothing_else() {
        let journal = Journal::default();
        for line in [&b"USER ada"[..], b"pass s3cret", b"ACCT b 7", b"PASS", b"CWD PASS x", b"CWD \xFF"] {
            journal.received(0, line);
        }
        assert_eq!(
            journal.commands(),
            ["USER ada", "pass ***", "ACCT ***", "PASS", "CWD PASS x", "CWD \u{FFFD}"]
        );
        assert_eq!((journal.count("pass"), journal.count("CW")), (2, 0));
    }
}
