//! TCP and UDP sockets, a selector and packets in SFML's vocabulary.

mod address;
mod descriptor;
mod error;
mod packet;
mod readiness;
mod resolver;
mod selector;
mod socket;
mod sys;
mod time;
mod wait;

pub use address::{IpAddress, ParseAddressError};
pub use error::SocketError;
pub use packet::{Packet, PacketError, PacketRead, PacketTooLarge, PacketTransform, PacketWrite};
pub use readiness::Readiness;
pub use selector::{Event, Key, Selectable, SocketSelector};
pub use socket::{
    BindOptions, Datagram, DatagramBatch, Datagrams, Dscp, Incomplete, ListenOptions, ReceivedDatagram,
    TcpKeepalive, TcpListener, TcpSocket, UdpSocket,
};
pub use time::Deadline;
pub use wait::Wait;
