//! Texts in the forms that HTTP and its clients write them in.

/// Each byte as the character of its number, so that none is lost.
pub(super) fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// A string of JSON (RFC 8259, section 7), in ASCII.
pub(super) fn json_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    quoted + "\""
}

/// An array of JSON, of values that are JSON already.
pub(super) fn json_array(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    format!("[{}]", values.join(", "))
}

/// The pairs of a query, decoded (`application/x-www-form-urlencoded`).
pub(super) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        })
        .collect()
}

/// Resolves `%41` to `A` (RFC 3986, section 2.1); what is no such triplet stays.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let digits = bytes.get(index + 1..index + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) if *byte == b'%' => {
                found.push(value);
                index += 3;
            }
            _ => {
                found.push(*byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&found).into_owned()
}

/// RFC 4648, section 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let at = |index: usize| usize::from(group.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[value]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_becomes_json() {
        assert_eq!(json_string("a\"\\\r\u{e9}\u{1f600}"), r#""a\"\\\u000d\u00e9\ud83d\ude00""#);
        assert_eq!(json_array(["1".to_owned(), "2".to_owned()]), "[1, 2]");
        assert_eq!(from_latin1(b"\xe9"), "\u{e9}");
    }

    #[test]
    fn queries_are_decoded() {
        let pairs = query_pairs("url=http%3A%2F%2Fa%2F&b+c=%zz&d");
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(pairs, [("url", "http://a/"), ("b c", "%zz"), ("d", "")]);
    }

    #[test]
    fn credentials_are_written_as_the_rfc_does() {
        assert_eq!(base64(b"Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(
            (base64(b""), base64(b"abc"), base64(b"ab")),
            (String::new(), "YWJj".into(), "YWI=".into())
        );
    }
}
