//! Every method that is no transfer and no listing.

use std::fs;
use std::time::{Duration, SystemTime};

use sfml_network::ftp::{EntryKind, Ftp, FtpError, Status};
use testkit::PATIENCE;
use testkit::servers::Kind;

use crate::peers::{Outcome, Peer, Talk, on_each, options};

/// An ordinary moment, in seconds since 1970.
const MOMENT: u64 = 1_234_567_890;

#[test]
fn a_login_is_right_or_refused_and_may_be_tried_again() {
    on_each(|peer| {
        let about = peer.name();
        let (address, (user, password)) = (peer.address(), peer.login());
        let ftp = Ftp::connect(address.ip(), address.port(), PATIENCE).unwrap();
        assert!(ftp.is_connected(), "{about}");
        assert_eq!(ftp.login("nobody here", "wrong").refusal(about), 530, "{about}");
        assert!(ftp.is_connected(), "{about}");
        assert_eq!(ftp.login(user, password).good(about).status(), Status::LOGGED_IN, "{about}");
        ftp.keep_alive().good(about);
    });
}

#[test]
fn a_guest_is_welcome_or_refused() {
    on_each(|peer| {
        let about = peer.name();
        let address = peer.address();
        let ftp = Ftp::connect(address.ip(), address.port(), PATIENCE).unwrap();
        match peer.kind() {
            Some(Kind::Vsftpd) | None => drop(ftp.login_anonymous().good(about)),
            // Anonymous users are to be configured for these, and are not.
            Some(_) => assert_eq!(ftp.login_anonymous().refusal(about), 530, "{about}"),
        }
    });
}

#[test]
fn directories_are_created_entered_left_and_deleted() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        let start = ftp.working_directory().good(about).path;
        let below = |name: &str| {
            let slash: &[u8] = if start.ends_with(b"/") { b"" } else { b"/" };
            [start.as_slice(), slash, name.as_bytes()].concat()
        };
        for name in ["plain", "with blank", "gr\u{fc}n", "say \"hello\" twice", "\"quoted\""] {
            let created = ftp.create_directory(name).good(about);
            assert_eq!(created.reply.status(), Status::DIRECTORY_OK, "{about}");
            // Pure-FTPd answers with what it was given, the others with the whole path; and pyftpdlib as well.
            let path = String::from_utf8_lossy(&created.path).into_owned();
            assert!(path == name || created.path == below(name), "{about}: {path:?}");
            assert!(peer.root().join(name).is_dir(), "{about}: {name}");
            ftp.change_directory(name).good(about);
            let path = ftp.working_directory().good(about).path;
            assert_eq!(path, below(name), "{about}: {:?}", String::from_utf8_lossy(&path));
            assert_eq!(ftp.delete_directory("missing").refusal(about), 550, "{about}");
            ftp.parent_directory().good(about);
            assert_eq!(ftp.working_directory().good(about).path, start, "{about}");
            ftp.delete_directory(name).good(about);
            assert!(!peer.root().join(name).exists(), "{about}: {name}");
        }
        assert_eq!(ftp.change_directory("missing").refusal(about), 550, "{about}");
        peer.make_folder("full");
        peer.put("full/file", b"");
        assert_eq!(ftp.delete_directory("full").refusal(about), 550, "{about}");
        let twice = ftp.create_directory("full").refusal(about);
        assert!(matches!(twice, 521 | 550), "{about}: {twice}");
        assert_eq!(ftp.working_directory().good(about).path, start, "{about}");
    });
}

#[test]
fn files_are_renamed_and_deleted() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        peer.put("one", b"contents");
        peer.make_folder("sub");
        ftp.rename("one", "two").good(about);
        ftp.rename("two", "sub/three").good(about);
        assert_eq!(peer.read("sub/three"), b"contents", "{about}");
        assert_eq!(ftp.rename("one", "two").refusal(about), 550, "{about}");
        ftp.rename("sub", "renamed folder").good(about);
        ftp.delete_file("renamed folder/three").good(about);
        assert!(!peer.root().join("renamed folder/three").exists(), "{about}");
        assert_eq!(ftp.delete_file("renamed folder/three").refusal(about), 550, "{about}");
        assert_eq!(ftp.delete_file("renamed folder").refusal(about), 550, "{about}");
        ftp.keep_alive().good(about);
    });
}

#[test]
fn sizes_and_times_are_told() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        let path = peer.put("file", &[7; 12_345]);
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(MOMENT)).unwrap();
        peer.put("empty", b"");
        // In text modes servers refuse to tell a size, or tell another.
        ftp.send_command("TYPE", "A").good(about);
        assert_eq!(ftp.size("file").good(about), 12_345, "{about}");
        assert_eq!(ftp.size("empty").good(about), 0, "{about}");
        assert_eq!(ftp.size("missing").refusal(about), 550, "{about}");
        let told = ftp.modified("file").good(about);
        assert_eq!(told.unix_seconds(), MOMENT as i64, "{about}");
        assert_eq!(ftp.modified("missing").refusal(about), 550, "{about}");
    });
}

