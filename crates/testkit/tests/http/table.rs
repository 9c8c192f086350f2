//! The table of behaviours, with plain sockets, and a second opinion on it: rows that Python's `http.client` passes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

use testkit::PATIENCE;
use testkit::http::behaviours::{self, Outcome, Server, python_verdicts};

#[test]
fn every_row_answers_and_stops() {
    for row in behaviours::all() {
        let server = Server::start().unwrap();
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "POST /{} HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", row.name).unwrap();
        if !row.waits {
            // A byte, or the end of some kind.
            let first = stream.read(&mut [0; 1]);
            assert!(first.is_ok() || first.is_err_and(|error| is_reset(&error)), "{}", row.name);
            assert_eq!(server.requests(row.name).len(), 1, "{}", row.name);
        }
        drop(server);
        let end = io::copy(&mut stream, &mut io::sink());
        assert!(end.is_ok() || end.is_err_and(|error| is_reset(&error)), "{}", row.name);
    }
}

fn is_reset(error: &io::Error) -> bool {
    error.kind() == ErrorKind::ConnectionReset
}

#[test]
fn scripts_follow_each_other_and_gates_hold_them() {
    let server = Server::start().unwrap();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut ask = |path: &str, length: usize| {
        write!(stream, "GET {path} HTTP/1.1\r\n\r\n").unwrap();
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    };
    assert!(ask("/late-408", 43).ends_with("hello"));
    assert!(server.open_gate("late-408"));
    let mut late = String::new();
    stream.read_to_string(&mut late).unwrap();
    assert!(late.starts_with("HTTP/1.1 408 "), "{late}");

    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "GET /late-408/x?y HTTP/1.1\r\n\r\nGET /requests/late-408 HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answers = vec![0; 43];
    stream.read_exact(&mut answers).unwrap();
    assert!(answers.ends_with(b"again"));
    let mut count = [0; 39];
    stream.read_exact(&mut count).unwrap();
    assert!(count.ends_with(b"\r\n\r\n2"), "{:?}", count.escape_ascii().to_string());
    assert!(server.requests("late-408")[1].starts_with(b"GET /late-408/x?y HTTP/1.1\r\n"));
    assert!(!server.open_gate("no such row"));
}

#[test]
fn a_client_is_judged_by_what_it_tells_and_by_what_the_server_got() {
    let server = Server::start().unwrap();
    let row = behaviours::named("closed-at-first-post").unwrap();
    let failed = || Outcome::Failed { failure: None, why: "broken".to_owned() };
    let post = |url: &str| {
        let path = url.rsplit('/').next().unwrap();
        let mut stream = TcpStream::connect(server.address()).unwrap();
        write!(stream, "POST /{path} HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello").unwrap();
        io::copy(&mut stream, &mut io::sink()).unwrap();
    };
    let once = row.try_client(&server, |_, url| {
        post(url);
        failed()
    });
    assert_eq!(once, Ok(()));
    server.reset(row.name);
    let anew = row.try_client(&server, |_, url| {
        post(url);
        failed()
    });
    assert_eq!(anew, Ok(()));
    let again = row.try_client(&server, |_, url| {
        post(url);
        failed()
    });
    assert_eq!(again, Err("the server got 2 requests".to_owned()));
    let wrong = behaviours::named("right").unwrap().try_client(&server, |_, _| failed());
    assert!(wrong.unwrap_err().starts_with("call 0 came to a failure (broken), expected "));
}

#[test]
fn the_standard_library_of_python_passes_the_rows_that_are_fine_for_everybody() {
    let verdicts = python_verdicts("http.client", FINE).unwrap();
    let wrong: Vec<&(String, String)> = verdicts.iter().filter(|(_, verdict)| verdict != "right").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(verdicts.len(), FINE.len());
}

/// Rows that every client is expected to pass.
const FINE: &[&str] = &[
    "right",
    "byte-by-byte",
    "in-two-pieces",
    "reason-empty",
    "reason-missing",
    "reason-odd-bytes",
    "status-letters",
    "status-1000",
    "status-200ok",
    "empty",
    "any-bytes",
    "ssh",
    "ftp",
    "tls-alert",
    "set-cookie-twice",
    "value-not-utf-8",
    "names-in-odd-case",
    "fields-100000",
    "length-missing",
    "length-0",
    "length-leading-zeros",
    "body-shorter",
    "204",
    "304-with-length",
    "head",
    "head-chunked",
    "chunked",
    "chunk-for-each-byte",
    "chunked-byte-by-byte",
    "chunk-size-word",
    "chunk-extension",
    "chunks-cut-in-chunk",
    "chunks-cut-before-the-last",
    "trailer",
    "interim-100",
    "interim-100-with-fields",
    "old",
    "old-kept",
    "closed-in-status",
    "closed-in-body",
    "reset-at-once",
    "reset-in-body",
    "endless-fields",
    "endless-body",
    "endless-status-line",
    "kept",
    "not-kept",
    "closed-at-second-post",
    "post",
    "put",
    "redirect-not-followed",
];
