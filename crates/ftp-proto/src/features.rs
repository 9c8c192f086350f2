//! What a server says it can: the reply to `FEAT` (RFC 2389, section 3.2).
//!
//! A feature that is missing here may work nevertheless: some servers list none.

/// The features a server lists, each a keyword and perhaps parameters.
///
/// ```
/// use ftp_proto::Features;
///
/// let features = Features::parse(b"Extensions supported:\n MLST size*;modify*;\n REST STREAM\nEnd");
/// assert!(features.has("MLST") && !features.has("MFMT"));
/// assert_eq!(features.get("REST"), Some(&b"STREAM"[..]));
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Features {
    entries: Vec<(String, Vec<u8>)>,
}

impl Features {
    /// How many lines are kept; no server has a tenth of that.
    pub const MOST: usize = 1000;

    /// Reads the text of a 211 reply, its lines separated by line feeds.
    ///
    /// The first and the last line are words for people, so a text of one or two lines lists nothing. The blank
    /// that should be before each feature may be missing, or be the reply's code again. What does not begin with
    /// an ASCII keyword is skipped.
    pub fn parse(text: &[u8]) -> Self {
        let mut lines = text.split(|byte| *byte == b'\n');
        lines.next();
        lines.next_back();
        Self { entries: lines.filter_map(feature).take(Self::MOST).collect() }
    }

    /// Whether a feature is listed; the case does not matter.
    pub fn has(&self, keyword: &str) -> bool {
        self.get(keyword).is_some()
    }

    /// What stands behind a feature's keyword, empty where nothing does. `None` when it is not listed.
    pub fn get(&self, keyword: &str) -> Option<&[u8]> {
        self.all(keyword).next()
    }

    /// As [`get`](Self::get), for a keyword that is listed more than once, as `AUTH` is by some.
    pub fn all(&self, keyword: &str) -> impl Iterator<Item = &[u8]> {
        self.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(keyword)).map(|(_, tail)| tail)
    }

    /// Every feature in the order of the reply: its keyword in capitals, and what stands behind it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(key, tail)| (key.as_str(), tail.as_slice()))
    }

    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn feature(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let line = match line {
        [b'2', b'1', b'1', b'-' | b' ', line @ ..] => line,
        line => line,
    };
    let line = line.trim_ascii();
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    let (key, tail) = line.split_at(end);
    if key.is_empty() || !key.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let key = String::from_utf8(key.to_ascii_uppercase()).ok()?;
    Some((key, tail.get(1..).unwrap_or_default().to_vec()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<(String, String)> {
        let features = Features::parse(text.as_bytes());
        features.iter().map(|(key, tail)| (key.into(), String::from_utf8_lossy(tail).into())).collect()
    }

    #[test]
    fn features_of_a_real_server_are_read() {
        let text = "Features:\n LANG en-US.UTF-8*;de-DE\n MFMT\n TVFS\n UTF8\n AUTH TLS\n AUTH SSL\n PROT\n \
                    MLST modify*;perm*;size*;type*;unique*;UNIX.group;\n REST STREAM\n SIZE\nEnd";
        let features = Features::parse(text.as_bytes());
        assert_eq!(features.iter().count(), 10);
        assert!(features.has("UTF8") && features.has("utf8") && !features.has("UTF"));
        assert_eq!(features.get("utf8"), Some(&b""[..]));
        assert_eq!(features.get("MLST"), Some(&b"modify*;perm*;size*;type*;unique*;UNIX.group;"[..]));
        assert_eq!(features.get("EPSV"), None);
        assert_eq!(features.all("AUTH").collect::<Vec<_>>(), [&b"TLS"[..], b"SSL"]);
    }

    #[test]
    fn missing_blanks_and_repeated_codes_do_not_matter() {
        let wanted = [("MDTM".into(), String::new()), ("REST".into(), "STREAM".into())];
        for text in [
            "Features:\n MDTM\n REST STREAM\nEnd",
            "Features:\nMDTM\nREST STREAM\nEnd",
            "Features:\n211-MDTM\n211-REST STREAM\nEnd",
            "Features:\n211 MDTM\n211- rest STREAM\nEnd",
            "Features:\n\tmdtm \r\n\n   Rest STREAM \nEnd",
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn parameters_are_kept_as_they_are() {
        let text = "x\n HASH  SHA-256*;md5\n X \u{e9}\nend";
        assert_eq!(shown(text), [("HASH".into(), " SHA-256*;md5".into()), ("X".into(), "\u{e9}".into())]);
    }

    #[test]
    fn first_and_last_line_list_nothing() {
        for text in ["", "no features", "Features:\nEnd", "MDTM\nSIZE", "\n\n"] {
            assert!(Features::parse(text.as_bytes()).is_empty(), "{text}");
        }
    }

    #[test]
    fn endless_lists_are_cut() {
        let text = "x\n".repeat(100_000);
        assert_eq!(Features::parse(text.as_bytes()).iter().count(), Features::MOST);
    }

    #[test]
    fn cut_lists_have_fewer_features() {
        let text = b"Features:\n MDTM\n REST STREAM\n SIZE\nEnd";
        let counts: Vec<usize> =
            (0..=text.len()).map(|length| Features::parse(&text[..length]).iter().count()).collect();
        assert!(counts.is_sorted() && counts.last() == Some(&3));
    }

    proptest! {
        #[test]
        fn any_bytes_are_features_or_none(text in "[2a1\n \u{e9}-]{0,30}", bytes: Vec<u8>) {
            for text in [text.as_bytes(), &bytes] {
                let features = Features::parse(text);
                for (key, tail) in features.iter() {
                    prop_assert!(!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()));
                    prop_assert!(features.has(key) && !tail.contains(&b'\n'));
                }
            }
        }
    }
}
