//! The scripted server: what is written happens, the rest is right, and it always ends.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use testkit::ftp::{FILE, Passive, Scripted, ScriptedServer};

use crate::plain::Plain;

fn connect(scripted: Scripted) -> (ScriptedServer, Plain) {
    let server = scripted.start().unwrap();
    let plain = Plain::login(server.address());
    (server, plain)
}

#[test]
fn what_is_not_written_is_right() {
    let (server, mut plain) = connect(Scripted::new().file("/sub/more", "more"));
    assert_eq!(plain.ask("RETR file.txt").0, 425);
    assert_eq!(plain.get("RETR file.txt"), (FILE.to_vec(), 226));
    assert_eq!(plain.get("RETR sub/more"), (b"more".to_vec(), 226));
    assert_eq!(plain.get("NLST sub"), (b"inner.txt\r\nmore\r\n".to_vec(), 226));
    assert_eq!(plain.get("RETR no"), (Vec::new(), 550));
    plain.ask("REST 120");
    assert_eq!(plain.get("RETR file.txt").0, b"row 12 ok.");
    plain.ask("REST 3");
    assert_eq!(plain.put("STOR sub/more", b"!"), 226);
    assert_eq!(server.file("/sub/more"), Some(b"mor!".to_vec()));
    assert_eq!(plain.ask("CWD sub").0, 250);
    assert_eq!(plain.ask("PWD").1, "257 \"/sub\"\r\n");
    assert_eq!(plain.ask("FROB").0, 500);
    assert_eq!(plain.ask("QUIT").0, 221);
    assert!(plain.is_closed());
}

#[test]
fn what_is_written_happens_instead() {
    let scripted = Scripted::new()
        .greeting("220 only LF\n")
        .reply("SIZE", "550 no\r\n")
        .on("PWD", |peer, _| match peer.turn() {
            1 => peer.send("550 not yet\r\n"),
            _ => peer.default("PWD", b""),
        })
        .on_any(|peer, argument| match peer.verb() {
            "FROB" => peer.send([b"299 ", argument, b"\r\n"].concat()),
            verb => {
                let verb = verb.to_owned();
                peer.default(&verb, argument)
            }
        });
    let (_server, mut plain) = connect(scripted);
    assert_eq!(plain.ask("size file.txt").0, 550);
    assert_eq!((plain.ask("PWD").0, plain.ask("PWD").0), (550, 257));
    assert_eq!(plain.ask("FROB  it"), (299, "299  it\r\n".into()));
}

