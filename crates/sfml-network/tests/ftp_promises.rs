//! What a session promises whatever the server and the caller do: an end to every wait, no other file than the one
//! asked for, nothing deleted on a guess, and a session that goes on.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use sfml_network::ftp::{
    DataConnections, Ftp, FtpError, FtpOptions, LogLine, Retry, Transfer, TransferMode, Tree,
};
use testkit::PATIENCE;
use testkit::folder::TempFolder;
use testkit::ftp::{FILE, Passive, Peer, Scripted, ScriptedServer};

/// Nothing here takes long, unless it hangs.
fn brisk() -> FtpOptions {
    let mut options = FtpOptions::default();
    options.connect_timeout = PATIENCE;
    options.control_timeout = PATIENCE;
    options.data_timeout = PATIENCE;
    options
}

fn session(address: SocketAddr, options: FtpOptions) -> Ftp {
    let ftp = Ftp::connect_with(address.ip(), address.port(), options).unwrap();
    ftp.login_anonymous().unwrap();
    ftp
}

fn start_with(script: Scripted, adjust: impl FnOnce(&mut FtpOptions)) -> (ScriptedServer, Ftp) {
    let server = script.start().unwrap();
    let mut options = brisk();
    adjust(&mut options);
    let ftp = session(server.address(), options);
    (server, ftp)
}

fn start(script: Scripted) -> (ScriptedServer, Ftp) {
    start_with(script, |_| {})
}

fn home() -> TempFolder {
    TempFolder::new("ftp").unwrap()
}

/// Runs what may hang on a thread of its own, which is left behind if it does.
fn in_time<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(run()));
    match receiver.recv_timeout(PATIENCE) {
        Ok(outcome) => outcome,
        Err(_) => panic!("it hangs, or has failed"),
    }
}

/// The code that a call was refused with.
fn refused<T: std::fmt::Debug>(outcome: Result<T, FtpError>) -> u16 {
    match outcome {
        Err(FtpError::Rejected { reply, .. }) => reply.status().0,
        other => panic!("{other:?}"),
    }
}

/// So many files in the folder `/sub`, which has one already.
fn many(script: Scripted, count: usize) -> Scripted {
    (1..count).fold(script, |script, number| script.file(format!("/sub/{number}"), number.to_string()))
}

fn retrying(options: &mut FtpOptions) {
    options.retry = Retry { attempts: 2, delay: Duration::ZERO };
}

/// Bytes in which a lost or doubled piece would show.
fn noise(length: u32) -> Vec<u8> {
    (0..length / 4).flat_map(|number| number.wrapping_mul(0x9E37_79B9).to_le_bytes()).collect()
}

/// A hook that ends calls when told to.
#[derive(Clone, Default)]
struct Hook(Arc<AtomicBool>);

impl Hook {
    fn set(&self, stop: bool) {
        self.0.store(stop, Ordering::Release);
    }

    fn install(&self, options: &mut FtpOptions) {
        let stop = self.clone();
        options.interrupt = Some(Arc::new(move || match stop.0.load(Ordering::Acquire) {
            true => Err(io::ErrorKind::Interrupted.into()),
            false => Ok(()),
        }));
    }
}

/// A file that was changed before every file of the server's.
fn old_file(home: &TempFolder, name: &str, contents: &[u8]) -> PathBuf {
    let path = home.path().join(name);
    fs::write(&path, contents).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    path
}

#[test]
fn state_and_options_are_told_from_inside_a_callback() {
    let told = in_time(|| {
        let (_server, ftp) = start(Scripted::new());
        let mut told = None;
        let mut ask = |_, _| {
            told = Some((ftp.is_connected(), ftp.options().control_timeout));
            ControlFlow::Continue(())
        };
        ftp.retrieve("file.txt", Vec::new(), Transfer::binary().progress(&mut ask)).unwrap();
        told
    });
    assert_eq!(told, Some((true, PATIENCE)));
}

