//! That the kernel is asked at all.
#![cfg(all(target_os = "linux", not(sfml_network_portable)))]

use std::io::Read;

use testkit::syscalls::{bracketed, count};

use super::*;

const COPYING: [&str; 8] = ["read", "readv", "recvfrom", "recvmsg", "sendmsg", "sendto", "write", "writev"];

#[track_caller]
fn expect_only(name: &str, call: &str, scenario: impl FnOnce()) {
    if let Some(counts) = count(name, scenario) {
        assert!(counts.contains_key(call), "{counts:?}");
        assert!(COPYING.iter().all(|copying| !counts.contains_key(*copying)), "{counts:?}");
    }
}

#[test]
fn a_file_is_received_without_copying() {
    let name = "transfer::pump::tests::direct::a_file_is_received_without_copying";
    expect_only(name, "splice", || {
        let folder = Folder::new();
        let (socket, peer) = with_peer(|mut peer| peer.write_all(&content(2 << 20)).unwrap());
        let (file, mut watch) = (folder.file("it"), Watch::default());
        let received = bracketed(|| receive(&socket, Sink::File(&file), None, &mut watch));
        peer.join().unwrap();
        assert_eq!(received.unwrap(), 2 << 20);
    });
}

#[test]
fn a_file_is_sent_without_copying() {
    let name = "transfer::pump::tests::direct::a_file_is_sent_without_copying";
    expect_only(name, "sendfile", || {
        let folder = Folder::new();
        let file = folder.holding("it", &content(2 << 20));
        let (socket, peer) = with_peer(|mut peer| peer.read_exact(&mut vec![0; 2 << 20]).unwrap());
        let mut watch = Watch::default();
        let sent = bracketed(|| send(Source::File(&file), &socket, None, &mut watch));
        peer.join().unwrap();
        assert_eq!(sent.unwrap(), 2 << 20);
    });
}

#[test]
fn a_pumped_socket_still_waits_in_its_plain_calls() {
    let folder = Folder::new();
    let (socket, mut peer) = pair();
    peer.write_all(b"12345").unwrap();
    receive(&socket, Sink::File(&folder.file("it")), Some(5), &mut Watch::default()).unwrap();
    assert!(socket.is_blocking());
    let late = testkit::sleeper::Sleeper::start(move || {
        let mut byte = [0];
        socket.receive(&mut byte).map(|_| byte)
    });
    let (outcome, _) = late.end_by(PATIENCE, || peer.write_all(b"x").unwrap());
    assert_eq!(outcome.unwrap(), *b"x");
}
