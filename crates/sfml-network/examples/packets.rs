//! A type of one's own in packets, packets made smaller on their way, and what reading the wrong bytes says.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use sfml_network::{
    IpAddress, Packet, PacketError, PacketRead, PacketTransform, PacketWrite, TcpListener, TcpSocket,
};

const LIMIT: Duration = Duration::from_secs(5);

/// The map of a game.
#[derive(Debug, PartialEq)]
struct Level {
    name: String,
    width: u16,
    tiles: Vec<u8>,
}

impl PacketWrite for Level {
    fn write_to(&self, packet: &mut Packet) {
        packet.write_string(&self.name).write(self.width).write_string(&self.tiles);
    }
}

impl PacketRead for Level {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        let level =
            Self { name: packet.read_string()?, width: packet.read()?, tiles: packet.read_string_bytes()? };
        if level.width == 0 || level.tiles.len() % usize::from(level.width) != 0 {
            return Err(PacketError::rejected(packet, "a level has whole rows of tiles"));
        }
        Ok(level)
    }
}

/// Sends each run of equal bytes as its length and the byte.
struct RunLength;

impl RunLength {
    /// The packet limit of a socket holds before the transform; what it makes of that is for itself to bound.
    const LIMIT: usize = 1 << 20;
}

impl PacketTransform for RunLength {
    fn on_send(&self, data: &[u8]) -> io::Result<Vec<u8>> {
        let runs = data.chunk_by(|left, right| left == right).flat_map(|run| run.chunks(255));
        Ok(runs.flat_map(|run| [run.len() as u8, run[0]]).collect())
    }

    fn on_receive(&self, data: Vec<u8>) -> io::Result<Vec<u8>> {
        let length = data.iter().step_by(2).map(|length| usize::from(*length)).sum::<usize>();
        if data.len() % 2 != 0 || length > Self::LIMIT {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not run lengths, or too much of them"));
        }
        Ok(data.chunks_exact(2).flat_map(|run| std::iter::repeat_n(run[1], run[0].into())).collect())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), LIMIT)?;
    let server = listener.accept_within(LIMIT)?;
    for socket in [&client, &server] {
        socket.set_packet_transform(Some(Arc::new(RunLength)));
    }

    let level = Level { name: "Meadow".to_owned(), width: 64, tiles: vec![b'.'; 64 * 48] };
    let mut packet = Packet::new();
    packet.write(&level);
    server.send_packet_within(&packet, LIMIT)?;
    let received: Level = client.receive_packet_within(LIMIT)?.read()?;
    if received != level {
        return Err("the level changed on its way".into());
    }
    let travelled = RunLength.on_send(packet.data())?.len();
    println!("{} arrived: {} bytes, of which {travelled} travelled", received.name, packet.len());

    let mut cut = Packet::from(&packet.data()[..1000]);
    match cut.read::<Level>() {
        Ok(_) => Err("a level could be read from part of its bytes".into()),
        Err(error) => {
            println!("from its first {} bytes it cannot be read: {error}", cut.len());
            Ok(())
        }
    }
}
