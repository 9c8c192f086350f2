//! `TcpSocket`: bytes over a connection.

mod pair;

use std::io::{self, BufRead, BufReader, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::thread;
use std::time::{Duration, Instant};

use pair::pair;
use sfml_network::{IpAddress, SocketError, TcpSocket, Wait};
use testkit::PATIENCE;

/// A call that waits as long as it may.
type LimitedCall<'a> = &'a dyn Fn() -> Result<usize, SocketError>;

/// A call that waits as told.
type WaitingCall<'a> = &'a dyn Fn(Wait<'_>) -> Result<(), SocketError>;

/// Bytes of which no two neighbouring kilobytes are equal.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8 ^ (index >> 10) as u8).collect()
}

/// Sends until the connection takes not one byte more; returns how much it took.
fn fill(socket: &TcpSocket) -> usize {
    let data = vec![b'x'; 1 << 20];
    let mut sent = 0;
    loop {
        match socket.try_send(&data) {
            Ok(more) => sent += more,
            // What was sent may still be on its way to the buffer of the other end, which makes room here.
            Err(_) if socket.wait_writable(Duration::from_millis(100)).is_ok() => {}
            Err(_) => match socket.try_send(b"x") {
                Ok(one) => sent += one,
                Err(_) => return sent,
            },
        }
    }
}

fn drain(socket: &TcpSocket, mut length: usize) {
    let mut buffer = vec![0; 1 << 20];
    while length > 0 {
        length -= socket.receive_within(&mut buffer, PATIENCE).expect("it was sent");
    }
}

#[test]
fn both_ends_agree_on_addresses_and_ports() {
    let (near, far) = pair();
    assert_eq!(near.local_address(), Some(IpAddress::LOCAL_HOST));
    assert_eq!((near.remote_address(), near.remote_port()), (far.local_address(), far.local_port()));
    assert_eq!((far.remote_address(), far.remote_port()), (near.local_address(), near.local_port()));
}

#[test]
fn data_arrives_in_order_in_both_directions() {
    let (near, far) = pair();
    let mut buffer = [0; 4];
    for (from, to) in [(&near, &far), (&far, &near)] {
        assert_eq!(from.send(b"ab").unwrap(), 2);
        assert_eq!(from.send(b"cd").unwrap(), 2);
        to.receive_exact_within(&mut buffer, PATIENCE).unwrap();
        assert_eq!(&buffer, b"abcd");
    }
}

#[test]
fn blocking_send_of_8_mib_to_a_slow_reader_is_complete_and_intact() {
    let (near, far) = pair();
    let data = pattern(8 << 20);
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(near.send(&data).unwrap(), data.len()));
        let mut received = Vec::new();
        let mut buffer = vec![0; 10_007];
        while received.len() < data.len() {
            let length = far.receive_within(&mut buffer, PATIENCE).unwrap();
            received.extend_from_slice(&buffer[..length]);
        }
        assert!(received == data);
    });
}

#[test]
fn full_send_buffer_takes_a_part_then_nothing_until_there_is_room() {
    let (near, far) = pair();
    near.set_blocking(false);
    let data = vec![1; 64 << 20];
    let taken = near.send(&data).unwrap();
    assert!((1..data.len()).contains(&taken));
    let sent = taken + fill(&near);
    assert!(matches!(near.send(b"more"), Err(SocketError::NotReady)));
    assert!(matches!(near.wait_writable(Duration::ZERO), Err(SocketError::NotReady)));
    drain(&far, sent);
    near.wait_writable(PATIENCE).unwrap();
    assert_eq!(near.send(b"more").unwrap(), 4);
}

#[test]
fn send_whose_time_runs_out_tells_how_much_was_sent() {
    let (near, far) = pair();
    let data = vec![1; 64 << 20];
    let limit = Duration::from_millis(20);
    let sent = near.send_within(&data, limit).unwrap();
    assert!((1..data.len()).contains(&sent));
    let sent = sent + fill(&near);
    assert!(matches!(near.send_within(b"more", limit), Err(SocketError::NotReady)));
    drain(&far, sent);
    assert!(matches!(far.try_receive(&mut [0]), Err(SocketError::NotReady)));
}

