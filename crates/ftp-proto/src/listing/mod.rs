//! Listings: what comes over the data connection after `LIST`, `MLSD` and `NLST`.
//!
//! In scope: lines of every kind of server that is still met, cut in any way, of any number, with limits; names as
//! the bytes they are. Out of scope: which command to send, and whether a name is safe to use.
//!
//! Only `MLSD` has a standard. What `LIST` sends is meant for people: each line is tried in the known formats, and
//! one that is in none is counted and skipped.

mod date;
mod date_column;
mod dos;
mod entry;
mod eplf;
mod facts;
mod list;
mod names;
mod os400;
mod unix;
mod vms;
mod words;

use std::error::Error;
use std::fmt;

pub use entry::{Entry, EntryKind};
pub use facts::mlst_entry;
pub use names::strip_common_directory;

use crate::timestamp::Timestamp;
use date::Today;
use list::List;

/// Which command a listing answers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ListingFormat {
    /// `LIST`: lines for people, in a format that each line tells.
    List,
    /// `MLSD`: facts and a name.
    Mlsd,
    /// `NLST`: names alone.
    Names,
}

/// What a server may send before it is cut off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListingLimits {
    /// Bytes in one line, its line feed not counted. Default 64 KiB: more than the longest path, many times.
    pub line: usize,
    /// Lines in one listing, whether or not there is an entry in them. Default 10,000,000.
    pub lines: u64,
}

impl Default for ListingLimits {
    fn default() -> Self {
        Self { line: 64 << 10, lines: 10_000_000 }
    }
}

/// Why a listing was given up. The entries before the cause can still be taken.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ListingError {
    /// A line longer than [`ListingLimits::line`].
    LineTooLong {
        /// The limit.
        limit: usize,
    },
    /// More lines than [`ListingLimits::lines`].
    TooManyLines {
        /// The limit.
        limit: u64,
    },
}

impl fmt::Display for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineTooLong { limit } => {
                write!(f, "the server sent a listing line of more than {limit} bytes")
            }
            Self::TooManyLines { limit } => write!(f, "the server sent a listing of more than {limit} lines"),
        }
    }
}

impl Error for ListingError {}

/// Splits the bytes of a listing into entries, however they are cut.
///
/// What is pushed is kept as it is until [`next`](Self::next) makes entries of it. So memory stays flat, however long
/// the listing, if all entries are taken after each push.
///
/// ```
/// use ftp_proto::{Listing, ListingFormat, ListingLimits, Timestamp};
///
/// let today = Timestamp::new(2026, 6, 1, 12, 0, 0).expect("a time of that day");
/// let mut listing = Listing::new(ListingFormat::List, today, ListingLimits::default());
/// listing.push(b"total 4\r\n-rw-r--r-- 1 ada users 1234 Jan  2 13:59 no")?;
/// assert_eq!(listing.next(), None);
/// listing.push(b"tes.txt\r\n")?;
/// let entry = listing.next().expect("the line is complete");
/// assert_eq!((&*entry.name, entry.size), (&b"notes.txt"[..], Some(1234)));
/// assert_eq!(entry.modified.expect("a time").year(), 2026);
/// # Ok::<(), ftp_proto::ListingError>(())
/// ```
#[derive(Debug)]
pub struct Listing {
    format: ListingFormat,
    limits: ListingLimits,
    list: List,
    buffer: Vec<u8>,
    /// Up to where the buffer is read.
    start: usize,
    /// Where in the buffer the last line begins, which has no end yet.
    tail: usize,
    /// How many lines were read.
    lines: u64,
    skipped: u64,
    failed: Option<ListingError>,
}

impl Listing {
    /// A listing of which nothing has arrived.
    ///
    /// `today`, in UTC, decides the year of times that come without one.
    pub fn new(format: ListingFormat, today: Timestamp, limits: ListingLimits) -> Self {
        Self {
            format,
            limits,
            list: List::new(Today::new(today)),
            buffer: Vec::new(),
            start: 0,
            tail: 0,
            lines: 0,
            skipped: 0,
            failed: None,
        }
    }