#[test]
fn session_that_is_ended_inside_a_callback_is_over_with_the_call() {
    let (_server, ftp) = start(Scripted::new());
    let mut end = |_, _| {
        ftp.disconnect();
        ControlFlow::Continue(())
    };
    let outcome = ftp.retrieve("file.txt", Vec::new(), Transfer::binary().progress(&mut end));
    assert!(matches!(outcome, Ok(_) | Err(FtpError::Cancelled)), "{outcome:?}");
    assert!(!ftp.is_connected());
    assert!(matches!(ftp.keep_alive(), Err(FtpError::NotConnected)));
}

#[test]
fn another_thread_ends_a_session_without_waiting_for_the_server() {
    // It neither sends its file nor answers ABOR.
    let (server, ftp) = start(Scripted::new().on("RETR", |peer, _| {
        peer.send("150 Soon\r\n")?;
        peer.accept_data()?;
        peer.stall()
    }));
    let ftp = Arc::new(ftp);
    let busy = Arc::clone(&ftp);
    let call = thread::spawn(move || busy.retrieve("file.txt", Vec::new(), TransferMode::Binary).map(drop));
    server.journal().wait_for_command("RETR", 1);
    assert!(ftp.is_connected());
    ftp.disconnect();
    assert!(!ftp.is_connected());
    let outcome = call.join().unwrap();
    assert!(matches!(outcome, Err(FtpError::Cancelled)), "{outcome:?}");
    assert_eq!(server.journal().count("ABOR"), 0);
}

#[test]
fn many_short_waits_do_not_keep_a_call_from_being_interrupted() {
    let hook = Hook::default();
    let stop = hook.clone();
    let (server, ftp) = start_with(many(Scripted::new(), 1000), |options| {
        hook.install(options);
        options.log = Some(Arc::new(move |line| {
            if matches!(line, LogLine::Sent(command) if command.starts_with("RETR")) {
                stop.set(true);
            }
        }));
    });
    let home = home();
    let outcome = ftp.download_tree("sub", home.path(), Tree::new().sessions(1));
    assert!(matches!(outcome, Err(FtpError::Interrupted(_))), "{:?}", outcome.map(|report| report.files));
    assert!(server.journal().count("RETR") < 1000);
}

#[test]
fn waits_of_every_kind_are_cancelled() {
    for (is_active, verb, is_accepted) in [
        (false, "TYPE", false),
        (false, "EPSV", false),
        (false, "RETR", false),
        (false, "RETR", true),
        (true, "EPRT", false),
        (true, "RETR", false),
        (true, "RETR", true),
    ] {
        let script = Scripted::new().on(verb, move |peer, _| {
            if is_accepted {
                peer.send("150 Soon\r\n")?;
                peer.accept_data()?;
            }
            while let Some(line) = peer.read_line()? {
                if line.starts_with(b"ABOR") {
                    return peer.send("426 Given up\r\n226 Done\r\n");
                }
            }
            Ok(())
        });
        let (server, ftp) = start_with(script, |options| {
            if is_active {
                options.data_connections = DataConnections::Active { announce: None, ports: None };
            }
        });
        let outcome = thread::scope(|scope| {
            let call = scope.spawn(|| ftp.retrieve("file.txt", Vec::new(), TransferMode::Binary));
            server.journal().wait_for_command(verb, 1);
            ftp.cancel();
            call.join().unwrap()
        });
        assert!(matches!(outcome, Err(FtpError::Cancelled)), "{verb} {is_active} {is_accepted}: {outcome:?}");
    }
}

#[test]
fn replies_without_end_do_not_keep_a_call_from_its_own() {
    for flood in ["200 Not about that\r\n", "\r\n", "\u{0}"] {
        let flood = if flood == "\u{0}" { b"\xFF\xF1".to_vec() } else { flood.as_bytes().to_vec() };
        let outcome = in_time(move || {
            let script = Scripted::new().on("PWD", move |peer, _| {
                peer.send_endlessly(flood.repeat(1000), usize::MAX, Duration::ZERO)
            });
            let (_server, ftp) =
                start_with(script, |options| options.control_timeout = Duration::from_millis(500));
            ftp.working_directory()
        });
        assert!(matches!(outcome, Err(FtpError::TimedOut { .. })), "{outcome:?}");
    }
}

