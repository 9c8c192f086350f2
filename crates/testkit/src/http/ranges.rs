//! Parts of a file: `Range` and `If-Range` (RFC 9110, sections 13.1.5 and 14).

use std::ops::Range;

use super::head::Head;

/// What a request for a file asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    Whole,
    Part(Range<u64>),
    /// A part that the file does not have.
    Impossible,
}

/// What of a file of this length is asked for. More than one part at once, and what is no range, is not heeded, as
/// servers may.
pub(super) fn wanted(head: &Head, length: u64, validators: [&str; 2]) -> Wanted {
    let Some(range) = head.field("range").filter(|_| head.method == "GET") else { return Wanted::Whole };
    if head.field("if-range").is_some_and(|validator| !validators.contains(&&*validator)) {
        return Wanted::Whole;
    }
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Wanted::Whole;
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return Wanted::Whole,
    };
    if part.is_empty() { Wanted::Impossible } else { Wanted::Part(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lines: &[&str]) -> Wanted {
        let lines = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
        let head = Head { method: "GET".to_owned(), lines, ..Head::default() };
        wanted(&head, 10, ["\"tag\"", "date"])
    }

    #[test]
    fn a_range_is_cut_to_the_file() {
        assert_eq!(asked(&[]), Wanted::Whole);
        assert_eq!(asked(&["Range: bytes=2-4"]), Wanted::Part(2..5));
        assert_eq!(asked(&["Range: bytes=2-"]), Wanted::Part(2..10));
        assert_eq!(asked(&["Range: bytes=-3"]), Wanted::Part(7..10));
        assert_eq!(asked(&["Range: bytes=-30"]), Wanted::Part(0..10));
        assert_eq!(asked(&["Range: bytes=9-99"]), Wanted::Part(9..10));
        assert_eq!(asked(&["Range: bytes=10-"]), Wanted::Impossible);
        assert_eq!(asked(&["Range: bytes=-0"]), Wanted::Impossible);
        assert_eq!(asked(&["Range: bytes=1-2,4-5"]), Wanted::Whole);
        assert_eq!(asked(&["Range: lines=1-2"]), Wanted::Whole);
    }

    #[test]
    fn a_part_of_another_file_is_not_sent() {
        assert_eq!(asked(&["Range: bytes=2-", "If-Range: \"tag\""]), Wanted::Part(2..10));
        assert_eq!(asked(&["Range: bytes=2-", "If-Range: date"]), Wanted::Part(2..10));
        assert_eq!(asked(&["Range: bytes=2-", "If-Range: \"old\""]), Wanted::Whole);
    }
}
