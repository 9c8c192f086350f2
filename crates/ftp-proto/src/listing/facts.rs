//! Lines of `MLSD` and `MLST` (RFC 3659, section 7): facts, a blank, a name.
//!
//! The name begins behind the first blank that is not part of a fact, and may hold whatever it likes: semicolons,
//! equal signs, blanks at its front. Servers that leave out the blank, or the last semicolon, are understood as far
//! as that allows.

use super::entry::{Entry, EntryKind};
use super::eplf::octal;
use crate::number::decimal;
use crate::timestamp::Timestamp;

/// The entry in the text of the 250 reply to `MLST`.
///
/// It is on a line of its own, between words for people. Blanks before its facts, none, one or many, do not
/// matter. `None` when no line has a fact that is known.
///
/// ```
/// let text = b"Listing notes.txt\n type=file;size=1234; /notes.txt\nEnd";
/// let entry = ftp_proto::mlst_entry(text).expect("it is on the second line");
/// assert_eq!((entry.name, entry.size), (b"/notes.txt".to_vec(), Some(1234)));
/// ```
pub fn mlst_entry(text: &[u8]) -> Option<Entry> {
    text.split(|byte| *byte == b'\n').find_map(|line| {
        let line = line.strip_prefix(b"250-").unwrap_or(line).trim_ascii_start();
        let end = line.iter().rposition(|byte| *byte != b'\r')?;
        with_facts(&line[..=end])
    })
}

/// A line of `MLSD`.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    match line {
        // No facts at all, or the blanks that some put before them.
        [b' ', name @ ..] => with_facts(line.trim_ascii_start())
            .or_else(|| if name.is_empty() { None } else { Some(Entry::new(name, EntryKind::Other)) }),
        _ => with_facts(line),
    }
}

fn with_facts(line: &[u8]) -> Option<Entry> {
    let mut entry = Entry::new(Vec::new(), EntryKind::Other);
    let mut people = People::default();
    let mut is_known = false;
    let mut rest = line;
    while let Some(fact) = Fact::first(rest) {
        is_known |= fact.known.is_some();
        fact.tell(&mut entry, &mut people);
        rest = fact.behind;
    }
    let name = rest.strip_prefix(b" ").unwrap_or(rest);
    if name.is_empty() || !is_known {
        return None;
    }
    entry.name = name.to_vec();
    entry.owner = people.owner.map(|(_, name)| name.to_vec());
    entry.group = people.group.map(|(_, name)| name.to_vec());
    Some(entry)
}

/// The facts that mean something here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Known {
    Type,
    Size,
    Modify,
    Mode,
    Owner(u8),
    Group(u8),
    Unique,
    Perm,
    /// Known, so that a line is one of facts, but not kept.
    Ignored,
}

impl Known {
    fn from_key(key: &[u8]) -> Option<Self> {
        let mut lower = [0; LONGEST_KEY];
        let lower = lower.get_mut(..key.len())?;
        lower.copy_from_slice(key);
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"type" => Self::Type,
            b"size" | b"sizd" => Self::Size,
            b"modify" => Self::Modify,
            b"unix.mode" => Self::Mode,
            b"unix.uid" => Self::Owner(1),
            b"unix.owner" => Self::Owner(2),
            b"unix.ownername" => Self::Owner(3),
            b"unix.gid" => Self::Group(1),
            b"unix.group" => Self::Group(2),
            b"unix.groupname" => Self::Group(3),
            b"unique" => Self::Unique,
            b"perm" => Self::Perm,
            b"create" | b"lang" | b"charset" | b"media-type" => Self::Ignored,
            _ => return None,
        })
    }
}

const LONGEST_KEY: usize = 16;

/// Owner and group with what they were told by; a name counts more than a number.
#[derive(Default)]
struct People<'a> {
    owner: Option<(u8, &'a [u8])>,
    group: Option<(u8, &'a [u8])>,
}

struct Fact<'a> {
    known: Option<Known>,
    value: &'a [u8],
    /// What stands behind the semicolon.
    behind: &'a [u8],
}

