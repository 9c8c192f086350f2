//! Each of these failed once.

#![cfg(feature = "http")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod http_scripts;

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use sfml_network::http::{Body, Download, Http, HttpError, HttpOptions, Proxies, Request, Status};
use testkit::PATIENCE;
use testkit::folder::TempFolder;

use self::http_scripts::{Scripted, Wire};

/// Longer than anything here takes that is not an endless loop.
const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn an_answer_before_the_end_of_an_upload_ends_it_however_large_it_was_to_be() {
    let server = Scripted::start(|wire| {
        wire.read_head()?;
        wire.send("HTTP/1.1 413 Too much\r\nContent-Length: 0\r\n\r\n")?;
        wire.be_silent()
    });
    let body = Body::sized_reader(io::repeat(0), u64::MAX);
    let request = Request::put("/").body(body).timeout(LIMIT);
    assert_eq!(server.client().send(&request).unwrap().status(), Status(413));
}

#[test]
fn a_reader_that_ends_before_the_length_in_the_field_fails_the_call() {
    let server = Scripted::start(Wire::be_silent);
    let reader = Body::reader(io::Cursor::new([0; 5]));
    let request = Request::put("/").body(reader).field("Content-Length", "10").timeout(LIMIT);
    let outcome = server.client().send(&request);
    assert!(matches!(outcome, Err(HttpError::Local { .. })), "{outcome:?}");
}

#[test]
fn a_redirect_is_followed_without_waiting_for_what_it_says() {
    let server = Scripted::start(|wire| match wire.number {
        0 => {
            wire.read_head()?;
            wire.send("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 100\r\n\r\nThis page")?;
            wire.be_silent()
        }
        _ => {
            wire.read_head()?;
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
    });
    let mut options = HttpOptions::default();
    options.redirects = 1;
    options.timeout = Some(LIMIT);
    assert_eq!(server.client_with(options).get("/").unwrap().text().unwrap(), "ok");
}

#[test]
fn a_call_is_cancelled_between_a_redirect_and_the_next_request() {
    let (is_redirected, asked) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(0));
    let told = Arc::clone(&is_redirected);
    let server = Scripted::start(move |wire| {
        wire.read_head()?;
        if wire.number == 0 {
            wire.send("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 2\r\n\r\n1")?;
            told.store(true, Ordering::Release);
        }
        wire.be_silent()
    });
    let client = Arc::new(OnceLock::<Http>::new());
    let to_cancel = Arc::clone(&client);
    let mut options = HttpOptions::default();
    options.redirects = 1;
    options.timeout = Some(LIMIT);
    // The second time the client waits for the rest of what the redirect says.
    options.interrupt = Some(Arc::new(move || {
        if is_redirected.load(Ordering::Acquire) && asked.fetch_add(1, Ordering::AcqRel) == 1 {
            to_cancel.get().unwrap().cancel();
        }
        Ok(())
    }));
    let http = client.get_or_init(|| server.client_with(options));
    let outcome = http.get("/");
    assert!(matches!(outcome, Err(HttpError::Cancelled)), "{outcome:?}");
}

/// What a client makes of a proxy that does this once it was asked.
fn through_proxy(
    connect_timeout: Duration,
    script: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static,
) -> HttpError {
    let proxy = Scripted::start(move |wire| {
        wire.read_head()?;
        script(wire)
    });
    let mut options = HttpOptions::default();
    options.connect_timeout = connect_timeout;
    options.timeout = Some(LIMIT);
    options.proxies = Proxies::all(proxy.address().to_string().parse().unwrap());
    Http::anywhere(options).get("http://nowhere.test/").unwrap_err()
}

#[test]
fn a_proxy_cannot_go_on_with_interim_responses_for_ever() {
    let error = through_proxy(PATIENCE, |wire| {
        loop {
            wire.send("HTTP/1.1 102 Processing\r\n\r\n".repeat(100))?;
        }
    });
    assert!(matches!(error, HttpError::Proxy(_)), "{error:?}");
}

