//! The embedded server, with plain sockets and with two other people's clients.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use testkit::folder::TempFolder;
use testkit::http::{COMPRESSED_TEXT, Crc32, LATIN1_TEXT, Options, Server, pseudo_random};
use testkit::python;
use testkit::skip::skip;

use crate::plain::Plain;

#[test]
fn the_request_comes_back_as_it_was_sent() {
    let server = Server::start().unwrap();
    let mut client = Plain::connect(server.address());
    client.send(
        b"PURGE /anything/a%20b?c HTTP/1.1\r\nHost: x\r\nX-odd:  \xff\"\r\nHOST: y\r\n\
          Content-Length: 3\r\n\r\na\0b",
    );
    assert_eq!(
        client.answer().text(),
        "{\"method\": \"PURGE\", \"target\": \"/anything/a%20b?c\", \"version\": \"HTTP/1.1\", \
         \"fields\": [\"Host: x\", \"X-odd:  \\u00ff\\\"\", \"HOST: y\", \"Content-Length: 3\"], \
         \"body\": \"a\\u0000b\"}\n"
    );
    client.send("POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n");
    assert!(client.answer().text().contains("\"body\": \"abc\""));
    assert!(client.get("/post", "").status.starts_with("HTTP/1.1 405 "));

    let requests = server.requests();
    assert_eq!(requests[0].fields("host"), ["x", "y"]);
    assert_eq!((requests[1].body.as_slice(), requests[1].is_complete), (&b"abc"[..], true));
    assert_eq!((requests.len(), server.connections()), (3, 1));
}

