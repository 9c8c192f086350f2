//! Moving packets over a connection inside TLS: the same frames as on a plain one.

use std::sync::Arc;

use super::socket::TlsSocket;
use crate::error::SocketError;
use crate::packet::{Packet, PacketTransform};
use crate::readiness::Readiness;
use crate::wait::Wait;

impl TlsSocket {
    /// Sends a packet, as [`TcpSocket::send_packet`](crate::TcpSocket::send_packet) does. In blocking mode it is with the
    /// system when the call returns.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: not all of it was taken yet; call again with the same packet.
    /// * [`SocketError::Disconnected`]: the connection is over.
    /// * [`SocketError::Other`]: the packet is longer than 4 GiB, its transform refused, or TLS has failed.
    pub fn send_packet(&self, packet: &Packet) -> Result<(), SocketError> {
        if self.is_blocking() {
            return self.send_packet_within(packet, self.timeout());
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
        let mut wait = timeout.into();
        self.retry_send(&mut wait, || self.try_send_packet(packet))?;
        self.flush_taken(&mut wait)
    }

    /// Sends what can be taken of a packet at once, whatever the mode.
    ///
    /// # Errors
    /// As [`send_packet`](Self::send_packet).
    pub fn try_send_packet(&self, packet: &Packet) -> Result<(), SocketError> {
        self.0.packets.send(packet, |pieces| self.put(pieces))
    }

    /// Receives a packet, as [`TcpSocket::receive_packet`](crate::TcpSocket::receive_packet) does: what has arrived of it
    /// is kept.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: not all of it has arrived in the time allowed.
    /// * [`SocketError::Disconnected`]: the connection is over.
    /// * [`SocketError::Other`]: the packet is longer than the [limit](Self::set_packet_limit), its transform refused, or
    ///   TLS has failed.
    pub fn receive_packet(&self) -> Result<Packet, SocketError> {
        if self.is_blocking() {
            return self.receive_packet_within(self.timeout());
        }
        self.try_receive_packet()
    }

    /// Receives a packet, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_packet`](Self::receive_packet).
    pub fn receive_packet_within<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<Packet, SocketError> {
        let mut wait = timeout.into();
        loop {
            match self.try_receive_packet() {
                Err(SocketError::NotReady) => {
                    let needs = self.session().needs(Readiness::READABLE);
                    self.sleep(needs, &mut wait)?;
                }
                done => return done,
            }
        }
    }

    /// Receives a packet if all of it is there, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_packet`](Self::receive_packet).
    pub fn try_receive_packet(&self) -> Result<Packet, SocketError> {
        self.0.packets.receive(|buffer| self.try_receive(buffer))
    }

    /// The longest packet this socket receives, in bytes; at first that of the socket TLS was put on.
    pub fn packet_limit(&self) -> usize {
        self.0.packets.limit()
    }

    /// Sets the longest packet this socket receives, in bytes. A longer one is refused when its length arrives.
    pub fn set_packet_limit(&self, limit: usize) {
        self.0.packets.set_limit(limit);
    }

    /// Sets what is done to packets on their way; at first that of the socket TLS was put on.
    pub fn set_packet_transform(&self, transform: Option<Arc<dyn PacketTransform>>) {
        self.0.packets.set_transform(transform);
    }
}
