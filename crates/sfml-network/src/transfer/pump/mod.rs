//! The pump: bytes from a stream to a local sink, and from a local source to a stream, until the end.
//!
//! Between a plain connection and a file the kernel moves them (`direct`); in every other case, and when the kernel
//! declines, a buffer does (`copied`). Both ways never sleep on the stream: a [`Monitor`] does, and it decides how long,
//! hears of every byte that went by, and may stop the transfer at each step. On the local side they wait as long as the
//! file, reader or writer takes.

mod buffer;
mod copied;
mod direct;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};

use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::stream::Stream;

/// Who watches over a transfer.
pub(crate) trait Monitor {
    /// Why a transfer ended before it was complete.
    type Error: From<PumpError>;

    /// The stream is not ready for `want`: returns when it may be, or the reason to stop.
    fn wait(&mut self, stream: &dyn Stream, want: Readiness) -> Result<(), Self::Error>;

    /// `bytes` more went by: into the sink, or into the stream. Zero when a signal has interrupted a wait for the local
    /// side.
    fn moved(&mut self, bytes: usize) -> Result<(), Self::Error>;

    /// The most bytes to move before `moved` is called again; zero counts as one.
    fn piece(&self) -> usize;
}

/// Which side of the pump has failed.
#[derive(Debug)]
pub(crate) enum PumpError {
    /// The connection: reset, timed out, broken in any other way.
    Stream(SocketError),
    /// The local file, reader or writer.
    Local(io::Error),
}

impl fmt::Display for PumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stream(_) => "the connection failed during the transfer",
            Self::Local(_) => "the local side of the transfer failed",
        })
    }
}

impl Error for PumpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Stream(error) => Some(error),
            Self::Local(error) => Some(error),
        }
    }
}

/// Where received bytes go.
pub(crate) enum Sink<'a> {
    /// To the current position of a file, or what was opened like one.
    File(&'a File),
    /// To a writer, which is flushed at the end.
    Write(&'a mut dyn Write),
}

/// Where the bytes to send come from.
pub(crate) enum Source<'a> {
    /// From the current position of a file, or what was opened like one.
    File(&'a File),
    /// From a reader.
    Read(&'a mut dyn Read),
}

/// Receives until the peer's orderly end, or `limit` bytes; returns how many.
///
/// Fewer than the limit is no error here: whoever set it knows what the end means. When this fails, every byte that
/// `moved` has heard of is in the sink; a few more may have been taken from the stream.
pub(crate) fn receive<M: Monitor>(
    stream: &dyn Stream,
    sink: Sink<'_>,
    limit: Option<u64>,
    monitor: &mut M,
) -> Result<u64, M::Error> {
    let mut flow = Flow { monitor, done: 0, limit };
    match sink {
        Sink::File(file) => {
            if direct::receive(stream, file, &mut flow)? == Step::Unfinished {
                copied::receive(stream, &mut &*file, &mut flow, u64::MAX)?;
            }
        }
        Sink::Write(writer) => {
            copied::receive(stream, writer, &mut flow, u64::MAX)?;
            flow.flush(writer)?;
        }
    }
    Ok(flow.done)
}

/// Sends until the source's end, or `limit` bytes; returns how many the system took.
///
/// The stream is not told that this was all. A file must stay as it is until the peer has answered: what the system took
/// may still be the file's own memory, in which a later change shows. When this fails, `moved` has heard of every byte
/// that the system took; a source may have been read a little further.
pub(crate) fn send<M: Monitor>(
    source: Source<'_>,
    stream: &dyn Stream,
    limit: Option<u64>,
    monitor: &mut M,
) -> Result<u64, M::Error> {
    let mut flow = Flow { monitor, done: 0, limit };
    match source {
        Source::File(file) => {
            if direct::send(file, stream, &mut flow)? == Step::Unfinished {
                copied::send(&mut &*file, stream, &mut flow)?;
            }
        }
        Source::Read(reader) => copied::send(reader, stream, &mut flow)?,
    }
    Ok(flow.done)
}

/// What came of a way to move bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    /// All that there was went by.
    Complete,
    /// There may be more, which is to be moved another way; nothing was lost.
    Unfinished,
}

/// One run of the pump: what it has done and may still do.
struct Flow<'a, M: Monitor> {
    monitor: &'a mut M,
    done: u64,
    limit: Option<u64>,
}

impl<M: Monitor> Flow<'_, M> {
    /// How many bytes are left to the limit.
    fn left(&self) -> u64 {
        self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.done))
    }

    /// How many bytes to move next, at most; zero when the limit is reached.
    fn piece(&self, most: usize) -> usize {
        let piece = self.monitor.piece().clamp(1, most);
        usize::try_from(self.left()).map_or(piece, |left| left.min(piece))
    }

    fn moved(&mut self, bytes: usize) -> Result<(), M::Error> {
        self.done += bytes as u64;
        self.monitor.moved(bytes)
    }

    fn wait(&mut self, stream: &dyn Stream, want: Readiness) -> Result<(), M::Error> {
        self.monitor.wait(stream, want)
    }

    /// Sorts what the local side has failed with: a signal is a reason to ask the monitor, not to fail.
    fn unless_interrupted(&mut self, error: io::Error) -> Result<(), M::Error> {
        if error.kind() == io::ErrorKind::Interrupted {
            self.monitor.moved(0)
        } else {
            Err(PumpError::Local(error).into())
        }
    }

    /// Writes all of it, counting what has been written.
    fn write(&mut self, sink: &mut dyn Write, mut data: &[u8]) -> Result<(), M::Error> {
        while !data.is_empty() {
            match sink.write(data) {
                Ok(0) => return Err(PumpError::Local(io::ErrorKind::WriteZero.into()).into()),
                Ok(written) => {
                    let written = written.min(data.len());
                    data = &data[written..];
                    self.moved(written)?;
                }
                Err(error) => self.unless_interrupted(error)?,
            }
        }
        Ok(())
    }

    fn flush(&mut self, sink: &mut dyn Write) -> Result<(), M::Error> {
        while let Err(error) = sink.flush() {
            self.unless_interrupted(error)?;
        }
        Ok(())
    }
}
