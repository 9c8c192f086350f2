//! Downloads: from the server to a file, or to a writer.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ftp_proto::{Reply, announced_size};

use super::ascii::FromWire;
use super::client::Client;
use super::error::FtpError;
use super::exchange::{Direction, Exchange};
use super::names;
use super::pace::Pace;
use super::transfer::{ProgressCallback, Transfer, TransferMode, Transferred};
use crate::transfer::{Keep, Landing, Sink, receive};

impl Client {
    /// Downloads to a file, as often as the options allow.
    pub(super) fn download(
        &mut self,
        remote: &[u8],
        local: &Path,
        mut transfer: Transfer<'_>,
    ) -> Result<Transferred, FtpError> {
        refuse_impossible(&transfer)?;
        let target = target_of(remote, local)?;
        let keep = if transfer.resume { Keep::Partial } else { Keep::Nothing };
        let mut begun = None;
        if self.options.retry.attempts == 0 {
            return self.download_once(remote, target, transfer, keep, &mut begun);
        }
        self.repeat(|client, is_again| {
            let mut attempt = transfer.again();
            attempt.resume |= is_again && attempt.mode == TransferMode::Binary;
            client.download_once(remote, target.clone(), attempt, keep, &mut begun)
        })
    }

    /// One attempt. It goes on with the landing of the one before, and leaves its own for the next one.
    fn download_once(
        &mut self,
        remote: &[u8],
        target: PathBuf,
        mut transfer: Transfer<'_>,
        keep: Keep,
        begun: &mut Option<Landing>,
    ) -> Result<Transferred, FtpError> {
        let command = self.about("RETR", remote)?;
        let landing = match begun {
            Some(landing) => landing,
            None => begun.insert(Landing::create(&target, keep).map_err(FtpError::of_landing)?),
        };
        landing.go_to_end().map_err(FtpError::of_landing)?;
        self.control()?;
        let is_resumable = keep == Keep::Partial || self.options.retry.attempts > 0;
        let remote_file = self.examine(remote, &transfer, is_resumable)?;

        let offset = match transfer.resume {
            true => resume_point(landing, &remote_file)?,
            false => 0,
        };
        // Where the server does not tell the size it may refuse the file as well, for now, and the part is kept.
        let restarts_late = offset == 0 && remote_file.size.is_none();
        if offset == 0 && !restarts_late {
            landing.restart().map_err(FtpError::of_landing)?;
        }
        if let (Some(size), Some(reply)) = (remote_file.size, &remote_file.reply) {
            if offset == size && offset > 0 {
                let reply = reply.clone();
                return commit(begun, &remote_file, &transfer, target, (0, offset), reply);
            }
        }
        if let Some(size) = remote_file.size.filter(|size| *size >= Landing::RESERVED_FROM) {
            landing.reserve(size).map_err(FtpError::of_landing)?;
        }
        let (exchange, offset) = match self.begin(command.clone(), offset, Direction::Download) {
            // It knows no REST, or not so far.
            Err(FtpError::Rejected { command: refused, .. }) if offset > 0 && refused.starts_with("REST") => {
                landing.restart().map_err(FtpError::of_landing)?;
                (self.begin(command, 0, Direction::Download)?, 0)
            }
            begun => (begun?, offset),
        };
        if restarts_late {
            if let Err(error) = landing.restart() {
                return Err(self.give_up(exchange, FtpError::of_landing(error)));
            }
        }

        let announced = self.announced(&exchange);
        let total = transfer.mode.total(remote_file.size.or(announced));
        let mode = transfer.mode;
        let report = transfer.again().progress;
        let moved = self.receive_into(exchange, &mut Target::File(landing), mode, report, (offset, total));
        let (bytes, reply) = moved.map_err(|error| {
            keep_time_of(landing, &remote_file);
            error.about(&target)
        })?;
        if offset > 0 && remote_file.size.is_some_and(|size| offset + bytes > size) {
            // It said yes to REST, and began at the beginning all the same.
            landing.restart().map_err(FtpError::of_landing)?;
            transfer.resume = false;
            return self.download_once(remote, target, transfer, keep, begun);
        }
        if mode == TransferMode::Binary {
            if let Err(error) = self.check_size(remote, (bytes, offset), remote_file.size, announced) {
                keep_time_of(landing, &remote_file);
                return Err(error);
            }
        }
        commit(begun, &remote_file, &transfer, target, (bytes, offset), reply)
    }

