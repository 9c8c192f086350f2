//! TCP with both ends in one thread, which leaves only the calls themselves to differ.

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, AsRawFd};

use sfml_network::{IpAddress, SocketError, TcpListener, TcpSocket};
use testkit::paired::Paired;

use super::{Bench, raw};

/// The connection's two ends.
pub(crate) fn pair() -> (TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), None).unwrap();
    (client, listener.accept().unwrap())
}

/// The same connection for the standard library.
pub(crate) fn std_twin(socket: &TcpSocket) -> TcpStream {
    TcpStream::from(socket.as_fd().try_clone_to_owned().unwrap())
}

/// Copies out of the kernel are up to 2.5 times slower to some addresses; a page's start is never one of them.
#[repr(align(4096))]
pub(crate) struct Aligned<const SIZE: usize>(pub(crate) [u8; SIZE]);

pub(crate) fn run(bench: &mut Bench) {
    one_byte(bench);
    one_byte_through_functions(bench);
    large(bench);
    miss(bench);
}

fn one_byte(bench: &mut Bench) {
    let (client, server) = pair();
    let (out, into) = (client.as_raw_fd(), server.as_raw_fd());
    let (mut std_out, mut std_in) = (std_twin(&client), std_twin(&server));
    let ours = Paired::new("TCP 1 B send + receive", move |turn| {
        let mut buffer = [0; 64];
        turn.repeat(|| {
            client.send(black_box(b"x")).unwrap();
            black_box(server.receive(&mut buffer).unwrap());
        });
    });
    bench.run(
        ours.against("libc", 1.08, |turn| {
            let mut buffer = [0; 64];
            turn.repeat(|| {
                raw::send(out, black_box(b"x"));
                black_box(raw::recv(into, &mut buffer, 0));
            });
        })
        .against("std", None, |turn| {
            let mut buffer = [0; 64];
            turn.repeat(|| {
                black_box(std_out.write(black_box(b"x")).unwrap());
                black_box(std_in.read(&mut buffer).unwrap());
            });
        }),
    );
}

/// As a program sees it whose calls are not inlined into its loop.
fn one_byte_through_functions(bench: &mut Bench) {
    #[inline(never)]
    fn send(socket: &TcpSocket, data: &[u8]) -> usize {
        socket.send(data).unwrap()
    }
    #[inline(never)]
    fn receive(socket: &TcpSocket, buffer: &mut [u8]) -> usize {
        socket.receive(buffer).unwrap()
    }
    #[inline(never)]
    fn raw_send(fd: i32, data: &[u8]) -> usize {
        raw::send(fd, data)
    }
    #[inline(never)]
    fn raw_receive(fd: i32, buffer: &mut [u8]) -> usize {
        raw::recv(fd, buffer, 0)
    }

    let (client, server) = pair();
    let (out, into) = (client.as_raw_fd(), server.as_raw_fd());
    let ours = Paired::new("TCP 1 B send + receive; not inlined", move |turn| {
        let mut buffer = [0; 64];
        turn.repeat(|| {
            send(&client, black_box(b"x"));
            black_box(receive(&server, &mut buffer));
        });
    });
    bench.run(ours.against("libc", 1.0, |turn| {
        let mut buffer = [0; 64];
        turn.repeat(|| {
            raw_send(out, black_box(b"x"));
            black_box(raw_receive(into, &mut buffer));
        });
    }));
}

fn large(bench: &mut Bench) {
    const SIZE: usize = 65536;
    let data = vec![7; SIZE];
    let mut buffers: Vec<Aligned<SIZE>> = (0..4).map(|_| Aligned([0; SIZE])).collect();
    let [ours, libc, std, discard] = &mut buffers[..] else { unreachable!("four were made") };
    let (client, server) = pair();
    let (out, into) = (client.as_raw_fd(), server.as_raw_fd());
    for fd in [out, into] {
        raw::set_option(fd, libc::SOL_SOCKET, libc::SO_SNDBUF, 4 * SIZE as i32);
        raw::set_option(fd, libc::SOL_SOCKET, libc::SO_RCVBUF, 4 * SIZE as i32);
    }
    let (mut std_out, mut std_in) = (std_twin(&client), std_twin(&server));
    let ours = Paired::new("TCP 64 KiB send + receive", |turn| {
        turn.repeat(|| {
            client.send(&data).unwrap();
            let mut received = 0;
            while received < SIZE {
                received += server.receive(&mut ours.0[received..]).unwrap();
            }
        });
    });
    bench.run(
        ours.against("libc", 0.98, |turn| {
            turn.repeat(|| {
                assert_eq!(raw::send(out, &data), SIZE);
                let mut received = 0;
                while received < SIZE {
                    received += raw::recv(into, &mut libc.0[received..], 0);
                }
            });
        })
        .against("std", None, |turn| {
            turn.repeat(|| {
                std_out.write_all(&data).unwrap();
                let mut received = 0;
                while received < SIZE {
                    received += std_in.read(&mut std.0[received..]).unwrap();
                }
            });
        })
        .against("libc that copies nothing out", None, |turn| {
            turn.repeat(|| {
                assert_eq!(raw::send(out, &data), SIZE);
                let mut received = 0;
                while received < SIZE {
                    received += raw::recv(into, &mut discard.0[received..], libc::MSG_TRUNC);
                }
            });
        }),
    );
}

fn miss(bench: &mut Bench) {
    let (_client, server) = pair();
    let into = server.as_raw_fd();
    let mut std_in = std_twin(&server);
    std_in.set_nonblocking(true).unwrap();
    server.set_blocking(false);
    let ours = Paired::new("TCP non-blocking receive of nothing", move |turn| {
        let mut buffer = [0; 64];
        turn.repeat(|| assert!(matches!(server.receive(&mut buffer), Err(SocketError::NotReady))));
    });
    bench.run(
        ours.against("libc", 0.97, |turn| {
            let mut buffer = [0; 64];
            turn.repeat(|| assert_eq!(raw::recv_miss(into, &mut buffer), libc::EAGAIN));
        })
        .against("std", None, |turn| {
            let mut buffer = [0; 64];
            turn.repeat(|| {
                let error = std_in.read(&mut buffer).unwrap_err();
                assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
            });
        }),
    );
}
