//! Files: no other than the one asked for, and all of it.

use std::fs;
use std::ops::ControlFlow;

use sfml_network::ftp::{FtpError, Transfer, TransferMode, Tree};
use testkit::ftp::{FILE, Scripted};

use crate::scene::*;

#[test]
fn second_attempt_at_an_upload_does_not_go_on_in_a_file_that_was_there_before() {
    let script =
        Scripted::new().file("/up", "an older file").on("STOR", |peer, name| match peer.connection() {
            0 => peer.send("450 Not now\r\n"),
            _ => peer.default("STOR", name),
        });
    let (server, ftp) = start_with(script, retrying);
    let home = home();
    let local = old_file(&home, "up", FILE);
    ftp.upload(&local, "up", Transfer::binary()).unwrap();
    assert_eq!(server.file("/up").unwrap(), FILE);
}

#[test]
fn second_attempt_at_a_download_does_not_go_on_in_a_part_of_something_else() {
    let script = Scripted::new().on("SIZE", |peer, name| match peer.connection() {
        0 => {
            peer.close_control();
            Ok(())
        }
        _ => peer.default("SIZE", name),
    });
    let (_server, ftp) = start_with(script, retrying);
    let home = home();
    fs::write(home.path().join("x.part"), "something else").unwrap();
    ftp.download("file.txt", home.path().join("x"), Transfer::binary()).unwrap();
    assert_eq!(fs::read(home.path().join("x")).unwrap(), FILE);
}

#[test]
fn segments_of_a_server_that_begins_at_the_beginning_do_not_make_a_file() {
    for reply in ["350 Surely\r\n", "502 Not here\r\n"] {
        for sessions in [2, 3] {
            let data = noise(3 << 20);
            let script = Scripted::new().file("/large", data.clone()).reply("REST", reply);
            let (_server, ftp) = start(script);
            let home = home();
            let target = home.path().join("large");
            let done = ftp.download_segmented("large", &target, sessions, Transfer::binary()).unwrap();
            assert!(fs::read(&target).unwrap() == data, "{reply:?} {sessions}");
            assert_eq!(done.bytes, data.len() as u64);
            assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
            ftp.keep_alive().unwrap();
        }
    }
}

#[test]
fn segments_of_a_file_that_is_replaced_meanwhile_do_not_make_a_file() {
    // Other sessions are not admitted, so that the first one downloads part after part.
    let (old, new) = (noise(3 << 20), vec![7; 3 << 20]);
    let replacement = new.clone();
    let script = Scripted::new()
        .file("/large", old)
        .on("PASS", |peer, _| match peer.connection() {
            0 => peer.send("230 Welcome\r\n"),
            _ => peer.send("530 One is enough\r\n"),
        })
        .on("MDTM", |peer, name| match peer.contents("RETR", name) {
            Some(contents) if contents.first() == Some(&7) => peer.send("213 20250101000000\r\n"),
            _ => peer.default("MDTM", name),
        })
        .on("RETR", move |peer, name| {
            if peer.turn() == 2 {
                peer.keep(name, replacement.clone());
            }
            peer.default("RETR", name)
        });
    let (_server, ftp) = start(script);
    let home = home();
    let target = home.path().join("large");
    let outcome = ftp.download_segmented("large", &target, 3, Transfer::binary());
    assert!(outcome.is_err() || fs::read(&target).unwrap() == new, "two files in one");
    assert!(outcome.is_ok() || !target.exists());
}

#[test]
fn upload_to_a_server_that_only_says_it_can_go_on_is_whole_in_the_end() {
    let script = Scripted::new().file("/up", &FILE[..50]).reply("REST", "350 Surely\r\n");
    let (server, ftp) = start(script);
    let home = home();
    let local = old_file(&home, "up", FILE);
    ftp.upload(&local, "up", Transfer::binary().resume()).unwrap();
    assert_eq!(server.file("/up").unwrap(), FILE);
}

#[test]
fn upload_of_which_the_server_took_a_part_is_no_success() {
    for is_complete in [false, true] {
        let (_server, ftp) = start(Scripted::new().on("STOR", move |peer, name| {
            peer.send("150 Go ahead\r\n")?;
            if is_complete {
                // And is in a hurry to close.
                let data = peer.receive_data()?;
                peer.keep(name, data);
            } else {
                peer.receive_some_data(10)?;
                peer.keep(name, FILE[..10].to_vec());
            }
            peer.reset_data()?;
            peer.send("226 Done\r\n")
        }));
        let outcome = ftp.store(&FILE[..], "up", TransferMode::Binary);
        assert_eq!(outcome.is_ok(), is_complete, "{outcome:?}");
        ftp.keep_alive().unwrap();
    }
}

