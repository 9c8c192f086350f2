//! Moving bytes inside the kernel: `splice` from a plain connection to a file, `sendfile` from a file to one.
//!
//! What the kernel declines, and it does so for files opened for appending, devices, pipes, some file systems and
//! sandboxes, is left for copying, with every byte in its place.

use std::fs::File;
use std::io;

use super::buffer::Buffer;
use super::{Flow, Monitor, PumpError, Step, copied};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::stream::Stream;
use crate::sys::Pipe;

/// The most that one `sendfile` is asked for: with more, a connection is filled up in bursts and waited for between.
const SEND_MOST: usize = 1 << 20;

/// How much is received by copying first: a small file is complete before a pipe would be there.
const COPIED_FIRST: u64 = 16 << 10;

/// Receives until the end or the limit.
pub(super) fn receive<M: Monitor>(
    stream: &dyn Stream,
    file: &File,
    flow: &mut Flow<'_, M>,
) -> Result<Step, M::Error> {
    let Some(socket) = stream.plain() else {
        return Ok(Step::Unfinished);
    };
    if copied::receive(stream, &mut &*file, flow, COPIED_FIRST)? == Step::Complete {
        return Ok(Step::Complete);
    }
    let (Ok(()), Ok(pipe)) = (socket.never_sleep(), Pipe::new()) else {
        return Ok(Step::Unfinished);
    };
    loop {
        let piece = flow.piece(pipe.capacity());
        if piece == 0 {
            return Ok(Step::Complete);
        }
        match socket.try_receive_into(&pipe, piece) {
            Ok(received) => {
                if pour(&pipe, file, received, flow)? == Step::Unfinished {
                    return Ok(Step::Unfinished);
                }
            }
            Err(SocketError::NotReady) => flow.wait(stream, Readiness::READABLE)?,
            Err(SocketError::Disconnected(None)) => return Ok(Step::Complete),
            // Only these: any other error of a connection is told once, and a copying receive would then take its
            // end for an orderly one.
            Err(SocketError::Other(error)) if is_declined(&error) => return Ok(Step::Unfinished),
            Err(error) => return Err(PumpError::Stream(error).into()),
        }
    }
}

/// Empties the pipe into the file, by copying when there is no other way.
fn pour<M: Monitor>(
    pipe: &Pipe,
    file: &File,
    mut held: usize,
    flow: &mut Flow<'_, M>,
) -> Result<Step, M::Error> {
    while held > 0 {
        match pipe.pour(file, held) {
            Ok(poured) if poured > 0 => {
                held -= poured;
                flow.moved(poured)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => flow.moved(0)?,
            // Whatever the reason is: a write meets it again, or does better.
            _ => {
                drain(pipe, file, held, flow)?;
                return Ok(Step::Unfinished);
            }
        }
    }
    Ok(Step::Complete)
}

fn drain<M: Monitor>(
    pipe: &Pipe,
    mut file: &File,
    mut held: usize,
    flow: &mut Flow<'_, M>,
) -> Result<(), M::Error> {
    let mut buffer = Buffer::for_bytes(held as u64);
    while held > 0 {
        let piece = held.min(buffer.len());
        match pipe.drain(buffer.first(piece)) {
            // It holds more than that, and only this thread takes from it.
            Ok(0) => return Err(PumpError::Local(io::ErrorKind::UnexpectedEof.into()).into()),
            Ok(drained) => {
                held -= drained;
                flow.write(&mut file, buffer.first(drained))?;
            }
            Err(error) => flow.unless_interrupted(error)?,
        }
    }
    Ok(())
}

/// Sends until the file's end or the limit.
pub(super) fn send<M: Monitor>(
    file: &File,
    stream: &dyn Stream,
    flow: &mut Flow<'_, M>,
) -> Result<Step, M::Error> {
    let Some(socket) = stream.plain().filter(|socket| socket.never_sleep().is_ok()) else {
        return Ok(Step::Unfinished);
    };
    loop {
        let piece = flow.piece(SEND_MOST);
        if piece == 0 {
            return Ok(Step::Complete);
        }
        match socket.try_send_file(file, piece) {
            // Some files of the system's own look empty until they are read.
            Ok(0) if flow.done == 0 => return Ok(Step::Unfinished),
            Ok(0) => return Ok(Step::Complete),
            Ok(sent) => flow.moved(sent)?,
            Err(SocketError::NotReady) => flow.wait(stream, Readiness::WRITABLE)?,
            Err(SocketError::Other(error)) if !is_of_network(&error) => {
                // The file's, most likely: reading it tells.
                return Ok(Step::Unfinished);
            }
            Err(error) => return Err(PumpError::Stream(error).into()),
        }
    }
}

/// Whether the system, or a sandbox in front of it, does not do this at all.
fn is_declined(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::InvalidInput | Kind::Unsupported | Kind::PermissionDenied)
}

fn is_of_network(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::HostUnreachable | Kind::NetworkDown | Kind::NetworkUnreachable)
}
