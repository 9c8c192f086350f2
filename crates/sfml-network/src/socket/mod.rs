//! The sockets.

mod datagrams;
mod listener;
mod mode;
mod tcp;
mod udp;

pub use datagrams::{Datagram, DatagramBatch, Datagrams, ReceivedDatagram};
pub use listener::TcpListener;
pub use tcp::{Incomplete, TcpSocket};
pub use udp::UdpSocket;
