//! `Watch`: what goes on beside the bytes of a body that is being saved. Progress, and whether it is fast enough.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use crate::http::call::Call;
use crate::http::error::{HttpError, Phase};
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::transfer::{Monitor, Progress, PumpError, SpeedWatch};

pub(super) struct Watch<'w, 'p> {
    call: &'w Call,
    progress: &'w mut Progress<'p>,
    path: Option<&'w Path>,
    speed: Option<SpeedWatch>,
}

impl<'w, 'p> Watch<'w, 'p> {
    /// A body that begins to come now, to the file of this name.
    pub(super) fn new(call: &'w Call, progress: &'w mut Progress<'p>, path: Option<&'w Path>) -> Self {
        let speed = call.low_speed.and_then(|limit| SpeedWatch::new(limit, Instant::now()));
        Self { call, progress, path, speed }
    }

    /// Writes bytes that came.
    pub(super) fn write(&mut self, writer: &mut dyn Write, bytes: &[u8]) -> Result<(), HttpError> {
        writer.write_all(bytes).map_err(|error| HttpError::local(self.path, error))?;
        self.moved(bytes.len())
    }

    /// Says which file has failed.
    pub(super) fn named(&self, error: HttpError) -> HttpError {
        match error {
            HttpError::Local { path: None, source } => HttpError::local(self.path, source),
            error => error,
        }
    }
}

impl From<PumpError> for HttpError {
    fn from(error: PumpError) -> Self {
        match error {
            PumpError::Stream(source) => Self::Connection { phase: Phase::Body, source },
            PumpError::Local(error) => Self::local(None, error),
        }
    }
}

impl Monitor for Watch<'_, '_> {
    type Error = HttpError;

    fn wait(&mut self, stream: &dyn Stream, want: Readiness) -> Result<(), HttpError> {
        self.call.wait(stream, want)
    }

    fn moved(&mut self, bytes: usize) -> Result<(), HttpError> {
        self.call.check()?;
        if let Some(speed) = &mut self.speed {
            let now = Instant::now();
            speed.moved(bytes, now);
            if speed.is_too_slow(now) {
                let limit = self.call.low_speed.map(|limit| limit.period);
                return Err(HttpError::TimedOut { phase: Phase::Body, limit });
            }
        }
        if self.progress.moved(bytes).is_break() { Err(HttpError::Cancelled) } else { Ok(()) }
    }

    fn piece(&self) -> usize {
        PIECE
    }
}

/// The most bytes between two looks at progress and cancellation.
const PIECE: usize = 4 << 20;
