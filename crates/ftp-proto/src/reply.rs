//! Replies (RFC 959, section 4.2): splitting the control connection's bytes into them.
//!
//! In scope: single and multi-line replies, line ends of either kind, telnet commands in between (RFC 854), limits.
//! Out of scope: which command a reply answers; that is `session`'s.
//!
//! A multi-line reply ends with its own code and a blank. Some servers end it with another code, others use what
//! looks like one as text (`230 users are online`), and only time tells them apart: the parser then
//! [is unsure](ReplyParser::is_unsure) until it is given more, or told that there is no more.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;

use crate::status::Status;

/// One reply of the server.
#[derive(Clone, Eq, PartialEq)]
pub struct Reply {
    status: Status,
    /// The lines without codes, a line feed between them.
    text: Vec<u8>,
}

impl Reply {
    /// A reply with this code and text, whose lines are separated by line feeds.
    pub fn new(status: Status, text: impl Into<Vec<u8>>) -> Self {
        Self { status, text: text.into() }
    }

    /// The code.
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The text of all lines, without the code at their front, separated by line feeds.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text as a string; what is not UTF-8 becomes U+FFFD.
    pub fn message(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.text)
    }

    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.text.split(|byte| *byte == b'\n')
    }
}

impl fmt::Display for Reply {
    /// The code, and the text on one line, without control characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        let text = self.message();
        if text.is_empty() {
            return Ok(());
        }
        f.write_str(" ")?;
        for character in text.chars().take(SHOWN) {
            match character {
                '\n' => f.write_str(" / ")?,
                control if control.is_control() => write!(f, "{}", control.escape_debug())?,
                plain => write!(f, "{plain}")?,
            }
        }
        if text.chars().nth(SHOWN).is_some() { f.write_str("...") } else { Ok(()) }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({self})")
    }
}

/// How much of a reply's text is shown in an error.
const SHOWN: usize = 300;

/// What a server may send before it is cut off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReplyLimits {
    /// Bytes in one line, its end not counted. Default 8 KiB: a path name of the longest kind, twice.
    pub line: usize,
    /// Bytes in one reply. Default 1 MiB: more than any greeting a person would read.
    pub reply: usize,
    /// Lines in one reply. Default 10,000.
    pub lines: usize,
}

impl Default for ReplyLimits {
    fn default() -> Self {
        Self { line: 8 << 10, reply: 1 << 20, lines: 10_000 }
    }
}

/// Why bytes are no FTP replies. The connection is of no use any more.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ReplyError {
    /// A line that is to begin a reply does not begin with a code: this may be no FTP server.
    NotAReply {
        /// Its first bytes.
        line: Vec<u8>,
    },
    /// A NUL in the text.
    Nul,
    /// A line longer than [`ReplyLimits::line`].
    LineTooLong {
        /// The limit.
        limit: usize,
    },
    /// A reply longer than [`ReplyLimits::reply`] bytes or [`ReplyLimits::lines`] lines.
    TooLong {
        /// The limit.
        limit: usize,
        /// Of what.
        unit: &'static str,
    },
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAReply { line } => {
                write!(f, "the server sent \"{}\", which is no FTP reply", line.escape_ascii())
            }
            Self::Nul => f.write_str("the server sent a NUL in a reply"),
            Self::LineTooLong { limit } => {
                write!(f, "the server sent a reply line of more than {limit} bytes")
            }
            Self::TooLong { limit, unit } => write!(f, "the server sent a reply of more than {limit} {unit}"),
        }
    }
}

impl Error for ReplyError {}

/// Splits bytes into replies, however they are cut.
///
/// ```
/// use ftp_proto::{ReplyParser, Status};
///
/// let mut parser = ReplyParser::default();
/// parser.push(b"220-Welcome\r\n220 Rea")?;
/// assert_eq!(parser.next(), None);
/// parser.push(b"dy\r\n")?;
/// let reply = parser.next().expect("it is complete");
/// assert_eq!((reply.status(), reply.text()), (Status::SERVICE_READY, &b"Welcome\nReady"[..]));
/// # Ok::<(), ftp_proto::ReplyError>(())
/// ```
#[derive(Debug, Default)]
pub struct ReplyParser {
    limits: ReplyLimits,
    telnet: Telnet,
    /// The line so far, telnet commands taken out.
    line: Vec<u8>,
    open: Option<Open>,
    complete: VecDeque<Reply>,
}

