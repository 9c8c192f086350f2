//! What is sent.

use sfml_network::http::{HttpError, Method, Request, Version};

use super::pair;

#[test]
fn method_target_version_and_fields_arrive_as_they_were_set() {
    let (server, http) = pair();
    let request = Request::new("REPORT".parse().unwrap(), "anything/a b")
        .query("q", "x&y")
        .field("X-One", "1")
        .field("X-Two", "first")
        .field("X-Two", "second");
    assert!(http.send(&request).unwrap().is_ok());
    let received = &server.requests()[0];
    assert_eq!((received.method.as_str(), received.target.as_str()), ("REPORT", "/anything/a%20b?q=x%26y"));
    assert_eq!(received.version, "HTTP/1.1");
    assert_eq!(received.field("x-one").as_deref(), Some("1"));
    assert_eq!(received.fields("x-two"), ["first", "second"]);
    let host = received.field("host").unwrap();
    assert_eq!(host, server.address().to_string());
}

#[test]
fn the_old_version_is_sent_as_such_for_every_method() {
    let (server, http) = pair();
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "REPORT"] {
        let request = Request::new(method.parse().unwrap(), "/anything").version(Version::Http10);
        let response = http.send(&request).unwrap();
        assert!(response.is_ok(), "{method}");
    }
    let received = server.requests();
    assert!(received.iter().all(|request| request.version == "HTTP/1.0"));
    assert_eq!(received.len(), 8);
    assert_eq!(received[1].field("content-length").as_deref(), Some("0"));
    assert_eq!(received[0].field("content-length"), None);
}

#[test]
fn what_cannot_be_sent_is_told_before_anything_is() {
    let (server, http) = pair();
    let long = "x".repeat(100_000);
    for request in [
        Request::get("/a\r\nX: y"),
        Request::get("/").field("X", "a\r\nY: b"),
        Request::get("/").field("X Y", "a"),
        Request::get(long.as_str()),
        Request::get("/").field("Host", "a").field("Host", "b"),
        Request::get("ftp://host/"),
    ] {
        assert!(matches!(http.send(&request), Err(HttpError::Request(_))), "{request:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_whole_url_goes_where_it_says() {
    let (elsewhere, _) = pair();
    let (server, http) = pair();
    let url = elsewhere.url("/anything").replace("http://", "http://ada:se%20cret@");
    assert!(http.send(&Request::get(url)).unwrap().is_ok());
    assert_eq!(server.connections(), 0);
    let received = &elsewhere.requests()[0];
    assert_eq!(received.field("authorization").as_deref(), Some("Basic YWRhOnNlIGNyZXQ="));
    assert_eq!(received.target, "/anything");
    assert_eq!(received.method, Method::GET.as_str());
}