#[test]
fn beginnings_without_end_are_no_answer() {
    for verb in ["USER", "RETR"] {
        let outcome = in_time(move || {
            let flood = |peer: &mut Peer, _: &[u8]| {
                peer.send_endlessly("150 Soon\r\n".repeat(1000), usize::MAX, Duration::ZERO)
            };
            let server = match verb {
                "USER" => Scripted::new().greet(move |peer| flood(peer, b"")),
                verb => Scripted::new().on(verb, flood),
            };
            let server = server.start().unwrap();
            let mut options = brisk();
            options.control_timeout = Duration::from_millis(500);
            options.data_timeout = Duration::from_millis(500);
            let address = server.address();
            let ftp = Ftp::unconnected(address.ip(), address.port(), options);
            ftp.reconnect()?;
            ftp.login_anonymous()?;
            ftp.retrieve("file.txt", Vec::new(), TransferMode::Binary).map(drop)
        });
        assert!(matches!(outcome, Err(FtpError::TimedOut { .. })), "{verb}: {outcome:?}");
    }
}

#[test]
fn session_goes_on_after_a_call_was_interrupted_twice() {
    // The second interruption meets a server that says nothing to ABOR, and never will.
    let hook = Hook::default();
    let script = Scripted::new().reply("ABOR", "").on("RETR", |peer, _| {
        peer.send("150 Soon\r\n")?;
        peer.accept_data()
    });
    let stop = hook.clone();
    let (server, ftp) = start_with(script, |options| {
        hook.install(options);
        options.log = Some(Arc::new(move |line| {
            if matches!(line, LogLine::Received(reply) if reply.status().is_preliminary()) {
                stop.set(true);
            }
        }));
    });
    let outcome = ftp.retrieve("file.txt", Vec::new(), TransferMode::Binary);
    assert!(matches!(outcome, Err(FtpError::Interrupted(_))), "{outcome:?}");
    // The hook lets it come as far as ABOR.
    hook.set(false);
    thread::scope(|scope| {
        let call = scope.spawn(|| ftp.change_directory("sub"));
        server.journal().wait_for_command("ABOR", 1);
        hook.set(true);
        let outcome = call.join().unwrap();
        assert!(matches!(outcome, Err(FtpError::Interrupted(_))), "{outcome:?}");
    });
    hook.set(false);
    ftp.change_directory("sub").unwrap();
    assert_eq!(ftp.working_directory().unwrap().path, b"/sub");
    assert_eq!(server.connections(), 1);
}

