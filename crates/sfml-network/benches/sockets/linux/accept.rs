//! Connections that are waiting to be accepted.

use std::net::{Ipv4Addr, TcpStream};
use std::os::fd::{AsFd, AsRawFd};

use sfml_network::{IpAddress, TcpListener};
use testkit::paired::{Paired, Turn};

use super::{Bench, raw};

/// The connections queued at a time.
const QUEUE: usize = 32;

pub(crate) fn run(bench: &mut Bench) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    let port = listener.local_port();
    let fd = listener.as_raw_fd();
    let twin = std::net::TcpListener::from(listener.as_fd().try_clone_to_owned().unwrap());
    let ours = Paired::new("accept; TCP_NODELAY on", |turn| {
        accepting(turn, port, || listener.accept().unwrap());
    });
    bench.run(
        ours.against("libc accept4; TCP_NODELAY inherited", 1.0, |turn| {
            accepting(turn, port, || raw::accept4(fd));
        })
        .against("the calls SFML makes", 1.35, |turn| {
            accepting(turn, port, || raw::accept_as_sfml(fd));
        })
        .against("std; TCP_NODELAY inherited", None, |turn| {
            accepting(turn, port, || twin.accept().unwrap());
        }),
    );
}

/// Times the accepting only, not the connecting and closing.
#[inline(always)]
fn accepting<S>(turn: &mut Turn<'_>, port: u16, mut accept: impl FnMut() -> S) {
    let mut accepted = Vec::with_capacity(QUEUE);
    for _ in 0..turn.repetitions() {
        let clients: Vec<TcpStream> = (0..QUEUE).map(|_| connect(port)).collect();
        turn.time(|| {
            for _ in 0..QUEUE {
                accepted.push(accept());
            }
        });
        // The clients reset their connections, so that no port stays taken for a minute.
        drop(clients);
        accepted.clear();
    }
}

fn connect(port: u16) -> TcpStream {
    let client = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    raw::reset_on_close(client.as_raw_fd());
    client
}
