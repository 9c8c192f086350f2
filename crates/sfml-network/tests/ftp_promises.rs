//! What a session promises whatever the server and the caller do: an end to every wait, no other file than the one
//! asked for, nothing deleted on a guess, and a session that goes on.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::{Arc, mpsc};
use std::thread;

use sfml_network::ftp::{Ftp, FtpError, FtpOptions, Transfer, TransferMode};
use testkit::PATIENCE;
use testkit::ftp::{Scripted, ScriptedServer};

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

/// Runs what may hang on a thread of its own, which is left behind if it does.
fn in_time<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(run()));
    match receiver.recv_timeout(PATIENCE) {
        Ok(outcome) => outcome,
        Err(_) => panic!("it hangs, or has failed"),
    }
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
    assert!(matches!(call.join().unwrap(), Err(FtpError::Cancelled)));
    assert_eq!(server.journal().count("ABOR"), 0);
}
