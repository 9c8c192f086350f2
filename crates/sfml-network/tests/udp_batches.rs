//! Many datagrams in one call: counts, order, contents, and what happens at the limits.

use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

use sfml_network::{Datagram, DatagramBatch, IpAddress, SocketError, SocketSelector, UdpSocket};

const LIMIT: Duration = Duration::from_secs(10);

/// Whether this build joins and cuts datagrams in the kernel.
const LINUX: bool = cfg!(all(target_os = "linux", not(sfml_network_portable)));

/// Sockets on the loopback address of one family, or across families through a dual-stack receiver.
struct Pair {
    receiver: UdpSocket,
    sender: UdpSocket,
    /// Where the sender reaches the receiver, and the address the receiver sees.
    route: IpAddress,
}

impl Pair {
    fn v4() -> Self {
        Self::new(IpAddress::LOCAL_HOST, IpAddress::LOCAL_HOST)
    }

    fn new(receiver: IpAddress, route: IpAddress) -> Self {
        let receiver = UdpSocket::bind(receiver, 0).expect("a port");
        let sender = UdpSocket::bind(route, 0).expect("a port");
        receiver.set_timeout(Some(LIMIT));
        Self { receiver, sender, route }
    }

    fn all() -> Vec<Self> {
        let mut pairs = vec![Self::v4()];
        if UdpSocket::bind(IpAddress::LOCAL_HOST_V6, 0).is_ok() {
            pairs.push(Self::new(IpAddress::LOCAL_HOST_V6, IpAddress::LOCAL_HOST_V6));
            pairs.push(Self::new(IpAddress::ANY_V6, IpAddress::LOCAL_HOST));
        } else {
            testkit::skip::skip("this computer has no IPv6: enable it on the loopback interface");
        }
        pairs
    }

    fn datagram<'a>(&self, data: &'a [u8]) -> Datagram<'a> {
        Datagram::new(data, self.route, self.receiver.local_port())
    }

    fn send(&self, data: &[Vec<u8>]) {
        let datagrams: Vec<_> = data.iter().map(|data| self.datagram(data)).collect();
        assert_eq!(self.sender.send_many(&datagrams).expect("sent"), data.len());
    }

    fn send_segmented(&self, data: &[u8], segment: usize) {
        let sent = self.sender.send_segmented(data, segment, self.route, self.receiver.local_port());
        assert_eq!(sent.expect("sent"), data.len());
    }

    /// Receives `count` datagrams batch by batch, checking the sender of each.
    fn receive(&self, batch: &mut DatagramBatch, count: usize) -> Vec<Vec<u8>> {
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
fn numbered(lengths: impl IntoIterator<Item = usize>) -> Vec<Vec<u8>> {
    let fill =
        |(number, length): (usize, usize)| (0..length).map(|at| (number * 31 + at * 7) as u8).collect();
    lengths.into_iter().enumerate().map(fill).collect()
}

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
        assert_eq!(receiver.receive_many_within(&mut batch, LIMIT).expect("datagrams"), 3);
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
fn joined_datagrams_are_taken_apart_for_a_batch() {
    if !LINUX {
        return;
    }
    for pair in Pair::all() {
        pair.receiver.set_gro(true).expect("Linux 5.0");
        let data = numbered([5007]).remove(0);
        pair.send_segmented(&data, 100);
        pair.send(&numbered([3, 0, 9]));
        let mut expected: Vec<_> = data.chunks(100).map(<[u8]>::to_vec).collect();
        expected.extend(numbered([3, 0, 9]));
        assert_eq!(pair.receive(&mut DatagramBatch::new(4, 100), expected.len()), expected);
    }
}

#[test]
fn joined_datagrams_are_taken_apart_for_single_receives_and_mixed_ones() {
    if !LINUX {
        return;
    }
    for pair in Pair::all() {
        pair.receiver.set_gro(true).expect("Linux 5.0");
        let data = numbered([1050]).remove(0);
        let expected: Vec<_> = data.chunks(100).map(<[u8]>::to_vec).collect();
        pair.send_segmented(&data, 100);
        pair.send(&numbered([0, 7]));

        let mut received = Vec::new();
        let mut buffer = [0; 100];
        for _ in 0..3 {
            let (length, address, port) = pair.receiver.receive(&mut buffer).expect("a datagram");
            assert_eq!((address, port), (pair.route, pair.sender.local_port()));
            received.push(buffer[..length].to_vec());
        }
        let (packet, ..) = pair.receiver.receive_packet().expect("a datagram");
        received.push(packet.data().to_vec());
        let short = pair.receiver.receive(&mut [0; 99]);
        assert!(short.is_err(), "a datagram longer than the buffer");
        assert_eq!(received, expected[..4]);
        // The rest of the run, and what follows it.
        let mut rest = expected[5..].to_vec();
        rest.extend(numbered([0, 7]));
        assert_eq!(pair.receive(&mut DatagramBatch::new(16, 100), rest.len()), rest);
        assert!(matches!(pair.receiver.try_receive(&mut buffer), Err(SocketError::NotReady)));
    }
}

#[test]
fn a_socket_is_ready_until_the_last_datagram_of_a_run_is_taken() {
    if !LINUX {
        return;
    }
    let pair = Pair::v4();
    pair.receiver.set_gro(true).expect("Linux 5.0");
    let selector = SocketSelector::new().expect("a selector");
    selector.add(&pair.receiver).expect("added");
    pair.send_segmented(&[7; 250], 100);
    let mut buffer = [0; 100];
    for length in [100, 100, 50] {
        assert!(selector.poll().expect("polled") && selector.is_ready(&pair.receiver));
        assert_eq!(pair.receiver.receive(&mut buffer).expect("a datagram").0, length);
    }
    assert!(!selector.poll().expect("polled"));
}

#[test]
fn joining_ends_when_it_is_turned_off_and_nothing_waits() {
    if !LINUX {
        let socket = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
        socket.set_gro(false).expect("it is off");
        assert_eq!(socket.set_gro(true).expect_err("not here").kind(), ErrorKind::Unsupported);
        return;
    }
    for one_first in [false, true] {
        let pair = Pair::v4();
        pair.receiver.set_gro(true).expect("Linux 5.0");
        let data = numbered([450]).remove(0);
        pair.send_segmented(&data, 100);
        let mut received = Vec::new();
        let mut buffer = [0; 200];
        let mut take = |received: &mut Vec<Vec<u8>>| {
            let (length, ..) = pair.receiver.receive(&mut buffer).expect("a datagram");
            received.push(buffer[..length].to_vec());
        };
        if one_first {
            take(&mut received);
        }
        pair.receiver.set_gro(false).expect("set");
        while received.len() < 5 {
            take(&mut received);
        }
        assert!(received.iter().eq(data.chunks(100)));
        assert!(matches!(pair.receiver.try_receive(&mut buffer), Err(SocketError::NotReady)));
        pair.send_segmented(&data, 100);
        assert_eq!(pair.receive(&mut DatagramBatch::new(16, 100), 5), received);
        pair.receiver.set_gro(true).expect("on again");
        pair.send_segmented(&data, 100);
        assert_eq!(pair.receive(&mut DatagramBatch::new(16, 100), 5), received);
    }
}

#[test]
fn times_and_destinations_come_with_datagrams_that_ask_for_them() {
    for pair in Pair::all() {
        if !LINUX {
            let refused =
                [pair.receiver.set_receive_timestamps(true), pair.receiver.set_receive_destination(true)];
            assert!(
                refused
                    .iter()
                    .all(|done| done.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unsupported))
            );
        }
        let mut buffer = [0; 100];
        pair.send(&numbered([5]));
        let plain = pair.receiver.receive_with_info(&mut buffer).expect("a datagram");
        assert_eq!((plain.length, plain.address, plain.port), (5, pair.route, pair.sender.local_port()));
        assert_eq!((plain.timestamp, plain.destination, plain.interface), (None, None, None));
        if !LINUX {
            continue;
        }
        pair.receiver.set_receive_timestamps(true).expect("set");
        pair.receiver.set_receive_destination(true).expect("set");
        for joined in [false, true] {
            pair.receiver.set_gro(joined).expect("set");
            let before = SystemTime::now();
            pair.send_segmented(&[1; 15], 10);
            for length in [10, 5] {
                let told = pair.receiver.receive_with_info_within(&mut buffer, LIMIT).expect("a datagram");
                assert_eq!((told.length, told.destination), (length, Some(pair.route)));
                assert!(told.interface.is_some_and(|index| index > 0));
                let time = told.timestamp.expect("a time");
                // The first may get the time of receiving: the kernel's clock starts a moment after asking.
                assert!(
                    time + Duration::from_secs(1) > before
                        && time < SystemTime::now() + Duration::from_secs(1)
                );
            }
            assert!(matches!(pair.receiver.try_receive_with_info(&mut buffer), Err(SocketError::NotReady)));
        }
        pair.receiver.set_receive_destination(false).expect("set");
        pair.send(&numbered([101]));
        let error = pair.receiver.receive_with_info(&mut buffer).expect_err("too long");
        assert!(error.to_string().contains("dropped"), "{error}");
    }
}

