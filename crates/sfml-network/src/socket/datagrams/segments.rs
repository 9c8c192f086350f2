//! Data sent to one peer as datagrams of one size, cut by the system (`UDP_SEGMENT`).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::udp::UdpSocket;
use super::Wait;
use crate::address::IpAddress;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::sys;

/// The most segments every kernel that segments takes in one call.
const MOST_SEGMENTS: usize = 64;

/// The peers for which the system refused to segment. It depends on the route and its interface, so it is
/// remembered for each peer.
#[derive(Debug, Default)]
pub(in super::super) struct Refusals {
    any: AtomicBool,
    list: Mutex<Vec<Refusal>>,
}

#[derive(Clone, Copy, Debug)]
struct Refusal {
    peer: IpAddress,
    /// The smallest size refused: smaller ones may still fit the route's packets.
    segment: usize,
}

impl Refusals {
    /// The peers remembered; beyond that the oldest is forgotten, and tried again.
    const LIMIT: usize = 64;

    #[inline]
    fn covers(&self, peer: IpAddress, segment: usize) -> bool {
        self.any.load(Ordering::Relaxed) && self.is_listed(peer, segment)
    }

    #[cold]
    fn is_listed(&self, peer: IpAddress, segment: usize) -> bool {
        lock(&self.list).iter().any(|refusal| refusal.peer == peer && refusal.segment <= segment)
    }

    #[cold]
    pub(super) fn note(&self, peer: IpAddress, segment: usize) {
        let mut list = lock(&self.list);
        list.retain(|refusal| refusal.peer != peer || refusal.segment < segment);
        if list.len() == Self::LIMIT {
            list.remove(0);
        }
        list.push(Refusal { peer, segment });
        self.any.store(true, Ordering::Relaxed);
    }
}

impl UdpSocket {
    /// Sends data to one peer as datagrams of `segment_size` bytes each, the last one shorter if need be, and
    /// returns how many bytes were sent: always whole datagrams. Empty data is no datagram.
    ///
    /// On Linux a system call takes up to 64 datagrams (`UDP_SEGMENT`), which is some five times faster than single
    /// ones, and ten to twenty times together with [`set_gro`](Self::set_gro) on the other side. Where the system or the
    /// route cannot do that they are sent as [`send_many`](Self::send_many) does, and the peer is remembered.
    /// Segments should fit the route's packets: 1472 bytes for IPv4 over Ethernet, 1232 for anywhere.
    ///
    /// In blocking mode it waits until all is sent; less only when the socket's [timeout](Self::set_timeout) ran
    /// out.
    ///
    /// # Errors
    /// Those of [`send`](Self::send), when nothing was sent; a `segment_size` of 0 (`EINVAL`).
    #[inline]
    pub fn send_segmented(
        &self,
        data: &[u8],
        segment_size: usize,
        address: impl Into<IpAddress>,
        port: u16,
    ) -> Result<usize, SocketError> {
        self.send_segments(data, segment_size, address.into(), port, self.plain_wait())
    }

