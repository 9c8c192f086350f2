//! What goes on beside the bytes: NOOP, time limits, speeds.

use std::fs;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use sfml_network::ftp::TransferMode::Binary;
use sfml_network::ftp::{Awaited, FtpError, LowSpeed, Transfer};
use testkit::PATIENCE;
use testkit::servers::Kind;

use crate::peers::{
    Outcome, Peer, Talk, assert_same, bytes, home, on_each, on_each_real, options, session_with,
};

#[test]
fn noop_keeps_the_session_alive_during_transfers_and_in_step_after() {
    let data = bytes(20 << 20);
    on_each(|peer| {
        let about = peer.name();
        let mut options = options();
        options.rate = Some(20 << 20);
        options.keep_alive = Some(Duration::from_millis(50));
        let talk = Talk::of(&mut options);
        let (ftp, home) = (peer.session_with(options), home());
        peer.put("file", &data);
        let target = home.path().join("file");
        ftp.download("file", &target, Binary).good(about);
        assert_in_step(peer, &talk, &ftp, 1);
        assert_same(&fs::read(&target).unwrap(), &data, about);
        ftp.upload(&target, "copy", Binary).good(about);
        assert_in_step(peer, &talk, &ftp, 2);
        assert_same(&peer.read("copy"), &data, about);
    });
}

fn assert_in_step(peer: &Peer, talk: &Talk, ftp: &sfml_network::ftp::Ftp, transfers: usize) {
    let about = &format!("{}: {:#?}", peer.name(), talk.lines());
    assert_eq!(ftp.size("file").good(about), 20 << 20, "{about}");
    assert!(!ftp.working_directory().good(about).path.is_empty(), "{about}");
    // Pure-FTPd does not like it, and is asked no more.
    let least = if peer.kind() == Some(Kind::PureFtpd) { 1 } else { 4 };
    assert!(talk.count("> NOOP") >= least * transfers, "{about}");
}

#[test]
fn the_rate_is_a_limit() {
    on_each(|peer| {
        let about = peer.name();
        let mut options = options();
        const RATE: u64 = 1 << 20;
        options.rate = Some(RATE);
        let ftp = peer.session_with(options);
        let data = bytes(RATE as usize / 2);
        peer.put("file", &data);
        for is_download in [true, false] {
            let start = Instant::now();
            let mut too_fast = None;
            let mut watch = |done: u64, _| {
                let time = start.elapsed();
                // What went by in this time, one piece, and what a pause may be made up for with.
                let most = RATE as f64 * (time.as_secs_f64() + 0.05 + 0.1);
                if done as f64 > most {
                    too_fast = Some((done, time));
                }
                ControlFlow::Continue(())
            };
            let transfer = Transfer::binary().progress(&mut watch);
            match is_download {
                true => ftp.retrieve("file", Vec::new(), transfer).good(about),
                false => ftp.store(&*data, "stored", transfer).good(about),
            };
            assert_eq!(too_fast, None, "{about}");
        }
    });
}

/// Over how long a speed is measured.
const PERIOD: Duration = Duration::from_millis(300);

#[test]
fn a_transfer_that_is_too_slow_is_given_up_and_the_session_goes_on() {
    let data = bytes(16 << 20);
    on_each(|peer| {
        let about = peer.name();
        let mut options = options();
        // What the rate leaves is too little.
        options.rate = Some(1 << 20);
        options.low_speed = Some(LowSpeed { bytes_per_second: 8 << 20, period: PERIOD });
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        peer.put("file", &data);
        for is_download in [true, false] {
            let outcome = match is_download {
                true => ftp.retrieve("file", Vec::new(), Binary),
                false => ftp.store(&*data, "stored", Binary),
            };
            match &outcome {
                Err(FtpError::TimedOut { awaited: Awaited::Speed, limit }) => assert_eq!(*limit, PERIOD),
                other => panic!("{about}: {other:?}"),
            }
            assert_eq!(ftp.size("file").good(about), 16 << 20, "{about}: {:#?}", talk.lines());
        }
    });
}

#[test]
fn a_server_that_stands_still_is_waited_for_as_long_as_allowed() {
    let data = bytes(32 << 20);
    on_each_real(|server, about| {
        server.put("file", &data).unwrap();
        let mut impatient = options();
        impatient.data_timeout = Duration::from_secs(1);
        // How long it may take to hear what has become of the transfer.
        impatient.control_timeout = Duration::from_secs(1);
        for is_download in [true, false] {
            let ftp = session_with(server, options());
            ftp.set_options(impatient.clone()).good(about);
            let mut freeze = |done, _| {
                if done >= 1 << 20 {
                    server.freeze();
                }
                ControlFlow::Continue(())
            };
            let transfer = Transfer::binary().progress(&mut freeze);
            let (outcome, expected) = match is_download {
                true => (ftp.retrieve("file", Vec::new(), transfer), Awaited::Data),
                false => (ftp.store(&*data, "stored", transfer), Awaited::RoomForData),
            };
            let is_data = matches!(&outcome, Err(FtpError::TimedOut { awaited, .. }) if *awaited == expected);
            assert!(is_data, "{about}: {outcome:?}");
            assert!(!ftp.is_connected(), "{about}");
            server.thaw();
            ftp.set_options(options()).good(about);
            ftp.reconnect().good(about);
            assert_eq!(ftp.size("file").good(about), 32 << 20, "{about}");
        }
        let ftp = session_with(server, options());
        ftp.set_options(impatient).good(about);
        server.freeze();
        let outcome = ftp.keep_alive();
        let noop = Awaited::ReplyTo("NOOP".to_owned());
        let is_noop = matches!(&outcome, Err(FtpError::TimedOut { awaited, .. }) if *awaited == noop);
        assert!(is_noop, "{about}: {outcome:?}");
        server.thaw();
    });
}

#[test]
fn a_pause_of_the_server_that_is_allowed_is_waited_out() {
    let data = bytes(32 << 20);
    on_each_real(|server, about| {
        server.put("file", &data).unwrap();
        let mut options = options();
        options.data_timeout = PATIENCE;
        let ftp = session_with(server, options);
        let mut freezes = 0;
        let mut back = Vec::new();
        std::thread::scope(|scope| {
            let mut freeze = |done, _| {
                if done >= (freezes + 1) * (8 << 20) {
                    freezes += 1;
                    server.freeze();
                    let server = &*server;
                    scope.spawn(move || server.thaw());
                }
                ControlFlow::Continue(())
            };
            ftp.retrieve("file", &mut back, Transfer::binary().progress(&mut freeze)).good(about);
        });
        assert_same(&back, &data, about);
        assert_eq!(ftp.size("file").good(about), 32 << 20, "{about}");
    });
}