#[test]
fn empty_data_and_empty_buffers_do_nothing_even_when_the_peer_has_gone() {
    let (near, far) = pair();
    let check = || {
        assert_eq!(near.send(b"").unwrap(), 0);
        assert_eq!(near.send_vectored(&[IoSlice::new(b""), IoSlice::new(b"")]).unwrap(), 0);
        assert_eq!(near.send_vectored(&[]).unwrap(), 0);
        assert_eq!(near.receive(&mut []).unwrap(), 0);
        assert_eq!(near.receive_within(&mut [], Duration::ZERO).unwrap(), 0);
        assert_eq!(near.try_receive_uninit(&mut []).unwrap(), &[0_u8; 0]);
        assert_eq!(near.peek(&mut []).unwrap(), 0);
        near.receive_exact(&mut []).unwrap();
    };
    check();
    drop(far);
    near.wait_readable(PATIENCE).unwrap();
    check();
}

#[test]
fn end_of_the_stream_is_a_disconnection_without_an_error_every_time() {
    let (near, far) = pair();
    far.send(b"last words").unwrap();
    far.shutdown(Shutdown::Write).unwrap();
    let mut buffer = [0; 10];
    near.receive_exact_within(&mut buffer, PATIENCE).unwrap();
    for _ in 0..3 {
        assert!(matches!(near.receive(&mut buffer), Err(SocketError::Disconnected(None))));
        assert!(matches!(
            near.try_receive_uninit(&mut [MaybeUninit::uninit()]),
            Err(SocketError::Disconnected(None))
        ));
        assert!(matches!(near.peek(&mut buffer), Err(SocketError::Disconnected(None))));
    }
    near.send(b"an answer").unwrap();
    assert_eq!(far.receive_within(&mut buffer, PATIENCE).unwrap(), 9);
}

#[test]
fn exact_receive_that_ends_early_tells_how_much_it_took() {
    let (near, far) = pair();
    let mut buffer = [0; 8];
    far.send(b"abc").unwrap();
    near.set_blocking(false);
    near.wait_readable(PATIENCE).unwrap();
    let incomplete = near.receive_exact(&mut buffer).unwrap_err();
    assert_eq!((incomplete.received, &buffer[..3]), (3, &b"abc"[..]));
    assert!(matches!(incomplete.error, SocketError::NotReady));

    far.send(b"de").unwrap();
    let incomplete = near.receive_exact_within(&mut buffer, Duration::from_millis(20)).unwrap_err();
    assert_eq!((incomplete.received, &buffer[..2]), (2, &b"de"[..]));
    assert!(matches!(SocketError::from(incomplete), SocketError::NotReady));

    far.send(b"f").unwrap();
    drop(far);
    let incomplete = near.receive_exact_within(&mut buffer, PATIENCE).unwrap_err();
    assert_eq!((incomplete.received, buffer[0]), (1, b'f'));
    assert!(matches!(incomplete.error, SocketError::Disconnected(None)));
}

#[test]
fn one_limit_bounds_all_of_an_exact_receive() {
    let (near, far) = pair();
    let start = Instant::now();
    thread::scope(|scope| {
        // Each byte comes in time, all of them together do not.
        let dripping = scope.spawn(|| while far.send(b"x").is_ok() && start.elapsed() < PATIENCE {});
        let mut buffer = vec![0; 1 << 30];
        let incomplete = near.receive_exact_within(&mut buffer, Duration::from_millis(50)).unwrap_err();
        assert!(matches!(incomplete.error, SocketError::NotReady));
        assert!(incomplete.received > 0);
        near.disconnect();
        dripping.join().unwrap();
    });
    assert!(start.elapsed() >= Duration::from_millis(50));
}