    /// Downloads to a writer.
    pub(super) fn retrieve(
        &mut self,
        remote: &[u8],
        writer: &mut dyn Write,
        mut transfer: Transfer<'_>,
    ) -> Result<Transferred, FtpError> {
        if transfer.resume {
            return Err(FtpError::impossible("resume", "a writer has nothing to go on from, give a path"));
        }
        let command = self.about("RETR", remote)?;
        let size = self.examine(remote, &transfer, false)?.size;
        let exchange = self.begin(command, 0, Direction::Download)?;
        let announced = self.announced(&exchange);
        let total = transfer.mode.total(size.or(announced));
        let report = transfer.progress.take();
        let mut target = Target::Writer(writer);
        let (bytes, reply) = self.receive_into(exchange, &mut target, transfer.mode, report, (0, total))?;
        if transfer.mode == TransferMode::Binary {
            self.check_size(remote, (bytes, 0), size, announced)?;
        }
        Ok(Transferred { bytes, resumed_from: 0, path: None, reply })
    }

    /// Moves the data of an exchange and ends it, one way or the other. Returns how many bytes came, and the last
    /// reply.
    pub(super) fn receive_into(
        &mut self,
        exchange: Exchange,
        target: &mut Target<'_>,
        mode: TransferMode,
        report: Option<ProgressCallback<'_>>,
        progress: (u64, Option<u64>),
    ) -> Result<(u64, Reply), FtpError> {
        let moved = Pace::new(self, &exchange, report, progress).and_then(|mut pace| {
            let stream = &*exchange.stream;
            match (mode, target) {
                (TransferMode::Ascii, target) => {
                    let mut text = FromWire::new(target.writer());
                    let bytes = receive(stream, Sink::Write(&mut text), None, &mut pace)?;
                    text.finish().map_err(|error| FtpError::local(None, "could not write", error))?;
                    Ok(bytes)
                }
                (_, Target::File(landing)) => receive(stream, Sink::File(landing.file()), None, &mut pace),
                (_, Target::Writer(writer)) => {
                    let bytes = receive(stream, Sink::Write(&mut **writer), None, &mut pace)?;
                    writer.flush().map_err(|error| FtpError::local(None, "could not write", error))?;
                    Ok(bytes)
                }
            }
        });
        match moved {
            Ok(bytes) => Ok((bytes, self.end(exchange, Direction::Download)?)),
            Err(error) => Err(self.give_up(exchange, error)),
        }
    }

    /// Whether the file came, and all of it. What `SIZE` said counts; the size in the `150` is the whole or the rest, as
    /// the server likes. A file that grew meanwhile is longer than that said, and so is another one.
    fn check_size(
        &mut self,
        remote: &[u8],
        (bytes, offset): (u64, u64),
        size: Option<u64>,
        announced: Option<u64>,
    ) -> Result<(), FtpError> {
        let received = offset.saturating_add(bytes);
        let expected = match (size, announced) {
            (Some(size), _) if size < received => {
                if self.stored(remote)?.is_none_or(|now| now >= received) {
                    return Ok(());
                }
                size
            }
            (Some(size), _) => size,
            (None, Some(announced)) if announced > bytes => announced,
            _ => return Ok(()),
        };
        if received == expected { Ok(()) } else { Err(FtpError::Incomplete { received, expected }) }
    }

    /// The size that the reply before the data names.
    pub(super) fn announced(&mut self, exchange: &Exchange) -> Option<u64> {
        announced_size(self.control().ok()?.beginning(exchange.ticket)?.text())
    }

