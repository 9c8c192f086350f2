//! `Outcome`: how a step ended, and whether that is right.

use std::fmt;
use std::str::FromStr;

use super::super::scripted::ScriptedServer;
use super::{Expect, Operation, Step};

/// How a step ended, as the client tells it.
///
/// As text it is a line, so that clients that are programs can print it: a word, then what comes with it, separated by
/// single blanks; bytes are hexadecimal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// With success, and nothing to tell: `done`.
    Done,
    /// With a file: `content 6f6e65`.
    Content(Vec<u8>),
    /// With a folder: `directory 2f`.
    Directory(Vec<u8>),
    /// With names: `names 61 62`.
    Names(Vec<Vec<u8>>),
    /// With a size, however absurd: `size 130`.
    Size(i128),
    /// With a time, as `YYYYMMDDhhmmss`: `modified 20200102030405`.
    Modified(String),
    /// With a failure, and the code of the server's that the client tells with it: `failed 550 No such file`. Where it
    /// tells none: `failed - Connection refused`.
    Failed {
        /// The code.
        code: Option<u16>,
        /// What the client says.
        why: String,
    },
    /// Not at all: the client has nothing that does this. `impossible`.
    Impossible,
}

impl Outcome {
    /// Whether the client says that it has succeeded.
    pub const fn is_success(&self) -> bool {
        !matches!(self, Self::Failed { .. } | Self::Impossible)
    }
}

impl Step {
    /// Whether an outcome is right. Of uploads that is the server's to say.
    pub fn accepts(&self, outcome: &Outcome, server: &ScriptedServer) -> bool {
        let stored = match self.operation {
            Operation::Put(name, _) | Operation::Append(name, _) => server.file(format!("/{name}")),
            _ => None,
        };
        accepts(self.expect, outcome, stored.as_deref())
    }
}

fn accepts(expect: Expect, outcome: &Outcome, stored: Option<&[u8]>) -> bool {
    match (expect, outcome) {
        (Expect::Error | Expect::Perhaps(_), Outcome::Failed { .. }) => true,
        (Expect::Refused(wanted), Outcome::Failed { code, .. }) => *code == Some(wanted),
        (Expect::Perhaps(expect), outcome) => accepts(*expect, outcome, stored),
        (Expect::Done, outcome) => outcome.is_success(),
        (Expect::Stored(wanted), outcome) => outcome.is_success() && stored == Some(wanted),
        (Expect::Content(wanted), Outcome::Content(found))
        | (Expect::Directory(wanted), Outcome::Directory(found)) => wanted == found,
        (Expect::Names(wanted), Outcome::Names(found)) => {
            let mut wanted: Vec<&[u8]> = wanted.to_vec();
            let mut found: Vec<&[u8]> = found.iter().map(|name| &**name).collect();
            wanted.sort_unstable();
            found.sort_unstable();
            wanted == found
        }
        (Expect::Size(wanted), Outcome::Size(found)) => i128::from(wanted) == *found,
        (Expect::Modified(wanted), Outcome::Modified(found)) => wanted == found,
        _ => false,
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Content(bytes) => write!(f, "content {}", hex(bytes)),
            Self::Directory(bytes) => write!(f, "directory {}", hex(bytes)),
            Self::Names(names) => {
                f.write_str("names")?;
                names.iter().try_for_each(|name| write!(f, " {}", hex(name)))
            }
            Self::Size(size) => write!(f, "size {size}"),
            Self::Modified(time) => write!(f, "modified {time}"),
            Self::Failed { code, why } => {
                let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
                write!(f, "failed {code} {}", why.replace(char::is_control, " "))
            }
            Self::Impossible => f.write_str("impossible"),
        }
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let (word, rest) = line.split_once(' ').map_or((line, None), |(word, rest)| (word, Some(rest)));
        let outcome = match (word, rest) {
            ("done", None) => Some(Self::Done),
            ("impossible", None) => Some(Self::Impossible),
            ("content", Some(text)) => unhexed(text).map(Self::Content),
            ("directory", Some(text)) => unhexed(text).map(Self::Directory),
            ("names", None) => Some(Self::Names(Vec::new())),
            ("names", Some(text)) => text.split(' ').map(unhexed).collect::<Option<_>>().map(Self::Names),
            ("size", Some(text)) => text.parse().ok().map(Self::Size),
            ("modified", Some(text)) => Some(Self::Modified(text.to_owned())),
            ("failed", Some(text)) => {
                let (code, why) = text.split_once(' ').unwrap_or((text, ""));
                Some(Self::Failed { code: code.parse().ok(), why: why.to_owned() })
            }
            _ => None,
        };
        outcome.ok_or_else(|| format!("this is no outcome: {line:?}"))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhexed(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_survive_being_printed() {
        let failed = |code, why: &str| Outcome::Failed { code, why: why.to_owned() };
        for outcome in [
            Outcome::Done,
            Outcome::Content(Vec::new()),
            Outcome::Content(b"\0\xFFx".to_vec()),
            Outcome::Directory(b"/a b".to_vec()),
            Outcome::Names(Vec::new()),
            Outcome::Names(vec![Vec::new()]),
            Outcome::Names(vec![b"a".to_vec(), Vec::new(), b"b c".to_vec()]),
            Outcome::Size(u64::MAX.into()),
            Outcome::Modified("20200102030405".to_owned()),
            failed(Some(550), "No such file"),
            failed(None, ""),
            Outcome::Impossible,
        ] {
            assert_eq!(outcome.to_string().parse(), Ok(outcome));
        }
        assert_eq!(failed(None, "a\r\nb").to_string(), "failed - a  b");
        for line in ["", "succeeded", "content", "content 6", "content x0", "size", "size x", "done 1"] {
            assert!(line.parse::<Outcome>().is_err(), "{line}");
        }
    }

    #[test]
    fn what_is_right_is_accepted_and_nothing_else() {
        let failed = |code| Outcome::Failed { code, why: String::new() };
        let content = |bytes: &[u8]| Outcome::Content(bytes.to_vec());
        let right = |expect, outcome: &Outcome| accepts(expect, outcome, Some(b"kept"));
        assert!(right(Expect::Done, &Outcome::Size(1)) && !right(Expect::Done, &failed(None)));
        assert!(!right(Expect::Done, &Outcome::Impossible) && !right(Expect::Error, &Outcome::Impossible));
        assert!(right(Expect::Error, &failed(Some(1))) && !right(Expect::Error, &Outcome::Done));
        assert!(right(Expect::Refused(550), &failed(Some(550))));
        assert!(!right(Expect::Refused(550), &failed(None)));
        assert!(right(Expect::Stored(b"kept"), &Outcome::Done));
        assert!(!right(Expect::Stored(b"keep"), &Outcome::Done));
        assert!(!right(Expect::Stored(b"kept"), &failed(None)));
        let names = Outcome::Names(vec![b"b".to_vec(), b"a".to_vec()]);
        assert!(right(Expect::Names(&[b"a", b"b"]), &names) && !right(Expect::Names(&[b"a"]), &names));
        const PERHAPS: Expect = Expect::Perhaps(&Expect::Content(b"all"));
        assert!(right(PERHAPS, &content(b"all")) && right(PERHAPS, &failed(None)));
        assert!(!right(PERHAPS, &content(b"al")) && !right(PERHAPS, &Outcome::Done));
    }
}