#[test]
fn a_proxy_that_is_slow_but_not_silent_gets_no_more_time_than_a_connection() {
    let begun = Instant::now();
    let error = through_proxy(Duration::from_millis(100), |wire| {
        wire.send("HTTP/1.1 200 OK\r\nX-Slow: ")?;
        loop {
            wire.send("x")?;
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    assert!(matches!(error, HttpError::TimedOut { .. }), "{error:?}");
    assert!(begun.elapsed() < LIMIT);
}

/// A folder with a part of `file` in it, and what it is of.
fn folder_with_part(part: &str, validator: Option<&str>) -> (TempFolder, std::path::PathBuf) {
    let folder = TempFolder::new("http-part").unwrap();
    let path = folder.path().join("file");
    fs::write(folder.path().join("file.part"), part).unwrap();
    if let Some(validator) = validator {
        fs::write(folder.path().join("file.part.validator"), format!("{validator}\n")).unwrap();
    }
    (folder, path)
}

fn names(folder: &TempFolder) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Answers a request for a part with the first, and one for all with the second.
fn serving(part: &'static str, all: &'static str) -> Scripted {
    Scripted::start(move |wire| {
        while let Ok(head) = wire.read_head() {
            wire.send(if head.contains("\r\nrange:") { part } else { all })?;
        }
        Ok(())
    })
}

fn resume(server: &Scripted, path: &Path) -> Result<u64, HttpError> {
    let request = Request::get("/file").timeout(LIMIT);
    server.client().download(&request, path, Download::new().resume()).map(|saved| saved.resumed_from)
}

const ALL: &str = "HTTP/1.1 200 OK\r\nETag: \"b\"\r\nContent-Length: 10\r\n\r\nABCDEFGHIJ";

#[test]
fn an_answer_that_is_shorter_than_its_range_is_no_rest() {
    for part in [
        "HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 3\r\n\r\nefg",
        "HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 7\r\n\r\nefghijk",
    ] {
        let (folder, path) = folder_with_part("abcd", Some("\"a\""));
        assert_eq!(resume(&serving(part, ALL), &path).unwrap(), 0);
        assert_eq!(
            (fs::read(&path).unwrap(), names(&folder)),
            (b"ABCDEFGHIJ".to_vec(), vec!["file".to_owned()])
        );
    }
    let part = "HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Range: bytes 4-9/10\r\nTransfer-Encoding: chunked\r\n\r\n\
                3\r\nefg\r\n0\r\n\r\n";
    let (folder, path) = folder_with_part("abcd", Some("\"a\""));
    let outcome = resume(&serving(part, ALL), &path);
    assert!(matches!(outcome, Err(HttpError::Incomplete { received: 7, expected: Some(10) })), "{outcome:?}");
    assert_eq!(names(&folder), Vec::<String>::new());
}

#[test]
fn a_part_is_not_glued_to_what_may_be_of_another_version_or_shape() {
    for part in [
        // The server now has a weak name for it, ...
        "HTTP/1.1 206 Part\r\nETag: W/\"a\"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\nefghij",
        // ... sends another version of the same size, ...
        "HTTP/1.1 416 No\r\nETag: \"b\"\r\nContent-Range: bytes */4\r\nContent-Length: 0\r\n\r\n",
        // ... or part of something compressed, ...
        "HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Encoding: deflate\r\nContent-Range: bytes 4-9/10\r\n\
         Content-Length: 6\r\n\r\nefghij",
        // ... or several ranges in one body.
        "HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Type: multipart/byteranges; boundary=x\r\n\
         Content-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\n--x\r\n.",
    ] {
        let (_folder, path) = folder_with_part("abcd", Some("\"a\""));
        assert_eq!(resume(&serving(part, ALL), &path).unwrap(), 0, "{part}");
        assert_eq!(fs::read(&path).unwrap(), b"ABCDEFGHIJ");
    }
}

#[test]
fn a_part_nobody_asked_for_is_no_download() {
    let unasked =
        "HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\nefghij";
    let server = serving(unasked, unasked);
    let (folder, path) = folder_with_part("abcd", None);
    let outcome = resume(&server, &path);
    assert!(matches!(outcome, Err(HttpError::Invalid(_))), "{outcome:?}");
    let outcome = server.client().download(&Request::get("/file"), &path, Download::new());
    assert!(matches!(outcome, Err(HttpError::Invalid(_))), "{outcome:?}");
    assert_eq!(names(&folder), ["file.part"]);
}

#[test]
fn what_is_of_no_use_for_a_part_is_not_read_to_its_end() {
    let server = Scripted::start(|wire| {
        while let Ok(head) = wire.read_head() {
            if head.contains("\r\nrange:") {
                wire.send("HTTP/1.1 500 Oh\r\nContent-Length: 60000000\r\n\r\n")?;
                return wire.be_silent();
            }
            wire.send(ALL)?;
        }
        Ok(())
    });
    let (_folder, path) = folder_with_part("abcd", Some("\"a\""));
    assert_eq!(resume(&server, &path).unwrap(), 0);
}

/// A gzip of `hello`.
const GZIP: &[u8] =
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x05\0\xfa\xff\x68\x65\x6c\x6c\x6f\x86\xa6\x10\x36\x05\0\0\0";

#[test]
fn a_body_that_was_decoded_is_not_resumed() {
    let server = Scripted::start(|wire| {
        wire.read_head()?;
        let head = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Encoding: gzip\r\nContent-Length: 28\r\n\r\n";
        wire.send(head)?;
        wire.send(if wire.number == 0 { &GZIP[..18] } else { GZIP })
    });
    let folder = TempFolder::new("http-gzip").unwrap();
    let path = folder.path().join("file");
    assert!(resume(&server, &path).is_err());
    assert!(!names(&folder).iter().any(|name| name.ends_with("validator")), "{:?}", names(&folder));
    assert_eq!(resume(&server, &path).unwrap(), 0);
    assert_eq!(fs::read(&path).unwrap(), b"hello");
}

#[test]
fn a_compressed_body_may_come_after_its_header() {
    let (go_on, may_go_on) = std::sync::mpsc::channel();
    let may_go_on = std::sync::Mutex::new(may_go_on);
    let server = Scripted::start(move |wire| {
        wire.read_head()?;
        wire.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 28\r\n\r\n")?;
        may_go_on.lock().unwrap().recv().unwrap();
        wire.send(GZIP)
    });
    let mut response = server.client().send(&Request::get("/").timeout(LIMIT)).unwrap();
    go_on.send(()).unwrap();
    assert_eq!(response.text().unwrap(), "hello");
}

#[test]
fn a_download_that_brings_nothing_leaves_nothing() {
    let server = Scripted::answering("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\n\r\n");
    let folder = TempFolder::new("http-nothing").unwrap();
    let mut stop = |_, _| ControlFlow::Break(());
    let download = Download::new().resume().progress(&mut stop);
    let outcome = server.client().download(&Request::get("/file"), folder.path().join("file"), download);
    assert!(matches!(outcome, Err(HttpError::Cancelled)), "{outcome:?}");
    assert_eq!(names(&folder), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn the_name_of_a_version_is_not_written_through_a_link() {
    let server = Scripted::answering(ALL);
    let (folder, path) = folder_with_part("", None);
    let precious = folder.path().join("precious");
    fs::write(&precious, "mine").unwrap();
    std::os::unix::fs::symlink(&precious, folder.path().join("file.part.validator")).unwrap();
    resume(&server, &path).unwrap();
    assert_eq!(fs::read(&precious).unwrap(), b"mine");
    assert_eq!(names(&folder), ["file", "precious"]);
}

#[test]
fn a_damaged_name_of_a_version_is_as_good_as_none() {
    let server = Scripted::answering(ALL);
    let (_folder, path) = folder_with_part("abcd", Some("\0\0\0"));
    assert_eq!(resume(&server, &path).unwrap(), 0);
}

#[test]
fn a_long_name_is_resumed_like_others() {
    let part =
        "HTTP/1.1 206 Part\r\nETag: \"b\"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\nEFGHIJ";
    for length in [200, 245, 250, 251, 255] {
        let server = serving(
            part,
            "HTTP/1.1 200 OK\r\nETag: \"b\"\r\nContent-Length: 10\r\nConnection: close\r\n\r\nABCD",
        );
        let folder = TempFolder::new("http-long").unwrap();
        let path = folder.path().join("x".repeat(length));
        let mut stop = |done, _| if done == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let download = Download::new().resume().progress(&mut stop);
        let outcome = server.client().download(&Request::get("/file"), &path, download);
        assert!(matches!(outcome, Err(HttpError::Cancelled)), "{length}: {outcome:?}");
        assert_eq!(resume(&server, &path).unwrap(), 4, "{length}");
        assert_eq!(fs::read(&path).unwrap(), b"ABCDEFGHIJ");
        assert_eq!(names(&folder).len(), 1, "{:?}", names(&folder));
    }
}

#[test]
fn a_header_that_grows_when_it_is_read_displaces_nothing_of_the_body() {
    // Fields without a blank and with bare line ends, and a body that fills what is received at once.
    let fields = "connection:x\n".repeat(120);
    let size = 4 << 20;
    let server = Scripted::start(move |wire| {
        while wire.read_head().is_ok() {
            let mut answer = format!("HTTP/1.1 200\n{fields}content-length:{size}\n\n").into_bytes();
            answer.extend((0..size).map(|index| index as u8 % 251));
            wire.send(&answer)?;
        }
        Ok(())
    });
    let http = server.client();
    for _ in 0..5 {
        // The system lets more be on the way from one answer to the next.
        let body = http.send(&Request::get("/").timeout(PATIENCE)).unwrap().body().unwrap();
        assert!(body.iter().enumerate().all(|(index, byte)| *byte == index as u8 % 251));
    }
}

#[test]
fn limits_may_be_as_large_as_numbers_are() {
    let server = Scripted::start(|wire| {
        wire.read_head()?;
        wire.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\nhello", u64::MAX))
    });
    let mut options = HttpOptions::default();
    (options.head_limit, options.body_limit, options.decoded_limit) = (usize::MAX, u64::MAX, u64::MAX);
    (options.connect_timeout, options.read_timeout) = (Duration::MAX, Duration::MAX);
    (options.timeout, options.idle_time) = (Some(Duration::MAX), Duration::MAX);
    options.idle_connections = usize::MAX;
    let http = server.client_with(options);
    let outcome = http.get("/").unwrap().body();
    assert!(matches!(outcome, Err(HttpError::Incomplete { received: 5, .. })), "{outcome:?}");
    let folder = TempFolder::new("http-huge").unwrap();
    let outcome = http.get("/").unwrap().save_to(folder.path().join("file"));
    // Where the system tells how much room there is, that is not enough.
    let is_told = |error: &HttpError| matches!(error, HttpError::Local { .. } | HttpError::Incomplete { .. });
    assert!(outcome.as_ref().is_err_and(is_told), "{outcome:?}");
    assert_eq!(names(&folder), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_named_pipe_is_no_file_to_wait_for() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let server = Scripted::start(Wire::be_silent);
    let folder = TempFolder::new("http-pipe").unwrap();
    let path = folder.path().join("pipe");
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let (told, outcome) = std::sync::mpsc::channel();
    let http = server.client();
    std::thread::spawn(move || told.send(http.send(&Request::put("/").body(Body::file(path))).map(drop)));
    let outcome = outcome.recv_timeout(LIMIT).expect("it does not wait for somebody who writes");
    assert!(matches!(outcome, Err(HttpError::Local { .. })), "{outcome:?}");
}

#[test]
fn the_answer_to_head_is_no_empty_file() {
    let server = Scripted::answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    let folder = TempFolder::new("http-head").unwrap();
    let outcome = server.client().download(&Request::head("/"), folder.path().join("file"), Download::new());
    assert!(matches!(outcome, Err(HttpError::Request(_))), "{outcome:?}");
    assert_eq!((server.connections(), names(&folder)), (0, Vec::new()));
}
