//! `Ftp`: commands and their replies, with the embedded server at the other end.

mod ftp;

use std::fs;
use std::sync::{Arc, Mutex};

use ftp::Scene;
use sfml_network::ftp::{EntryKind, Ftp, FtpError, FtpOptions, LogLine, Status};
use testkit::ftp::Options;

#[test]
fn directories_are_made_entered_left_and_removed() {
    let scene = Scene::new();
    let ftp = &scene.ftp;
    assert_eq!(ftp.working_directory().unwrap().path, b"/");
    assert_eq!(ftp.create_directory("new \"one\"").unwrap().path, b"/new \"one\"");
    ftp.change_directory("new \"one\"").unwrap();
    assert_eq!(ftp.working_directory().unwrap().path, b"/new \"one\"");
    ftp.parent_directory().unwrap();
    ftp.delete_directory("new \"one\"").unwrap();
    assert!(fs::read_dir(scene.root("")).unwrap().next().is_none());
}

#[test]
fn files_are_renamed_measured_dated_and_deleted() {
    let scene = Scene::new();
    fs::write(scene.root("a"), b"12345").unwrap();
    scene.ftp.rename("a", "b").unwrap();
    assert_eq!(scene.ftp.size("b").unwrap(), 5);
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    scene.ftp.set_modified("b", time).unwrap();
    assert_eq!(scene.ftp.modified("b").unwrap().to_string(), "2001-09-09 01:46:40");
    assert_eq!(scene.ftp.entry("b").unwrap().size, Some(5));
    scene.ftp.delete_file("b").unwrap();
    assert!(!scene.root("b").exists());
}

#[test]
fn refusal_names_the_command_and_what_the_server_said() {
    let scene = Scene::new();
    let error = scene.ftp.delete_file("nothing").unwrap_err();
    assert!(error.to_string().starts_with("DELE nothing was refused: 550 "), "{error}");
    assert_eq!(error.reply().map(|reply| reply.status()), Some(Status::FILE_UNAVAILABLE));
    scene.ftp.keep_alive().unwrap();
}

#[test]
fn wrong_password_is_refused_and_never_shown() {
    let scene = Scene::with(Options::new().user("ada", "right"), |_| {});
    let error = scene.ftp.login("ada", "wr0ng").unwrap_err();
    assert!(error.to_string().contains("PASS ****") && !format!("{error} {error:?}").contains("wr0ng"));
    assert!(scene.ftp.login("ada", "right").is_ok());
}

#[test]
fn listing_tells_kind_size_and_time() {
    for without in [&[][..], &["MLSD", "MLST"]] {
        let scene = Scene::with(Options::new().without(without), |_| {});
        fs::create_dir(scene.root("folder")).unwrap();
        fs::write(scene.root(" b;c=d "), b"123").unwrap();
        let mut entries = scene.ftp.entries("").unwrap();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let found: Vec<_> = entries.iter().map(|entry| (&*entry.name, entry.kind)).collect();
        assert_eq!(
            found,
            [(&b" b;c=d "[..], EntryKind::File), (b"folder", EntryKind::Directory)],
            "{without:?}"
        );
        assert_eq!(entries[0].size, Some(3), "{without:?}");
        assert!(entries[0].modified.is_some(), "{without:?}");
        assert_eq!(scene.ftp.names("folder").unwrap().names, Vec::<Vec<u8>>::new());
        assert!(matches!(scene.ftp.entries("nowhere"), Err(FtpError::Rejected { .. })), "{without:?}");
        assert!(matches!(scene.ftp.names("nowhere"), Err(FtpError::Rejected { .. })), "{without:?}");
    }
}

#[test]
fn arguments_cannot_carry_a_second_command() {
    let scene = Scene::new();
    fs::write(scene.root("b"), b"").unwrap();
    for name in ["a\r\nDELE b", "a\nDELE b", "a\0", ""] {
        assert!(matches!(scene.ftp.change_directory(name), Err(FtpError::Argument { .. })), "{name:?}");
    }
    assert!(matches!(scene.ftp.login("a\r\nDELE b", ""), Err(FtpError::Argument { .. })));
    assert!(matches!(scene.ftp.send_command("NOOP\r\nDELE b", ""), Err(FtpError::Argument { .. })));
    assert!(matches!(scene.ftp.send_command("RETR", "b"), Err(FtpError::Argument { .. })));
    assert!(scene.root("b").exists());
    assert_eq!(scene.ftp.send_command("noop", "").unwrap().status(), Status::OK);
}

