//! `Sending`: the body of a request on its way, as the engine reads it.

use std::io::{self, Read};
use std::path::PathBuf;

use crate::http::body::Opened;
use crate::http::call::Call;
use crate::http::error::HttpError;
use crate::transfer::Progress;

pub(super) struct Sending<'a, 'p> {
    reader: Box<dyn Read + Send>,
    /// What is still to come, if that is known.
    left: Option<u64>,
    path: Option<PathBuf>,
    call: &'a Call,
    progress: &'a mut Progress<'p>,
}

impl<'a, 'p> Sending<'a, 'p> {
    pub(super) fn new(opened: Opened, call: &'a Call, progress: &'a mut Progress<'p>) -> Self {
        let Opened { reader, length, path } = opened;
        Self { reader, left: length, path, call, progress }
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, HttpError> {
        let most = self.left.map_or(buffer.len(), |left| {
            usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()))
        });
        if most == 0 {
            return Ok(0);
        }
        if self.call.notes().is_early {
            // The server has answered and reads no further. The engine still wants to see what was announced, and only
            // counts it: all at once, for it may be more than anybody can wait for.
            return Ok(self.left.as_mut().map_or(0, |left| {
                let counted = usize::try_from(*left).unwrap_or(usize::MAX);
                *left -= counted as u64;
                counted
            }));
        }
        loop {
            self.call.check()?;
            match self.reader.read(&mut buffer[..most]) {
                Ok(0) if self.left.is_some_and(|left| left > 0) => {
                    let sentence = "it ended before the length that was told, did it change meanwhile?";
                    let error = io::Error::new(io::ErrorKind::UnexpectedEof, sentence);
                    return Err(HttpError::local(self.path.as_deref(), error));
                }
                Ok(read) => {
                    let read = read.min(most);
                    if let Some(left) = &mut self.left {
                        *left -= read as u64;
                    }
                    if self.progress.moved(read).is_break() {
                        return Err(HttpError::Cancelled);
                    }
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(HttpError::local(self.path.as_deref(), error)),
            }
        }
    }
}

impl Read for Sending<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_some(buffer).map_err(|error| {
            self.call.notes().failure.get_or_insert(error);
            io::Error::other("the body cannot be read")
        })
    }
}