#[test]
fn server_that_forgets_what_is_sent_ahead_is_asked_again_and_no_more_that_way() {
    // It throws away what arrives while it is sending.
    let script = many(Scripted::new(), 4).on("RETR", |peer, name| {
        let file = peer.contents("RETR", name).unwrap_or_default();
        peer.send("150 Here\r\n")?;
        peer.send_data(file)?;
        if peer.turn() == 1 {
            peer.read_line()?;
        }
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let (server, ftp) = start_with(script, |options| options.control_timeout = Duration::from_secs(1));
    let home = home();
    let report = ftp.download_tree("sub", home.path(), Tree::new().sessions(1)).unwrap();
    assert_eq!((report.files, server.connections()), (4, 1));
}

#[test]
fn what_was_sent_ahead_is_not_mixed_up_with_what_follows_a_transfer() {
    let script = Scripted::new().on("STOR", |peer, name| {
        peer.send("150 Go ahead\r\n")?;
        let data = peer.receive_data()?;
        peer.keep(name, data);
        if peer.turn() == 1 {
            peer.read_line()?;
        }
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let (server, ftp) = start_with(script, |options| options.control_timeout = Duration::from_secs(1));
    let home = home();
    for name in ["a", "b", "c"] {
        fs::write(home.path().join(name), name).unwrap();
    }
    let report = ftp.upload_tree(home.path(), "sub", Tree::new().sessions(1)).unwrap();
    assert_eq!((report.files, server.connections()), (3, 1));
    assert_eq!(server.file("/sub/b").unwrap(), b"b");
}

#[test]
fn transfer_goes_on_when_what_was_sent_ahead_is_refused_meanwhile() {
    let script = many(Scripted::new(), 3).on("RETR", |peer, name| {
        let file = peer.contents("RETR", name).unwrap_or_default();
        peer.send("150 Here\r\n")?;
        peer.accept_data()?;
        if peer.turn() == 1 {
            peer.read_line()?;
            peer.send("503 A transfer is under way\r\n")?;
        }
        peer.send_data(file)?;
        peer.close_data();
        peer.send("226 Done\r\n")
    });
    let (server, ftp) = start(script);
    let home = home();
    let report = ftp.download_tree("sub", home.path(), Tree::new().sessions(1)).unwrap();
    assert_eq!((report.files, server.connections()), (3, 1));
}

#[test]
fn left_over_replies_do_not_end_an_upload() {
    for stale in ["229 Entering (|||1|)", "350 From there", "227 Entering (127,0,0,1,1,1)"] {
        let script = Scripted::new().on("STOR", move |peer, _| {
            peer.send(format!("150 Go ahead\r\n{stale}\r\n"))?;
            peer.receive_data()?;
            peer.close_data();
            peer.send("452 The disk is full\r\n")
        });
        let (_server, ftp) = start(script);
        assert_eq!(refused(ftp.store(&FILE[..], "up", TransferMode::Binary)), 452, "{stale}");
        ftp.keep_alive().unwrap();
    }
}

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
fn one_dead_port_does_not_end_the_use_of_the_only_way_there_is() {
    for is_ipv6 in [false, true] {
        let script = Scripted::new().reply("PASV", "502 Only EPSV\r\n").on("EPSV", |peer, _| {
            if peer.turn() == 1 {
                peer.send_dead_passive_reply(Passive::Extended)
            } else {
                peer.send_passive_reply(Passive::Extended)
            }
        });
        let script = if is_ipv6 { script.ipv6() } else { script };
        let Ok(server) = script.start() else {
            testkit::skip::skip("there is no IPv6");
            continue;
        };
        let ftp = session(server.address(), brisk());
        assert!(matches!(
            ftp.retrieve("file.txt", Vec::new(), TransferMode::Binary),
            Err(FtpError::Data { .. })
        ));
        let mut back = Vec::new();
        ftp.retrieve("file.txt", &mut back, TransferMode::Binary).unwrap();
        assert_eq!(back, FILE);
    }
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
fn hook_ends_a_call_with_whatever_error_it_has() {
    let script = Scripted::new().on("RETR", |peer, _| {
        peer.send("150 Soon\r\n")?;
        peer.accept_data()?;
        while let Some(line) = peer.read_line()? {
            if line.starts_with(b"ABOR") {
                return peer.send("426 Given up\r\n226 Done\r\n");
            }
        }
        Ok(())
    });
    let stop = Arc::new(AtomicBool::new(false));
    let (hook, sent) = (Arc::clone(&stop), Arc::clone(&stop));
    let (server, ftp) = start_with(script, |options| {
        retrying(options);
        options.interrupt = Some(Arc::new(move || match hook.load(Ordering::Acquire) {
            true => Err(io::Error::other("enough")),
            false => Ok(()),
        }));
        options.log = Some(Arc::new(move |line| {
            if matches!(line, LogLine::Received(reply) if reply.status().is_preliminary()) {
                sent.store(true, Ordering::Release);
            }
        }));
    });
    let home = home();
    match ftp.download("file.txt", home.path().join("x"), Transfer::binary()) {
        Err(FtpError::Interrupted(error)) => assert!(error.to_string().contains("enough"), "{error}"),
        other => panic!("{other:?}"),
    }
    stop.store(false, Ordering::Release);
    ftp.keep_alive().unwrap();
    assert_eq!(server.connections(), 1);
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
fn session_does_not_outlive_a_callback_that_panics() {
    let (_server, ftp) = start(Scripted::new());
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut fail = |_, _| -> ControlFlow<()> { panic!("of the caller's") };
        ftp.store(&FILE[..], "up", Transfer::binary().progress(&mut fail))
    }));
    assert!(outcome.is_err());
    assert!(matches!(ftp.keep_alive(), Err(FtpError::NotConnected)));
    ftp.reconnect().unwrap();
    ftp.keep_alive().unwrap();
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
