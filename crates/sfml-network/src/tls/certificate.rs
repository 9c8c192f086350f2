//! The few fields of a certificate that rustls does not tell: names, and the time it is valid (RFC 5280 §4.1).
//!
//! In scope: walking DER far enough to find them, refusing whatever is not where it has to be.
//! Out of scope: signatures, extensions, and anything that decides whom to trust; see `verifier`.

/// What was found; the names are DER, and compared as bytes.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Fields<'a> {
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    /// Seconds since 1970, the first and the last that count.
    pub(super) validity: (i64, i64),
    /// The subject's last common name, if it is text.
    pub(super) common_name: Option<&'a str>,
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xa0;
/// 2.5.4.3
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
/// UTF-8, printable, Teletex and IA5 strings.
const STRINGS: [u8; 4] = [0x0c, 0x13, 0x14, 0x16];

impl<'a> Fields<'a> {
    /// `None` for what is no certificate.
    pub(super) fn of(certificate: &'a [u8]) -> Option<Self> {
        let mut outer = Reader(certificate);
        let mut certificate = Reader(outer.take(SEQUENCE)?);
        let mut fields = Reader(certificate.take(SEQUENCE)?);
        if fields.tag() == Some(VERSION) {
            fields.take(VERSION)?;
        }
        fields.take(INTEGER)?;
        fields.take(SEQUENCE)?;
        let issuer = fields.take(SEQUENCE)?;
        let mut validity = Reader(fields.take(SEQUENCE)?);
        let validity = (validity.time()?, validity.time()?);
        let subject = fields.take(SEQUENCE)?;
        Some(Self { issuer, subject, validity, common_name: common_name(subject) })
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

fn common_name(subject: &[u8]) -> Option<&str> {
    let mut names = Reader(subject);
    let mut found = None;
    while !names.0.is_empty() {
        let mut set = Reader(names.take(SET)?);
        while !set.0.is_empty() {
            let mut attribute = Reader(set.take(SEQUENCE)?);
            let is_common_name = attribute.take(OBJECT_IDENTIFIER)? == COMMON_NAME;
            let tag = attribute.tag()?;
            let value = attribute.take(tag)?;
            if is_common_name && STRINGS.contains(&tag) {
                found = std::str::from_utf8(value).ok();
            }
        }
    }
    found
}

/// What is left of some DER.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The contents of the next value, which has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&[found, length], rest) = self.0.split_first_chunk::<2>()?;
        if found != tag {
            return None;
        }
        let (length, rest) = match length {
            0..=0x7f => (usize::from(length), rest),
            0x81 => (usize::from(*rest.first()?), &rest[1..]),
            0x82 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            0x83 => {
                let (&[a, b, c], rest) = rest.split_first_chunk::<3>()?;
                (u32::from_be_bytes([0, a, b, c]) as usize, rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(contents)
    }

    /// The next value as seconds since 1970 (RFC 5280 §4.1.2.5): always with seconds, always in UTC.
    fn time(&mut self) -> Option<i64> {
        let tag = self.tag()?;
        let text = self.take(tag)?;
        let (year, rest) = match tag {
            UTC_TIME => {
                let year = number(text.get(..2)?)?;
                (if year < 50 { 2000 + year } else { 1900 + year }, &text[2..])
            }
            GENERALIZED_TIME => (number(text.get(..4)?)?, &text[4..]),
            _ => return None,
        };
        let (rest, b"Z") = rest.split_at_checked(10)? else {
            return None;
        };
        let field = |at: usize| number(&rest[at..at + 2]);
        let (month, day) = (field(0)?, field(2)?);
        let (hour, minute, second) = (field(4)?, field(6)?, field(8)?);
        let is_real = (1..=12).contains(&month) && (1..=31).contains(&day);
        if !is_real || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

/// Days from 1970 to a date of the Gregorian calendar, which here begins in March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use testkit::certificates::{COMMON_NAME, Certificates};

    use super::*;

    #[test]
    fn fields_are_those_the_certificate_was_made_with() {
        let kind = &Certificates::shared().common_name_only.certificate;
        let fields = Fields::of(kind).unwrap();
        assert_eq!(fields.common_name, Some(COMMON_NAME));
        assert!(fields.is_self_issued());
        // 2000-01-01 and 2100-12-31, midnight.
        assert_eq!(fields.validity, (946_684_800, 4_133_894_400));
        assert!(!Fields::of(&Certificates::shared().good.certificate).unwrap().is_self_issued());
    }

    #[test]
    fn a_certificate_cut_short_anywhere_is_none() {
        let whole = &Certificates::shared().good.certificate;
        for length in 0..whole.len() {
            assert_eq!(Fields::of(&whole[..length]), None, "{length}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_in_a_certificate_nothing_panics(at in 0_usize..400, bytes in any::<[u8; 3]>()) {
            let mut certificate = Certificates::shared().common_name_only.certificate.clone();
            let at = at.min(certificate.len() - bytes.len());
            certificate[at..at + bytes.len()].copy_from_slice(&bytes);
            let _ = Fields::of(&certificate);
            let _ = Fields::of(&certificate[at..]);
        }
    }

    #[test]
    fn days_agree_with_the_calendar() {
        assert_eq!((days(1970, 1, 1), days(2000, 3, 1), days(1969, 12, 31)), (0, 11_017, -1));
    }
}
