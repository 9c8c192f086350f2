//! Listings: of nothing, of much, and what they tell.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;

use sfml_network::ftp::{Entry, EntryKind};

use crate::peers::{Outcome, Talk, on_each, options};

#[test]
fn an_empty_directory_is_empty_and_a_missing_one_is_an_error() {
    on_each(|peer| {
        let about = peer.name();
        peer.make_folder("empty");
        peer.make_folder("with blank");
        let mut options = options();
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        let start = ftp.working_directory().good(about).path;
        for directory in ["empty", "with blank", "./empty"] {
            assert_eq!(ftp.names(directory).good(about).names, [[0_u8; 0]; 0], "{about}: {directory}");
            assert_eq!(ftp.entries(directory).good(about), [], "{about}: {directory}");
        }
        for _ in 0..2 {
            let names = ftp.names("missing").refusal(about);
            let entries = ftp.entries("missing").refusal(about);
            assert!(matches!((names, entries), (450 | 550, 450 | 550)), "{about}: {names} {entries}");
        }
        assert_eq!(ftp.working_directory().good(about).path, start, "{about}: {:#?}", talk.lines());
        ftp.change_directory("empty").good(about);
        assert_eq!(ftp.names("").good(about).names, [[0_u8; 0]; 0], "{about}");
        assert_eq!(ftp.entries("").good(about), [], "{about}");
    });
}

#[test]
fn entries_tell_kind_size_and_time() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        let file = peer.put("file", &[1; 54_321]);
        peer.make_folder("folder");
        peer.put("folder/inner", b"");
        std::os::unix::fs::symlink("file", peer.root().join("link")).unwrap();
        let entries = ftp.entries("").good(about);
        let find = |name: &str| {
            let found = entries.iter().find(|entry| entry.name == name.as_bytes());
            found.unwrap_or_else(|| panic!("{about}: no {name} in {entries:#?}"))
        };
        assert_eq!(entries.len(), 3, "{about}: {entries:#?}");
        assert_eq!((find("file").kind, find("file").size), (EntryKind::File, Some(54_321)), "{about}");
        assert_eq!(find("folder").kind, EntryKind::Directory, "{about}");
        let modified = find("file").modified.unwrap_or_else(|| panic!("{about}: {entries:#?}"));
        let since = fs::metadata(file).unwrap().modified().unwrap().elapsed().unwrap().as_secs() as i64;
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
        // LIST tells minutes.
        assert!((now - since - modified.unix_seconds()).abs() <= 61, "{about}: {modified:?}");
        // The embedded server and pyftpdlib describe what a link leads to.
        let link = find("link").kind;
        assert!(matches!(link, EntryKind::Link | EntryKind::File), "{about}: {link:?}");
        assert_eq!(ftp.names("folder").good(about).names, [b"inner"], "{about}");
        let inner = ftp.entries("folder").good(about);
        assert_eq!(names_of(&inner), [b"inner"], "{about}");
        // One file is a listing of itself, or an error; the session goes on.
        let _ = ftp.entries("file");
        let _ = ftp.names("file");
        ftp.keep_alive().good(about);
        assert_eq!(ftp.entries("").good(about).len(), 3, "{about}");
    });
}

#[test]
fn a_hundred_thousand_entries_are_listed_one_by_one() {
    // ProFTPD takes ten seconds, the others three.
    const FILES: usize = 100_000;
    on_each(|peer| {
        let about = peer.name();
        let folder = peer.make_folder("many");
        for number in 0..FILES {
            fs::File::create(folder.join(format!("file {number}"))).unwrap();
        }
        let ftp = peer.session();
        let mut seen = vec![false; FILES];
        let mut note = |name: &[u8]| {
            let number =
                std::str::from_utf8(name).ok().and_then(|name| name.strip_prefix("file ")?.parse().ok());
            let number: usize =
                number.unwrap_or_else(|| panic!("{about}: {:?}", String::from_utf8_lossy(name)));
            assert!(!std::mem::replace(&mut seen[number], true), "{about}: {number} comes twice");
        };
        let mut count = 0;
        ftp.each_entry("many", |entry| {
            assert_eq!((entry.kind, entry.size), (EntryKind::File, Some(0)), "{about}");
            note(&entry.name);
            count += 1;
            ControlFlow::Continue(())
        })
        .good(about);
        assert_eq!(count, FILES, "{about}");
        let names = ftp.names("many").good(about).names;
        assert_eq!(names.len(), FILES, "{about}");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), FILES, "{about}");
    });
}

pub(crate) fn names_of(entries: &[Entry]) -> Vec<&[u8]> {
    entries.iter().map(|entry| entry.name.as_slice()).collect()
}
