//! Bodies in chunks (RFC 9112, section 7.1), read here and written anew for the engine.
//!
//! The engine knows no extension of more than a few bytes, takes sizes that are none, drops trailers, and reads each
//! chunk on its own however small it is. So it is given what has come in a single chunk, and the end.

/// Reads chunks bit by bit.
#[derive(Debug, Default)]
pub(in crate::http) struct Chunks {
    state: State,
    /// A line that has not come whole.
    line: Vec<u8>,
    /// Bytes of the lines of the trailer.
    trailer: usize,
    fields: Vec<u8>,
    /// How many bytes of the lines are more than there is use for.
    excess: u64,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum State {
    /// A line with a size is due.
    #[default]
    Size,
    /// So many bytes of data are due.
    Data(u64),
    /// The end of the line behind the data is due.
    DataEnd,
    /// Lines of the trailer are due, up to an empty one.
    Trailer,
    /// All has come.
    Ended,
}

/// What is wrong with chunks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::http) enum Problem {
    /// They are no chunks.
    Invalid(&'static str),
    /// A line or the trailer is longer than so many bytes.
    TooLarge(usize),
}

/// The longest line of a size, its extensions included, and the longest trailer.
const LONGEST: usize = 16 << 10;

impl Chunks {
    /// Takes what has come: data goes to `data`. Returns how many bytes belonged to the body; there are more only behind
    /// its end.
    pub(in crate::http) fn read(&mut self, input: &[u8], data: &mut Vec<u8>) -> Result<usize, Problem> {
        let mut rest = input;
        while !rest.is_empty() && self.state != State::Ended {
            match self.state {
                State::Data(left) => {
                    let count = usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    data.extend_from_slice(&rest[..count]);
                    rest = &rest[count..];
                    let left = left - count as u64;
                    self.state = if left == 0 { State::DataEnd } else { State::Data(left) };
                }
                _ => {
                    let end = rest.iter().position(|byte| *byte == b'\n');
                    let count = end.map_or(rest.len(), |end| end + 1);
                    self.line.extend_from_slice(&rest[..count]);
                    rest = &rest[count..];
                    let limit = if self.state == State::DataEnd { 2 } else { LONGEST };
                    if self.line.len() + self.trailer > limit {
                        return Err(self.too_long());
                    }
                    if end.is_some() {
                        let line = std::mem::take(&mut self.line);
                        self.take_line(&line)?;
                    }
                }
            }
        }
        Ok(input.len() - rest.len())
    }

    /// Whether the end has come.
    pub(in crate::http) fn is_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// The lines of the trailer so far.
    pub(in crate::http) fn trailer(&self) -> &[u8] {
        &self.fields
    }

    fn too_long(&self) -> Problem {
        match self.state {
            State::DataEnd => Problem::Invalid("a chunk is longer than its size says"),
            _ => Problem::TooLarge(LONGEST),
        }
    }