    /// As [`send_segmented`](Self::send_segmented), waiting as told, whatever the mode. The time limits sending too:
    /// when it is up, no further part of up to 64 datagrams is begun.
    ///
    /// # Errors
    /// As [`send_segmented`](Self::send_segmented), and what the interrupt hook says, also after some were sent.
    pub fn send_segmented_within<'a>(
        &self,
        data: &[u8],
        segment_size: usize,
        address: impl Into<IpAddress>,
        port: u16,
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        self.send_segments(data, segment_size, address.into(), port, Some(timeout.into()))
    }

    /// As [`send_segmented`](Self::send_segmented), as far as there is room at once, whatever the mode.
    ///
    /// # Errors
    /// As [`send_segmented`](Self::send_segmented).
    pub fn try_send_segmented(
        &self,
        data: &[u8],
        segment_size: usize,
        address: impl Into<IpAddress>,
        port: u16,
    ) -> Result<usize, SocketError> {
        self.send_segments(data, segment_size, address.into(), port, None)
    }

    fn send_segments(
        &self,
        data: &[u8],
        segment: usize,
        peer: IpAddress,
        port: u16,
        wait: Option<Wait<'_>>,
    ) -> Result<usize, SocketError> {
        if segment == 0 {
            return Err(SocketError::condition(sys::code::INVALID, "segments of 0 bytes would never end"));
        }
        let target = self.target(peer, port);
        let handle = self.descriptor.handle();
        let most = (Self::MAX_DATAGRAM_SIZE / segment).clamp(1, MOST_SEGMENTS).saturating_mul(segment);
        self.send_parts(data.len(), wait, |sent| {
            let rest = &data[sent..];
            let part = &rest[..rest.len().min(most)];
            let failed = |error| self.send_error(error, &target);
            if part.len() <= segment {
                return self.try_send_to(part, &target);
            }
            self.check_send(segment)?;
            let mut refused = false;
            // More than one segment fits into a datagram, so the size fits into 16 bits.
            if let (Ok(size), false) = (u16::try_from(segment), self.refusals.covers(peer, segment)) {
                match sys::send_segmented(handle, part, size, &target) {
                    Ok(sent) => return Ok(sent),
                    Err(error) if sys::refuses_segments(&error) => refused = true,
                    Err(error) => return Err(failed(error)),
                }
            }
            let each = part.chunks(segment).map(|data| (data, target));
            let count = sys::send_many(handle, each).map_err(failed)?;
            // Only now is it known that the segments were what the system did not like.
            if refused {
                self.refusals.note(peer, segment);
            }
            Ok(part.len().min(count * segment))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::DatagramBatch;
    use super::*;

    /// Sends segments, and checks that they arrive as datagrams.
    fn check(sender: &UdpSocket) {
        let receiver = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
        let data: Vec<u8> = (0..=255).cycle().take(100 * 90 + 7).collect();
        let sent = sender.send_segmented(&data, 90, IpAddress::LOCAL_HOST, receiver.local_port());
        assert_eq!(sent.expect("room"), data.len());
        let mut batch = DatagramBatch::new(200, 90);
        let mut received = Vec::new();
        while received.len() < data.len() {
            receiver.receive_many(&mut batch).expect("more data");
            assert_eq!(batch.dropped(), 0);
            received.extend(batch.iter().flat_map(|datagram| datagram.data.iter().copied()));
        }
        assert_eq!(received, data);
    }

    #[test]
    fn a_peer_that_refused_segments_gets_single_datagrams() {
        let sender = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
        sender.refusals.note(IpAddress::LOCAL_HOST, 90);
        check(&sender);
    }

    #[cfg(all(target_os = "linux", not(sfml_network_portable)))]
    #[test]
    fn a_refusal_by_the_system_costs_no_datagram_and_is_remembered() {
        let sender = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
        check(&sender);
        assert!(!sender.refusals.covers(IpAddress::LOCAL_HOST, 90));
        sys::omit_checksums(sender.descriptor.handle()).expect("set");
        check(&sender);
        assert!(sender.refusals.covers(IpAddress::LOCAL_HOST, 90));
        check(&sender);
    }

    #[test]
    fn a_refusal_covers_its_size_and_larger_ones_of_that_peer() {
        let refusals = Refusals::default();
        let [near, far] = [IpAddress::LOCAL_HOST, IpAddress::LOCAL_HOST_V6];
        assert!(!refusals.covers(near, 1400));
        refusals.note(near, 1400);
        refusals.note(near, 9000);
        let covered = [(near, 1399), (near, 1400), (near, 9000), (far, 1400)];
        assert_eq!(covered.map(|(peer, segment)| refusals.covers(peer, segment)), [false, true, true, false]);
        refusals.note(near, 100);
        assert!(refusals.covers(near, 100));
    }

    #[test]
    fn refusals_of_many_peers_are_bounded() {
        let refusals = Refusals::default();
        for peer in 0..1000 {
            refusals.note(IpAddress::from_integer(peer), 1);
        }
        assert_eq!(lock(&refusals.list).len(), Refusals::LIMIT);
        assert!(!refusals.covers(IpAddress::from_integer(0), 1));
        assert!(refusals.covers(IpAddress::from_integer(999), 1));
    }
}
