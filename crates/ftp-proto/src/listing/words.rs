//! Words between blanks, and what stands behind the last one.

/// Takes words from the front of a line.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }

    /// Everything behind the last word taken, blanks included.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.line.get(self.at..).unwrap_or_default()
    }

    /// Takes one of two blanks behind the last word, where a column is that much wider than the word.
    pub(super) fn skip_padding(&mut self) {
        if self.rest().starts_with(b"  ") {
            self.at += 1;
        }
    }

    /// Where the last word taken ends.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// What stands behind the last word taken and one blank; `None` if that is nothing.
    pub(super) fn name(&self) -> Option<&'a [u8]> {
        match self.rest() {
            [b' ' | b'\t', name @ ..] if !name.is_empty() => Some(name),
            _ => None,
        }
    }

    /// As [`name`](Self::name), where the name is in a column of its own: without the blanks before it.
    pub(super) fn name_in_column(&self) -> Option<&'a [u8]> {
        let name = trim_blanks(self.name()?);
        if name.is_empty() { None } else { Some(name) }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = trim_blanks(self.rest());
        let length = rest.iter().position(is_blank).unwrap_or(rest.len());
        if length == 0 {
            return None;
        }
        self.at = self.line.len() - rest.len() + length;
        Some(&rest[..length])
    }
}

/// Without the blanks at the front.
pub(super) fn trim_blanks(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    &bytes[start..]
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_leave_what_is_behind_them() {
        let mut words = Words::new(b"  one\ttwo   a b ");
        assert_eq!((words.next(), words.next()), (Some(&b"one"[..]), Some(&b"two"[..])));
        assert_eq!((words.rest(), words.name()), (&b"   a b "[..], Some(&b"  a b "[..])));
        assert_eq!(words.name_in_column(), Some(&b"a b "[..]));
        assert_eq!((words.next(), words.next(), words.next()), (Some(&b"a"[..]), Some(&b"b"[..]), None));
        assert_eq!((words.rest(), words.name(), words.name_in_column()), (&b" "[..], None, None));
    }
}
