//! What comes back.

use std::io::{self, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use sfml_network::http::{Http, HttpError, HttpOptions, Request, Status, Version};
use testkit::PATIENCE;
use testkit::http::{COMPRESSED_TEXT, pseudo_random};

use super::{pair, pair_with};

#[test]
fn a_response_tells_all_of_its_header() {
    let (server, http) = pair();
    let response = http.get("/status/404").unwrap();
    assert_eq!(response.status(), Status::NOT_FOUND);
    assert_eq!((response.reason(), response.is_ok()), ("Not Found".into(), false));
    assert_eq!(http.get("/status/299").unwrap().status(), Status(299));
    assert_eq!(response.version(), Version::Http11);
    assert_eq!(response.url().to_string(), server.url("/status/404"));
    assert_eq!(response.remote_address().unwrap().1, server.address().port());
    assert!(response.field("CONTENT-LENGTH").is_some());
}

#[test]
fn bodies_of_every_framing_are_whole() {
    let (_server, http) = pair();
    for size in [0_u64, 1, 1000, 200_000] {
        let expected = pseudo_random(0..size);
        for path in ["bytes", "chunked"] {
            let mut response = http.get(&format!("/{path}/{size}")).unwrap();
            assert_eq!(response.body().unwrap(), expected, "{path} {size}");
            assert!(response.is_complete());
        }
        let old = Request::get(format!("/bytes/{size}")).version(Version::Http10);
        assert_eq!(http.send(&old).unwrap().body().unwrap(), expected);
    }
}

#[test]
fn a_response_to_head_has_no_body() {
    let (_server, http) = pair();
    let mut response = http.send(&Request::head("/bytes/1000")).unwrap();
    assert_eq!(response.field("Content-Length"), Some("1000"));
    assert_eq!(response.body().unwrap(), b"");
}

#[test]
fn compressed_bodies_are_decoded_within_a_limit() {
    let (server, http) = pair();
    for path in ["/gzip", "/brotli"] {
        let mut response = http.get(path).unwrap();
        assert!(response.field("Content-Encoding").is_some());
        assert_eq!(response.length(), None);
        assert_eq!(response.text().unwrap().as_bytes(), COMPRESSED_TEXT.as_bytes(), "{path}");
    }
    assert_eq!(server.requests()[0].field("accept-encoding").as_deref(), Some("gzip, br"));
    let mut options = HttpOptions::default();
    options.decoded_limit = 10;
    let (_server, http) = pair_with(options);
    let error = http.get("/gzip").unwrap().body().unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { limit: 10, .. }), "{error:?}");
}

#[test]
fn a_compressed_body_may_come_long_after_its_header() {
    const HELLO: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (go_on, told) = mpsc::channel();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", HELLO.len());
        stream.write_all(head.as_bytes()).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
        stream.write_all(HELLO).unwrap();
        // The client hangs up, or asks on.
        let _ = io::Read::read(&mut stream, &mut [0; 4096]);
    });
    let http = Http::new("127.0.0.1", address.port()).unwrap();
    let mut response = http.get("/").unwrap();
    go_on.send(()).unwrap();
    assert_eq!(response.text().unwrap(), "hello");
    drop((response, http));
    server.join().unwrap();
}

#[test]
fn bodies_in_memory_have_a_limit_and_text_has_its_charset() {
    let mut options = HttpOptions::default();
    options.body_limit = 999;
    let (_server, http) = pair_with(options);
    for path in ["/bytes/1000", "/chunked/1000"] {
        let error = http.get(path).unwrap().body().unwrap_err();
        assert!(matches!(error, HttpError::TooLarge { limit: 999, .. }), "{error:?}");
    }
    assert_eq!(http.get("/bytes/999").unwrap().body().unwrap().len(), 999);
    assert_eq!(http.get("/text/latin1").unwrap().text().unwrap(), testkit::http::LATIN1_TEXT);
}

#[test]
fn a_response_that_is_closed_has_no_more_and_leaves_no_connection() {
    let (server, http) = pair();
    let mut response = http.get("/bytes/10000000").unwrap();
    response.close();
    assert!(response.body().is_err() && !response.is_complete());
    assert_eq!(response.status(), Status::OK);
    http.get("/get").unwrap().body().unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn fields_tell_the_encoding_of_a_text() {
    let (_server, http) = pair();
    let mut response = http.get("/text/latin1").unwrap();
    let bytes = response.body().unwrap();
    assert_eq!(response.fields().encoding(), "windows-1252");
    assert_eq!(response.fields().decode(&bytes), testkit::http::LATIN1_TEXT);
}
