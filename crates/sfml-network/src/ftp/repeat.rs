//! Another attempt at a transfer that failed, in a new session.

use std::thread;
use std::time::Duration;

use super::client::Client;
use super::error::FtpError;
use crate::error::SocketError;
use crate::time::Deadline;

/// How long a pause lasts between two looks at whether it is to go on.
const TURN: Duration = Duration::from_millis(40);

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
            interrupt
                .ask()
                .map_err(|error| FtpError::of_wait(SocketError::Other(error), |_| FtpError::Cancelled))?;
            thread::sleep(until.remaining().unwrap_or_default().min(TURN));
        }
        Ok(())
    }
}
