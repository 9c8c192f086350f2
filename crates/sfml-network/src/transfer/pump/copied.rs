//! Moving bytes through a buffer: TLS, readers and writers, and every system that has no other way.

use std::io::{Read, Write};

use super::buffer::Buffer;
use super::{Flow, Monitor, PumpError, Step};
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::stream::Stream;

/// Receives until the end or the limit, or leaves it unfinished after `most` bytes.
pub(super) fn receive<M: Monitor>(
    stream: &dyn Stream,
    sink: &mut dyn Write,
    flow: &mut Flow<'_, M>,
    most: u64,
) -> Result<Step, M::Error> {
    let mut buffer = Buffer::for_bytes(flow.left().min(most));
    let pause = flow.done.saturating_add(most);
    while flow.done < pause {
        let piece = flow.piece(buffer.len());
        if piece == 0 {
            return Ok(Step::Complete);
        }
        match stream.try_receive(buffer.first(piece)) {
            Ok(received) => flow.write(sink, buffer.first(received))?,
            Err(SocketError::NotReady) => flow.wait(stream, Readiness::READABLE)?,
            Err(SocketError::Disconnected(None)) => return Ok(Step::Complete),
            Err(error) => return Err(PumpError::Stream(error).into()),
        }
    }
    Ok(Step::Unfinished)
}

/// Sends until the source's end or the limit.
pub(super) fn send<M: Monitor>(
    source: &mut dyn Read,
    stream: &dyn Stream,
    flow: &mut Flow<'_, M>,
) -> Result<(), M::Error> {
    let mut buffer = Buffer::for_bytes(flow.left());
    loop {
        let piece = flow.piece(buffer.len());
        if piece == 0 {
            return Ok(());
        }
        match source.read(buffer.first(piece)) {
            Ok(0) => return Ok(()),
            Ok(read) => send_all(stream, buffer.first(read.min(piece)), flow)?,
            Err(error) => flow.unless_interrupted(error)?,
        }
    }
}

fn send_all<M: Monitor>(
    stream: &dyn Stream,
    mut data: &[u8],
    flow: &mut Flow<'_, M>,
) -> Result<(), M::Error> {
    while !data.is_empty() {
        match stream.try_send(&data[..flow.piece(data.len())]) {
            Ok(sent) => {
                data = &data[sent..];
                flow.moved(sent)?;
            }
            Err(SocketError::NotReady) => flow.wait(stream, Readiness::WRITABLE)?,
            Err(error) => return Err(PumpError::Stream(error).into()),
        }
    }
    Ok(())
}
