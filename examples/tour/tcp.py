"""A connection as a conversation, and as a pipe for bulk data."""

import random
import zlib
from concurrent.futures import ThreadPoolExecutor

from account import Limit, check, per_second, tell
from sfml.network import IpAddress, SocketDisconnected, TcpListener, TcpSocket
from sfml.system import Clock

ROUND_TRIPS = 10_000
TRANSFER_SIZE = 64 << 20


def echo() -> None:
    """Sends a message, waits for the same message to come back, and again."""
    limit = Limit()
    with TcpListener() as listener, ThreadPoolExecutor() as threads:
        listener.listen(0, IpAddress.LOCAL_HOST)
        server = threads.submit(echo_server, listener, limit)
        with TcpSocket() as client:
            client.connect(IpAddress.LOCAL_HOST, listener.local_port, limit.left())
            clock = Clock()
            for number in range(ROUND_TRIPS):
                message = b"%032d" % number
                client.send(message, limit.left())
                answer = client.receive_exact(len(message), limit.left())
                check(answer == message, f"message {number} came back changed")
            clock.stop()
        check(server.result() == 32 * ROUND_TRIPS, "the server echoed more or less than it was sent")
    tell(f"{ROUND_TRIPS:,}", "messages of 32 bytes came back, each as it was sent")
    tell(per_second(ROUND_TRIPS, clock), "round trips per second")


def echo_server(listener: TcpListener, limit: Limit) -> int:
    """Sends back what one client sends, until it disconnects; returns how many bytes that were."""
    echoed = 0
    with listener.accept(timeout=limit.left()) as client:
        while True:
            try:
                data = client.receive(4096, limit.left())
            except SocketDisconnected:
                return echoed
            echoed += client.send(data, limit.left())


def transfer() -> None:
    """Sends 64 MiB in one call, and compares checksums."""
    limit = Limit()
    data = random.Random(1).randbytes(TRANSFER_SIZE)
    # Filled, so that the clock does not measure how fast the system hands out memory.
    received = memoryview(bytearray(b"\xff") * TRANSFER_SIZE)
    with TcpListener() as listener, ThreadPoolExecutor() as threads, TcpSocket() as receiver:
        listener.listen(0, IpAddress.LOCAL_HOST)

        def send_all() -> None:
            with listener.accept(timeout=limit.left()) as sender:
                sender.send(data, limit.left())

        sending = threads.submit(send_all)
        receiver.connect(IpAddress.LOCAL_HOST, listener.local_port, limit.left())
        clock = Clock()
        arrived = 0
        while arrived < TRANSFER_SIZE:
            arrived += receiver.receive_into(received[arrived:], limit.left())
        clock.stop()
        sending.result()
    checksums = zlib.crc32(data), zlib.crc32(received)
    check(checksums[0] == checksums[1], "CRC-32 {:08x} was sent, and {:08x} received".format(*checksums))
    tell(TRANSFER_SIZE >> 20, "MiB arrived")
    tell(per_second(TRANSFER_SIZE >> 20, clock), "MiB per second")
    tell(f"{checksums[0]:08x}", "is the CRC-32 of what was sent, and of what arrived")
