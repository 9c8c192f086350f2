//! One large file with several sessions, each of which downloads a part of it.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ftp_proto::Reply;

use super::client::Client;
use super::crew::{self, MOST_SESSIONS, Stop};
use super::download::{refuse_impossible, target_of};
use super::error::FtpError;
use super::exchange::Direction;
use super::meaningless;
use super::pace::Pace;
use super::transfer::{Transfer, TransferMode, Transferred};
use crate::descriptor::lock;
use crate::transfer::{Keep, Landing, Sink, receive};

/// The smallest part that is worth a session of its own, whose login alone takes several round trips.
const SMALLEST: u64 = 1 << 20;

impl Client {
    pub(super) fn download_segmented(
        &mut self,
        remote: &[u8],
        local: &Path,
        sessions: usize,
        mut transfer: Transfer<'_>,
    ) -> Result<Transferred, FtpError> {
        refuse_impossible(&transfer)?;
        if transfer.resume || transfer.mode != TransferMode::Binary {
            let sentence = "a download in segments is binary and begins anew";
            return Err(FtpError::impossible("the transfer", sentence));
        }
        let target = target_of(remote, local)?;
        let file = self.whole(remote)?;
        let mut parts = parts(file.size, sessions);
        let Some(last) = parts.pop().filter(|_| !parts.is_empty()) else {
            transfer.size = Some(file.size);
            return self.download(remote, &target, transfer);
        };
        let mut landing = Landing::create(&target, Keep::Nothing).map_err(FtpError::of_landing)?;
        landing.reserve(file.size).map_err(FtpError::of_landing)?;

        let job = Job {
            remote,
            place: landing.place(),
            whole: file,
            done: AtomicU64::new(0),
            is_one: AtomicBool::new(false),
        };
        let stop = Stop::default();
        let waiting = Mutex::new(parts);
        let failure = Mutex::new(None);
        let mut reply = None;
        let mut report = transfer.progress.take();
        let tell = std::cell::RefCell::new(|| match &mut report {
            Some(report) => report(job.done.load(Ordering::Relaxed), Some(file.size)),
            None => ControlFlow::Continue(()),
        });
        let own = |client: &mut Client| {
            let mut moved = || if stop.is_asked() { ControlFlow::Break(()) } else { (tell.borrow_mut())() };
            reply = client.fetch(&job, last, &mut moved)?;
            // What the other sessions have left, because the server did not admit so many.
            while let Some(part) = next(&waiting) {
                client.fetch(&job, part, &mut moved)?;
            }
            Ok(())
        };
        let others = |client: &mut Client| {
            let Some(part) = next(&waiting) else { return };
            let mut moved =
                || if stop.is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let fetched = client.whole(remote).and_then(|same| {
                if same != file {
                    return Err(job.cannot_be_split());
                }
                client.fetch(&job, part, &mut moved)
            });
            // It has no other work, so nobody waits until the server has given up the rest.
            client.drop_session();
            if let Err(error) = fetched {
                stop.now();
                lock(&failure).get_or_insert(error);
            }
        };
        let idle = || match (tell.borrow_mut())() {
            ControlFlow::Continue(()) if !stop.is_asked() => Ok(()),
            _ => Err(FtpError::Cancelled),
        };
        let outcome = crew::work(self, sessions, &stop, own, others, idle);
        // What was replaced meanwhile is two files in one.
        let outcome = outcome.and_then(|()| match self.whole(remote)? == file {
            true => Ok(()),
            false => Err(job.cannot_be_split()),
        });
        if job.is_one.load(Ordering::Relaxed) && self.is_connected() {
            drop(landing);
            transfer.progress = report;
            return self.download(remote, &target, transfer);
        }
        if let Some(error) = lock(&failure).take() {
            return Err(error.about(&target));
        }
        outcome.map_err(|error| error.about(&target))?;
        let received = job.done.into_inner();
        let reply = reply.filter(|_| received == file.size);
        let reply = reply.ok_or(FtpError::Incomplete { received, expected: file.size })?;
        if let Some(modified) = file.modified.filter(|_| transfer.keep_time) {
            landing.set_modified(modified);
        }
        landing.commit().map_err(FtpError::of_landing)?;
        Ok(Transferred { bytes: received, resumed_from: 0, path: Some(target), reply })
    }

