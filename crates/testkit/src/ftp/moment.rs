//! Times of files as FTP writes them, in UTC (RFC 3659, section 2.3).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time, in whole seconds since 1970.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Moment(i64);

const DAY: i64 = 86_400;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Moment {
    /// Reads `YYYYMMDDhhmmss`.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        if text.len() != 14 || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |from: usize, to: usize| {
            text[from..to].iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
        };
        let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
        let (hour, minute, second) = (number(8, 10), number(10, 12), number(12, 14));
        let days = days(year, month, day);
        let is_real = hour < 24 && minute < 60 && second <= 60 && date(days) == (year, month, day);
        is_real.then_some(Self(days * DAY + hour * 3600 + minute * 60 + second))
    }

    /// `YYYYMMDDhhmmss`.
    pub(super) fn digits(self) -> String {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let (hour, minute, second) = self.time();
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
    }

    /// As `ls` shows it: with the time when it is of the last half year before `now`, else with the year.
    pub(super) fn of_listing(self, now: Self) -> String {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let (hour, minute, _) = self.time();
        let month = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"Jan");
        if self <= now && now.0 - self.0 < 182 * DAY {
            format!("{month} {day:2} {hour:02}:{minute:02}")
        } else {
            format!("{month} {day:2}  {year:4}")
        }
    }

    fn time(self) -> (i64, i64, i64) {
        let second = self.0.rem_euclid(DAY);
        (second / 3600, second / 60 % 60, second % 60)
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(seconds(after)),
            Err(before) => Self(-seconds(before.duration())),
        }
    }
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        let distance = Duration::from_secs(moment.0.unsigned_abs());
        let time =
            if moment.0 < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.unwrap_or(UNIX_EPOCH)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; the year is taken to begin in March, so that a leap
/// day is the last of a year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

/// The date so many days after 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    const OF_400_YEARS: i64 = 146_097;
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(OF_400_YEARS), days.rem_euclid(OF_400_YEARS));
    let year = (day - day / 1460 + day / 36_524 - day / (OF_400_YEARS - 1)) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_seconds_are_the_same_moment() {
        let known = [
            (0, "19700101000000"),
            (951_782_400, "20000229000000"),
            (1_583_020_799, "20200229235959"),
            (4_102_444_799, "20991231235959"),
            (-1, "19691231235959"),
        ];
        for (seconds, digits) in known {
            assert_eq!(Moment(seconds).digits(), digits);
            assert_eq!(Moment::parse(digits.as_bytes()), Some(Moment(seconds)));
        }
    }

    #[test]
    fn every_day_of_a_century_is_its_own_date() {
        for day in 0..36_525 {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["20210229000000", "20211301000000", "20210101240000", "2021010100000", "2021010100000x"]
        {
            assert_eq!(Moment::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn old_and_future_files_show_the_year() {
        let now = Moment(1_583_020_799);
        assert_eq!(now.of_listing(now), "Feb 29 23:59");
        assert_eq!(Moment(0).of_listing(now), "Jan  1  1970");
        assert_eq!(Moment(4_102_444_799).of_listing(now), "Dec 31  2099");
    }
}
