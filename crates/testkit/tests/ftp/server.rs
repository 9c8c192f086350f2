//! The embedded server: logins, folders, files, listings.

use std::net::TcpListener;

use testkit::ftp::{Options, Server};

use crate::plain::Plain;
use crate::scratch::Scratch;

fn anywhere() -> (Scratch, Server) {
    let scratch = Scratch::with(&[("a.txt", b"one\ntwo\n"), ("sub/b.bin", b"\0\x01")]);
    let server = Server::start(scratch.path()).unwrap();
    (scratch, server)
}

fn code(plain: &mut Plain, line: &str) -> u16 {
    plain.ask(line).0
}

#[test]
fn only_users_with_their_password_get_in() {
    let scratch = Scratch::new();
    let options = Options::new().user("ada", "s3cret").no_anonymous();
    let server = Server::start_with(scratch.path(), options).unwrap();
    let mut plain = Plain::connect(server.address());
    assert_eq!(code(&mut plain, "PWD"), 530);
    assert_eq!(code(&mut plain, "PASS s3cret"), 503);
    for (user, password, expected) in [("anonymous", "x", 530), ("ada", "no", 530), ("ada", "s3cret", 230)] {
        assert_eq!(code(&mut plain, &format!("USER {user}")), 331);
        assert_eq!(code(&mut plain, &format!("PASS {password}")), expected);
    }
    assert_eq!(code(&mut plain, "PWD"), 257);
    assert_eq!(code(&mut plain, "REIN"), 220);
    assert_eq!(code(&mut plain, "PWD"), 530);
    assert!(server.commands().contains(&"PASS ***".to_owned()));
    assert!(!server.commands().concat().contains("s3cret"));
}

#[test]
fn an_account_is_asked_for_after_the_password() {
    let scratch = Scratch::new();
    let server = Server::start_with(scratch.path(), Options::new().account("b 7")).unwrap();
    let mut plain = Plain::connect(server.address());
    assert_eq!(code(&mut plain, "USER ftp"), 331);
    assert_eq!(code(&mut plain, "PASS x"), 332);
    assert_eq!(code(&mut plain, "PWD"), 530);
    assert_eq!(code(&mut plain, "ACCT b 7"), 230);
    assert_eq!(code(&mut plain, "PWD"), 257);
}

#[test]
fn folders_are_made_entered_named_and_removed() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    assert_eq!(plain.ask("MKD say \"hi\""), (257, "257 \"/say \"\"hi\"\"\" made\r\n".into()));
    assert_eq!(code(&mut plain, "CWD say \"hi\""), 250);
    assert_eq!(plain.ask("PWD"), (257, "257 \"/say \"\"hi\"\"\"\r\n".into()));
    assert_eq!(code(&mut plain, "CDUP"), 250);
    assert_eq!(code(&mut plain, "XPWD"), 257);
    assert_eq!(code(&mut plain, "RMD say \"hi\""), 250);
    assert_eq!(code(&mut plain, "CWD say \"hi\""), 550);
    assert_eq!(code(&mut plain, "RMD sub"), 550);
    assert_eq!(code(&mut plain, "CWD a.txt"), 550);
    assert_eq!(code(&mut plain, "MKD sub"), 550);
}

#[test]
fn files_are_renamed_deleted_and_described() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    assert_eq!(plain.ask("SIZE a.txt"), (213, "213 8\r\n".into()));
    assert_eq!(code(&mut plain, "MFMT 20200229123456 a.txt"), 213);
    assert_eq!(plain.ask("MDTM a.txt"), (213, "213 20200229123456\r\n".into()));
    assert_eq!(code(&mut plain, "MFMT 2020 a.txt"), 501);
    assert_eq!(code(&mut plain, "SIZE sub"), 550);
    assert_eq!(code(&mut plain, "TYPE A"), 200);
    assert_eq!(code(&mut plain, "SIZE a.txt"), 550);
    assert_eq!(code(&mut plain, "RNTO c.txt"), 503);
    assert_eq!(code(&mut plain, "RNFR a.txt"), 350);
    assert_eq!(code(&mut plain, "RNTO sub/c.txt"), 250);
    assert_eq!(code(&mut plain, "DELE a.txt"), 550);
    assert_eq!(code(&mut plain, "DELE sub/c.txt"), 250);
    assert_eq!(code(&mut plain, "DELE sub"), 550);
}

