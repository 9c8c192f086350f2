//! Trees: nothing deleted on a guess, and no end that is not found.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sfml_network::ftp::{Ftp, FtpError, TransferMode, Tree};
use testkit::ftp::Scripted;

use crate::scene::*;

/// A copy with two files in it that the tree `/sub` does not show.
fn copy_to_keep(folder: &Path) {
    fs::create_dir(folder.join("deep")).unwrap();
    fs::write(folder.join("deep/mine"), "1").unwrap();
    fs::write(folder.join("mine"), "2").unwrap();
}

#[test]
fn nothing_is_deleted_after_a_listing_that_may_be_incomplete() {
    let unreadable = "150 Here it is\r\n226 Transfer done (but failed to open directory).\r\n";
    for (listing, last) in [
        // In a format nobody knows.
        (Some("mine 1 deep 2\r\n"), "226 Done\r\n"),
        (Some("-rw-r--r-- 1 a a 5 Jan  1  2020 inner.txt\r\nsome words\r\n"), "226 Done\r\n"),
        // The directory is there, but cannot be read now.
        (None, "450 Too many open files\r\n"),
        (None, "550 Permission denied\r\n"),
        (None, unreadable),
    ] {
        let script = Scripted::new().reply("FEAT", "500 What?\r\n").on("LIST", move |peer, _| {
            if let Some(listing) = listing {
                peer.send("150 Here it is\r\n")?;
                peer.send_data(listing)?;
                peer.close_data();
            } else if last.starts_with("150") {
                peer.accept_data()?;
                peer.close_data();
            }
            peer.send(last)
        });
        let (_server, ftp) = start(script);
        let home = home();
        copy_to_keep(home.path());
        let outcome = ftp.download_tree("sub", home.path(), Tree::new().delete());
        assert_eq!(outcome.is_err(), listing.is_none(), "{listing:?} {last:?}");
        assert!(home.path().join("mine").exists(), "{listing:?} {last:?}");
        assert!(home.path().join("deep/mine").exists(), "{listing:?} {last:?}");
    }
}

