//! What cannot be seen, or forced, from outside.

use super::*;

fn pair() -> (UdpSocket, UdpSocket) {
    let bind = || UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
    (bind(), bind())
}

#[test]
fn a_peer_that_cannot_have_segments_gets_single_datagrams() {
    let (receiver, sender) = pair();
    sender.refusals.note(IpAddress::LOCAL_HOST, 90);
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

#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
#[test]
fn the_system_joins_segments_until_joining_is_turned_off() {
    let (receiver, sender) = pair();
    let mut batch = DatagramBatch::new(32, 100);
    receiver.set_gro(true).expect("Linux 5.0");
    for joined in [true, false] {
        let sent = sender.send_segmented(&[1; 1010], 100, IpAddress::LOCAL_HOST, receiver.local_port());
        assert_eq!(sent.expect("room"), 1010);
        assert_eq!(receiver.receive_many(&mut batch).expect("datagrams"), 11);
        assert_eq!(batch.system_count(), if joined { 1 } else { 11 });
        receiver.set_gro(false).expect("nothing waits");
        assert!(!receiver.runs.is_active());
    }
}
