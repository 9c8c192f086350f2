//! Calls: what ends them, and from where.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use sfml_network::ftp::{DataConnections, FtpError, LogLine, Transfer, TransferMode, Tree};
use testkit::PATIENCE;
use testkit::ftp::{FILE, Scripted};

use crate::scene::*;

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
