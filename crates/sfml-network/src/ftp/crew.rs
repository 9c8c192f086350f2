//! `Crew`: several sessions at work on one job. The caller's own is one of them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

use super::client::Client;
use super::error::FtpError;
use super::options::Retry;
use super::signals::{LOOK, Signals};
use crate::descriptor::lock;
use crate::sys;

/// The most sessions of one call. Servers allow far fewer to one client.
pub(super) const MOST_SESSIONS: usize = 32;

/// Tells all sessions of a crew to stop.
#[derive(Default)]
pub(super) struct Stop {
    is_asked: AtomicBool,
    others: Mutex<Vec<Arc<Signals>>>,
}

impl Stop {
    /// Ends the sessions beside the caller's: their waits, and what they would still have to say to the server.
    pub(super) fn now(&self) {
        let others = lock(&self.others);
        self.is_asked.store(true, Ordering::Release);
        others.iter().for_each(|other| other.hang_up());
    }

    pub(super) fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Acquire)
    }

    fn reach(&self, other: &Arc<Signals>) {
        let mut others = lock(&self.others);
        if self.is_asked() {
            other.hang_up();
        }
        others.push(Arc::clone(other));
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
    let at_work = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 1..sessions.clamp(1, MOST_SESSIONS) {
            let mut other = other_session(client, stop);
            let (others, at_work, caller) = (&others, &at_work, caller.clone());
            at_work.fetch_add(1, Ordering::Relaxed);
            let leave = Leaving { at_work, caller };
            let run = move || {
                let _leave = leave;
                if other.come_back().is_ok() {
                    others(&mut other);
                }
                drop(other);
            };
            let started = sys::without_signals(|| {
                thread::Builder::new().name("ftp session".to_owned()).spawn_scoped(scope, run)
            });
            if started.is_err() {
                // With fewer threads it takes longer.
                break;
            }
        }
        let mut outcome = own(client);
        let interrupt = client.interrupt();
        while at_work.load(Ordering::Acquire) > 0 {
            outcome = outcome.and_then(|()| {
                interrupt.check()?;
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

/// Tells the caller that a session has nothing more to do, however it came to that.
struct Leaving<'a> {
    at_work: &'a AtomicUsize,
    caller: Thread,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.at_work.fetch_sub(1, Ordering::Release);
        self.caller.unpark();
    }
}

/// A session beside the caller's: the same server, user and directory. Only the caller hears signals.
fn other_session(client: &Client, stop: &Stop) -> Client {
    let mut other = client.twin();
    other.options.retry = Retry::default();
    other.options.interrupt = None;
    stop.reach(&other.signals);
    other
}
