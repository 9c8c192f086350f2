//! Many datagrams in one call.

use std::hint::black_box;
use std::os::fd::AsRawFd;

use sfml_network::{Datagram, DatagramBatch, IpAddress};
use testkit::paired::Paired;

use super::tcp::Aligned;
use super::udp::{BURST, pair};
use super::{Bench, raw};

pub(crate) fn run(bench: &mut Bench) {
    for size in [64, 1200] {
        many(bench, size);
        bulk(bench, size);
    }
}

/// 32 datagrams that may be of any size and to anyone.
fn many(bench: &mut Bench, size: usize) {
    let data = vec![7; size];
    let (receiver, sender, to) = pair();
    let (into, out, raw_to) = (receiver.as_raw_fd(), sender.as_raw_fd(), raw::address(to));
    let datagrams = vec![Datagram::new(&data, IpAddress::LOCAL_HOST, to.port()); BURST];
    let mut batch = DatagramBatch::new(BURST, 2048);
    let mut outgoing = raw::Messages::new(BURST, size, raw_to);
    let mut incoming = raw::Messages::new(BURST, 2048, raw_to);
    let ours = Paired::new(format!("UDP {BURST} of {size} B; send_many + receive_many"), |turn| {
        turn.repeat(|| {
            assert_eq!(sender.send_many(&datagrams).unwrap(), BURST);
            assert_eq!(receiver.receive_many(&mut batch).unwrap(), BURST);
            for datagram in &batch {
                black_box(datagram);
            }
        });
    });
    bench.run(
        ours.against("libc sendmmsg + recvmmsg", 0.97, |turn| {
            turn.repeat(|| {
                assert_eq!(outgoing.send(out), BURST);
                assert_eq!(incoming.receive(into), BURST);
            });
        })
        .against("libc; one at a time", None, |turn| {
            let (mut buffer, mut from) = ([0; 2048], raw_to);
            turn.repeat(|| {
                for _ in 0..BURST {
                    raw::sendto(out, &data, &raw_to);
                }
                for _ in 0..BURST {
                    black_box(raw::recvfrom(into, &mut buffer, &mut from));
                }
            });
        }),
    );
}

/// 32 datagrams of one size to one peer.
fn bulk(bench: &mut Bench, size: usize) {
    let data = vec![7; size * BURST];
    let (receiver, sender, to) = pair();
    receiver.set_gro(true).unwrap();
    let (into, out, raw_to) = (receiver.as_raw_fd(), sender.as_raw_fd(), raw::address(to));
    let (plain_receiver, plain_sender, plain_to) = pair();
    let (plain_in, plain_out) = (plain_receiver.as_raw_fd(), plain_sender.as_raw_fd());
    let plain_to = raw::address(plain_to);
    let mut batch = DatagramBatch::new(BURST, 2048);
    let mut buffer = Box::new(Aligned([0; 65536]));
    let ours = Paired::new(format!("UDP {BURST} of {size} B; segmented and joined"), |turn| {
        turn.repeat(|| {
            sender.send_segmented(&data, size, IpAddress::LOCAL_HOST, to.port()).unwrap();
            assert_eq!(receiver.receive_many(&mut batch).unwrap(), BURST);
            for datagram in &batch {
                black_box(datagram);
            }
        });
    });
    bench.run(
        ours.against("libc UDP_SEGMENT + UDP_GRO", 0.9, |turn| {
            let mut from = raw_to;
            turn.repeat(|| {
                raw::send_segmented(out, &data, size as u16, &raw_to);
                let (received, segment) = raw::receive_joined(into, &mut buffer.0, &mut from);
                assert_eq!((received, segment), (data.len(), size));
                for datagram in buffer.0[..received].chunks(segment) {
                    black_box(datagram);
                }
            });
        })
        .against("libc; one at a time", None, |turn| {
            let (mut buffer, mut from) = ([0; 2048], plain_to);
            turn.repeat(|| {
                for piece in data.chunks_exact(size) {
                    raw::sendto(plain_out, piece, &plain_to);
                }
                for _ in 0..BURST {
                    black_box(raw::recvfrom(plain_in, &mut buffer, &mut from));
                }
            });
        }),
    );
}
