//! Uploads: from a file, or from a reader.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use ftp_proto::{Argument, Command, Reply, Timestamp};

use super::ascii::ToWire;
use super::client::{Client, path_argument};
use super::download::refuse_impossible;
use super::error::FtpError;
use super::exchange::{Direction, Exchange};
use super::moment::{system_time, timestamp};
use super::names;
use super::pace::Pace;
use super::transfer::{ProgressCallback, Transfer, TransferMode, Transferred};
use crate::transfer::{Source, send};

impl Client {
    /// Uploads a file, as often as the options allow.
    pub(super) fn upload(
        &mut self,
        local: &Path,
        remote: &[u8],
        mut transfer: Transfer<'_>,
    ) -> Result<Transferred, FtpError> {
        refuse_impossible(&transfer)?;
        let remote = target_of(local, remote)?;
        path_argument(&remote)?;
        if self.options.retry.attempts == 0 || transfer.append {
            return self.upload_once(LocalFile::open(local)?, &remote, transfer);
        }
        let mut before = None;
        self.repeat(|client, _| {
            let file = LocalFile::open(local)?;
            let mut attempt = transfer.again();
            if attempt.mode == TransferMode::Binary && !attempt.resume {
                client.set_mode(attempt.mode)?;
                let stored = client.stored(&remote)?;
                // What no attempt has changed is another file, and no part of this one.
                attempt.resume = stored != *before.get_or_insert(stored);
            }
            client.upload_once(file, &remote, attempt)
        })
    }

    fn upload_once(
        &mut self,
        mut file: LocalFile,
        remote: &[u8],
        mut transfer: Transfer<'_>,
    ) -> Result<Transferred, FtpError> {
        self.control()?;
        self.set_mode(transfer.mode)?;
        let begun = match transfer.resume {
            true => self.resume_upload(&mut file, remote)?,
            false => {
                let verb = if transfer.append { "APPE" } else { "STOR" };
                Begun::Exchange(self.start_upload(verb, remote, 0)?, 0)
            }
        };
        let (bytes, offset, reply) = match begun {
            Begun::Complete(reply) => (0, file.size, reply),
            Begun::Exchange(exchange, offset) => {
                let (mode, whole) = (transfer.mode, transfer.whole(remote));
                let report = transfer.again().progress;
                let source = Source::File(&file.file);
                let total = mode.total(Some(file.size));
                let moved = self.send_from(exchange, source, mode, report, (offset, total), whole);
                let (bytes, reply) = moved.map_err(|error| error.about(&file.path))?;
                (bytes, offset, reply)
            }
        };
        if transfer.mode == TransferMode::Binary {
            file.check_sent(offset + bytes)?;
        }
        if transfer.resume {
            match self.check_stored(remote, file.size) {
                Err(FtpError::Incomplete { .. }) if offset > 0 && bytes > 0 => {
                    // It said yes to REST, and began at the beginning all the same.
                    file.rewind()?;
                    transfer.resume = false;
                    return self.upload_once(file, remote, transfer);
                }
                checked => checked?,
            }
        }
        if transfer.keep_time {
            self.set_modified(remote, file.modified)?;
        }
        Ok(Transferred { bytes, resumed_from: offset, path: Some(file.path), reply })
    }

    /// Uploads what a reader gives.
    pub(super) fn store(
        &mut self,
        reader: &mut dyn Read,
        remote: &[u8],
        mut transfer: Transfer<'_>,
    ) -> Result<Transferred, FtpError> {
        if transfer.resume {
            return Err(FtpError::impossible(
                "resume",
                "a reader cannot go back to where to go on, give a path",
            ));
        }
        path_argument(remote)?;
        self.set_mode(transfer.mode)?;
        let exchange = self.start_upload(if transfer.append { "APPE" } else { "STOR" }, remote, 0)?;
        let whole = transfer.whole(remote);
        let report = transfer.progress.take();
        let source = Source::Read(reader);
        let total = transfer.mode.total(transfer.size);
        let (bytes, reply) = self.send_from(exchange, source, transfer.mode, report, (0, total), whole)?;
        Ok(Transferred { bytes, resumed_from: 0, path: None, reply })
    }