    /// Sets the representation, and asks for what has to be known of the file.
    fn examine(
        &mut self,
        remote: &[u8],
        transfer: &Transfer<'_>,
        is_resumable: bool,
    ) -> Result<RemoteFile, FtpError> {
        self.set_mode(transfer.mode)?;
        let mut file = RemoteFile { size: transfer.size, modified: transfer.modified, reply: None };
        if transfer.mode == TransferMode::Binary && (file.size.is_none() || transfer.resume) {
            file.reply = self.ask_about("SIZE", remote)?;
            file.size = file.reply.as_ref().and_then(|reply| ftp_proto::size(reply.text())).or(file.size);
        }
        if file.modified.is_none() && (transfer.keep_time || is_resumable) {
            file.modified = self.modified(remote)?;
        }
        Ok(file)
    }
}

/// What is known of the file on the server.
struct RemoteFile {
    size: Option<u64>,
    modified: Option<SystemTime>,
    /// The reply that told the size.
    reply: Option<Reply>,
}

/// Where the data goes.
pub(super) enum Target<'a> {
    File(&'a Landing),
    Writer(&'a mut dyn Write),
}

impl Target<'_> {
    fn writer(&mut self) -> Box<dyn Write + '_> {
        match self {
            Self::File(landing) => Box::new(landing.file()),
            Self::Writer(writer) => Box::new(&mut **writer),
        }
    }
}

/// How much of the part that is there can be trusted: all of it if the server's file is neither shorter nor newer.
fn resume_point(landing: &Landing, remote: &RemoteFile) -> Result<u64, FtpError> {
    let length = landing.len().map_err(FtpError::of_landing)?;
    let is_long_enough = remote.size.is_some_and(|size| size >= length);
    let part_modified = landing.file().metadata().and_then(|metadata| metadata.modified()).ok();
    let is_newer = match (remote.modified, part_modified) {
        // The server tells whole seconds.
        (Some(remote), Some(part)) => remote.duration_since(part).is_ok_and(|later| later.as_secs() > 0),
        _ => false,
    };
    if is_long_enough && !is_newer { Ok(length) } else { Ok(0) }
}

/// Dates the part that is kept like the server's file, so that a change there is seen.
fn keep_time_of(landing: &Landing, remote: &RemoteFile) {
    if let Some(modified) = remote.modified {
        // Without it the part is younger than it should be, which only hides changes made before now.
        let _ = landing.file().set_modified(modified);
    }
}

fn commit(
    begun: &mut Option<Landing>,
    remote: &RemoteFile,
    transfer: &Transfer<'_>,
    target: PathBuf,
    (bytes, resumed_from): (u64, u64),
    reply: Reply,
) -> Result<Transferred, FtpError> {
    if let Some(mut landing) = begun.take() {
        if let Some(modified) = remote.modified.filter(|_| transfer.keep_time) {
            landing.set_modified(modified);
        }
        landing.commit().map_err(FtpError::of_landing)?;
    }
    Ok(Transferred { bytes, resumed_from, path: Some(target), reply })
}

/// The file to write: the path itself, or in a directory the file's own name.
pub(super) fn target_of(remote: &[u8], local: &Path) -> Result<PathBuf, FtpError> {
    let is_directory = local.as_os_str().is_empty()
        || local.as_os_str().as_encoded_bytes().ends_with(b"/")
        || fs::metadata(local).is_ok_and(|metadata| metadata.is_dir());
    if !is_directory {
        return Ok(local.to_owned());
    }
    let name = remote.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    Ok(local.join(names::local(name)?))
}

pub(super) fn refuse_impossible(transfer: &Transfer<'_>) -> Result<(), FtpError> {
    if transfer.resume && transfer.mode != TransferMode::Binary {
        return Err(FtpError::impossible("resume", "text has other sizes here than there, use binary mode"));
    }
    Ok(())
}
