"""Selectors against `select.epoll` and `selectors`."""

from __future__ import annotations

import resource
import select
import selectors
import socket

from paired import Bench, Turn
from sfml_network import IpAddress, SocketSelector, UdpSocket

MOST = 10_000


def allow_descriptors(count: int) -> bool:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return True


def run(bench: Bench) -> None:
    most = MOST if allow_descriptors(MOST) else 900
    if most < MOST:
        print(f"SKIPPED: {MOST} descriptors are not allowed here; raise `ulimit -n`")
    pool = []
    for _ in range(most):
        end = UdpSocket()
        end.bind(0, IpAddress.LOCAL_HOST)
        pool.append(end)
    pool[0].send(b"x", IpAddress.LOCAL_HOST, pool[0].local_port)
    for count in (10, 200, 1000, MOST):
        if count <= most:
            one_ready(bench, pool[:count])
    none_ready(bench, pool[1:101])
    ready_ones(bench, pool[:200])


def one_ready(bench: Bench, watched: list[UdpSocket]) -> None:
    case = f"selector wait; 1 of {len(watched)} ready"
    if not bench.wants(case):
        return
    selector = SocketSelector()
    epoll = select.epoll()
    default = selectors.DefaultSelector()
    for end in watched:
        selector.add(end)
        epoll.register(end.fileno(), select.EPOLLIN)
        default.register(end.fileno(), selectors.EVENT_READ)

    def ours(turn: Turn) -> None:
        wait = selector.wait
        with turn as times:
            for _ in times:
                assert wait()

    def raw(turn: Turn) -> None:
        poll = epoll.poll
        with turn as times:
            for _ in times:
                assert poll()

    def standard(turn: Turn) -> None:
        wait = default.select
        with turn as times:
            for _ in times:
                assert wait()

    bench.run(case, ours, ("select.epoll.poll", 1.4, raw), ("selectors.DefaultSelector", None, standard))
    epoll.close()
    default.close()


def none_ready(bench: Bench, watched: list[UdpSocket]) -> None:
    selector = SocketSelector()
    epoll = select.epoll()
    for end in watched:
        selector.add(end)
        epoll.register(end.fileno(), select.EPOLLIN)

    def ours(turn: Turn) -> None:
        poll = selector.poll
        with turn as times:
            for _ in times:
                assert not poll()

    def raw(turn: Turn) -> None:
        poll = epoll.poll
        with turn as times:
            for _ in times:
                assert not poll(0)

    bench.run(f"selector poll; none of {len(watched)} ready", ours, ("select.epoll.poll", None, raw))
    epoll.close()


def ready_ones(bench: Bench, watched: list[UdpSocket]) -> None:
    """Finding out which sockets are ready, out of many that all are."""
    twins = {end.fileno(): socket.socket(fileno=socket.dup(end.fileno())) for end in watched}
    default = selectors.DefaultSelector()
    selector = SocketSelector()
    for end in watched:
        end.send(b"x", IpAddress.LOCAL_HOST, end.local_port)
        selector.add(end)
        default.register(twins[end.fileno()], selectors.EVENT_READ)

    def ours(turn: Turn) -> None:
        wait, ready = selector.wait, selector.ready
        with turn as times:
            for _ in times:
                wait()
                assert len(ready()) == len(watched)

    def standard(turn: Turn) -> None:
        wait = default.select
        with turn as times:
            for _ in times:
                assert len(wait()) == len(watched)

    case = f"selector wait and list; {len(watched)} of {len(watched)} ready"
    bench.run(case, ours, ("selectors.DefaultSelector", None, standard))
    default.close()
    for twin in twins.values():
        twin.close()