#[test]
fn passive_replies_name_a_port_that_is_open_or_dead() {
    let local = "127.0.0.1".parse().unwrap();
    let expected = [
        (Passive::Plain, "227 Entering Passive Mode (127,0,0,1,1,2)\r\n"),
        (Passive::Bare, "227 Entering Passive Mode 127,0,0,1,1,2\r\n"),
        (Passive::Host([9, 8, 7, 6].into()), "227 Entering Passive Mode (9,8,7,6,1,2)\r\n"),
        (Passive::Extended, "229 Entering Extended Passive Mode (|||258|)\r\n"),
        (Passive::Delimiter('!'), "229 Entering Extended Passive Mode (!!!258!)\r\n"),
        (Passive::ExtendedBare, "229 Entering Extended Passive Mode |||258|\r\n"),
        (Passive::ExtendedFull, "229 Entering Extended Passive Mode (|1|127.0.0.1|258|)\r\n"),
    ];
    for (kind, reply) in expected {
        assert_eq!(kind.reply(local, 258), reply);
    }
    let scripted = Scripted::new().on("EPSV", |peer, _| peer.send_dead_passive_reply(Passive::Extended));
    let (_server, mut plain) = connect(scripted);
    let text = plain.ask("EPSV").1;
    let port = text.split('|').nth(3).unwrap().parse().unwrap();
    assert!(TcpStream::connect(SocketAddr::new(local, port)).is_err());
    assert_eq!(plain.ask("RETR file.txt").0, 425);
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_is_lured_elsewhere_is_noticed() {
    let (server, mut plain) = connect(Scripted::new().on("PASV", |peer, _| peer.send_luring_reply()));
    let text = plain.ask("PASV").1;
    let numbers: Vec<u16> = text.split(['(', ',', ')']).skip(5).take(2).map(|n| n.parse().unwrap()).collect();
    let port = numbers[0] * 256 + numbers[1];
    assert_eq!(server.lured(), 0);
    drop(TcpStream::connect(("127.0.0.2", port)).unwrap());
    assert_eq!((server.lured(), server.lured()), (1, 0));
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
}

#[test]
fn data_connections_are_reset_closed_and_left_open() {
    let scripted = Scripted::new()
        .on("RETR", |peer, _| {
            peer.send("150 Here\r\n")?;
            peer.send_data(&FILE[..20])?;
            peer.reset_data()?;
            peer.send("226 Done\r\n")
        })
        .on("LIST", |peer, _| {
            peer.send("150 Here\r\n")?;
            peer.send_data("half a l")?;
            peer.close_control();
            Ok(())
        });
    let (_server, mut plain) = connect(scripted);
    let mut data = plain.data();
    assert_eq!(plain.ask("RETR file.txt").0, 150);
    assert!(data.read_to_end(&mut Vec::new()).is_err());
    assert_eq!(plain.reply().0, 226);
    assert_eq!(plain.get_data_only("LIST"), b"half a l");
    assert!(plain.is_closed());
}

#[cfg(target_os = "linux")]
#[test]
fn a_stranger_connects_before_the_server() {
    let scripted = Scripted::new().on("RETR", |peer, argument| {
        peer.connect_as_a_stranger()?;
        peer.default("RETR", argument)
    });
    let (_server, mut plain) = connect(scripted);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_eq!(plain.ask(format!("EPRT |1|127.0.0.1|{port}|")).0, 200);
    plain.send("RETR file.txt");
    let (mut stranger, address) = listener.accept().unwrap();
    assert_eq!(address.ip().to_string(), "127.0.0.3");
    let mut text = String::new();
    stranger.read_to_string(&mut text).unwrap();
    assert_eq!(text, "stolen");
    let (mut data, address) = listener.accept().unwrap();
    assert_eq!(address.ip().to_string(), "127.0.0.1");
    text.clear();
    data.read_to_string(&mut text).unwrap();
    assert_eq!(text.as_bytes(), FILE);
    assert_eq!((plain.reply().0, plain.reply().0), (150, 226));
}

#[test]
fn replies_come_in_pieces() {
    let scripted = Scripted::new().on("NOOP", |peer, _| peer.send_in_pieces("200-a\r\n b\r\n200 c\r\n", 1));
    let (_server, mut plain) = connect(scripted);
    assert_eq!(plain.ask("NOOP"), (200, "200-a\r\n b\r\n200 c\r\n".into()));
}

#[test]
fn sending_endlessly_ends_with_the_client_or_at_the_limit() {
    let scripted = || Scripted::new().greet(|peer| peer.send_endlessly("220-x\r\n", 700, Duration::ZERO));
    let server = scripted().start().unwrap();
    let mut plain = Plain::connect_silently(server.address());
    for _ in 0..100 {
        assert_eq!(plain.line(), b"220-x\r\n");
    }
    let server = Scripted::new()
        .greet(|peer| peer.send_endlessly([b'x'; 1 << 16], usize::MAX, Duration::ZERO))
        .start()
        .unwrap();
    drop(TcpStream::connect(server.address()).unwrap());
    server.journal().wait_for_open_connections(0);
}

#[test]
fn dropping_it_ends_whatever_its_handlers_do() {
    let scripted = || {
        Scripted::new()
            .on("NOOP", |peer, _| peer.stall())
            .on("STAT", |peer, _| peer.send_endlessly("211-x\r\n", usize::MAX, Duration::ZERO))
            .on("HELP", |peer, _| peer.send_endlessly("2", usize::MAX, Duration::from_millis(1)))
            .on("LIST", |peer, _| {
                peer.send("150 Here\r\n")?;
                loop {
                    peer.send_data([b'x'; 1000])?;
                }
            })
    };
    for command in ["NOOP", "STAT", "HELP", "LIST", "RETR file.txt", "STOR new"] {
        let (server, mut plain) = connect(scripted());
        // RETR waits for a connection that does not come.
        let data = if command == "RETR file.txt" { None } else { Some(plain.data()) };
        if data.is_none() {
            assert_eq!(plain.ask("EPSV").0, 229);
        }
        plain.send(command);
        server.journal().wait_for_command(&command[..4], 1);
        drop(server);
        while plain.try_line().is_some_and(|line| !line.is_empty()) {}
    }
}
