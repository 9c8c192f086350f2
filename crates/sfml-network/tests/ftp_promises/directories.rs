//! The directory a session is in.

use std::fs;
use std::sync::{Mutex, mpsc};

use sfml_network::ftp::{FtpError, Transfer, TransferMode, Tree};
use testkit::PATIENCE;
use testkit::ftp::Scripted;

use crate::scene::*;

#[test]
fn the_way_to_a_directory_is_never_forgotten_in_part() {
    let (_server, ftp) = start(Scripted::new());
    ftp.create_directory("sub/deep").unwrap();
    ftp.change_directory("sub").unwrap();
    ftp.change_directory("deep").unwrap();
    for _ in 0..200 {
        ftp.parent_directory().unwrap();
        ftp.change_directory("deep").unwrap();
    }
    ftp.reconnect().unwrap();
    assert_eq!(ftp.working_directory().unwrap().path, b"/sub/deep");
}

#[test]
fn no_session_is_left_in_another_directory_than_the_one_before() {
    let script = Scripted::new()
        .file("/x", "the wrong one")
        .file("/sub/x", "the right one")
        .on("CWD", |peer, name| match peer.connection() {
            1 => peer.send("550 It is not there\r\n"),
            _ => peer.default("CWD", name),
        })
        .on("RETR", |peer, name| match peer.connection() {
            0 => {
                peer.close_control();
                Ok(())
            }
            _ => peer.default("RETR", name),
        });
    let (_server, ftp) = start_with(script, retrying);
    ftp.change_directory("sub").unwrap();
    let mut back = Vec::new();
    let home = home();
    assert_eq!(refused(ftp.download("x", home.path().join("x"), Transfer::binary())), 550);
    assert!(matches!(ftp.retrieve("x", &mut back, TransferMode::Binary), Err(FtpError::NotConnected)));
    ftp.reconnect().unwrap();
    ftp.retrieve("x", &mut back, TransferMode::Binary).unwrap();
    assert_eq!(back, b"the right one");
}

#[test]
fn tree_goes_on_in_no_other_directory_after_its_session_was_lost() {
    let script = Scripted::new()
        .on("CWD", |peer, name| match peer.connection() {
            1 => peer.send("550 It is not there\r\n"),
            _ => peer.default("CWD", name),
        })
        .on("RETR", |peer, name| match peer.connection() {
            0 => {
                peer.close_control();
                Ok(())
            }
            _ => peer.default("RETR", name),
        });
    let (_server, ftp) = start(script);
    for folder in ["sub/here", "here"] {
        ftp.create_directory(folder).unwrap();
        for name in ["a", "b", "c"] {
            ftp.store(folder.as_bytes(), format!("{folder}/{name}"), TransferMode::Binary).unwrap();
        }
    }
    ftp.change_directory("sub").unwrap();
    let home = home();
    let outcome = ftp.download_tree("here", home.path(), Tree::new().sessions(1));
    assert!(matches!(outcome, Err(FtpError::Unfinished(_))), "{outcome:?}");
    assert!(fs::read_dir(home.path()).unwrap().next().is_none());
}

#[test]
fn interruption_while_a_directory_is_proved_leaves_the_session_where_it_was() {
    let hook = Hook::default();
    let (go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let stop = hook.clone();
    let script = Scripted::new()
        .reply("MLSD", "550 Is it there?\r\n")
        .reply("LIST", "550 Is it there?\r\n")
        .on("CWD", move |peer, name| {
            if peer.turn() == 1 {
                stop.set(true);
                let _ = wait.lock().unwrap().recv_timeout(PATIENCE);
            }
            peer.default("CWD", name)
        });
    let (_server, ftp) = start_with(script, |options| hook.install(options));
    let outcome = ftp.entries("sub");
    assert!(matches!(outcome, Err(FtpError::Interrupted(_))), "{outcome:?}");
    hook.set(false);
    go.send(()).unwrap();
    assert_eq!(ftp.working_directory().unwrap().path, b"/");
}