#[test]
fn peeked_data_is_received_again() {
    let (near, far) = pair();
    far.send(b"hello").unwrap();
    let mut buffer = [0; 16];
    near.wait_readable(PATIENCE).unwrap();
    for _ in 0..2 {
        assert_eq!(near.peek(&mut buffer).unwrap(), 5);
    }
    assert_eq!(near.receive(&mut buffer).unwrap(), 5);
    assert_eq!(&buffer[..5], b"hello");
    near.set_blocking(false);
    assert!(matches!(near.peek(&mut buffer), Err(SocketError::NotReady)));
}

#[test]
fn pieces_are_sent_as_one() {
    let (near, far) = pair();
    let pieces = [&b"one "[..], b"", b"two ", b"three"].map(IoSlice::new);
    assert_eq!(near.send_vectored(&pieces).unwrap(), 13);
    let mut buffer = [0; 13];
    far.receive_exact_within(&mut buffer, PATIENCE).unwrap();
    assert_eq!(&buffer, b"one two three");
}

#[test]
fn more_pieces_than_one_call_can_carry_are_sent_in_part() {
    let (near, far) = pair();
    let pieces = [IoSlice::new(b"x"); 5000];
    let sent = near.send_vectored(&pieces).unwrap();
    assert!((1..=5000).contains(&sent));
    drain(&far, sent);
    assert!(matches!(far.try_receive(&mut [0]), Err(SocketError::NotReady)));
}

#[test]
fn memory_that_is_not_initialised_is_filled_and_returned() {
    let (near, far) = pair();
    let mut buffer = [MaybeUninit::uninit(); 16];
    assert!(matches!(near.try_receive_uninit(&mut buffer), Err(SocketError::NotReady)));
    far.send(b"hello").unwrap();
    near.wait_readable(PATIENCE).unwrap();
    assert_eq!(near.try_receive_uninit(&mut buffer).unwrap(), b"hello");
}

#[test]
fn non_blocking_calls_say_not_ready_at_once_and_blocking_ones_wait_again() {
    let (near, far) = pair();
    assert!(near.is_blocking());
    near.set_blocking(false);
    assert!(!near.is_blocking());
    assert!(matches!(near.receive(&mut [0]), Err(SocketError::NotReady)));
    near.set_blocking(true);
    thread::scope(|scope| {
        let reader = scope.spawn(|| near.receive(&mut [0]).unwrap());
        far.send(b"x").unwrap();
        assert_eq!(reader.join().unwrap(), 1);
    });
}

