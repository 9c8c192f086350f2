//! The pieces of dates in the lines of `LIST`: times of day, numbers, names of months.

use crate::number::{decimal, split_digits, two_digits};
use crate::timestamp::{Timestamp, nanoseconds};

/// The day on which a listing is read, for dates that leave something open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Today {
    year: i32,
    /// Zones and clocks may differ by a day; what is later than this is not meant.
    latest: Timestamp,
}

impl Today {
    pub(super) fn new(today: Timestamp) -> Self {
        Self { year: today.year(), latest: Timestamp::from_unix(today.unix_seconds() + 86_400, 0) }
    }

    /// The last such day and time that is not in the future. Eight years are enough for a 29th of February.
    pub(super) fn last(&self, month: u8, day: u8, clock: Clock) -> Option<Timestamp> {
        let mut times = (self.year - 8..=self.year + 1).rev().filter_map(|year| clock.on((year, month, day)));
        times.find(|time| self.is_past(time))
    }

    /// Whether a time is not in the future.
    pub(super) fn is_past(&self, time: &Timestamp) -> bool {
        *time <= self.latest
    }
}

/// A time of day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Clock {
    hour: u8,
    minute: u8,
    second: Option<u8>,
    nanosecond: Option<u32>,
}

impl Clock {
    /// Reads `13:59`, `13:59:07` or `13:59:07.25`.
    pub(super) fn parse(word: &[u8]) -> Option<Self> {
        let (hour, rest) = split_digits(word);
        let (minute, rest) = split_digits(rest.strip_prefix(b":")?);
        let mut clock =
            Self { hour: two_digits(hour)?, minute: two_digits(minute)?, second: None, nanosecond: None };
        if rest.is_empty() {
            return Some(clock);
        }
        let (second, rest) = split_digits(rest.strip_prefix(b":")?);
        clock.second = Some(two_digits(second)?);
        if !rest.is_empty() {
            clock.nanosecond = Some(nanoseconds(rest.strip_prefix(b".")?)?);
        }
        Some(clock)
    }

    /// As [`parse`](Self::parse), and `AM`, `PM`, `a` or `p` may follow at once.
    pub(super) fn parse_with_half(word: &[u8]) -> Option<Self> {
        let letters = word.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (time, half) = word.split_at(word.len() - letters);
        Self::parse(time)?.in_half(half)
    }

    /// This time in the half of the day that is named, as on a clock of twelve hours.
    pub(super) fn in_half(self, half: &[u8]) -> Option<Self> {
        let shift = match half {
            [] => return Some(self),
            [b'a' | b'A'] | [b'a' | b'A', b'm' | b'M'] => 0,
            [b'p' | b'P'] | [b'p' | b'P', b'm' | b'M'] => 12,
            _ => return None,
        };
        // A server that writes 13:59PM means what it says.
        let hour = if self.hour <= 12 { self.hour % 12 + shift } else { self.hour };
        Some(Self { hour, ..self })
    }

    pub(super) fn has_seconds(&self) -> bool {
        self.second.is_some()
    }

    /// This time of that year, month and day. `None` if there is none such.
    pub(super) fn on(&self, (year, month, day): (i32, u8, u8)) -> Option<Timestamp> {
        let time = Timestamp::date(year, month, day)?.with_minute(self.hour, self.minute)?;
        let Some(second) = self.second else {
            return Some(time);
        };
        let time = time.with_second(second)?;
        match self.nanosecond {
            None => Some(time),
            Some(nanosecond) => time.with_nanosecond(nanosecond),
        }
    }
}

/// Two or three numbers with the same separator between them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NumericDate<'a> {
    /// The digits; the last may be missing.
    parts: [&'a [u8]; 3],
    pub(super) separator: u8,
}

/// Which number of a date is which.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    YearMonthDay,
    MonthDayYear,
    DayMonthYear,
}

impl<'a> NumericDate<'a> {
    pub(super) fn parse(word: &'a [u8]) -> Option<Self> {
        let (first, rest) = split_digits(word);
        let (separator, rest) = rest.split_first().filter(|(byte, _)| matches!(byte, b'-' | b'/' | b'.'))?;
        let (second, rest) = split_digits(rest);
        let third = if rest.is_empty() { rest } else { rest.strip_prefix(&[*separator])? };
        let is_date = !first.is_empty() && !second.is_empty() && third.iter().all(u8::is_ascii_digit);
        is_date.then_some(Self { parts: [first, second, third], separator: *separator })
    }

    /// Whether the first number has the four digits of a year.
    pub(super) fn begins_with_year(&self) -> bool {
        self.parts[0].len() == 4
    }

    /// The year, month and day, if the numbers in this order can be some.
    pub(super) fn read(&self, order: Order) -> Option<(i32, u8, u8)> {
        let [a, b, c] = self.parts;
        let (year, month, day) = match order {
            Order::YearMonthDay => (a, b, c),
            Order::MonthDayYear => (c, a, b),
            Order::DayMonthYear => (c, b, a),
        };
        let (month, day) = (two_digits(month)?, two_digits(day)?);
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        is_date.then_some((any_year(year)?, month, day))
    }

    /// The month and the day of a date without a year, as in `01-02`.
    pub(super) fn month_and_day(&self) -> Option<(u8, u8)> {
        let [month, day, nothing] = self.parts;
        if nothing.is_empty() { Some((two_digits(month)?, two_digits(day)?)) } else { None }
    }
}

