//! The head of a request, as far as a server has to understand it.

use super::connection::Framing;
use super::text::from_latin1;

/// A request's first line and its fields.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) version: String,
    /// The lines of the fields as they came, without their ends.
    pub(super) lines: Vec<Vec<u8>>,
}

impl Head {
    /// Takes the lines of a head apart; `None` where the first is no request line of HTTP/1.0 or HTTP/1.1.
    pub(super) fn parse(lines: Vec<Vec<u8>>) -> Option<Self> {
        let mut lines = lines.into_iter();
        let first = from_latin1(&lines.next()?);
        let mut words = first.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        let is_right = words.next().is_none()
            && !method.is_empty()
            && !target.is_empty()
            && ["HTTP/1.0", "HTTP/1.1"].contains(&version);
        is_right.then(|| Self {
            method: method.to_owned(),
            target: target.to_owned(),
            version: version.to_owned(),
            lines: lines.collect(),
        })
    }

    /// The value of the first field of this name, as Latin-1 and without blanks around it.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        fields(&self.lines, name).next()
    }

    /// Whether one of the comma-separated words of a field is this one.
    pub(super) fn has_word(&self, name: &str, word: &str) -> bool {
        fields(&self.lines, name)
            .any(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case(word)))
    }

    /// How the body is framed (RFC 9112, section 6.3); `None` where it cannot be known.
    pub(super) fn framing(&self) -> Option<Framing> {
        let codings: Vec<String> = fields(&self.lines, "transfer-encoding").collect();
        let lengths: Vec<String> = fields(&self.lines, "content-length").collect();
        match (&codings[..], &lengths[..]) {
            ([], []) => Some(Framing::Length(0)),
            ([], [length]) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
                length.parse().ok().map(Framing::Length)
            }
            ([coding], []) if coding.eq_ignore_ascii_case("chunked") => Some(Framing::Chunked),
            _ => None,
        }
    }

    /// Whether the client wants to use the connection on (RFC 9112, section 9.3).
    pub(super) fn keeps_alive(&self) -> bool {
        if self.is_old() {
            self.has_word("connection", "keep-alive")
        } else {
            !self.has_word("connection", "close")
        }
    }

    pub(super) fn is_old(&self) -> bool {
        self.version == "HTTP/1.0"
    }

    /// The path of the target, without query and as it came.
    pub(super) fn path(&self) -> &str {
        let target = match self.target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |start| &rest[start..]),
            None => &self.target,
        };
        target.split(['?', '#']).next().unwrap_or_default()
    }

    /// What follows the first question mark of the target.
    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

/// The values of all fields of this name, as Latin-1 and without blanks around them.
pub(super) fn fields<'a>(lines: &'a [Vec<u8>], name: &'a str) -> impl Iterator<Item = String> + 'a {
    lines.iter().filter_map(move |line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let is_it = line[..colon].eq_ignore_ascii_case(name.as_bytes());
        is_it.then(|| from_latin1(line[colon + 1..].trim_ascii()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Option<Head> {
        Head::parse(text.lines().map(|line| line.as_bytes().to_vec()).collect())
    }

    #[test]
    fn a_head_tells_what_it_asks_for() {
        let head =
            head("PUT http://a:1/b?c=d HTTP/1.0\nConnection: x, Keep-Alive\ncontent-length:7").unwrap();
        assert_eq!((head.path(), head.query()), ("/b", "c=d"));
        assert!(head.keeps_alive() && head.is_old());
        assert_eq!(head.framing(), Some(Framing::Length(7)));
    }

    #[test]
    fn a_body_whose_length_is_in_doubt_has_no_framing() {
        for fields in [
            "Content-Length: 1\nContent-Length: 1",
            "Content-Length: +1",
            "Content-Length: 1\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip",
        ] {
            assert_eq!(head(&format!("GET / HTTP/1.1\n{fields}")).unwrap().framing(), None, "{fields}");
        }
        for line in ["GET /", "GET / HTTP/2.0", "GET / b HTTP/1.1", " / HTTP/1.1"] {
            assert_eq!(head(line), None, "{line}");
        }
    }
}
