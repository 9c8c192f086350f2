//! Lines of `ls -l`, and of the many servers that write something like them.
//!
//! What they share is the end of a line: the size, the date, one blank, the name. Between the mode and the size
//! stand up to three columns, or words with blanks in them. So the date is looked for, and the rest follows from
//! where it is.

use super::date::Today;
use super::date_column::date_column;
use super::entry::{Entry, EntryKind};
use super::words::Words;
use crate::number::decimal;
use crate::timestamp::Timestamp;

/// Reads `-rw-r--r-- 1 ada users 1234 Jan  2 13:59 name` and its relatives.
pub(super) fn parse(line: &[u8], today: &Today) -> Option<Entry> {
    let (mode, rest) = line.split_at_checked(10)?;
    let (letter, bits) = mode.split_first()?;
    let kind = kind(*letter)?;
    let permissions = permissions(bits)?;
    // A mark for access lists and the like; links that fill their column follow without a blank.
    let rest = match rest {
        [b' ' | b'\t' | b'0'..=b'9', ..] => rest,
        [_, rest @ ..] if matches!(rest, [b' ' | b'\t', ..]) => rest,
        _ => return None,
    };
    let columns = columns(rest, today)?;
    let mut entry = columns.entry(columns.words.name()?, kind);
    entry.permissions = Some(permissions);
    if matches!(letter, b'b' | b'c') {
        // The column holds the numbers of the device.
        entry.size = None;
    }
    Some(entry)
}

/// Reads the lines of NetWare, `d [RWCEAFMS] ada 512 Jan  2 13:59 name`, and of Hellsoft's server for it.
pub(super) fn parse_netware(line: &[u8], today: &Today) -> Option<Entry> {
    let (letter, rest) = line.split_first()?;
    let kind = kind(*letter).filter(|kind| *kind != EntryKind::Other)?;
    let rest = rest.trim_ascii_start().strip_prefix(b"[")?;
    let end = rest.iter().take(12).position(|byte| *byte == b']')?;
    let (rights, rest) = (&rest[..end], &rest[end + 1..]);
    if !rights.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'-' | b' ')) {
        return None;
    }
    let columns = columns(rest, today)?;
    Some(columns.entry(columns.words.name_in_column()?, kind))
}

fn kind(letter: u8) -> Option<EntryKind> {
    match letter {
        b'-' => Some(EntryKind::File),
        b'd' => Some(EntryKind::Directory),
        b'l' => Some(EntryKind::Link),
        b'b' | b'c' | b'p' | b's' | b'D' | b'P' | b'n' | b'w' | b'?' => Some(EntryKind::Other),
        _ => None,
    }
}

/// The nine letters of a mode as bits.
fn permissions(letters: &[u8]) -> Option<u16> {
    let mut mode = 0;
    for (place, triple) in letters.chunks_exact(3).enumerate() {
        let (read, write) = match triple {
            [b'-', b'-', _] => (0, 0),
            [b'r', b'-', _] => (4, 0),
            [b'-', b'w', _] => (0, 2),
            [b'r', b'w', _] => (4, 2),
            _ => return None,
        };
        let (execute, special) = match (triple[2], place) {
            (b'-', _) => (0, 0),
            (b'x', _) => (1, 0),
            (b's', 0) => (1, 0o4000),
            (b'S', 0) => (0, 0o4000),
            (b's', 1) => (1, 0o2000),
            (b'S' | b'l' | b'L', 1) => (0, 0o2000),
            (b't', 2) => (1, 0o1000),
            (b'T', 2) => (0, 0o1000),
            _ => return None,
        };
        mode |= (read | write | execute) << (6 - 3 * place) | special;
    }
    Some(mode)
}

/// What stands between the mode and the name.
struct Columns<'a> {
    owner: Option<&'a [u8]>,
    group: Option<&'a [u8]>,
    size: Option<u64>,
    modified: Option<Timestamp>,
    /// All of the line up to the name is taken.
    words: Words<'a>,
}

