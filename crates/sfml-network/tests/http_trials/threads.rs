//! One client for many threads, and calls within calls.

use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sfml_network::http::{Body, Download, HttpError, HttpOptions, Request};
use testkit::PATIENCE;
use testkit::folder::TempFolder;
use testkit::http::{Server, pseudo_random};

use crate::http_scripts::Scripted;

#[test]
fn threads_that_read_drop_cancel_and_are_answered_early_get_what_is_theirs() {
    let server = Scripted::start(|wire| {
        while let Ok(head) = wire.read_head() {
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let answer =
                |text: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
            if head.starts_with("PUT") {
                // Too early, and the rest is taken for requests that make no sense.
                wire.send("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno")?;
                return wire.be_silent();
            }
            match path.rsplit('-').next() {
                Some("junk") => wire.send(answer(&path) + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\njunk")?,
                Some("chunks") => wire.send(format!(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{path}\r\n0\r\nX-Path: {path}\r\n\r\n",
                    path.len()
                ))?,
                Some("bye") => {
                    wire.send(answer(&path))?;
                    return Ok(());
                }
                _ => wire.send(answer(&path))?,
            }
        }
        Ok(())
    });
    let mut options = HttpOptions::default();
    options.timeout = Some(PATIENCE);
    let http = server.client_with(options);
    let (answered, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|thread| {
                let (http, answered) = (&http, &answered);
                scope.spawn(move || {
                    for round in 0..150 {
                        let kind = ["plain", "junk", "chunks", "bye", "drop", "put"][(round + thread) % 6];
                        let path = format!("/{thread}-{round}-{kind}");
                        let mut request = Request::get(&path);
                        if kind == "put" {
                            request = Request::put(&path).body(Body::sized_reader(io::repeat(0), 4 << 20));
                        }
                        match http.send(&request) {
                            Ok(_) if kind == "drop" => {}
                            Ok(mut response) => match response.text() {
                                Ok(text) => {
                                    assert_eq!(text, if kind == "put" { "no" } else { &path });
                                    answered.fetch_add(1, Ordering::Relaxed);
                                }
                                Err(HttpError::Cancelled) => {}
                                Err(error) => panic!("{path}: {error:?}"),
                            },
                            Err(HttpError::Cancelled) => {}
                            Err(error) => panic!("{path}: {error:?}"),
                        }
                    }
                })
            })
            .collect();
        let (http, is_over) = (&http, &is_over);
        scope.spawn(move || {
            while !is_over.load(Ordering::Acquire) {
                http.cancel();
                thread::sleep(Duration::from_millis(10));
            }
        });
        let outcomes: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        is_over.store(true, Ordering::Release);
        outcomes.into_iter().for_each(|outcome| outcome.unwrap());
    });
    println!("{} of 1200 answered, over {} connections", answered.into_inner(), server.connections());
}

#[test]
fn a_progress_callback_may_make_calls_of_its_own_or_panic() {
    let server = Server::start().unwrap();
    let http = sfml_network::http::Http::new(&server.url(""), 0).unwrap();
    let folder = TempFolder::new("http-callback").unwrap();
    let path = folder.path().join("file");
    let inner = |http: &sfml_network::http::Http| {
        let body = http.get("/chunked/1000").unwrap().text();
        assert!(body.is_ok());
        ControlFlow::Continue(())
    };
    let mut call = |_, _| inner(&http);
    let download = Download::new().progress(&mut call);
    http.download(&Request::get("/chunked/3000000"), &path, download).unwrap();
    assert!(std::fs::read(&path).unwrap() == pseudo_random(0..3_000_000));
    let upload = Request::put("/upload").body(pseudo_random(0..1_000_000));
    let text = http.send_reporting(&upload, &mut call).unwrap().text().unwrap();
    assert!(text.contains("1000000"), "{text}");

    let mut fail = |done: u64, _| -> ControlFlow<()> {
        if done > 100_000 { panic!("on purpose") } else { ControlFlow::Continue(()) }
    };
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        drop(http.download(
            &Request::get("/bytes/3000000"),
            folder.path().join("other"),
            Download::new().progress(&mut fail),
        ));
    }));
    assert!(panicked.is_err());
    let panicked = catch_unwind(AssertUnwindSafe(|| drop(http.send_reporting(&upload, &mut fail))));
    assert!(panicked.is_err());
    assert_eq!(crate::downloads::names(folder.path()), ["file"]);
    assert_eq!(http.get("/bytes/10").and_then(|mut response| response.body()).unwrap(), pseudo_random(0..10));
}

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const ANSWERS: [&[u8]; 6] = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\nHTTP/1.0 200\r\nContent-Type: text/html\r\n\r\nhello",
    b"HTTP/1.1 302 Found\r\nLocation: /again?x=1\r\nContent-Length: 3\r\n\r\nbye",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 28\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x05\0\xfa\xffhello\x86\xa6\x10\x36\x05\0\0\0",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello",
];

/// Bytes that mean something in a header or a chunk, and some that must not be there.
const TELLING: &[u8] = b"\r\n\0 :;,0123456789abcdefxHT/\xff\x80";

#[test]
fn damaged_answers_neither_panic_nor_hang() {
    let seed = std::sync::Mutex::new(Dice(0x5eed_cafe_f00d_0001));
    let server = Scripted::start(move |wire| {
        while wire.read_head().is_ok() {
            let answer = {
                let mut dice = seed.lock().unwrap();
                let mut answer = ANSWERS[dice.below(ANSWERS.len())].to_vec();
                for _ in 0..dice.below(4) {
                    let place = dice.below(answer.len());
                    match dice.below(4) {
                        0 if answer.len() > 1 => drop(answer.remove(place)),
                        1 => answer.insert(place, TELLING[dice.below(TELLING.len())]),
                        2 => answer[place] = dice.below(256) as u8,
                        _ => answer.truncate(place.max(1)),
                    }
                }
                answer
            };
            wire.send(answer)?;
            if wire.number % 3 == 0 {
                return Ok(());
            }
        }
        Ok(())
    });
    let mut options = HttpOptions::default();
    options.timeout = Some(Duration::from_millis(30));
    options.redirects = 3;
    let http = server.client_with(options);
    let begun = Instant::now();
    let mut outcomes = [0; 2];
    for round in 0..3000 {
        if begun.elapsed() > Duration::from_secs(8) {
            break;
        }
        let path = if round % 2 == 0 { "/get" } else { "/put" };
        let mut request = Request::get(path);
        if round % 2 == 1 {
            request = Request::put(path).body("some body");
            if round % 4 == 1 {
                request = request.field("Expect", "100-continue");
            }
        }
        let started = Instant::now();
        let outcome = http.send(&request).map(|mut response| io::copy(&mut response, &mut io::sink()));
        outcomes[usize::from(matches!(outcome, Ok(Ok(_))))] += 1;
        assert!(started.elapsed() < PATIENCE);
    }
    println!("{} failures, {} answers", outcomes[0], outcomes[1]);
}