#[test]
fn connections_last_as_long_as_both_sides_want() {
    let server = Server::start().unwrap();
    let mut client = Plain::connect(server.address());
    client.send("HEAD /bytes/10 HTTP/1.1\r\n\r\nGET /bytes/3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    let head = client.head();
    assert_eq!(head.field("content-length"), Some("10"));
    let old = client.answer();
    assert_eq!((old.field("connection"), &old.body), (Some("keep-alive"), &pseudo_random(0..3)));
    client.send("GET /chunked/20000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    let old = client.head();
    assert_eq!((old.field("connection"), old.field("transfer-encoding")), (Some("close"), None));
    assert_eq!(client.rest(), pseudo_random(0..20_000));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_file_comes_in_parts() {
    let server = Server::start().unwrap();
    let mut client = Plain::connect(server.address());
    let whole = client.get("/bytes/25000", "");
    assert_eq!(whole.body, pseudo_random(0..25_000));
    let (tag, date) = (whole.field("etag").unwrap(), whole.field("last-modified").unwrap());
    for validator in [tag, date] {
        let part = client.get("/bytes/25000", &format!("Range: bytes=20001-\r\nIf-Range: {validator}\r\n"));
        assert_eq!(part.status, "HTTP/1.1 206 Partial Content");
        assert_eq!(part.field("content-range"), Some("bytes 20001-24999/25000"));
        assert_eq!(part.body, whole.body[20_001..]);
    }
    let changed = client.get("/bytes/25000", "Range: bytes=20001-\r\nIf-Range: \"other\"\r\n");
    assert_eq!((&*changed.status, changed.body.len()), ("HTTP/1.1 200 OK", 25_000));
    let behind = client.get("/bytes/25000", "Range: bytes=25000-\r\n");
    assert_eq!(behind.status, "HTTP/1.1 416 Range Not Satisfiable");
    assert_eq!(behind.field("content-range"), Some("bytes */25000"));
    assert_eq!(
        client.get("/bytes/25000", &format!("If-None-Match: {tag}\r\n")).status,
        "HTTP/1.1 304 Not Modified"
    );
}

#[test]
fn chunks_end_with_a_trailer() {
    let server = Server::start().unwrap();
    let mut client = Plain::connect(server.address());
    client.send("GET /chunked/10001 HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(client.head().field("transfer-encoding"), Some("chunked"));
    let bytes = pseudo_random(0..10_001);
    let (first, last) = bytes.split_at(10_000);
    let mut expected = b"2710\r\n".to_vec();
    expected.extend(first);
    expected.extend(b"\r\n1\r\n");
    expected.extend(last);
    expected.extend(format!("\r\n0\r\nX-Checksum: {:08x}\r\n\r\n", Crc32::of(&bytes)).bytes());
    assert_eq!(client.rest(), expected);
}

#[test]
fn redirects_cookies_and_passwords_are_as_asked_for() {
    let server = Server::start().unwrap();
    let mut client = Plain::connect(server.address());
    assert_eq!(client.get("/redirect/3", "").field("location"), Some("/redirect/2"));
    assert_eq!(client.get("/redirect/1", "").field("location"), Some("/get"));
    let there = client.get("/redirect-to?url=http%3A%2F%2Fother%2F%0d%0aa&code=308", "");
    assert_eq!(there.status, "HTTP/1.1 308 Permanent Redirect");
    assert_eq!(there.field("location"), Some("http://other/a"));
    let cookies = client.get("/cookies/set?a=1&b=2", "").fields;
    let cookies: Vec<&String> = cookies.iter().filter(|line| line.starts_with("Set-Cookie")).collect();
    assert_eq!(cookies, ["Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; Path=/"]);
    assert_eq!(client.get("/cookies", "Cookie: a=1; b=2\r\n").text(), "{\"cookies\": [\"a=1\", \"b=2\"]}\n");
    assert!(client.get("/basic-auth/ada/pw", "").status.contains(" 401 "));
    assert!(client.get("/basic-auth/ada/pw", "Authorization: Basic YWRhOnB3\r\n").status.contains(" 200 "));
    assert_eq!(client.get("/status/418", "").status, "HTTP/1.1 418 ");
    assert_eq!(client.get("/status/204", "").field("content-length"), None);
    assert!(client.get("/status/100", "").status.contains(" 404 "));
    let latin1 = client.get("/text/latin1", "");
    assert_eq!((latin1.text(), latin1.body.len()), (LATIN1_TEXT.to_owned(), LATIN1_TEXT.chars().count()));
}

#[test]
fn a_slow_answer_waits_for_the_test() {
    let server = Server::start().unwrap();
    let (mut one, mut other) = (Plain::connect(server.address()), Plain::connect(server.address()));
    one.send("GET /slow HTTP/1.1\r\n\r\n");
    server.journal().wait_for_requests(1);
    server.release();
    let whole = one.answer().text();
    other.send("GET /slow/body HTTP/1.1\r\n\r\n");
    let length: usize = other.head().field("content-length").unwrap().parse().unwrap();
    let mut halves = other.bytes(length / 2);
    server.release();
    halves.extend(other.bytes(length - length / 2));
    assert_eq!(halves, whole.as_bytes());

    one.send("GET /slow HTTP/1.1\r\n\r\n");
    server.journal().wait_for_requests(3);
    drop(server);
    // Something was on its way perhaps.
    one.rest();
}

#[test]
fn a_request_that_waits_for_100_is_answered_with_and_without_its_body() {
    let server = Server::start().unwrap();
    let mut client = Plain::connect(server.address());
    client.send("POST /upload HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(client.head().status, "HTTP/1.1 100 Continue");
    client.send("12345");
    assert_eq!(client.answer().text(), "{\"length\": 5, \"crc32\": \"cbf53a1c\"}\n");
    client.send("POST /status/413 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    let refused = client.answer();
    assert_eq!(
        (&*refused.status, refused.field("connection")),
        ("HTTP/1.1 413 Content Too Large", Some("close"))
    );
}

#[test]
fn what_is_no_request_is_refused() {
    let server = Server::start().unwrap();
    for (request, status) in [
        (&b"SSH-2.0-x\r\n\r\n"[..], "400"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        (&[&b"GET / HTTP/1.1\r\nA: "[..], &[b'a'; 2 << 20]].concat(), "431"),
    ] {
        let mut client = Plain::connect(server.address());
        client.send(request);
        let answer = client.answer();
        assert!(answer.status.starts_with(&format!("HTTP/1.1 {status} ")), "{answer:?}");
    }
}

/// What a stream of TLS would be: every byte is another one on the way.
struct Inverted(TcpStream, Arc<AtomicUsize>);

impl Read for Inverted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        buffer[..count].iter_mut().for_each(|byte| *byte = !*byte);
        Ok(count)
    }
}

impl Write for Inverted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let inverted: Vec<u8> = buffer.iter().map(|byte| !byte).collect();
        self.0.write(&inverted)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Inverted {
    fn drop(&mut self) {
        let _ = self.0.write_all(b"the end");
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_server_speaks_over_whatever_wraps_its_connections() {
    let ends = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ends);
    let options = Options::default().over(move |stream| Ok(Box::new(Inverted(stream, Arc::clone(&counted)))));
    let server = Server::start_with(options).unwrap();
    let mut client = Plain::connect(server.address());
    let inverted = |bytes: &[u8]| bytes.iter().map(|byte| !byte).collect::<Vec<u8>>();
    client.send(inverted(b"GET /plain HTTP/1.1\r\nConnection: close\r\n\r\n"));
    let answer = client.rest();
    let answer = answer.strip_suffix(b"the end").unwrap();
    assert!(inverted(answer).ends_with(COMPRESSED_TEXT.as_bytes()));
    assert_eq!(ends.load(Ordering::SeqCst), 1);
}

#[test]
fn curl_understands_it() {
    let server = Server::start().unwrap();
    let folder = TempFolder::new("curl").unwrap();
    let large: Vec<u8> = pseudo_random(0..3_000_000);
    fs::write(folder.path().join("large"), &large).unwrap();
    let curl = |arguments: &[&str]| {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--fail", "--max-time", "30", "--noproxy", "*"]);
        command.args(arguments).current_dir(folder.path()).output()
    };
    if curl(&["--version"]).is_err() {
        skip("curl is missing; apt-get install curl");
        return;
    }
    let run = |path: &str, arguments: &[&str]| {
        let url = server.url(path);
        let output = curl(&[&[&*url], arguments].concat()).unwrap();
        assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let sum = format!("{{\"length\": 3000000, \"crc32\": \"{:08x}\"}}\n", Crc32::of(&large));
    assert_eq!(run("/upload", &["--upload-file", "large"]), sum.as_bytes());
    let chunked = ["--upload-file", "large", "--header", "Transfer-Encoding: chunked"];
    assert_eq!(run("/upload", &chunked), sum.as_bytes());
    assert_eq!(run("/bytes/3000000", &[]), large);
    assert_eq!(run("/chunked/3000000", &[]), large);
    assert_eq!(run("/bytes/3000000", &["--range", "1000000-1999999"]), large[1_000_000..2_000_000]);
    assert_eq!(run("/gzip", &["--compressed"]), COMPRESSED_TEXT.as_bytes());
    assert!(run("/redirect/5", &["--location"]).starts_with(b"{\"method\": \"GET\", \"target\": \"/get\""));
    let jar = ["--location", "--cookie-jar", "jar", "--cookie", ""];
    assert_eq!(run("/cookies/set?a=1", &jar), b"{\"cookies\": [\"a=1\"]}\n");
    assert!(run("/basic-auth/a/b", &["--user", "a:b"]).starts_with(b"{\"user\""));
}

#[test]
fn the_standard_library_of_python_understands_it() {
    const PROGRAM: &str = r#"
import http.client, json, sys, zlib
connection = http.client.HTTPConnection(sys.argv[1], timeout=30)
def ask(*arguments, **more):
    connection.request(*arguments, **more)
    answer = connection.getresponse()
    return answer, answer.read()
answer, body = ask("GET", "/chunked/1000000")
whole = body
answer, body = ask("GET", "/bytes/1000000", headers={"Range": "bytes=-5"})
assert (answer.status, body) == (206, whole[-5:])
pieces = (whole[start : start + 7777] for start in range(0, len(whole), 7777))
chunked = {"Transfer-Encoding": "chunked"}
answer, body = ask("POST", "/upload", body=pieces, encode_chunked=True, headers=chunked)
assert json.loads(body) == {"length": 1000000, "crc32": f"{zlib.crc32(whole):08x}"}, body
answer, body = ask("DELETE", "/anything", body=b"\xe9")
assert json.loads(body)["body"].encode("latin-1") == b"\xe9"
answer, body = ask("HEAD", "/bytes/7")
assert answer.headers["Content-Length"] == "7" and not body
answer, body = ask("GET", "/gzip")
print(zlib.decompress(body, 31).decode(), end="")
"#;
    let server = Server::start().unwrap();
    let output = Command::new(python::interpreter())
        .args(["-c", PROGRAM, &server.address().to_string()])
        .output()
        .expect("there is a Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, COMPRESSED_TEXT.as_bytes());
    assert_eq!(server.connections(), 1);
}
