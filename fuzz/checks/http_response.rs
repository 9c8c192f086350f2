//! Any bytes as what a server says, through the whole client: a response within its limits or an error, and the same
//! however they come.
//!
//! Input: a byte of method and redirects, one of step, then the bytes.

use std::mem::discriminant;
use std::time::Duration;

use crate::http::{Http, HttpError, HttpOptions, Method, Request};

/// The most bytes of a header, and of a body.
const HEAD: usize = 4 << 10;
const BODY: u64 = 64 << 10;

pub fn check(input: &[u8]) {
    let &[how, step, ref script @ ..] = input else {
        return;
    };
    let whole = answer(how, script, usize::MAX);
    assert_same(&answer(how, script, usize::from(step).max(1)), &whole);
    assert_same(&answer(how, script, 1), &whole);

    let Ok(answer) = whole else { return };
    assert!(answer.head.len() <= 2 * HEAD + 1024 && (100..1000).contains(&answer.status));
    if let Ok(body) = &answer.body {
        assert!(body.len() as u64 <= BODY);
        assert!(how & 3 != 1 || body.is_empty(), "HEAD has no body");
    }
}

struct Answered {
    status: u16,
    /// Version, reason and fields.
    head: String,
    body: Result<Vec<u8>, HttpError>,
    trailers: Option<String>,
}

fn answer(how: u8, script: &[u8], step: usize) -> Result<Answered, HttpError> {
    let options = HttpOptions {
        timeout: Some(Duration::from_secs(20)),
        redirects: u32::from(how >> 2 & 3),
        head_limit: HEAD,
        body_limit: BODY,
        decoded_limit: BODY,
        ..HttpOptions::default()
    };
    let method = match how & 3 {
        0 => Method::GET,
        1 => Method::HEAD,
        2 => Method::POST,
        _ => Method::DELETE,
    };
    let mut request = Request::new(method, "http://a.test/b");
    if how & 3 == 2 {
        request = request.body("data");
        if how & 16 != 0 {
            request = request.field("Expect", "100-continue");
        }
    }
    let mut response = Http::scripted(options, script, step).send(&request)?;
    let head = format!("{:?} {:?} {:?}", response.version(), response.reason_bytes(), response.fields());
    let body = response.body();
    Ok(Answered {
        status: response.status().0,
        head,
        body,
        trailers: response.trailers().map(|fields| format!("{fields:?}")),
    })
}

/// That the two are the same, or fail: before the header has come, for the same reason.
fn assert_same(one: &Result<Answered, HttpError>, other: &Result<Answered, HttpError>) {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            assert_eq!((one.status, &one.head), (other.status, &other.head));
            match (&one.body, &other.body) {
                (Ok(body), Ok(same)) => {
                    assert_eq!(body, same);
                    assert_eq!(one.trailers, other.trailers);
                }
                // Of several things that are wrong, the first that is seen is told.
                (Err(_), Err(_)) => {}
                (body, same) => panic!("{body:?} is not {same:?}"),
            }
        }
        (Err(error), Err(same)) => assert_eq!(discriminant(error), discriminant(same), "{error} {same}"),
        (Ok(one), Err(error)) | (Err(error), Ok(one)) => panic!("{} is not {error}", one.head),
    }
}
