//! `Incoming`: the body of a response on its way.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use crate::http::call::{Call, Limits};
use crate::http::engine;
use crate::http::error::HttpError;
use crate::http::response::watch::Watch;
use crate::time::Deadline;
use crate::transfer::{self, Sink};

pub(in crate::http) struct Incoming {
    /// `None` once it has ended or failed.
    body: Option<engine::Incoming>,
    call: Arc<Call>,
    expected: Option<u64>,
    received: u64,
    is_compressed: bool,
    /// Of bytes in memory, and of bytes that were decoded.
    limits: (u64, u64),
    is_ended: bool,
}

impl Incoming {
    pub(in crate::http) fn new(
        answer: engine::Answer,
        call: Arc<Call>,
        is_compressed: bool,
        limits: (u64, u64),
    ) -> Self {
        let expected = answer.length.filter(|_| !is_compressed);
        let body = Some(answer.body);
        Self { body, call, expected, received: 0, is_compressed, limits, is_ended: false }
    }

    /// The engine does not tell a body of no bytes from none.
    pub(in crate::http) fn expect_nothing(&mut self) {
        self.expected = Some(0);
    }

    pub(super) fn expected(&self) -> Option<u64> {
        self.expected
    }

    pub(super) fn received(&self) -> u64 {
        self.received
    }

    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    pub(super) fn call(&self) -> &Arc<Call> {
        &self.call
    }

    pub(super) fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, HttpError> {
        let Some(body) = &mut self.body else {
            return if self.is_ended { Ok(0) } else { Err(self.incomplete()) };
        };
        if buffer.is_empty() {
            return Ok(0);
        }
        let outcome = match self.call.check() {
            Ok(()) => self.call.enter(|| body.read(buffer)).map_err(|error| {
                let incomplete = self.incomplete();
                engine::body_failure(&self.call, error, incomplete)
            }),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(0) => {
                self.is_ended = true;
                // The connection goes back to the pool with it.
                self.body = None;
                Ok(0)
            }
            Ok(read) => {
                self.received += read as u64;
                let (_, limit) = self.limits;
                if self.is_compressed && self.received > limit {
                    self.body = None;
                    return Err(HttpError::TooLarge { what: "the decoded body", limit });
                }
                self.end_if_complete();
                Ok(read)
            }
            Err(error) => {
                self.body = None;
                Err(error)
            }
        }
    }

    /// A body whose length was told has ended with its last byte: the engine is told to look, so that the connection is
    /// free for the next request.
    fn end_if_complete(&mut self) {
        if self.expected != Some(self.received) {
            return;
        }
        if let Some(mut body) = self.body.take() {
            self.is_ended = matches!(self.call.enter(|| body.read(&mut [0])), Ok(0));
        }
    }

    pub(super) fn close(&mut self) {
        self.body = None;
    }

    /// Gives up a body that is of no interest: it is read only where it is short and there, which frees the connection.
    pub(in crate::http) fn pass_over(mut self, limits: &Limits) {
        let deadline = limits.deadline.sooner(Deadline::after(A_MOMENT));
        self.call = Call::new(Limits { deadline, ..limits.clone() });
        self.limits = (SHORT, SHORT);
        // What is wrong with it is no matter.
        let _ = self.bytes();
    }

    pub(in crate::http) fn bytes(&mut self) -> Result<Vec<u8>, HttpError> {
        let (limit, _) = self.limits;
        let too_large = || HttpError::TooLarge { what: "the body", limit };
        let left = self.expected.map(|expected| expected.saturating_sub(self.received));
        if left.is_some_and(|left| left > limit) {
            return Err(too_large());
        }
        let (mut bytes, mut filled) = (Vec::new(), 0);
        loop {
            // Only where it is full: making room costs more than the few bytes that may come at a time.
            if filled == bytes.len() {
                // One byte more than told, so that the end is found without another round.
                let told = left.and_then(|left| usize::try_from(left).ok()?.checked_add(1)).unwrap_or(FIRST);
                let room = told.clamp(1, FIRST).max(filled);
                bytes.resize(filled + room.min(MOST), 0);
            }
            let read = self.receive(&mut bytes[filled..])?;
            filled += read;
            if read == 0 {
                bytes.truncate(filled);
                return Ok(bytes);
            }
            if filled as u64 > limit {
                self.body = None;
                return Err(too_large());
            }
        }
    }

    /// How many bytes of the body have come and were not read yet; a body whose bytes are not those on the way has
    /// none.
    fn held(&self) -> u64 {
        self.call.notes().body_received.saturating_sub(self.received)
    }

    /// Moves what is left of a large body past the engine, where its bytes are those on the way and the kernel can move
    /// them.
    pub(super) fn receive_directly(
        &mut self,
        file: &File,
        watch: &mut Watch<'_, '_>,
    ) -> Result<(), HttpError> {
        let Some(expected) = self.expected.filter(|expected| expected - self.received >= DIRECT_FROM) else {
            return Ok(());
        };
        let stream = self.call.notes().stream.clone();
        let Some(stream) = stream.filter(|stream| self.body.is_some() && stream.plain().is_some()) else {
            return Ok(());
        };
        let mut buffer = vec![0; FIRST];
        while self.held() > 0 {
            let room = usize::try_from(self.held()).map_or(FIRST, |held| held.min(FIRST));
            let read = self.receive(&mut buffer[..room])?;
            watch.write(&mut &*file, &buffer[..read])?;
            if self.is_ended {
                // There may be more behind the body, which belongs to nobody.
                return Ok(());
            }
        }
        // The engine does not hear of the rest, so the connection ends with it.
        self.body = None;
        let rest = Some(expected - self.received);
        let moved =
            transfer::receive(&*stream, Sink::File(file), rest, watch).map_err(|error| watch.named(error))?;
        self.received += moved;
        self.is_ended = self.received == expected;
        if self.is_ended { Ok(()) } else { Err(self.incomplete()) }
    }

    fn incomplete(&self) -> HttpError {
        HttpError::Incomplete { received: self.received, expected: self.expected }
    }
}

/// How much room is made first, and at most at a time: the length is only the peer's claim.
const FIRST: usize = 64 << 10;
const MOST: usize = 4 << 20;

/// A body that is not worth a new connection, and how long one is.
const SHORT: u64 = 16 << 10;
const A_MOMENT: Duration = Duration::from_millis(100);

/// From how many bytes on a body is worth a connection of its own.
const DIRECT_FROM: u64 = 1 << 20;