#[test]
fn nothing_is_deleted_in_the_place_of_a_link() {
    let script = Scripted::new().on("MLSD", |peer, _| {
        peer.send("150 Here it is\r\n")?;
        peer.send_data("type=OS.unix=slink:/x; mine\r\ntype=OS.unix=slink:/y; deep\r\n")?;
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let (_server, ftp) = start(script);
    let home = home();
    copy_to_keep(home.path());
    fs::write(home.path().join("gone"), "3").unwrap();
    let report = ftp.download_tree("sub", home.path(), Tree::new().delete()).unwrap();
    assert_eq!((report.skipped.len(), report.deleted), (2, 1));
    assert!(home.path().join("mine").exists() && home.path().join("deep/mine").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_deleted_on_the_server_in_the_place_of_a_local_link() {
    let (server, ftp) = start(Scripted::new().file("/sub/x", "theirs"));
    let home = home();
    std::os::unix::fs::symlink("nowhere", home.path().join("x")).unwrap();
    let report = ftp.upload_tree(home.path(), "sub", Tree::new().delete()).unwrap();
    // The other one is deleted.
    assert_eq!((report.skipped.len(), report.deleted), (1, 1));
    assert_eq!(server.file("/sub/x").unwrap(), b"theirs");
}

#[test]
fn tree_goes_up_into_directories_that_the_server_does_not_show() {
    // As vsftpd does with names that begin with a dot.
    let script = Scripted::new().reply("FEAT", "500 What?\r\n").on("LIST", |peer, _| {
        peer.send("150 Here it is\r\n")?;
        peer.accept_data()?;
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let (server, ftp) = start(script);
    ftp.create_directory("sub/.hidden").unwrap();
    let home = home();
    fs::create_dir(home.path().join(".hidden")).unwrap();
    fs::write(home.path().join(".hidden/new"), "new").unwrap();
    ftp.upload_tree(home.path(), "sub", Tree::new()).unwrap();
    assert_eq!(server.file("/sub/.hidden/new").unwrap(), b"new");
}

#[cfg(unix)]
#[test]
fn local_names_with_control_characters_do_not_stop_a_tree() {
    let (server, ftp) = start(Scripted::new());
    let home = home();
    for name in ["tab\there", "line\nbreak", "plain"] {
        fs::create_dir(home.path().join(name)).unwrap();
        fs::write(home.path().join(name).join("x"), name).unwrap();
    }
    let outcome = ftp.upload_tree(home.path(), "sub", Tree::new().sessions(1));
    let Err(FtpError::Unfinished(report)) = outcome else { panic!("{outcome:?}") };
    let failed: Vec<_> = report.failures.iter().map(|failure| failure.path.as_slice()).collect();
    assert_eq!(failed, [&b"line\nbreak"[..], b"line\nbreak/x"]);
    assert_eq!(server.file("/sub/plain/x").unwrap(), b"plain");
    assert_eq!(server.file("/sub/tab\there/x").unwrap(), b"tab\there");

    ftp.create_directory("void").unwrap();
    let report = ftp.download_tree("void", home.path(), Tree::new().sessions(1).delete()).unwrap();
    assert_eq!((report.deleted, fs::read_dir(home.path()).unwrap().count()), (6, 0));
}

#[test]
fn tree_of_a_user_who_logged_in_by_hand_is_left_to_the_one_session() {
    let script = many(Scripted::new(), 8).on("RETR", |peer, name| match peer.count("PASS") {
        0 => peer.send("530 Log in first\r\n"),
        _ => peer.default("RETR", name),
    });
    let server = script.start().unwrap();
    let address = server.address();
    let ftp = Ftp::connect_with(address.ip(), address.port(), brisk()).unwrap();
    ftp.send_command("USER", "ada").unwrap();
    ftp.send_command("PASS", "secret").unwrap();
    let home = home();
    let report = ftp.download_tree("sub", home.path(), Tree::new().sessions(4)).unwrap();
    assert_eq!(report.files, 8);
}

#[test]
fn server_that_takes_one_command_at_a_time_is_asked_for_times_and_loses_none() {
    let script = many(Scripted::new(), 4).reply("FEAT", "500 What?\r\n").on("MDTM", |peer, name| {
        if peer.turn() == 1 {
            for _ in 1..4 {
                peer.read_line()?;
            }
        }
        peer.default("MDTM", name)
    });
    let (server, ftp) = start_with(script, |options| options.control_timeout = Duration::from_secs(1));
    let home = home();
    for name in ["inner.txt", "1", "2", "3"] {
        let mut back = Vec::new();
        ftp.retrieve(format!("sub/{name}"), &mut back, TransferMode::Binary).unwrap();
        fs::write(home.path().join(name), back).unwrap();
    }
    let report = ftp.download_tree("sub", home.path(), Tree::new().sessions(1)).unwrap();
    assert_eq!((report.files, report.failures.len(), server.connections()), (4, 0, 1));
    ftp.keep_alive().unwrap();
}

#[test]
fn tree_without_end_is_given_up() {
    let script = Scripted::new().on("MLSD", |peer, _| {
        peer.send("150 Here it is\r\n")?;
        peer.send_data("type=dir; a\r\ntype=dir; b\r\n")?;
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let outcome = in_time(|| {
        let (_server, ftp) = start_with(script, |options| options.listing_limits.lines = 100);
        let home = home();
        ftp.download_tree("", home.path(), Tree::new().sessions(1)).map(drop)
    });
    assert!(matches!(outcome, Err(FtpError::Protocol(_))), "{outcome:?}");
}

#[test]
fn walk_through_a_tree_of_this_computer_is_interrupted() {
    let hook = Hook::default();
    let (server, ftp) = start_with(Scripted::new(), |options| hook.install(options));
    let home = home();
    fs::create_dir_all(home.path().join("a/b")).unwrap();
    let sent = server.journal().commands().len();
    hook.set(true);
    let outcome = ftp.upload_tree(home.path(), "sub", Tree::new());
    assert!(matches!(outcome, Err(FtpError::Interrupted(_))), "{outcome:?}");
    assert_eq!(server.journal().commands().len(), sent, "the server was asked before the walk had ended");
    hook.set(false);
    ftp.upload_tree(home.path(), "sub", Tree::new()).unwrap();
}
