//! Text by its charset.

use encoding_rs::Encoding;

/// The encoding that the field `Content-Type` names, or else UTF-8.
pub(super) fn encoding(content_type: Option<&str>) -> &'static Encoding {
    let label = content_type.and_then(charset).unwrap_or("utf-8");
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8)
}

/// Decodes as the field `Content-Type` says, or else as UTF-8; a byte order mark in front overrules both.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    encoding(content_type).decode(bytes).0.into_owned()
}

/// The parameter `charset` of a media type (RFC 9110, section 8.3.2).
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_charset_it_says_it_is_in() {
        for (bytes, content_type, text) in [
            (&b"gr\xfc\xdfe"[..], Some("text/plain; charset=ISO-8859-1"), "grüße"),
            (b"gr\xc3\xbc\xc3\x9fe", Some("text/plain; Charset=\"utf-8\"; x=y"), "grüße"),
            (b"gr\xc3\xbc\xc3\x9fe", None, "grüße"),
            (b"\xff\xfea\0", Some("text/html"), "a"),
            (b"\x93\xfa", Some("text/html;charset=Shift_JIS"), "日"),
            (b"a\xffb", Some("text/plain; charset=no-such"), "a\u{fffd}b"),
        ] {
            assert_eq!(decode(bytes, content_type), text);
        }
    }

    #[test]
    fn an_encoding_has_the_name_that_others_know_it_by() {
        for (content_type, name) in [
            (Some("text/plain; charset=latin1"), "windows-1252"),
            (Some("text/plain; charset=sjis"), "Shift_JIS"),
            (Some("text/plain; charset=no-such"), "UTF-8"),
            (None, "UTF-8"),
        ] {
            assert_eq!(encoding(content_type).name(), name);
        }
    }
}