impl<'a> Fact<'a> {
    /// The fact at the front of a line; `None` when the name is there.
    fn first(line: &'a [u8]) -> Option<Self> {
        let equals = line.iter().position(|byte| matches!(byte, b'=' | b';' | b' '))?;
        let (key, rest) = (&line[..equals], line[equals..].strip_prefix(b"=")?);
        let known = Known::from_key(key);
        if known.is_none() && (key.is_empty() || !key.iter().copied().all(is_key)) {
            return None;
        }
        let mut blank = None;
        let semicolon = rest.iter().enumerate().position(|(at, byte)| {
            if *byte == b' ' {
                blank = blank.or(Some(at));
            }
            *byte == b';'
        });
        let value = &rest[..semicolon.unwrap_or(rest.len())];
        match (semicolon, blank) {
            (Some(end), None) => Some(Self { known, value, behind: &rest[end + 1..] }),
            (Some(end), Some(_)) if may_hold_blanks(known, value) => {
                Some(Self { known, value, behind: &rest[end + 1..] })
            }
            // The last semicolon is missing.
            (_, Some(blank)) => Some(Self { known, value: &value[..blank], behind: &rest[blank..] }),
            // A name that looks like a fact, unless it is one, and the name is missing.
            (None, None) => known.map(|_| Self { known, value, behind: &[] }),
        }
    }

