//! Files that curl and Python's `ftplib` have written come back from us as they were, and the other way round.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use sfml_network::ftp::{Transfer, TransferMode};
use testkit::python;
use testkit::skip::skip;

use crate::peers::{Outcome, Peer, assert_same, bytes, home, on_each};

/// A client of somebody else.
#[derive(Clone, Copy, Debug)]
enum Other {
    Curl,
    Ftplib,
}

const TEXT: &str = "one\ntwo\n\nfour and no end";

#[test]
fn files_are_the_same_whoever_moved_them() {
    let data = bytes((2 << 20) + 7);
    on_each(|peer| {
        let (ftp, home) = (peer.session(), home());
        let (original, copy) = (home.path().join("original"), home.path().join("copy"));
        for other in others() {
            for contents in [&data[..], b"", b"\r\n\n\r\xFF\xFF\0", TEXT.as_bytes()] {
                let about = &format!("{}, {other:?}, {} bytes", peer.name(), contents.len());
                fs::write(&original, contents).unwrap();
                other.upload(peer, &original, "theirs", TransferMode::Binary, about);
                ftp.upload(&original, "ours", TransferMode::Binary).good(about);
                assert_same(&peer.read("theirs"), contents, about);
                assert_same(&peer.read("ours"), contents, about);
                ftp.download("theirs", &copy, TransferMode::Binary).good(about);
                assert_same(&fs::read(&copy).unwrap(), contents, about);
                other.download(peer, "ours", &copy, TransferMode::Binary, about);
                assert_same(&fs::read(&copy).unwrap(), contents, about);
            }
        }
    });
}

#[test]
fn text_is_the_same_whoever_moved_it() {
    let long: String = (0..20_000).map(|number| format!("{number} {}\n", "y".repeat(number % 83))).collect();
    on_each(|peer| {
        let (ftp, home) = (peer.session(), home());
        let (original, copy) = (home.path().join("original"), home.path().join("copy"));
        for other in others() {
            // ftplib ends every line, the last one too.
            for contents in ["one\ntwo\n\nfour\n", &long] {
                let about = &format!("{}, {other:?}, {} bytes", peer.name(), contents.len());
                fs::write(&original, contents).unwrap();
                other.upload(peer, &original, "theirs", TransferMode::Ascii, about);
                ftp.upload(&original, "ours", TransferMode::Ascii).good(about);
                assert_same(&peer.read("ours"), &peer.read("theirs"), about);
                ftp.download("theirs", &copy, TransferMode::Ascii).good(about);
                assert_same(&fs::read(&copy).unwrap(), contents.as_bytes(), about);
                other.download(peer, "ours", &copy, TransferMode::Ascii, about);
                // curl leaves line ends as they travel.
                let got = String::from_utf8(fs::read(&copy).unwrap()).unwrap().replace("\r\n", "\n");
                assert_same(got.as_bytes(), contents.as_bytes(), about);
            }
        }
    });
}

#[test]
fn what_others_have_begun_is_gone_on_with() {
    let data = bytes(1 << 20);
    on_each(|peer| {
        let (ftp, home) = (peer.session(), home());
        let (original, begun) = (home.path().join("original"), home.path().join("begun"));
        fs::write(&original, &data).unwrap();
        for other in others() {
            let about = &format!("{}, {other:?}", peer.name());
            fs::write(&begun, &data[..400_000]).unwrap();
            other.upload(peer, &begun, "theirs", TransferMode::Binary, about);
            let sent = ftp.upload(&original, "theirs", Transfer::binary().resume()).good(about);
            assert_eq!(sent.resumed_from, 400_000, "{about}");
            assert_same(&peer.read("theirs"), &data, about);
            let part = home.path().join("copy.part");
            fs::write(&part, &data[..400_000]).unwrap();
            let got =
                ftp.download("theirs", home.path().join("copy"), Transfer::binary().resume()).good(about);
            assert_eq!(got.resumed_from, 400_000, "{about}");
            assert_same(&fs::read(home.path().join("copy")).unwrap(), &data, about);
        }
    });
}