#[test]
fn closing_ends_a_batch_that_waits() {
    let socket = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| socket.receive_many_within(&mut DatagramBatch::new(4, 100), LIMIT));
        socket.close();
        assert!(matches!(waiting.join().expect("no panic"), Err(SocketError::Other(_))));
    });
    assert!(matches!(socket.try_receive_many(&mut DatagramBatch::new(4, 100)), Err(SocketError::Other(_))));
}

#[test]
fn an_error_between_the_datagrams_of_a_run_comes_after_them() {
    if !LINUX {
        return;
    }
    let Pair { receiver, sender, route } = Pair::v4();
    receiver.set_gro(true).expect("Linux 5.0");
    receiver.connect(route, sender.local_port()).expect("connected");
    let sent = sender.send_segmented(b"onetwo", 3, route, receiver.local_port());
    assert_eq!(sent.expect("sent"), 6);
    let mut buffer = [0; 3];
    assert_eq!(receiver.receive_connected(&mut buffer).expect("a datagram"), 3);
    drop(sender);
    assert_eq!(receiver.send_connected(b"to nobody").expect("sent"), 9);
    assert_eq!(receiver.receive_connected(&mut buffer).expect("a datagram"), 3);
    assert_eq!(&buffer, b"two");
    let refused = receiver.try_receive(&mut buffer).expect_err("nobody there");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert!(matches!(receiver.try_receive(&mut buffer), Err(SocketError::NotReady)));
}

#[test]
fn a_batch_is_at_least_one_byte_and_at_most_one_datagram_wide() {
    let batch = DatagramBatch::new(0, 0);
    assert_eq!((batch.capacity(), batch.datagram_size(), batch.len(), batch.dropped()), (1, 1, 0, 0));
    assert_eq!(DatagramBatch::new(1, usize::MAX).datagram_size(), 65_527);
}

#[test]
fn the_longest_datagrams_fit() {
    let pair = Pair::v4();
    let data = numbered([UdpSocket::MAX_DATAGRAM_SIZE; 2]);
    let mut batch = DatagramBatch::new(2, usize::MAX);
    for joined in [false, LINUX] {
        pair.receiver.set_gro(joined).expect("set");
        pair.send(&data);
        assert_eq!(pair.receive(&mut batch, 2), data);
    }
}