#[test]
fn listings_show_what_is_there() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    code(&mut plain, "MFMT 20010203040506 a.txt");
    code(&mut plain, "SITE CHMOD 640 a.txt");
    assert_eq!(plain.get("NLST"), (b"a.txt\r\nsub\r\n".to_vec(), 226));
    assert_eq!(plain.get("NLST sub"), (b"sub/b.bin\r\n".to_vec(), 226));
    assert_eq!(plain.get("NLST no"), (Vec::new(), 550));
    for argument in ["", " a.txt", " -la a.txt", " -l"] {
        let (rows, code) = plain.get(format!("LIST{argument}"));
        let rows = String::from_utf8(rows).unwrap();
        assert_eq!(code, 226);
        let row = "-rw-r-----   1 ftp      ftp                 8 Feb  3  2001 a.txt\r\n";
        assert!(rows.starts_with(row), "{rows}");
        assert_eq!(rows.lines().count(), if argument.contains("a.txt") { 1 } else { 2 });
    }
    let (status, text) = plain.ask("STAT a.txt");
    assert_eq!((status, text.lines().count()), (213, 3));
    let (rows, _) = plain.get("MLSD");
    let rows = String::from_utf8(rows).unwrap();
    let file = "type=file;size=8;modify=20010203040506;perm=adfrw;unix.mode=0640; a.txt\r\n";
    assert!(rows.starts_with("type=cdir;") && rows.contains(file), "{rows}");
    assert_eq!(plain.get("MLSD a.txt").1, 501);
    assert_eq!(code(&mut plain, "OPTS MLST size;nonsense;TYPE;"), 200);
    assert_eq!(plain.ask("MLST a.txt").1, "250-Facts:\r\n type=file;size=8; /a.txt\r\n250 End\r\n");
    assert!(plain.ask("FEAT").1.contains(" MLST type*;size*;modify;perm;unix.mode;\r\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn names_are_bytes() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    for name in [&b"caf\xC3\xA9"[..], b"\xFF\xFE", b" lead", b"trail ", b"a;b=c", b"-la"] {
        assert_eq!(plain.put([b"STOR ", name].concat(), name), 226);
        assert_eq!(plain.get([b"RETR ", name].concat()), (name.to_vec(), 226));
        let (names, _) = plain.get("NLST");
        assert!(
            names.split(|byte| b"\r\n".contains(byte)).any(|row| row == name),
            "{}",
            names.escape_ascii()
        );
    }
}

