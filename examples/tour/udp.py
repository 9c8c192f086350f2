"""Datagrams one by one, many in a call, cut and joined by the system; and a count of those that did not arrive."""

from collections.abc import Callable

from account import Limit, check, per_second, tell
from sfml.network import IpAddress, SocketError, SocketNotReady, UdpSocket
from sfml.system import Clock, milliseconds

SIZE = 1000
# As many as the receiving socket's buffer holds, and as the system cuts in one call.
BURST = 64
COUNT = 400 * BURST
# After this long without a datagram, those that are missing are counted as lost.
PATIENCE = milliseconds(100)


def datagrams() -> None:
    """Sends datagrams in three ways."""
    with UdpSocket() as sender, UdpSocket() as receiver:
        sender.bind(0, IpAddress.LOCAL_HOST)
        receiver.bind(0, IpAddress.LOCAL_HOST)
        link = Link(sender, receiver)
        in_bursts("one in a call", link, link.send_each, link.receive_one)
        in_bursts(f"{BURST} in a call", link, link.send_many, link.receive_many)
        try:
            receiver.set_gro(True)
            how = "cut and joined by the system"
        except SocketError:
            how = "cut by the system where it can"
        in_bursts(how, link, link.send_segmented, link.receive_many)


class Link:
    """Two sockets, and the ways from one to the other."""

    def __init__(self, sender: UdpSocket, receiver: UdpSocket) -> None:
        self.sender = sender
        self.receiver = receiver
        self.port = receiver.local_port
        self.limit = Limit()

    def send_each(self, burst: list[bytes]) -> None:
        for data in burst:
            self.sender.send(data, IpAddress.LOCAL_HOST, self.port, self.limit.left())

    def send_many(self, burst: list[bytes]) -> None:
        self.sender.send_many([(data, IpAddress.LOCAL_HOST, self.port) for data in burst], self.limit.left())

    def send_segmented(self, burst: list[bytes]) -> None:
        self.sender.send_segmented(b"".join(burst), SIZE, IpAddress.LOCAL_HOST, self.port, self.limit.left())

    def receive_one(self) -> list[tuple[bytes, IpAddress, int]]:
        return [self.receiver.receive(SIZE, PATIENCE)]

    def receive_many(self) -> list[tuple[bytes, IpAddress, int]]:
        return self.receiver.receive_many(BURST, SIZE, PATIENCE)


def in_bursts(
    how: str,
    link: Link,
    send: Callable[[list[bytes]], None],
    receive: Callable[[], list[tuple[bytes, IpAddress, int]]],
) -> None:
    """Sends a burst, receives it, and so on: nothing has a reason to be lost."""
    filling = bytes(SIZE - 8)
    missing: set[int] = set()
    clock = Clock()
    for first in range(0, COUNT, BURST):
        numbers = range(first, first + BURST)
        send([number.to_bytes(8, "big") + filling for number in numbers])
        missing.update(numbers)
        expected = BURST
        while expected > 0:
            try:
                received = receive()
            except SocketNotReady:
                break  # what has not come by now is lost, and stays in `missing`
            for data, _, port in received:
                number = int.from_bytes(data[:8], "big")
                check(number in missing, f"datagram {number} arrived twice, or was never sent")
                check(data[8:] == filling and port == link.sender.local_port, f"datagram {number} is changed")
                missing.remove(number)
            expected -= len(received)
    clock.stop()
    lost = len(missing)
    check(lost < COUNT, "no datagram arrived at all")
    tell(per_second(COUNT - lost, clock), f"per second, {how}: {COUNT - lost:,} arrived, {lost:,} lost")