#[test]
fn timeouts_end_waiting_calls_not_before_their_time() {
    let (near, _far) = pair();
    fill(&near);
    let limit = Duration::from_millis(30);
    near.set_timeout(Some(limit));
    assert_eq!(near.timeout(), Some(limit));
    let calls: [(&str, LimitedCall<'_>); 8] = [
        ("receive", &|| near.receive(&mut [0])),
        ("receive_within", &|| near.receive_within(&mut [0], limit)),
        ("receive_exact", &|| Ok(near.receive_exact(&mut [0; 8]).map(|()| 0)?)),
        ("peek", &|| near.peek(&mut [0])),
        ("send", &|| near.send(b"x")),
        ("send_within", &|| near.send_within(b"x", limit)),
        ("send_vectored", &|| near.send_vectored(&[IoSlice::new(b"x")])),
        ("wait_readable", &|| near.wait_readable(limit).map(|()| 0)),
    ];
    for (name, call) in calls {
        let start = Instant::now();
        assert!(matches!(call(), Err(SocketError::NotReady)), "{name}");
        let waited = start.elapsed();
        assert!(waited >= limit, "{name} waited only {waited:?}");
        assert!(waited < PATIENCE, "{name} waited {waited:?}");
    }
}

#[test]
fn interrupt_hook_ends_every_waiting_call_with_its_own_error() {
    let (near, _far) = pair();
    fill(&near);
    let calls: [(&str, WaitingCall<'_>); 7] = [
        ("receive", &|wait| near.receive_within(&mut [0], wait).map(drop)),
        ("receive_exact", &|wait| Ok(near.receive_exact_within(&mut [0; 8], wait)?)),
        ("receive_packet", &|wait| near.receive_packet_within(wait).map(drop)),
        ("send", &|wait| near.send_within(b"x", wait).map(drop)),
        ("send_packet", &|wait| near.send_packet_within(&b"x"[..].into(), wait)),
        ("wait_readable", &|wait| near.wait_readable(wait)),
        ("wait_writable", &|wait| near.wait_writable(wait)),
    ];
    for (name, call) in calls {
        let mut asked = 0;
        let mut hook = || {
            asked += 1;
            if asked < 3 { Ok(()) } else { Err(io::Error::other("enough")) }
        };
        match call(Wait::forever().with_interrupt(&mut hook)) {
            Err(SocketError::Other(error)) => assert_eq!(error.to_string(), "enough", "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(asked, 3, "{name}");
    }
}

#[test]
fn interrupt_hook_is_not_asked_by_a_call_that_need_not_wait() {
    let (near, far) = pair();
    far.send(b"abc").unwrap();
    near.wait_readable(PATIENCE).unwrap();
    let mut hook = || panic!("nothing to wait for");
    let wait = Wait::forever().with_interrupt(&mut hook);
    near.receive_exact_within(&mut [0; 3], wait).unwrap();
}

#[test]
fn disconnected_socket_has_no_addresses_and_refuses_everything() {
    let (near, far) = pair();
    near.disconnect();
    near.disconnect();
    assert_eq!((near.local_port(), near.remote_port()), (0, 0));
    assert_eq!((near.local_address(), near.remote_address()), (None, None));
    assert!(matches!(near.receive(&mut [0]), Err(SocketError::Disconnected(_))));
    assert!(matches!(near.send(b"x"), Err(SocketError::Disconnected(_))));
    assert!(matches!(near.peek(&mut [0]), Err(SocketError::Disconnected(_))));
    assert!(matches!(far.receive_within(&mut [0], PATIENCE), Err(SocketError::Disconnected(None))));
}

#[test]
fn standard_traits_read_lines_copy_and_end_with_zero() {
    let (near, far) = pair();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut writer = &near;
            writeln!(writer, "first line").unwrap();
            let pieces = [&b"sec"[..], b"ond\n"].map(IoSlice::new);
            assert_eq!(writer.write_vectored(&pieces).unwrap(), 7);
            writer.write_all(&pattern(300_000)).unwrap();
            writer.flush().unwrap();
            near.shutdown(Shutdown::Write).unwrap();
        });
        let mut reader = BufReader::new(&far);
        let mut line = String::new();
        for expected in ["first line\n", "second\n"] {
            line.clear();
            reader.read_line(&mut line).unwrap();
            assert_eq!(line, expected);
        }
        let mut rest = Vec::new();
        assert_eq!(io::copy(&mut reader, &mut rest).unwrap(), 300_000);
        assert!(rest == pattern(300_000));
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
    });
}

#[test]
fn standard_traits_report_would_block_in_non_blocking_mode() {
    let (mut near, _far) = pair();
    near.set_blocking(false);
    assert_eq!(near.read(&mut [0]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    fill(&near);
    assert_eq!(near.write(b"x").unwrap_err().kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn end_of_the_stream_says_whose_doing_it_was() {
    let (client, server) = pair();
    drop(client);
    let error = server.receive(&mut [0; 8]).unwrap_err();
    assert!(
        matches!(error, SocketError::Disconnected(None)) && error.to_string().contains("peer"),
        "{error}"
    );
    let (client, _server) = pair();
    client.disconnect();
    let error = client.try_receive_uninit(&mut [MaybeUninit::uninit(); 8]).unwrap_err();
    assert!(matches!(error, SocketError::Disconnected(Some(_))), "{error:?}");
    let error = client.receive(&mut [0; 8]).unwrap_err();
    assert!(matches!(error, SocketError::Disconnected(Some(_))), "{error:?}");
    assert!(error.to_string().contains("closed, possibly by another thread"), "{error}");
    assert!(matches!(SocketError::from(io::Error::from(error)), SocketError::Disconnected(_)));
}
