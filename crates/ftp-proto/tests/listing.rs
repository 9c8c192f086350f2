//! Listings as a whole: every format in one stream, cut anyhow, endless, and of any bytes.

use ftp_proto::{Entry, EntryKind, Listing, ListingError, ListingFormat, ListingLimits, Timestamp};
use proptest::prelude::*;

const UNIX: &str = "total 24\r\n\
    drwxr-xr-x    2 1000     1000         4096 Jan 02 13:59 .\r\n\
    drwxr-xr-x    9 0        0            4096 Jan 02  2025 ..\r\n\
    -rw-r--r--    1 ada      users     1048576 May 31 23:59 a b.bin\r\n\
    lrwxrwxrwx    1 ada      users           5 Jan 02 13:59 link -> a.bin\r\n\
    brw-rw----    1 root     disk       8,   1 Jan 02 13:59 sda1\r\n";

const DOS: &str = "01-02-26  03:04PM       <DIR>          music\r\n\
    01-02-2026  15:04                 1234 notes.txt\r\n\
    01-02-26  15:04    <JUNCTION>     old [C:\\data]\r\n";

const OTHERS: &str = "+i2049.77,m1767323045,/,\tdev\r\n\
    USER             36864 24/09/08 12:00:00 *DIR       dir/\r\n\
    d [R----F--] supervisor            512       Feb 11 07:53    login\r\n\
    Directory DISK:[ADA]\r\n\
    \r\n\
    NOTES.TXT;1              2/3  2-JAN-2026 13:59:07  [USERS,ADA]  (RWED,RWED,RE,)\r\n\
    A_NAME_THAT_NEEDS_A_LINE_OF_ITS_OWN.TXT;5\r\n\
    \x20                      10/12  2-JAN-2026 13:59:07  [USERS,ADA]  (RWED,RWED,RE,)\r\n\
    Total of 2 files, 12/15 blocks\r\n";

const FACTS: &str = "type=cdir;modify=20260102030405;perm=el; .\r\n\
    type=pdir;modify=20260102030405;perm=el; ..\r\n\
    Type=file;Size=1234;Modify=20260102030405.25;UNIX.mode=0644; a;b=c.txt\r\n\
    type=OS.unix=slink:/a b;size=4;  two\r\n\
    type=dir;sizd=4096;x\r\n";

fn today() -> Timestamp {
    Timestamp::new(2026, 6, 1, 12, 0, 0).expect("a time")
}

/// What came of a listing: its entries, how many lines were skipped, and its error.
type Outcome = (Vec<Entry>, u64, Option<ListingError>);

fn in_pieces<'a>(
    format: ListingFormat,
    limits: ListingLimits,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Outcome {
    let mut listing = Listing::new(format, today(), limits);
    let mut entries = Vec::new();
    let mut error = None;
    for piece in pieces {
        error = listing.push(piece).err();
        entries.extend(std::iter::from_fn(|| listing.next()));
        if error.is_some() {
            assert_eq!(listing.push(b"x\n").err(), error);
            break;
        }
    }
    listing.finish();
    entries.extend(std::iter::from_fn(|| listing.next()));
    listing.finish();
    assert_eq!(listing.next(), None);
    (entries, listing.skipped(), error)
}

/// The entries of a stream given whole, byte by byte and cut at every place; they must agree.
fn entries(format: ListingFormat, stream: &[u8]) -> Outcome {
    let limits = ListingLimits::default();
    let whole = in_pieces(format, limits, [stream]);
    assert_eq!(in_pieces(format, limits, stream.chunks(1)), whole, "byte by byte");
    for cut in 0..stream.len() {
        let (head, tail) = stream.split_at(cut);
        assert_eq!(in_pieces(format, limits, [head, tail]), whole, "cut at {cut}");
    }
    whole
}

fn names(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| String::from_utf8_lossy(&entry.name).into_owned()).collect()
}

#[test]
fn unix_listing_is_read_however_it_is_cut() {
    let (entries, skipped, error) = entries(ListingFormat::List, UNIX.as_bytes());
    assert_eq!((skipped, error), (0, None));
    assert_eq!(names(&entries), [".", "..", "a b.bin", "link", "sda1"]);
    let kinds: Vec<EntryKind> = entries.iter().map(|entry| entry.kind).collect();
    let wanted = [
        EntryKind::CurrentDirectory,
        EntryKind::ParentDirectory,
        EntryKind::File,
        EntryKind::Link,
        EntryKind::Other,
    ];
    assert_eq!(kinds, wanted);
    assert_eq!((entries[2].size, entries[3].target.as_deref()), (Some(1 << 20), Some(&b"a.bin"[..])));
}

