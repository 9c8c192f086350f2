//! Saving a body: into a file that gets its name when it is complete.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Response;
use super::incoming::Incoming;
use super::watch::Watch;
use crate::http::client::ProgressCallback;
use crate::http::error::HttpError;
use crate::transfer::{Keep, Landing, Progress, Sink};

/// A body that was saved.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Saved {
    /// How many bytes came now.
    pub bytes: u64,
    /// How many were there from an earlier attempt.
    pub resumed_from: u64,
    /// The file.
    pub path: PathBuf,
}

impl Saved {
    /// Saves bytes that have been read already as [`Response::save_to`] saves a body.
    ///
    /// # Errors
    /// [`HttpError::Local`] when they cannot be written.
    pub fn write(path: impl AsRef<Path>, bytes: &[u8]) -> Result<Self, HttpError> {
        let path = path.as_ref();
        let landing = Landing::create(path, Keep::Nothing).map_err(of_landing(path))?;
        landing.file().write_all(bytes).map_err(of_landing(path))?;
        landing.commit().map_err(of_landing(path))?;
        Ok(Self { bytes: bytes.len() as u64, resumed_from: 0, path: path.to_owned() })
    }
}

impl Response {
    /// Saves the rest of the body to a file, whatever the status is. It arrives under another name beside it, and takes
    /// the file's place when it is complete; otherwise nothing is left.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); [`HttpError::Local`] when it cannot be written.
    pub fn save_to(&mut self, path: impl AsRef<Path>) -> Result<Saved, HttpError> {
        self.save(path.as_ref(), Progress::new(None))
    }

    /// As [`save_to`](Self::save_to), with the number of bytes told while they come.
    ///
    /// # Errors
    /// As [`save_to`](Self::save_to); [`HttpError::Cancelled`] when `progress` breaks it off.
    pub fn save_reporting(
        &mut self,
        path: impl AsRef<Path>,
        progress: ProgressCallback<'_>,
    ) -> Result<Saved, HttpError> {
        self.save(path.as_ref(), Progress::new(Some(progress)))
    }

    fn save(&mut self, path: &Path, mut progress: Progress<'_>) -> Result<Saved, HttpError> {
        let mut landing = Landing::create(path, Keep::Nothing).map_err(of_landing(path))?;
        let bytes = fill(&mut self.incoming, &mut landing, path, &mut progress, 0)?;
        landing.commit().map_err(of_landing(path))?;
        Ok(Saved { bytes, resumed_from: 0, path: path.to_owned() })
    }

    /// Writes the rest of the body to a writer, which is flushed; returns how many bytes.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); [`HttpError::Local`] when it cannot be written.
    pub fn copy_to(&mut self, writer: &mut dyn Write) -> Result<u64, HttpError> {
        let before = self.received();
        let call = Arc::clone(self.incoming.call());
        let mut progress = Progress::new(None);
        let mut watch = Watch::new(&call, &mut progress, None);
        self.incoming.receive_directly(Sink::Write(writer), &mut watch)?;
        copy(&mut self.incoming, writer, &mut watch)?;
        writer.flush().map_err(|error| HttpError::local(None, error))?;
        Ok(self.received() - before)
    }
}

/// Fills what is behind `offset` bytes; returns how many came.
pub(in crate::http) fn fill(
    incoming: &mut Incoming,
    landing: &mut Landing,
    path: &Path,
    progress: &mut Progress<'_>,
    offset: u64,
) -> Result<u64, HttpError> {
    let total = incoming.expected().map(|length| offset + length);
    if let Some(size) = total.filter(|size| *size >= Landing::RESERVED_FROM) {
        landing.reserve(size).map_err(of_landing(path))?;
    }
    progress.resume_at(offset);
    progress.set_total(total);
    if progress.moved(0).is_break() {
        return Err(HttpError::Cancelled);
    }
    let before = incoming.received();
    let call = Arc::clone(incoming.call());
    let mut watch = Watch::new(&call, progress, Some(path));
    incoming.receive_directly(Sink::File(landing.file()), &mut watch)?;
    copy(incoming, &mut landing.file(), &mut watch)?;
    Ok(incoming.received() - before)
}

fn copy(incoming: &mut Incoming, writer: &mut dyn Write, watch: &mut Watch<'_, '_>) -> Result<(), HttpError> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = incoming.receive(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        watch.write(writer, &buffer[..read])?;
    }
}

pub(in crate::http) fn of_landing(path: &Path) -> impl Fn(std::io::Error) -> HttpError + '_ {
    move |error| HttpError::local(Some(path), error)
}

const BUFFER: usize = 128 << 10;
