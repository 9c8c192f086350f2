//! `InterruptHook`: who may end a call of FTP or HTTP before its time, and how that is told on its way through the waits.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

/// What is asked whether a call may go on: an error ends it.
///
/// It is asked every 40 ms of waiting and after each signal.
pub type InterruptHook = Arc<dyn Fn() -> io::Result<()> + Send + Sync>;

/// Asks a hook, whose refusal is told apart from what the network says: it may be of any kind.
pub(crate) fn ask(hook: &InterruptHook) -> io::Result<()> {
    hook().map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => error,
        _ => io::Error::new(io::ErrorKind::Interrupted, error),
    })
}

/// What a call is told that another thread has cancelled.
pub(crate) fn cancelled() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, Cancellation)
}

/// Whether that is what an interrupt said.
pub(crate) fn is_cancellation(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Cancellation>())
}

#[derive(Debug)]
struct Cancellation;

impl fmt::Display for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cancelled")
    }
}

impl Error for Cancellation {}
