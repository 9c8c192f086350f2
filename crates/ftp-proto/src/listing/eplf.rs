//! Lines in the easily parsed list format, EPLF, which `publicfile` and others write.

use super::entry::{Entry, EntryKind};
use crate::number::decimal;
use crate::timestamp::Timestamp;

/// Reads `+i2049.77,m1767323045,r,s280,`, a tab, and the name.
///
/// The times are in UTC here, unlike those of other lines of `LIST`.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    let line = line.strip_prefix(b"+")?;
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (facts, name) = (&line[..tab], &line[tab + 1..]);
    if name.is_empty() {
        return None;
    }
    let mut entry = Entry::new(name, EntryKind::Other);
    for fact in facts.split(|byte| *byte == b',') {
        match fact {
            b"/" => entry.kind = EntryKind::Directory,
            b"r" => entry.kind = EntryKind::File,
            [b's', size @ ..] => entry.size = decimal(size),
            [b'm', seconds @ ..] => {
                entry.modified = time(seconds);
                entry.modified_is_utc = true;
            }
            [b'i', unique @ ..] => entry.unique = Some(unique.to_vec()),
            [b'u', b'p', mode @ ..] => entry.permissions = octal(mode),
            _ => {}
        }
    }
    Some(entry)
}

fn time(seconds: &[u8]) -> Option<Timestamp> {
    Some(Timestamp::from_unix(decimal(seconds)?.try_into().ok()?, 0))
}

/// The bits of a mode in octal digits; what stands for the kind of file is left out.
pub(super) fn octal(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    let mode = digits.iter().try_fold(0_u32, |mode, digit| match digit {
        b'0'..=b'7' => Some(mode << 3 | u32::from(digit - b'0')),
        _ => None,
    })?;
    u16::try_from(mode & 0o7777).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_before_the_tab_are_read() {
        let file = parse(b"+i2049.77,m1767323045,r,s280,up644,\tindex.html").unwrap();
        assert_eq!((file.name, file.kind, file.size), (b"index.html".to_vec(), EntryKind::File, Some(280)));
        assert_eq!(file.modified.unwrap().to_string(), "2026-01-02 03:04:05");
        assert_eq!((file.unique, file.permissions), (Some(b"2049.77".to_vec()), Some(0o644)));

        let directory = parse(b"+i2049.78,m1767323045,/,\tpub").unwrap();
        assert_eq!((directory.name, directory.kind), (b"pub".to_vec(), EntryKind::Directory));
    }

    #[test]
    fn names_keep_everything_behind_the_tab() {
        assert_eq!(parse(b"+/,\t a\tb,c ").unwrap().name, b" a\tb,c ");
        assert_eq!(parse(b"+\tx").unwrap().kind, EntryKind::Other);
    }

    #[test]
    fn bad_facts_are_unknown_and_bad_lines_are_none() {
        let entry = parse(b"+r,s-1,mx,up9,z,\tx").unwrap();
        assert_eq!((entry.size, entry.modified, entry.permissions), (None, None, None));
        for line in [&b""[..], b"+", b"+r,s1,", b"+r,s1,\t", b"r,s1,\tx", b"+r,s1, x"] {
            assert_eq!(parse(line), None);
        }
    }

    #[test]
    fn modes_are_octal() {
        assert_eq!(octal(b"0644"), Some(0o644));
        assert_eq!(octal(b"0104755"), Some(0o4755));
        assert_eq!((octal(b""), octal(b"8"), octal(b"000000644")), (None, None, None));
    }
}
