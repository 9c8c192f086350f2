//! The date in a line of `ls -l`.

use super::date::{Clock, NumericDate, Order, Today, month, year};
use super::words::Words;
use crate::number::two_digits;
use crate::timestamp::Timestamp;

/// Takes a date from the front of `words`, in any of the forms that `ls` and its imitators have.
///
/// What has the form of a date but is on no calendar counts, as an unknown time.
pub(super) fn date_column<'a>(mut words: Words<'a>, today: &Today) -> Option<(Option<Timestamp>, Words<'a>)> {
    let first = words.next()?;
    if let Some(month) = month(first) {
        let day = day(words.next()?)?;
        return time_or_year(month, day, words, today);
    }
    if let Some(date) = NumericDate::parse(first) {
        return numeric(date, words, today);
    }
    let day = day(first)?;
    let month = month(words.next()?)?;
    time_or_year(month, day, words, today)
}

/// What follows a month and a day.
fn time_or_year<'a>(
    month: u8,
    day: u8,
    mut words: Words<'a>,
    today: &Today,
) -> Option<(Option<Timestamp>, Words<'a>)> {
    let word = words.next()?;
    let Some(clock) = Clock::parse(word) else {
        return Some((Timestamp::date(year(word)?, month, day), words));
    };
    let mut behind = words;
    if clock.has_seconds() {
        // The form of BSD has the year too. A number that ends the line is the name.
        if let Some(year) = behind.next().and_then(year).filter(|_| behind.name().is_some()) {
            return Some((clock.on((year, month, day)), behind));
        }
    }
    Some((today.last(month, day, clock), words))
}

/// `2026-01-02`, perhaps a time, perhaps a zone; or `01-02` and a time.
fn numeric<'a>(
    date: NumericDate<'_>,
    mut words: Words<'a>,
    today: &Today,
) -> Option<(Option<Timestamp>, Words<'a>)> {
    let mut behind = words;
    let clock = behind.next().and_then(Clock::parse);
    if !date.begins_with_year() {
        let (month, day) = date.month_and_day()?;
        return Some((today.last(month, day, clock?), behind));
    }
    let date = date.read(Order::YearMonthDay)?;
    let Some(clock) = clock else {
        let (year, month, day) = date;
        // GNU's short form has it as wide as a recent date and its time.
        words.skip_padding();
        return Some((Timestamp::date(year, month, day), words));
    };
    let time = clock.on(date);
    // GNU's long form tells the zone. The time is that of the server, as in all other forms.
    let mut zone = behind;
    let has_zone = clock.has_seconds() && zone.next().is_some_and(is_zone) && zone.name().is_some();
    Some((time, if has_zone { zone } else { behind }))
}

/// A day, with the full stop some languages put behind it.
fn day(word: &[u8]) -> Option<u8> {
    let digits = word.strip_suffix(b".").or(word.strip_suffix(b",")).unwrap_or(word);
    two_digits(digits).filter(|day| (1..=31).contains(day))
}

fn is_zone(word: &[u8]) -> bool {
    matches!(word, [b'+' | b'-', digits @ ..] if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The time, and what is left behind it.
    fn shown(text: &str) -> Option<(String, String)> {
        let today = Today::new(Timestamp::new(2026, 6, 1, 12, 0, 0).unwrap());
        let (time, words) = date_column(Words::new(text.as_bytes()), &today)?;
        let time = time.map_or("unknown".into(), |time| time.to_string());
        Some((time, String::from_utf8(words.rest().to_vec()).unwrap()))
    }

    #[test]
    fn every_form_of_date_is_read_up_to_the_name() {
        for (text, time) in [
            ("Jan  2 13:59", "2026-01-02 13:59"),
            ("Jul  2 13:59", "2025-07-02 13:59"),
            ("Jan  2  2025", "2025-01-02"),
            ("Jan 02 2025", "2025-01-02"),
            ("Sept 2, 2025", "2025-09-02"),
            (" 2 Jan 13:59", "2026-01-02 13:59"),
            ("2. Jan 2025", "2025-01-02"),
            ("02 Jan  2025", "2025-01-02"),
            ("2026-01-02 03:04", "2026-01-02 03:04"),
            ("2026/01/02 03:04", "2026-01-02 03:04"),
            ("2026-01-02 03:04:05", "2026-01-02 03:04:05"),
            ("2026-01-02 03:04:05.250000000 +0100", "2026-01-02 03:04:05.25"),
            ("01-02 03:04", "2026-01-02 03:04"),
            ("Jan  2 13:59:07 2024", "2024-01-02 13:59:07"),
            ("Jan  2 13:59:07", "2026-01-02 13:59:07"),
            ("Feb 29 13:59", "2024-02-29 13:59"),
            ("Feb 30 2025", "unknown"),
            ("Jan  2 25:00", "unknown"),
        ] {
            for name in [" name", "  name", " 2025", " a b"] {
                assert_eq!(shown(&format!("{text}{name}")), Some((time.into(), name.into())), "{text}");
            }
        }
    }

    #[test]
    fn day_alone_has_one_blank_more() {
        for text in ["2026-01-02 name", "2026-01-02  name"] {
            assert_eq!(shown(text), Some(("2026-01-02".into(), " name".into())));
        }
        assert_eq!(shown("2026-01-02   name").unwrap().1, "  name");
    }

    #[test]
    fn names_that_look_like_more_of_the_date_stay_names() {
        assert_eq!(shown("Jan  2 13:59:07 2024").unwrap().1, " 2024");
        assert_eq!(shown("2026-01-02 03:04 +0100").unwrap().1, " +0100");
        assert_eq!(shown("Jan  2 13:59 2024 x").unwrap().1, " 2024 x");
    }

    #[test]
    fn other_words_are_no_date() {
        for text in
            ["", "Jan", "Jan 2", "Jan 0 2025", "Jan 32 2025", "Jan x 2025", "Jan 2 x", "Jan 2 20255", "2 3 4"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
        for text in
            ["users 1234 Jan 2 2025", "2026-13-02 03:04 x", "01-02 x", "01-02-03 04:05 x", "1.2K Jan 2"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
