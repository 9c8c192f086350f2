//! Second opinions: Python's `ftplib`, and curl.

use std::env;
use std::net::SocketAddr;
use std::process::{Command, Output};

use testkit::ftp::{FILE, Scripted, Server};
use testkit::skip::skip;

use crate::scratch::{Scratch, pattern};

/// The program's output; `None` where there is no such program, which is said.
fn output(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            skip(&format!("{}: {error}", command.get_program().to_string_lossy()));
            None
        }
    }
}

/// Runs a script with an `ftplib.FTP` called `ftp` that is logged in; what it prints.
pub(crate) fn python(address: SocketAddr, script: &str) -> Option<String> {
    let start = "import ftplib, io, sys\nftp = ftplib.FTP(timeout=30)\n\
                 ftp.connect(sys.argv[1], int(sys.argv[2]))\nftp.login()\n";
    let interpreter = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let arguments = [start.to_owned() + script, address.ip().to_string(), address.port().to_string()];
    let output = output(Command::new(interpreter).arg("-c").args(arguments))?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).replace('\r', ""))
}

/// What curl prints.
pub(crate) fn curl(arguments: &[&str]) -> Option<Vec<u8>> {
    let output = output(Command::new("curl").args(["-sS", "--max-time", "30"]).args(arguments))?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

#[test]
fn ftplib_finds_its_way_around_the_server() {
    let scratch = Scratch::with(&[("a.txt", b"one\ntwo\n"), ("sub/b.bin", b"\0\x01")]);
    let server = Server::start(scratch.path()).unwrap();
    let script = r#"
print(ftp.getwelcome(), ftp.pwd(), ftp.nlst())
print(sorted((name, facts["type"]) for name, facts in ftp.mlsd() if facts["type"] != "cdir"))
lines = []; ftp.retrlines("RETR a.txt", lines.append); print(lines)
print(ftp.mkd("new dir"), ftp.cwd("new dir"), ftp.pwd()); ftp.cwd("/")
ftp.storbinary("STOR new dir/c.bin", io.BytesIO(bytes(range(256)) * 1000))
print(ftp.voidcmd("TYPE I"), ftp.size("new dir/c.bin"))
ftp.storbinary("STOR new dir/c.bin", io.BytesIO(b"end"), rest=10)
print(ftp.size("new dir/c.bin"))
ftp.storlines("STOR d.txt", io.BytesIO(b"x\ny\n"))
ftp.rename("d.txt", "e.txt"); ftp.delete("sub/b.bin"); ftp.rmd("sub")
rows = []; ftp.dir(rows.append); print(len(rows))
ftp.set_pasv(False); print(ftp.nlst())
conn = ftp.transfercmd("RETR new dir/c.bin"); print(ftp.abort()[:3]); conn.close()
try: ftp.voidresp()
except ftplib.error_reply: pass
print(ftp.quit())
"#;
    let Some(text) = python(server.address(), script) else {
        return;
    };
    let expected = r#"220 Ready / ['a.txt', 'sub']
[('a.txt', 'file'), ('sub', 'dir')]
['one', 'two']
/new dir 250 There /new dir
200 So be it 256000
13
3
['a.txt', 'e.txt', 'new dir']
"#;
    assert!(text.starts_with(expected) && text.ends_with("221 Goodbye\n"), "{text}");
    assert_eq!(scratch.read("e.txt"), b"x\ny\n");
    assert_eq!(scratch.read("new dir/c.bin"), b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x09end");
}

#[test]
fn curl_gets_puts_resumes_and_lists() {
    let bytes = pattern(1 << 20);
    let scratch = Scratch::with(&[("big", &bytes), ("a b.txt", b"one\ntwo\n"), ("up", b"")]);
    let own = Scratch::with(&[("part", &bytes[..1000]), ("new", b"new")]);
    let server = Server::start(scratch.path()).unwrap();
    let url = |path: &str| format!("ftp://{}/{path}", server.address());
    let local = |name: &str| own.path().join(name).to_str().unwrap().to_owned();
    let Some(downloaded) = curl(&[&url("big")]) else {
        return;
    };
    assert!(downloaded == bytes);
    assert!(curl(&["--disable-epsv", &url("big")]).unwrap() == bytes);
    assert!(curl(&["--ftp-port", "-", &url("big")]).unwrap() == bytes);
    assert!(curl(&["-r", "1000-1999", &url("big")]).unwrap() == bytes[1000..2000]);
    curl(&["-C", "-", "-o", &local("part"), &url("big")]).unwrap();
    assert!(own.read("part") == bytes);
    // curl converts line ends to its own system's.
    assert_eq!(curl(&["--use-ascii", &url("a%20b.txt")]).unwrap(), b"one\ntwo\n");
    assert!(server.commands().contains(&"TYPE A".to_owned()));
    curl(&["-T", &local("new"), "--ftp-create-dirs", &url("deep/er/new")]).unwrap();
    assert_eq!(scratch.read("deep/er/new"), b"new");
    curl(&["-T", &local("new"), "--append", &url("deep/er/new")]).unwrap();
    assert_eq!(scratch.read("deep/er/new"), b"newnew");
    assert_eq!(curl(&["--list-only", &url("")]).unwrap(), b"a b.txt\nbig\ndeep\nup\n");
    let head = String::from_utf8(curl(&["-I", &url("big")]).unwrap()).unwrap();
    assert!(head.contains("Content-Length: 1048576") && head.contains("Last-Modified:"), "{head}");
    let codes =
        curl(&["-Q", "NOOP", "-Q", "-DELE up", "-o", &local("x"), "-w", "%{response_code}", &url("big")]);
    assert_eq!(codes.unwrap(), b"250");
    assert!(!scratch.path().join("up").exists());
}

#[test]
fn ftplib_takes_the_scripted_server_for_a_real_one() {
    let server = Scripted::new().start().unwrap();
    let script = r#"
print(ftp.pwd(), ftp.nlst(), ftp.nlst("sub"))
print([(name, facts["type"], facts.get("size")) for name, facts in ftp.mlsd()])
for passive in (True, False):
    ftp.set_pasv(passive)
    data = io.BytesIO(); ftp.retrbinary("RETR file.txt", data.write); print(len(data.getvalue()))
data = io.BytesIO(); ftp.retrbinary("RETR file.txt", data.write, rest=120); print(data.getvalue())
ftp.storbinary("STOR new", io.BytesIO(b"new")); ftp.storbinary("APPE new", io.BytesIO(b"er"))
print(ftp.size("new"), ftp.sendcmd("MDTM new"), ftp.mkd("dir"), ftp.cwd("dir"), ftp.pwd())
ftp.cwd("/"); ftp.rename("new", "newer"); ftp.rmd("dir"); ftp.delete("empty.txt")
try: ftp.size("new")
except ftplib.error_perm as error: print(error)
print(ftp.nlst(), ftp.quit())
"#;
    let Some(text) = python(server.address(), script) else {
        return;
    };
    let expected = r#"/ ['empty.txt', 'file.txt', 'sub'] ['inner.txt']
[('empty.txt', 'file', '0'), ('file.txt', 'file', '130'), ('sub', 'dir', None)]
130
130
b'row 12 ok.'
5 213 20200102030405 /dir 250 There /dir
550 No such thing
['file.txt', 'newer', 'sub'] 221 Goodbye
"#;
    assert_eq!(text, expected);
    assert_eq!(server.file("/newer"), Some(b"newer".to_vec()));
}

#[test]
fn curl_takes_the_scripted_server_for_a_real_one() {
    let server = Scripted::new().start().unwrap();
    let url = |path: &str| format!("ftp://{}/{path}", server.address());
    let own = Scratch::with(&[("new", b"new")]);
    let Some(downloaded) = curl(&[&url("file.txt")]) else {
        return;
    };
    assert_eq!(downloaded, FILE);
    assert_eq!(curl(&["--disable-epsv", &url("sub/inner.txt")]).unwrap(), b"inner");
    assert_eq!(curl(&["--ftp-port", "-", "-C", "120", &url("file.txt")]).unwrap(), b"row 12 ok.");
    assert_eq!(curl(&["--list-only", &url("")]).unwrap(), b"empty.txt\nfile.txt\nsub\n");
    curl(&["-T", own.path().join("new").to_str().unwrap(), &url("new")]).unwrap();
    assert_eq!(server.file("/new"), Some(b"new".to_vec()));
}
