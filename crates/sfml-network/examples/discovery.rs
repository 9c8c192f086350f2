//! Finds the game servers of a local network, by a broadcast that each of them answers.
//!
//! Here server and client share a program, and the broadcast stays on the loopback network: a real client sends to
//! `IpAddress::BROADCAST` and a port that all servers agree on.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::thread;
use std::time::Duration;

use sfml_network::{
    Deadline, IpAddress, Packet, PacketError, PacketRead, PacketWrite, SocketError, UdpSocket,
};

/// Tells our datagrams from those of other programs.
const GAME: u32 = 0x5465_7472;
/// The loopback network's broadcast address where there is one, and its only host.
const TARGETS: [IpAddress; 2] = [IpAddress::from_bytes(127, 255, 255, 255), IpAddress::LOCAL_HOST];
/// How long a client waits for answers.
const PATIENCE: Duration = Duration::from_millis(300);

/// What a server says about itself.
struct Server {
    name: String,
    players: u8,
    /// Where it accepts TCP connections.
    port: u16,
}

impl PacketWrite for Server {
    fn write_to(&self, packet: &mut Packet) {
        packet.write_string(&self.name).write(self.players).write(self.port);
    }
}

impl PacketRead for Server {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        Ok(Self { name: packet.read_string()?, players: packet.read()?, port: packet.read()? })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let socket = UdpSocket::bind(IpAddress::ANY, 0)?;
    let port = socket.local_port();
    let found = thread::scope(|scope| {
        scope.spawn(|| answer(&socket, &Server { name: "Ada's game".to_owned(), players: 3, port: 4000 }));
        let found = find(port);
        socket.close();
        found
    })?;
    for (server, address) in &found {
        println!("{} at {address} port {}, {} players", server.name, server.port, server.players);
    }
    if found.is_empty() { Err("nobody answered".into()) } else { Ok(()) }
}

/// Answers who asks for this game, until another thread closes the socket.
fn answer(socket: &UdpSocket, server: &Server) -> Result<(), SocketError> {
    let mut answer = Packet::new();
    answer.write(GAME).write(server);
    loop {
        let (mut question, client, port) = socket.receive_packet()?;
        if question.read() == Ok(GAME) && question.is_at_end() {
            socket.send_packet(&answer, client, port)?;
        }
    }
}

/// Asks until somebody has answered, and then for as long as answers may still come.
fn find(port: u16) -> Result<Vec<(Server, IpAddress)>, SocketError> {
    let socket = UdpSocket::bind(IpAddress::ANY, 0)?;
    let mut question = Packet::new();
    question.write(GAME);
    let mut found = Vec::new();
    for target in TARGETS {
        if let Err(error) = socket.send_packet(&question, target, port) {
            println!("nobody can be asked by way of {target}: {error}");
            continue;
        }
        let deadline = Deadline::after(PATIENCE);
        let mut buffer = [0; 1500];
        while !deadline.has_passed() {
            let (length, address) = match socket.receive_within(&mut buffer, deadline) {
                Ok((length, address, _)) => (length, address),
                Err(SocketError::NotReady) => break,
                Err(error) => return Err(error),
            };
            let mut answer = Packet::from(&buffer[..length]);
            if answer.read() == Ok(GAME) {
                found.extend(answer.read().map(|server| (server, address)));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    Ok(found)
}
