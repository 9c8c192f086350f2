# ruff: noqa: SIM105 (contextlib.suppress would be most of what is measured)
"""The same calls of ours and of a released pySFML, both imported into one interpreter."""

from __future__ import annotations

from typing import Any

import sfml.network as theirs
import sfml.system
import sfml_network as ours
from paired import Bench, Call, Turn, Work

LARGE = 65536
BURST = 32


def run(bench: Bench, peer: str) -> None:
    name = {"pypi": "pySFML of PyPI", "debian": "pySFML of Debian"}[peer]
    if theirs.TcpSocket is ours.TcpSocket:
        raise SystemExit("sfml.network is ours here, and not the peer's")
    streams(bench, name, slow_copies=peer == "debian")
    datagrams(bench, name)
    for count, goal in ((10, 3.0), (200, 30.0)):
        selector(bench, name, count, goal)
    asking(bench, name)


def pair(package: Any) -> tuple[Any, Any]:
    """The two ends of a connection; works in any pySFML."""
    listener = package.TcpListener()
    listener.listen(0)
    client = package.TcpSocket()
    client.connect(package.IpAddress.LOCAL_HOST, listener.local_port)
    server = listener.accept()
    listener.close()
    return client, server


def streams(bench: Bench, name: str, *, slow_copies: bool) -> None:
    (client, server), (their_client, their_server) = pair(ours), pair(theirs)

    def exchange(send: Call, receive: Call) -> Work:
        def work(turn: Turn) -> None:
            with turn as times:
                for _ in times:
                    send(b"x")
                    receive(64)

        return work

    bench.run(
        "TCP 1 B send + receive",
        exchange(client.send, server.receive),
        (name, None, exchange(their_client.send, their_server.receive)),
    )

    data = bytes(LARGE)

    def large(send: Call, receive: Call) -> Work:
        def work(turn: Turn) -> None:
            with turn as times:
                for _ in times:
                    send(data)
                    received = len(receive(LARGE))
                    while received < len(data):
                        received += len(receive(LARGE))

        return work

    bench.run(
        "TCP 64 KiB send + receive",
        large(client.send, server.receive),
        (name, 4.0 if slow_copies else 1.1, large(their_client.send, their_server.receive)),
    )

    server.blocking = False
    their_server.blocking = False

    def nothing(receive: Call, not_ready: type[BaseException]) -> Work:
        def work(turn: Turn) -> None:
            with turn as times:
                for _ in times:
                    try:
                        receive(64)
                    except not_ready:
                        pass

        return work

    bench.run(
        "TCP non-blocking receive of nothing",
        nothing(server.receive, ours.SocketNotReady),
        (name, None, nothing(their_server.receive, theirs.SocketNotReady)),
    )


def datagrams(bench: Bench, name: str) -> None:
    def bursts(package: Any, data: bytes) -> Work:
        receiver, sender = package.UdpSocket(), package.UdpSocket()
        receiver.bind(0)
        sender.bind(0)
        local, port = package.IpAddress.LOCAL_HOST, receiver.local_port

        def work(turn: Turn) -> None:
            send, receive = sender.send, receiver.receive
            with turn as times:
                for _ in times:
                    for _ in range(BURST):
                        send(data, local, port)
                    for _ in range(BURST):
                        receive(2048)

        return work

    for size in (64, 1200):
        data = bytes(size)
        bench.run(f"UDP {size} B send + receive", bursts(ours, data), (name, None, bursts(theirs, data)))


def watching(package: Any, count: int) -> tuple[Any, list[Any]]:
    """A selector and its sockets, the first of which is ready."""
    selector, ends = package.SocketSelector(), []
    for _ in range(count):
        end = package.UdpSocket()
        end.bind(0)
        selector.add(end)
        ends.append(end)
    ends[0].send(b"x", package.IpAddress.LOCAL_HOST, ends[0].local_port)
    return selector, ends


def selector(bench: Bench, name: str, count: int, goal: float) -> None:
    def waits(package: Any) -> Work:
        selector, ends = watching(package, count)

        def work(turn: Turn) -> None:
            wait = selector.wait
            with turn as times:
                for _ in times:
                    assert wait()
            assert ends

        return work

    case = f"selector wait; 1 of {count} ready"
    if bench.wants(case):
        bench.run(case, waits(ours), (name, goal, waits(theirs)))


def asking(bench: Bench, name: str) -> None:
    def asks(package: Any, limit: Any) -> Work:
        selector, ends = watching(package, 10)
        assert selector.wait(limit)
        first = ends[0]

        def work(turn: Turn) -> None:
            is_ready = selector.is_ready
            with turn as times:
                for _ in times:
                    is_ready(first)
            assert ends

        return work

    limit = sfml.system.seconds(5)
    bench.run("is_ready", asks(ours, 5), (name, None, asks(theirs, limit)))