/// A year of four digits.
pub(super) fn year(word: &[u8]) -> Option<i32> {
    if word.len() == 4 { decimal(word)?.try_into().ok() } else { None }
}

/// A year of two to four digits. Two are one of 1970 to 2069; three are what counts from 1900 and was not ready
/// for 2000.
fn any_year(word: &[u8]) -> Option<i32> {
    let number = i32::try_from(decimal(word)?).ok()?;
    match word.len() {
        2 if number < 70 => Some(2000 + number),
        2 | 3 => Some(1900 + number),
        4 => Some(number),
        _ => None,
    }
}

/// A month by its English name, or the first three letters or more of it.
pub(super) fn month(word: &[u8]) -> Option<u8> {
    let (head, tail) = word.split_first_chunk::<3>()?;
    let (month, end) = match &head.map(|byte| byte.to_ascii_lowercase()) {
        b"jan" => (1, "uary"),
        b"feb" => (2, "ruary"),
        b"mar" => (3, "ch"),
        b"apr" => (4, "il"),
        b"may" => (5, ""),
        b"jun" => (6, "e"),
        b"jul" => (7, "y"),
        b"aug" => (8, "ust"),
        b"sep" => (9, "tember"),
        b"oct" => (10, "ober"),
        b"nov" => (11, "ember"),
        b"dec" => (12, "ember"),
        _ => return None,
    };
    let is_name = end.as_bytes().get(..tail.len())?.eq_ignore_ascii_case(tail);
    if is_name { Some(month) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(word: &str) -> Option<String> {
        let clock = Clock::parse_with_half(word.as_bytes())?;
        Some(clock.on((2026, 1, 2))?.to_string().split_off("2026-01-02 ".len()))
    }

    #[test]
    fn times_of_day_are_read() {
        for (word, wanted) in [
            ("13:59", "13:59"),
            ("3:04", "03:04"),
            ("13:59:07", "13:59:07"),
            ("13:59:07.25", "13:59:07.25"),
            ("09:09PM", "21:09"),
            ("09:09am", "09:09"),
            ("12:00AM", "00:00"),
            ("12:00p", "12:00"),
            ("13:59PM", "13:59"),
        ] {
            assert_eq!(shown(word).as_deref(), Some(wanted), "{word}");
        }
        for word in [
            "",
            "13",
            "13:",
            ":59",
            "24:00",
            "13:60",
            "13:59:61",
            "13:59:",
            "13:59xm",
            "13:59:07.",
            "1:2:3:4",
        ] {
            assert_eq!(shown(word), None, "{word}");
        }
    }

    #[test]
    fn numbers_are_read_in_the_order_asked_for() {
        let read = |word: &'static str, order| NumericDate::parse(word.as_bytes())?.read(order);
        assert_eq!(read("2026-01-02", Order::YearMonthDay), Some((2026, 1, 2)));
        assert_eq!(read("26/1/2", Order::YearMonthDay), Some((2026, 1, 2)));
        assert_eq!(read("01-02-26", Order::MonthDayYear), Some((2026, 1, 2)));
        assert_eq!(read("02.01.1999", Order::DayMonthYear), Some((1999, 1, 2)));
        assert_eq!(read("01-02-70", Order::MonthDayYear), Some((1970, 1, 2)));
        assert_eq!(read("01-02-126", Order::MonthDayYear), Some((2026, 1, 2)));
        for word in
            ["13-01-26", "01-32-26", "01-02", "01-02-", "01-02/26", "1-2-3-4", "01-02-20260", "01:02:26"]
        {
            assert_eq!(read(word, Order::MonthDayYear), None, "{word}");
        }
    }

    #[test]
    fn months_are_known_by_three_letters_or_more() {
        assert_eq!(month(b"Jan"), Some(1));
        assert_eq!(month(b"DEC"), Some(12));
        assert_eq!((month(b"Sept"), month(b"June")), (Some(9), Some(6)));
        for word in ["", "Ja", "Janet", "Mai", "Juneau", "J\u{e4}n"] {
            assert_eq!(month(word.as_bytes()), None, "{word}");
        }
    }

    #[test]
    fn time_without_a_year_is_the_last_that_is_not_in_the_future() {
        let last = |today: &str, month, day, clock: &str| {
            let today = Today::new(Timestamp::from_mdtm(today.as_bytes()).unwrap());
            today.last(month, day, Clock::parse(clock.as_bytes()).unwrap()).map(|time| time.year())
        };
        assert_eq!(last("20260601120000", 5, 31, "13:59"), Some(2026));
        assert_eq!(last("20260601120000", 6, 2, "12:00"), Some(2026));
        assert_eq!(last("20260601120000", 6, 2, "12:01"), Some(2025));
        assert_eq!(last("20260601120000", 12, 31, "00:00"), Some(2025));
        assert_eq!(last("20251231235000", 1, 1, "02:00"), Some(2026));
        assert_eq!(last("20270601120000", 2, 29, "00:00"), Some(2024));
        assert_eq!(last("20260601120000", 2, 30, "00:00"), None);
        assert_eq!(last("00010101000000", 6, 1, "00:00"), None);
        assert_eq!(last("99991231235959", 6, 1, "00:00"), Some(9999));
    }
}
