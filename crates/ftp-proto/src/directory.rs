//! Path names in 257 replies: what `PWD` and `MKD` answer.

/// The path name in the text of a 257 reply.
///
/// It stands between quotes, and a quote in it is doubled (RFC 959, appendix II). Some servers do not double it,
/// so a quote ends the name only before a blank or at the end of the line, and only if the quotes after it are
/// even in number: an odd one out belongs to the name. Without any quote the first word is taken.
///
/// `None` when there is no name, or a control character in it, which no honest server sends.
///
/// ```
/// assert_eq!(ftp_proto::directory(b"\"/home/ada\" is the current directory").unwrap(), b"/home/ada");
/// assert_eq!(ftp_proto::directory(b"\"/a \"\"b\"\"\" created").unwrap(), b"/a \"b\"");
/// ```
pub fn directory(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let quoted = lines.clone().find_map(|line| {
        let opening = line.iter().position(|byte| *byte == b'"')?;
        Some(&line[opening + 1..])
    });
    let name = match quoted {
        Some(rest) => quoted_name(rest),
        None => lines.find_map(first_word)?.to_vec(),
    };
    if name.is_empty() || name.iter().any(u8::is_ascii_control) { None } else { Some(name) }
}

/// The name at the front of what follows an opening quote.
fn quoted_name(rest: &[u8]) -> Vec<u8> {
    closed_name(rest, Doubling::Yes)
        // A name that ends with a quote, from a server that does not double it.
        .or_else(|| closed_name(rest, Doubling::No))
        .unwrap_or_else(|| {
            let end = rest.iter().rposition(|byte| *byte == b'"');
            rest[..end.unwrap_or(rest.len())].trim_ascii_end().to_vec()
        })
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Doubling {
    Yes,
    No,
}

fn closed_name(rest: &[u8], doubling: Doubling) -> Option<Vec<u8>> {
    let mut quotes = rest.iter().filter(|byte| **byte == b'"').count();
    let mut name = Vec::new();
    let mut at = 0;
    while quotes > 0 {
        let byte = *rest.get(at)?;
        at += 1;
        if byte == b'"' {
            quotes -= 1;
            match rest.get(at) {
                Some(b'"') if doubling == Doubling::Yes => {
                    quotes -= 1;
                    at += 1;
                }
                None | Some(b' ' | b'\t' | b'\r') if quotes % 2 == 0 => return Some(name),
                _ => {}
            }
        }
        name.push(byte);
    }
    None
}

fn first_word(line: &[u8]) -> Option<&[u8]> {
    line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        directory(text.as_bytes()).map(|name| String::from_utf8(name).unwrap())
    }

    #[test]
    fn quoted_names_are_unquoted() {
        for (text, name) in [
            (r#""/" is the current directory"#, "/"),
            (r#""/pub/some files" is your current location"#, "/pub/some files"),
            (r#""/pub""#, "/pub"),
            (r#"Directory is "/pub" now"#, "/pub"),
            (r#""/a""b" is cwd"#, r#"/a"b"#),
            (r#""""a""" created"#, r#""a""#),
            (r#""/a"" b" is cwd"#, r#"/a" b"#),
            (r#""/pub" is the current directory of "ada""#, "/pub"),
            ("Here it is:\n\"/pub\" is current\nDone", "/pub"),
            ("\"C:\\Users\\ada\"\tis current", "C:\\Users\\ada"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn quotes_that_were_not_doubled_stay_in_the_name() {
        for (text, name) in [
            (r#""/a"b""#, r#"/a"b"#),
            (r#""/a"b" is your current location"#, r#"/a"b"#),
            (r#""/a "b" c" is the current directory"#, r#"/a "b" c"#),
            (r#""/a" b" is the current directory"#, r#"/a" b"#),
            (r#""/a"" is your current location"#, r#"/a""#),
            (r#""/a""#, r"/a"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn bad_quoting_still_gives_a_name() {
        assert_eq!(shown(r#""/pub is it"#).as_deref(), Some("/pub is it"));
        assert_eq!(shown(r#"is "/pub"."#).as_deref(), Some("/pub"));
        assert_eq!(shown("\"/pub\r").as_deref(), Some("/pub"));
    }

    #[test]
    fn without_quotes_the_first_word_is_the_name() {
        assert_eq!(shown("Ok").as_deref(), Some("Ok"));
        assert_eq!(shown("/usr/local/lib").as_deref(), Some("/usr/local/lib"));
        assert_eq!(shown("  /pub is current").as_deref(), Some("/pub"));
        assert_eq!(shown("\n/pub\n").as_deref(), Some("/pub"));
    }

    #[test]
    fn nothing_and_control_characters_are_no_name() {
        for text in
            ["", " ", "\"", "\"\"", "\"\" is cwd", "\"/a\u{1b}[2J\"", "\"/a\rb\"", "\"/a\0\"", "/a\u{7f}"]
        {
            assert_eq!(shown(text), None, "{text:?}");
        }
    }

    #[test]
    fn names_need_not_be_utf8() {
        assert_eq!(directory(b"\"/\xE9\xFF\" is cwd").unwrap(), b"/\xE9\xFF");
    }

    #[test]
    fn any_cut_text_gives_what_was_there_or_none() {
        let text = br#""/a "b"" c" is the current directory"#;
        for length in 0..text.len() {
            assert!(directory(&text[..length]).is_none_or(|name| name.len() < length));
        }
    }

    proptest! {
        #[test]
        fn names_quoted_by_the_rule_come_back(name in "[ -~é]{1,30}", text in "( [a-z. ]{0,20})?") {
            let reply = format!("\"{}\"{text}", name.replace('"', "\"\""));
            prop_assert_eq!(shown(&reply), Some(name));
        }

        #[test]
        fn any_bytes_give_a_clean_name_or_none(text in "[\" a\n\r\t\u{1}]{0,20}", bytes: Vec<u8>) {
            for text in [text.as_bytes(), &bytes] {
                if let Some(name) = directory(text) {
                    prop_assert!(!name.is_empty() && !name.iter().any(u8::is_ascii_control));
                }
            }
        }
    }
}
