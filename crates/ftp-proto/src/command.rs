//! Commands: a verb, and perhaps an argument (RFC 959, section 4.1; RFC 2389, 2428, 3659).

use std::fmt;

use crate::argument::{Argument, ArgumentError};

/// One command, on its way to the server as one line.
///
/// `Display` shows it for logs and errors, secrets masked.
///
/// ```
/// use ftp_proto::{Argument, Command};
///
/// let command = Command::with("RETR", Argument::path("notes.txt")?);
/// assert_eq!(command.to_line(), b"RETR notes.txt\r\n");
/// assert_eq!(Command::with("PASS", Argument::new("secret")?).to_string(), "PASS ****");
/// # Ok::<(), ftp_proto::ArgumentError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Command {
    verb: Vec<u8>,
    argument: Option<Argument>,
}

/// Verbs whose argument nobody should read in a log.
const SECRET: [&[u8]; 2] = [b"PASS", b"ACCT"];

impl Command {
    /// A command without an argument. The verb is one of ours, in capitals.
    pub fn new(verb: &'static str) -> Self {
        Self { verb: verb.into(), argument: None }
    }

    /// A command with an argument.
    pub fn with(verb: &'static str, argument: Argument) -> Self {
        Self { verb: verb.into(), argument: Some(argument) }
    }

    /// A command of someone else's making: a verb, and an argument that may be empty.
    ///
    /// # Errors
    /// When the verb is not 1 to 16 letters or digits, or the argument is none.
    pub fn raw(verb: &[u8], argument: &[u8]) -> Result<Self, CommandError> {
        if verb.is_empty() || verb.len() > 16 || !verb.iter().all(u8::is_ascii_alphanumeric) {
            return Err(CommandError::Verb);
        }
        let argument = match argument {
            [] => None,
            argument => Some(Argument::new(argument).map_err(CommandError::Argument)?),
        };
        Ok(Self { verb: verb.to_ascii_uppercase(), argument })
    }

    /// The verb, in capitals.
    pub fn verb(&self) -> &[u8] {
        &self.verb
    }

    /// The argument's bytes, empty where there is none.
    pub fn argument(&self) -> &[u8] {
        self.argument.as_ref().map_or(&[], Argument::as_bytes)
    }

    /// The line that is sent, its end included.
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.verb.len() + self.argument().len() + 3);
        self.write_to(&mut line);
        line
    }

    /// Appends the line that is sent, its end included.
    pub fn write_to(&self, output: &mut Vec<u8>) {
        output.extend_from_slice(&self.verb);
        if let Some(argument) = &self.argument {
            output.push(b' ');
            output.extend_from_slice(argument.as_bytes());
        }
        output.extend_from_slice(b"\r\n");
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.verb.escape_ascii())?;
        match &self.argument {
            None => Ok(()),
            Some(_) if SECRET.contains(&&*self.verb) => f.write_str(" ****"),
            Some(argument) => write!(f, " {}", String::from_utf8_lossy(argument.as_bytes()).escape_debug()),
        }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({self})")
    }
}

/// Why bytes cannot be a command.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CommandError {
    /// The verb is not 1 to 16 ASCII letters or digits.
    Verb,
    /// The argument is none.
    Argument(ArgumentError),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verb => {
                f.write_str("an FTP command is 1 to 16 letters or digits, then a blank and its argument")
            }
            Self::Argument(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CommandError {}

impl From<ArgumentError> for CommandError {
    fn from(error: ArgumentError) -> Self {
        Self::Argument(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_sent_but_not_shown() {
        for verb in ["PASS", "ACCT"] {
            let command = Command::with(verb, Argument::new("s3cret").unwrap());
            assert_eq!(command.to_line(), format!("{verb} s3cret\r\n").as_bytes());
            assert!(!format!("{command} {command:?}").contains("s3cret"));
        }
        let lower = Command::raw(b"pass", b"s3cret").unwrap();
        assert!(!lower.to_string().contains("s3cret"));
    }

    #[test]
    fn raw_commands_are_one_command() {
        assert_eq!(Command::raw(b"site", b"chmod 644 a").unwrap().to_line(), b"SITE chmod 644 a\r\n");
        assert_eq!(Command::raw(b"NOOP", b"").unwrap().to_line(), b"NOOP\r\n");
        for verb in [&b""[..], b"A B", b"NOOP\r\nDELE", b"\xFF", b"ABCDEFGHIJKLMNOPQ"] {
            assert_eq!(Command::raw(verb, b""), Err(CommandError::Verb));
        }
        assert!(matches!(Command::raw(b"SITE", b"a\nb"), Err(CommandError::Argument(_))));
    }

    #[test]
    fn shown_commands_stay_on_one_line() {
        let command = Command::with("RETR", Argument::new("a\x1b[2J\t\u{e9}").unwrap());
        assert_eq!(command.to_string(), "RETR a\\u{1b}[2J\\té");
    }
}
