//! The embedded server: what is moved, what interrupts it, what is left afterwards.

use std::io::{Read, Write};
use std::thread;

use testkit::ftp::{Options, Server};

use crate::plain::Plain;
use crate::scratch::{Scratch, pattern};

const BIG: usize = 3 << 20;

/// So slow that no test ever sees the end of a transfer of [`BIG`] bytes.
const SLOW: u64 = 20_000;

fn slow() -> (Scratch, Server) {
    let scratch = Scratch::with(&[("big", &pattern(BIG)), ("a.txt", b"one")]);
    let server = Server::start_with(scratch.path(), Options::new().bytes_per_second(SLOW)).unwrap();
    (scratch, server)
}

#[test]
fn bytes_arrive_as_they_are() {
    let scratch = Scratch::new();
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    for length in [0, 1, 130, BIG] {
        let bytes = pattern(length);
        assert_eq!(plain.put("STOR file", &bytes), 226);
        assert_eq!(scratch.read("file"), bytes);
        assert_eq!(plain.get("RETR file"), (bytes, 226));
    }
    assert_eq!(server.journal().data_bytes(), 2 * (BIG as u64 + 131));
}

#[test]
fn line_ends_are_converted_both_ways() {
    let scratch = Scratch::new();
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    for (wire, disk) in [
        (&b"one\r\ntwo\r\n"[..], &b"one\ntwo\n"[..]),
        (b"\r\n\r\n", b"\n\n"),
        (b"a\rb\r\r\nc\r", b"a\rb\r\nc\r"),
        (b"no end", b"no end"),
    ] {
        plain.ask("TYPE A");
        assert_eq!(plain.put("STOR lines", wire), 226);
        assert_eq!(scratch.read("lines"), disk);
        assert_eq!(plain.get("RETR lines"), (wire.to_vec(), 226));
        plain.ask("TYPE I");
        assert_eq!(plain.get("RETR lines"), (disk.to_vec(), 226));
    }
}

#[test]
fn line_ends_are_found_wherever_the_bytes_are_cut() {
    let scratch = Scratch::new();
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    plain.ask("TYPE A");
    let mut data = plain.data();
    data.set_nodelay(true).unwrap();
    assert_eq!(plain.ask("STOR lines").0, 150);
    for (count, byte) in (1..).zip(b"a\r\nb\rc\r\r\n") {
        data.write_all(&[*byte]).unwrap();
        server.journal().wait_for_data(count);
    }
    drop(data);
    assert_eq!(plain.reply().0, 226);
    assert_eq!(scratch.read("lines"), b"a\nb\rc\r\n");
}

#[test]
fn rest_holds_for_the_next_transfer_only() {
    let scratch = Scratch::with(&[("file", b"0123456789")]);
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    assert_eq!(plain.ask("REST 4").0, 350);
    assert_eq!(plain.get("RETR file"), (b"456789".to_vec(), 226));
    assert_eq!(plain.get("RETR file"), (b"0123456789".to_vec(), 226));
    plain.ask("REST 10");
    assert_eq!(plain.get("RETR file"), (Vec::new(), 226));
    plain.ask("REST 11");
    assert_eq!(plain.get("RETR file"), (Vec::new(), 554));
    plain.ask("REST 4");
    assert_eq!(plain.put("STOR file", b"abc"), 226);
    assert_eq!(scratch.read("file"), b"0123abc");
    assert_eq!(plain.put("APPE file", b"def"), 226);
    assert_eq!(plain.put("STOR file", b"new"), 226);
    assert_eq!(scratch.read("file"), b"new");
    plain.ask("TYPE A");
    assert_eq!(plain.ask("REST 4").0, 504);
}

#[test]
fn stou_finds_a_name_of_its_own_and_tells_it() {
    let scratch = Scratch::with(&[("x.1", b"")]);
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("STOU x"), (150, "150 FILE: x.2\r\n".into()));
    data.write_all(b"unique").unwrap();
    drop(data);
    assert_eq!((plain.reply().0, scratch.read("x.2")), (226, b"unique".to_vec()));
}

#[test]
fn abor_ends_a_download_with_two_replies() {
    let (_scratch, server) = slow();
    let mut plain = Plain::login(server.address());
    for abor in [&b"ABOR"[..], b"\xFF\xF4\xFF\xF2ABOR"] {
        let mut data = plain.data();
        assert_eq!(plain.ask("RETR big").0, 150);
        data.read_exact(&mut [0; 100]).unwrap();
        plain.send(abor);
        assert_eq!(plain.reply().0, 426);
        assert_eq!(plain.reply().0, 226);
        assert!(std::io::copy(&mut data, &mut std::io::sink()).unwrap() < BIG as u64);
        assert_eq!(plain.ask("PWD").0, 257);
    }
}

