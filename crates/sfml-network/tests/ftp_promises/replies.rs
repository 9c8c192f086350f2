//! Replies that are not what was asked for, and commands sent ahead.

use std::fs;
use std::ops::ControlFlow;
use std::time::Duration;

use sfml_network::ftp::{Ftp, FtpError, Transfer, TransferMode, Tree};
use testkit::ftp::{FILE, Passive, Peer, Scripted};

use crate::scene::*;

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
fn server_that_denies_the_transfer_it_had_begun_does_not_get_its_data_into_the_next_one() {
    for (end, connections) in [("", 2), ("426 Given up.\r\n", 1)] {
        let script = many(Scripted::new(), 3)
            .on("RETR", |peer, name| {
                if peer.turn() > 1 || peer.connection() > 0 {
                    return peer.default("RETR", name);
                }
                peer.send("150 About to open the data connection.\r\n")
            })
            .reply("ABOR", format!("{end}225 No transfer to abort.\r\n"));
        let (server, ftp) = start(script);
        ftp.change_directory("sub").unwrap();
        let mut stop = |_, _| ControlFlow::Break(());
        let given_up = ftp.retrieve("1", Vec::new(), Transfer::binary().progress(&mut stop));
        assert!(matches!(given_up, Err(FtpError::Cancelled)), "{given_up:?}");
        let mut back = Vec::new();
        ftp.retrieve("2", &mut back, TransferMode::Binary).unwrap();
        assert_eq!(back, b"2");
        assert_eq!(server.connections(), connections, "{:?}", server.commands());
    }
}
