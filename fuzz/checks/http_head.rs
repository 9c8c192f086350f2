//! Any bytes in the place of a header: what is found does not depend on what has come behind it, and what the engine is
//! given of it says the same.
//!
//! Input: the bytes.

use crate::http::call::Head;
use crate::http::engine::head::{FIELDS, Found, find, for_engine};

/// The longest input that is tried at each length.
const SHORT: usize = 600;

pub fn check(input: &[u8]) {
    let whole = find(input);
    let lengths = if input.len() <= SHORT { 0..input.len() } else { input.len() - SHORT..input.len() };
    for length in lengths {
        if !matches!(find(&input[..length]), Found::Part) {
            assert_eq!(shape(&find(&input[..length])), shape(&whole), "after {length} bytes");
        }
    }
    match &whole {
        Found::Part => {}
        Found::Wrong(sentence) => assert!(!sentence.contains(char::is_control), "it is shown on one line"),
        Found::Interim(length, status) => {
            assert!(*length <= input.len() && (100..200).contains(status) && *status != 101);
        }
        Found::Final(length, head) => {
            assert!(*length <= input.len() && input[..*length].ends_with(b"\n"));
            assert!(head.fields.len() <= FIELDS && !head.reason.contains(&b'\n'));
            for has_body in [true, false] {
                check_engine(*length, head, has_body);
            }
        }
    }
}

/// What is the same for all that ends as it does.
fn shape(found: &Found) -> Option<(usize, String)> {
    match found {
        Found::Part => None,
        Found::Wrong(_) => Some((0, String::new())),
        Found::Interim(length, status) => Some((*length, status.to_string())),
        Found::Final(length, head) => Some((*length, format!("{head:?}"))),
    }
}

fn check_engine(length: usize, head: &Head, has_body: bool) {
    let (text, is_chunked) = for_engine(head, has_body);
    assert!(text.len() <= length + 64 + 2 * FIELDS, "there is room for it");
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    assert_eq!(response.parse(&text), Ok(httparse::Status::Complete(text.len())));
    assert_eq!(response.code, Some(head.status.0));
    let named = |name: &str| -> Vec<&[u8]> {
        response.headers.iter().filter(|field| field.name == name).map(|field| field.value).collect()
    };
    assert_eq!(named("transfer-encoding").len(), usize::from(is_chunked));
    assert!(has_body || !is_chunked);
    let told = |name| head.fields.get_all(name).collect::<Vec<_>>();
    if told("Transfer-Encoding").iter().all(|coding| coding.is_empty()) {
        assert_eq!(
            (named("content-length"), named("connection")),
            (told("Content-Length"), told("Connection"))
        );
    } else if is_chunked {
        assert_eq!((named("content-length"), named("connection")), (vec![], told("Connection")));
    } else if named("content-length").is_empty() {
        // In another coding, whose end is that of the connection, if it is none of nothing.
        assert!(named("connection") == [b"close"] || told("Content-Length").is_empty());
    }
}
