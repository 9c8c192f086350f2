//! `Inlet`: what has come over a connection, as the engine is to see it.
//!
//! Heads are reduced to what the engine needs, chunks are read here and written anew: see [`Chunks`].

use ureq::unversioned::transport::{Buffers, LazyBuffers};

use super::chunks::{Chunks, Problem};
use super::head::{self, FIELDS, Found};
use crate::error::SocketError;
use crate::http::call::Head;
use crate::http::error::HttpError;
use crate::http::fields::Fields;
use crate::stream::Stream;

pub(super) struct Inlet {
    pub(super) buffers: LazyBuffers,
    /// The chunks of the body that is coming, if that is how it comes.
    chunks: Option<Chunks>,
    /// What has come behind the `100 Continue` that the engine waits for. It would read that too, unseen by anybody.
    behind: Vec<u8>,
    /// What is wrong with the chunks that came along with the header, which is for whoever reads the body.
    problem: Option<HttpError>,
    /// The fields behind the chunks.
    trailer: Option<Fields>,
    /// Chunks as they came, and the data in them.
    raw: Vec<u8>,
    data: Vec<u8>,
}

/// What receiving came to.
pub(super) enum Received {
    /// There is more for the engine, after so many bytes on the way.
    Some(usize),
    /// So many bytes came, which mean nothing for the engine yet.
    Nothing(usize),
    /// Nothing is there.
    NotReady,
}

/// What is at the beginning of what has come.
pub(super) enum Start {
    /// A header that has not come whole.
    Part,
    /// Interim responses of so many bytes, which were passed over; a header is still due.
    Interim(usize),
    /// The interim response the engine waits for.
    Continue,
    /// The header, and how many bytes of the body are behind it.
    Head(Head, usize),
    /// No header.
    Wrong(String),
}

/// How much a head or a chunk may grow when it is written anew: by a blank and a CR in each field.
const MARGIN: usize = 64 + 2 * FIELDS;

impl Inlet {
    pub(super) fn new(buffers: LazyBuffers) -> Self {
        Self {
            buffers,
            chunks: None,
            behind: Vec::new(),
            problem: None,
            trailer: None,
            raw: Vec::new(),
            data: Vec::new(),
        }
    }

    /// How many bytes there are that the engine has not taken.
    pub(super) fn held(&self) -> usize {
        self.buffers.input().len()
    }

    /// A request was sent: what comes next begins with a header.
    pub(super) fn expect_head(&mut self) {
        self.chunks = None;
        self.behind.clear();
        (self.problem, self.trailer) = (None, None);
    }

    /// Whether something can be received without the stream.
    pub(super) fn has_behind(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Receives what is there.
    pub(super) fn receive(&mut self, stream: &dyn Stream) -> Result<Received, HttpError> {
        let of_socket = |error| match error {
            SocketError::NotReady => Ok(Received::NotReady),
            error => Err(HttpError::Connection { phase: crate::http::error::Phase::Body, source: error }),
        };
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        if self.has_behind() {
            let behind = std::mem::take(&mut self.behind);
            self.append(&behind);
            // It was counted when it came.
            return Ok(Received::Some(0));
        }
        let room = self.buffers.input_append_buf().len().saturating_sub(MARGIN);
        if room == 0 {
            let limit = self.held() as u64;
            return Err(HttpError::TooLarge { what: "what has come and makes no sense yet", limit });
        }
        if self.chunks.is_none() {
            let buffer = &mut self.buffers.input_append_buf()[..room];
            return match stream.try_receive(buffer) {
                Ok(received) => {
                    self.buffers.input_appended(received);
                    Ok(Received::Some(received))
                }
                Err(error) => of_socket(error),
            };
        }
        self.raw.resize(RAW, 0);
        let received = match stream.try_receive(&mut self.raw[..room.min(RAW)]) {
            Ok(received) => received,
            Err(error) => return of_socket(error),
        };
        let raw = std::mem::take(&mut self.raw);
        let is_more = self.take_chunks(&raw[..received]);
        self.raw = raw;
        Ok(if is_more? { Received::Some(received) } else { Received::Nothing(received) })
    }

    /// Gives the engine what is in these chunks; whether that was anything.
    fn take_chunks(&mut self, raw: &[u8]) -> Result<bool, HttpError> {
        let Some(chunks) = &mut self.chunks else { return Ok(false) };
        if chunks.is_ended() {
            self.append(raw);
            return Ok(true);
        }
        let mut data = std::mem::take(&mut self.data);
        data.clear();
        let used = chunks.read(raw, &mut data).map_err(|problem| match problem {
            Problem::Invalid(sentence) => HttpError::Invalid(sentence.to_owned()),
            Problem::TooLarge(limit) => {
                let what = "a line between the chunks of the body, or the trailer,";
                HttpError::TooLarge { what, limit: limit as u64 }
            }
        })?;
        let is_ended = chunks.is_ended();
        if is_ended {
            self.trailer = Some(head::trailer(chunks.trailer()).map_err(HttpError::Invalid)?);
        }
        if !data.is_empty() {
            self.append(format!("{:x}\r\n", data.len()).as_bytes());
            self.append(&data);
            self.append(b"\r\n");
        }
        let is_more = is_ended || !data.is_empty();
        self.data = data;
        if is_ended {
            self.append(b"0\r\n\r\n");
            // What belongs to nobody shows the engine that the connection is not to be used again.
            self.append(&raw[used..]);
        }
        Ok(is_more)
    }

    /// The trailer, when the body has just ended.
    pub(super) fn take_trailer(&mut self) -> Option<Fields> {
        self.trailer.take()
    }

    /// Looks for a header. `awaits_continue` says whether the engine wants to see a `100 Continue`, `has_body` whether
    /// the method allows a body.
    pub(super) fn look(&mut self, awaits_continue: bool, has_body: bool) -> Start {
        match head::find(self.buffers.input()) {
            Found::Part => Start::Part,
            Found::Wrong(sentence) => Start::Wrong(sentence),
            Found::Interim(length, 100) if awaits_continue => {
                let input = self.buffers.input();
                let all = input.len();
                self.behind = input[length..].to_vec();
                self.buffers.input_consume(all);
                self.append(b"HTTP/1.1 100 Continue\r\n\r\n");
                Start::Continue
            }
            Found::Interim(length, _) => {
                self.buffers.input_consume(length);
                Start::Interim(length)
            }
            Found::Final(length, head) => {
                let behind = self.held() - length;
                let (for_engine, is_chunked) = head::for_engine(&head, has_body);
                self.replace(length, &for_engine, is_chunked);
                Start::Head(head, behind)
            }
        }
    }

    /// Puts another header in the place of the first `length` bytes.
    fn replace(&mut self, length: usize, head: &[u8], is_chunked: bool) {
        let input = self.buffers.input();
        let (all, behind) = (input.len(), input[length..].to_vec());
        self.buffers.input_consume(all);
        self.append(head);
        if !is_chunked {
            self.append(&behind);
            return;
        }
        self.chunks = Some(Chunks::default());
        self.problem = self.take_chunks(&behind).err();
    }

    fn append(&mut self, bytes: &[u8]) {
        let buffer = self.buffers.input_append_buf();
        // There is room: see `MARGIN`.
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.buffers.input_appended(count);
    }
}

/// How many bytes of chunks are received at once.
const RAW: usize = 64 << 10;