/// Where in a telnet command the bytes stand.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Telnet {
    #[default]
    Text,
    /// After an IAC.
    Command,
    /// After WILL, WONT, DO or DONT.
    Option,
}

const IAC: u8 = 255;

/// A multi-line reply that has begun.
#[derive(Debug)]
struct Open {
    status: Status,
    text: Vec<u8>,
    lines: usize,
    /// The code of the last line if it was another one, and where in the text that line begins.
    other: Option<(Status, usize)>,
}

impl ReplyParser {
    /// A parser with these limits.
    pub fn new(limits: ReplyLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes bytes that have arrived; what they complete is returned by [`next`](Self::next).
    ///
    /// # Errors
    /// See [`ReplyError`]; nothing that is pushed afterwards makes sense.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ReplyError> {
        for byte in bytes {
            match (self.telnet, *byte) {
                (Telnet::Text, IAC) => self.telnet = Telnet::Command,
                (Telnet::Text, byte) => self.take(byte)?,
                (Telnet::Option, _) => self.telnet = Telnet::Text,
                (Telnet::Command, 251..=254) => self.telnet = Telnet::Option,
                (Telnet::Command, 240..=250) => self.telnet = Telnet::Text,
                (Telnet::Command, byte) => {
                    self.telnet = Telnet::Text;
                    // Doubled, or from a server that does not know of telnet.
                    self.take(IAC)?;
                    if byte != IAC {
                        self.take(byte)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The oldest complete reply that was not taken yet.
    #[expect(clippy::should_implement_trait, reason = "more may come after `None`, so this is no iterator")]
    pub fn next(&mut self) -> Option<Reply> {
        self.complete.pop_front()
    }

    /// Whether what has arrived is a complete reply only if nothing more comes.
    pub fn is_unsure(&self) -> bool {
        self.line.is_empty() && self.open.as_ref().is_some_and(|open| open.other.is_some())
    }

    /// Ends the reply that the parser [is unsure](Self::is_unsure) of: nothing more came.
    pub fn settle(&mut self) {
        if !self.is_unsure() {
            return;
        }
        let Some(Open { mut text, other: Some((status, start)), .. }) = self.open.take() else {
            return;
        };
        text.drain(start..text.len().min(start + 4));
        self.complete.push_back(Reply { status, text });
    }

    /// Whether nothing is held back: no reply, nor a part of one.
    pub fn is_empty(&self) -> bool {
        self.complete.is_empty() && self.open.is_none() && self.line.is_empty() && self.telnet == Telnet::Text
    }

    fn take(&mut self, byte: u8) -> Result<(), ReplyError> {
        match byte {
            b'\n' => {
                let mut line = std::mem::take(&mut self.line);
                while line.last() == Some(&b'\r') {
                    line.pop();
                }
                if line.len() > self.limits.line {
                    return Err(ReplyError::LineTooLong { limit: self.limits.line });
                }
                self.end_line(&line)?;
                line.clear();
                self.line = line;
                Ok(())
            }
            0 => Err(ReplyError::Nul),
            _ if self.line.len() > self.limits.line => {
                Err(ReplyError::LineTooLong { limit: self.limits.line })
            }
            _ => {
                self.line.push(byte);
                Ok(())
            }
        }
    }

    fn end_line(&mut self, line: &[u8]) -> Result<(), ReplyError> {
        let code = Code::of(line);
        let Some(open) = &mut self.open else {
            return self.begin(line, code);
        };
        let start = open.text.len() + 1;
        let own = code.as_ref().filter(|code| code.status == open.status);
        let text = own.map_or(line, |code| code.text);
        open.text.push(b'\n');
        open.text.extend_from_slice(text);
        open.lines += 1;
        if open.text.len() > self.limits.reply {
            return Err(ReplyError::TooLong { limit: self.limits.reply, unit: "bytes" });
        }
        if open.lines > self.limits.lines {
            return Err(ReplyError::TooLong { limit: self.limits.lines, unit: "lines" });
        }
        open.other = code
            .as_ref()
            .filter(|code| code.is_last && code.status != open.status && !code.status.is_preliminary())
            .map(|code| (code.status, start));
        if own.is_some_and(|code| code.is_last) {
            if let Some(Open { status, text, .. }) = self.open.take() {
                self.complete.push_back(Reply { status, text });
            }
        }
        Ok(())
    }

    /// The first line of a reply.
    fn begin(&mut self, line: &[u8], code: Option<Code<'_>>) -> Result<(), ReplyError> {
        match code {
            Some(Code { status, is_last: true, text }) => {
                self.complete.push_back(Reply { status, text: text.to_vec() });
                Ok(())
            }
            Some(Code { status, is_last: false, text }) => {
                self.open = Some(Open { status, text: text.to_vec(), lines: 1, other: None });
                Ok(())
            }
            None if line.trim_ascii().is_empty() => Ok(()),
            None => Err(ReplyError::NotAReply { line: line[..line.len().min(80)].to_vec() }),
        }
    }
}

/// The code at the front of a line, and what follows.
struct Code<'a> {
    status: Status,
    is_last: bool,
    text: &'a [u8],
}

impl<'a> Code<'a> {
    fn of(line: &'a [u8]) -> Option<Self> {
        let (digits, rest) = line.split_at_checked(3)?;
        let [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9'] = digits else {
            return None;
        };
        let status = Status(digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0')));
        match rest {
            [] => Some(Self { status, is_last: true, text: rest }),
            [b' ' | b'\t', text @ ..] => Some(Self { status, is_last: true, text }),
            [b'-', text @ ..] => Some(Self { status, is_last: false, text }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The replies in a stream given whole, byte by byte and cut at every place; they must agree.
    fn replies(stream: &[u8]) -> Result<Vec<(u16, String)>, ReplyError> {
        let whole = in_pieces([stream]);
        assert_eq!(in_pieces(stream.chunks(1)), whole, "byte by byte");
        for cut in 0..stream.len() {
            let (head, tail) = stream.split_at(cut);
            assert_eq!(in_pieces([head, tail]), whole, "cut at {cut}");
        }
        whole
    }

    fn in_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<(u16, String)>, ReplyError> {
        let mut parser = ReplyParser::default();
        for piece in pieces {
            parser.push(piece)?;
        }
        parser.settle();
        let mut found = Vec::new();
        while let Some(reply) = parser.next() {
            found.push((reply.status().0, reply.message().into_owned()));
        }
        Ok(found)
    }

    fn one(stream: &[u8]) -> (u16, String) {
        let mut found = replies(stream).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    #[test]
    fn single_lines_end_with_either_line_end() {
        assert_eq!(one(b"220 ready\r\n"), (220, "ready".into()));
        assert_eq!(one(b"220 ready\n"), (220, "ready".into()));
        assert_eq!(one(b"220 ready\r\r\n"), (220, "ready".into()));
    }

    #[test]
    fn codes_without_text_are_replies() {
        for stream in [&b"220\r\n"[..], b"220 \r\n", b"220\n"] {
            assert_eq!(one(stream), (220, String::new()));
        }
    }

    #[test]
    fn multiline_reply_ends_at_its_own_code() {
        let stream = b"220-first\r\n second\r\n220-third\r\n123 files\r\n220\r\n";
        assert_eq!(one(stream), (220, "first\n second\nthird\n123 files\n".into()));
    }

    #[test]
    fn text_that_looks_like_another_code_does_not_end_it() {
        let stream = b"220-hello\r\n230 users online\r\n220 ready\r\n";
        assert_eq!(one(stream), (220, "hello\n230 users online\nready".into()));
    }

    #[test]
    fn another_code_ends_it_when_nothing_more_comes() {
        let mut parser = ReplyParser::default();
        parser.push(b"226-stats\r\n200 done\r\n").unwrap();
        assert!(parser.is_unsure());
        assert_eq!(parser.next(), None);
        parser.settle();
        assert!(!parser.is_unsure());
        assert_eq!(parser.next(), Some(Reply::new(Status(200), "stats\ndone")));
        assert!(parser.is_empty());
    }

    #[test]
    fn preliminary_code_never_ends_another_reply() {
        let mut parser = ReplyParser::default();
        parser.push(b"220-x\r\n150 y\r\n").unwrap();
        assert!(!parser.is_unsure());
        parser.push(b"220 z\r\n").unwrap();
        assert_eq!(parser.next(), Some(Reply::new(Status(220), "x\n150 y\nz")));
    }

    #[test]
    fn blank_lines_before_a_reply_are_skipped() {
        assert_eq!(one(b"\r\n  \r\n220 ready\r\n"), (220, "ready".into()));
    }

    #[test]
    fn telnet_commands_are_taken_out() {
        assert_eq!(one(b"\xFF\xFB\x01220 a\xFF\xF1b\xFF\xFFc\r\n"), (220, "ab\u{FFFD}c".into()));
        // A Latin-1 letter of a server that knows nothing of telnet.
        assert_eq!(one(b"257 \"\xFFx\"\r\n"), (257, "\"\u{FFFD}x\"".into()));
        assert_eq!(one(b"257 \xFF\r\n"), (257, "\u{FFFD}".into()));
    }

    #[test]
    fn several_replies_in_one_piece_are_kept_apart() {
        let found = replies(b"150 go\r\n226 done\r\n").unwrap();
        assert_eq!(found, [(150, "go".into()), (226, "done".into())]);
    }

    #[test]
    fn what_is_no_reply_is_shown() {
        for stream in
            [&b"SSH-2.0-OpenSSH\r\n"[..], b"22\r\n", b"2200 x\r\n", b"020 x\r\n", b"700 x\r\n", b"22x y\r\n"]
        {
            let line = stream.trim_ascii_end().to_vec();
            assert_eq!(replies(stream), Err(ReplyError::NotAReply { line }));
        }
        assert_eq!(replies(b"220 a\0b\r\n"), Err(ReplyError::Nul));
    }

    #[test]
    fn limits_hold_before_the_end_of_line_or_reply() {
        let mut parser = ReplyParser::default();
        assert_eq!(parser.push(&[b'2'; 9000]), Err(ReplyError::LineTooLong { limit: 8192 }));

        let endless = |line: &[u8]| {
            let mut parser = ReplyParser::default();
            (0..2_000_000).find_map(|_| parser.push(line).err())
        };
        assert_eq!(endless(b"220-\r\n"), Some(ReplyError::TooLong { limit: 10_000, unit: "lines" }));
        let long = [&b"220-"[..], &[b'x'; 8000], b"\r\n"].concat();
        assert_eq!(endless(&long), Some(ReplyError::TooLong { limit: 1 << 20, unit: "bytes" }));
    }

    #[test]
    fn line_may_have_as_many_bytes_as_its_limit_says_whatever_ends_it() {
        let limits = ReplyLimits { line: 8, ..Default::default() };
        for (line, is_accepted) in [("220 5678", true), ("220 56789", false)] {
            for end in ["\n", "\r\n"] {
                let pushed = ReplyParser::new(limits).push(format!("{line}{end}").as_bytes());
                assert_eq!(pushed.is_ok(), is_accepted, "{line}{end:?}");
            }
        }
    }

    #[test]
    fn shown_replies_stay_on_one_line() {
        let reply = Reply::new(Status(550), "no\x1b[2J\nsuch file");
        assert_eq!(reply.to_string(), "550 no\\u{1b}[2J / such file");
    }

    proptest! {
        #[test]
        fn any_bytes_give_the_same_however_they_are_cut(
            stream in proptest::collection::vec(
                prop_oneof![Just(b'2'), Just(b'0'), Just(b' '), Just(b'-'), Just(b'\r'), Just(b'\n'), any::<u8>()],
                0..60,
            ),
            step in 1_usize..8,
        ) {
            let whole = in_pieces([&stream[..]]);
            prop_assert_eq!(in_pieces(stream.chunks(step)), whole);
        }

        #[test]
        fn well_formed_replies_come_back(
            code in 100_u16..=599,
            lines in proptest::collection::vec("[ -~]{0,40}", 1..6),
        ) {
            let (last, first) = lines.split_last().expect("there is a line");
            // A middle line is marked with the code, so that its text may be anything.
            let mut stream: String = first.iter().map(|line| format!("{code}-{line}\r\n")).collect();
            stream += &format!("{code} {last}\r\n");
            prop_assert_eq!(in_pieces([stream.as_bytes()]), Ok(vec![(code, lines.join("\n"))]));
        }
    }
}
