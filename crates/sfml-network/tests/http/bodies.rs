//! Bodies of requests.

use std::io::{self, Read};
use std::ops::ControlFlow;

use sfml_network::http::{Body, HttpError, Method, Multipart, Request, Version};
use testkit::folder::TempFolder;
use testkit::http::{Crc32, pseudo_random};

use super::pair;

#[test]
fn each_kind_of_body_arrives_with_its_type_and_length() {
    let (server, http) = pair();
    let folder = TempFolder::new("http-bodies").unwrap();
    let path = folder.path().join("data.bin");
    std::fs::write(&path, pseudo_random(0..70_000)).unwrap();
    let requests = [
        Request::post("/anything").text("grüße"),
        Request::post("/anything").form([("a", "1 2"), ("b", "ü")]),
        Request::post("/anything").json_text("{}"),
        Request::put("/anything").body(Body::file(&path)),
        Request::put("/anything").body(Body::sized_reader(io::repeat(7).take(5), 5)),
        Request::post("/anything").multipart(Multipart::new().text("a", "b").file("c", &path)),
        Request::new(Method::DELETE, "/anything").body("why"),
        Request::get("/anything").body(b"\0bytes\0"),
    ];
    for request in &requests {
        assert!(http.send(request).unwrap().is_ok(), "{request:?}");
    }
    let received = server.requests();
    let types: Vec<_> =
        received.iter().map(|request| request.field("content-type").unwrap_or_default()).collect();
    assert_eq!(types[0], "text/plain; charset=utf-8");
    assert_eq!(types[1], "application/x-www-form-urlencoded");
    assert_eq!(types[2], "application/json");
    assert!(types[5].starts_with("multipart/form-data; boundary="));
    assert_eq!(received[1].body, b"a=1+2&b=%C3%BC");
    assert_eq!(received[4].body, [7; 5]);
    assert_eq!(received[6].body, b"why");
    assert_eq!(received[7].body, b"\0bytes\0");
    let lengths: Vec<_> = received.iter().map(|request| request.field("content-length").unwrap()).collect();
    assert_eq!(lengths[3], "70000");
}

#[test]
fn a_body_of_unknown_length_is_sent_in_chunks() {
    let (server, http) = pair();
    let request = Request::post("/upload").body(Body::reader(io::repeat(1).take(300_000)));
    assert!(http.send(&request).unwrap().is_ok());
    assert_eq!(server.requests()[0].field("transfer-encoding").as_deref(), Some("chunked"));
    assert!(matches!(http.send(&request), Err(HttpError::Request(_))), "a reader can be sent once");

    let old = Request::post("/upload").version(Version::Http10).body(Body::reader(io::empty()));
    assert!(matches!(http.send(&old), Err(HttpError::Request(_))));
}

#[test]
fn the_progress_of_an_upload_is_told_and_can_end_it() {
    let (_server, http) = pair();
    let data = pseudo_random(0..1_000_000);
    let request = Request::put("/upload").body(data.clone());
    let mut told = Vec::new();
    let mut tell = |done, total| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    let text = http.send_reporting(&request, &mut tell).unwrap().text().unwrap();
    assert_eq!(told.last(), Some(&(1_000_000, Some(1_000_000))));
    assert!(told.is_sorted() && text.contains("1000000"), "{text}");
    assert!(text.contains(&format!("{:08x}", Crc32::of(&data))), "{text}");

    let mut stop = |_, _| ControlFlow::Break(());
    assert!(matches!(http.send_reporting(&request, &mut stop), Err(HttpError::Cancelled)));
}

#[test]
fn a_source_that_fails_or_ends_early_fails_the_call() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let (server, http) = pair();
    for body in [
        Body::reader(Broken),
        Body::sized_reader(io::empty(), 10),
        Body::file("/no/such/file"),
        Body::file("/"),
    ] {
        let error = http.send(&Request::put("/upload").body(body)).unwrap_err();
        assert!(matches!(error, HttpError::Local { .. }), "{error:?}");
    }
    drop(server);
}

#[cfg(feature = "json")]
#[test]
fn values_go_and_come_as_json() {
    let (server, http) = pair();
    let scores = vec![("Ada".to_owned(), 1815)];
    let mut response = http.send(&Request::post("/anything").json(&scores).unwrap()).unwrap();
    assert_eq!(server.requests()[0].body, br#"[["Ada",1815]]"#);
    assert!(matches!(response.json::<Vec<(String, u32)>>(), Err(HttpError::Decode(_))));
    let echo: serde_json::Value = http.get("/get").unwrap().json().unwrap();
    assert_eq!(echo["method"], "GET");
}
