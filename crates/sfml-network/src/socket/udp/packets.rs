//! Packets as datagrams.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};

use super::UdpSocket;
use crate::address::IpAddress;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::packet::{Packet, PacketTransform};
use crate::wait::Wait;

/// What is done to packets on their way, if anything.
#[derive(Default)]
pub(super) struct Transform(Mutex<Option<Arc<dyn PacketTransform>>>);

impl Transform {
    fn get(&self) -> Option<Arc<dyn PacketTransform>> {
        lock(&self.0).clone()
    }
}

impl fmt::Debug for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transform").field(&self.get().is_some()).finish()
    }
}

/// A transform's own failure, which is never a matter of waiting.
fn refused(error: io::Error) -> SocketError {
    SocketError::Other(error)
}

impl UdpSocket {
    /// Sends a packet's data as one datagram, as SFML does: a datagram needs no length in front.
    ///
    /// # Errors
    /// As [`send`](Self::send), and what the socket's transform says.
    pub fn send_packet(
        &self,
        packet: &Packet,
        address: impl Into<IpAddress>,
        port: u16,
    ) -> Result<(), SocketError> {
        self.send_payload(packet, |data| self.send(data, address, port))
    }

    /// As [`send_packet`](Self::send_packet), waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`send_packet`](Self::send_packet).
    pub fn send_packet_within<'a>(
        &self,
        packet: &Packet,
        address: impl Into<IpAddress>,
        port: u16,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<(), SocketError> {
        self.send_payload(packet, |data| self.send_within(data, address, port, timeout))
    }

    fn send_payload(
        &self,
        packet: &Packet,
        send: impl FnOnce(&[u8]) -> Result<usize, SocketError>,
    ) -> Result<(), SocketError> {
        match self.transform.get() {
            Some(transform) => send(&transform.on_send(packet.data()).map_err(refused)?).map(drop),
            None => send(packet.data()).map(drop),
        }
    }

    /// Receives one datagram as a packet, whatever its length.
    ///
    /// # Errors
    /// As [`receive`](Self::receive), and what the socket's transform says.
    pub fn receive_packet(&self) -> Result<(Packet, IpAddress, u16), SocketError> {
        self.receive_payload(|buffer| self.receive(buffer))
    }

    /// As [`receive_packet`](Self::receive_packet), waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive_packet`](Self::receive_packet).
    pub fn receive_packet_within<'a>(
        &self,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<(Packet, IpAddress, u16), SocketError> {
        self.receive_payload(|buffer| self.receive_within(buffer, timeout))
    }

    fn receive_payload(
        &self,
        receive: impl FnOnce(&mut [u8]) -> Result<(usize, IpAddress, u16), SocketError>,
    ) -> Result<(Packet, IpAddress, u16), SocketError> {
        let mut data = vec![0; Self::LONGEST];
        let (length, sender, port) = receive(&mut data)?;
        let data = data[..length].to_vec();
        let data = match self.transform.get() {
            Some(transform) => transform.on_receive(data).map_err(refused)?,
            None => data,
        };
        Ok((data.into(), sender, port))
    }

    /// Sets what is done to packets on their way, such as compression or encryption; `None` for nothing.
    pub fn set_packet_transform(&self, transform: Option<Arc<dyn PacketTransform>>) {
        *lock(&self.transform.0) = transform;
    }
}
