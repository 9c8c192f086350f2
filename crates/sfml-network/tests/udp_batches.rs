//! Many datagrams in one call: counts, order, contents, and what happens at the limits.

mod datagrams;

use std::time::Duration;

use datagrams::{LINUX, Pair, numbered};
use sfml_network::{Datagram, DatagramBatch, IpAddress, SocketError, UdpSocket};
use testkit::PATIENCE;

fn mixed() -> Vec<Vec<u8>> {
    numbered([0, 1, 1200, 64, 0, 9000, 64, 64, 1, 1400])
}

#[test]
fn a_batch_arrives_whole_in_order_and_with_its_senders() {
    for pair in Pair::all() {
        let data = mixed();
        pair.send(&data);
        assert_eq!(pair.receive(&mut DatagramBatch::new(32, 9000), data.len()), data);
    }
}

#[test]
fn more_than_one_system_calls_worth_is_one_call() {
    let pair = Pair::v4();
    let data = numbered((0..150).map(|number| number % 40));
    pair.send(&data);
    let mut batch = DatagramBatch::new(200, 40);
    assert_eq!(pair.receiver.receive_many(&mut batch).expect("datagrams"), 150);
    assert!(batch.iter().map(|datagram| datagram.data).eq(data.iter()));
}

#[test]
fn a_full_batch_leaves_the_rest_for_the_next_call() {
    let pair = Pair::v4();
    let data = numbered([10; 7]);
    pair.send(&data);
    let mut batch = DatagramBatch::new(4, 100);
    assert_eq!(pair.receive(&mut batch, 4), data[..4]);
    assert_eq!(pair.receive(&mut batch, 3), data[4..]);
    let nothing = pair.receiver.try_receive_many(&mut batch);
    assert!(matches!(nothing, Err(SocketError::NotReady)));
    assert!(batch.is_empty());
}