    fn tell(&self, entry: &mut Entry, people: &mut People<'a>) {
        let value = self.value;
        match self.known {
            Some(Known::Type) => (entry.kind, entry.target) = kind(value),
            Some(Known::Size) => entry.size = decimal(value),
            Some(Known::Modify) => {
                entry.modified = Timestamp::from_mdtm(value);
                entry.modified_is_utc = true;
            }
            Some(Known::Mode) => entry.permissions = octal(value),
            Some(Known::Owner(rank)) => people.owner = people.owner.max(Some((rank, value))),
            Some(Known::Group(rank)) => people.group = people.group.max(Some((rank, value))),
            Some(Known::Unique) => entry.unique = Some(value.to_vec()),
            Some(Known::Perm) => entry.rights = Some(value.to_vec()),
            Some(Known::Ignored) | None => {}
        }
    }
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Whether a blank in a value belongs to it: in names of people and of link targets, and where nothing is known.
fn may_hold_blanks(known: Option<Known>, value: &[u8]) -> bool {
    match known {
        None | Some(Known::Owner(2..) | Known::Group(2..)) => true,
        Some(Known::Type) => kind(value).0 == EntryKind::Link,
        Some(_) => false,
    }
}

/// What the value of `type` means. A link is `OS.unix=slink`, perhaps a colon and its target, or `OS.unix=symlink`.
fn kind(value: &[u8]) -> (EntryKind, Option<Vec<u8>>) {
    let named = |names: &[&str]| names.iter().any(|name| value.eq_ignore_ascii_case(name.as_bytes()));
    if named(&["file"]) {
        return (EntryKind::File, None);
    } else if named(&["dir"]) {
        return (EntryKind::Directory, None);
    } else if named(&["cdir"]) {
        return (EntryKind::CurrentDirectory, None);
    } else if named(&["pdir"]) {
        return (EntryKind::ParentDirectory, None);
    }
    // The system before the equal sign does not matter, nor whether there is one.
    let value = value.splitn(2, |byte| *byte == b'=').last().unwrap_or_default();
    let mut parts = value.splitn(2, |byte| *byte == b':');
    let word = parts.next().unwrap_or_default();
    let is_link = ["slink", "symlink", "link"].iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    let target = parts.next().filter(|target| is_link && !target.is_empty());
    (if is_link { EntryKind::Link } else { EntryKind::Other }, target.map(<[u8]>::to_vec))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(line: &str) -> Option<String> {
        parse(line.as_bytes()).map(|entry| String::from_utf8(entry.name).unwrap())
    }

    #[test]
    fn facts_of_real_servers_are_read() {
        let line = b"modify=20260102030405.250;perm=adfrw;size=1234;type=file;unique=801U2E003;\
                     UNIX.group=100;UNIX.groupname=users;UNIX.mode=0644;UNIX.owner=1000;UNIX.ownername=ada; a b";
        let entry = parse(line).unwrap();
        assert_eq!((entry.name, entry.kind, entry.size), (b"a b".to_vec(), EntryKind::File, Some(1234)));
        assert_eq!(entry.modified.unwrap().to_string(), "2026-01-02 03:04:05.25");
        assert_eq!((entry.permissions, entry.rights), (Some(0o644), Some(b"adfrw".to_vec())));
        assert_eq!((entry.owner, entry.group), (Some(b"ada".to_vec()), Some(b"users".to_vec())));
        assert_eq!((entry.unique, entry.target), (Some(b"801U2E003".to_vec()), None));

        let entry = parse(b"TYPE=Dir;Modify=19990929003355;SIZD=4096;unix.UID=0;x.y=z; pub").unwrap();
        assert_eq!((entry.name, entry.kind, entry.size), (b"pub".to_vec(), EntryKind::Directory, Some(4096)));
        assert_eq!(entry.owner, Some(b"0".to_vec()));
    }

    #[test]
    fn kinds_are_told_apart_and_links_have_their_target() {
        for (value, kind, target) in [
            ("file", EntryKind::File, None),
            ("DIR", EntryKind::Directory, None),
            ("cdir", EntryKind::CurrentDirectory, None),
            ("pdir", EntryKind::ParentDirectory, None),
            ("OS.unix=slink:/usr/a b=c:d", EntryKind::Link, Some("/usr/a b=c:d")),
            ("OS.UNIX=slink:", EntryKind::Link, None),
            ("os.unix=symlink", EntryKind::Link, None),
            ("OS.unix=chr-1/3", EntryKind::Other, None),
            ("unknown", EntryKind::Other, None),
        ] {
            let entry = parse(format!("type={value};size=5; x;y").as_bytes()).unwrap();
            assert_eq!((entry.kind, entry.size, &*entry.name), (kind, Some(5), &b"x;y"[..]), "{value}");
            assert_eq!(entry.target.as_deref(), target.map(str::as_bytes), "{value}");
        }
    }

    #[test]
    fn names_may_hold_anything() {
        for wanted in ["a;b.txt", "a=b;c=d", "; x", " two", "type=dir; x", "size=5", "a;", "é\u{7}", "a\rb"]
        {
            assert_eq!(name(&format!("type=file;size=5; {wanted}")).as_deref(), Some(wanted));
        }
        assert_eq!(parse(b"type=file; \xFF\xFE").unwrap().name, b"\xFF\xFE");
    }

    #[test]
    fn blanks_before_the_name_or_the_facts_may_be_missing_or_many() {
        assert_eq!(name("type=file;size=5;x").as_deref(), Some("x"));
        assert_eq!(name("type=file;size=5;a b; c").as_deref(), Some("a b; c"));
        assert_eq!(name("type=file;size=5;a=b").as_deref(), Some("a=b"));
        assert_eq!(name("type=file;size=5 a;b").as_deref(), Some("a;b"));
        assert_eq!(name("type=dir a").as_deref(), Some("a"));
        assert_eq!(name("    type=file;size=5; x").as_deref(), Some("x"));
        assert_eq!(name(" x").as_deref(), Some("x"));
        assert_eq!(name("  a=b;c").as_deref(), Some(" a=b;c"));
        assert_eq!(name("type=file;UNIX.groupname=domain users; x").as_deref(), Some("x"));
    }

    #[test]
    fn bad_values_are_unknown() {
        let entry = parse(b"type=file;size=-5;modify=20261302030405;UNIX.mode=9; x").unwrap();
        assert_eq!((entry.size, entry.modified, entry.permissions), (None, None, None));
    }

    #[test]
    fn lines_without_known_facts_or_a_name_are_none() {
        for line in [
            "",
            " ",
            "x",
            "total 5",
            "type=file;",
            "type=file; ",
            "type=file",
            "type=file;size=5",
            "a=b; x",
            "=b; x",
            "-rw-r--r-- 1 ada users 5 Jan  2  2025 a=b;c",
        ] {
            assert_eq!(name(line), None, "{line}");
        }
    }

    #[test]
    fn mlst_entry_is_found_between_words() {
        for text in [
            "Listing /x\n type=file;size=5; /x\nEnd",
            "Listing /x\ntype=file;size=5; /x\nEnd",
            "Listing /x\n    size=5;type=file;create=20230504151245; /x\nEnd",
            "Listing /x\n250- type=file;size=5; /x\nEnd",
            "type=file;size=5; /x",
            "type=file;size=5;/x\r",
            "Begin\n\n Size=5;Type=File; /x\n type=dir; /y\nEnd",
        ] {
            let entry = mlst_entry(text.as_bytes()).unwrap();
            let found = (&*entry.name, entry.kind, entry.size);
            assert_eq!(found, (&b"/x"[..], EntryKind::File, Some(5)), "{text}");
        }
        for text in ["", "No such file", "Listing a=b;\nEnd", " x", "type=file;\n\r\n"] {
            assert_eq!(mlst_entry(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn cut_entries_have_a_shorter_name() {
        let text = b"Listing x\n type=file;size=5;modify=20260102030405; /a/long name\nEnd";
        let name = text.windows(2).position(|pair| pair == b" /").unwrap() + 1;
        for length in 0..text.len() {
            let entry = mlst_entry(&text[..length]);
            if length > name {
                assert!(b"/a/long name".starts_with(&entry.unwrap().name), "cut at {length}");
            }
        }
    }
}
