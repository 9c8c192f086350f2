//! Lines of `dir`, as IIS and other servers on Windows write them.

use super::date::{Clock, NumericDate, Order};
use super::entry::{Entry, EntryKind};
use super::words::{Words, trim_blanks};
use crate::number::decimal;
use crate::timestamp::Timestamp;

/// Reads `01-02-26  03:04PM       <DIR>          name` and `01-02-2026  15:04        1234 name`.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    if !trim_blanks(line).first()?.is_ascii_digit() {
        return None;
    }
    let mut words = Words::new(line);
    let date = NumericDate::parse(words.next()?)?;
    let mut clock = Clock::parse_with_half(words.next()?)?;
    let mut what = words.next()?;
    if let Some(in_half) = clock.in_half(what) {
        (clock, what) = (in_half, words.next()?);
    }
    let modified = time(date, clock)?;
    let mut entry = match what.strip_prefix(b"<") {
        None => file(what, words.name()?)?,
        Some(tag) => tagged(tag.strip_suffix(b">")?, what.len(), words)?,
    };
    entry.modified = Some(modified);
    Some(entry)
}

/// Month first, as in America, unless the numbers or the dots between them say otherwise.
fn time(date: NumericDate<'_>, clock: Clock) -> Option<Timestamp> {
    let orders = match date.separator {
        _ if date.begins_with_year() => [Order::YearMonthDay; 2],
        b'.' => [Order::DayMonthYear, Order::MonthDayYear],
        _ => [Order::MonthDayYear, Order::DayMonthYear],
    };
    orders.into_iter().find_map(|order| clock.on(date.read(order)?))
}

/// A file, whose size may have its digits in groups.
fn file(size: &[u8], name: &[u8]) -> Option<Entry> {
    let mut entry = Entry::new(name, EntryKind::File);
    entry.size = Some(match decimal(size) {
        Some(size) => size,
        None if size.first()?.is_ascii_digit() => {
            decimal(&size.iter().copied().filter(|byte| *byte != b',').collect::<Vec<u8>>())?
        }
        None => return None,
    });
    Some(entry)
}

/// Anything else; it has a word for what it is where a file has its size.
fn tagged(tag: &[u8], width: usize, words: Words<'_>) -> Option<Entry> {
    // The tag and the blanks behind it fill a column, and only the blanks after that belong to the name.
    let name = words.name()?;
    let padding = COLUMN.saturating_sub(width + 1).min(name.len() - trim_blanks(name).len());
    let name = &name[padding..];
    let kind = match tag {
        b"DIR" => EntryKind::Directory,
        b"JUNCTION" | b"SYMLINK" | b"SYMLINKD" => EntryKind::Link,
        _ if tag.iter().all(u8::is_ascii_uppercase) => EntryKind::Other,
        _ => return None,
    };
    let (name, target) = match kind {
        EntryKind::Link => split_target(name),
        _ => (name, None),
    };
    if name.is_empty() {
        return None;
    }
    let mut entry = Entry::new(name, kind);
    entry.target = target.map(<[u8]>::to_vec);
    Some(entry)
}

/// How wide the column of the tag is.
const COLUMN: usize = 15;

/// The target stands in brackets behind the name.
fn split_target(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    let target = name.strip_suffix(b"]").and_then(|inside| {
        let at = inside.windows(2).position(|pair| pair == b" [")?;
        Some((&name[..at], Some(&inside[at + 2..])))
    });
    target.unwrap_or((name, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Option<String> {
        let entry = parse(line.as_bytes())?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let modified = entry.modified?;
        let size = entry.size.map_or("-".into(), |size| size.to_string());
        let target = entry.target.map_or(String::new(), |target| format!(" -> {}", text(&target)));
        Some(format!("{:?} {size} {modified} [{}]{target}", entry.kind, text(&entry.name)))
    }

    #[test]
    fn directories_and_files_are_read() {
        for (line, wanted) in [
            ("01-02-26  03:04PM       <DIR>          music", "Directory - 2026-01-02 15:04 [music]"),
            ("01-02-26  03:04AM                 1234 notes.txt", "File 1234 2026-01-02 03:04 [notes.txt]"),
            ("01-02-2026  03:04PM                 1234 a b", "File 1234 2026-01-02 15:04 [a b]"),
            ("01-02-99  12:00AM                    0 x", "File 0 1999-01-02 00:00 [x]"),
            ("01-02-2026  15:04       <DIR>          x", "Directory - 2026-01-02 15:04 [x]"),
            ("01/02/2026  03:04 PM    <DIR>          x", "Directory - 2026-01-02 15:04 [x]"),
            ("01/02/2026  03:04 PM         1,234,567 x", "File 1234567 2026-01-02 15:04 [x]"),
            ("2026-01-02  15:04               123456 x", "File 123456 2026-01-02 15:04 [x]"),
            ("02.01.2026  15:04               123456 x", "File 123456 2026-01-02 15:04 [x]"),
            ("22-01-26  15:04               123456 x", "File 123456 2026-01-22 15:04 [x]"),
            ("01-02-26  03:04PM  9 PM", "File 9 2026-01-02 15:04 [PM]"),
            ("01-02-26  03:04:05PM  9 x", "File 9 2026-01-02 15:04:05 [x]"),
        ] {
            assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn links_have_their_target() {
        for (line, wanted) in [
            (r"01-02-26  15:04    <JUNCTION>     old [C:\data]", r"Link - 2026-01-02 15:04 [old] -> C:\data"),
            (r"01-02-26  15:04    <SYMLINKD>     old [..\x]", r"Link - 2026-01-02 15:04 [old] -> ..\x"),
            (r"01-02-26  15:04    <SYMLINK>      a]", r"Link - 2026-01-02 15:04 [a]]"),
            ("01-02-26  15:04    <PIPE>         x", "Other - 2026-01-02 15:04 [x]"),
        ] {
            assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn blanks_at_the_front_of_a_name_are_kept() {
        assert!(shown("01-02-26  03:04PM       <DIR>            two").unwrap().ends_with("[  two]"));
        assert!(shown("01-02-26  03:04PM       <DIR> none").unwrap().ends_with("[none]"));
        assert!(shown("01-02-26  03:04PM                 1234   two ").unwrap().ends_with("[  two ]"));
    }

    #[test]
    fn other_lines_are_not_taken_for_it() {
        for line in [
            "",
            "01-02-26",
            "01-02-26  03:04PM",
            "01-02-26  03:04PM 1234",
            "01-02-26  03:04PM 1234 ",
            "01-02-26  03:04PM <DIR>",
            "01-02-26  03:04PM <DIR>          ",
            "01-02-26  03:04PM <DIR x",
            "01-02-26  03:04PM <dir> x",
            "01-02-26  03:04PM x y",
            "13-13-26  03:04PM 1234 x",
            "01-02-26  25:04 1234 x",
            "01-02  03:04PM 1234 x",
            "99999 bytes in 12 files",
            "02-30-26  03:04PM 1234 x",
        ] {
            assert_eq!(shown(line), None, "{line}");
        }
    }
}
