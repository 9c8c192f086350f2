//! `Jobs`: the files of a tree that are still to be transferred, shared by the sessions.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::client::Client;
use super::super::crew::{self, Stop};
use super::super::error::FtpError;
use super::walk::FileFacts;
use super::{TreeFailure, TreeProgress, TreeProgressCallback, TreeReport};
use crate::descriptor::lock;

/// One file.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) path: Vec<u8>,
    pub(super) facts: FileFacts,
}

pub(super) struct Jobs {
    waiting: Mutex<Vec<Job>>,
    failures: Mutex<Vec<TreeFailure>>,
    total_files: u64,
    total_bytes: u64,
    files: AtomicU64,
    bytes: AtomicU64,
    stop: Stop,
}

/// Transfers one file; tells how many bytes have gone by, and hears whether to go on.
pub(super) type Carry<'a> =
    dyn Fn(&mut Client, &Job, &mut dyn FnMut(u64) -> ControlFlow<()>) -> Result<(), FtpError> + Sync + 'a;

impl Jobs {
    /// The largest come first, so that none of them is left for the end.
    pub(super) fn new(mut jobs: Vec<Job>) -> Self {
        jobs.sort_by_key(|job| job.facts.size);
        let sizes = jobs.iter().filter_map(|job| job.facts.size);
        Self {
            total_files: jobs.len() as u64,
            total_bytes: sizes.fold(0, u64::saturating_add),
            waiting: Mutex::new(jobs),
            failures: Mutex::default(),
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            stop: Stop::default(),
        }
    }

    /// Transfers all with so many sessions, and adds what came of it to the report.
    pub(super) fn run(
        self,
        client: &mut Client,
        sessions: usize,
        progress: Option<TreeProgressCallback<'_>>,
        carry: &Carry<'_>,
        report: &mut TreeReport,
    ) -> Result<(), FtpError> {
        let sessions = sessions.min(lock(&self.waiting).len());
        let mut progress = progress;
        let tell = std::cell::RefCell::new(|| match &mut progress {
            Some(progress) => progress(self.progress()),
            None => ControlFlow::Continue(()),
        });
        let own = |client: &mut Client| self.work(client, carry, &mut || (tell.borrow_mut())());
        let others = |client: &mut Client| {
            // What failed is in the report; a session that has ended leaves the rest to the others.
            let _ = self.work(client, carry, &mut || ControlFlow::Continue(()));
        };
        let idle = || if (tell.borrow_mut())().is_continue() { Ok(()) } else { Err(FtpError::Cancelled) };
        crew::work(client, sessions, &self.stop, own, others, idle)?;
        report.files += self.files.into_inner();
        report.bytes += self.bytes.into_inner();
        let left = self.waiting.into_inner().unwrap_or_default();
        report.failures.extend(self.failures.into_inner().unwrap_or_default());
        report.failures.extend(
            left.into_iter().map(|job| TreeFailure { path: job.path, error: FtpError::NotConnected }),
        );
        Ok(())
    }

    /// One session's part: job after job, until there is none or the session has ended.
    fn work(
        &self,
        client: &mut Client,
        carry: &Carry<'_>,
        tell: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), FtpError> {
        let outcome = self.work_through(client, carry, tell);
        client.has_more = false;
        // Others may have taken the files it was for, and ports do not wait forever.
        client.known.ahead = None;
        outcome
    }

    fn work_through(
        &self,
        client: &mut Client,
        carry: &Carry<'_>,
        tell: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), FtpError> {
        while let Some((job, has_more)) = self.next() {
            client.has_more = has_more;
            let mut counted = 0;
            let mut moved = |done: u64| {
                self.bytes.fetch_add(done.saturating_sub(counted), Ordering::Relaxed);
                counted = counted.max(done);
                if self.stop.is_asked() { ControlFlow::Break(()) } else { tell() }
            };
            let outcome = match client.go_on().and_then(|()| carry(client, &job, &mut moved)) {
                // The server may have had enough of this session, and not of this client.
                Err(error) if error.ends_session() => {
                    client.come_back().and_then(|()| carry(client, &job, &mut moved))
                }
                outcome => outcome,
            };
            match outcome {
                Ok(()) => {
                    self.files.fetch_add(1, Ordering::Relaxed);
                }
                Err(error @ (FtpError::Cancelled | FtpError::Interrupted(_))) => {
                    self.stop.now();
                    return Err(error);
                }
                Err(error) => {
                    let has_ended = !client.is_connected();
                    lock(&self.failures).push(TreeFailure { path: job.path, error });
                    if has_ended {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// The next job, and whether there are more.
    fn next(&self) -> Option<(Job, bool)> {
        if self.stop.is_asked() {
            return None;
        }
        let mut waiting = lock(&self.waiting);
        waiting.pop().map(|job| (job, !waiting.is_empty()))
    }

    fn progress(&self) -> TreeProgress {
        TreeProgress {
            bytes: self.bytes.load(Ordering::Relaxed),
            total_bytes: self.total_bytes,
            files: self.files.load(Ordering::Relaxed),
            total_files: self.total_files,
        }
    }
}
