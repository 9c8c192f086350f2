//! `Interrupt`: who may end a wait before its time.

use std::io;
use std::sync::Arc;

use super::error::FtpError;
use super::signals::Signals;
use crate::error::SocketError;
use crate::interrupt::{self, InterruptHook};
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::time::Deadline;
use crate::wait::Wait;

/// Who may end a wait before its time: another thread, or the caller's hook.
#[derive(Clone, Default)]
pub(super) struct Interrupt {
    pub(super) signals: Arc<Signals>,
    pub(super) hook: Option<InterruptHook>,
}

impl Interrupt {
    /// Whether another thread has cancelled the call.
    pub(super) fn is_cancelled(&self) -> bool {
        self.signals.is_cancelled()
    }

    /// Whether the call may go on.
    pub(super) fn ask(&self) -> io::Result<()> {
        if self.is_cancelled() {
            return Err(interrupt::cancelled());
        }
        self.signals.note_asked();
        self.hook.as_ref().map_or(Ok(()), interrupt::ask)
    }

    /// As [`ask`](Self::ask), but asks the hook only if it was not for a while: for what happens again and again, each
    /// time so briefly that no wait would come to ask.
    pub(super) fn ask_in_passing(&self) -> io::Result<()> {
        if self.is_cancelled() || self.signals.is_due() { self.ask() } else { Ok(()) }
    }

    /// As [`ask`](Self::ask), between two waits.
    pub(super) fn check(&self) -> Result<(), FtpError> {
        self.ask().map_err(FtpError::of_interrupt)
    }

    /// As [`ask_in_passing`](Self::ask_in_passing), between two waits.
    pub(super) fn check_in_passing(&self) -> Result<(), FtpError> {
        self.ask_in_passing().map_err(FtpError::of_interrupt)
    }

    /// Waits for the stream until the deadline.
    pub(super) fn wait(
        &self,
        stream: &dyn Stream,
        want: Readiness,
        deadline: Deadline,
    ) -> Result<(), SocketError> {
        self.ask_in_passing().map_err(SocketError::Other)?;
        let mut hook = || self.ask();
        stream.wait(want, &mut Wait::until(deadline).with_interrupt(&mut hook))
    }
}
