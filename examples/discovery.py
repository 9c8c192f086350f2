"""Finds the game servers of a local network, by a broadcast that each of them answers.

Here server and client share a program, and the broadcast stays on the loopback network: a real client sends to
``IpAddress.BROADCAST`` and a port that all servers agree on.
"""

import threading
from typing import NamedTuple

from sfml.network import IpAddress, Packet, SocketException, SocketNotReady, UdpSocket
from sfml.system import Clock, Time, milliseconds

# Tells our datagrams from those of other programs.
GAME = 0x54657472
# The loopback network's broadcast address where there is one, and its only host.
TARGETS = [IpAddress("127.255.255.255"), IpAddress.LOCAL_HOST]
# How long a client waits for answers.
PATIENCE = milliseconds(300)


class Server(NamedTuple):
    """What a server says about itself; the port is where it accepts TCP connections."""

    name: str
    players: int
    port: int

    def write(self, packet: Packet) -> None:
        packet.write_string(self.name).write_u8(self.players).write_u16(self.port)

    @classmethod
    def read(cls, packet: Packet) -> "Server":
        return cls(packet.read_string(), packet.read_u8(), packet.read_u16())


def answer(socket: UdpSocket, server: Server) -> None:
    """Answers who asks for this game, until another thread closes the socket."""
    answer = Packet().write_u32(GAME)
    server.write(answer)
    while True:
        try:
            question, client, port = socket.receive_packet()
            if question.data == GAME.to_bytes(4, "big"):
                socket.send_packet(answer, client, port)
        except SocketException:
            return


def find(port: int) -> list[tuple[Server, IpAddress]]:
    """Asks until somebody has answered, and then for as long as answers may still come."""
    found = []
    with UdpSocket() as socket:
        for target in TARGETS:
            try:
                socket.send_packet(Packet().write_u32(GAME), target, port)
            except SocketException as error:
                print(f"nobody can be asked by way of {target}: {error}")
                continue
            clock = Clock()
            while (left := PATIENCE - clock.elapsed_time) > Time.ZERO:
                try:
                    packet, address, _ = socket.receive_packet(timeout=left)
                    if packet.read_u32() == GAME:
                        found.append((Server.read(packet), address))
                except SocketNotReady:
                    break
                except ValueError:
                    continue  # not one of ours
            if found:
                break
    return found


def main() -> None:
    with UdpSocket() as socket:
        socket.bind(0)
        threading.Thread(target=answer, args=[socket, Server("Ada's game", 3, 4000)]).start()
        found = find(socket.local_port)
    for server, address in found:
        print(f"{server.name} at {address} port {server.port}, {server.players} players")
    if not found:
        raise SystemExit("nobody answered")


if __name__ == "__main__":
    main()
