//! Downloads that are interrupted, and files that change meanwhile.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use sfml_network::http::{Download, Http, HttpError, HttpOptions, Request, Saved};
use testkit::PATIENCE;
use testkit::folder::TempFolder;
use testkit::http::pseudo_random;

use crate::http_scripts::{Scripted, Wire};

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const SIZE: u64 = 24 << 20;

/// One version of a file.
#[derive(Clone, Copy)]
struct Version {
    /// Where in the pseudo-random bytes it begins.
    start: u64,
    /// The fields that name it.
    named: &'static str,
    validator: &'static str,
}

/// Serves a file of which the version is the first at first and the second from the second connection on; the first
/// answer stops in the middle.
fn changing(versions: [Version; 2], then: fn(&mut Wire) -> io::Result<()>) -> Scripted {
    let asked = AtomicUsize::new(0);
    Scripted::start(move |wire| {
        while let Ok(head) = wire.read_head() {
            let number = asked.fetch_add(1, Ordering::AcqRel);
            let version = versions[number.min(1)];
            let value = |name: &str| {
                let lines = head.lines().filter_map(|line| line.split_once(": "));
                lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
            };
            let first = value("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
            let first = first.filter(|_| value("if-range") == Some(version.validator));
            let offset: u64 = first.map_or(0, |first| first.parse().unwrap());
            let named = version.named;
            let status = if offset == 0 {
                "200 OK".to_owned()
            } else {
                format!("206 Part\r\nContent-Range: bytes {offset}-{}/{SIZE}", SIZE - 1)
            };
            let length = SIZE - offset;
            wire.send(format!("HTTP/1.1 {status}\r\n{named}Content-Length: {length}\r\n\r\n"))?;
            if number == 0 {
                wire.send(pseudo_random(version.start..version.start + SIZE / 2))?;
                return then(wire);
            }
            wire.send(pseudo_random(version.start + offset..version.start + SIZE))?;
        }
        Ok(())
    })
}

fn download(url: &str, path: &Path) -> Result<Saved, HttpError> {
    let mut options = HttpOptions::default();
    options.timeout = Some(PATIENCE);
    Http::anywhere(options).download(&Request::get(url), path, Download::new().resume())
}

const DATE: &str = "Mon, 02 Nov 2026 10:00:00 GMT";
const STRONG: Version = Version { start: 0, named: "ETag: \"a\"\r\n", validator: "\"a\"" };
const WEAK: Version = Version { start: 0, named: "ETag: W/\"a\"\r\n", validator: "W/\"a\"" };
const DATED: Version =
    Version { start: 0, named: "Last-Modified: Mon, 02 Nov 2026 10:00:00 GMT\r\n", validator: DATE };
const NAMELESS: Version = Version { start: 0, named: "", validator: "" };

#[test]
fn a_download_is_resumed_only_where_the_file_is_the_same() {
    let other_tag = Version { start: 7, named: "ETag: \"b\"\r\n", validator: "\"b\"" };
    let other_date =
        Version { start: 7, named: "Last-Modified: Mon, 02 Nov 2026 10:00:01 GMT\r\n", validator: "x" };
    let changed = |version| Version { start: 7, ..version };
    for (versions, is_resumed) in [
        ([STRONG, STRONG], true),
        ([STRONG, other_tag], false),
        ([DATED, DATED], true),
        ([DATED, other_date], false),
        ([WEAK, changed(WEAK)], false),
        ([NAMELESS, changed(NAMELESS)], false),
    ] {
        let about = format!("{:?}", versions.map(|version| version.named));
        let server = changing(versions, |_| Ok(()));
        let folder = TempFolder::new("http-changing").unwrap();
        let path = folder.path().join("file");
        let broken = download(&server.url("/"), &path);
        assert!(matches!(broken, Err(HttpError::Incomplete { .. })), "{about}: {broken:?}");
        assert!(!path.exists() && folder.path().join("file.part").exists(), "{about}");
        let saved = download(&server.url("/"), &path).unwrap();
        assert_eq!(saved.resumed_from, if is_resumed { SIZE / 2 } else { 0 }, "{about}");
        let start = versions[1].start;
        assert!(fs::read(&path).unwrap() == pseudo_random(start..start + SIZE), "{about}");
        assert_eq!(names(folder.path()), ["file"], "{about}");
    }
}

#[test]
fn a_download_goes_on_where_a_killed_process_left_it() {
    const MARK: &str = "SFML_NETWORK_DOWNLOAD";
    if let Some(job) = std::env::var_os(MARK) {
        let job = job.into_string().unwrap();
        let (url, path) = job.split_once(' ').unwrap();
        drop(download(url, Path::new(path)));
        return;
    }
    let server = changing([STRONG, STRONG], Wire::be_silent);
    let folder = TempFolder::new("http-killed").unwrap();
    let path = folder.path().join("file");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "downloads::a_download_goes_on_where_a_killed_process_left_it"])
        .env(MARK, format!("{} {}", server.url("/"), path.display()))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let part = folder.path().join("file.part");
    let begun = Instant::now();
    // Less than has been sent: what the kernel still has may be lost with the process.
    while fs::metadata(&part).map_or(0, |metadata| metadata.len()) < SIZE / 4 {
        assert!(begun.elapsed() < PATIENCE, "it does not come");
        thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(folder.path()), ["file.part", "file.part.validator"]);
    let saved = download(&server.url("/"), &path).unwrap();
    assert!(saved.resumed_from >= SIZE / 4, "{saved:?}");
    assert_eq!(saved.resumed_from + saved.bytes, SIZE);
    assert!(fs::read(&path).unwrap() == pseudo_random(0..SIZE));
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn a_body_that_is_shorter_than_told_leaves_a_part_only_where_it_was_asked_for() {
    for answer in [
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ] {
        let server = Scripted::start(move |wire| {
            wire.read_head()?;
            wire.send(answer)
        });
        for (resumes, left) in [(false, &[][..]), (true, &["file.part", "file.part.validator"])] {
            let folder = TempFolder::new("http-short").unwrap();
            let download = if resumes { Download::new().resume() } else { Download::new() };
            let path = folder.path().join("file");
            let outcome = server.client().download(&Request::get("/"), path, download);
            assert!(matches!(outcome, Err(HttpError::Incomplete { received: 5, .. })), "{outcome:?}");
            assert_eq!(names(folder.path()), left);
        }
    }
}

