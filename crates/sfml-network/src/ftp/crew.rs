//! `Crew`: several sessions at work on one job. The caller's own is one of them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::client::Client;
use super::error::{Cancellation, FtpError};
use super::options::Retry;
use crate::error::SocketError;
use crate::sys;

/// How long the caller waits for the others between two looks at whether it is to go on.
const LOOK: Duration = Duration::from_millis(40);

/// The most sessions of one call. Servers allow far fewer to one client.
pub(super) const MOST_SESSIONS: usize = 32;

/// Tells all sessions of a crew to stop.
#[derive(Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(super) fn now(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Runs `own` on the client, and `others` on up to `sessions - 1` more that are made for it. Returns what `own` does.
///
/// A server that does not admit so many is served with fewer. `idle` runs again and again while the client has nothing
/// to do and others have.
pub(super) fn work(
    client: &mut Client,
    sessions: usize,
    stop: &Stop,
    own: impl FnOnce(&mut Client) -> Result<(), FtpError>,
    others: impl Fn(&mut Client) + Sync,
    mut idle: impl FnMut() -> Result<(), FtpError>,
) -> Result<(), FtpError> {
    // Only what was logged in by `login` can be done once more.
    let sessions = if client.has_login() { sessions } else { 1 };
    let caller = thread::current();
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for _ in 1..sessions.clamp(1, MOST_SESSIONS) {
            let mut other = other_session(client, stop);
            let (others, caller) = (&others, caller.clone());
            let run = move || {
                if other.come_back().is_ok() {
                    others(&mut other);
                }
                caller.unpark();
            };
            let started = sys::without_signals(|| {
                thread::Builder::new().name("ftp session".to_owned()).spawn_scoped(scope, run)
            });
            match started {
                Ok(thread) => threads.push(thread),
                // With fewer threads it takes longer.
                Err(_) => break,
            }
        }
        let mut outcome = own(client);
        let interrupt = client.interrupt();
        while threads.iter().any(|thread| !thread.is_finished()) {
            outcome = outcome.and_then(|()| {
                interrupt
                    .ask()
                    .map_err(|error| FtpError::of_wait(SocketError::Other(error), |_| FtpError::Cancelled))?;
                idle()
            });
            if outcome.is_err() {
                stop.now();
            }
            thread::park_timeout(LOOK);
        }
        outcome
    })
}

/// A session beside the caller's: the same server, user and directory. Only the caller hears signals.
fn other_session(client: &Client, stop: &Stop) -> Client {
    let mut other = client.twin();
    let stop = stop.clone();
    other.options.retry = Retry::default();
    other.options.interrupt = Some(Arc::new(move || match stop.is_asked() {
        true => Err(io::Error::new(io::ErrorKind::Interrupted, Cancellation)),
        false => Ok(()),
    }));
    other
}
