//! Line ends of text: CRLF on the way (RFC 959, section 3.1.1.1), this computer's at home.

use std::io::{self, Read, Write};

/// How lines end here.
const HOME: &[u8] = if cfg!(windows) { b"\r\n" } else { b"\n" };

/// Writes text that comes in with CRLF, with the line ends of this computer.
pub(super) struct FromWire<W> {
    inner: W,
    /// Whether a CR came last, which may be half of a line end.
    pending: bool,
    buffer: Vec<u8>,
}

impl<W: Write> FromWire<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, pending: false, buffer: Vec::new() }
    }

    /// Writes a CR that stood at the very end.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.pending {
            self.inner.write_all(b"\r")?;
        }
        self.inner.flush()
    }
}

impl<W: Write> Write for FromWire<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.buffer.clear();
        for byte in data {
            let after_cr = std::mem::take(&mut self.pending);
            match byte {
                b'\n' if after_cr => self.buffer.extend_from_slice(HOME),
                _ => {
                    if after_cr {
                        self.buffer.push(b'\r');
                    }
                    if *byte == b'\r' {
                        self.pending = true;
                    } else {
                        self.buffer.push(*byte);
                    }
                }
            }
        }
        self.inner.write_all(&self.buffer)?;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Reads text with any line ends, as it goes out: with CRLF.
pub(super) struct ToWire<R> {
    inner: R,
    after_cr: bool,
    /// Half of a line end that found no room.
    pending: bool,
    buffer: Vec<u8>,
}

impl<R: Read> ToWire<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, after_cr: false, pending: false, buffer: Vec::new() }
    }
}

impl<R: Read> Read for ToWire<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        if std::mem::take(&mut self.pending) {
            target[0] = b'\n';
            return Ok(1);
        }
        // Every byte may become two; with room for one, the second waits.
        self.buffer.resize((target.len() / 2).max(1), 0);
        let read = self.inner.read(&mut self.buffer)?;
        let mut filled = 0;
        for byte in &self.buffer[..read] {
            if *byte == b'\n' && !self.after_cr {
                target[filled] = b'\r';
                filled += 1;
                if filled == target.len() {
                    self.pending = true;
                    self.after_cr = false;
                    continue;
                }
            }
            target[filled] = *byte;
            filled += 1;
            self.after_cr = *byte == b'\r';
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn to_wire(text: &[u8], step: usize) -> Vec<u8> {
        let mut reader = ToWire::new(text);
        let mut wire = Vec::new();
        let mut buffer = vec![0; step];
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => return wire,
                length => wire.extend_from_slice(&buffer[..length]),
            }
        }
    }

    fn from_wire(wire: &[u8], step: usize) -> Vec<u8> {
        let mut text = Vec::new();
        let mut writer = FromWire::new(&mut text);
        wire.chunks(step).for_each(|piece| writer.write_all(piece).unwrap());
        writer.finish().unwrap();
        text
    }

    #[test]
    fn line_feeds_go_out_as_line_ends_and_line_ends_as_they_are() {
        for step in 1..9 {
            assert_eq!(to_wire(b"a\nb\r\nc\rd\n\n", step), b"a\r\nb\r\nc\rd\r\n\r\n", "{step} at a time");
        }
    }

    #[cfg(unix)]
    #[test]
    fn line_ends_come_in_as_line_feeds_and_lone_returns_stay() {
        for step in 1..9 {
            assert_eq!(from_wire(b"a\r\nb\rc\r\r\nd\n\r", step), b"a\nb\rc\r\nd\n\r", "{step} at a time");
        }
    }

    #[cfg(unix)]
    proptest! {
        #[test]
        fn text_without_returns_comes_back(
            text in "[ab\n]{0,60}",
            out in 1_usize..9,
            back in 1_usize..9,
        ) {
            prop_assert_eq!(from_wire(&to_wire(text.as_bytes(), out), back), text.as_bytes());
        }
    }
}
