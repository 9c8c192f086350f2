//! Any listing, cut in any way: the same entries, and the same end.
//!
//! Input: a byte that chooses the format, two of days since 1970, one of step, one each that chooses the limits of a
//! line and of the number of lines, then the stream.

use ftp_proto::{Entry, Listing, ListingError, ListingFormat, ListingLimits, Timestamp};

pub(crate) fn check(input: &[u8]) {
    let &[format, high, low, step, line, lines, ref stream @ ..] = input else {
        return;
    };
    let format = [ListingFormat::List, ListingFormat::Mlsd, ListingFormat::Names][usize::from(format % 3)];
    let today = Timestamp::from_unix(i64::from(u16::from_be_bytes([high, low])) * 86_400, 0);
    let limits = ListingLimits {
        line: if line < 64 { line.into() } else { 64 << 10 },
        lines: if lines < 64 { lines.into() } else { 10_000_000 },
    };
    let listing = || Listing::new(format, today, limits);
    let whole = entries(listing(), stream, usize::MAX);
    assert_eq!(entries(listing(), stream, usize::from(step).max(1)), whole);
    assert_eq!(entries(listing(), stream, 1), whole);

    let (entries, skipped, _) = whole;
    let ends = stream.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert!(entries.len() as u64 + skipped <= (ends + 1).min(limits.lines + 1));
    for Entry { name, permissions, modified, .. } in entries {
        assert!(!name.is_empty() && !name.contains(&b'\n'));
        // In a line of `LIST` something may stand behind the name.
        assert!(format == ListingFormat::List || name.last() != Some(&b'\r'));
        assert!(permissions.is_none_or(|mode| mode <= 0o7777));
        assert!(modified.is_none_or(|time| (1..=9999).contains(&time.year())));
    }
}

/// The entries when at most `step` bytes arrive at a time, how many lines were skipped, and the error.
fn entries(mut listing: Listing, stream: &[u8], step: usize) -> (Vec<Entry>, u64, Option<ListingError>) {
    let mut entries = Vec::new();
    let mut error = None;
    for piece in stream.chunks(step) {
        error = listing.push(piece).err();
        entries.extend(std::iter::from_fn(|| listing.next()));
        if error.is_some() {
            break;
        }
    }
    listing.finish();
    entries.extend(std::iter::from_fn(|| listing.next()));
    (entries, listing.skipped(), error)
}
