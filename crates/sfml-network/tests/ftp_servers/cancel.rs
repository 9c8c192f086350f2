//! Transfers that are given up, and the command after that.

use std::fs;
use std::ops::ControlFlow;
use std::sync::mpsc::channel;
use std::thread;

use sfml_network::ftp::TransferMode::Binary;
use sfml_network::ftp::{Ftp, FtpError, Transfer};
use testkit::PATIENCE;
use testkit::servers::Kind;

use crate::peers::{Outcome, Peer, Talk, assert_same, bytes, home, on_each, options};

/// More than the buffers on the way hold, so that a server is never finished with it when the client gives up.
const LARGE: usize = 32 << 20;

/// What is there when it does.
const ENOUGH: u64 = 2 << 20;

/// A transfer that can be given up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    Download,
    Upload,
    Listing,
}

#[test]
fn the_progress_callback_gives_a_transfer_up_and_the_next_command_works() {
    let data = bytes(LARGE);
    on_each(|peer| {
        let mut options = options();
        let talk = Talk::of(&mut options);
        let (ftp, home) = (peer.session_with(options), home());
        fs::write(home.path().join("large"), &data).unwrap();
        peer.put("large", &data);
        for way in [Way::Download, Way::Upload, Way::Download] {
            // At once, and in the middle.
            for enough in [0, ENOUGH] {
                let about = &format!("{}, {way:?} at {enough}", peer.name());
                let mut stop =
                    |done, _| if done >= enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
                let transfer = Transfer::binary().progress(&mut stop);
                let outcome = match way {
                    Way::Download => ftp.download("large", home.path().join("got"), transfer),
                    _ => ftp.upload(home.path().join("large"), "sent", transfer),
                };
                assert!(
                    matches!(outcome, Err(FtpError::Cancelled)),
                    "{about}: {outcome:?}\n{:#?}",
                    talk.lines()
                );
                assert!(ftp.is_connected(), "{about}: {:#?}", talk.lines());
                assert_eq!(ftp.size("large").good(about), LARGE as u64, "{about}: {:#?}", talk.lines());
                assert_sound(peer, &ftp, &talk, about);
            }
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "{}", peer.name());
    });
}

#[test]
fn another_thread_gives_a_transfer_up_and_the_next_command_works() {
    let data = bytes(LARGE);
    on_each(|peer| {
        let mut options = options();
        // Slow enough that it is not over before the other thread has run.
        options.rate = Some(8 << 20);
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        peer.put("large", &data);
        for way in [Way::Download, Way::Upload] {
            let about = &format!("{}, {way:?}", peer.name());
            let (begun, has_begun) = channel();
            let outcome = thread::scope(|scope| {
                let ftp = &ftp;
                scope.spawn(move || {
                    has_begun.recv_timeout(PATIENCE).expect("it begins");
                    ftp.cancel();
                });
                let mut note = |done, _| {
                    if done >= ENOUGH {
                        // Only the first is waited for.
                        let _ = begun.send(());
                    }
                    ControlFlow::Continue(())
                };
                let transfer = Transfer::binary().progress(&mut note);
                match way {
                    Way::Download => ftp.retrieve("large", Vec::new(), transfer),
                    _ => ftp.store(&*data, "sent", transfer),
                }
            });
            assert!(matches!(outcome, Err(FtpError::Cancelled)), "{about}: {outcome:?}\n{:#?}", talk.lines());
            assert_sound(peer, &ftp, &talk, about);
        }
    });
}

#[test]
fn an_interrupted_transfer_is_put_in_order_by_the_next_command() {
    let data = bytes(LARGE);
    on_each(|peer| {
        let about = peer.name();
        peer.put("large", &data);
        let (begun, has_begun) = channel();
        let mut options = options();
        let talk = Talk::of(&mut options);
        let has_begun = std::sync::Mutex::new(has_begun);
        options.rate = Some(8 << 20);
        options.interrupt = Some(std::sync::Arc::new(move || match has_begun.lock().unwrap().try_recv() {
            Ok(()) => Err(std::io::ErrorKind::Interrupted.into()),
            Err(_) => Ok(()),
        }));
        let ftp = peer.session_with(options);
        for way in [Way::Download, Way::Upload] {
            let about = &format!("{about}, {way:?}");
            let mut sent = false;
            let mut note = |done, _| {
                if done >= ENOUGH && !std::mem::replace(&mut sent, true) {
                    begun.send(()).unwrap();
                }
                ControlFlow::Continue(())
            };
            let transfer = Transfer::binary().progress(&mut note);
            let outcome = match way {
                Way::Download => ftp.retrieve("large", Vec::new(), transfer),
                _ => ftp.store(&*data, "sent", transfer),
            };
            assert!(
                matches!(outcome, Err(FtpError::Interrupted(_))),
                "{about}: {outcome:?}\n{:#?}",
                talk.lines()
            );
            assert_sound(peer, &ftp, &talk, about);
        }
    });
}

#[test]
fn a_listing_is_given_up_and_the_next_command_works() {
    on_each(|peer| {
        let mut options = options();
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        peer.make_folder("full");
        for number in 0..3000 {
            peer.put(format!("full/file {number}"), b"");
        }
        for enough in [1, 1000] {
            let about = &format!("{}, {:?} at {enough}", peer.name(), Way::Listing);
            let mut seen = 0;
            let outcome = ftp.each_entry("full", |_| {
                seen += 1;
                if seen == enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert!(matches!(outcome, Err(FtpError::Cancelled)), "{about}: {outcome:?}\n{:#?}", talk.lines());
            assert_eq!(seen, enough, "{about}");
            assert_sound(peer, &ftp, &talk, about);
        }
    });
}

/// The session answers the right commands, and moves whole files.
fn assert_sound(peer: &Peer, ftp: &Ftp, talk: &Talk, about: &str) {
    let about = &format!("{about}\n{:#?}", talk.lines());
    // It would be asked for a sign of life only if it had kept silent. Pure-FTPd sometimes says nothing of a transfer
    // that was given up.
    assert!(talk.count("> NOOP") == 0 || peer.kind() == Some(Kind::PureFtpd), "{about}");
    let path = ftp.working_directory().good(about).path;
    assert!(peer.root().ends_with(crate::peers::path(&path[1..])) || path == b"/", "{about}: {path:?}");
    let small = bytes(10_000);
    ftp.store(&*small, "small", Binary).good(about);
    let mut back = Vec::new();
    ftp.retrieve("small", &mut back, Binary).good(about);
    assert_same(&back, &small, about);
    assert_eq!(ftp.size("small").good(about), 10_000, "{about}");
    ftp.delete_file("small").good(about);
}