impl Columns<'_> {
    fn entry(&self, name: &[u8], kind: EntryKind) -> Entry {
        let (name, target) = match kind {
            EntryKind::Link => split_target(name, self.size),
            EntryKind::Directory if name.len() > 1 => (name.strip_suffix(b"/").unwrap_or(name), None),
            _ => (name, None),
        };
        let mut entry = Entry::new(name, kind);
        entry.size = self.size;
        entry.modified = self.modified;
        entry.owner = self.owner.map(<[u8]>::to_vec);
        entry.group = self.group.map(<[u8]>::to_vec);
        entry.target = target.map(<[u8]>::to_vec);
        entry
    }
}

/// The name and the target of a link. The size of a link is the length of its target, which helps where an arrow
/// is part of a name.
fn split_target(name: &[u8], size: Option<u64>) -> (&[u8], Option<&[u8]>) {
    let by_size =
        size.and_then(|size| name.len().checked_sub(usize::try_from(size).ok()?)?.checked_sub(ARROW.len()));
    let is_arrow = |at: &usize| *at > 0 && name[*at..].starts_with(ARROW);
    match by_size.filter(is_arrow).or_else(|| (0..name.len()).find(is_arrow)) {
        Some(at) => (&name[..at], Some(&name[at + ARROW.len()..])),
        None => (name, None),
    }
}

const ARROW: &[u8] = b" -> ";

/// How many words may stand before the date. Names of groups with many blanks are the reason for so many.
const MOST: usize = 12;

fn columns<'a>(line: &'a [u8], today: &Today) -> Option<Columns<'a>> {
    let mut found: [Column<'a>; MOST] = [(0, &[]); MOST];
    let mut words = Words::new(line);
    for count in 0..MOST {
        let before = words;
        let word = words.next()?;
        // The size is before the date.
        if found[..count].last().is_some_and(|(_, size)| begins_number(size)) {
            if let Some((modified, words)) = date_column(before, today) {
                let (owner, group, size) = owners(line, &found[..count]);
                return Some(Columns { owner, group, size, modified, words });
            }
        }
        found[count] = (words.position() - word.len(), word);
    }
    None
}

/// A word, and where it begins.
type Column<'a> = (usize, &'a [u8]);

fn begins_number(word: &[u8]) -> bool {
    matches!(word.strip_prefix(b"-").unwrap_or(word), [b'0'..=b'9', ..])
}

