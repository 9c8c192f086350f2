//! Lines of OpenVMS, of which a long name makes two.

use super::date::{Clock, month, year};
use super::entry::{Entry, EntryKind};
use super::words::{Words, trim_blanks};
use crate::number::{decimal, two_digits};
use crate::timestamp::Timestamp;

/// Reads `NOTES.TXT;1  2/3  2-JAN-2026 13:59:07  [ADA]  (RWED,RWED,RE,)`.
///
/// Sizes are told in blocks and therefore unknown in bytes. The version belongs to a file's name, as several may be
/// listed; `.DIR;1` does not belong to a directory's, which no command would understand.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    let mut words = Words::new(line);
    let name = words.next().filter(|name| has_version(name))?;
    let mut word = words.next()?;
    let modified = match time(word, words) {
        Some((modified, behind)) => {
            words = behind;
            modified
        }
        None => {
            word = word.split(|byte| *byte == b'/').next().unwrap_or_default();
            decimal(word)?;
            let (modified, behind) = time(words.next()?, words)?;
            words = behind;
            modified
        }
    };
    let mut entry = match directory(name) {
        Some(name) => Entry::new(name, EntryKind::Directory),
        None => Entry::new(name, EntryKind::File),
    };
    entry.modified = modified;
    let owner = trim_blanks(words.rest()).strip_prefix(b"[");
    if let Some((owner, end)) =
        owner.and_then(|owner| Some((owner, owner.iter().position(|byte| *byte == b']')?)))
    {
        let mut parts = owner[..end].splitn(2, |byte| *byte == b',').map(<[u8]>::to_vec);
        let (first, second) = (parts.next(), parts.next());
        (entry.group, entry.owner) = if second.is_some() { (first, second) } else { (None, first) };
    }
    Some(entry)
}

/// Whether a line is a name alone, which the next line goes on from.
pub(super) fn is_begun(line: &[u8]) -> bool {
    has_version(line) && !line.iter().any(u8::is_ascii_whitespace)
}

fn has_version(name: &[u8]) -> bool {
    let mut parts = name.rsplitn(2, |byte| *byte == b';');
    let is_number = parts.next().is_some_and(|version| decimal(version).is_some());
    is_number && parts.next().is_some_and(|name| !name.is_empty())
}

fn directory(name: &[u8]) -> Option<&[u8]> {
    let end = name.iter().rposition(|byte| *byte == b';')?;
    let (stem, extension) = name[..end].split_last_chunk::<4>()?;
    if extension.eq_ignore_ascii_case(b".DIR") && !stem.is_empty() { Some(stem) } else { None }
}

/// The date in `word` and the time behind it.
fn time<'a>(word: &[u8], mut words: Words<'a>) -> Option<(Option<Timestamp>, Words<'a>)> {
    let mut parts = word.split(|byte| *byte == b'-');
    let (day, month, year) = (two_digits(parts.next()?)?, month(parts.next()?)?, year(parts.next()?)?);
    if parts.next().is_some() {
        return None;
    }
    let clock = Clock::parse(words.next()?)?;
    Some((clock.on((year, month, day)), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Option<String> {
        let entry = parse(line.as_bytes())?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let modified = entry.modified.map_or("-".into(), |time| time.to_string());
        let who = |who: Option<Vec<u8>>| who.map_or("-".into(), text);
        let (owner, group) = (who(entry.owner), who(entry.group));
        Some(format!("{:?} {modified} {owner} {group} [{}]", entry.kind, text(entry.name)))
    }

    #[test]
    fn files_and_directories_are_read() {
        for (line, wanted) in [
            (
                "NOTES.TXT;1                2  2-JAN-2026 13:59 [SYSTEM] (RWED,RWED,RE,RE)",
                "File 2026-01-02 13:59 SYSTEM - [NOTES.TXT;1]",
            ),
            (
                "A.TEX;12  213/216  29-JAN-1996 03:33:12  [USERS,ADA]   (RWED,RWED,,)",
                "File 1996-01-29 03:33:12 ADA USERS [A.TEX;12]",
            ),
            (
                "CORE.DIR;1  1  8-SEP-1996 16:09 [SYSTEM] (RWE,RWE,RE,RE)",
                "Directory 1996-09-08 16:09 SYSTEM - [CORE]",
            ),
            ("X.Y;1   2-JAN-2026 13:59:07.25", "File 2026-01-02 13:59:07.25 - - [X.Y;1]"),
            ("X.Y;1  1 30-FEB-2026 13:59", "File - - - [X.Y;1]"),
        ] {
            assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn other_lines_are_not_taken_for_it() {
        for line in [
            "",
            "X.Y;1",
            "X.Y;1 2",
            "X.Y;1 2-JAN-2026",
            "X.Y;1 x 2-JAN-2026 13:59",
            "X.Y 1 2-JAN-2026 13:59",
            "X.Y; 1 2-JAN-2026 13:59",
            ";1 1 2-JAN-2026 13:59",
            "X.Y;1 1 2-JAN-26 13:59",
            "Total of 3 files, 12/16 blocks",
        ] {
            assert_eq!(shown(line), None, "{line}");
        }
    }

    #[test]
    fn names_alone_are_begun_lines() {
        assert!(is_begun(b"A_VERY_LONG_NAME.TXT;5"));
        for line in [&b""[..], b";5", b"A.TXT", b"A.TXT;", b"A.TXT;x", b"A B.TXT;5"] {
            assert!(!is_begun(line));
        }
    }
}