#[test]
fn targets_that_cannot_be_are_told_before_anything_is_asked_for() {
    let server = Scripted::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    let folder = TempFolder::new("http-targets").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    std::os::unix::fs::symlink("/dev/null", folder.path().join("null")).unwrap();
    let long = "x".repeat(300);
    for (name, kind) in [
        ("folder", io::ErrorKind::IsADirectory),
        ("folder/", io::ErrorKind::InvalidInput),
        ("missing/file", io::ErrorKind::NotFound),
        (long.as_str(), io::ErrorKind::InvalidFilename),
        ("/dev/null", io::ErrorKind::InvalidInput),
        ("", io::ErrorKind::InvalidInput),
    ] {
        for resumes in [false, true] {
            let download = if resumes { Download::new().resume() } else { Download::new() };
            let path = if name.is_empty() { Path::new("").to_owned() } else { folder.path().join(name) };
            let error = server.client().download(&Request::get("/"), path, download).unwrap_err();
            match error {
                HttpError::Local { path: Some(_), source } if source.kind() == kind => {}
                other => panic!("{name:?}: {other:?}"),
            }
        }
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(names(folder.path()), ["folder", "null"]);
}

#[test]
fn two_downloads_to_one_target_do_not_mix() {
    let server = testkit::http::Server::start().unwrap();
    let folder = TempFolder::new("http-two").unwrap();
    for resumes in [false, true] {
        let path = Arc::new(folder.path().join("file"));
        let (url, start) = (Arc::new(server.url("/bytes/8000000")), Arc::new(Barrier::new(4)));
        let threads = [0; 4].map(|_| {
            let (path, url, start) = (Arc::clone(&path), Arc::clone(&url), Arc::clone(&start));
            thread::spawn(move || {
                let http = Http::anywhere(HttpOptions::default());
                let download = if resumes { Download::new().resume() } else { Download::new() };
                start.wait();
                http.download(&Request::get(url.as_str()), &*path, download)
            })
        });
        let outcomes = threads.map(|thread| thread.join().unwrap());
        assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
        for error in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            // With one part between them, one at a time can have it.
            let is_busy = matches!(error, HttpError::Local { source, .. } if source.kind() == io::ErrorKind::ResourceBusy);
            assert!(resumes && is_busy, "{error:?}");
        }
        assert!(fs::read(&*path).unwrap() == pseudo_random(0..8_000_000));
        assert_eq!(names(folder.path()), ["file"]);
    }
}
