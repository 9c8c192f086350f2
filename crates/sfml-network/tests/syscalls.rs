//! How many system calls an operation takes: exactly as many as it must.
#![cfg(all(target_os = "linux", not(sfml_network_portable)))]

use std::io::Write;
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::time::Duration;

use sfml_network::{
    Datagram, DatagramBatch, IpAddress, Packet, SocketError, SocketSelector, TcpListener, TcpSocket,
    UdpSocket,
};
use testkit::syscalls::{bracketed, count};

/// How often each operation is done.
const TIMES: u32 = 16;

const LIMIT: Duration = Duration::from_secs(5);

/// Asserts that doing the operation `TIMES` times makes each of these calls as often as said, and no other.
#[track_caller]
fn expect(name: &str, calls: &[(&str, u32)], scenario: impl FnOnce()) {
    if let Some(counts) = count(name, scenario) {
        let wanted = calls.iter().map(|(call, each)| ((*call).to_owned(), each * TIMES)).collect();
        assert_eq!(counts, wanted, "in {TIMES} times");
    }
}

fn repeat(mut operation: impl FnMut()) {
    bracketed(|| (0..TIMES).for_each(|_| operation()));
}

fn pair() -> (TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).expect("a port is free");
    let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), None).expect("it listens");
    (client, listener.accept().expect("one has connected"))
}

fn udp_pair() -> (UdpSocket, UdpSocket) {
    let bind = || UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port is free");
    (bind(), bind())
}

/// Returns when all of these bytes can be received without waiting.
fn arrived(socket: &TcpSocket, length: usize) {
    let mut buffer = vec![0; length];
    while socket.peek(&mut buffer).expect("the peer has sent") < length {}
}

#[test]
fn a_tcp_send_is_one_call() {
    expect("a_tcp_send_is_one_call", &[("sendto", 1)], || {
        let (client, _server) = pair();
        repeat(|| assert_eq!(client.send(b"x").unwrap(), 1));
    });
}

#[test]
fn a_tcp_receive_of_what_is_there_is_one_call() {
    expect("a_tcp_receive_of_what_is_there_is_one_call", &[("recvfrom", 1)], || {
        let (client, server) = pair();
        client.send(&[7; TIMES as usize]).unwrap();
        arrived(&server, TIMES as usize);
        repeat(|| assert_eq!(server.receive(&mut [0]).unwrap(), 1));
    });
}

#[test]
fn a_receive_with_a_time_limit_costs_nothing_more() {
    expect("a_receive_with_a_time_limit_costs_nothing_more", &[("recvfrom", 1)], || {
        let (client, server) = pair();
        client.send(&[7; TIMES as usize]).unwrap();
        arrived(&server, TIMES as usize);
        repeat(|| assert_eq!(server.receive_within(&mut [0], LIMIT).unwrap(), 1));
    });
}

#[test]
fn a_receive_of_nothing_is_one_call() {
    expect("a_receive_of_nothing_is_one_call", &[("recvfrom", 1)], || {
        let (_client, server) = pair();
        repeat(|| assert!(matches!(server.try_receive(&mut [0]), Err(SocketError::NotReady))));
    });
}

#[test]
fn the_blocking_mode_is_no_call() {
    expect("the_blocking_mode_is_no_call", &[], || {
        let (client, _server) = pair();
        repeat(|| client.set_blocking(!client.is_blocking()));
    });
}

#[test]
fn an_accept_is_one_call() {
    expect("an_accept_is_one_call", &[("accept4", 1)], || {
        let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
        let connect = |_| TcpStream::connect(("127.0.0.1", listener.local_port())).unwrap();
        let _clients: Vec<TcpStream> = (0..TIMES).map(connect).collect();
        let mut accepted = Vec::with_capacity(TIMES as usize);
        repeat(|| accepted.push(listener.accept().unwrap()));
    });
}

#[test]
fn a_udp_send_is_one_call() {
    expect("a_udp_send_is_one_call", &[("sendto", 1)], || {
        let (receiver, sender) = udp_pair();
        let port = receiver.local_port();
        repeat(|| assert_eq!(sender.send(b"x", IpAddress::LOCAL_HOST, port).unwrap(), 1));
    });
}

#[test]
fn a_udp_receive_is_one_call() {
    expect("a_udp_receive_is_one_call", &[("recvfrom", 1)], || {
        let (receiver, sender) = udp_pair();
        for _ in 0..TIMES {
            sender.send(b"x", IpAddress::LOCAL_HOST, receiver.local_port()).unwrap();
        }
        repeat(|| assert_eq!(receiver.receive(&mut [0; 8]).unwrap().0, 1));
    });
}

