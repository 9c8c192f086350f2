//! Connections, kept and new; limits of time; cancelling.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sfml_network::http::{Http, HttpError, HttpOptions, Phase, Request, Status};
use testkit::PATIENCE;

use super::{pair, pair_with};

#[test]
fn a_connection_is_kept_for_the_next_request_once_the_body_was_read() {
    let (server, http) = pair();
    for _ in 0..5 {
        http.get("/bytes/1000").unwrap().body().unwrap();
        http.send(&Request::head("/bytes/1000")).unwrap();
        http.get("/chunked/1000").unwrap().body().unwrap();
        http.get("/status/204").unwrap();
    }
    assert_eq!(server.connections(), 1);
    drop(http.get("/bytes/1000000").unwrap());
    http.get("/bytes/1").unwrap().body().unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_kept_connection_that_was_closed_is_replaced() {
    let (server, http) = pair();
    http.get("/get").unwrap().body().unwrap();
    server.kill_connections();
    assert_eq!(http.get("/get").unwrap().status(), Status::OK);
    assert_eq!(server.connections(), 2);
}

#[test]
fn nothing_listens_and_nobody_has_that_name() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = Http::new("127.0.0.1", port).unwrap().get("/").unwrap_err();
    assert!(matches!(refused, HttpError::Connect(_)), "{refused:?}");
    assert_eq!(refused.status(), Status::CONNECTION_FAILED);
    let unknown = Http::new("no-such-host.invalid", 0).unwrap().get("/").unwrap_err();
    assert!(matches!(unknown, HttpError::Lookup(_)), "{unknown:?}");
}

#[test]
fn a_limit_ends_the_whole_call() {
    let (server, http) = pair();
    let begun = Instant::now();
    let request = Request::get("/slow").timeout(Duration::from_millis(50));
    let error = http.send(&request).unwrap_err();
    assert!(matches!(error, HttpError::TimedOut { phase: Phase::Head, limit: Some(_) }), "{error:?}");
    assert!(begun.elapsed() >= Duration::from_millis(50));
    server.release();
}

#[test]
fn a_silent_server_is_given_up_without_any_limit_of_the_caller() {
    let mut options = HttpOptions::default();
    options.read_timeout = Duration::from_millis(50);
    let (server, http) = pair_with(options);
    let error = http.get("/slow").unwrap_err();
    assert!(matches!(error, HttpError::TimedOut { phase: Phase::Head, .. }), "{error:?}");
    server.release();
}

#[test]
fn another_thread_cancels_and_a_hook_interrupts() {
    let (server, http) = pair();
    let other = http.clone();
    let waiting = thread::spawn(move || other.get("/slow"));
    server.journal().wait_for_requests(1);
    http.cancel();
    assert!(matches!(waiting.join().unwrap(), Err(HttpError::Cancelled)));
    server.release();
    assert_eq!(http.get("/get").unwrap().status(), Status::OK);

    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let mut options = HttpOptions::default();
    options.interrupt = Some(Arc::new(move || match asked.load(Ordering::Acquire) {
        true => Err(std::io::Error::other("the user is impatient")),
        false => Ok(()),
    }));
    let (server, http) = pair_with(options);
    let waiting = thread::spawn(move || http.get("/slow"));
    server.journal().wait_for_requests(1);
    stop.store(true, Ordering::Release);
    let begun = Instant::now();
    assert!(matches!(waiting.join().unwrap(), Err(HttpError::Interrupted(_))));
    assert!(begun.elapsed() < PATIENCE);
    server.release();
}

#[test]
fn several_threads_use_one_client() {
    let (server, http) = pair();
    thread::scope(|scope| {
        for size in 1..=4_u64 {
            let http = &http;
            scope.spawn(move || {
                for _ in 0..25 {
                    let body = http.get(&format!("/bytes/{size}000")).unwrap().body().unwrap();
                    assert_eq!(body, testkit::http::pseudo_random(0..size * 1000));
                }
            });
        }
    });
    assert!(server.connections() <= 8, "{}", server.connections());
}

#[test]
fn a_client_of_another_host_shares_connections_and_cancelling() {
    let (server, http) = pair();
    http.get("/get").unwrap().body().unwrap();
    let same = http.to_host(&server.url(""), 0).unwrap();
    same.get("/get").unwrap().body().unwrap();
    assert_eq!(server.connections(), 1);
    assert!(http.to_host("a b", 0).is_err());
    let mut response = same.get("/slow/body").unwrap();
    http.cancel();
    assert!(matches!(response.body(), Err(HttpError::Cancelled)));
}
