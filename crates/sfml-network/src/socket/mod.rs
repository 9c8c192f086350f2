//! The sockets.

mod listener;
mod mode;
mod tcp;
mod udp;

pub use listener::TcpListener;
pub use tcp::{Incomplete, TcpSocket};
pub use udp::UdpSocket;