#[test]
fn many_datagrams_are_one_call_each_way() {
    let calls = [("recvmmsg", 1), ("sendmmsg", 1)];
    expect("many_datagrams_are_one_call_each_way", &calls, || {
        let (receiver, sender) = udp_pair();
        let datagrams = [Datagram::new(b"x", IpAddress::LOCAL_HOST, receiver.local_port()); 32];
        let mut batch = DatagramBatch::new(32, 64);
        repeat(|| {
            assert_eq!(sender.send_many(&datagrams).unwrap(), 32);
            assert_eq!(receiver.receive_many(&mut batch).unwrap(), 32);
        });
    });
}

#[test]
fn a_segmented_send_is_one_call() {
    expect("a_segmented_send_is_one_call", &[("sendmsg", 1)], || {
        let (receiver, sender) = udp_pair();
        let (data, port) = ([7; 32 * 64], receiver.local_port());
        repeat(|| {
            assert_eq!(sender.send_segmented(&data, 64, IpAddress::LOCAL_HOST, port).unwrap(), data.len());
        });
    });
}

#[test]
fn a_wait_is_one_call_however_many_sockets_there_are() {
    expect("a_wait_is_one_call_however_many_sockets_there_are", &[("epoll_pwait", 1)], || {
        let (receiver, sender) = udp_pair();
        let others: Vec<UdpSocket> = (0..100).map(|_| udp_pair().0).collect();
        let selector = SocketSelector::new().unwrap();
        others.iter().chain([&receiver]).for_each(|socket| _ = selector.add(socket).unwrap());
        sender.send(b"x", IpAddress::LOCAL_HOST, receiver.local_port()).unwrap();
        repeat(|| assert!(selector.wait(LIMIT).unwrap()));
    });
}

#[test]
fn asking_a_selector_what_is_ready_is_no_call() {
    expect("asking_a_selector_what_is_ready_is_no_call", &[], || {
        let (receiver, sender) = udp_pair();
        let selector = SocketSelector::new().unwrap();
        selector.add(&receiver).unwrap();
        sender.send(b"x", IpAddress::LOCAL_HOST, receiver.local_port()).unwrap();
        assert!(selector.wait(LIMIT).unwrap());
        repeat(|| {
            assert!(selector.is_ready(&receiver));
            assert!(!selector.is_writable(&receiver));
            assert_eq!(selector.ready().len(), 1);
        });
    });
}

#[test]
fn a_small_packet_is_sent_by_one_call() {
    expect("a_small_packet_is_sent_by_one_call", &[("sendmsg", 1)], || {
        let (client, _server) = pair();
        let packet = Packet::from(b"thirty bytes, more or less, of it".to_vec());
        repeat(|| client.send_packet(&packet).unwrap());
    });
}

#[test]
fn a_packet_is_received_by_two_calls() {
    expect("a_packet_is_received_by_two_calls", &[("recvfrom", 2)], || {
        let (client, server) = pair();
        let frame = [0, 0, 0, 3, b'a', b'b', b'c'];
        let mut stream = TcpStream::from(client.as_fd().try_clone_to_owned().unwrap());
        stream.write_all(&frame.repeat(TIMES as usize)).unwrap();
        arrived(&server, frame.len() * TIMES as usize);
        repeat(|| assert_eq!(server.receive_packet().unwrap().data(), b"abc"));
    });
}

#[cfg(feature = "tls")]
mod inside_tls {
    use std::thread;

    use sfml_network::tls::{ClientConfig, ServerConfig, TlsSocket};
    use testkit::certificates::Certificates;

    use super::{LIMIT, TIMES, arrived, count, expect, pair, repeat};

    fn tls_pair() -> (TlsSocket, TlsSocket) {
        let (near, far) = pair();
        let (authority, good) = (&Certificates::shared().authority, &Certificates::shared().good);
        let server = ServerConfig::new(good.chain.as_bytes(), good.key.as_bytes()).expect("they fit");
        let roots = ClientConfig::builder().roots(authority.pem.as_bytes()).expect("it is a certificate");
        let client = roots.build().expect("it is a root");
        let far = thread::spawn(move || TlsSocket::accept(far, &server, LIMIT).expect("it shakes hands"));
        let near = TlsSocket::connect(near, "localhost", &client, LIMIT).expect("it shakes hands");
        (near, far.join().expect("it does not panic"))
    }

