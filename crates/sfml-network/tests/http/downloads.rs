//! Saving bodies, and going on where an earlier download ended.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::thread;

use sfml_network::http::{Download, Http, HttpError, Request, Saved};
use testkit::folder::TempFolder;
use testkit::http::pseudo_random;

use super::pair;

fn names(folder: &TempFolder) -> Vec<String> {
    let names = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_body_is_saved_under_its_name_when_it_is_complete() {
    let (_server, http) = pair();
    let folder = TempFolder::new("http-save").unwrap();
    let path = folder.path().join("file");
    for (source, size) in [("bytes", 3_000_000_u64), ("chunked", 100_000), ("bytes", 0)] {
        let mut last = None;
        let mut tell = |done, total| {
            last = Some((done, total));
            ControlFlow::Continue(())
        };
        let mut response = http.get(&format!("/{source}/{size}")).unwrap();
        let saved = response.save_reporting(&path, &mut tell).unwrap();
        assert_eq!(saved.bytes, size);
        assert_eq!(last, Some((size, (source == "bytes").then_some(size))));
        assert_eq!(fs::read(&path).unwrap(), pseudo_random(0..size));
    }
    let mut stop = |done, _| if done > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let error = http.get("/bytes/1000000").unwrap().save_reporting(&path, &mut stop).unwrap_err();
    assert!(matches!(error, HttpError::Cancelled));
    assert_eq!(names(&folder), ["file"]);
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[test]
fn a_download_goes_on_where_it_was_broken_off() {
    let (server, http) = pair();
    let folder = TempFolder::new("http-resume").unwrap();
    let path = folder.path().join("file");
    let request = Request::get("/bytes/5000000");
    let mut stop =
        |done, _| if done > 1_000_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let broken = http.download(&request, &path, Download::new().resume().progress(&mut stop));
    assert!(matches!(broken, Err(HttpError::Cancelled)));
    assert_eq!(names(&folder), ["file.part", "file.part.validator"]);
    let present = fs::metadata(folder.path().join("file.part")).unwrap().len();

    let saved = http.download(&request, &path, Download::new().resume()).unwrap();
    assert_eq!((saved.resumed_from, saved.bytes), (present, 5_000_000 - present));
    assert_eq!(fs::read(&path).unwrap(), pseudo_random(0..5_000_000));
    assert_eq!(names(&folder), ["file"]);
    assert_eq!(server.requests()[1].field("range"), Some(format!("bytes={present}-")));
}

#[test]
fn a_part_of_another_version_is_not_glued_to_this_one() {
    let (_server, http) = pair();
    let folder = TempFolder::new("http-other").unwrap();
    let path = folder.path().join("file");
    for (part, validator) in [
        (&b"of another version"[..], Some("\"other\"\n")),
        (b"of no known version", None),
        (b"half written", Some("\"other")),
    ] {
        fs::write(folder.path().join("file.part"), part).unwrap();
        if let Some(validator) = validator {
            fs::write(folder.path().join("file.part.validator"), validator).unwrap();
        }
        let saved = http.download(&Request::get("/bytes/1000"), &path, Download::new().resume()).unwrap();
        assert_eq!(saved.resumed_from, 0);
        assert_eq!(fs::read(&path).unwrap(), pseudo_random(0..1000));
        assert_eq!(names(&folder), ["file"]);
    }
}

#[test]
fn a_part_that_is_all_of_it_gets_its_name_and_a_refusal_leaves_none() {
    let (server, http) = pair();
    let folder = TempFolder::new("http-whole").unwrap();
    let path = folder.path().join("file");
    let refused = http.download(&Request::get("/status/404"), &path, Download::new());
    assert!(matches!(refused, Err(HttpError::Refused(_))));
    assert_eq!(names(&folder), Vec::<String>::new());

    let etag = http.get("/bytes/1000").unwrap().field("ETag").unwrap().to_owned();
    fs::write(folder.path().join("file.part"), pseudo_random(0..1000)).unwrap();
    fs::write(folder.path().join("file.part.validator"), etag + "\n").unwrap();
    let saved = http.download(&Request::get("/bytes/1000"), &path, Download::new().resume()).unwrap();
    assert_eq!((saved.resumed_from, saved.bytes), (1000, 0));
    assert_eq!(fs::read(&path).unwrap(), pseudo_random(0..1000));
    drop(server);
}

#[test]
fn a_refused_download_can_tell_what_the_server_said() {
    let (_server, http) = pair();
    let folder = TempFolder::new("http-refused").unwrap();
    let path = folder.path().join("file");
    let (mut response, saved) =
        http.download_response(&Request::get("/status/404"), &path, Download::new()).unwrap();
    assert_eq!((response.text().unwrap().as_str(), saved), ("404\n", None));
    assert_eq!(names(&folder), Vec::<String>::new());
    let (response, saved) =
        http.download_response(&Request::get("/bytes/1000"), &path, Download::new()).unwrap();
    assert_eq!(saved.unwrap().bytes, 1000);
    assert_eq!(response.field("Content-Length"), Some("1000"));
}

#[test]
fn bytes_that_were_read_already_are_saved_in_the_same_way() {
    let folder = TempFolder::new("http-written").unwrap();
    let path = folder.path().join("file");
    let saved = Saved::write(&path, b"contents").unwrap();
    assert_eq!((saved.bytes, fs::read(&path).unwrap().as_slice()), (8, &b"contents"[..]));
    assert_eq!(names(&folder), ["file"]);
    let nowhere = Saved::write(folder.path().join("no/file"), b"");
    assert!(matches!(nowhere, Err(HttpError::Local { path: Some(_), .. })));
}

/// Reads a request, and answers with a header that announces a length, and with so many bytes.
fn answer(stream: &mut TcpStream, announced: u64, sent: u64) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {announced}\r\n\r\n")?;
    io::copy(&mut io::repeat(7).take(sent), stream).map(drop)
}

#[test]
fn a_very_large_body_is_copied_whole_or_told_to_be_incomplete() {
    const LENGTH: u64 = (64 << 20) + 1;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        for sent in [LENGTH, LENGTH - 1] {
            answer(&mut listener.accept().unwrap().0, LENGTH, sent).unwrap();
        }
    });
    let http = Http::new("127.0.0.1", address.port()).unwrap();
    let mut checked = Sevens(0);
    assert_eq!(http.get("/").unwrap().copy_to(&mut checked).unwrap(), LENGTH);
    assert_eq!(checked.0, LENGTH);
    let mut response = http.get("/").unwrap();
    let error = response.copy_to(&mut io::sink()).unwrap_err();
    let wanted = (LENGTH - 1, Some(LENGTH));
    assert!(matches!(error, HttpError::Incomplete { received, expected } if (received, expected) == wanted));
    assert!(!response.is_complete());
    server.join().unwrap();
}

/// Counts bytes that have to be sevens.
struct Sevens(u64);

impl Write for Sevens {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        assert!(data.iter().all(|byte| *byte == 7));
        self.0 += data.len() as u64;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
