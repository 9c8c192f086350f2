//! Each of these failed once.

use std::fs;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::time::Duration;

use sfml_network::ftp::{
    DataConnections, Ftp, FtpError, FtpOptions, LowSpeed, Retry, Transfer, TransferMode,
};
use testkit::PATIENCE;
use testkit::folder::TempFolder;
use testkit::ftp::{FILE, Scripted, ScriptedServer};

fn session(address: SocketAddr, options: FtpOptions) -> Ftp {
    let ftp = Ftp::connect_with(address.ip(), address.port(), options).expect("it greets");
    ftp.login_anonymous().expect("everybody may log in");
    ftp
}

fn start(script: Scripted) -> (ScriptedServer, Ftp) {
    let server = script.start().expect("it needs a port only");
    let ftp = session(server.address(), FtpOptions::default());
    (server, ftp)
}

fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, FtpError>, code: u16) {
    match outcome {
        Err(FtpError::Rejected { reply, .. }) => assert_eq!(reply.status().0, code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_reconnection_forgets_neither_the_directory_nor_the_user() {
    let script = Scripted::new().on("PASS", |peer, _| match peer.connection() {
        1 => peer.send("421 Too many users\r\n"),
        2 => peer.send("430 Not now\r\n"),
        _ => peer.send("230 Welcome\r\n"),
    });
    let (_server, ftp) = start(script);
    ftp.change_directory("sub").unwrap();
    ftp.disconnect();
    assert!(matches!(ftp.reconnect(), Err(FtpError::Closed { .. })));
    assert_refused(ftp.reconnect(), 430);
    assert!(!ftp.is_connected());
    ftp.reconnect().unwrap();
    assert_eq!(ftp.working_directory().unwrap().path, b"/sub");
}

#[test]
fn a_file_that_is_refused_in_active_mode_is_refused_and_not_a_broken_connection() {
    let server = Scripted::new().start().unwrap();
    let mut options = FtpOptions::default();
    options.data_connections = DataConnections::Active { announce: None, ports: None };
    let ftp = session(server.address(), options);
    assert_refused(ftp.retrieve("missing", Vec::new(), TransferMode::Binary), 550);
    let mut back = Vec::new();
    ftp.retrieve("file.txt", &mut back, TransferMode::Binary).unwrap();
    assert_eq!(back, FILE);
}

#[test]
fn a_listing_that_fails_half_way_is_not_begun_again() {
    let (server, ftp) = start(Scripted::new().on("MLSD", |peer, _| {
        peer.send("150 Here it is\r\n")?;
        peer.send_data("type=file;size=1; one\r\n")?;
        peer.close_data();
        peer.send("550 The rest cannot be read\r\n")
    }));
    let mut seen = 0;
    let outcome = ftp.each_entry("", |_| {
        seen += 1;
        ControlFlow::Continue(())
    });
    assert_refused(outcome, 550);
    assert_eq!((seen, server.journal().count("LIST")), (1, 0));
}

#[test]
fn an_offset_that_was_left_over_is_taken_back_before_the_next_transfer() {
    let (server, ftp) = start(Scripted::new());
    assert_eq!(ftp.send_command("REST", "100").unwrap().status().0, 350);
    let mut back = Vec::new();
    ftp.retrieve("file.txt", &mut back, TransferMode::Binary).unwrap();
    assert_eq!(back, FILE);
    assert_eq!(server.commands().iter().rfind(|line| line.starts_with("REST")).unwrap(), "REST 0");
}

#[test]
fn the_progress_of_text_does_not_pass_its_total() {
    let (server, ftp) = start(Scripted::new().file("/text", "line\r\n".repeat(10)));
    let home = TempFolder::new("ftp").unwrap();
    let here = home.path().join("here");
    fs::write(&here, "line\n".repeat(10)).unwrap();
    let mut told = Vec::new();
    let mut note = |done, total| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    ftp.upload(&here, "up", Transfer::ascii().progress(&mut note)).unwrap();
    ftp.download("text", &here, Transfer::ascii().progress(&mut note)).unwrap();
    ftp.retrieve("text", Vec::new(), Transfer::ascii().progress(&mut note)).unwrap();
    ftp.store("line\n".as_bytes(), "up", Transfer::ascii().size(5).progress(&mut note)).unwrap();
    assert!(told.contains(&(60, None)) && told.iter().all(|(_, total)| total.is_none()), "{told:?}");
    assert_eq!(server.file("/up").unwrap(), b"line\r\n");
}

#[test]
fn a_part_outlives_a_server_that_is_busy() {
    let busy = "450 Busy\r\n";
    let (_server, ftp) = start(Scripted::new().reply("SIZE", busy).reply("MDTM", busy).reply("RETR", busy));
    let home = TempFolder::new("ftp").unwrap();
    let part = home.path().join("x.part");
    fs::write(&part, &FILE[..50]).unwrap();
    assert_refused(ftp.download("file.txt", home.path().join("x"), Transfer::binary().resume()), 450);
    assert_eq!(fs::read(part).unwrap(), &FILE[..50]);
}

#[test]
fn a_part_that_was_kept_for_other_attempts_goes_with_the_last_one() {
    let (_server, ftp) = start(Scripted::new().on("RETR", |peer, _| {
        peer.send("150 Here it is\r\n")?;
        peer.send_data(&FILE[..50])?;
        peer.close_control();
        Ok(())
    }));
    let mut options = ftp.options();
    options.retry = Retry { attempts: 2, delay: Duration::from_millis(1) };
    ftp.set_options(options).unwrap();
    let home = TempFolder::new("ftp").unwrap();
    ftp.download("file.txt", home.path().join("x"), TransferMode::Binary).unwrap_err();
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    ftp.reconnect().unwrap();
    ftp.download("file.txt", home.path().join("x"), Transfer::binary().resume()).unwrap_err();
    assert!(home.path().join("x.part").exists());
}

#[test]
fn a_name_that_begins_with_a_blank_gets_its_time() {
    let (server, ftp) = start(Scripted::new().reply("MFMT", "213 Done\r\n"));
    ftp.set_modified(" x", std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert!(server.commands().contains(&"MFMT 19700101000000 ./ x".to_owned()), "{:?}", server.commands());
}

#[test]
fn a_server_that_answers_once_when_a_transfer_is_given_up_stays_in_step() {
    let (server, ftp) = start(
        Scripted::new()
            .on("RETR", |peer, _| {
                peer.send("150 Here it is\r\n")?;
                peer.send_data(FILE)
            })
            .on("ABOR", |peer, _| {
                peer.close_data();
                peer.send("226 Succeeded\r\n")
            }),
    );
    let mut stop = |_, _| ControlFlow::Break(());
    let outcome = ftp.retrieve("file.txt", Vec::new(), Transfer::binary().progress(&mut stop));
    assert!(matches!(outcome, Err(FtpError::Cancelled)), "{outcome:?}");
    assert_eq!(ftp.working_directory().unwrap().path, b"/");
    assert_eq!(ftp.size("file.txt").unwrap(), FILE.len() as u64);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_lowest_speed_can_be_set() {
    let server = Scripted::new()
        .on("RETR", |peer, _| {
            peer.send("150 Here it is\r\n")?;
            peer.send_data("a little")?;
            peer.stall()
        })
        .start()
        .unwrap();
    let mut options = FtpOptions::default();
    options.low_speed = Some(LowSpeed { bytes_per_second: 1 << 20, period: Duration::from_millis(200) });
    options.control_timeout = Duration::from_millis(200);
    options.data_timeout = PATIENCE;
    let ftp = session(server.address(), options);
    let outcome = ftp.retrieve("file.txt", Vec::new(), TransferMode::Binary);
    assert!(matches!(outcome, Err(FtpError::TimedOut { .. })), "{outcome:?}");
}

#[test]
fn a_directory_whose_name_is_a_pattern_is_entered_to_be_listed() {
    let script = Scripted::new().reply("MLSD", "500 No MLSD\r\n").on("LIST", |peer, name| {
        // As servers do: this one matches files that are called `o`, `l` or `d`, and is no directory.
        if name == b"[old]" {
            return peer.send("550 No such file\r\n");
        }
        peer.send("150 Here it is\r\n")?;
        peer.send_data("-rw-r--r-- 1 0 0 7 Jan 01 2020 inner.txt\r\n")?;
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let (server, ftp) = start(script.on("CWD", |peer, name| match name {
        b"[old]" | b"/" => peer.send("250 There\r\n"),
        _ => peer.send("550 No such folder\r\n"),
    }));
    assert_eq!(ftp.entries("[old]").unwrap().len(), 1);
    let commands = server.commands();
    let place = |line: &str| commands.iter().position(|command| command == line).unwrap();
    assert!(place("CWD [old]") < place("LIST") && place("LIST") < place("CWD /"), "{commands:#?}");
    // What is no directory may be meant as a pattern.
    assert_eq!(ftp.entries("*.txt").unwrap().len(), 1);
    assert!(server.commands().contains(&"LIST *.txt".to_owned()));
}

#[test]
fn names_come_without_what_was_put_before_their_directory() {
    for told in ["./ sub/", " sub/", ""] {
        let (_server, ftp) = start(Scripted::new().on("NLST", move |peer, _| {
            peer.send("150 Here it is\r\n")?;
            peer.send_data(format!("{told}one\r\n{told}two\r\n"))?;
            peer.close_data();
            peer.send("226 Done\r\n")
        }));
        assert_eq!(ftp.names(" sub").unwrap().names, [b"one", b"two"], "{told:?}");
    }
}
