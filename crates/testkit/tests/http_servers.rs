//! The real HTTP servers do what tests rely on, in the eyes of curl.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use testkit::PATIENCE;
use testkit::certificates::Certificates;
use testkit::folder::TempFolder;
use testkit::servers::Options;
use testkit::servers::http::{HttpKind, HttpServer};
use testkit::skip::skip;

fn start(kind: HttpKind) -> Option<HttpServer> {
    let identity = kind.needs_tls().then(|| &Certificates::shared().good);
    kind.start(&Options::default(), identity)
}

/// What curl says; `None` where there is no curl.
fn curl(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "30", "--noproxy", "*"]);
    let output = command.args(arguments).current_dir(folder).output();
    if output.is_err() {
        skip("curl is missing; apt-get install curl");
    }
    output.ok()
}

/// The same, where it has to succeed; its output as text.
fn fetched(folder: &Path, arguments: &[&str], server: &HttpServer) -> Option<String> {
    let output = curl(folder, &[arguments, &["--fail"]].concat())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}, {arguments:?}: {errors}\n{}", server.kind.name(), server.log());
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn files_are_served_plain_and_with_tls() {
    let folder = TempFolder::new("curl").unwrap();
    fs::write(folder.path().join("authority.pem"), &Certificates::shared().authority.pem).unwrap();
    for kind in [HttpKind::Nginx, HttpKind::Python, HttpKind::Openssl] {
        let identity = kind.has_tls().then(|| &Certificates::shared().good);
        let Some(server) = kind.start(&Options::default(), identity) else { continue };
        assert!(!server.version.is_empty());
        server.put("note.txt", b"for you").unwrap();
        let trust = ["--cacert", "authority.pem", "--ipv4"];
        let mut urls = vec![server.url("/small"), server.url("/note.txt")];
        if server.tls.is_some() {
            urls.push(server.tls_url("/small"));
        }
        for url in urls {
            let url =
                url.replace("127.0.0.1", if url.starts_with("https") { "localhost" } else { "127.0.0.1" });
            let Some(text) = fetched(folder.path(), &[&[&*url], &trust[..]].concat(), &server) else {
                return;
            };
            let expected = if url.ends_with("small") { "s".repeat(1024) } else { "for you".to_owned() };
            assert_eq!(text, expected, "{url}");
        }
        assert_eq!(fs::metadata(server.root.join("large")).unwrap().len(), 1 << 30);
    }
}

#[test]
fn a_certificate_that_nobody_trusts_is_not_trusted() {
    let folder = TempFolder::new("curl").unwrap();
    for kind in [HttpKind::Nginx, HttpKind::Openssl, HttpKind::Httpbin] {
        let Some(server) = kind.start(&Options::default(), Some(&Certificates::shared().self_signed)) else {
            continue;
        };
        let url = server.tls_url("/");
        let Some(output) = curl(folder.path(), &["--ipv4", &url]) else { return };
        assert_eq!(output.status.code(), Some(60), "{}: {}", kind.name(), server.log());
    }
}

#[test]
fn nginx_keeps_connections_compresses_and_takes_uploads() {
    let Some(server) = start(HttpKind::Nginx) else { return };
    let folder = TempFolder::new("curl").unwrap();
    let text = "again and again ".repeat(1000);
    server.put("long.txt", text.as_bytes()).unwrap();
    fs::write(folder.path().join("file"), &text).unwrap();
    let run = |arguments: &[&str]| fetched(folder.path(), arguments, &server);

    let count = ["--output", "/dev/null", "--write-out", "%{num_connects} "];
    let twice = [server.url("/small"), server.url("/small")];
    let Some(connects) = run(&[&[&*twice[0], "--output", "/dev/null", &*twice[1]], &count[..]].concat())
    else {
        return;
    };
    assert_eq!(connects, "1 0 ");

    let size = ["--compressed", "--output", "/dev/null", "--write-out", "%{size_download}"];
    let compressed: usize =
        run(&[&[&*server.url("/long.txt")], &size[..]].concat()).unwrap().parse().unwrap();
    assert!(compressed < text.len() / 10, "{compressed}");
    assert_eq!(run(&[&server.url("/long.txt"), "--compressed"]).unwrap(), text);

    run(&[&server.url("/upload/a/b"), "--upload-file", "file"]).unwrap();
    assert_eq!(fs::read_to_string(server.root.join("upload/a/b")).unwrap(), text);
    run(&[&server.url("/upload/a/b"), "--request", "DELETE"]).unwrap();
    assert!(!server.root.join("upload/a/b").exists());
    assert_eq!(run(&[&server.url("/moved"), "--location"]).unwrap().len(), 1024);
    let part = run(&[&server.url("/large"), "--range", "1073741820-", "--output", "part"]).unwrap();
    assert_eq!((part, fs::read(folder.path().join("part")).unwrap()), (String::new(), vec![0; 4]));
}

#[test]
fn httpbin_answers_what_its_paths_say() {
    let folder = TempFolder::new("curl").unwrap();
    for identity in [None, Some(&Certificates::shared().good)] {
        let Some(server) = HttpKind::Httpbin.start(&Options::default(), identity) else { return };
        let run =
            |arguments: &[&str]| fetched(folder.path(), &[arguments, &["--insecure"]].concat(), &server);
        let Some(text) = run(&[&server.url("/anything?a=b"), "--data", "hello"]) else { return };
        assert!(text.contains("\"hello\"") && text.contains("\"POST\""), "{text}");
        assert!(run(&[&server.url("/gzip"), "--compressed"]).unwrap().contains("\"gzipped\": true"));
        assert!(run(&[&server.url("/basic-auth/a/b"), "--user", "a:b"]).unwrap().contains("true"));
        assert!(run(&[&server.url("/redirect/3"), "--location"]).unwrap().contains("/get"));
    }
}

#[test]
fn a_frozen_server_answers_when_it_thaws_and_a_killed_one_is_gone() {
    for kind in [HttpKind::Nginx, HttpKind::Python, HttpKind::Httpbin] {
        let Some(mut server) = start(kind) else { continue };
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        server.freeze();
        stream.write_all(b"GET /small HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        server.thaw();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 "), "{}", server.log());
        let root = server.root.clone();
        server.kill();
        assert!(TcpStream::connect(server.address).is_err(), "{} still listens", kind.name());
        drop(server);
        assert!(!root.exists());
    }
}
