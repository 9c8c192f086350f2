//! Any text as a host, a URL, and what a `Location` says: what comes of it can go on a line, and reads back.
//!
//! Input: two bytes of port, a line with a host or a URL, then what leads on from there.

use crate::http::url::{Origin, Url, target};

pub fn check(input: &[u8]) {
    let &[high, low, ref text @ ..] = input else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let (start, location) = text.split_once('\n').unwrap_or((&text, ""));
    if let Ok(origin) = Origin::parse(start, u16::from_be_bytes([high, low])) {
        assert_eq!(Origin::parse(&origin.to_string(), 0), Ok(origin.clone()));
        check_authority(&origin);
    }
    for text in [start, location] {
        if let Ok(target) = target(text) {
            check_target(&target);
        }
    }
    let Ok((url, _)) = Url::parse(start) else { return };
    check_url(&url);
    if let Ok((next, _)) = url.join(location) {
        check_url(&next);
        // A path of its own stays where it is.
        if location.starts_with('/') && !location[1..].starts_with(['/', '\\']) {
            assert_eq!(next.origin, url.origin);
        }
    }
}

fn check_url(url: &Url) {
    check_authority(&url.origin);
    check_target(&url.target);
    let text = url.to_string();
    assert_eq!(Url::parse(&text), Ok((url.clone(), None)));
    // The engine reads it, and tells the connector where to connect to in its own words.
    let uri: ureq::http::Uri = text.parse().expect("the engine reads it");
    assert_eq!(Url::parse(&uri.to_string()), Ok((url.clone(), None)));
    assert_eq!(uri.path_and_query().map(|target| target.as_str()), Some(url.target.as_str()));
}

fn check_authority(origin: &Origin) {
    assert_ne!(origin.port, 0);
    assert!(origin.host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte)));
    assert!(!origin.host.bytes().any(|byte| byte.is_ascii_uppercase()));
}

fn check_target(target: &str) {
    assert!(target.starts_with('/'));
    assert!(target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'), "{target:?}");
}
