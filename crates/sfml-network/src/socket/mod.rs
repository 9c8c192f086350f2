//! The sockets.

mod datagrams;
mod listener;
mod mode;
mod options;
mod tcp;
mod udp;

pub use datagrams::{Datagram, DatagramBatch, Datagrams, ReceivedDatagram};
pub use listener::TcpListener;
pub use options::{BindOptions, Dscp, ListenOptions, TcpKeepalive};
#[cfg(feature = "tls")]
pub(crate) use tcp::Packets;
pub use tcp::{Incomplete, TcpSocket};
pub use udp::UdpSocket;