#[test]
fn retries_leave_a_file_alone_that_is_called_like_a_part() {
    let script = Scripted::new().file("/sub/inner.txt.part", "another file").on("RETR", |peer, name| {
        if peer.connection() == 0 && name.ends_with(b"inner.txt") {
            peer.send("150 Here\r\n")?;
            peer.send_data("in")?;
            peer.reset_data()?;
            return peer.send("426 Broken\r\n");
        }
        peer.default("RETR", name)
    });
    let (_server, ftp) = start_with(script, retrying);
    let home = home();
    fs::write(home.path().join("file.txt.part"), "mine").unwrap();
    ftp.download("file.txt", home.path().join("file.txt"), Transfer::binary()).unwrap();
    assert_eq!(fs::read(home.path().join("file.txt.part")).unwrap(), b"mine");

    let copy = home.path().join("copy");
    let report = ftp.download_tree("sub", &copy, Tree::new().sessions(1)).unwrap();
    assert_eq!(report.files, 2);
    assert_eq!(fs::read(copy.join("inner.txt")).unwrap(), b"inner");
    assert_eq!(fs::read(copy.join("inner.txt.part")).unwrap(), b"another file");
    assert_eq!(fs::read_dir(copy).unwrap().count(), 2);
}

#[test]
fn sizes_and_times_at_the_ends_of_numbers_are_survived() {
    for size in
        ["18446744073709551615", "18446744073709551616", "9223372036854775808", "99999999999999999999999"]
    {
        let script = Scripted::new()
            .reply("SIZE", format!("213 {size}\r\n"))
            .on("RETR", move |peer, _| {
                peer.send(format!("150 Here ({size} bytes)\r\n"))?;
                peer.send_data(FILE)?;
                peer.close_data();
                peer.send("226 Done\r\n")
            })
            .on("MLSD", move |peer, _| {
                peer.send("150 Here it is\r\n")?;
                peer.send_data(format!(
                    "type=file;size={size};modify=99991231235959; a\r\ntype=file;size={size}; b\r\n"
                ))?;
                peer.close_data();
                peer.send("226 Done\r\n")
            });
        let (_server, ftp) = start(script);
        let home = home();
        let path = home.path().join("x");
        let _ = ftp.download("file.txt", &path, Transfer::binary());
        let _ = ftp.download("file.txt", &path, Transfer::binary().resume().keep_time());
        let _ = ftp.retrieve("file.txt", Vec::new(), Transfer::binary());
        let _ = ftp.download_segmented("file.txt", &path, 4, Transfer::binary());
        let _ = ftp.download_tree("sub", home.path().join("copy"), Tree::new());
        let local = old_file(&home, "up", FILE);
        let _ = ftp.upload(&local, "up", Transfer::binary().resume());
        ftp.keep_alive().unwrap();
    }
    for time in ["99991231235959", "00010101000000", "19691231235959", "20380119031408"] {
        let (_server, ftp) = start(Scripted::new().reply("MDTM", format!("213 {time}\r\n")));
        let home = home();
        let path = home.path().join("x");
        ftp.download("file.txt", &path, Transfer::binary().keep_time()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), FILE);
    }
}

#[test]
fn files_of_no_length_are_files() {
    let (server, ftp) = start_with(Scripted::new(), retrying);
    let home = home();
    let path = home.path().join("x");
    for transfer in
        [Transfer::binary(), Transfer::ascii(), Transfer::binary().resume(), Transfer::binary().keep_time()]
    {
        ftp.download("empty.txt", &path, transfer).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
        fs::remove_file(&path).unwrap();
    }
    ftp.download_segmented("empty.txt", &path, 4, Transfer::binary()).unwrap();
    for transfer in
        [Transfer::binary(), Transfer::ascii(), Transfer::binary().resume(), Transfer::binary().append()]
    {
        ftp.upload(&path, "up", transfer).unwrap();
        assert_eq!(server.file("/up").unwrap(), b"");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn more_than_the_file_has_is_not_the_file() {
    // The first server sends another file; the second one's file grows while it is sent.
    for (sizes, is_right) in [([100, 100], false), ([100, 130], true)] {
        let script = Scripted::new().on("SIZE", move |peer, _| {
            let size = sizes[(peer.turn() - 1).min(1)];
            peer.send(format!("213 {size}\r\n"))
        });
        let (_server, ftp) = start(script);
        let home = home();
        let outcome = ftp.download("file.txt", home.path().join("copy"), TransferMode::Binary);
        match outcome {
            Ok(_) => assert!(is_right),
            Err(FtpError::Incomplete { received: 130, expected: 100 }) => assert!(!is_right),
            Err(error) => panic!("{error}"),
        }
        assert_eq!(home.path().join("copy").exists(), is_right);
    }
}

#[test]
fn session_is_begun_anew_after_the_server_has_denied_a_transfer_that_it_had_announced() {
    let script = Scripted::new().reply("ABOR", "225 No transfer to abort\r\n").on("RETR", |peer, name| {
        if peer.connection() > 0 {
            return peer.default("RETR", name);
        }
        peer.send("150 Soon\r\n")?;
        peer.accept_data()
    });
    let (server, ftp) = start(script);
    let mut cancel = |_, _| ControlFlow::Break(());
    let outcome = ftp.retrieve("file.txt", Vec::new(), Transfer::binary().progress(&mut cancel));
    assert!(matches!(outcome, Err(FtpError::Cancelled)), "{outcome:?}");
    assert!(ftp.is_connected());
    let mut back = Vec::new();
    ftp.retrieve("file.txt", &mut back, TransferMode::Binary).unwrap();
    assert_eq!((back, server.connections()), (FILE.to_vec(), 2));
}