    pub(super) fn start_upload(
        &mut self,
        verb: &'static str,
        remote: &[u8],
        offset: u64,
    ) -> Result<Exchange, FtpError> {
        let command = self.about(verb, remote)?;
        self.begin(command, offset, Direction::Upload)
    }

    /// Goes on behind what the server has, if that can be the beginning of this file.
    fn resume_upload(&mut self, file: &mut LocalFile, remote: &[u8]) -> Result<Begun, FtpError> {
        let answer = self.ask_about("SIZE", remote)?;
        let stored = answer.as_ref().and_then(|reply| ftp_proto::size(reply.text())).unwrap_or(0);
        let is_part = stored > 0 && stored <= file.size && !self.is_older(remote, file.modified)?;
        if !is_part {
            return Ok(Begun::Exchange(self.start_upload("STOR", remote, 0)?, 0));
        }
        if let Some(reply) = answer.filter(|_| stored == file.size) {
            return Ok(Begun::Complete(reply));
        }
        let exchange = match self.start_upload("STOR", remote, stored) {
            // The same with other words, on servers that restart downloads only.
            Err(FtpError::Rejected { command, .. }) if command.starts_with("REST") => {
                self.start_upload("APPE", remote, 0)?
            }
            begun => begun?,
        };
        if let Err(error) = file.file.seek(SeekFrom::Start(stored)) {
            let error = FtpError::local(Some(&file.path), "could not go on in", error);
            return Err(self.give_up(exchange, error));
        }
        Ok(Begun::Exchange(exchange, stored))
    }

    /// Whether the file on the server was written before this one was changed.
    fn is_older(&mut self, remote: &[u8], local: Option<SystemTime>) -> Result<bool, FtpError> {
        let (Some(local), Some(remote)) = (local, self.modified(remote)?) else { return Ok(false) };
        // The server tells whole seconds.
        Ok(local.duration_since(remote).is_ok_and(|later| later.as_secs() > 0))
    }

    /// How much the server has of a file, if it tells.
    pub(super) fn stored(&mut self, remote: &[u8]) -> Result<Option<u64>, FtpError> {
        let answer = self.ask_about("SIZE", remote)?;
        Ok(answer.and_then(|reply| ftp_proto::size(reply.text())))
    }

    fn check_stored(&mut self, remote: &[u8], expected: u64) -> Result<(), FtpError> {
        match self.stored(remote)? {
            Some(received) if received != expected => Err(FtpError::Incomplete { received, expected }),
            _ => Ok(()),
        }
    }

    /// Moves the data of an exchange and ends it, one way or the other. `whole` is the file, if that is all that is to
    /// be in it.
    pub(super) fn send_from(
        &mut self,
        exchange: Exchange,
        source: Source<'_>,
        mode: TransferMode,
        report: Option<ProgressCallback<'_>>,
        progress: (u64, Option<u64>),
        whole: Option<&[u8]>,
    ) -> Result<(u64, Reply), FtpError> {
        let moved = Pace::new(self, &exchange, report, progress).and_then(|mut pace| {
            let stream = &*exchange.stream;
            let bytes = match (mode, source) {
                (TransferMode::Ascii, Source::File(mut file)) => {
                    send(Source::Read(&mut ToWire::new(&mut file)), stream, None, &mut pace)?
                }
                (TransferMode::Ascii, Source::Read(reader)) => {
                    send(Source::Read(&mut ToWire::new(reader)), stream, None, &mut pace)?
                }
                (_, source) => send(source, stream, None, &mut pace)?,
            };
            stream.finish_sending().map_err(|source| FtpError::Data { reply: None, source })?;
            Ok(bytes)
        });
        let bytes = match moved {
            Ok(bytes) => bytes,
            Err(error) => return Err(self.give_up(exchange, error)),
        };
        match (self.end(exchange, Direction::Upload), whole) {
            // It says that it has all, and did not take all. Some are only in a hurry to close.
            (Err(FtpError::Data { reply: Some(reply), .. }), Some(remote))
                if self.stored(remote)? == Some(progress.0 + bytes) =>
            {
                Ok((bytes, reply))
            }
            (ended, _) => Ok((bytes, ended?)),
        }
    }

