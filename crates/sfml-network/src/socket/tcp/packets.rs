//! Moving packets over a connection: framing state and its locks.

use std::fmt;
use std::io::{self, IoSlice};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::TcpSocket;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::packet::{Incoming, Outgoing, Packet, PacketTooLarge, PacketTransform};
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

/// The frames half-way in and half-way out of one stream of bytes. Each lock is held across one non-blocking attempt,
/// never a wait.
pub(crate) struct Packets {
    incoming: Mutex<Incoming>,
    outgoing: Mutex<Outgoing>,
    /// Whether packets were ever sent: then raw data takes its turn behind the same lock.
    in_use: AtomicBool,
    limit: AtomicUsize,
    transform: Mutex<Option<Arc<dyn PacketTransform>>>,
}

impl Packets {
    #[inline]
    pub(crate) fn in_use(&self) -> bool {
        self.in_use.load(Ordering::Acquire)
    }

    /// Sends the rest of a frame that was begun, then `data` in the same turn.
    #[cold]
    pub(crate) fn send_behind(
        &self,
        put: impl Fn(&[IoSlice<'_>]) -> Result<usize, SocketError>,
        data: &[IoSlice<'_>],
    ) -> Result<usize, SocketError> {
        let mut outgoing = lock(&self.outgoing);
        outgoing.flush(&put)?;
        if data.is_empty() { Ok(0) } else { put(data) }
    }

    /// Sends as much of a packet as `put` takes.
    pub(crate) fn send(
        &self,
        packet: &Packet,
        put: impl FnMut(&[IoSlice<'_>]) -> Result<usize, SocketError>,
    ) -> Result<(), SocketError> {
        let transform = self.transform();
        self.in_use.store(true, Ordering::Release);
        lock(&self.outgoing).push(packet, transform.as_deref(), put)
    }

    /// Receives a packet, if `take` has all of it.
    pub(crate) fn receive(
        &self,
        take: impl FnMut(&mut [u8]) -> Result<usize, SocketError>,
    ) -> Result<Packet, SocketError> {
        let payload = {
            let mut incoming = lock(&self.incoming);
            let received = incoming.pull(self.limit(), take);
            received.map_err(|error| if incoming.is_idle() { error } else { inside_packet(error) })?
        };
        match self.transform() {
            Some(transform) => transform.on_receive(payload).map(Packet::from).map_err(SocketError::Other),
            None => Ok(payload.into()),
        }
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit.load(Ordering::Relaxed)
    }

    pub(crate) fn set_limit(&self, limit: usize) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    pub(crate) fn set_transform(&self, transform: Option<Arc<dyn PacketTransform>>) {
        *lock(&self.transform) = transform;
    }

    /// For another stream with the same settings.
    #[cfg(feature = "tls")]
    pub(crate) fn alike(&self) -> Self {
        let packets = Self::default();
        packets.set_limit(self.limit());
        packets.set_transform(self.transform());
        packets
    }

    fn transform(&self) -> Option<Arc<dyn PacketTransform>> {
        lock(&self.transform).clone()
    }
}

impl Default for Packets {
    #[inline]
    fn default() -> Self {
        Self {
            incoming: Mutex::default(),
            outgoing: Mutex::default(),
            in_use: AtomicBool::new(false),
            limit: AtomicUsize::new(TcpSocket::DEFAULT_PACKET_LIMIT),
            transform: Mutex::default(),
        }
    }
}

impl fmt::Debug for Packets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packets")
            .field("in_use", &self.in_use)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl TcpSocket {
    /// The longest packet a socket receives unless told otherwise, in bytes: 16 MiB, far above what games send, far
    /// below what hurts.
    pub const DEFAULT_PACKET_LIMIT: usize = 16 << 20;

    /// Sends a packet: its length as a big-endian `u32`, then its data, as SFML does.
    ///
    /// Frames of several threads never mix. In non-blocking mode, and when the time runs out, part of the frame
    /// may be on its way: call again with the same packet until that succeeds, and nothing is sent twice.
    /// Whatever else is sent in between, packets or bytes, waits for the rest of the frame. Only a socket's very first
    /// packet must not be sent while another thread is sending bytes.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: not all of it was sent yet.
    /// * [`SocketError::Disconnected`]: the connection is over.
    /// * [`SocketError::Other`]: the packet is longer than 4 GiB, or its transform refused.
    pub fn send_packet(&self, packet: &Packet) -> Result<(), SocketError> {
        if self.mode.is_blocking() {
            return self.send_packet_within(packet, self.mode.wait());
        }
        self.try_send_packet(packet)
    }

    /// Sends a packet, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`send_packet`](Self::send_packet).
    pub fn send_packet_within<'a>(
        &self,
        packet: &Packet,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<(), SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::WRITABLE, || self.try_send_packet(packet))
    }

    /// Sends what the system takes of a packet at once, whatever the mode.
    ///
    /// # Errors
    /// As [`send_packet`](Self::send_packet).
    pub fn try_send_packet(&self, packet: &Packet) -> Result<(), SocketError> {
        self.packets.send(packet, |pieces| self.put(pieces))
    }

    /// Receives a packet. What has arrived of it is kept by the socket, so a call that could not complete loses
    /// nothing and the next one goes on.
    ///
    /// Memory grows with what arrives, not with what the peer announces. [`receive`](Self::receive) takes bytes
    /// from the same stream: do not use it between two halves of a packet.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: not all of it has arrived in the time allowed.
    /// * [`SocketError::Disconnected`]: the connection is over.
    /// * [`SocketError::Other`]: the packet is longer than the [limit](Self::set_packet_limit), and is received
    ///   by no call until that is raised; or its transform refused.
    pub fn receive_packet(&self) -> Result<Packet, SocketError> {
        if self.mode.is_blocking() {
            return self.receive_packet_within(self.mode.wait());
        }
        self.try_receive_packet()
    }

    /// Receives a packet, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_packet`](Self::receive_packet).
    pub fn receive_packet_within<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<Packet, SocketError> {
        timeout.into().retry(&self.descriptor, Readiness::READABLE, || self.try_receive_packet())
    }

    /// Receives a packet if all of it is there, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_packet`](Self::receive_packet).
    pub fn try_receive_packet(&self) -> Result<Packet, SocketError> {
        self.packets.receive(|buffer| self.try_receive(buffer))
    }

    /// The longest packet this socket receives, in bytes; 16 MiB unless set.
    pub fn packet_limit(&self) -> usize {
        self.packets.limit()
    }

    /// Sets the longest packet this socket receives, in bytes. A longer one is refused when its length arrives.
    pub fn set_packet_limit(&self, limit: usize) {
        self.packets.set_limit(limit);
    }

    /// Sets what is done to packets on their way, such as compression or encryption; `None` for nothing.
    pub fn set_packet_transform(&self, transform: Option<Arc<dyn PacketTransform>>) {
        self.packets.set_transform(transform);
    }

    /// What a layer above needs for packets of its own.
    #[cfg(feature = "tls")]
    pub(crate) fn packets(&self) -> &Packets {
        &self.packets
    }
}

/// The end of the stream where it is no clean end.
fn inside_packet(error: SocketError) -> SocketError {
    match error {
        SocketError::Disconnected(None) => {
            let sentence = "the peer closed the connection inside a packet";
            SocketError::Disconnected(Some(io::Error::new(io::ErrorKind::UnexpectedEof, sentence)))
        }
        error => error,
    }
}

impl From<PacketTooLarge> for SocketError {
    fn from(error: PacketTooLarge) -> Self {
        Self::condition(sys::code::MESSAGE_SIZE, error.to_string())
    }
}
