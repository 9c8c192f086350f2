//! One connection as an HTTP/1.x server reads it: heads, and bodies of either framing (RFC 9112, sections 6 and 7).

use std::io::{self, BufRead, BufReader, Read, Write};

/// What a server can speak over: a TCP connection, or one of TLS around it.
pub trait Connection: Read + Write + Send {}

impl<T: Read + Write + Send> Connection for T {}

/// A connection, read line by line and body by body.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Connection>>,
}

/// How long a request's body is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Connection>) -> Self {
        Self { stream: BufReader::with_capacity(BUFFER, stream) }
    }

    /// The lines of the next head without their ends; `None` when the client has nothing more to ask.
    ///
    /// # Errors
    /// When the connection breaks, or the head is longer than any client's should be.
    pub(super) fn read_head(&mut self) -> io::Result<Option<Vec<Vec<u8>>>> {
        let mut lines = Vec::new();
        let mut left = LONGEST_HEAD;
        loop {
            let line = match self.read_line(&mut left) {
                Err(error) if lines.is_empty() && error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                other => other?,
            };
            match (line.is_empty(), lines.is_empty()) {
                // Old clients send an empty line behind a body (RFC 9112, section 2.2).
                (true, true) => {}
                (true, false) => return Ok(Some(lines)),
                (false, _) => lines.push(line),
            }
        }
    }

    /// Shows `sink` a body piece by piece, without its framing.
    ///
    /// # Errors
    /// When the connection ends before the body does, or its chunks are none.
    pub(super) fn read_body(&mut self, framing: Framing, sink: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        match framing {
            Framing::Length(length) => self.pass_on(length, sink),
            Framing::Chunked => {
                let mut left = LONGEST_HEAD;
                loop {
                    let line = self.read_line(&mut left)?;
                    let length = chunk_size(&line).ok_or(io::ErrorKind::InvalidData)?;
                    if length == 0 {
                        break;
                    }
                    self.pass_on(length, sink)?;
                    left = LONGEST_HEAD;
                    if !self.read_line(&mut left)?.is_empty() {
                        return Err(io::ErrorKind::InvalidData.into());
                    }
                }
                // The trailers.
                while !self.read_line(&mut left)?.is_empty() {}
                Ok(())
            }
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.stream.get_mut().flush()
    }

    fn pass_on(&mut self, mut length: u64, sink: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        while length > 0 {
            let buffer = self.stream.fill_buf()?;
            if buffer.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let count = usize::try_from(length).map_or(buffer.len(), |length| length.min(buffer.len()));
            sink(&buffer[..count]);
            self.stream.consume(count);
            length -= count as u64;
        }
        Ok(())
    }

    fn read_line(&mut self, left: &mut u64) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        let count = (&mut self.stream).take(*left).read_until(b'\n', &mut line)?;
        *left -= count as u64;
        if line.pop() != Some(b'\n') {
            let kind = if *left == 0 { io::ErrorKind::InvalidData } else { io::ErrorKind::UnexpectedEof };
            return Err(kind.into());
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }
}

/// The size that a chunk's first line tells, whatever extensions follow it.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let text = line.split(|byte| *byte == b';').next()?.trim_ascii_end();
    let digits = std::str::from_utf8(text).ok()?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_number && !digits.is_empty() { u64::from_str_radix(digits, 16).ok() } else { None }
}

const BUFFER: usize = 64 << 10;

/// In bytes, of a request's head and of the trailers of a body.
const LONGEST_HEAD: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn wire(bytes: &[u8]) -> Wire {
        Wire::new(Box::new(Cursor::new(bytes.to_vec())))
    }

    #[test]
    fn heads_and_chunked_bodies_follow_each_other() {
        let mut wire = wire(
            b"\r\nPOST / HTTP/1.1\r\nA: b\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\nGET\r\n\r\n",
        );
        let head = wire.read_head().unwrap().unwrap();
        assert_eq!(head, [&b"POST / HTTP/1.1"[..], b"A: b"]);
        let mut body = Vec::new();
        wire.read_body(Framing::Chunked, &mut |bytes| body.extend_from_slice(bytes)).unwrap();
        assert_eq!(body, b"abcde");
        assert_eq!(wire.read_head().unwrap().unwrap(), [b"GET"]);
        assert_eq!(wire.read_head().unwrap(), None);
    }

    #[test]
    fn what_is_cut_or_no_chunk_is_an_error() {
        let mut ignore = |_: &[u8]| {};
        for bytes in [&b"5\r\nabc"[..], b"-1\r\n", b"+1\r\na\r\n", b"\r\n", b"1\r\nabc\r\n", b"0\r\n"] {
            assert!(wire(bytes).read_body(Framing::Chunked, &mut ignore).is_err(), "{bytes:?}");
        }
        assert!(wire(b"abc").read_body(Framing::Length(4), &mut ignore).is_err());
        assert!(wire(b"GET / HTTP/1.1\r\nA").read_head().is_err());
    }
}