    /// When a file was changed (`MDTM`), where the server knows.
    pub(super) fn modified(&mut self, remote: &[u8]) -> Result<Option<SystemTime>, FtpError> {
        let answer = self.ask_about("MDTM", remote)?;
        Ok(answer.and_then(|reply| Timestamp::from_mdtm(reply.text())).and_then(|time| system_time(&time)))
    }

    /// Sets when a file was changed (`MFMT`), where the server can; else it stays as it is.
    fn set_modified(&mut self, remote: &[u8], time: Option<SystemTime>) -> Result<(), FtpError> {
        let Some(time) = time.and_then(timestamp).filter(|_| !self.known.setting_times_fails) else {
            return Ok(());
        };
        match self.set_modified_to(remote, &time) {
            Ok(_) => Ok(()),
            Err(FtpError::Rejected { .. }) => {
                // Each of the ways would cost the next file a round trip.
                self.known.setting_times_fails = true;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Sets when a file was changed: `MFMT`, or where only that is known the two-argument `MDTM` or `SITE UTIME`.
    pub(super) fn set_modified_to(&mut self, remote: &[u8], time: &Timestamp) -> Result<Reply, FtpError> {
        let path = path_argument(remote)?;
        let told = [time.to_mdtm().as_bytes(), b" ", path.as_bytes()].concat();
        let arguments =
            [("MFMT", told.clone()), ("MDTM", told.clone()), ("SITE", [b"UTIME ", &*told].concat())];
        if !remote.is_ascii() {
            self.features()?;
        }
        let mut first = None;
        for (verb, argument) in arguments {
            let argument =
                Argument::new(argument).map_err(|error| FtpError::unsendable("the path", error))?;
            match self.demand(&Command::with(verb, argument)) {
                Err(error @ FtpError::Rejected { .. }) => first = first.or(Some(error)),
                done => return done,
            }
        }
        Err(first.unwrap_or(FtpError::NotConnected))
    }
}

enum Begun {
    Exchange(Exchange, u64),
    /// The server has it all.
    Complete(Reply),
}

/// The file that is uploaded, as it was when that began.
struct LocalFile {
    file: File,
    path: std::path::PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl LocalFile {
    fn open(path: &Path) -> Result<Self, FtpError> {
        let failed = |error| FtpError::local(Some(path), "could not open", error);
        let metadata = std::fs::metadata(path).map_err(failed)?;
        // Opening a pipe would wait for somebody to write to it.
        if !metadata.is_file() {
            let kind =
                if metadata.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::InvalidInput };
            return Err(FtpError::local(Some(path), "only files can be uploaded, not", kind.into()));
        }
        let file = File::open(path).map_err(failed)?;
        Ok(Self { file, path: path.to_owned(), size: metadata.len(), modified: metadata.modified().ok() })
    }

    fn rewind(&mut self) -> Result<(), FtpError> {
        self.file.rewind().map_err(|error| FtpError::local(Some(&self.path), "could not go back in", error))
    }

    /// Whether it was shortened while it was sent.
    fn check_sent(&self, sent: u64) -> Result<(), FtpError> {
        if sent >= self.size {
            return Ok(());
        }
        Err(FtpError::local(
            Some(&self.path),
            "became shorter during the upload:",
            io::ErrorKind::UnexpectedEof.into(),
        ))
    }
}

/// The path on the server: the one given, or in a directory (`files/`) the local file's own name.
fn target_of(local: &Path, remote: &[u8]) -> Result<Vec<u8>, FtpError> {
    if !remote.is_empty() && !remote.ends_with(b"/") {
        return Ok(remote.to_vec());
    }
    match local.file_name() {
        Some(name) => Ok(names::joined(remote, &names::remote(name))),
        None => Err(FtpError::impossible("the local path", "it ends without a file name")),
    }
}