#[test]
fn listing_of_windows_is_read_however_it_is_cut() {
    let (entries, skipped, error) = entries(ListingFormat::List, DOS.as_bytes());
    assert_eq!((skipped, error), (0, None));
    assert_eq!(names(&entries), ["music", "notes.txt", "old"]);
}

#[test]
fn formats_may_change_from_line_to_line() {
    let stream = [UNIX, DOS, OTHERS, DOS, UNIX].concat();
    let (entries, skipped, error) = entries(ListingFormat::List, stream.as_bytes());
    assert_eq!((entries.len(), skipped, error), (5 + 3 + 5 + 3 + 5, 2, None));
    let others = ["dev", "dir", "login", "NOTES.TXT;1", "A_NAME_THAT_NEEDS_A_LINE_OF_ITS_OWN.TXT;5"];
    assert_eq!(names(&entries)[8..13], others);
}

#[test]
fn facts_are_read_however_they_are_cut() {
    let (entries, skipped, error) = entries(ListingFormat::Mlsd, FACTS.as_bytes());
    assert_eq!((skipped, error), (0, None));
    assert_eq!(names(&entries), [".", "..", "a;b=c.txt", " two", "x"]);
    assert_eq!(entries[3].target.as_deref(), Some(&b"/a b"[..]));
}

#[test]
fn names_are_read_however_they_are_cut() {
    let stream = b"a\r\n\r\n b \nsub/c\r\n.\r\n..\r\n\xFF\r\r\n\r\nd\re\r\nlast";
    let (entries, skipped, error) = entries(ListingFormat::Names, stream);
    assert_eq!((skipped, error), (0, None));
    assert_eq!(names(&entries), ["a", " b ", "sub/c", ".", "..", "\u{FFFD}", "d\re", "last"]);
    assert_eq!((entries[3].kind, entries[4].kind), (EntryKind::CurrentDirectory, EntryKind::ParentDirectory));
}

#[test]
fn carriage_return_ends_a_name_only_with_the_line() {
    for (line, wanted) in [
        ("drwxr-xr-x 2 ada users 5 Jan  2 13:59 a\r/\r\n", "a\r"),
        ("lrwxrwxrwx 1 ada users 5 Jan  2 13:59 a\r -> b\r\r\n", "a\r"),
        ("-rw-r--r-- 1 ada users 5 Jan  2 13:59 \ra\r\n", "\ra"),
    ] {
        let (entries, ..) = entries(ListingFormat::List, line.as_bytes());
        assert_eq!(names(&entries), [wanted]);
    }
}

#[test]
fn truncated_listings_give_what_was_complete() {
    let list = [UNIX, DOS, OTHERS].map(|text| (ListingFormat::List, text));
    for (format, text) in list.into_iter().chain([(ListingFormat::Mlsd, FACTS)]) {
        let (whole, ..) = in_pieces(format, ListingLimits::default(), [text.as_bytes()]);
        for length in 0..text.len() {
            let stream = &text.as_bytes()[..length];
            let (entries, ..) = in_pieces(format, ListingLimits::default(), [stream]);
            let complete = entries.len().min(whole.len()).saturating_sub(1);
            assert_eq!(entries[..complete], whole[..complete], "cut at {length}");
        }
    }
}

#[test]
fn lines_that_say_nothing_are_counted() {
    let stream =
        b"total 5\r\n\r\ninsgesamt 5\r\n  \r\nls: cannot open directory\r\n<html>\r\nX.TXT;1\r\nY.TXT;1\r\n";
    let (entries, skipped, error) = entries(ListingFormat::List, stream);
    assert_eq!((entries.len(), skipped, error), (0, 4, None));
    let (_, skipped, _) = in_pieces(ListingFormat::Mlsd, ListingLimits::default(), [UNIX.as_bytes()]);
    assert_eq!(skipped, 6);
}

#[test]
fn line_without_an_end_is_an_error_at_the_limit() {
    let limit = ListingLimits::default().line;
    for format in [ListingFormat::List, ListingFormat::Mlsd, ListingFormat::Names] {
        let mut listing = Listing::new(format, today(), ListingLimits::default());
        listing.push(&vec![b'x'; limit]).expect("it is not over the limit");
        assert_eq!(listing.push(b"x"), Err(ListingError::LineTooLong { limit }));
        listing.finish();
        assert_eq!((listing.next(), listing.skipped()), (None, 0));
    }
}