#[test]
fn abor_ends_an_upload_and_a_transfer_nobody_connects_for() {
    let (_scratch, server) = slow();
    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("STOR new").0, 150);
    data.write_all(b"x").unwrap();
    server.journal().wait_for_data(1);
    assert_eq!((plain.ask("ABOR").0, plain.reply().0), (426, 226));
    assert_eq!(plain.ask("PASV").0, 227);
    assert_eq!(plain.ask("RETR a.txt").0, 150);
    assert_eq!((plain.ask("ABOR").0, plain.reply().0), (426, 226));
    assert_eq!(plain.ask("PWD").0, 257);
}

#[test]
fn abor_sent_together_with_its_transfer_ends_it() {
    let (_scratch, server) = slow();
    let mut plain = Plain::login(server.address());
    let _data = plain.data();
    plain.send("RETR big\r\nABOR\r\nNOOP");
    let codes = [(); 4].map(|()| plain.reply().0);
    assert_eq!(codes, [150, 426, 226, 200]);
}

#[cfg(unix)]
#[test]
fn urgent_bytes_stay_in_their_place() {
    let (_scratch, server) = slow();
    let mut plain = Plain::login(server.address());
    let _data = plain.data();
    assert_eq!(plain.ask("RETR big").0, 150);
    socket2::SockRef::from(plain.stream()).send_out_of_band(b"ABOR\r\n").unwrap();
    assert_eq!((plain.reply().0, plain.reply().0), (426, 226));
}

#[test]
fn commands_during_a_transfer_are_answered_after_it() {
    let scratch = Scratch::with(&[("big", &pattern(BIG))]);
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("RETR big").0, 150);
    plain.send("NOOP");
    server.journal().wait_for_command("NOOP", 1);
    assert_eq!(std::io::copy(&mut data, &mut std::io::sink()).unwrap(), BIG as u64);
    assert_eq!((plain.reply().0, plain.reply().0), (226, 200));
}

#[test]
fn a_data_connection_closed_early_is_426() {
    let scratch = Scratch::with(&[("big", &pattern(BIG << 3))]);
    let server = Server::start(scratch.path()).unwrap();
    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("RETR big").0, 150);
    data.read_exact(&mut [0; 100]).unwrap();
    drop(data);
    assert_eq!(plain.reply().0, 426);
    assert_eq!(plain.ask("PWD").0, 257);
}

#[test]
fn transfers_stop_where_and_as_often_as_told() {
    const STOP: u64 = 1_000_000;
    let bytes = pattern(BIG);
    let scratch = Scratch::with(&[("big", &bytes)]);
    let server = Server::start_with(scratch.path(), Options::new().stop_after(STOP, 2)).unwrap();
    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("RETR big").0, 150);
    let mut received = Vec::new();
    data.read_to_end(&mut received).unwrap();
    assert_eq!(received, &bytes[..1_000_000]);
    assert!(plain.is_closed());

    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("STOR copy").0, 150);
    let _ = data.write_all(&bytes);
    assert!(plain.is_closed());
    assert_eq!(scratch.read("copy"), &bytes[..1_000_000]);

    let mut plain = Plain::login(server.address());
    plain.ask("REST 1000000");
    let (rest, code) = plain.get("RETR big");
    received.extend(rest);
    assert!(received == bytes && code == 226);
    assert_eq!(server.connections(), 3);
}

#[test]
fn killed_connections_end_and_new_ones_are_served() {
    let (_scratch, server) = slow();
    let mut plain = Plain::login(server.address());
    let mut data = plain.data();
    assert_eq!(plain.ask("RETR big").0, 150);
    data.read_exact(&mut [0; 1]).unwrap();
    server.kill_connections();
    assert!(plain.is_closed());
    let _ = data.read_to_end(&mut Vec::new());
    server.journal().wait_for_open_connections(0);
    assert_eq!(Plain::login(server.address()).ask("PWD").0, 257);
}

#[test]
fn dropping_the_server_ends_whatever_it_does() {
    let (_scratch, server) = slow();
    let mut downloading = Plain::login(server.address());
    let _data = downloading.data();
    assert_eq!(downloading.ask("RETR big").0, 150);
    let mut unconnected = Plain::login(server.address());
    assert_eq!(unconnected.ask("EPSV").0, 229);
    assert_eq!(unconnected.ask("RETR big").0, 150);
    let mut unread = Plain::login(server.address());
    for _ in 0..1000 {
        unread.send("HELP");
    }
    let mut idle = Plain::login(server.address());
    let ended = thread::spawn(move || drop(server));
    assert!(idle.is_closed());
    ended.join().unwrap();
}
