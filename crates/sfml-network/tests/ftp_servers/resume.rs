//! Transfers that go on where an earlier attempt has ended.

use std::fs;
use std::ops::ControlFlow;
use std::time::Duration;

use sfml_network::ftp::TransferMode::Binary;
use sfml_network::ftp::{FtpError, Retry, Transfer};

use crate::peers::{Outcome, Talk, assert_same, bytes, home, on_each, on_each_real, options, session_with};

/// More than the buffers on the way hold.
const LARGE: usize = 40 << 20;

/// What has gone by when the server dies.
const ENOUGH: u64 = 5 << 20;

#[test]
fn a_download_goes_on_after_the_server_was_killed() {
    let data = bytes(LARGE);
    on_each_real(|server, about| {
        server.put("large", &data).unwrap();
        let (ftp, home) = (session_with(server, options()), home());
        let target = home.path().join("large");
        let mut kill = |done, _| {
            if done >= ENOUGH {
                server.kill();
            }
            ControlFlow::Continue(())
        };
        let outcome = ftp.download("large", &target, Transfer::binary().resume().progress(&mut kill));
        let expected = matches!(outcome, Err(FtpError::Closed { .. } | FtpError::Data { .. }));
        assert!(expected, "{about}: {outcome:?}");
        assert!(!target.exists(), "{about}");
        let part = fs::metadata(home.path().join("large.part")).unwrap().len();
        assert!((ENOUGH..LARGE as u64).contains(&part), "{about}: {part}");

        server.restart();
        ftp.reconnect().good(about);
        let got = ftp.download("large", &target, Transfer::binary().resume()).good(about);
        assert_eq!((got.resumed_from, got.bytes), (part, LARGE as u64 - part), "{about}");
        assert_same(&fs::read(&target).unwrap(), &data, about);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "{about}");
    });
}

#[test]
fn an_upload_goes_on_after_the_server_was_killed() {
    let data = bytes(LARGE);
    on_each_real(|server, about| {
        let (ftp, home) = (session_with(server, options()), home());
        let here = home.path().join("large");
        fs::write(&here, &data).unwrap();
        let mut kill = |done, _| {
            if done >= ENOUGH + (8 << 20) {
                server.kill();
            }
            ControlFlow::Continue(())
        };
        let outcome = ftp.upload(&here, "large", Transfer::binary().progress(&mut kill));
        let expected = matches!(outcome, Err(FtpError::Closed { .. } | FtpError::Data { .. }));
        assert!(expected, "{about}: {outcome:?}");
        let part = fs::metadata(server.root.join("large")).unwrap().len();
        assert!((1..LARGE as u64).contains(&part), "{about}: {part}");

        server.restart();
        ftp.reconnect().good(about);
        let sent = ftp.upload(&here, "large", Transfer::binary().resume()).good(about);
        assert_eq!((sent.resumed_from, sent.bytes), (part, LARGE as u64 - part), "{about}");
        assert_same(&fs::read(server.root.join("large")).unwrap(), &data, about);
    });
}

#[test]
fn retries_outlive_the_server() {
    let data = bytes(LARGE);
    on_each_real(|server, about| {
        server.put("large", &data).unwrap();
        server.make_folder("sub").unwrap();
        let mut options = options();
        options.retry = Retry { attempts: 8, delay: Duration::from_millis(10) };
        let (ftp, home) = (session_with(server, options), home());
        let target = home.path().join("large");
        ftp.change_directory("sub").good(about);
        let mut deaths = 0;
        let mut die_twice = |done, _| {
            if deaths < 2 && done >= ENOUGH * (deaths + 1) {
                deaths += 1;
                server.restart();
            }
            ControlFlow::Continue(())
        };
        let got = ftp.download("../large", &target, Transfer::binary().progress(&mut die_twice)).good(about);
        assert_eq!(got.resumed_from + got.bytes, LARGE as u64, "{about}");
        assert!(got.resumed_from >= ENOUGH, "{about}");
        assert_same(&fs::read(&target).unwrap(), &data, about);

        let mut deaths = 0;
        let mut die_twice = |done, _| {
            if deaths < 2 && done >= ENOUGH * (deaths + 1) {
                deaths += 1;
                server.restart();
            }
            ControlFlow::Continue(())
        };
        ftp.upload(&target, "copy", Transfer::binary().progress(&mut die_twice)).good(about);
        assert_same(&fs::read(server.root.join("sub/copy")).unwrap(), &data, about);
    });
}

#[test]
fn what_is_complete_or_changed_is_not_gone_on_with() {
    let data = bytes(1 << 20);
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let (target, part) = (home.path().join("file"), home.path().join("file.part"));
        peer.put("file", &data);
        let resume = || Transfer::binary().resume();

        // All of it is there already.
        fs::write(&part, &data).unwrap();
        let got = ftp.download("file", &target, resume()).good(about);
        assert_eq!((got.resumed_from, got.bytes), (1 << 20, 0), "{about}");
        // More than there can be.
        fs::write(&part, bytes((1 << 20) + 1)).unwrap();
        let got = ftp.download("file", &target, resume()).good(about);
        assert_eq!((got.resumed_from, got.bytes), (0, 1 << 20), "{about}");
        // Older than the file.
        fs::write(&part, b"of another time").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(&part).unwrap().set_modified(old).unwrap();
        let got = ftp.download("file", &target, resume().keep_time()).good(about);
        assert_eq!((got.resumed_from, got.bytes), (0, 1 << 20), "{about}");
        assert_same(&fs::read(&target).unwrap(), &data, about);

        // Uploads: complete, longer, and nothing there.
        let sent = ftp.upload(&target, "file", resume()).good(about);
        assert_eq!((sent.resumed_from, sent.bytes), (1 << 20, 0), "{about}");
        peer.put("longer", &bytes((1 << 20) + 1));
        let sent = ftp.upload(&target, "longer", resume()).good(about);
        assert_eq!((sent.resumed_from, sent.bytes), (0, 1 << 20), "{about}");
        assert_same(&peer.read("longer"), &data, about);
        let sent = ftp.upload(&target, "new", resume()).good(about);
        assert_eq!((sent.resumed_from, sent.bytes), (0, 1 << 20), "{about}");
        peer.put("begun", &data[..1000]);
        let sent = ftp.upload(&target, "begun", resume()).good(about);
        assert_eq!((sent.resumed_from, sent.bytes), (1000, (1 << 20) - 1000), "{about}");
        assert_same(&peer.read("begun"), &data, about);
    });
}

#[test]
fn an_offset_of_a_refused_transfer_is_not_left_for_the_next() {
    let data = bytes(100_000);
    on_each(|peer| {
        let mut options = options();
        let talk = Talk::of(&mut options);
        let (ftp, home) = (peer.session_with(options), home());
        peer.put("file", &data);
        let target = home.path().join("missing");
        for round in 0..2 {
            let about = &format!("{}, round {round}", peer.name());
            ftp.send_command("TYPE", "I").good(about);
            assert_eq!(ftp.send_command("REST", "5000").good(about).status().0, 350, "{about}");
            let refused = ftp.download("missing", &target, Binary).refusal(about);
            assert!((500..600).contains(&refused), "{about}: {refused}");
            let mut back = Vec::new();
            ftp.retrieve("file", &mut back, Binary).good(&format!("{about}: {:#?}", talk.lines()));
            assert_same(&back, &data, about);
            ftp.store(&*data, "stored", Binary).good(about);
            assert_same(&peer.read("stored"), &data, about);
            assert_eq!(ftp.names("").good(about).names.len(), 2, "{about}");
        }
    });
}
