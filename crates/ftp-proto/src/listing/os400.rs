//! Lines of OS/400, now IBM i.

use super::date::{Clock, NumericDate, Order, Today};
use super::entry::{Entry, EntryKind};
use super::words::Words;
use crate::number::decimal;
use crate::timestamp::Timestamp;

/// Reads `ADA 36864 26/01/02 12:00:00 *DIR name/`, and lines of members, which have neither size nor time.
pub(super) fn parse(line: &[u8], today: &Today) -> Option<Entry> {
    let mut words = Words::new(line);
    let owner = words.next()?;
    let mut word = words.next()?;
    let (mut size, mut modified) = (None, None);
    if !word.starts_with(b"*") {
        size = Some(decimal(word)?);
        word = words.next()?;
        if let Some(date) = NumericDate::parse(word) {
            modified = time(date, Clock::parse(words.next()?)?, today);
            word = words.next()?;
        }
    }
    let what = word.strip_prefix(b"*")?;
    if what.is_empty() || !what.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return None;
    }
    let name = words.name_in_column()?;
    let (name, has_slash) = match name.strip_suffix(b"/") {
        Some(name) if !name.is_empty() => (name, true),
        _ => (name, false),
    };
    let kind = match what {
        _ if has_slash => EntryKind::Directory,
        b"DIR" | b"DDIR" | b"LIB" | b"FLR" => EntryKind::Directory,
        b"STMF" | b"DSTMF" | b"FILE" | b"MEM" | b"DOC" => EntryKind::File,
        b"SYMLNK" => EntryKind::Link,
        _ => EntryKind::Other,
    };
    let mut entry = Entry::new(name, kind);
    entry.owner = Some(owner.to_vec());
    (entry.size, entry.modified) = (size, modified);
    Some(entry)
}

/// The order of the numbers is a setting of the server's. The first order that gives a time in the past is taken;
/// most write the year first.
fn time(date: NumericDate<'_>, clock: Clock, today: &Today) -> Option<Timestamp> {
    let orders = match date.separator {
        b'.' => [Order::DayMonthYear, Order::YearMonthDay, Order::MonthDayYear],
        _ => [Order::YearMonthDay, Order::MonthDayYear, Order::DayMonthYear],
    };
    let mut times = orders.into_iter().filter_map(|order| clock.on(date.read(order)?));
    times.clone().find(|time| today.is_past(time)).or_else(|| times.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Option<String> {
        let today = Today::new(Timestamp::new(2026, 6, 1, 12, 0, 0).unwrap());
        let entry = parse(line.as_bytes(), &today)?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let size = entry.size.map_or("-".into(), |size| size.to_string());
        let modified = entry.modified.map_or("-".into(), |time| time.to_string());
        Some(format!("{:?} {} {size} {modified} [{}]", entry.kind, text(entry.owner?), text(entry.name)))
    }

    #[test]
    fn objects_of_many_kinds_are_read() {
        for (line, wanted) in [
            (
                "USER             36864 24/09/08 12:00:00 *DIR       dir/",
                "Directory USER 36864 2024-09-08 12:00:00 [dir]",
            ),
            (
                "QSYS             77824 02/23/00 15:09:55 *DIR       OS/400 native",
                "Directory QSYS 77824 2000-02-23 15:09:55 [OS/400 native]",
            ),
            (
                "ADA               1234 02.01.26 03:04:05 *STMF      a b.txt",
                "File ADA 1234 2026-01-02 03:04:05 [a b.txt]",
            ),
            ("ADA               1234 31/12/25 03:04:05 *FILE x", "File ADA 1234 2025-12-31 03:04:05 [x]"),
            (
                "ADA               1234 26/01/02 03:04:05 *LIB       MY.LIB/",
                "Directory ADA 1234 2026-01-02 03:04:05 [MY.LIB]",
            ),
            (
                "ADA                                      *MEM       A.FILE/B.MBR",
                "File ADA - - [A.FILE/B.MBR]",
            ),
            ("ADA               1234 *FILE x", "File ADA 1234 - [x]"),
            (
                "ADA                  0 26/01/02 03:04:05 *OUTQ      Q.OUTQ",
                "Other ADA 0 2026-01-02 03:04:05 [Q.OUTQ]",
            ),
            ("ADA 0 99/99/99 03:04:05 *DIR /", "Directory ADA 0 - [/]"),
        ] {
            assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn other_lines_are_not_taken_for_it() {
        for line in [
            "",
            "ADA",
            "ADA *DIR",
            "ADA *DIR ",
            "ADA * x",
            "ADA *dir x",
            "ADA x *DIR x",
            "ADA 1 26/01/02 *DIR x",
            "ADA 1 26/01/02 03:04:05 x",
        ] {
            assert_eq!(shown(line), None, "{line}");
        }
    }
}