#[test]
fn session_that_has_ended_is_begun_anew_where_it_was() {
    let scene = Scene::with(Options::new().user("ada", "secret"), |_| {});
    scene.ftp.login("ada", "secret").unwrap();
    scene.ftp.create_directory("deep").unwrap();
    scene.ftp.change_directory("deep").unwrap();
    scene.server.kill_connections();
    let error = scene.ftp.keep_alive().unwrap_err();
    assert!(error.ends_session(), "{error}");
    assert!(!scene.ftp.is_connected());
    assert!(matches!(scene.ftp.keep_alive(), Err(FtpError::NotConnected)));
    scene.ftp.reconnect().unwrap();
    assert_eq!(scene.ftp.working_directory().unwrap().path, b"/deep");
}

#[test]
fn farewell_ends_the_session_and_drop_says_nothing() {
    let scene = Scene::new();
    assert_eq!(scene.ftp.quit().unwrap().status(), Status::CLOSING_CONNECTION);
    assert!(matches!(scene.ftp.keep_alive(), Err(FtpError::NotConnected)));
    assert!(matches!(scene.ftp.quit(), Err(FtpError::NotConnected)));
    scene.ftp.reconnect().unwrap();
    let Scene { ftp, server, .. } = scene;
    drop(ftp);
    assert_eq!(server.commands().iter().filter(|line| line.starts_with("QUIT")).count(), 1);
}

#[test]
fn call_from_inside_a_callback_is_refused_instead_of_waiting_for_itself() {
    let scene = Scene::new();
    fs::write(scene.root("a"), b"").unwrap();
    let mut outcome = None;
    let listed = scene.ftp.each_entry("", |_| {
        outcome = Some(scene.ftp.keep_alive());
        std::ops::ControlFlow::Continue(())
    });
    assert!(listed.is_ok());
    assert!(matches!(outcome, Some(Err(FtpError::Argument { .. }))));
}

#[test]
fn threads_take_turns() {
    let scene = Scene::new();
    for name in ["a", "b", "c", "d"] {
        fs::write(scene.root(name), name.repeat(name.len())).unwrap();
    }
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            let ftp = &scene.ftp;
            scope.spawn(move || {
                for _ in 0..25 {
                    let mut data = Vec::new();
                    ftp.retrieve(name, &mut data, sfml_network::ftp::Transfer::binary()).unwrap();
                    assert_eq!(data, name.as_bytes());
                    assert_eq!(ftp.size(name).unwrap(), 1);
                }
            });
        }
    });
}

#[test]
fn log_shows_what_was_said_without_secrets() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let scene = Scene::with(Options::new().user("ada", "s3cret"), |options| {
        options.log = Some(Arc::new(move |line| {
            sink.lock().unwrap().push(match line {
                LogLine::Sent(command) => format!("> {command}"),
                LogLine::Received(reply) => format!("< {reply}"),
                other => format!("{other:?}"),
            });
        }));
    });
    scene.ftp.login("ada", "s3cret").unwrap();
    let lines = lines.lock().unwrap();
    assert!(lines.contains(&"> PASS ****".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("< 220")));
    assert!(!lines.concat().contains("s3cret"));
}

#[test]
fn server_that_is_not_there_is_told_with_its_name() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = Ftp::connect("127.0.0.1", port, None).unwrap_err();
    assert!(matches!(error, FtpError::Connect { .. }));
    assert!(error.to_string().contains(&format!("127.0.0.1 port {port}")), "{error}");
}

#[test]
fn session_may_be_made_before_it_is_begun() {
    let scene = Scene::new();
    let address = scene.server.address();
    let ftp = Ftp::unconnected(address.ip(), address.port(), FtpOptions::default());
    assert!(!ftp.is_connected() && matches!(ftp.keep_alive(), Err(FtpError::NotConnected)));
    assert_eq!(ftp.reconnect().unwrap().status(), Status::SERVICE_READY);
    ftp.disconnect();
    assert!(!ftp.is_connected());
}
