//! Frames put on a stream: a big-endian `u32` length, then as many bytes.
//!
//! In scope: which bytes are next on the stream, when it takes only part of a frame at a time.
//! Out of scope: the socket, and waiting for it.
//!
//! Rules:
//! * Once one byte of a frame is on the stream, the rest is owed: it is kept here and goes out before anything
//!   else, whether the caller comes back with the same packet, with another one, or with raw data.
//! * A packet whose frame was begun and that is pushed again, unchanged, is not begun a second time; not even when
//!   the rest of its frame went out in between, on another call.
//! * A packet of which the stream took nothing leaves no trace, except with a transform: its result is kept, since
//!   it may depend on the order in which packets are transformed.

use std::collections::VecDeque;
use std::io::IoSlice;

use super::identity::Identity;
use super::{Packet, PacketTooLarge, PacketTransform};
use crate::error::SocketError;

/// The part of a frame that the stream has not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    tail: Vec<u8>,
    sent: usize,
    owner: u64,
    /// Packets whose frames were finished on other calls, and that were not pushed again since.
    finished: VecDeque<u64>,
}

impl Outgoing {
    /// Sends what is owed and then `packet`, as far as the stream takes it.
    ///
    /// `send` puts at least one byte of the slices on the stream and says how many, or fails; it should not block,
    /// so that a lock around this call is held briefly. After a failure such as "would block" the caller waits and
    /// pushes the same packet again; success means that the whole frame is on the stream.
    pub(crate) fn push(
        &mut self,
        packet: &Packet,
        transform: Option<&dyn PacketTransform>,
        mut send: impl FnMut(&[IoSlice<'_>]) -> Result<usize, SocketError>,
    ) -> Result<(), SocketError> {
        self.flush(&mut send)?;
        if self.take_finished(&packet.identity) {
            return Ok(());
        }
        match transform {
            None => self.push_plain(packet, send),
            Some(transform) => {
                let payload = transform.on_send(packet.data()).map_err(SocketError::Other)?;
                let header = header(&payload)?;
                self.keep(packet, &[&header, &payload]);
                self.flush(send)?;
                self.take_finished(&packet.identity);
                Ok(())
            }
        }
    }

    /// Sends what is owed: raw data must not go on the stream before this succeeds.
    pub(crate) fn flush(
        &mut self,
        mut send: impl FnMut(&[IoSlice<'_>]) -> Result<usize, SocketError>,
    ) -> Result<(), SocketError> {
        if self.is_idle() {
            return Ok(());
        }
        while self.sent < self.tail.len() {
            self.sent += send(&[IoSlice::new(&self.tail[self.sent..])])?;
        }
        self.tail = Vec::new();
        self.sent = 0;
        self.finished.truncate(REMEMBERED - 1);
        self.finished.push_front(self.owner);
        Ok(())
    }

    /// Whether nothing is owed.
    pub(crate) fn is_idle(&self) -> bool {
        self.tail.is_empty()
    }

    /// Sends straight from the packet; only what the stream does not take at once is copied.
    fn push_plain(
        &mut self,
        packet: &Packet,
        mut send: impl FnMut(&[IoSlice<'_>]) -> Result<usize, SocketError>,
    ) -> Result<(), SocketError> {
        let payload = packet.data();
        let header = header(payload)?;
        let mut sent = 0;
        while sent < header.len() + payload.len() {
            let rest_of_header = &header[sent.min(header.len())..];
            let rest_of_payload = &payload[sent.saturating_sub(header.len())..];
            let slices = [IoSlice::new(rest_of_header), IoSlice::new(rest_of_payload)];
            let slices = if rest_of_header.is_empty() { &slices[1..] } else { &slices };
            match send(slices) {
                Ok(count) => sent += count,
                Err(error) => {
                    if sent > 0 {
                        self.keep(packet, &[rest_of_header, rest_of_payload]);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn keep(&mut self, packet: &Packet, parts: &[&[u8]]) {
        self.tail = parts.concat();
        self.owner = packet.identity.get();
    }

    fn take_finished(&mut self, identity: &Identity) -> bool {
        let index = identity
            .known()
            .and_then(|identity| self.finished.iter().position(|finished| *finished == identity));
        index.is_some_and(|index| self.finished.remove(index).is_some())
    }
}

fn header(payload: &[u8]) -> Result<[u8; 4], PacketTooLarge> {
    match u32::try_from(payload.len()) {
        Ok(length) => Ok(length.to_be_bytes()),
        Err(_) => Err(PacketTooLarge { length: payload.len() as u64, limit: u64::from(u32::MAX) }),
    }
}

/// How many packets that nobody pushed again are remembered, so that a program that gives packets up does not make
/// this list grow for ever.
const REMEMBERED: usize = 256;

#[cfg(test)]
mod tests;