#[test]
fn each_datagram_goes_to_its_own_peer() {
    let sender = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
    let receivers: Vec<_> =
        (0..3).map(|_| UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port")).collect();
    let data = numbered(1..=9);
    let ports = receivers.iter().map(UdpSocket::local_port).cycle();
    let datagrams: Vec<_> =
        data.iter().zip(ports).map(|(data, port)| Datagram::new(data, IpAddress::LOCAL_HOST, port)).collect();
    assert_eq!(sender.send_many(&datagrams).expect("sent"), 9);
    for (number, receiver) in receivers.iter().enumerate() {
        let mut batch = DatagramBatch::new(9, 100);
        assert_eq!(receiver.receive_many_within(&mut batch, PATIENCE).expect("datagrams"), 3);
        assert!(batch.iter().map(|datagram| datagram.data).eq(data.iter().skip(number).step_by(3)));
    }
}

#[test]
fn nothing_to_send_is_sent_at_once() {
    let pair = Pair::v4();
    assert_eq!(pair.sender.send_many(&[]).expect("nothing"), 0);
    let sent = pair.sender.send_segmented(&[], 100, pair.route, pair.receiver.local_port());
    assert_eq!(sent.expect("nothing"), 0);
    let nothing = pair.receiver.receive_many_within(&mut DatagramBatch::new(1, 1), Duration::from_millis(1));
    assert!(matches!(nothing, Err(SocketError::NotReady)));
}

#[test]
fn a_datagram_that_cannot_be_sent_ends_the_batch_with_a_count() {
    let pair = Pair::v4();
    let too_long = vec![0; UdpSocket::MAX_DATAGRAM_SIZE + 1];
    let datagrams =
        [pair.datagram(b"one"), pair.datagram(b"two"), pair.datagram(&too_long), pair.datagram(b"three")];
    assert_eq!(pair.sender.send_many(&datagrams).expect("two sent"), 2);
    let error = pair.sender.send_many(&datagrams[2..]).expect_err("too long");
    assert!(error.to_string().contains("65508"), "{error}");
    assert_eq!(pair.sender.try_send_many(&datagrams[3..]).expect("the last"), 1);
    assert_eq!(
        pair.receive(&mut DatagramBatch::new(8, 100), 3),
        [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()]
    );
}

#[test]
fn an_ipv6_peer_of_an_ipv4_socket_is_refused_by_name() {
    let pair = Pair::v4();
    let error = pair.sender.send_many(&[Datagram::new(b"x", IpAddress::LOCAL_HOST_V6, 9)]).expect_err("IPv6");
    assert!(error.to_string().contains("IPv4 socket"), "{error}");
}

#[test]
fn a_datagram_longer_than_a_slot_is_dropped_and_counted() {
    for joined in [false, LINUX] {
        let pair = Pair::v4();
        pair.receiver.set_gro(joined).expect("set");
        pair.send(&numbered([10, 101, 20, 3000, 100]));
        let mut batch = DatagramBatch::new(8, 100);
        assert_eq!(pair.receiver.receive_many(&mut batch).expect("the others"), 3);
        assert_eq!(batch.iter().map(|datagram| datagram.data.len()).collect::<Vec<_>>(), [10, 20, 100]);
        assert_eq!(batch.dropped(), 2);

        pair.send(&numbered([101]));
        let error = pair.receiver.receive_many(&mut batch).expect_err("nothing fits");
        assert!(
            matches!(error, SocketError::Other(_)) && batch.dropped() == 1 && batch.is_empty(),
            "{error}"
        );
        pair.send(&numbered([1]));
        assert_eq!(pair.receiver.receive_many(&mut batch).expect("fits"), 1);
        assert_eq!(batch.dropped(), 0);
    }
}

#[test]
fn segments_arrive_as_datagrams_of_their_size_and_a_shorter_last_one() {
    for pair in Pair::all() {
        for (length, segment) in
            [(1, 1), (100, 100), (101, 100), (5000, 1200), (20_000, 64), (130_000, 1400), (700, 9000)]
        {
            let data = numbered([length]).remove(0);
            let expected: Vec<_> = data.chunks(segment).map(<[u8]>::to_vec).collect();
            // Few enough at a time for any receive buffer.
            for (data, expected) in data.chunks(64 * segment).zip(expected.chunks(64)) {
                pair.send_segmented(data, segment);
                assert_eq!(pair.receive(&mut DatagramBatch::new(16, segment), expected.len()), expected);
            }
        }
    }
}

#[test]
fn segments_that_cannot_be_sent_are_errors() {
    let pair = Pair::v4();
    let (data, port) = ([0; 1000], pair.receiver.local_port());
    assert!(pair.sender.send_segmented(&data, 0, pair.route, port).is_err());
    assert!(pair.sender.send_segmented(&data, 100, pair.route, 0).is_err());
    assert!(pair.sender.send_segmented(&data, 100, IpAddress::LOCAL_HOST_V6, port).is_err());
    let long = vec![0; UdpSocket::MAX_DATAGRAM_SIZE + 1];
    let error = pair.sender.send_segmented(&long, usize::MAX, pair.route, port).expect_err("too long");
    assert!(error.to_string().contains("65508"), "{error}");
    // None of that is taken for a peer that refuses segments.
    pair.send_segmented(&data, 100);
    assert_eq!(pair.receive(&mut DatagramBatch::new(16, 100), 10), vec![vec![0; 100]; 10]);
}

#[test]
fn a_batch_waits_for_its_first_datagram() {
    let pair = Pair::v4();
    let received = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| pair.receive(&mut DatagramBatch::new(4, 100), 1));
        pair.send(&numbered([3]));
        waiting.join().expect("no panic")
    });
    assert_eq!(received, numbered([3]));
}

#[test]
fn closing_ends_a_batch_that_waits() {
    let socket = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| socket.receive_many_within(&mut DatagramBatch::new(4, 100), PATIENCE));
        socket.close();
        assert!(matches!(waiting.join().expect("no panic"), Err(SocketError::Other(_))));
    });
    assert!(matches!(socket.try_receive_many(&mut DatagramBatch::new(4, 100)), Err(SocketError::Other(_))));
}

#[test]
fn a_batch_is_at_least_one_byte_and_at_most_one_datagram_wide() {
    let batch = DatagramBatch::new(0, 0);
    assert_eq!((batch.capacity(), batch.datagram_size(), batch.len(), batch.dropped()), (1, 1, 0, 0));
    assert_eq!(DatagramBatch::new(1, usize::MAX).datagram_size(), 65_527);
}
