//! Odd names: listed, downloaded, uploaded, renamed, deleted.

use std::collections::BTreeSet;

use sfml_network::ftp::TransferMode::Binary;
use sfml_network::ftp::{Ftp, FtpError, Transfer};
use testkit::servers::Kind;

use crate::listings::names_of;
use crate::peers::{Outcome, Peer, on_each, path};

/// Names that have been too much for servers, for clients, or for the parsers of listings.
const NAMES: &[&[u8]] = &[
    b"a b",
    b" leading",
    b"  two leading",
    b"trailing ",
    b"say \"hello\"",
    b"\"quoted\"",
    b"it's",
    b"back\\slash",
    "gr\u{fc}n".as_bytes(),
    "\u{65e5}\u{672c}".as_bytes(),
    "\u{1f600} \u{202e}x".as_bytes(),
    b"caf\xE9",
    b"\xE9\xFE\x80",
    b"-",
    b"-la",
    b"--help",
    b"~",
    b"~root",
    b"a;b",
    b";",
    b"a=b",
    b"size=7;type=dir; x",
    b"x -> y",
    b"total 5",
    b"1 Jan 01 12:00 x",
    b"d",
    b"*",
    b"?",
    b"[a]",
    b"{a,b}",
    b"$HOME",
    b"`x`",
    b"%41",
    b"#",
    b"a:b",
    b"a|b",
];

#[test]
fn odd_names_are_listed_downloaded_renamed_and_deleted() {
    on_each(|peer| {
        peer.make_folder("odd");
        for name in NAMES {
            peer.put([b"odd/", *name].concat(), name);
        }
        let ftp = peer.session();
        assert_listed(&ftp, "odd", NAMES, peer.name());
        ftp.change_directory("odd").good(peer.name());
        assert_listed(&ftp, "", NAMES, peer.name());
        for name in usable(peer) {
            let about = &format!("{}: {:?}", peer.name(), String::from_utf8_lossy(name));
            assert_eq!(content(&ftp, name, about), name, "{about}");
            assert_eq!(ftp.size(name).good(about), name.len() as u64, "{about}");
            ftp.modified(name).good(about);
            ftp.rename(name, "plain").good(about);
            assert_eq!(content(&ftp, b"plain", about), name, "{about}");
            if keeps(peer, name) {
                ftp.rename("plain", name).good(about);
                assert_eq!(peer.read([b"odd/", name].concat()), name, "{about}");
                ftp.delete_file(name).good(about);
            } else {
                ftp.delete_file("plain").good(about);
            }
            assert!(!peer.root().join("odd").join(path(name)).exists(), "{about}");
        }
    });
}

#[test]
fn odd_names_are_uploaded() {
    on_each(|peer| {
        peer.make_folder("odd");
        let ftp = peer.session();
        ftp.change_directory("odd").good(peer.name());
        let names: Vec<&[u8]> = usable(peer).filter(|name| keeps(peer, name)).collect();
        for name in &names {
            let about = &format!("{}: {:?}", peer.name(), String::from_utf8_lossy(name));
            ftp.store(*name, name, Binary).good(about);
            assert_eq!(peer.read([b"odd/", *name].concat()), *name, "{about}");
            ftp.store(*name, name, Transfer::binary().append()).good(about);
            assert_eq!(ftp.size(name).good(about), 2 * name.len() as u64, "{about}");
        }
        assert_listed(&ftp, "", &names, peer.name());
    });
}

#[test]
fn odd_names_are_those_of_directories_too() {
    on_each(|peer| {
        let ftp = peer.session();
        let start = ftp.working_directory().good(peer.name()).path;
        let names: Vec<&[u8]> =
            usable(peer).filter(|name| keeps(peer, name) && is_directory(peer, name)).collect();
        for name in &names {
            let about = &format!("{}: {:?}", peer.name(), String::from_utf8_lossy(name));
            ftp.create_directory(name).good(about);
            assert!(peer.root().join(path(name)).is_dir(), "{about}");
            peer.put([*name, b"/inner file"].concat(), b"x");
        }
        // All are there, so that one that is taken for a pattern is found out.
        for name in &names {
            let about = &format!("{}: {:?}", peer.name(), String::from_utf8_lossy(name));
            assert_eq!(names_of(&ftp.entries(name).good(about)), [b"inner file"], "{about}");
            assert_eq!(ftp.names(name).good(about).names, [b"inner file"], "{about}");
            assert_eq!(ftp.working_directory().good(about).path, start, "{about}");
            ftp.change_directory(name).good(about);
            assert_eq!(ftp.names("").good(about).names, [b"inner file"], "{about}");
            let path = ftp.working_directory().good(about).path;
            assert!(path.ends_with(name), "{about}: {:?}", String::from_utf8_lossy(&path));
            ftp.delete_file("inner file").good(about);
            ftp.change_directory(&start).good(about);
            ftp.change_directory(&path).good(about);
            assert_eq!(ftp.entries("").good(about), [], "{about}");
            ftp.parent_directory().good(about);
            assert_eq!(ftp.entries(name).good(about), [], "{about}");
            ftp.delete_directory(name).good(about);
            assert!(!peer.root().join(crate::peers::path(name)).exists(), "{about}");
        }
    });
}

