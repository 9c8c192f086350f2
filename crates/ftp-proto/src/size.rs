//! Sizes in replies: what `SIZE` answers, and what is announced before a transfer.

use crate::number::decimal;

/// The size in the text of a 213 reply to `SIZE` (RFC 3659, section 4).
///
/// It should be the whole text. Words around it are tolerated: then the first word counts if it is a number, else
/// the last one that is.
pub fn size(text: &[u8]) -> Option<u64> {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    decimal(words.next()?).or_else(|| words.filter_map(decimal).next_back())
}

/// The number of bytes that the text of a 150 or 125 reply announces, as in `(1234 bytes)`.
///
/// It must end a line, but for a full stop or words about encryption, so that a file's name is not taken for it;
/// of several the last counts. Rounded figures (`12.3 kbytes`) are `None`: no transfer could be checked by them.
/// After `REST` some servers announce the whole file and others what remains of it.
///
/// ```
/// let text = b"Opening BINARY mode data connection for notes (1234 bytes).";
/// assert_eq!(ftp_proto::announced_size(text), Some(1234));
/// ```
pub fn announced_size(text: &[u8]) -> Option<u64> {
    text.split(|byte| *byte == b'\n').rev().find_map(announced_in)
}

fn announced_in(line: &[u8]) -> Option<u64> {
    let opening = line.iter().rposition(|byte| *byte == b'(')?;
    let inside = &line[opening + 1..];
    let closing = inside.iter().position(|byte| *byte == b')')?;
    let (inside, after) = (&inside[..closing], &inside[closing + 1..]);
    let after = after.trim_ascii();
    if !after.is_empty() && after != b"." && !after.starts_with(b"using ") {
        return None;
    }
    let mut words = inside.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (number, unit) = (words.next()?, words.next()?);
    let is_bytes = unit.eq_ignore_ascii_case(b"bytes") || unit.eq_ignore_ascii_case(b"byte");
    if is_bytes && words.next().is_none() { grouped(number) } else { None }
}

/// A number whose digits may stand in groups of three between commas.
fn grouped(number: &[u8]) -> Option<u64> {
    let groups: Vec<&[u8]> = number.split(|byte| *byte == b',').collect();
    let (first, others) = groups.split_first()?;
    if others.iter().any(|group| group.len() != 3) || (!others.is_empty() && first.len() > 3) {
        return None;
    }
    decimal(&groups.concat()).filter(|_| !first.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_found_among_words() {
        for (text, wanted) in [
            ("1234", Some(1234)),
            (" 1234 ", Some(1234)),
            ("0", Some(0)),
            ("1234 bytes", Some(1234)),
            ("12 is the size of file 7", Some(12)),
            ("the size of file 7 is 1234", Some(1234)),
            ("status of x:\n 1234\nend", Some(1234)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("-1", None),
            ("12.5", None),
            ("", None),
            ("unknown", None),
        ] {
            assert_eq!(size(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn announced_sizes_stand_in_parentheses_at_the_end() {
        for (text, wanted) in [
            ("Opening BINARY mode data connection for x (1234 bytes).", Some(1234)),
            ("Opening ASCII mode data connection for x (1234 bytes)", Some(1234)),
            ("Opening BINARY mode data connection for x (1234 Bytes).", Some(1234)),
            ("Opening BINARY mode data connection for x (1 byte)", Some(1)),
            ("Opening connection for x ( 1,234,567 bytes )", Some(1_234_567)),
            ("Opening connection for x (1234 bytes) using SSL/TLS.", Some(1234)),
            ("Opening connection for a (5 bytes).txt (1234 bytes).", Some(1234)),
            ("Accepted data connection\nOpening x (1234 bytes)\n", Some(1234)),
            ("Opening connection for a (5 bytes).txt", None),
            ("Opening connection for \"a (5 bytes)\"", None),
            ("Accepted data connection\n12.3 kbytes to download", None),
            ("Opening connection for x (12.3 kbytes)", None),
            ("Opening connection for x (1.234 bytes)", None),
            ("Opening connection for x (1,23 bytes)", None),
            ("Opening connection for x (,123 bytes)", None),
            ("Opening connection for x (1234,567 bytes)", None),
            ("Opening connection for x (-1 bytes)", None),
            ("Opening connection for x (99999999999999999999 bytes)", None),
            ("Opening connection for x (1234 bytes", None),
            ("Opening connection for x (1234)", None),
            ("Opening connection for x", None),
            ("", None),
        ] {
            assert_eq!(announced_size(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn cut_announcements_are_none() {
        let text = b"Opening BINARY mode data connection for x (1234 bytes)";
        for length in 0..text.len() {
            assert_eq!(announced_size(&text[..length]), None);
        }
    }

    proptest! {
        #[test]
        fn numbers_come_back(bytes: u64) {
            prop_assert_eq!(size(bytes.to_string().as_bytes()), Some(bytes));
            prop_assert_eq!(announced_size(format!("x ({bytes} bytes).").as_bytes()), Some(bytes));
        }

        #[test]
        fn any_bytes_are_a_size_or_none(text in "[0-9(), byteskof.\n]{0,40}", bytes: Vec<u8>) {
            for text in [text.as_bytes(), &bytes] {
                let _ = (size(text), announced_size(text));
            }
        }
    }
}