#[cfg(unix)]
#[test]
fn nothing_outside_the_folder_is_reached() {
    let outside = Scratch::with(&[("secret.txt", b"secret")]);
    let (scratch, server) = anywhere();
    std::os::unix::fs::symlink(outside.path(), scratch.path().join("out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("new"), scratch.path().join("dangling")).unwrap();
    std::os::unix::fs::symlink("sub", scratch.path().join("within")).unwrap();
    let mut plain = Plain::login(server.address());
    let up = format!("../../../../../../../../..{}/secret.txt", outside.path().display());
    for name in ["out/secret.txt", up.as_str()] {
        assert_eq!(plain.get(format!("RETR {name}")), (Vec::new(), 550));
        assert_eq!(plain.put(format!("STOR {name}"), b"x"), 550);
        assert_eq!(code(&mut plain, &format!("DELE {name}")), 550);
        assert_eq!(code(&mut plain, &format!("RNFR {name}")), 550);
    }
    assert_eq!(code(&mut plain, "CWD out"), 550);
    assert_eq!(plain.put("STOR dangling", b"x"), 550);
    assert_eq!(plain.put("STOR out/new", b"x"), 550);
    assert_eq!(code(&mut plain, "RMD /"), 550);
    assert_eq!(plain.get("RETR within/b.bin"), (b"\0\x01".to_vec(), 226));
    assert_eq!(outside.read("secret.txt"), b"secret");
    assert!(!outside.path().join("new").exists());
}

#[test]
fn a_read_only_server_changes_nothing() {
    let scratch = Scratch::with(&[("a.txt", b"one")]);
    let server = Server::start_with(scratch.path(), Options::new().read_only()).unwrap();
    let mut plain = Plain::login(server.address());
    for line in ["DELE a.txt", "MKD x", "STOR x", "APPE a.txt", "RNFR a.txt", "SITE CHMOD 0 a.txt"] {
        assert_eq!(code(&mut plain, line), 550, "{line}");
    }
    assert_eq!(plain.get("RETR a.txt"), (b"one".to_vec(), 226));
}

#[test]
fn features_can_be_left_out() {
    let scratch = Scratch::new();
    let server =
        Server::start_with(scratch.path(), Options::new().without(&["MLST", "epsv", "UTF8"])).unwrap();
    let mut plain = Plain::login(server.address());
    assert_eq!(code(&mut plain, "EPSV"), 500);
    assert_eq!(code(&mut plain, "MLST"), 500);
    assert_eq!(code(&mut plain, "OPTS UTF8 ON"), 501);
    let features = plain.ask("FEAT").1;
    for absent in ["MLST", "EPSV", "UTF8"] {
        assert!(!features.contains(absent), "{features}");
    }
    assert!(features.contains(" EPRT\r\n"));
}

#[test]
fn what_is_not_there_is_refused_with_its_own_code() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    let known = [
        ("FROB x", 500),
        ("", 500),
        ("USER", 501),
        ("TYPE Q", 504),
        ("TYPE E", 200),
        ("TYPE L 8", 200),
        ("STRU R", 504),
        ("STRU F", 200),
        ("MODE B", 504),
        ("MODE S", 200),
        ("ALLO 10", 202),
        ("REST x", 501),
        ("EPSV 2", 522),
        ("EPRT |7|127.0.0.1|1|", 522),
        ("EPRT |2|127.0.0.1|1|", 501),
        ("PORT 1,2,3", 501),
        ("RETR a.txt", 425),
        ("SYST", 215),
        ("STAT", 211),
        ("HELP", 214),
        ("NOOP", 200),
        ("ABOR", 226),
        ("MLST no", 550),
    ];
    for (line, expected) in known {
        assert_eq!(code(&mut plain, line), expected, "{line}");
    }
    assert_eq!(code(&mut plain, "QUIT"), 221);
    assert!(plain.is_closed());
}

#[test]
fn it_connects_to_the_client_and_to_nobody_else() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_eq!(code(&mut plain, &format!("PORT 127,0,0,2,{},{}", port >> 8, port & 255)), 501);
    assert_eq!(code(&mut plain, &format!("EPRT |1|10.0.0.1|{port}|")), 501);
    for line in [format!("PORT 127,0,0,1,{},{}", port >> 8, port & 255), format!("EPRT |1|127.0.0.1|{port}|")]
    {
        assert_eq!(code(&mut plain, &line), 200);
        assert_eq!(code(&mut plain, "RETR a.txt"), 150);
        let text = std::io::read_to_string(listener.accept().unwrap().0).unwrap();
        assert_eq!((text.as_str(), plain.reply().0), ("one\ntwo\n", 226));
    }
    drop(listener);
    assert_eq!(code(&mut plain, &format!("EPRT |1|127.0.0.1|{port}|")), 200);
    assert_eq!(code(&mut plain, "RETR a.txt"), 150);
    assert_eq!(plain.reply().0, 425);
}

#[test]
fn after_epsv_all_there_is_no_other_way() {
    let (_scratch, server) = anywhere();
    let mut plain = Plain::login(server.address());
    assert_eq!(code(&mut plain, "EPSV ALL"), 200);
    for line in ["PASV", "PORT 127,0,0,1,9,9", "EPRT |1|127.0.0.1|9999|"] {
        assert_eq!(code(&mut plain, line), 503, "{line}");
    }
    assert_eq!(plain.get("RETR a.txt").1, 226);
}

#[test]
fn ipv6_works_with_the_extended_commands() {
    let scratch = Scratch::with(&[("a.txt", b"one")]);
    let Ok(server) = Server::start_with(scratch.path(), Options::new().ipv6()) else {
        return testkit::skip::skip("there is no IPv6 loopback");
    };
    let mut plain = Plain::login(server.address());
    assert_eq!(code(&mut plain, "PASV"), 425);
    assert_eq!(plain.get("RETR a.txt"), (b"one".to_vec(), 226));
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_eq!(code(&mut plain, &format!("EPRT |2|::1|{port}|")), 200);
    assert_eq!(code(&mut plain, "RETR a.txt"), 150);
    assert_eq!(std::io::read_to_string(listener.accept().unwrap().0).unwrap(), "one");
}

#[test]
fn a_folder_that_is_none_is_not_served() {
    let scratch = Scratch::with(&[("a.txt", b"one")]);
    assert!(Server::start(scratch.path().join("a.txt")).is_err());
    assert!(Server::start(scratch.path().join("no")).is_err());
}
