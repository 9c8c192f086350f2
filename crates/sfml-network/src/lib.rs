//! TCP and UDP sockets, a selector and packets in SFML's vocabulary.

mod packet;

pub use self::packet::{Packet, PacketError, PacketRead, PacketTooLarge, PacketTransform, PacketWrite};