    /// Takes bytes that have arrived; the entries in them are returned by [`next`](Self::next).
    ///
    /// # Errors
    /// See [`ListingError`]; it is returned again by each later call, which takes nothing.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ListingError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.buffer.drain(..self.start);
        self.tail -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
        if let Some((end, error)) = self.beyond_limits() {
            self.buffer.truncate(end);
            self.tail = end;
            self.failed = Some(error.clone());
            return Err(error);
        }
        if let Some(last) = bytes.iter().rposition(|byte| *byte == b'\n') {
            self.tail = self.buffer.len() - bytes.len() + last + 1;
        }
        Ok(())
    }

    /// The oldest entry that was not taken yet. `None` when more bytes are needed.
    #[expect(clippy::should_implement_trait, reason = "more may come after `None`, so this is no iterator")]
    pub fn next(&mut self) -> Option<Entry> {
        while self.start < self.tail {
            let rest = &self.buffer[self.start..self.tail];
            let length = line_length(rest);
            self.start += length + 1;
            self.lines += 1;
            let mut line = &rest[..length];
            while let Some(without) = line.strip_suffix(b"\r") {
                line = without;
            }
            let mut entry = match self.format {
                ListingFormat::List => self.list.parse(line, &mut self.skipped),
                ListingFormat::Names => names::parse(line),
                ListingFormat::Mlsd => facts::parse(line).or_else(|| {
                    self.skipped += u64::from(!line.trim_ascii().is_empty());
                    None
                }),
            };
            if let Some(found) = &mut entry {
                match &*found.name {
                    b"." => found.kind = EntryKind::CurrentDirectory,
                    b".." => found.kind = EntryKind::ParentDirectory,
                    _ => {}
                }
                return entry;
            }
        }
        None
    }

    /// Says that no more bytes will come, so that a last line without an end counts too.
    pub fn finish(&mut self) {
        if self.tail < self.buffer.len() {
            self.buffer.push(b'\n');
            self.tail = self.buffer.len();
        }
    }

    /// How many lines were left out so far, as nothing could be made of them. Blank lines are not counted, nor is the
    /// `total` of `ls`.
    pub fn skipped(&self) -> u64 {
        self.skipped + u64::from(self.list.is_waiting())
    }

    /// If the lines in the buffer go beyond a limit: where the first that does begins, and what is to be said.
    fn beyond_limits(&self) -> Option<(usize, ListingError)> {
        let ListingLimits { line, lines } = self.limits;
        let is_end = |byte: &u8| *byte == b'\n';
        let too_long = first_long_line(&self.buffer[self.tail..], line).map(|start| self.tail + start);
        let left = usize::try_from(lines.saturating_sub(self.lines)).unwrap_or(usize::MAX);
        // As long as every byte might be a line, nothing needs to be counted.
        let too_many = if self.buffer.len() <= left {
            None
        } else {
            (0..self.buffer.len()).filter(|at| is_end(&self.buffer[*at])).nth(left)
        };
        match (too_long, too_many) {
            (Some(start), end) if end.is_none_or(|end| start < end) => {
                Some((start, ListingError::LineTooLong { limit: line }))
            }
            (_, Some(end)) => {
                let start = self.buffer[..end].iter().rposition(is_end).map_or(0, |before| before + 1);
                Some((start, ListingError::TooManyLines { limit: lines }))
            }
            _ => None,
        }
    }
}

/// How many bytes stand before the first line feed. They are looked at in groups, which takes one instruction each.
fn line_length(bytes: &[u8]) -> usize {
    let has_end = |group: &[u8]| group.iter().fold(false, |found, byte| found | (*byte == b'\n'));
    let before = bytes.chunks_exact(32).take_while(|group| !has_end(group)).count() * 32;
    let behind = bytes[before..].iter().position(|byte| *byte == b'\n');
    behind.map_or(bytes.len(), |at| before + at)
}

/// Where the first line begins that has more than `limit` bytes. Looks at few bytes: of each `limit` of them, only
/// those behind the last line feed.
fn first_long_line(bytes: &[u8], limit: usize) -> Option<usize> {
    let mut start = 0;
    while let Some(window) = bytes[start..].get(..=limit) {
        match window.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => start += last + 1,
            None => return Some(start),
        }
    }
    None
}