    #[test]
    fn a_send_of_several_records_is_one_call() {
        expect("inside_tls::a_send_of_several_records_is_one_call", &[("sendmsg", 1)], || {
            let (near, far) = tls_pair();
            // Two records, so that there is room for all of it with the system.
            let data = vec![7; 17 << 10];
            let reading = thread::spawn(move || {
                let mut buffer = vec![0; TIMES as usize * (17 << 10)];
                far.receive_exact_within(&mut buffer, LIMIT).map_err(|error| error.error)
            });
            near.tcp().set_send_buffer_size(4 << 20).unwrap();
            repeat(|| assert_eq!(near.try_send(&data).unwrap(), data.len()));
            near.flush().unwrap();
            reading.join().unwrap().unwrap();
        });
    }

    #[test]
    fn what_has_arrived_is_received_by_one_call_however_many_records_it_is() {
        let name = "inside_tls::what_has_arrived_is_received_by_one_call_however_many_records_it_is";
        let counts = count(name, || {
            let (near, far) = tls_pair();
            for _ in 0..TIMES {
                near.send(&[7; 1000]).unwrap();
            }
            // A header of 5 bytes, the kind of the record, and the seal of 16 bytes.
            arrived(far.tcp(), TIMES as usize * 1022);
            repeat(|| assert_eq!(far.receive(&mut [0; 1000]).unwrap(), 1000));
        });
        if let Some(counts) = counts {
            assert_eq!(counts, [("recvfrom".to_owned(), 1)].into());
        }
    }
}

#[cfg(feature = "http")]
mod inside_http {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::io::{self, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    use sfml_network::http::Http;
    use testkit::folder::TempFolder;
    use testkit::syscalls::{bracketed, count};

    use super::{TIMES, repeat};

    /// A server of bodies of this many bytes: it answers so many requests of one connection, each in one piece.
    fn server(requests: u32, length: usize) -> Http {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("one connects");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            let answer = [head.as_bytes(), &vec![7; length]].concat();
            for _ in 0..requests {
                read_request(&mut stream).expect("one is sent");
                stream.write_all(&answer).expect("the client waits for it");
            }
        });
        Http::new("127.0.0.1", port).expect("it is an address")
    }

    fn read_request(stream: &mut TcpStream) -> io::Result<()> {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut buffer = [0; 1024];
            let read = stream.read(&mut buffer)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            request.extend_from_slice(&buffer[..read]);
        }
        Ok(())
    }

    /// How often a call was made in all, at most as often as allowed.
    #[track_caller]
    fn at_most(counts: &BTreeMap<String, u32>, allowed: &[(&str, u32)]) {
        for (call, times) in counts {
            let most = allowed.iter().find(|(name, _)| name == call).map_or(0, |(_, most)| *most);
            assert!(*times <= most, "{times} times {call}, of {most}: {counts:?}");
        }
    }

    #[test]
    fn a_get_over_a_kept_connection_is_a_look_a_send_a_wait_and_a_receive() {
        let name = "inside_http::a_get_over_a_kept_connection_is_a_look_a_send_a_wait_and_a_receive";
        let counts = count(name, || {
            let http = server(TIMES + 1, 1000);
            let get = || {
                let mut response = http.get("/").unwrap();
                assert_eq!(response.body().unwrap().len(), 1000);
            };
            get();
            repeat(get);
        });
        if let Some(counts) = counts {
            assert_eq!(counts["sendto"], TIMES);
            // The look shows whether the connection is still good. A wait of 40 ms may have to be begun again.
            assert_eq!(counts["recvfrom"], 2 * TIMES);
            at_most(&counts, &[("sendto", TIMES), ("recvfrom", 2 * TIMES), ("ppoll", 2 * TIMES)]);
        }
    }

    #[test]
    fn a_download_that_the_kernel_moves_is_few_calls_for_each_mebibyte() {
        const MEBIBYTES: u32 = 16;
        let name = "inside_http::a_download_that_the_kernel_moves_is_few_calls_for_each_mebibyte";
        let counts = count(name, || {
            let length = (MEBIBYTES as usize) << 20;
            let http = server(1, length);
            let folder = TempFolder::new("syscalls").unwrap();
            let path = folder.path().join("file");
            let mut response = http.get("/").unwrap();
            let saved = bracketed(|| response.save_to(&path)).unwrap();
            assert_eq!(saved.bytes, length as u64);
            assert_eq!(File::open(&path).unwrap().metadata().unwrap().len(), length as u64);
        });
        if let Some(counts) = counts {
            let moved: u32 = ["splice", "ppoll"].iter().filter_map(|call| counts.get(*call)).sum();
            // Two splices move what has arrived, 64 KiB in the worst case; and each of them may have been waited for.
            assert!(moved <= 48 * MEBIBYTES, "{counts:?}");
            assert!(counts.get("recvfrom").is_none_or(|calls| *calls <= 16), "{counts:?}");
        }
    }
}
