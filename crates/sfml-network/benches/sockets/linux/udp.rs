//! Datagrams one at a time, sent and received in bursts by one thread.

use std::hint::black_box;
use std::net::{SocketAddr, SocketAddrV4};
use std::os::fd::{AsFd, AsRawFd};

use sfml_network::{IpAddress, UdpSocket};
use testkit::paired::{Paired, Turn};

use super::{Bench, raw};

/// What a game sends in a frame, and less than any receive buffer.
pub(crate) const BURST: usize = 32;

/// A receiver, a sender and the receiver's address.
pub(crate) fn pair() -> (UdpSocket, UdpSocket, SocketAddrV4) {
    let receiver = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).unwrap();
    let sender = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).unwrap();
    let to = SocketAddrV4::new([127, 0, 0, 1].into(), receiver.local_port());
    (receiver, sender, to)
}

fn std_twin(socket: &UdpSocket) -> std::net::UdpSocket {
    std::net::UdpSocket::from(socket.as_fd().try_clone_to_owned().unwrap())
}

/// Bursts of sends, then of receives.
#[inline(always)]
fn bursts(turn: &mut Turn<'_>, mut send: impl FnMut(), mut receive: impl FnMut()) {
    turn.repeat(|| {
        for _ in 0..BURST {
            send();
        }
        for _ in 0..BURST {
            receive();
        }
    });
}

pub(crate) fn run(bench: &mut Bench) {
    for size in [64, 1200] {
        unconnected(bench, size);
        connected(bench, size);
    }
}

fn unconnected(bench: &mut Bench, size: usize) {
    let data = vec![7; size];
    let (receiver, sender, to) = pair();
    let (into, out, raw_to) = (receiver.as_raw_fd(), sender.as_raw_fd(), raw::address(to));
    let (std_in, std_out) = (std_twin(&receiver), std_twin(&sender));
    let ours = Paired::new(format!("UDP {size} B send + receive"), |turn| {
        let mut buffer = [0; 2048];
        bursts(
            turn,
            || _ = black_box(sender.send(&data, IpAddress::LOCAL_HOST, to.port()).unwrap()),
            || _ = black_box(receiver.receive(&mut buffer).unwrap()),
        );
    });
    bench.run(
        ours.against("libc", 1.05, |turn| {
            let (mut buffer, mut from) = ([0; 2048], raw_to);
            bursts(
                turn,
                || _ = black_box(raw::sendto(out, &data, &raw_to)),
                || _ = black_box(raw::recvfrom(into, &mut buffer, &mut from)),
            );
        })
        .against("std", None, |turn| {
            let mut buffer = [0; 2048];
            bursts(
                turn,
                || _ = black_box(std_out.send_to(&data, SocketAddr::V4(to)).unwrap()),
                || _ = black_box(std_in.recv_from(&mut buffer).unwrap()),
            );
        }),
    );
}

fn connected(bench: &mut Bench, size: usize) {
    let data = vec![7; size];
    let (receiver, sender, to) = pair();
    receiver.connect(IpAddress::LOCAL_HOST, sender.local_port()).unwrap();
    sender.connect(IpAddress::LOCAL_HOST, to.port()).unwrap();
    let (into, out) = (receiver.as_raw_fd(), sender.as_raw_fd());
    let (plain_receiver, plain_sender, plain_to) = pair();
    let (plain_in, plain_out) = (plain_receiver.as_raw_fd(), plain_sender.as_raw_fd());
    let plain_to = raw::address(plain_to);
    let ours = Paired::new(format!("UDP {size} B send + receive; connected"), |turn| {
        let mut buffer = [0; 2048];
        bursts(
            turn,
            || _ = black_box(sender.send_connected(&data).unwrap()),
            || _ = black_box(receiver.receive_connected(&mut buffer).unwrap()),
        );
    });
    bench.run(
        ours.against("libc; not connected", 1.15, |turn| {
            let (mut buffer, mut from) = ([0; 2048], plain_to);
            bursts(
                turn,
                || _ = black_box(raw::sendto(plain_out, &data, &plain_to)),
                || _ = black_box(raw::recvfrom(plain_in, &mut buffer, &mut from)),
            );
        })
        .against("libc; connected", None, |turn| {
            let mut buffer = [0; 2048];
            bursts(
                turn,
                || _ = black_box(raw::send(out, &data)),
                || _ = black_box(raw::recv(into, &mut buffer, 0)),
            );
        }),
    );
}
