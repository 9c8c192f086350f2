//! Many sockets, of which some have something to receive.

use sfml_network::{IpAddress, SocketSelector, UdpSocket};

pub(crate) struct Pool {
    pub(crate) sockets: Vec<UdpSocket>,
    sender: UdpSocket,
}

impl Pool {
    pub(crate) fn new(count: usize) -> Self {
        let bind = || UdpSocket::bind(IpAddress::LOCAL_HOST, 0).unwrap();
        Self { sender: bind(), sockets: (0..count).map(|_| bind()).collect() }
    }

    /// Gives the first `count` sockets a datagram each.
    pub(crate) fn fill(&self, count: usize) {
        for socket in &self.sockets[..count] {
            self.sender.send(b"x", IpAddress::LOCAL_HOST, socket.local_port()).unwrap();
        }
    }

    /// Takes all datagrams away.
    pub(crate) fn drain(&self) {
        for socket in &self.sockets {
            while socket.try_receive(&mut [0; 8]).is_ok() {}
        }
    }

    /// A selector with the first `count` sockets.
    pub(crate) fn selector(&self, count: usize) -> SocketSelector {
        let selector = SocketSelector::new().unwrap();
        for socket in &self.sockets[..count] {
            selector.add(socket).unwrap();
        }
        selector
    }
}
