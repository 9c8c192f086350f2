//! Sockets that exchange datagrams, and the datagrams.

use sfml_network::{Datagram, DatagramBatch, IpAddress, UdpSocket};
use testkit::PATIENCE;

/// Whether this build joins and cuts datagrams in the kernel.
pub(crate) const LINUX: bool = cfg!(all(target_os = "linux", not(sfml_network_portable)));

/// Sockets on the loopback address of one family, or across families through a dual-stack receiver.
pub(crate) struct Pair {
    pub(crate) receiver: UdpSocket,
    pub(crate) sender: UdpSocket,
    /// Where the sender reaches the receiver, and the address the receiver sees.
    pub(crate) route: IpAddress,
}

impl Pair {
    pub(crate) fn v4() -> Self {
        Self::new(IpAddress::LOCAL_HOST, IpAddress::LOCAL_HOST)
    }

    pub(crate) fn new(receiver: IpAddress, route: IpAddress) -> Self {
        let receiver = UdpSocket::bind(receiver, 0).expect("a port");
        let sender = UdpSocket::bind(route, 0).expect("a port");
        receiver.set_timeout(Some(PATIENCE));
        Self { receiver, sender, route }
    }

    pub(crate) fn all() -> Vec<Self> {
        let mut pairs = vec![Self::v4()];
        if UdpSocket::bind(IpAddress::LOCAL_HOST_V6, 0).is_ok() {
            pairs.push(Self::new(IpAddress::LOCAL_HOST_V6, IpAddress::LOCAL_HOST_V6));
            pairs.push(Self::new(IpAddress::ANY_V6, IpAddress::LOCAL_HOST));
        } else {
            testkit::skip::skip("this computer has no IPv6: enable it on the loopback interface");
        }
        pairs
    }

    pub(crate) fn datagram<'a>(&self, data: &'a [u8]) -> Datagram<'a> {
        Datagram::new(data, self.route, self.receiver.local_port())
    }

    pub(crate) fn send(&self, data: &[Vec<u8>]) {
        let datagrams: Vec<_> = data.iter().map(|data| self.datagram(data)).collect();
        assert_eq!(self.sender.send_many(&datagrams).expect("sent"), data.len());
    }

    pub(crate) fn send_segmented(&self, data: &[u8], segment: usize) {
        let sent = self.sender.send_segmented(data, segment, self.route, self.receiver.local_port());
        assert_eq!(sent.expect("sent"), data.len());
    }

    /// Receives `count` datagrams batch by batch, checking the sender of each.
    pub(crate) fn receive(&self, batch: &mut DatagramBatch, count: usize) -> Vec<Vec<u8>> {
        let mut received = Vec::new();
        while received.len() < count {
            let number = self.receiver.receive_many(batch).expect("datagrams");
            assert_eq!((number, batch.len()), (batch.iter().count(), batch.iter().len()));
            for datagram in &*batch {
                assert_eq!((datagram.address, datagram.port), (self.route, self.sender.local_port()));
                received.push(datagram.data.to_vec());
            }
        }
        received
    }
}

/// Datagrams that differ from each other, of the lengths given.
pub(crate) fn numbered(lengths: impl IntoIterator<Item = usize>) -> Vec<Vec<u8>> {
    let fill =
        |(number, length): (usize, usize)| (0..length).map(|at| (number * 31 + at * 7) as u8).collect();
    lengths.into_iter().enumerate().map(fill).collect()
}
