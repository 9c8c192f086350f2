//! The real servers do what tests of FTP rely on, in the eyes of Python's `ftplib`.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testkit::PATIENCE;
use testkit::delay::Network;
use testkit::python;
use testkit::servers::{Kind, Options, RealServer};

/// Runs the test on each server this machine has.
fn on_each(test: impl Fn(&mut RealServer)) {
    for kind in Kind::ALL {
        if let Some(mut server) = kind.start(&Options::default()) {
            test(&mut server);
        }
    }
}

/// A Python program that is logged in as `ftp` and has the arguments in `arguments`.
fn ftplib(server: &RealServer, program: &str, arguments: &[&str]) -> Child {
    const BEGIN: &str = "\
import ftplib, io, sys
host, port, user, password, *arguments = sys.argv[1:]
def log_in():
    ftp = ftplib.FTP(timeout=30)
    ftp.connect(host, int(port))
    ftp.login(user, password)
    return ftp
ftp = log_in()
";
    Command::new(python::interpreter())
        .args(["-c", &format!("{BEGIN}{program}")])
        .args([server.address.ip().to_string(), server.address.port().to_string()])
        .args([&server.user, &server.password])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("there is a Python")
}

/// Waits for the end of the program, which must succeed, and returns what it printed.
fn finish(client: Child, server: &RealServer) -> String {
    let output = client.wait_with_output().expect("it was started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "on {}:\n{errors}\n{}", server.kind.name(), server.log());
    String::from_utf8(output.stdout).expect("it prints what the test sent")
}

#[test]
fn a_file_goes_there_and_back_in_whole_and_in_part() {
    const PROGRAM: &str = r#"
ftp.storbinary("STOR a name.bin", io.BytesIO(bytes(range(256)) * 1024))
ftp.storbinary("APPE a name.bin", io.BytesIO(b"the end"))
part = bytearray()
ftp.retrbinary("RETR a name.bin", part.extend, rest=256 * 1024)
assert part == b"the end", part
ftp.storbinary("STOR a name.bin", io.BytesIO(b"another end"), rest=256 * 1024)
print(ftp.size("a name.bin"))
lines = []
ftp.retrlines("LIST", lines.append)
assert len(lines) == 1 and lines[0].endswith(" a name.bin"), lines
ftp.mkd("folder")
ftp.rename("a name.bin", "folder/b")
assert ftp.quit().startswith("221")
"#;
    on_each(|server| {
        let size = finish(ftplib(server, PROGRAM, &[]), server);
        assert_eq!(size.trim(), (256 * 1024 + "another end".len()).to_string());
        let mut expected: Vec<u8> = (0..=255).cycle().take(256 * 1024).collect();
        expected.extend(b"another end");
        assert_eq!(fs::read(server.root.join("folder/b")).unwrap(), expected, "{}", server.kind.name());
    });
}

#[test]
fn what_a_test_puts_there_may_be_changed_by_a_client() {
    const PROGRAM: &str = r#"
ftp.cwd("folder")
ftp.storbinary("APPE file", io.BytesIO(b" and more"))
got = bytearray()
ftp.retrbinary("RETR file", got.extend)
assert got == b"something and more", got
ftp.delete("file")
ftp.cwd("..")
ftp.rmd("folder")
"#;
    on_each(|server| {
        server.make_folder("folder").unwrap();
        server.put("folder/file", b"something").unwrap();
        finish(ftplib(server, PROGRAM, &[]), server);
        assert_eq!(fs::read_dir(&server.root).unwrap().count(), 0);
    });
}

#[test]
fn a_listing_is_as_long_as_the_folder() {
    // One more than the server with the lowest limit would show by itself.
    const FILES: usize = 10_001;
    let memory = PathBuf::from("/dev/shm");
    let options =
        if memory.is_dir() { Options { folder: memory, ..Options::default() } } else { Options::default() };
    for server in Kind::ALL.into_iter().filter_map(|kind| kind.start(&options)) {
        for number in 0..FILES {
            fs::write(server.root.join(format!("file {number}")), "").unwrap();
        }
        let program = "lines = []\nftp.retrlines('LIST', lines.append)\nprint(len(lines))";
        assert_eq!(finish(ftplib(&server, program, &[]), &server).trim(), FILES.to_string());
    }
}

#[test]
fn a_killed_server_breaks_the_transfer_and_continues_it_when_it_is_back() {
    const PROGRAM: &str = r#"
ftp.voidcmd("TYPE I")
data = ftp.transfercmd("RETR large")
got = bytearray(data.recv(1 << 16))
print("begun", flush=True)
sys.stdin.readline()
try:
    while block := data.recv(1 << 20):
        got += block
except ConnectionResetError:
    pass
print("broken", flush=True)
sys.stdin.readline()
size = int(arguments[0])
assert 0 < len(got) < size
ftp = log_in()
ftp.retrbinary("RETR large", got.extend, rest=len(got))
with open(arguments[1], "rb") as original:
    assert got == original.read()
"#;
    // More than the buffers on the way hold, so that the server cannot be finished.
    let block: Vec<u8> = (0..1_u32 << 20).map(|position| (position % 251) as u8).collect();
    let contents = block.repeat(48);
    on_each(|server| {
        let original = server.put("large", &contents).unwrap();
        let size = contents.len().to_string();
        let mut client = ftplib(server, PROGRAM, &[&size, original.to_str().unwrap()]);
        let mut lines = BufReader::new(client.stdout.take().unwrap()).lines();
        let begun = lines.next().map(Result::unwrap);
        server.kill();
        client.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let broken = lines.next().map(Result::unwrap);
        server.restart();
        // Fails where the client has; finish() tells why.
        let _ = client.stdin.as_mut().unwrap().write_all(b"\n");
        finish(client, server);
        assert_eq!((begun.as_deref(), broken.as_deref()), (Some("begun"), Some("broken")));
    });
}

#[test]
fn a_frozen_server_answers_when_it_thaws() {
    const PROGRAM: &str = r#"
print("here", flush=True)
sys.stdin.readline()
ftp.sock.settimeout(0.1)
try:
    ftp.voidcmd("NOOP")
except TimeoutError:
    print("silent", flush=True)
sys.stdin.readline()
ftp.sock.settimeout(30)
assert ftp.file is not None
print(ftp.sock.recv(100).decode().split()[0])
"#;
    on_each(|server| {
        let mut client = ftplib(server, PROGRAM, &[]);
        let mut lines = BufReader::new(client.stdout.take().unwrap()).lines().map(Result::unwrap);
        let here = lines.next();
        server.freeze();
        client.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let silent = lines.next();
        server.thaw();
        // Fails where the client has; finish() tells why.
        let _ = client.stdin.as_mut().unwrap().write_all(b"\n");
        let code = lines.next();
        finish(client, server);
        assert_eq!(
            [here, silent, code].map(Option::unwrap),
            ["here", "silent", "200"],
            "{}",
            server.kind.name()
        );
    });
}

#[test]
fn a_server_can_be_far_away() {
    let round_trip = Duration::from_millis(20);
    for kind in Kind::ALL {
        let Some(network) = Network::start(round_trip) else { return };
        let (here, there) = (network.client(), network.server());
        let options = Options { address: there.address(), ..Options::default() };
        let Some(mut server) = there.run(|| kind.start(&options)) else { continue };
        server.put("file", b"from afar").unwrap();
        let program = "got = []\nftp.retrbinary('RETR file', got.append)\nprint(got[0].decode())";
        for _ in 0..2 {
            let start = Instant::now();
            let client = here.run(|| ftplib(&server, program, &[]));
            assert_eq!(finish(client, &server).trim(), "from afar");
            // Connecting, the greeting, the name, the password; the type, the port, connecting again, the file.
            assert!(start.elapsed() >= round_trip * 7, "{:?} on {}", start.elapsed(), kind.name());
            there.run(|| server.restart());
        }
    }
}

#[test]
fn a_dropped_server_leaves_neither_sessions_nor_files() {
    for kind in Kind::ALL {
        let Some(server) = kind.start(&Options::default()) else { continue };
        let (address, root) = (server.address, server.root.clone());
        let mut session = BufReader::new(TcpStream::connect(address).unwrap());
        session.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        let mut greeting = String::new();
        session.read_line(&mut greeting).unwrap();
        assert!(greeting.starts_with("220"), "{greeting}");
        drop(server);
        let mut rest = Vec::new();
        // Its end, or a reset where something was on its way.
        let _ = session.read_to_end(&mut rest);
        assert!(TcpStream::connect(address).is_err(), "{} still listens", kind.name());
        assert!(!root.exists());
    }
}

#[test]
fn servers_of_a_kind_run_side_by_side() {
    for kind in Kind::ALL {
        let servers: Vec<RealServer> = (0..2).filter_map(|_| kind.start(&Options::default())).collect();
        if let [one, other] = &servers[..] {
            assert_ne!((one.address, &one.root), (other.address, &other.root));
            one.put("only here", b"").unwrap();
            let program = "assert 'only here' in ftp.nlst()";
            finish(ftplib(one, program, &[]), one);
            assert_eq!(fs::read_dir(&other.root).unwrap().count(), 0);
        }
    }
}
