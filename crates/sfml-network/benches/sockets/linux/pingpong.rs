//! A receive that always has to wait: an echo thread answers, on the same core.

use std::hint::black_box;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::thread;
use std::time::Duration;

use sfml_network::TcpSocket;
use testkit::paired::Paired;

use super::tcp::{pair, std_twin};
use super::{Bench, raw};

const LIMIT: Duration = Duration::from_secs(5);

pub(crate) fn run(bench: &mut Bench) {
    with_echo(|client| {
        let fd = client.as_raw_fd();
        let mut twin = std_twin(client);
        let ours = Paired::new("TCP ping-pong; every receive waits", |turn| {
            let mut buffer = [0; 64];
            turn.repeat(|| {
                client.send(black_box(b"x")).unwrap();
                black_box(client.receive(&mut buffer).unwrap());
            });
        });
        bench.run(
            ours.against("libc", 0.95, |turn| {
                let mut buffer = [0; 64];
                turn.repeat(|| {
                    raw::send(fd, black_box(b"x"));
                    black_box(raw::recv(fd, &mut buffer, 0));
                });
            })
            .against("std", None, |turn| {
                let mut buffer = [0; 64];
                turn.repeat(|| {
                    black_box(twin.write(black_box(b"x")).unwrap());
                    black_box(twin.read(&mut buffer).unwrap());
                });
            }),
        );
    });
    with_echo(|client| {
        let fd = client.as_raw_fd();
        let mut twin = std_twin(client);
        twin.set_read_timeout(Some(LIMIT)).unwrap();
        client.set_timeout(Some(LIMIT));
        let ours = Paired::new("TCP ping-pong with a time limit", |turn| {
            let mut buffer = [0; 64];
            turn.repeat(|| {
                client.send(black_box(b"x")).unwrap();
                black_box(client.receive(&mut buffer).unwrap());
            });
        });
        bench.run(
            ours.against("libc with SO_RCVTIMEO", None, |turn| {
                let mut buffer = [0; 64];
                turn.repeat(|| {
                    raw::send(fd, black_box(b"x"));
                    black_box(raw::recv(fd, &mut buffer, 0));
                });
            })
            .against("libc poll + recv", 0.95, |turn| {
                let mut buffer = [0; 64];
                turn.repeat(|| {
                    raw::send(fd, black_box(b"x"));
                    black_box(raw::poll_and_recv(fd, &mut buffer, LIMIT));
                });
            })
            .against("std with a read timeout", None, |turn| {
                let mut buffer = [0; 64];
                turn.repeat(|| {
                    black_box(twin.write(black_box(b"x")).unwrap());
                    black_box(twin.read(&mut buffer).unwrap());
                });
            }),
        );
    });
}

/// Runs `measure` with the client's end of a connection whose other end echoes.
fn with_echo(measure: impl FnOnce(&TcpSocket)) {
    let (client, server) = pair();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut buffer = [0; 64];
            // Until the client hangs up.
            while let Ok(length) = server.receive(&mut buffer) {
                raw::send(server.as_raw_fd(), &buffer[..length]);
            }
        });
        measure(&client);
        client.shutdown(std::net::Shutdown::Write).unwrap();
    });
}
