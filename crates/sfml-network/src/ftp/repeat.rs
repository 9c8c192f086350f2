//! Another attempt at a transfer that failed, in a new session.

use std::thread;
use std::time::Duration;

use super::client::Client;
use super::error::FtpError;
use super::signals::LOOK;
use crate::time::Deadline;

impl Client {
    /// Makes attempts until one succeeds, fails for good, or was the last one the options allow. `attempt` is told
    /// whether there was one before.
    pub(super) fn repeat<T>(
        &mut self,
        mut attempt: impl FnMut(&mut Self, bool) -> Result<T, FtpError>,
    ) -> Result<T, FtpError> {
        let mut left = self.options.retry.attempts;
        let mut delay = self.options.retry.delay;
        let mut outcome = attempt(self, false);
        loop {
            match outcome {
                Err(error) if left > 0 && error.may_pass() => left -= 1,
                done => return done,
            }
            self.pause(delay)?;
            delay = delay.saturating_mul(2);
            // A session that looks whole may not be, and a new one costs little beside a delay.
            outcome = self.come_back().and_then(|()| attempt(self, true));
        }
    }

    /// Lets time pass, unless the call is cancelled.
    fn pause(&self, time: Duration) -> Result<(), FtpError> {
        let interrupt = self.interrupt();
        let until = Deadline::after(time);
        while !until.has_passed() {
            interrupt.check()?;
            thread::sleep(until.remaining().unwrap_or_default().min(LOOK));
        }
        Ok(())
    }
}
