//! The lines of a control connection, as a server reads them.
//!
//! Telnet commands (RFC 854) are dropped where clients send them: before a command. Inside a line every byte stands
//! for itself, since clients send names as they are.

use std::io::{self, Read};
use std::net::TcpStream;

use socket2::SockRef;

/// Splits a control connection into lines.
#[derive(Debug)]
pub(super) struct Lines {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Lines {
    /// Reads from a connection whose urgent bytes (RFC 959, section 4.1.3: ABOR) are to stay in their place.
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        SockRef::from(&stream).set_out_of_band_inline(true)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// The next line without its end; `None` when the client has closed the connection, or sends a line without
    /// end.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        const LONGEST: usize = 1 << 20;
        let mut searched = 0;
        loop {
            if let Some(position) = self.buffer[searched..].iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=searched + position).collect();
                return Ok(Some(command(&line).to_vec()));
            }
            searched = self.buffer.len();
            let mut chunk = [0; 4096];
            let count = match self.stream.read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if count == 0 || searched > LONGEST {
                return Ok(None);
            }
            self.buffer.extend_from_slice(&chunk[..count]);
        }
    }
}

/// The line without its end and without telnet commands at its front.
fn command(line: &[u8]) -> &[u8] {
    let mut line = line.strip_suffix(b"\n").unwrap_or(line);
    line = line.strip_suffix(b"\r").unwrap_or(line);
    loop {
        line = match line {
            [255, 240..=250, rest @ ..] | [255, 251..=254, _, rest @ ..] => rest,
            // The data mark that followed was urgent, and some systems drop it.
            [255, rest @ ..] if rest.first().is_some_and(u8::is_ascii_alphabetic) => rest,
            _ => return line,
        };
    }
}

/// The verb in upper case and the argument.
pub(super) fn split(line: &[u8]) -> (String, &[u8]) {
    let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
    let verb = String::from_utf8_lossy(&line[..end]).to_ascii_uppercase();
    (verb, line.get(end + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telnet_commands_are_dropped_before_a_command_only() {
        assert_eq!(command(b"\xFF\xF4\xFF\xF2ABOR\r\n"), b"ABOR");
        assert_eq!(command(b"\xFF\xF4\xFFABOR\r\n"), b"ABOR");
        assert_eq!(command(b"\xFF\xFB\x01NOOP\n"), b"NOOP");
        assert_eq!(command(b"RETR \xFF\xFE\r\n"), b"RETR \xFF\xFE");
    }

    #[test]
    fn an_argument_keeps_its_blanks() {
        assert_eq!(split(b"retr  a b "), ("RETR".to_owned(), &b" a b "[..]));
        assert_eq!(split(b"NOOP"), ("NOOP".to_owned(), &b""[..]));
        assert_eq!(split(b""), (String::new(), &b""[..]));
    }
}