#[test]
fn names_that_are_patterns_still_work_as_patterns() {
    on_each(|peer| {
        let about = peer.name();
        for name in ["one.txt", "two.txt", "three"] {
            peer.put(name, b"");
        }
        let ftp = peer.session();
        match peer.kind() {
            Some(Kind::PureFtpd | Kind::Pyftpdlib) | None => {
                assert_eq!(ftp.names("*.txt").refusal(about), 550, "{about}")
            }
            Some(_) => {
                let mut names = ftp.names("*.txt").good(about).names;
                names.sort();
                assert_eq!(names, [b"one.txt", b"two.txt"], "{about}");
            }
        }
    });
}

#[test]
fn hidden_names_are_listed_where_the_server_does() {
    on_each(|peer| {
        let about = peer.name();
        peer.put(".hidden", b"");
        peer.put("shown", b"");
        let ftp = peer.session();
        let (entries, names) = (ftp.entries("").good(about), ftp.names("").good(about).names);
        // MLSD shows all; of LIST and NLST some have options to decide it.
        let in_entries = peer.kind() != Some(Kind::Vsftpd);
        let in_names = !matches!(peer.kind(), Some(Kind::Vsftpd | Kind::Proftpd));
        assert_eq!(
            (entries.len(), names.len()),
            (1 + usize::from(in_entries), 1 + usize::from(in_names)),
            "{about}"
        );
    });
}

#[test]
fn names_with_control_characters_stay_names() {
    on_each(|peer| {
        let about = peer.name();
        let name = b"tab\there\x01\x1b[2J";
        peer.put(name, b"x");
        let ftp = peer.session();
        if peer.kind() == Some(Kind::PureFtpd) {
            // It keeps quiet about such names, and makes underscores of what is not printed.
            assert_eq!(ftp.entries("").good(about), [], "{about}");
            assert_eq!(ftp.size(name).refusal(about), 550, "{about}");
            return;
        }
        assert_listed(&ftp, "", &[name], about);
        assert_eq!(content(&ftp, name, about), b"x", "{about}");
        // And none that a local file gets without asking.
        let home = crate::peers::home();
        let refused = ftp.download(name, home.path(), Binary);
        assert!(matches!(refused, Err(FtpError::UnsafeName { .. })), "{about}: {refused:?}");
        ftp.delete_file(name).good(about);
        // A second command would be in it.
        for name in ["a\nb", "a\rb", "a\0b"] {
            let refused = ftp.delete_file(name);
            assert!(matches!(refused, Err(FtpError::Argument { .. })), "{about}: {refused:?}");
        }
        ftp.keep_alive().good(about);
    });
}

#[test]
fn the_byte_that_begins_a_telnet_command_is_one_of_a_name_where_the_server_lets_it() {
    on_each(|peer| {
        let about = peer.name();
        let name = b"x\xFF\xFEy";
        peer.put(name, b"x");
        let ftp = peer.session();
        assert_listed(&ftp, "", &[name], about);
        if peer.kind() == Some(Kind::Proftpd) {
            // It takes the two bytes and the one after them out, and would want the first one doubled; the others
            // take names as they are.
            assert_eq!(ftp.size(name).refusal(about), 550, "{about}");
            return;
        }
        assert_eq!(content(&ftp, name, about), b"x", "{about}");
        ftp.rename(name, "plain").good(about);
        ftp.rename("plain", name).good(about);
        ftp.delete_file(name).good(about);
    });
}

/// The names that the server takes at all.
fn usable(peer: &Peer) -> impl Iterator<Item = &'static [u8]> {
    // Pure-FTPd prohibits backslashes.
    let is_pure = peer.kind() == Some(Kind::PureFtpd);
    NAMES.iter().copied().filter(move |name| !(is_pure && name.contains(&b'\\')))
}

/// Whether the server gives a new file this name. Pure-FTPd makes underscores of blanks at both ends, also when it
/// deletes.
fn keeps(peer: &Peer, name: &[u8]) -> bool {
    peer.kind() != Some(Kind::PureFtpd) || name.trim_ascii() == name
}

/// Whether the server lets a directory have this name.
fn is_directory(peer: &Peer, name: &[u8]) -> bool {
    match peer.kind() {
        // It takes it for a pattern.
        Some(Kind::Proftpd) => name != b"*",
        // It makes it, and stumbles over its own reply.
        Some(Kind::Pyftpdlib) => std::str::from_utf8(name).is_ok(),
        _ => true,
    }
}

fn assert_listed(ftp: &Ftp, directory: &str, expected: &[&[u8]], about: &str) {
    let expected: BTreeSet<&[u8]> = expected.iter().copied().collect();
    let names = ftp.names(directory).good(about).names;
    assert_names(names.iter().map(Vec::as_slice), &expected, &format!("{about}, names"));
    let entries = ftp.entries(directory).good(about);
    assert_names(entries.iter().map(|entry| entry.name.as_slice()), &expected, &format!("{about}, entries"));
}

fn assert_names<'a>(names: impl Iterator<Item = &'a [u8]>, expected: &BTreeSet<&[u8]>, about: &str) {
    let names: Vec<&[u8]> = names.collect();
    let set: BTreeSet<&[u8]> = names.iter().copied().collect();
    let show = |names: Vec<&&[u8]>| -> Vec<String> {
        names.iter().map(|name| name.escape_ascii().to_string()).collect()
    };
    let missing = show(expected.difference(&set).collect());
    let unknown = show(set.difference(expected).collect());
    assert!(missing.is_empty() && unknown.is_empty(), "{about}: missing {missing:?}, unknown {unknown:?}");
    assert_eq!(names.len(), set.len(), "{about}");
}

fn content(ftp: &Ftp, name: &[u8], about: &str) -> Vec<u8> {
    let mut content = Vec::new();
    ftp.retrieve(name, &mut content, Binary).good(about);
    content
}