#[test]
fn times_are_set() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        for name in ["file", "with two  blanks", " leading", "gr\u{fc}n"] {
            let path = peer.put(name, b"x");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(MOMENT);
            ftp.set_modified(name, time).good(about);
            assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), time, "{about}: {name:?}");
            assert_eq!(ftp.modified(name).good(about).unix_seconds(), MOMENT as i64, "{about}: {name:?}");
        }
        let refused = ftp.set_modified("missing", SystemTime::now()).refusal(about);
        assert!((500..600).contains(&refused), "{about}: {refused}");
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert!(matches!(ftp.set_modified("file", before), Err(FtpError::Argument { .. })), "{about}");
    });
}

#[test]
fn features_are_asked_for_once() {
    on_each(|peer| {
        let about = peer.name();
        let mut options = options();
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        for _ in 0..2 {
            let features = ftp.features().good(about);
            for name in ["SIZE", "MDTM", "EPSV", "REST"] {
                assert!(features.has(name), "{about}: {name}");
            }
            // vsftpd has neither, and names UTF8 only to those who could use it.
            assert_eq!(features.has("MLST"), peer.kind() != Some(Kind::Vsftpd), "{about}");
        }
        assert_eq!(talk.count("> FEAT"), 1, "{about}: {:#?}", talk.lines());
    });
}

#[test]
fn commands_of_the_callers_own_are_sent_and_answered() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        let path = peer.put("file", b"x");
        assert!(ftp.send_command("noop", "").good(about).status().is_completion(), "{about}");
        assert_eq!(ftp.send_command("SYST", "").good(about).status().0, 215, "{about}");
        let unknown = ftp.send_command("XYZZY", "").good(about).status();
        assert!(unknown.is_permanent_failure(), "{about}: {unknown:?}");
        let chmod = ftp.send_command("SITE", "CHMOD 600 file").good(about).status();
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777;
        // vsftpd has it for users with an account only.
        let expected = if peer.kind() == Some(Kind::Vsftpd) { (550, 0o644) } else { (200, 0o600) };
        assert_eq!((chmod.0, mode), expected, "{about}");
        for (verb, argument) in [("RETR", "file"), ("list", ""), ("NOOP\r\nDELE file", ""), ("CWD", "a\r\nb")]
        {
            let refused = ftp.send_command(verb, argument);
            assert!(matches!(refused, Err(FtpError::Argument { .. })), "{about}: {refused:?}");
        }
        ftp.keep_alive().good(about);
    });
}

#[test]
fn one_file_or_directory_is_described() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        peer.put("a file; size=7", &[0; 321]);
        peer.make_folder("sub");
        if peer.kind() == Some(Kind::Vsftpd) {
            assert_eq!(ftp.entry("sub").refusal(about), 500, "{about}");
            return;
        }
        let file = ftp.entry("a file; size=7").good(about);
        assert_eq!((file.kind, file.size), (EntryKind::File, Some(321)), "{about}");
        let file_name = file.name.rsplit(|byte| *byte == b'/').next();
        assert_eq!(file_name, Some(&b"a file; size=7"[..]), "{about}");
        let sub = ftp.entry("sub").good(about);
        assert_ne!(sub.kind, EntryKind::File, "{about}");
        assert_eq!(ftp.entry("missing").refusal(about), 550, "{about}");
    });
}

#[test]
fn quitting_ends_the_session_and_reconnecting_goes_back_to_the_directory() {
    on_each(|peer| {
        let about = peer.name();
        peer.make_folder("sub");
        peer.make_folder("sub/below");
        let ftp = peer.session();
        ftp.change_directory("sub").good(about);
        ftp.change_directory("below").good(about);
        let place = ftp.working_directory().good(about).path;
        assert_eq!(ftp.quit().good(about).status(), Status::CLOSING_CONNECTION, "{about}");
        assert!(!ftp.is_connected(), "{about}");
        assert!(matches!(ftp.keep_alive(), Err(FtpError::NotConnected)), "{about}");
        ftp.reconnect().good(about);
        assert!(ftp.is_connected(), "{about}");
        assert_eq!(ftp.working_directory().good(about).path, place, "{about}");
        ftp.disconnect();
        assert!(!ftp.is_connected(), "{about}");
        ftp.reconnect().good(about);
        assert_eq!(ftp.working_directory().good(about).path, place, "{about}");
    });
}

#[test]
fn a_server_that_is_gone_is_noticed_and_met_again() {
    on_each(|peer| {
        let about = peer.name();
        peer.make_folder("sub");
        let ftp = peer.session();
        ftp.change_directory("sub").good(about);
        let place = ftp.working_directory().good(about).path;
        match peer {
            Peer::Real(server) => server.kill(),
            Peer::Embedded(server, _) => {
                server.kill_connections();
                server.journal().wait_for_open_connections(0);
            }
        }
        let lost = ftp.keep_alive();
        assert!(matches!(lost, Err(FtpError::Closed { .. })), "{about}: {lost:?}");
        assert!(!ftp.is_connected(), "{about}");
        if let Peer::Real(server) = peer {
            assert!(matches!(ftp.reconnect(), Err(FtpError::Connect { .. })), "{about}");
            server.restart();
        }
        ftp.reconnect().good(about);
        assert_eq!(ftp.working_directory().good(about).path, place, "{about}");
    });
}
