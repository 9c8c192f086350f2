"""Datagrams, and a count of those that did not arrive."""

from account import Limit, check, per_second, tell
from sfml.network import IpAddress, SocketNotReady, UdpSocket
from sfml.system import Clock, milliseconds

SIZE = 1000
# As many as the receiving socket's buffer holds.
BURST = 64
COUNT = 400 * BURST


def datagrams() -> None:
    """Sends a burst that the receiver's buffer holds, receives it, and so on."""
    limit = Limit()
    filling = bytes(SIZE - 8)
    missing: set[int] = set()
    with UdpSocket() as sender, UdpSocket() as receiver:
        sender.bind(0, IpAddress.LOCAL_HOST)
        receiver.bind(0, IpAddress.LOCAL_HOST)
        clock = Clock()
        for first in range(0, COUNT, BURST):
            for number in range(first, first + BURST):
                datagram = number.to_bytes(8, "big") + filling
                sender.send(datagram, IpAddress.LOCAL_HOST, receiver.local_port, limit.left())
                missing.add(number)
            for _ in range(BURST):
                try:
                    data, _, port = receiver.receive(SIZE, milliseconds(100))
                except SocketNotReady:
                    break  # what has not come by now is lost, and stays in `missing`
                number = int.from_bytes(data[:8], "big")
                check(number in missing, f"datagram {number} arrived twice, or was never sent")
                check(data[8:] == filling and port == sender.local_port, f"datagram {number} is changed")
                missing.remove(number)
        clock.stop()
    sent, lost = COUNT, len(missing)
    check(lost < sent, "no datagram arrived at all")
    rate = per_second(sent - lost, clock)
    tell(rate, f"per second, one in a call: {sent - lost:,} arrived, {lost:,} lost")