    fn take_line(&mut self, line: &[u8]) -> Result<(), Problem> {
        let Some(line) = line.strip_suffix(b"\r\n") else {
            return Err(Problem::Invalid("a line between the chunks does not end with CR LF"));
        };
        self.state = match self.state {
            State::Size => match size(line)? {
                0 => State::Trailer,
                size => {
                    // A few bytes of data must not cost many of framing for ever.
                    let use_of_it = size.saturating_mul(2).saturating_add(16);
                    self.excess = (self.excess + line.len() as u64).saturating_sub(use_of_it);
                    if self.excess > LONGEST as u64 {
                        return Err(Problem::Invalid("the chunks have more framing than data"));
                    }
                    State::Data(size)
                }
            },
            State::DataEnd if line.is_empty() => State::Size,
            State::DataEnd => return Err(Problem::Invalid("a chunk is longer than its size says")),
            _ if line.is_empty() => State::Ended,
            state => {
                self.trailer += line.len() + 2;
                self.fields.extend_from_slice(line);
                self.fields.extend_from_slice(b"\r\n");
                state
            }
        };
        Ok(())
    }
}

/// The size in a line, whose extensions do not count (RFC 9112, section 7.1.1).
fn size(line: &[u8]) -> Result<u64, Problem> {
    let end = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
    let (digits, extension) = line.split_at(end);
    let extension = extension.trim_ascii_start();
    if digits.is_empty() || !(extension.is_empty() || extension.starts_with(b";")) {
        return Err(Problem::Invalid("the size of a chunk is no hexadecimal number"));
    }
    if extension.contains(&b'\r') {
        return Err(Problem::Invalid("a line between the chunks holds a CR"));
    }
    digits.iter().try_fold(0_u64, |size, digit| {
        let value = (*digit as char).to_digit(16).unwrap_or_default();
        let shifted = size.checked_mul(16).ok_or(Problem::Invalid("the size of a chunk is too large"))?;
        Ok(shifted + u64::from(value))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads it in pieces of so many bytes: the data, how much belonged to it, and whether that was all.
    fn read(input: &[u8], piece: usize) -> Result<(Vec<u8>, usize, bool), Problem> {
        let (mut chunks, mut data, mut used) = (Chunks::default(), Vec::new(), 0);
        for piece in input.chunks(piece) {
            used += chunks.read(piece, &mut data)?;
        }
        Ok((data, used, chunks.is_ended()))
    }

    fn both_ways(input: &[u8]) -> Result<(Vec<u8>, usize, bool), Problem> {
        let whole = read(input, usize::MAX);
        assert_eq!(whole, read(input, 1), "{}", input.escape_ascii());
        whole
    }

    #[test]
    fn chunks_are_read_whole_and_byte_by_byte() {
        for (input, data) in [
            (&b"5\r\nhello\r\n0\r\n\r\n"[..], &b"hello"[..]),
            (b"0\r\n\r\n", b""),
            (b"0005;a=b;c=\"d\"\r\nhello\r\n6 ; x\r\n world\r\n0;last\r\nX: y\r\n\r\n", b"hello world"),
            (b"A\r\n0123456789\r\n000\r\n\r\n", b"0123456789"),
        ] {
            assert_eq!(both_ways(input).unwrap(), (data.to_vec(), input.len(), true));
            for end in 0..input.len() {
                let (part, used, is_ended) = both_ways(&input[..end]).unwrap();
                assert!(data.starts_with(&part) && used == end && !is_ended);
            }
        }
    }

    #[test]
    fn what_is_behind_the_end_is_left() {
        assert_eq!(both_ways(b"1\r\na\r\n0\r\n\r\nHTTP/1.1").unwrap(), (b"a".to_vec(), 11, true));
    }

    #[test]
    fn what_are_no_chunks_is_told() {
        for input in [
            &b"\r\n"[..],
            b"x\r\n",
            b"-1\r\n",
            b"+5\r\nhello\r\n",
            b"0x5\r\nhello\r\n",
            b"5\nhello\r\n",
            b"5\rhello\r\n",
            b"5 6\r\n",
            b"11111111111111111\r\n",
            b"5\r\nhello!\r\n",
            b"5\r\nhello\n",
            b"0\r\nX: y\n\r\n",
        ] {
            assert!(matches!(both_ways(input), Err(Problem::Invalid(_))), "{}", input.escape_ascii());
        }
        let endless = [b"5;".as_slice(), &[b'x'; LONGEST]].concat();
        assert_eq!(both_ways(&endless), Err(Problem::TooLarge(LONGEST)));
        let trailer = b"0\r\n".iter().chain(b"X: y\r\n".iter().cycle().take(6 * LONGEST)).copied();
        assert_eq!(both_ways(&trailer.collect::<Vec<_>>()), Err(Problem::TooLarge(LONGEST)));
    }

    #[test]
    fn framing_may_not_outweigh_the_data_for_ever() {
        let chunk = [b"1;".as_slice(), &[b'x'; 1000], b"\r\na\r\n"].concat();
        assert!(matches!(both_ways(&chunk.repeat(100)), Err(Problem::Invalid(_))));
        let signed = [b"400;".as_slice(), &[b'x'; 1000], b"\r\n", &[b'a'; 1024], b"\r\n"].concat();
        assert_eq!(both_ways(&signed.repeat(100)).unwrap().0.len(), 102_400);
    }

    #[test]
    fn the_trailer_is_kept() {
        let mut chunks = Chunks::default();
        chunks.read(b"0\r\nX: y\r\nZ: 1\r\n\r\n", &mut Vec::new()).unwrap();
        assert_eq!(chunks.trailer(), b"X: y\r\nZ: 1\r\n");
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_the_same_in_any_pieces(
            input in proptest::collection::vec(proptest::sample::select(&b"0123aF\r\n; :x"[..]), 0..60),
            piece in 1_usize..8,
        ) {
            prop_assert_eq!(read(&input, usize::MAX), read(&input, piece));
        }

        #[test]
        fn data_comes_through(pieces in proptest::collection::vec("[a-z]{1,40}", 0..10), piece in 1_usize..50) {
            let mut wire = String::new();
            for data in &pieces {
                wire += &format!("{:x}\r\n{data}\r\n", data.len());
            }
            wire += "0\r\n\r\n";
            let (data, used, is_ended) = read(wire.as_bytes(), piece).unwrap();
            prop_assert_eq!((data, used, is_ended), (pieces.concat().into_bytes(), wire.len(), true));
        }
    }
}
