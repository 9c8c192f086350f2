//! Data connections that the server opens, and sessions over IPv6.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use sfml_network::IpAddress;
use sfml_network::ftp::TransferMode::Binary;
use sfml_network::ftp::{DataConnections, Ftp, FtpError, FtpOptions, LogLine};
use socket2::{Domain, Socket, Type};
use testkit::PATIENCE;
use testkit::ftp::Options;
use testkit::servers::free_port;
use testkit::skip::skip;

use crate::peers::{Outcome, Peer, Talk, assert_same, bytes, on_each, options};

fn active(ports: Option<std::ops::RangeInclusive<u16>>) -> FtpOptions {
    let mut options = options();
    options.data_connections = DataConnections::Active { announce: None, ports };
    options
}

#[test]
fn servers_connect_to_the_client() {
    on_each(|peer| {
        let about = peer.name();
        let mut options = active(None);
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        move_and_list(&ftp, about);
        assert_eq!((talk.count("> EPSV"), talk.count("> PORT")), (0, 0), "{about}");
        assert!(talk.count("> EPRT |1|127.0.0.1|") >= 5, "{about}: {:#?}", talk.lines());
    });
}

#[test]
fn one_port_serves_one_transfer_after_the_other() {
    on_each(|peer| {
        let port = free_port(Ipv4Addr::LOCALHOST);
        let ftp = peer.session_with(active(Some(port..=port)));
        move_and_list(&ftp, peer.name());
    });
}

#[test]
fn servers_without_the_extended_command_are_told_the_old_one() {
    let peer = Peer::embedded(Options::new().without(&["EPRT"]));
    let mut options = active(None);
    let talk = Talk::of(&mut options);
    let ftp = peer.session_with(options);
    move_and_list(&ftp, peer.name());
    // It is not asked again.
    assert_eq!(talk.count("> EPRT"), 1, "{:#?}", talk.lines());
    assert!(talk.count("> PORT 127,0,0,1,") >= 5, "{:#?}", talk.lines());
}

#[test]
fn the_address_of_somebody_else_is_refused() {
    on_each(|peer| {
        let about = peer.name();
        let mut options = options();
        let elsewhere = IpAddress::from_bytes(127, 0, 0, 9);
        options.data_connections = DataConnections::Active { announce: Some(elsewhere), ports: None };
        let ftp = peer.session_with(options);
        peer.put("file", b"x");
        let outcome = ftp.retrieve("file", Vec::new(), Binary);
        assert!(matches!(outcome, Err(FtpError::Rejected { .. })), "{about}: {outcome:?}");
        ftp.set_options(crate::peers::options()).good(about);
        move_and_list(&ftp, about);
    });
}

#[test]
fn a_stranger_who_is_first_is_turned_away() {
    on_each(|peer| {
        let about = peer.name();
        let strangers = Arc::new(Mutex::new(Vec::new()));
        let mut options = active(None);
        let seen = Arc::clone(&strangers);
        options.log = Some(Arc::new(move |line| {
            if let LogLine::Sent(command) = line {
                if let Some(port) = command.strip_prefix("EPRT |1|127.0.0.1|") {
                    let port = port.trim_end_matches('|').parse().unwrap();
                    seen.lock().unwrap().push(connect_as_a_stranger(port));
                }
            }
        }));
        let ftp = peer.session_with(options);
        move_and_list(&ftp, about);
        let strangers = std::mem::take(&mut *strangers.lock().unwrap());
        assert!(strangers.len() >= 5, "{about}");
        for mut stranger in strangers {
            let mut got = Vec::new();
            // A reset, as what was sent is not read.
            let _ = stranger.read_to_end(&mut got);
            assert_eq!(got, b"", "{about}");
        }
    });
}

/// From another address than the server has, with something to be taken for a file.
fn connect_as_a_stranger(port: u16) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("the system has sockets");
    socket.bind(&SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), 0)).into()).expect("all of 127/8 is ours");
    socket.connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into()).expect("the client listens");
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).expect("it is not zero");
    stream.write_all(b"stolen").expect("it was not turned away yet");
    stream
}

#[test]
fn sessions_over_ipv6_are_like_others() {
    if TcpListener::bind("[::1]:0").is_err() {
        return skip("this machine has no IPv6");
    }
    for options in [options(), active(None)] {
        let about = &format!("{:?}", options.data_connections);
        let peer = Peer::embedded(Options::new().ipv6());
        let mut options = options;
        let talk = Talk::of(&mut options);
        let ftp = peer.session_with(options);
        move_and_list(&ftp, about);
        let announced = talk.count("> EPSV") + talk.count("> EPRT |2|::1|");
        assert!(announced >= 5, "{about}: {:#?}", talk.lines());
    }
}

#[test]
fn ipv6_has_no_other_way_than_the_extended_one() {
    if TcpListener::bind("[::1]:0").is_err() {
        return skip("this machine has no IPv6");
    }
    let peer = Peer::embedded(Options::new().ipv6().without(&["EPSV", "EPRT"]));
    peer.put("file", b"x");
    for options in [options(), active(None)] {
        let ftp = peer.session_with(options);
        assert_eq!(ftp.retrieve("file", Vec::new(), Binary).refusal("embedded"), 500);
        ftp.keep_alive().unwrap();
    }
}

/// Everything that moves data, and a refusal of each.
fn move_and_list(ftp: &Ftp, about: &str) {
    let data = bytes(300_000);
    ftp.store(&*data, "moved", Binary).good(about);
    let mut back = Vec::new();
    ftp.retrieve("moved", &mut back, Binary).good(about);
    assert_same(&back, &data, about);
    assert!(ftp.names("").good(about).names.contains(&b"moved".to_vec()), "{about}");
    assert!(ftp.entries("").good(about).iter().any(|entry| entry.name == b"moved"), "{about}");
    assert!(ftp.retrieve("missing", Vec::new(), Binary).refusal(about) >= 500, "{about}");
    assert!(ftp.store("x".as_bytes(), "missing/x", Binary).refusal(about) >= 500, "{about}");
    ftp.delete_file("moved").good(about);
}
