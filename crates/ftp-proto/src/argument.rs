//! What may stand behind a command's verb.

use std::error::Error;
use std::fmt;

/// The argument of a command: bytes that cannot end the line, so that a file name cannot carry a second command.
///
/// ```
/// use ftp_proto::Argument;
///
/// assert!(Argument::new("report.txt").is_ok());
/// assert!(Argument::new("x\r\nDELE report.txt").is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Argument(Vec<u8>);

impl Argument {
    /// The longest argument in bytes: more than any path name a system allows, less than the line that servers
    /// read into a buffer and cut.
    pub const LONGEST: usize = 8 << 10;

    /// Takes bytes as they are; the encoding is the server's affair (RFC 2640 wants UTF-8).
    ///
    /// # Errors
    /// When a CR, LF or NUL is among them, or they are more than [`LONGEST`](Self::LONGEST).
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, ArgumentError> {
        let bytes = bytes.into();
        if bytes.len() > Self::LONGEST {
            return Err(ArgumentError::TooLong { length: bytes.len() });
        }
        match bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            Some(position) => Err(ArgumentError::Forbidden { byte: bytes[position], position }),
            None => Ok(Self(bytes)),
        }
    }

    /// A path, as [`new`](Self::new). One that begins with a blank, which servers would skip, or with `~`, which some
    /// replace with somebody's home, gets `./` before it.
    ///
    /// # Errors
    /// Those of [`new`](Self::new), and for an empty path.
    pub fn path(bytes: impl Into<Vec<u8>>) -> Result<Self, ArgumentError> {
        let mut bytes = bytes.into();
        match bytes.first() {
            None => return Err(ArgumentError::Empty),
            Some(b' ' | b'\t' | b'~') => {
                bytes.splice(..0, *b"./");
            }
            Some(_) => {}
        }
        Self::new(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Why bytes cannot be an argument.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ArgumentError {
    /// A byte that would end the command, or is not allowed in one.
    Forbidden {
        /// CR, LF or NUL.
        byte: u8,
        /// Where it is, counted from 0.
        position: usize,
    },
    /// More than [`Argument::LONGEST`] bytes.
    TooLong {
        /// How many there are.
        length: usize,
    },
    /// A path without a single byte.
    Empty,
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { byte, position } => {
                let name = match byte {
                    b'\r' => "a carriage return",
                    b'\n' => "a line feed",
                    _ => "a NUL",
                };
                write!(f, "{name} at byte {position} cannot be part of an FTP command")
            }
            Self::TooLong { length } => {
                write!(
                    f,
                    "{length} bytes are too long for an FTP command, {} is the limit",
                    Argument::LONGEST
                )
            }
            Self::Empty => f.write_str("the path is empty"),
        }
    }
}

impl Error for ArgumentError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_the_command_is_refused_wherever_it_stands() {
        for (bytes, position) in [(&b"\rx"[..], 0), (b"a\nb", 1), (b"ab\0", 2)] {
            let error = Argument::new(bytes).unwrap_err();
            assert_eq!(error, ArgumentError::Forbidden { byte: bytes[position], position });
        }
    }

    #[test]
    fn any_other_byte_is_kept() {
        let bytes: Vec<u8> = (0..=255).filter(|byte| ![0, b'\r', b'\n'].contains(byte)).collect();
        assert_eq!(Argument::new(bytes.clone()).unwrap().as_bytes(), bytes);
    }

    #[test]
    fn length_has_a_limit() {
        assert!(Argument::new(vec![b'a'; Argument::LONGEST]).is_ok());
        let length = Argument::LONGEST + 1;
        assert_eq!(Argument::new(vec![b'a'; length]), Err(ArgumentError::TooLong { length }));
    }

    #[test]
    fn paths_keep_their_leading_blank_or_tilde_and_are_not_empty() {
        assert_eq!(Argument::path(" x").unwrap().as_bytes(), b"./ x");
        assert_eq!(Argument::path("~$x.docx").unwrap().as_bytes(), b"./~$x.docx");
        assert_eq!(Argument::path("x ").unwrap().as_bytes(), b"x ");
        assert_eq!(Argument::path(""), Err(ArgumentError::Empty));
    }
}