#[test]
fn endless_listing_is_an_error_at_the_limit() {
    let limits = ListingLimits { lines: 1000, ..Default::default() };
    for (format, line) in [
        (ListingFormat::Names, "x\n"),
        (ListingFormat::List, "total 1\n"),
        (ListingFormat::List, "\n"),
        (ListingFormat::Mlsd, "type=file; x\n"),
    ] {
        let mut listing = Listing::new(format, today(), limits);
        let error = (0..2000).find_map(|_| {
            let error = listing.push(line.as_bytes()).err();
            while listing.next().is_some() {}
            error
        });
        assert_eq!(error, Some(ListingError::TooManyLines { limit: 1000 }));
    }
}

#[test]
fn what_came_before_an_error_can_be_taken() {
    let limits = ListingLimits { line: 4, lines: 3 };
    for (stream, count, error) in [
        (&b"a\nb\nc\n"[..], 3, None),
        (b"a\nb\nc\nd", 4, None),
        (b"a\nb\nc\nd\n", 3, Some(ListingError::TooManyLines { limit: 3 })),
        (b"a\nbcde\r\nc\n", 1, Some(ListingError::LineTooLong { limit: 4 })),
        (b"a\nbcd\r\nc\n", 3, None),
        (b"a\nb\nc\ndefgh\n", 3, Some(ListingError::LineTooLong { limit: 4 })),
        (b"a\nb\nc\nd\nefghi\n", 3, Some(ListingError::TooManyLines { limit: 3 })),
        (b"abcde", 0, Some(ListingError::LineTooLong { limit: 4 })),
    ] {
        for step in 1..=stream.len() {
            let (entries, _, found) = in_pieces(ListingFormat::Names, limits, stream.chunks(step));
            assert_eq!((entries.len(), found), (count, error.clone()), "{stream:?} by {step}");
        }
    }
}

/// Bytes that make lines of all formats likely.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [UNIX, DOS, OTHERS, FACTS].concat();
    let words: Vec<Vec<u8>> =
        pieces.split_inclusive([' ', ';', ',', '\t', '=']).map(|word| word.as_bytes().to_vec()).collect();
    let word = prop_oneof![
        4 => proptest::sample::select(words),
        1 => proptest::collection::vec(any::<u8>(), 0..3),
        1 => Just(b"\r\n".to_vec()),
    ];
    proptest::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_bytes_give_the_same_however_they_are_cut(
        stream in bytes(),
        step in 1_usize..20,
        line in 1_usize..100,
        lines in 0_u64..8,
    ) {
        let limits = ListingLimits { line, lines };
        for format in [ListingFormat::List, ListingFormat::Mlsd, ListingFormat::Names] {
            let whole = in_pieces(format, limits, [&stream[..]]);
            prop_assert_eq!(&in_pieces(format, limits, stream.chunks(step)), &whole);
            for entry in whole.0 {
                prop_assert!(!entry.name.is_empty() && !entry.name.contains(&b'\n'));
                prop_assert!(entry.permissions.is_none_or(|mode| mode <= 0o7777));
            }
        }
    }

    #[test]
    fn written_lines_come_back(
        name in "[!-~é][ -~é]{0,30}",
        size: u64,
        seconds in 0_i64..1_780_000_000,
        mode in 0_u16..0o1000,
    ) {
        let time = Timestamp::from_unix(seconds, 0);
        let letters: String = (0..9).rev()
            .map(|bit| if mode >> bit & 1 == 1 { ['x', 'w', 'r'][bit % 3] } else { '-' })
            .collect();
        let list = format!("-{letters} 1 ada users {size} {time} {name}\r\n");
        let facts = format!("type=file;size={size};modify={};unix.mode={mode:o}; {name}\r\n", time.to_mdtm());
        for (format, line) in [(ListingFormat::List, list), (ListingFormat::Mlsd, facts)] {
            let (entries, skipped, error) = in_pieces(format, ListingLimits::default(), [line.as_bytes()]);
            prop_assert_eq!((entries.len(), skipped, error), (1, 0, None));
            let entry = &entries[0];
            prop_assert_eq!((&*entry.name, entry.size), (name.as_bytes(), Some(size)));
            prop_assert_eq!((entry.modified, entry.permissions), (Some(time), Some(mode)));
        }
    }
}