    /// The file as a whole, by which every session sees that it downloads the same.
    fn whole(&mut self, remote: &[u8]) -> Result<Whole, FtpError> {
        self.set_mode(TransferMode::Binary)?;
        let command = self.about("SIZE", remote)?;
        let reply = self.demand(&command)?;
        let Some(size) = ftp_proto::size(reply.text()) else { return Err(meaningless(&command, reply)) };
        Ok(Whole { size, modified: self.modified(remote)? })
    }

    /// Downloads a part to its place in the file. Returns the last reply, if the part is the last one.
    fn fetch(
        &mut self,
        job: &Job<'_>,
        part: Range<u64>,
        moved: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<Option<Reply>, FtpError> {
        let command = self.about("RETR", job.remote)?;
        let failed = |error| FtpError::local(Some(job.place), "could not use", error);
        let mut file = File::options().write(true).open(job.place).map_err(failed)?;
        file.seek(SeekFrom::Start(part.start)).map_err(failed)?;
        let length = part.end - part.start;
        let exchange = match self.begin(command, part.start, Direction::Download) {
            Err(FtpError::Rejected { command, .. }) if command.starts_with("REST") => {
                return Err(job.cannot_be_split());
            }
            begun => begun?,
        };
        let mut counted = 0;
        let mut count = |bytes: u64, _| {
            job.done.fetch_add(bytes.saturating_sub(counted), Ordering::Relaxed);
            counted = bytes;
            moved()
        };
        let is_last = part.end == job.whole.size;
        // One byte more than there should be tells that the file is another, or was begun at its beginning.
        let limit = length.saturating_add(is_last.into());
        let received = Pace::new(self, &exchange, Some(&mut count), (0, Some(length)))
            .and_then(|mut pace| receive(&*exchange.stream, Sink::File(&file), Some(limit), &mut pace));
        let error = match received {
            Ok(bytes) if bytes == length && is_last => {
                return self.end(exchange, Direction::Download).map(Some);
            }
            Ok(bytes) if bytes == length => {
                self.leave(exchange);
                return Ok(None);
            }
            Ok(bytes) if bytes > length => job.cannot_be_split(),
            Ok(bytes) => FtpError::Incomplete { received: part.start + bytes, expected: part.end },
            Err(error) => error,
        };
        Err(self.give_up(exchange, error))
    }
}

/// What the sessions have in common.
struct Job<'a> {
    remote: &'a [u8],
    place: &'a Path,
    whole: Whole,
    done: AtomicU64,
    /// Whether the file has to be downloaded in one piece: the server cannot begin in its middle, or it is not the same
    /// for all sessions.
    is_one: AtomicBool,
}

impl Job<'_> {
    /// Notes that; the error ends the segment.
    fn cannot_be_split(&self) -> FtpError {
        self.is_one.store(true, Ordering::Relaxed);
        FtpError::Cancelled
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Whole {
    size: u64,
    modified: Option<std::time::SystemTime>,
}

fn next(waiting: &Mutex<Vec<Range<u64>>>) -> Option<Range<u64>> {
    lock(waiting).pop()
}

/// As many parts as there are sessions, or fewer where they would become too small.
fn parts(size: u64, sessions: usize) -> Vec<Range<u64>> {
    let most = sessions.clamp(1, MOST_SESSIONS) as u64;
    let count = (size / SMALLEST).clamp(1, most);
    let bounds = |index: u64| (u128::from(size) * u128::from(index) / u128::from(count)) as u64;
    (0..count).map(|index| bounds(index)..bounds(index + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_file_without_gaps() {
        for (size, sessions, count) in
            [(0, 4, 1), (SMALLEST * 2 - 1, 4, 1), (SMALLEST * 3 + 1, 8, 3), (u64::MAX, 99, 32)]
        {
            let parts = parts(size, sessions);
            assert_eq!(parts.len(), count);
            assert_eq!((parts[0].start, parts[count - 1].end), (0, size));
            assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }
}
