//! Packets exchanged with C++ SFML, in both directions, for every type.
//!
//! The peer, `cpp/packet_peer.cpp`, is built here. Where that is impossible the test says what to install.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sfml_network::{IpAddress, Packet, TcpListener, TcpSocket};
use testkit::skip::skip;

#[test]
fn every_type_travels_to_cpp_sfml_and_back() {
    let Some(program) = build_peer() else { return };
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    let mut peer = Peer::start(&program, listener.local_port());
    let socket = listener.accept_within(PATIENCE).unwrap();

    let ours = every_type();
    let mut theirs = receive(&socket);
    assert_eq!(theirs.data(), ours.data(), "SFML's bytes and ours");
    check_every_type(&mut theirs);

    send(&socket, &ours);
    assert_eq!(receive(&socket).read_string().as_deref(), Ok(""), "what SFML read otherwise");

    let large = Packet::from((0..3_000_000_u32).map(|index| (index % 251) as u8).collect::<Vec<_>>());
    send(&socket, &large);
    assert_eq!(receive(&socket), large);
    assert_eq!(receive(&socket), Packet::new());
    peer.finish();
}

/// The values of `each` in the peer, in its order.
fn every_type() -> Packet {
    let mut packet = Packet::new();
    packet.write(true).write(false);
    packet.write(i8::MIN).write(i8::MAX).write(u8::MAX);
    packet.write(i16::MIN).write(i16::MAX).write(u16::MAX).write(12345_u16);
    packet.write(i32::MIN).write(i32::MAX).write(u32::MAX).write(1_234_567_890_u32);
    packet.write(i64::MIN).write(i64::MAX).write(u64::MAX).write(0x0102_0304_0506_0708_u64);
    packet.write(123.456_f32).write(f32::MIN).write(f32::from_bits(1)).write(f32::NEG_INFINITY);
    packet.write(-0.1_f64).write(f64::MAX).write(f64::from_bits(1));
    packet.write("").write_string(b"a\0b\xFF\r\n").write("grüße 😀");
    packet.write_wide_string("").write_wide_string("grüße 世 😀").write_wide_string("α\u{10FFFF}");
    packet
}

/// Reads what [`every_type`] wrote.
fn check_every_type(packet: &mut Packet) {
    assert_eq!((packet.read(), packet.read()), (Ok(true), Ok(false)));
    assert_eq!((packet.read(), packet.read(), packet.read()), (Ok(i8::MIN), Ok(i8::MAX), Ok(u8::MAX)));
    assert_eq!((packet.read(), packet.read()), (Ok(i16::MIN), Ok(i16::MAX)));
    assert_eq!((packet.read(), packet.read()), (Ok(u16::MAX), Ok(12345_u16)));
    assert_eq!((packet.read(), packet.read()), (Ok(i32::MIN), Ok(i32::MAX)));
    assert_eq!((packet.read(), packet.read()), (Ok(u32::MAX), Ok(1_234_567_890_u32)));
    assert_eq!((packet.read(), packet.read()), (Ok(i64::MIN), Ok(i64::MAX)));
    assert_eq!((packet.read(), packet.read()), (Ok(u64::MAX), Ok(0x0102_0304_0506_0708_u64)));
    assert_eq!((packet.read(), packet.read()), (Ok(123.456_f32), Ok(f32::MIN)));
    assert_eq!((packet.read(), packet.read()), (Ok(f32::from_bits(1)), Ok(f32::NEG_INFINITY)));
    assert_eq!((packet.read(), packet.read()), (Ok(-0.1_f64), Ok(f64::MAX)));
    assert_eq!(packet.read(), Ok(f64::from_bits(1)));
    assert_eq!(packet.read_string().as_deref(), Ok(""));
    assert_eq!(packet.read_string_bytes().as_deref(), Ok(&b"a\0b\xFF\r\n"[..]));
    assert_eq!(packet.read_string().as_deref(), Ok("grüße 😀"));
    assert_eq!(packet.read_wide_string().as_deref(), Ok(""));
    assert_eq!(packet.read_wide_string().as_deref(), Ok("grüße 世 😀"));
    assert_eq!(packet.read_wide_string().as_deref(), Ok("α\u{10FFFF}"));
    assert!(packet.is_at_end());
}

fn send(socket: &TcpSocket, packet: &Packet) {
    socket.send_packet_within(packet, PATIENCE).expect("the peer receives");
}

fn receive(socket: &TcpSocket) -> Packet {
    socket.receive_packet_within(PATIENCE).expect("the peer sends")
}

/// Builds the peer, or says why that cannot be done here.
fn build_peer() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cpp/packet_peer.cpp");
    let program =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("packet_peer{}", env::consts::EXE_SUFFIX));
    let compiler = env::var_os("CXX").unwrap_or_else(|| "g++".into());

    let Ok(mut probe) = Command::new(&compiler)
        .args(["-x", "c++", "-E", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
    else {
        skip("packets with C++ SFML: no C++ compiler; install g++ and libsfml-dev, or set CXX");
        return None;
    };
    // A compiler that ends before it has read this has failed, which the status tells.
    let _ = probe.stdin.take().expect("piped above").write_all(PROBE.as_bytes());
    if !probe.wait().expect("started above").success() {
        skip("packets with C++ SFML: no headers of SFML 2; install libsfml-dev");
        return None;
    }

    let output = Command::new(&compiler)
        .args(["-std=c++17", "-o"])
        .args([&program, &source])
        .args(["-lsfml-network", "-lsfml-system"])
        .output()
        .expect("it ran a moment ago");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}

/// Compiles only where SFML 2 is.
const PROBE: &str = "\
#include <SFML/Config.hpp>
#if SFML_VERSION_MAJOR != 2
#error
#endif
";

/// How long each step may take on a machine under load.
const PATIENCE: Duration = Duration::from_secs(30);

/// The running peer; it does not outlive the test.
struct Peer(Child);

impl Peer {
    fn start(program: &Path, port: u16) -> Self {
        Self(Command::new(program).arg(port.to_string()).spawn().expect("built a moment ago"))
    }

    fn finish(&mut self) {
        assert!(self.0.wait().expect("started above").success());
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Both fail only for a process that has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
