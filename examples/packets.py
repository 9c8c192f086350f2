"""A type of one's own in packets, packets made smaller on their way, and what reading the wrong bytes says."""

import zlib
from typing import NamedTuple

from sfml.network import IpAddress, Packet, TcpListener, TcpSocket
from sfml.system import seconds

LIMIT = seconds(5)


class Level(NamedTuple):
    """The map of a game."""

    name: str
    width: int
    tiles: bytes

    def write(self, packet: Packet) -> None:
        packet.write_string(self.name).write_u16(self.width).write_string(self.tiles)

    @classmethod
    def read(cls, packet: Packet) -> "Level":
        level = cls(packet.read_string(), packet.read_u16(), packet.read_string_bytes())
        if not level.width or len(level.tiles) % level.width:
            raise ValueError("a level has whole rows of tiles")
        return level


class Compressed(Packet):
    """A packet that is compressed while it travels."""

    MOST = 1 << 20

    def on_send(self) -> bytes:
        return zlib.compress(self.data)

    def on_receive(self, data: bytes) -> None:
        # A few bytes can stand for gigabytes: never take more than makes sense.
        decompressor = zlib.decompressobj()
        super().on_receive(decompressor.decompress(data, self.MOST))
        if not decompressor.eof:
            raise ValueError("a packet was cut off, or is too large when decompressed")


def main() -> None:
    level = Level("Meadow", 64, b"." * 64 * 48)
    packet = Compressed()
    level.write(packet)
    with TcpListener() as listener, TcpSocket() as client:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client.connect(IpAddress.LOCAL_HOST, listener.local_port, LIMIT)
        with listener.accept(timeout=LIMIT) as server:
            server.send_packet(packet, LIMIT)
            received = Level.read(client.receive_packet(Compressed(), LIMIT))
    if received != level:
        raise SystemExit("the level changed on its way")
    travelled = len(packet.on_send())
    print(f"{received.name} arrived: {len(packet)} bytes, of which {travelled} travelled")

    cut = Packet(packet.data[:1000])
    try:
        Level.read(cut)
    except ValueError as error:
        print(f"from its first {len(cut)} bytes it cannot be read: {error}")
    else:
        raise SystemExit("a level could be read from part of its bytes")


if __name__ == "__main__":
    main()
