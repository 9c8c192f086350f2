//! Any text as the field `Content-Range`: what is read of it is a range, and is read again.
//!
//! Input: the text.

use crate::http::client::download::ContentRange;

pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Some(range) = ContentRange::parse(text) else { return };
    let total = range.total.map_or("*".to_owned(), |total| total.to_string());
    let again = match range.first {
        Some(first) => {
            assert!(first <= range.last && range.last < u64::MAX);
            format!("bytes {first}-{}/{total}", range.last)
        }
        None => format!("bytes */{total}"),
    };
    assert_eq!(ContentRange::parse(&again), Some(range));
}
