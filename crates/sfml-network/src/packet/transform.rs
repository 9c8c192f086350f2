//! The hook through which a program changes packets on their way: compression, encryption, checksums.

use std::io;

/// Changes the bytes of packets between [`Packet`](crate::Packet) and the wire.
///
/// It takes the place of SFML's `onSend` and `onReceive`; there each type of packet overrides them, here a socket
/// holds one transform for all packets that pass through it. What `on_send` returns travels as the payload of
/// the frame, so a C++ peer whose packet class does the same understands it.
///
/// On a TCP socket `on_send` is called once for every packet, in the order in which the packets travel, even when
/// a packet takes several calls to send; `on_receive` is called once for every complete frame, in order of
/// arrival. A transform may therefore keep state, such as a message counter.
///
/// The limit on the length of received packets holds for the frame, before `on_receive`. A transform that
/// enlarges, such as decompression, must itself bound what it returns.
///
/// # Examples
///
/// ```
/// use std::io;
///
/// use sfml_network::PacketTransform;
///
/// /// Not a cipher: it shows where one would go.
/// struct Mask(u8);
///
/// impl PacketTransform for Mask {
///     fn on_send(&self, data: &[u8]) -> io::Result<Vec<u8>> {
///         Ok(data.iter().map(|byte| byte ^ self.0).collect())
///     }
///
///     fn on_receive(&self, data: Vec<u8>) -> io::Result<Vec<u8>> {
///         self.on_send(&data)
///     }
/// }
/// ```
pub trait PacketTransform: Send + Sync {
    /// Makes the payload to send from the data of a packet. It runs in the packet's turn on the stream, so it must
    /// not send on that socket itself.
    ///
    /// # Errors
    ///
    /// Whatever keeps the packet from being sent; nothing of it goes out, and the caller gets this error.
    fn on_send(&self, data: &[u8]) -> io::Result<Vec<u8>>;

    /// Makes the data of a packet from a payload received.
    ///
    /// # Errors
    ///
    /// The payload is not one that `on_send` could have made. The caller gets this error in place of the packet;
    /// the stream stands at the next frame.
    fn on_receive(&self, data: Vec<u8>) -> io::Result<Vec<u8>>;
}
