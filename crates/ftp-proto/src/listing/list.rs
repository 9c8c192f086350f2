//! Which of its many formats a line of `LIST` is in.

use super::date::Today;
use super::entry::Entry;
use super::words::Words;
use super::{dos, eplf, os400, unix, vms};

/// Reads lines of `LIST`, whatever wrote them.
#[derive(Debug)]
pub(super) struct List {
    today: Today,
    /// What the last line was in. The next is tried in that first.
    format: Format,
    /// A line of VMS that goes on in the next.
    begun: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Format {
    Unix,
    Dos,
    Eplf,
    Os400,
    NetWare,
    Vms,
}

impl Format {
    const ALL: [Self; 6] = [Self::Unix, Self::Dos, Self::Eplf, Self::NetWare, Self::Vms, Self::Os400];

    fn parse(self, line: &[u8], today: &Today) -> Option<Entry> {
        match self {
            Self::Unix => unix::parse(line, today),
            Self::Dos => dos::parse(line),
            Self::Eplf => eplf::parse(line),
            Self::NetWare => unix::parse_netware(line, today),
            Self::Vms => vms::parse(line),
            Self::Os400 => os400::parse(line, today),
        }
    }
}

impl List {
    pub(super) fn new(today: Today) -> Self {
        Self { today, format: Format::Unix, begun: None }
    }

    /// The entry in a line. Lines that should have one and have not are counted.
    pub(super) fn parse(&mut self, line: &[u8], skipped: &mut u64) -> Option<Entry> {
        if let Some(begun) = self.begun.take() {
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                let entry = vms::parse(&[&begun, line].concat());
                if entry.is_some() {
                    return entry;
                }
            }
            *skipped += 1;
        }
        let formats = [self.format].into_iter().chain(Format::ALL);
        for format in formats {
            let entry = format.parse(line, &self.today);
            if entry.is_some() {
                self.format = format;
                return entry;
            }
        }
        if vms::is_begun(line) {
            self.begun = Some(line.to_vec());
        } else if !is_empty_talk(line) {
            *skipped += 1;
        }
        None
    }

    /// Whether the last line was one that should go on.
    pub(super) fn is_waiting(&self) -> bool {
        self.begun.is_some()
    }
}

/// Whether a line is blank, or the `total 1234` before the lines of `ls` in whatever language.
fn is_empty_talk(line: &[u8]) -> bool {
    let mut words = Words::new(line);
    let (first, number) = (words.next(), words.next());
    first.is_none()
        || number.is_some_and(|number| number.first().is_some_and(u8::is_ascii_digit))
            && words.next().is_none()
}