/// Owner, group and size from the words before the date.
fn owners<'a>(line: &'a [u8], columns: &[Column<'a>]) -> (Option<&'a [u8]>, Option<&'a [u8]>, Option<u64>) {
    let Some(((_, size), mut columns)) = columns.split_last() else {
        return (None, None, None);
    };
    let mut size = decimal(size);
    // The two numbers of a device.
    if let Some((_, before)) = columns.split_last().filter(|((_, major), _)| major.ends_with(b",")) {
        (columns, size) = (before, None);
    }
    // The number of links.
    if let Some((_, after)) = columns.split_first().filter(|((_, links), _)| decimal(links).is_some()) {
        columns = after;
    }
    match columns {
        [] => (None, None, size),
        // NetPresenz says how many items are in a folder.
        [(_, b"folder")] => (None, None, None),
        [(_, owner)] => (Some(owner), None, size),
        [(_, owner), (start, _), ..] => {
            let end = columns.last().map_or(0, |(start, last)| start + last.len());
            (Some(owner), line.get(*start..end), size)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Today {
        Today::new(Timestamp::new(2026, 6, 1, 12, 0, 0).unwrap())
    }

    fn text(bytes: Option<&[u8]>) -> String {
        bytes.map_or("-".into(), |bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Owner, group, size, time, name.
    fn shown(line: &str) -> Option<String> {
        let entry = parse(line.as_bytes(), &today()).or_else(|| parse_netware(line.as_bytes(), &today()))?;
        let size = entry.size.map_or("-".into(), |size| size.to_string());
        let modified = entry.modified.map_or("-".into(), |time| time.to_string());
        let (owner, group) = (text(entry.owner.as_deref()), text(entry.group.as_deref()));
        Some(format!("{owner} {group} {size} {modified} [{}]", text(Some(&entry.name))))
    }

    #[test]
    fn columns_are_found_from_the_date() {
        for (line, wanted) in [
            ("-rw-r--r--   1 ada users 1234 Jan  2 13:59 a.txt", "ada users 1234 2026-01-02 13:59 [a.txt]"),
            ("-rw-r--r--   1 ada users 1234 Jan  2  2025 a.txt", "ada users 1234 2025-01-02 [a.txt]"),
            ("-rw-r--r--   1 0    0    1234 Jul 10 10:18 a", "0 0 1234 2025-07-10 10:18 [a]"),
            ("dr-xr-xr-x   2 root 512 Apr  8  1994 etc", "root - 512 1994-04-08 [etc]"),
            ("-rw-------+  1 9469   0 May  6  2011 .x", "9469 - 0 2011-05-06 [.x]"),
            ("-rw-r--r--. 1 ada users 7 2026-01-02 03:04 a", "ada users 7 2026-01-02 03:04 [a]"),
            (
                "-rw-r--r-- 1 ada users 7 2026-01-02 03:04:05.000000000 +0100 a",
                "ada users 7 2026-01-02 03:04:05.0 [a]",
            ),
            ("-rw-r--r--@ 1 ada staff 7 Jan  2 13:59:07 2024 a", "ada staff 7 2024-01-02 13:59:07 [a]"),
            ("-rw-r--r-- 1 ada users 7  2 Jan 13:59 a", "ada users 7 2026-01-02 13:59 [a]"),
            ("-rw-r--r-- 1 ada Domain Users of X 7 Jan 2 2025 a", "ada Domain Users of X 7 2025-01-02 [a]"),
            ("-rw-r--r-- 1 7 Jan 100 Jan  2  2025 a", "7 Jan 100 2025-01-02 [a]"),
            ("drwxr-xr-x1024 ada users 7 Jan  2  2025 a", "ada users 7 2025-01-02 [a]"),
            ("-rw-r--r--   1234 Jan  2  2025 a", "- - 1234 2025-01-02 [a]"),
            ("-------r--   326 2391972 2392298 Nov 21  1995 a.sit", "2391972 - 2392298 1995-11-21 [a.sit]"),
            ("drwxrwxr-x               folder        2 May 11  1996 shared", "- - - 1996-05-11 [shared]"),
            (
                "-rwxrwxrwx   1 owner    group         1803729 Jul 10 10:18 a.Z",
                "owner group 1803729 2025-07-10 10:18 [a.Z]",
            ),
            ("-rw-r--r-- 1 ada users 1.2K Jan 2 2025 a", "ada users - 2025-01-02 [a]"),
            ("-rw-r--r-- 1 ada users -2147483648 Jan 2 2025 a", "ada users - 2025-01-02 [a]"),
            ("-rw-r--r-- 1 ada users 99999999999999999999 Jan 2 2025 a", "ada users - 2025-01-02 [a]"),
            ("-rw-r--r-- 1 ada users 7 Feb 30 2025 a", "ada users 7 - [a]"),
            ("-rw-r--r--\t1\tada\tusers\t7\tJan 2 2025\ta", "ada users 7 2025-01-02 [a]"),
        ] {
            assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        }
    }

    #[test]
    fn names_keep_their_blanks() {
        for name in ["a b", " a", "  a  ", "a -> b", "Jan 2 2025 x", "1 2 3", "-> x", "\u{e9}"] {
            let line = format!("-rw-r--r-- 1 ada users 1234 Jan  2 13:59 {name}");
            assert_eq!(text(Some(&parse(line.as_bytes(), &today()).unwrap().name)), name);
        }
    }

    #[test]
    fn kinds_and_modes_are_read() {
        for (mode, kind, bits) in [
            ("-rw-r--r--", EntryKind::File, 0o644),
            ("drwxr-xr-x", EntryKind::Directory, 0o755),
            ("drwxrwxrwt", EntryKind::Directory, 0o1777),
            ("drwxrws--T", EntryKind::Directory, 0o3770),
            ("-rwsr-Sr-x", EntryKind::File, 0o6745),
            ("-rwSr-lr-x", EntryKind::File, 0o6645),
            ("lrwxrwxrwx", EntryKind::Link, 0o777),
            ("prw-r--r--", EntryKind::Other, 0o644),
            ("srwxr-xr-x", EntryKind::Other, 0o755),
            ("----------", EntryKind::File, 0),
        ] {
            let line = format!("{mode} 1 ada users 5 Jan  2 13:59 a");
            let entry = parse(line.as_bytes(), &today()).unwrap();
            assert_eq!((entry.kind, entry.permissions), (kind, Some(bits)), "{mode}");
        }
        for mode in
            ["xrw-r--r--", "-rw-r--r-z", "-wr-r--r--", "-rw-r-?r--", "-rwtr--r--", "drwx", "d?????????"]
        {
            assert_eq!(shown(&format!("{mode} 1 ada users 5 Jan  2 13:59 a")), None, "{mode}");
        }
    }

    #[test]
    fn devices_have_no_size() {
        for numbers in ["8,   1", "8,1", "0x1e", "259,10"] {
            let line = format!("brw-rw---- 1 root disk {numbers} Jan  2 13:59 sda1");
            assert_eq!(shown(&line).unwrap(), "root disk - 2026-01-02 13:59 [sda1]");
        }
    }

    #[test]
    fn links_have_their_target() {
        for (size, name, wanted) in [
            (7, "bin -> usr/bin", ("bin", "usr/bin")),
            (1, "a -> b -> c", ("a -> b", "c")),
            (6, "a -> b -> c", ("a", "b -> c")),
            (99, "a -> b -> c", ("a", "b -> c")),
            (0, "a -> ", ("a", "")),
            (5, "a", ("a", "-")),
            (1, " -> b", (" -> b", "-")),
        ] {
            let line = format!("lrwxrwxrwx 1 ada users {size} Jan  2 13:59 {name}");
            let entry = parse(line.as_bytes(), &today()).unwrap();
            let found = (text(Some(&entry.name)), text(entry.target.as_deref()));
            assert_eq!((&*found.0, &*found.1), wanted, "{size} {name}");
        }
    }

    #[test]
    fn slash_behind_a_directory_is_no_part_of_its_name() {
        assert!(shown("drwxr-xr-x 2 ada users 5 Jan  2 13:59 a/").unwrap().ends_with("[a]"));
        assert!(shown("drwxr-xr-x 2 ada users 5 Jan  2 13:59 /").unwrap().ends_with("[/]"));
        assert!(shown("-rw-r--r-- 2 ada users 5 Jan  2 13:59 a/").unwrap().ends_with("[a/]"));
    }

    #[test]
    fn lines_of_netware_are_read() {
        for (line, wanted) in [
            (
                "d [R----F--] supervisor            512       Feb 11 07:53    public",
                "supervisor - 512 2026-02-11 07:53 [public]",
            ),
            (
                "- [RWCEAFMS] ada                214059       Oct 20 15:27    a b.exe",
                "ada - 214059 2025-10-20 15:27 [a b.exe]",
            ),
            (
                "d[RWCEMFA] supervisor            512       Feb 11 07:53    x",
                "supervisor - 512 2026-02-11 07:53 [x]",
            ),
            ("-[RWCE-F--] 1 ada                  7       Jan  2  2025    x", "ada - 7 2025-01-02 [x]"),
        ] {
            assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        }
        for line in [
            "d [rw] ada 5 Jan 2 2025 x",
            "d [RW ada 5 Jan 2 2025 x",
            "p [RW] ada 5 Jan 2 2025 x",
            "d [RW] Jan 2 2025 ",
        ] {
            assert_eq!(shown(line), None, "{line}");
        }
    }

    #[test]
    fn lines_without_size_date_or_name_are_none() {
        for line in [
            "",
            "-rw-r--r--",
            "-rw-r--r-- 1 ada users 1234 Jan  2 13:59",
            "-rw-r--r-- 1 ada users 1234 Jan  2 13:59 ",
            "-rw-r--r-- 1 ada users 1234",
            "-rw-r--r-- 1 ada users Jan  2 13:59 a",
            "-rw-r--r-- Jan  2 13:59 a",
            "-rw-r--r--x1 ada users 1234 Jan  2 13:59 a",
            "-rw-r--r--xx 1 ada users 1234 Jan  2 13:59 a",
            "-rw-r--r-- a b c d e f g h i j k l 1234 Jan  2 13:59 a",
        ] {
            assert_eq!(shown(line), None, "{line}");
        }
    }
}
