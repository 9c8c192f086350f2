//! That the kernel is asked at all.
#![cfg(all(target_os = "linux", not(sfml_network_portable)))]

use std::io::Read;

use testkit::syscalls::{bracketed, count};

use super::*;

/// Asserts how often each call that copies was made, and that `call` was made at all.
#[track_caller]
fn expect(name: &str, call: &str, copying: &[(&str, u32)], scenario: impl FnOnce()) {
    const COPYING: [&str; 8] =
        ["read", "readv", "recvfrom", "recvmsg", "sendmsg", "sendto", "write", "writev"];
    if let Some(counts) = count(name, scenario) {
        assert!(counts.contains_key(call), "{counts:?}");
        let copied = counts.iter().filter(|(call, _)| COPYING.contains(&call.as_str()));
        let copied: Vec<_> = copied.map(|(call, &times)| (call.as_str(), times)).collect();
        assert_eq!(copied, copying, "{counts:?}");
    }
}

#[test]
fn only_the_beginning_of_a_file_is_received_by_copying() {
    let name = "transfer::pump::tests::direct::only_the_beginning_of_a_file_is_received_by_copying";
    expect(name, "splice", &[("recvfrom", 1), ("write", 1)], || {
        let folder = Folder::new();
        let (socket, peer) = with_peer(|mut peer| peer.write_all(&content(2 << 20)).unwrap());
        while socket.peek(&mut [0; 16 << 10]).unwrap() < 16 << 10 {}
        let (file, mut watch) = (folder.file("it"), Watch::default());
        let received = bracketed(|| receive(&socket, Sink::File(&file), None, &mut watch));
        peer.join().unwrap();
        assert_eq!(received.unwrap(), 2 << 20);
    });
}

#[test]
fn a_small_file_takes_no_pipe() {
    let name = "transfer::pump::tests::direct::a_small_file_takes_no_pipe";
    expect(name, "recvfrom", &[("recvfrom", 1), ("write", 1)], || {
        let folder = Folder::new();
        let (socket, mut peer) = pair();
        peer.write_all(&[7; 4096]).unwrap();
        while socket.peek(&mut [0; 4096]).unwrap() < 4096 {}
        let (file, mut watch) = (folder.file("it"), Watch::default());
        let received = bracketed(|| receive(&socket, Sink::File(&file), Some(4096), &mut watch));
        assert_eq!(received.unwrap(), 4096);
    });
}

#[test]
fn a_file_is_sent_without_copying() {
    let name = "transfer::pump::tests::direct::a_file_is_sent_without_copying";
    expect(name, "sendfile", &[], || {
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
    send(Source::File(&folder.holding("it", b"12345")), &socket, None, &mut Watch::default()).unwrap();
    assert!(socket.is_blocking());
    let late = testkit::sleeper::Sleeper::start(move || {
        let mut byte = [0];
        socket.receive(&mut byte).map(|_| byte)
    });
    let (outcome, _) = late.end_by(PATIENCE, || peer.write_all(b"x").unwrap());
    assert_eq!(outcome.unwrap(), *b"x");
}