#[test]
fn listings_are_the_same_whoever_asked() {
    on_each(|peer| {
        let about = peer.name();
        for name in ["a name", "other", "\u{fc}", "x;y=z"] {
            peer.put(name, b"");
        }
        peer.make_folder("folder");
        let mut names = peer.session().names("").good(about).names;
        names.sort();
        let mut theirs = Other::Ftplib.run(peer, "print('\\n'.join(ftp.nlst()))", &[], about);
        theirs.retain(|name| name != b"." && name != b"..");
        theirs.sort();
        assert_eq!(names, theirs, "{about}");
    });
}

/// Those that this machine has.
fn others() -> Vec<Other> {
    let has_curl = Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_ok();
    if has_curl {
        return vec![Other::Curl, Other::Ftplib];
    }
    skip("there is no curl to compare with");
    vec![Other::Ftplib]
}

impl Other {
    fn upload(self, peer: &Peer, from: &Path, name: &str, mode: TransferMode, about: &str) {
        let from = from.to_str().expect("a name of ours");
        match (self, mode) {
            (Self::Curl, mode) => curl(peer, &["--upload-file", from], name, mode, about),
            (Self::Ftplib, TransferMode::Binary) => {
                let program = "ftp.storbinary('STOR ' + arguments[0], open(arguments[1], 'rb'))";
                self.run(peer, program, &[name, from], about);
            }
            (Self::Ftplib, _) => {
                let program = "ftp.storlines('STOR ' + arguments[0], open(arguments[1], 'rb'))";
                self.run(peer, program, &[name, from], about);
            }
        }
    }

    fn download(self, peer: &Peer, name: &str, to: &Path, mode: TransferMode, about: &str) {
        let to = to.to_str().expect("a name of ours");
        match (self, mode) {
            (Self::Curl, mode) => curl(peer, &["--output", to], name, mode, about),
            (Self::Ftplib, TransferMode::Binary) => {
                let program = "ftp.retrbinary('RETR ' + arguments[0], open(arguments[1], 'wb').write)";
                self.run(peer, program, &[name, to], about);
            }
            (Self::Ftplib, _) => {
                let program = "\
file = open(arguments[1], 'w', newline='\\n')
ftp.retrlines('RETR ' + arguments[0], lambda line: print(line, file=file))";
                self.run(peer, program, &[name, to], about);
            }
        }
    }

    /// Runs a Python program that is logged in as `ftp`; returns the lines it prints.
    fn run(self, peer: &Peer, program: &str, arguments: &[&str], about: &str) -> Vec<Vec<u8>> {
        const BEGIN: &str = "\
import ftplib, sys
host, port, user, password, *arguments = sys.argv[1:]
ftp = ftplib.FTP(timeout=30)
ftp.connect(host, int(port))
ftp.login(user, password)
";
        let (user, password) = peer.login();
        let address = peer.address();
        let output = Command::new(python::interpreter())
            .args(["-c", &format!("{BEGIN}{program}\nftp.quit()")])
            .args([&address.ip().to_string(), &address.port().to_string(), user, password])
            .args(arguments)
            .env("PYTHONUTF8", "1")
            .output()
            .expect("there is a Python");
        assert!(output.status.success(), "{about}: {}", String::from_utf8_lossy(&output.stderr));
        output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(<[u8]>::to_vec)
            .collect()
    }
}

fn curl(peer: &Peer, arguments: &[&str], name: &str, mode: TransferMode, about: &str) {
    let (user, password) = peer.login();
    let letter = if mode == TransferMode::Ascii { "a" } else { "i" };
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "30", "--user", &format!("{user}:{password}")])
        .args(arguments)
        .arg(format!("ftp://{}/{name};type={letter}", peer.address()))
        .output()
        .expect("curl was there before");
    assert!(output.status.success(), "{about}: {}", String::from_utf8_lossy(&output.stderr));
}
