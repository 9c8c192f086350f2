//! Datagrams the system joined come out one by one, and with what the system knows about them.

mod datagrams;

use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

use datagrams::{LINUX, Pair, numbered};
use sfml_network::{DatagramBatch, IpAddress, SocketError, SocketSelector, UdpSocket};
use testkit::PATIENCE;

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
                let told = pair.receiver.receive_with_info_within(&mut buffer, PATIENCE).expect("a datagram");
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
fn threads_that_receive_at_once_get_each_datagram_once() {
    const ROUNDS: u8 = 100;
    let pair = Pair::v4();
    pair.receiver.set_gro(LINUX).expect("Linux 5.0");
    let (took, taken) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for batched in [false, true, false] {
            let (took, receiver) = (took.clone(), &pair.receiver);
            scope.spawn(move || {
                let (mut batch, mut buffer) = (DatagramBatch::new(4, 50), [0; 50]);
                let mut receive = || {
                    if batched {
                        receiver.receive_many_within(&mut batch, PATIENCE)?;
                        return Ok(batch.iter().map(|datagram| datagram.data.to_vec()).collect());
                    }
                    let (length, ..) = receiver.receive_within(&mut buffer, PATIENCE)?;
                    Ok::<Vec<Vec<u8>>, SocketError>(vec![buffer[..length].to_vec()])
                };
                while let Ok(datagrams) = receive() {
                    datagrams.into_iter().for_each(|datagram| took.send(datagram).expect("counted"));
                }
            });
        }
        // Each round is taken before the next one is sent, so none is lost for want of room.
        for round in 0..ROUNDS {
            let data: Vec<u8> = (0..20).flat_map(|number| [[round, number]; 25].concat()).collect();
            pair.send_segmented(&data, 50);
            let mut datagrams: Vec<_> =
                (0..20).map(|_| taken.recv_timeout(PATIENCE).expect("each datagram")).collect();
            datagrams.sort_unstable();
            assert_eq!(datagrams.concat(), data);
        }
        pair.receiver.close();
    });
    drop(took);
    assert_eq!(taken.iter().count(), 0);
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
