//! `Pace`: what goes on beside the bytes of a transfer. Time limits, progress, the control connection.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use ftp_proto::Ticket;

use super::client::Client;
use super::control::Control;
use super::error::{Awaited, FtpError};
use super::exchange::Exchange;
use super::signals::LOOK;
use super::transfer::ProgressCallback;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::time::Deadline;
use crate::transfer::{Monitor, Progress, PumpError, Rate, SpeedWatch};

/// The most bytes between two looks at progress and cancellation.
const PIECE: usize = 4 << 20;

pub(super) struct Pace<'c, 'p> {
    control: &'c mut Control,
    transfer: &'c Exchange,
    progress: Progress<'p>,
    rate: Option<Rate>,
    speed: Option<SpeedWatch>,
    /// Over how long it is watched.
    period: Duration,
    patience: Duration,
    keep_alive: Option<Duration>,
    /// The last `NOOP`, if its answer was not looked at yet.
    noop: Option<Ticket>,
    last_moved: Instant,
    last_said: Instant,
    next_look: Instant,
}

impl<'c, 'p> Pace<'c, 'p> {
    /// A transfer that begins now. `done` bytes are there from an earlier attempt.
    pub(super) fn new(
        client: &'c mut Client,
        transfer: &'c Exchange,
        report: Option<ProgressCallback<'p>>,
        (done, total): (u64, Option<u64>),
    ) -> Result<Self, FtpError> {
        let now = Instant::now();
        let options = &client.options;
        let rate = options.rate.and_then(NonZeroU64::new).map(|rate| Rate::new(rate, now));
        let speed = options.low_speed.and_then(|limit| SpeedWatch::new(limit, now));
        let period = options.low_speed.map_or(Duration::ZERO, |limit| limit.period);
        let (patience, keep_alive) = (options.data_timeout, options.keep_alive);
        let mut progress = Progress::new(report);
        progress.resume_at(done);
        progress.set_total(total);
        if progress.moved(0).is_break() {
            return Err(FtpError::Cancelled);
        }
        Ok(Self {
            control: client.control()?,
            transfer,
            progress,
            rate,
            speed,
            period,
            patience,
            keep_alive,
            noop: None,
            last_moved: now,
            last_said: now,
            next_look: now + LOOK,
        })
    }

    /// Reads what the server has to say in the middle of a transfer.
    fn look(&mut self, now: Instant) -> Result<(), FtpError> {
        self.next_look = now + LOOK;
        while self.control.advance(Deadline::after(Duration::ZERO))? {}
        if self.speed.as_mut().is_some_and(|speed| speed.is_too_slow(now)) {
            return Err(FtpError::TimedOut { awaited: Awaited::Speed, limit: self.period });
        }
        if self.keep_alive.is_some_and(|after| now - self.last_said >= after) {
            self.last_said = now;
            self.noop = self.control.keep_alive(self.noop)?;
            if self.noop.is_none() {
                self.keep_alive = None;
            }
        }
        Ok(())
    }

    /// Ends a transfer that the server has ended with a refusal.
    fn unless_refused(&mut self) -> Result<(), FtpError> {
        let refusal = self.control.answer(self.transfer.ticket).filter(|reply| !reply.status().is_ok());
        refusal.map_or(Ok(()), |reply| Err(self.transfer.refused(reply.clone())))
    }

    /// Lets time pass, as the rate wants it.
    fn hold_back(&mut self, time: Duration) -> Result<(), FtpError> {
        let until = Deadline::after(time);
        while !until.has_passed() && self.control.advance(until)? {}
        Ok(())
    }
}

impl Monitor for Pace<'_, '_> {
    type Error = FtpError;

    fn wait(&mut self, stream: &dyn Stream, want: Readiness) -> Result<(), FtpError> {
        let limit = self.last_moved.checked_add(self.patience).map_or(Deadline::never(), Deadline::at);
        loop {
            let slice = limit.sooner(Deadline::after(LOOK));
            match self.control.interrupt.wait(stream, want, slice) {
                Ok(()) => return Ok(()),
                Err(SocketError::NotReady) => {}
                Err(error) => {
                    return Err(FtpError::of_wait(error, |source| FtpError::Data { reply: None, source }));
                }
            }
            self.look(Instant::now())?;
            self.unless_refused()?;
            if limit.has_passed() {
                let awaited = if want.is_writable() { Awaited::RoomForData } else { Awaited::Data };
                return Err(FtpError::TimedOut { awaited, limit: self.patience });
            }
        }
    }

    fn moved(&mut self, bytes: usize) -> Result<(), FtpError> {
        let now = Instant::now();
        self.last_moved = now;
        if let Some(speed) = &mut self.speed {
            speed.moved(bytes, now);
        }
        if self.progress.moved(bytes).is_break() || self.control.interrupt.is_cancelled() {
            return Err(FtpError::Cancelled);
        }
        if now >= self.next_look {
            self.look(now)?;
            self.control.interrupt.check()?;
        }
        match &mut self.rate {
            Some(rate) => {
                let time = rate.moved(bytes, now);
                self.hold_back(time)
            }
            None => Ok(()),
        }
    }

    fn piece(&self) -> usize {
        self.rate.as_ref().map_or(PIECE, Rate::piece)
    }
}

impl From<PumpError> for FtpError {
    fn from(error: PumpError) -> Self {
        match error {
            PumpError::Stream(source) => Self::Data { reply: None, source },
            PumpError::Local(source) => Self::local(None, "could not use", source),
        }
    }
}
