//! Times as servers tell them.
//!
//! `MDTM` and the facts of `MLSD` and `MLST` are in UTC (RFC 3659, section 2.3). The lines of `LIST` are in the
//! zone of the server, which it does not tell: such a time may be some hours off. [`Precision`] says how much of a
//! time was told at all.

use std::fmt;

use crate::number::{decimal, split_digits, two_digits};

/// A day between the years 1 and 9999, and a time of that day.
///
/// They are ordered by time; of two equal ones the less precise is the smaller.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp {
    year: i32,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    precision: Precision,
}

/// Down to what a time was told; what is below it is zero.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Precision {
    /// The day: `LIST` of files that are older than half a year.
    Day,
    /// The minute: `LIST` of the others.
    Minute,
    /// The second.
    Second,
    /// A fraction of a second.
    Fraction,
}

impl Timestamp {
    /// The beginning of a day, [precise](Precision) to the day. `None` if the calendar does not have it.
    pub fn date(year: i32, month: u8, day: u8) -> Option<Self> {
        let is_valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        is_valid.then_some(Self {
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            precision: Precision::Day,
        })
    }

    /// A time, precise to the second. `None` if there is none such; the second may be 60, as in a leap second.
    ///
    /// ```
    /// use ftp_proto::Timestamp;
    ///
    /// let time = Timestamp::new(2026, 2, 28, 23, 59, 59).expect("a time of that day");
    /// assert_eq!(time.to_string(), "2026-02-28 23:59:59");
    /// assert_eq!(Timestamp::new(2026, 2, 29, 0, 0, 0), None);
    /// ```
    pub fn new(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Self> {
        Self::date(year, month, day)?.with_minute(hour, minute)?.with_second(second)
    }

    /// The time that is so many seconds, and nanoseconds, after the beginning of 1970 in UTC.
    ///
    /// What is outside the years 1 to 9999, or more nanoseconds than a second has, becomes the nearest that is not.
    pub fn from_unix(seconds: i64, nanoseconds: u32) -> Self {
        let seconds = seconds.clamp(FIRST_SECOND, LAST_SECOND);
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
        let of_day = seconds.rem_euclid(DAY);
        let part = |unit: i64, count: i64| u8::try_from(of_day / unit % count).unwrap_or(0);
        let nanosecond = nanoseconds.min(999_999_999);
        Self {
            year,
            month,
            day,
            hour: part(3600, 24),
            minute: part(60, 60),
            second: part(1, 60),
            nanosecond,
            precision: if nanosecond == 0 { Precision::Second } else { Precision::Fraction },
        }
    }

    /// The time in the text of a 213 reply to `MDTM`, or in a fact: `YYYYMMDDHHMMSS`, perhaps a fraction.
    ///
    /// Servers that count the years since 1900 and write `19` before them say `19126...` for 2026, which is
    /// understood. Words after the time are ignored.
    pub fn from_mdtm(text: &[u8]) -> Option<Self> {
        let word = text.split(u8::is_ascii_whitespace).find(|word| !word.is_empty())?;
        let (digits, fraction) = split_digits(word);
        let (year, rest) = match (digits.len(), digits) {
            (14, _) => (decimal(&digits[..4])?, &digits[4..]),
            (15, [b'1', b'9', b'1', ..]) => (1900 + decimal(&digits[2..5])?, &digits[5..]),
            _ => return None,
        };
        let mut pairs = rest.chunks(2).map(two_digits);
        let mut pair = || pairs.next().flatten();
        let time = Self::new(year.try_into().ok()?, pair()?, pair()?, pair()?, pair()?, pair()?)?;
        match fraction {
            [] | [b'.'] => Some(time),
            [b'.', fraction @ ..] => time.with_nanosecond(nanoseconds(fraction)?),
            _ => None,
        }
    }

    /// This time, [precise](Precision) to the minute. `None` if a day does not have that minute.
    pub fn with_minute(self, hour: u8, minute: u8) -> Option<Self> {
        let time = Self { hour, minute, second: 0, nanosecond: 0, precision: Precision::Minute, ..self };
        (hour < 24 && minute < 60).then_some(time)
    }

    /// This time, precise to the second. `None` if it is more than 60.
    pub fn with_second(self, second: u8) -> Option<Self> {
        let time = Self { second, nanosecond: 0, precision: Precision::Second, ..self };
        (second <= 60).then_some(time)
    }

    /// This time, precise to the nanosecond. `None` if there are more than a second has.
    pub fn with_nanosecond(self, nanosecond: u32) -> Option<Self> {
        let time = Self { nanosecond, precision: Precision::Fraction, ..self };
        (nanosecond < 1_000_000_000).then_some(time)
    }

    /// The year, 1 to 9999.
    pub const fn year(&self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(&self) -> u8 {
        self.day
    }

    /// The hour, 0 to 23.
    pub const fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub const fn minute(&self) -> u8 {
        self.minute
    }

    /// The second, 0 to 60.
    pub const fn second(&self) -> u8 {
        self.second
    }

    /// The nanoseconds within the second.
    pub const fn nanosecond(&self) -> u32 {
        self.nanosecond
    }

    /// Down to what the time was told.
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// Seconds since the beginning of 1970, taking this time for UTC; the fraction is left out.
    pub fn unix_seconds(&self) -> i64 {
        let of_day = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        days_from_civil(self.year, self.month, self.day) * DAY + of_day
    }

    /// `YYYYMMDDHHMMSS`, as `MFMT` and `MDTM` take it; the fraction is left out.
    pub fn to_mdtm(&self) -> String {
        let Self { year, month, day, hour, minute, second, .. } = self;
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
    }
}

impl fmt::Display for Timestamp {
    /// As ISO 8601 has it, with a blank between day and time and as much of the time as was told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        if self.precision >= Precision::Minute {
            write!(f, " {:02}:{:02}", self.hour, self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", self.second)?;
        }
        if self.precision >= Precision::Fraction {
            let digits = format!("{:09}", self.nanosecond);
            let digits = digits.trim_end_matches('0');
            write!(f, ".{digits:0<1}")?;
        }
        Ok(())
    }
}

const DAY: i64 = 86_400;
/// The beginning of the year 1.
const FIRST_SECOND: i64 = -62_135_596_800;
/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// Reads the digits behind a point; those behind the ninth are ignored.
pub(crate) fn nanoseconds(fraction: &[u8]) -> Option<u32> {
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    Some(digits.fold(0, |value, digit| value * 10 + u32::from(digit - b'0')))
}

fn days_in_month(year: i32, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number of the day, 0 being the first of 1970. Years are counted from March, so that the leap day is last.
fn days_from_civil(year: i32, month: u8, day: u8) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + of_year - 719_468
}

/// The year, month and day with this number.
fn civil_from_days(days: i64) -> (i32, u8, u8) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let small = |number: i64| u8::try_from(number).unwrap_or(1);
    (i32::try_from(year).unwrap_or(1), small(month), small(day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        Timestamp::from_mdtm(text.as_bytes()).map(|time| time.to_string())
    }

    #[test]
    fn mdtm_times_are_read() {
        for (text, wanted) in [
            ("20260102030405", "2026-01-02 03:04:05"),
            (" 20260102030405 \n", "2026-01-02 03:04:05"),
            ("20260102030405 GMT", "2026-01-02 03:04:05"),
            ("20260102030405.", "2026-01-02 03:04:05"),
            ("20260102030405.7", "2026-01-02 03:04:05.7"),
            ("20260102030405.007", "2026-01-02 03:04:05.007"),
            ("20260102030405.000", "2026-01-02 03:04:05.0"),
            ("20260102030405.1234567899999", "2026-01-02 03:04:05.123456789"),
            ("20240229000000", "2024-02-29 00:00:00"),
            ("20161231235960", "2016-12-31 23:59:60"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn years_counted_from_1900_are_understood() {
        assert_eq!(shown("191000102030405").as_deref(), Some("2000-01-02 03:04:05"));
        assert_eq!(shown("191260102030405.5").as_deref(), Some("2026-01-02 03:04:05.5"));
        assert_eq!(shown("192000102030405"), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "x",
            "2026010203040",
            "202601020304056",
            "20261302030405",
            "20260230030405",
            "20260102240405",
            "20260102036005",
            "20260102030461",
            "00000102030405",
            "20260102030405.x",
            "20260102030405.5x",
            "20260102030405,5",
            "2026010203040\u{b2}",
            "-2026010203040",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn cut_times_are_none_or_less_precise() {
        let text = b"20260102030405.25";
        for length in 0..text.len() {
            let precision = Timestamp::from_mdtm(&text[..length]).map(|time| time.precision());
            let wanted = match length {
                0..14 => None,
                14 | 15 => Some(Precision::Second),
                _ => Some(Precision::Fraction),
            };
            assert_eq!(precision, wanted);
        }
    }

    #[test]
    fn known_moments_have_their_unix_seconds() {
        for (text, seconds) in [
            ("19700101000000", 0),
            ("19691231235959", -1),
            ("20000229120000", 951_825_600),
            ("20380119031408", 1 << 31),
            ("00010101000000", FIRST_SECOND),
            ("99991231235959", LAST_SECOND),
        ] {
            let time = Timestamp::from_mdtm(text.as_bytes()).unwrap();
            assert_eq!(time.unix_seconds(), seconds);
            assert_eq!(Timestamp::from_unix(seconds, 0), time);
        }
        assert_eq!(Timestamp::from_unix(i64::MIN, 0).to_mdtm(), "00010101000000");
        assert_eq!(Timestamp::from_unix(i64::MAX, u32::MAX).to_string(), "9999-12-31 23:59:59.999999999");
    }

    #[test]
    fn precision_is_what_was_told() {
        let day = Timestamp::date(2026, 1, 2).unwrap();
        let minute = day.with_minute(3, 4).unwrap();
        assert_eq!((day.to_string(), minute.to_string()), ("2026-01-02".into(), "2026-01-02 03:04".into()));
        assert_eq!(minute.with_second(5).unwrap().with_minute(3, 4), Some(minute));
        assert_eq!((day.with_minute(24, 0), day.with_minute(0, 60)), (None, None));
        assert_eq!(minute.with_nanosecond(1_000_000_000), None);
        assert!(day < day.with_minute(0, 0).unwrap() && minute < minute.with_second(0).unwrap());
    }

    proptest! {
        #[test]
        fn seconds_come_back(seconds in FIRST_SECOND..=LAST_SECOND, nanoseconds in 0_u32..1_000_000_000) {
            let time = Timestamp::from_unix(seconds, nanoseconds);
            prop_assert_eq!((time.unix_seconds(), time.nanosecond()), (seconds, nanoseconds));
            let whole = Timestamp::from_unix(seconds, 0);
            prop_assert_eq!(Timestamp::from_mdtm(time.to_mdtm().as_bytes()), Some(whole));
            let again = Timestamp::new(
                time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second(),
            );
            prop_assert_eq!(again, Some(whole));
        }

        #[test]
        fn order_is_that_of_the_seconds(a in FIRST_SECOND..=LAST_SECOND, b in FIRST_SECOND..=LAST_SECOND) {
            prop_assert_eq!(Timestamp::from_unix(a, 0).cmp(&Timestamp::from_unix(b, 0)), a.cmp(&b));
        }

        #[test]
        fn any_bytes_are_a_time_or_none(text in "[0-9. ]{0,30}", bytes: Vec<u8>) {
            let _ = (Timestamp::from_mdtm(text.as_bytes()), Timestamp::from_mdtm(&bytes));
        }
    }
}
