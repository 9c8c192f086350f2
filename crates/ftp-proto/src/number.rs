//! Decimal numbers in bytes.

/// The number that these bytes are, if they are digits and nothing else.
pub(crate) fn decimal(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 { None } else { value.checked_mul(10)?.checked_add(digit.into()) }
    })
}

/// As [`decimal`], where one or two digits are expected.
pub(crate) fn two_digits(bytes: &[u8]) -> Option<u8> {
    if bytes.len() > 2 { None } else { decimal(bytes)?.try_into().ok() }
}

/// The digits at the front, and what follows them.
pub(crate) fn split_digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    bytes.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_that_fit_are_a_number() {
        assert_eq!(decimal(b"0"), Some(0));
        assert_eq!(decimal(b"007"), Some(7));
        assert_eq!(decimal(b"18446744073709551615"), Some(u64::MAX));
        for bytes in [&b""[..], b"18446744073709551616", b"-1", b"+1", b"1 ", b"0x1", b"1.0", b"\xB2"] {
            assert_eq!(decimal(bytes), None);
        }
    }

    #[test]
    fn digits_are_split_from_what_follows() {
        assert_eq!(split_digits(b"12ab"), (&b"12"[..], &b"ab"[..]));
        assert_eq!(split_digits(b"ab"), (&b""[..], &b"ab"[..]));
        assert_eq!(two_digits(b"09"), Some(9));
        assert_eq!(two_digits(b"009"), None);
    }
}
