# ruff: noqa: SIM105 (contextlib.suppress would be most of what is measured)
"""TCP against the standard library's `socket`, both ends in one thread."""

from __future__ import annotations

import socket
import struct

from paired import Bench, Call, Turn, Work
from sfml_network import IpAddress, SocketNotReady, TcpListener, TcpSocket

LIMIT = 5.0
LARGE = 65536
LOCAL = IpAddress.LOCAL_HOST


def pair() -> tuple[TcpSocket, TcpSocket]:
    """The two ends of a connection of ours."""
    with TcpListener() as listener:
        listener.listen(0, LOCAL)
        client = TcpSocket()
        client.connect(LOCAL, listener.local_port)
        return client, listener.accept()


def socket_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        other = server.accept()[0]
    for end in (client, other):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client, other


def room(*ends: TcpSocket | socket.socket) -> None:
    """Lets one thread send what it only then receives."""
    for end in ends:
        borrowed = socket.socket(fileno=end.fileno())
        borrowed.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * LARGE)
        borrowed.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * LARGE)
        borrowed.detach()


def run(bench: Bench) -> None:
    one_byte(bench)
    with_a_limit(bench)
    large(bench)
    short_arrivals(bench)
    nothing_there(bench)
    accepting(bench)


def there_and_back(send: Call, receive: Call, data: bytes, size: int) -> Work:
    """Sends all of the data, then receives until it is complete."""
    length = len(data)

    def work(turn: Turn) -> None:
        out, into = send, receive
        with turn as times:
            for _ in times:
                out(data)
                received = len(into(size))
                while received < length:
                    received += len(into(size - received))

    return work


def one_byte(bench: Bench) -> None:
    client, server = pair()
    theirs, other = socket_pair()

    def work(send: Call, receive: Call) -> Work:
        def exchange(turn: Turn) -> None:
            with turn as times:
                for _ in times:
                    send(b"x")
                    receive(64)

        return exchange

    ours = work(client.send, server.receive)
    bench.run("TCP 1 B send + receive", ours, ("socket", 1.05, work(theirs.send, other.recv)))


def with_a_limit(bench: Bench) -> None:
    client, server = pair()
    theirs, other = socket_pair()
    theirs.settimeout(LIMIT)
    other.settimeout(LIMIT)

    def ours(turn: Turn) -> None:
        send, receive = client.send, server.receive
        with turn as times:
            for _ in times:
                send(b"x", LIMIT)
                receive(64, LIMIT)

    def peer(turn: Turn) -> None:
        send, receive = theirs.send, other.recv
        with turn as times:
            for _ in times:
                send(b"x")
                receive(64)

    bench.run("TCP 1 B send + receive with a time limit", ours, ("socket with settimeout", 1.25, peer))


def large(bench: Bench) -> None:
    client, server = pair()
    theirs, other = socket_pair()
    room(client, server, theirs, other)
    data = bytes(LARGE)
    bench.run(
        "TCP 64 KiB send + receive",
        there_and_back(client.send, server.receive, data, LARGE),
        ("socket", 1.02, there_and_back(theirs.sendall, other.recv, data, LARGE)),
    )

    # A page's start; bytearray's own memory may begin where copying out of the kernel is slow.
    memory = memoryview(bytearray(LARGE + 4096))
    start = -address_of(memory) % 4096
    target = memory[start : start + LARGE]

    def into(send: Call, receive_into: Call) -> Work:
        def work(turn: Turn) -> None:
            with turn as times:
                for _ in times:
                    send(data)
                    received = receive_into(target)
                    while received < LARGE:
                        received += receive_into(target[received:])

        return work

    bench.run(
        "TCP 64 KiB send + receive_into",
        into(client.send, server.receive_into),
        ("socket", None, into(theirs.sendall, other.recv_into)),
    )


def address_of(memory: memoryview) -> int:
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def short_arrivals(bench: Bench) -> None:
    client, server = pair()
    theirs, other = socket_pair()
    data = bytes(100)
    bench.run(
        "TCP 100 B into receive(64 KiB)",
        there_and_back(client.send, server.receive, data, LARGE),
        ("socket", None, there_and_back(theirs.send, other.recv, data, LARGE)),
    )


def nothing_there(bench: Bench) -> None:
    (_client, server), (_theirs, other) = pair(), socket_pair()
    server.blocking = False
    other.setblocking(False)

    def raising(turn: Turn) -> None:
        receive = server.receive
        with turn as times:
            for _ in times:
                try:
                    receive(64)
                except SocketNotReady:
                    pass

    def trying(turn: Turn) -> None:
        receive = server.try_receive
        with turn as times:
            for _ in times:
                if receive(64) is not None:
                    raise AssertionError("nothing was sent")

    def peer(turn: Turn) -> None:
        receive = other.recv
        with turn as times:
            for _ in times:
                try:
                    receive(64)
                except BlockingIOError:
                    pass

    bench.run("TCP non-blocking receive of nothing", raising, ("socket", 1.9, peer))
    bench.run("TCP try_receive of nothing", trying, ("socket", 3.0, peer))


def accepting(bench: Bench) -> None:
    queue = 32
    listener = TcpListener()
    listener.listen(0, LOCAL)
    server = socket.create_server(("127.0.0.1", 0), backlog=128)

    def work(accept: Call, address: tuple[str, int], close: Call) -> Work:
        def exchange(turn: Turn) -> None:
            for _ in range(turn.repetitions):
                clients = [connect(address) for _ in range(queue)]
                with turn:
                    accepted = [accept() for _ in range(queue)]
                for client in clients:
                    client.close()
                for end in accepted:
                    close(end)

        return exchange

    bench.run(
        "accept; TCP_NODELAY on",
        work(listener.accept, ("127.0.0.1", listener.local_port), TcpSocket.close),
        (
            "socket; TCP_NODELAY off",
            None,
            work(server.accept, server.getsockname(), lambda pair: pair[0].close()),
        ),
    )


def connect(address: tuple[str, int]) -> socket.socket:
    """A client whose closing resets the connection, so that no port stays taken for a minute."""
    client = socket.create_connection(address)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return client
