//! `SocketSelector`: waiting on many sockets.

mod pair;

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pair::pair;
use sfml_network::{
    IpAddress, Key, Readiness, SocketError, SocketSelector, TcpListener, TcpSocket, UdpSocket, Wait,
};
use testkit::PATIENCE;
use testkit::sleeper::Sleeper;

const LOCAL_HOST: IpAddress = IpAddress::LOCAL_HOST;

fn selector() -> SocketSelector {
    SocketSelector::new().expect("a few descriptors are left")
}

fn udp() -> UdpSocket {
    UdpSocket::bind(LOCAL_HOST, 0).expect("a free port")
}

/// Sends a datagram of one byte from a socket to itself.
fn make_ready(socket: &UdpSocket) {
    socket.send(b"x", LOCAL_HOST, socket.local_port()).expect("it fits");
    socket.wait_readable(PATIENCE).expect("it was sent");
}

/// The keys the last wait found ready.
fn ready_keys(selector: &SocketSelector) -> BTreeSet<Key> {
    let ready = selector.ready();
    let keys: BTreeSet<_> = ready.iter().map(|event| event.key).collect();
    assert_eq!(keys.len(), ready.len(), "no socket is reported twice");
    keys
}

#[test]
fn every_kind_of_socket_is_reported_when_it_can_be_read_from() {
    let (near, far) = pair();
    let (udp, listener) = (udp(), TcpListener::listen(LOCAL_HOST, 0).unwrap());
    let selector = selector();
    let keys = [selector.add(&near).unwrap(), selector.add(&udp).unwrap(), selector.add(&listener).unwrap()];
    assert_eq!(selector.len(), 3);
    assert!(!selector.poll().unwrap());
    assert_eq!(selector.ready(), []);

    far.send(b"x").unwrap();
    make_ready(&udp);
    let _client = TcpSocket::connect(LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
    near.wait_readable(PATIENCE).unwrap();
    listener.wait_readable(PATIENCE).unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    assert!(selector.is_ready(&near) && selector.is_ready(&udp) && selector.is_ready(&listener));
    assert_eq!(ready_keys(&selector), BTreeSet::from(keys));
    assert!(selector.ready().iter().all(|event| event.readiness == Readiness::READABLE));
}

#[test]
fn only_what_is_ready_is_reported() {
    let sockets = [(); 20].map(|()| udp());
    let selector = selector();
    let keys = sockets.each_ref().map(|socket| selector.add(socket).unwrap());
    for index in [3, 7, 19] {
        make_ready(&sockets[index]);
        assert!(selector.wait(PATIENCE).unwrap());
        assert_eq!(ready_keys(&selector), BTreeSet::from([keys[index]]));
        for (other, socket) in sockets.iter().enumerate() {
            assert_eq!(selector.is_ready(socket), other == index);
            assert!(!selector.is_writable(socket));
        }
        sockets[index].try_receive(&mut [0]).unwrap();
    }
    assert!(!selector.poll().unwrap());
    assert!(sockets.iter().all(|socket| !selector.is_ready(socket)));
}

#[test]
fn socket_is_reported_again_until_it_is_drained() {
    let socket = udp();
    let selector = selector();
    selector.add(&socket).unwrap();
    make_ready(&socket);
    make_ready(&socket);
    for _ in 0..2 {
        for _ in 0..3 {
            assert!(selector.wait(PATIENCE).unwrap() && selector.is_ready(&socket));
        }
        socket.try_receive(&mut [0]).unwrap();
    }
    assert!(!selector.poll().unwrap());
    assert!(!selector.is_ready(&socket));
}

#[test]
fn room_to_send_is_reported_on_request() {
    let (near, far) = pair();
    let selector = selector();
    let key = selector.add_for(&near, Readiness::WRITABLE).unwrap();
    assert!(selector.wait(PATIENCE).unwrap());
    assert!(selector.is_writable(&near) && !selector.is_ready(&near));
    far.send(b"x").unwrap();
    near.wait_readable(PATIENCE).unwrap();
    assert!(selector.poll().unwrap());
    assert!(!selector.is_ready(&near));

    assert_eq!(selector.add_for(&near, Readiness::BOTH).unwrap(), key);
    assert!(selector.poll().unwrap());
    assert!(selector.is_writable(&near) && selector.is_ready(&near));
    assert_eq!(selector.ready().first().map(|event| event.readiness), Some(Readiness::BOTH));

    near.set_blocking(false);
    while near.send(&[0; 1 << 20]).is_ok() || near.wait_writable(Duration::from_millis(100)).is_ok() {}
    assert!(selector.poll().unwrap());
    assert!(!selector.is_writable(&near) && selector.is_ready(&near));

    assert_eq!(selector.add(&near).unwrap(), key);
    near.receive(&mut [0; 16]).unwrap();
    assert!(!selector.poll().unwrap());
    assert_eq!(selector.len(), 1);
}

#[test]
fn end_of_a_connection_is_reported_and_the_receive_that_follows_does_not_block() {
    let (near, far) = pair();
    let selector = selector();
    selector.add(&near).unwrap();
    drop(far);
    assert!(selector.wait(PATIENCE).unwrap());
    assert!(selector.is_ready(&near));
    assert!(matches!(near.receive(&mut [0]), Err(SocketError::Disconnected(None))));
}

#[test]
fn limit_ends_a_wait_on_nothing_and_on_silent_sockets() {
    let selector = selector();
    assert!(selector.is_empty());
    assert!(!selector.poll().unwrap());
    let socket = udp();
    for limit in [Duration::from_micros(300), Duration::from_millis(30), Duration::from_millis(60)] {
        let start = Instant::now();
        assert!(!selector.wait(limit).unwrap());
        assert!((limit..PATIENCE).contains(&start.elapsed()));
        selector.add(&socket).unwrap();
    }
}

#[test]
fn interrupt_hook_ends_a_wait_with_its_own_error() {
    let mut asked = 0;
    let mut hook = || {
        asked += 1;
        if asked < 3 { Ok(()) } else { Err(io::Error::other("enough")) }
    };
    match selector().wait(Wait::forever().with_interrupt(&mut hook)) {
        Err(SocketError::Other(error)) => assert_eq!(error.to_string(), "enough"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn wake_from_another_thread_ends_a_wait() {
    let selector = Arc::new(selector());
    let waiting = Arc::clone(&selector);
    let sleeper = Sleeper::start(move || waiting.wait(None));
    let (outcome, waited) = sleeper.end_by(Duration::from_secs(2), || selector.wake().unwrap());
    assert!(!outcome.unwrap());
    println!("the wait ended {waited:?} after wake");
}

#[test]
fn wake_before_a_wait_ends_that_wait_and_no_other() {
    let selector = selector();
    let socket = udp();
    selector.add(&socket).unwrap();
    assert!(matches!(selector.try_wait(), Err(SocketError::NotReady)));
    selector.wake().unwrap();
    selector.wake().unwrap();
    assert!(!selector.wait(None).unwrap());
    assert!(matches!(selector.try_wait(), Err(SocketError::NotReady)));
    selector.wake().unwrap();
    assert!(!selector.try_wait().unwrap());
}

#[test]
fn wake_is_told_even_when_a_socket_is_ready_which_the_next_wait_reports() {
    let selector = selector();
    let socket = udp();
    selector.add(&socket).unwrap();
    make_ready(&socket);
    selector.wake().unwrap();
    assert!(!selector.wait(None).unwrap());
    assert!(!selector.is_ready(&socket) && selector.ready().is_empty());
    assert!(selector.wait(None).unwrap());
    assert!(selector.is_ready(&socket));
}

#[test]
fn socket_added_by_another_thread_takes_part_in_the_wait() {
    let selector = Arc::new(selector());
    let first = udp();
    selector.add(&first).unwrap();
    let waiting = Arc::clone(&selector);
    let sleeper = Sleeper::start(move || waiting.wait(PATIENCE));
    let second = udp();
    make_ready(&second);
    selector.add(&second).unwrap();
    assert!(sleeper.end_within(PATIENCE).unwrap());
    assert!(selector.is_ready(&second) && !selector.is_ready(&first));
}

#[test]
fn socket_removed_by_another_thread_takes_no_part_in_the_wait() {
    let selector = Arc::new(selector());
    let (leaving, staying) = (udp(), udp());
    selector.add(&leaving).unwrap();
    selector.add(&staying).unwrap();
    let waiting = Arc::clone(&selector);
    let sleeper = Sleeper::start(move || waiting.wait(PATIENCE));
    assert!(selector.remove(&leaving));
    make_ready(&leaving);
    make_ready(&staying);
    assert!(sleeper.end_within(PATIENCE).unwrap());
    assert!(selector.is_ready(&staying) && !selector.is_ready(&leaving));
}

#[test]
fn several_threads_wait_and_each_is_told() {
    let selector = Arc::new(selector());
    let socket = udp();
    selector.add(&socket).unwrap();
    let waiting = [(); 3].map(|()| Arc::clone(&selector));
    let sleepers = waiting.map(|selector| Sleeper::start(move || selector.wait(PATIENCE)));
    make_ready(&socket);
    for sleeper in sleepers {
        assert!(sleeper.end_within(PATIENCE).unwrap());
    }
}

#[test]
fn removed_socket_is_not_reported_and_can_come_back() {
    let socket = udp();
    let selector = selector();
    assert!(!selector.remove(&socket));
    let first = selector.add(&socket).unwrap();
    make_ready(&socket);
    assert!(selector.poll().unwrap());
    assert!(selector.remove(&socket));
    assert!(!selector.remove(&socket));
    assert!(!selector.contains(&socket) && !selector.contains_key(first));
    assert!(!selector.is_ready(&socket));
    assert!(!selector.poll().unwrap());
    let second = selector.add(&socket).unwrap();
    assert_ne!(first, second);
    assert!(selector.poll().unwrap());
    assert_eq!(ready_keys(&selector), BTreeSet::from([second]));
}

#[test]
fn closed_sockets_leave_by_themselves() {
    let (near, far) = pair();
    let (udp, listener) = (udp(), TcpListener::listen(LOCAL_HOST, 0).unwrap());
    let selector = selector();
    let keys = [selector.add(&near).unwrap(), selector.add(&udp).unwrap(), selector.add(&listener).unwrap()];
    far.send(b"x").unwrap();
    make_ready(&udp);
    assert!(selector.poll().unwrap());
    near.disconnect();
    udp.close();
    listener.close();
    assert!(selector.is_empty());
    assert!(keys.iter().all(|key| !selector.contains_key(*key)));
    assert!(!selector.contains(&near) && !selector.is_ready(&near) && !selector.is_ready(&udp));
    assert!(!selector.poll().unwrap());
}

#[test]
fn closed_socket_cannot_be_added() {
    let (near, _far) = pair();
    let selector = selector();
    near.disconnect();
    let error = selector.add(&near).unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
    assert!(selector.is_empty());
}

#[test]
fn dropped_socket_leaves_by_itself_and_its_successor_is_not_taken_for_it() {
    let selector = selector();
    let mut keys = BTreeSet::new();
    for _ in 0..100 {
        let socket = udp();
        assert!(keys.insert(selector.add(&socket).unwrap()));
        make_ready(&socket);
        assert!(selector.poll().unwrap() && selector.is_ready(&socket));
        drop(socket);
        // Likely with the same descriptor number.
        let successor = udp();
        make_ready(&successor);
        assert!(selector.is_empty());
        assert!(!selector.contains(&successor) && !selector.is_ready(&successor));
        assert!(!selector.poll().unwrap());
    }
    assert!(keys.iter().all(|key| !selector.contains_key(*key)));
}

#[cfg(unix)]
#[test]
fn dropped_socket_is_not_reported_even_if_a_copy_of_its_descriptor_lives_on() {
    use std::os::fd::AsFd;
    let selector = selector();
    let socket = udp();
    let _copy = socket.as_fd().try_clone_to_owned().unwrap();
    selector.add(&socket).unwrap();
    make_ready(&socket);
    drop(socket);
    assert!(!selector.poll().unwrap());
}

#[test]
fn connection_that_is_replaced_while_registered_is_reported_as_the_new_one_only() {
    let selector = selector();
    let mut keys = BTreeSet::new();
    for _ in 0..20 {
        let (near, far) = pair();
        let key = selector.add(&near).unwrap();
        assert!(keys.insert(key));
        far.send(b"x").unwrap();
        assert!(selector.wait(PATIENCE).unwrap());
        assert_eq!(ready_keys(&selector), BTreeSet::from([key]));
        near.disconnect();
    }
    assert!(selector.is_empty());
}

#[test]
fn clear_removes_all() {
    let sockets = [(); 10].map(|()| udp());
    let selector = selector();
    let keys = sockets.each_ref().map(|socket| selector.add(socket).unwrap());
    sockets.iter().for_each(make_ready);
    selector.clear();
    assert!(selector.is_empty() && !selector.poll().unwrap());
    for (socket, key) in sockets.iter().zip(keys) {
        assert!(!selector.contains(socket) && !selector.contains_key(key));
        assert_ne!(selector.add(socket).unwrap(), key);
    }
    assert!(selector.poll().unwrap());
    assert_eq!(ready_keys(&selector).len(), 10);
}

#[test]
fn socket_may_be_in_several_selectors_which_do_not_mix() {
    let socket = udp();
    let other = udp();
    let (first, second) = (selector(), selector());
    first.add(&socket).unwrap();
    second.add(&other).unwrap();
    second.add_for(&socket, Readiness::BOTH).unwrap();
    make_ready(&socket);
    assert!(first.poll().unwrap());
    assert!(first.is_ready(&socket) && !second.is_ready(&socket));
    assert!(second.poll().unwrap());
    assert!(second.is_ready(&socket) && second.is_writable(&socket) && !first.is_writable(&socket));
    assert!(first.remove(&socket));
    assert!(!first.poll().unwrap() && second.poll().unwrap());
    drop(first);
    assert!(second.poll().unwrap() && second.is_ready(&socket));
    drop(socket);
    assert_eq!(second.len(), 1);
}

#[test]
fn socket_outlives_thousands_of_selectors_without_slowing_down() {
    let socket = udp();
    make_ready(&socket);
    let round = || {
        let start = Instant::now();
        for _ in 0..1000 {
            let selector = selector();
            selector.add(&socket).unwrap();
            assert!(selector.poll().unwrap() && selector.is_ready(&socket));
        }
        start.elapsed()
    };
    let first = round();
    let later: Vec<_> = (0..4).map(|_| round()).collect();
    // Generous: it would be many times slower if anything were left behind.
    let fastest = later.iter().min().copied().unwrap_or_default();
    assert!(fastest < first * 3 + Duration::from_millis(50), "first {first:?}, later {later:?}");
}

#[test]
fn ten_thousand_sockets_are_added_reported_and_dropped() {
    const COUNT: usize = 10_000;
    #[cfg(unix)]
    if !testkit::descriptors::allow(COUNT as u64) {
        return testkit::skip::skip("10,000 sockets need a higher limit on open files (ulimit -Hn 12000)");
    }
    let sockets: Vec<_> = (0..COUNT).map(|_| udp()).collect();
    let selector = selector();
    let keys: Vec<_> = sockets.iter().map(|socket| selector.add(socket).unwrap()).collect();
    assert_eq!(selector.len(), COUNT);
    for index in [0, COUNT / 2, COUNT - 1] {
        make_ready(&sockets[index]);
        assert!(selector.wait(PATIENCE).unwrap());
        assert_eq!(ready_keys(&selector), BTreeSet::from([keys[index]]));
        sockets[index].try_receive(&mut [0]).unwrap();
    }
    // More than one fetch brings.
    sockets.iter().for_each(make_ready);
    assert!(selector.wait(PATIENCE).unwrap());
    assert_eq!(ready_keys(&selector), keys.iter().copied().collect());
    assert!(sockets.iter().all(|socket| selector.is_ready(socket)));
    let mut sockets = sockets;
    sockets.truncate(1);
    assert_eq!(selector.len(), 1);
    assert!(selector.wait(PATIENCE).unwrap());
    assert_eq!(ready_keys(&selector), BTreeSet::from([keys[0]]));
}
