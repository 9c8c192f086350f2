//! One request and its answer on a connection.

use std::io;
use std::ops::Range;

use super::answer::{Answer, Body, reason};
use super::checksum::Crc32;
use super::connection::{Framing, Wire};
use super::content::pseudo_random;
use super::head::Head;
use super::journal::{Journal, Received};

/// A request whose head is there, and through which it is answered.
pub(super) struct Exchange<'a> {
    pub(super) head: Head,
    wire: &'a mut Wire,
    journal: &'a Journal,
    /// Its number in the journal.
    number: usize,
    /// How the body is framed that has not been read yet.
    unread: Option<Framing>,
    /// Whether the client waits before it sends the body (RFC 9110, section 10.1.1).
    client_waits: bool,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        head: Head,
        framing: Framing,
        wire: &'a mut Wire,
        journal: &'a Journal,
        connection: usize,
    ) -> Self {
        let number = journal.begin(connection, &head);
        let client_waits = !head.is_old() && head.has_word("expect", "100-continue");
        Self { head, wire, journal, number, unread: Some(framing), client_waits }
    }

    /// Reads the body into the journal, and returns the request as it stands there.
    pub(super) fn read_body(&mut self) -> io::Result<Received> {
        if let Some(framing) = self.unread.take() {
            if self.client_waits && framing != Framing::Length(0) {
                self.wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
                self.wire.flush()?;
            }
            let (journal, number) = (self.journal, self.number);
            self.wire.read_body(framing, &mut |bytes| journal.take(number, bytes))?;
        }
        Ok(self.journal.complete(self.number))
    }

    /// Waits until the test lets the answer go on.
    pub(super) fn wait_for_release(&self) {
        self.journal.wait_for_release();
    }

    /// Sends the answer; returns whether the connection can be used on.
    pub(super) fn answer(mut self, answer: Answer) -> io::Result<bool> {
        if !self.client_waits {
            self.read_body()?;
        }
        let is_read = self.unread.is_none_or(|framing| framing == Framing::Length(0));
        let chunks = matches!(answer.body, Body::Chunked(_)) && !answer.is_bodiless();
        let lasts = is_read
            && !answer.closes
            && self.head.keeps_alive()
            // To an old client the end of the connection is the end of the body.
            && !(chunks && self.head.is_old());
        self.send_head(&answer, lasts)?;
        if self.head.method != "HEAD" && !answer.is_bodiless() {
            self.send_body(answer.body)?;
        }
        self.wire.flush()?;
        Ok(lasts)
    }

    fn send_head(&mut self, answer: &Answer, lasts: bool) -> io::Result<()> {
        let mut text = format!("HTTP/1.1 {} {}\r\nServer: testkit\r\n", answer.status, reason(answer.status));
        for (name, value) in &answer.fields {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = match &answer.body {
            _ if answer.is_bodiless() => None,
            Body::Whole(bytes) => Some(bytes.len() as u64),
            Body::PseudoRandom(range) => Some(range.end - range.start),
            Body::InHalves(text) => Some(text.len() as u64),
            Body::Chunked(_) => None,
        };
        match length {
            Some(length) => text.push_str(&format!("Content-Length: {length}\r\n")),
            None if answer.is_bodiless() || self.head.is_old() => {}
            None => text.push_str("Transfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n"),
        }
        match (lasts, self.head.is_old()) {
            (false, _) => text.push_str("Connection: close\r\n"),
            (true, true) => text.push_str("Connection: keep-alive\r\n"),
            (true, false) => {}
        }
        text.push_str("\r\n");
        self.wire.write(text.as_bytes())
    }

    fn send_body(&mut self, body: Body) -> io::Result<()> {
        match body {
            Body::Whole(bytes) => self.wire.write(&bytes),
            Body::PseudoRandom(range) => {
                pieces(range).try_for_each(|piece| self.wire.write(&pseudo_random(piece)))
            }
            Body::InHalves(text) => {
                let (first, second) = text.as_bytes().split_at(text.len() / 2);
                self.wire.write(first)?;
                self.wire.flush()?;
                self.wait_for_release();
                self.wire.write(second)
            }
            Body::Chunked(length) if self.head.is_old() => self.send_body(Body::PseudoRandom(0..length)),
            Body::Chunked(length) => {
                let mut sum = Crc32::new();
                for piece in pieces(0..length) {
                    let bytes = pseudo_random(piece);
                    sum.update(&bytes);
                    self.wire.write(format!("{:x}\r\n", bytes.len()).as_bytes())?;
                    self.wire.write(&bytes)?;
                    self.wire.write(b"\r\n")?;
                }
                self.wire.write(format!("0\r\nX-Checksum: {:08x}\r\n\r\n", sum.value()).as_bytes())
            }
        }
    }
}

/// A long part in such parts as fit into memory.
fn pieces(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let Range { start, end } = range;
    let mut next = start;
    std::iter::from_fn(move || {
        let first = next;
        next = next.saturating_add(PIECE).min(end);
        (first < end).then_some(first..next)
    })
}

/// In bytes. It is no power of two, so that chunks begin anywhere.
const PIECE: u64 = 10_000;
