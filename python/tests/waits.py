"""Every call that waits, ready to wait: what to call, and what another thread does to end it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import peers
from peers import LOOPBACK
from sfml.network import IpAddress, Packet, SocketSelector, TcpListener, TcpSocket, UdpSocket


@dataclass(frozen=True)
class Wait:
    """A call that nothing ends but its limit, a signal, or `end` from another thread."""

    call: Callable[[float | None], object]
    end: Callable[[], object]


WAITS: dict[str, Callable[[], AbstractContextManager[Wait]]] = {}


def _tcp(name: str, full: bool, call: Callable[[TcpSocket, float | None], object]) -> None:
    @contextlib.contextmanager
    def ready() -> Iterator[Wait]:
        with peers.connected() as (client, _server):
            if full:
                peers.fill(client)
            yield Wait(lambda limit: call(client, limit), client.disconnect)

    WAITS[name] = ready


def _udp(name: str, call: Callable[[UdpSocket, float | None], object]) -> None:
    @contextlib.contextmanager
    def ready() -> Iterator[Wait]:
        with UdpSocket() as receiver:
            receiver.bind(0, IpAddress.LOCAL_HOST)
            yield Wait(lambda limit: call(receiver, limit), receiver.unbind)

    WAITS[name] = ready


# More than any buffer takes, since a full one may find a little more room at any time.
MUCH = bytes(32 << 20)
PACKET = Packet(MUCH)

_tcp("send", True, lambda tcp, limit: tcp.send(MUCH, limit))
_tcp("send_packet", True, lambda tcp, limit: tcp.send_packet(PACKET, limit))
_tcp("receive", False, lambda tcp, limit: tcp.receive(1000, limit))
_tcp("receive_large", False, lambda tcp, limit: tcp.receive(1 << 20, limit))
_tcp("receive_exact", False, lambda tcp, limit: tcp.receive_exact(1000, limit))
_tcp("receive_into", False, lambda tcp, limit: tcp.receive_into(bytearray(1000), limit))
_tcp("receive_packet", False, lambda tcp, limit: tcp.receive_packet(None, limit))
_tcp("peek", False, lambda tcp, limit: tcp.peek(1000, limit))
_udp("udp_receive", lambda udp, limit: udp.receive(1000, limit))
_udp("udp_receive_into", lambda udp, limit: udp.receive_into(bytearray(1000), limit))
_udp("udp_receive_many", lambda udp, limit: udp.receive_many(8, 1000, limit))
_udp("udp_receive_packet", lambda udp, limit: udp.receive_packet(None, limit))


@contextlib.contextmanager
def _connect() -> Iterator[Wait]:
    with peers.unanswered_port() as port, TcpSocket() as client:
        yield Wait(lambda limit: client.connect(LOOPBACK, port, limit), client.disconnect)


@contextlib.contextmanager
def _accept() -> Iterator[Wait]:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        yield Wait(lambda limit: listener.accept(timeout=limit), listener.close)


@contextlib.contextmanager
def _selector_wait() -> Iterator[Wait]:
    with SocketSelector() as selector, UdpSocket() as idle:
        idle.bind(0, IpAddress.LOCAL_HOST)
        selector.add(idle)

        def wait(limit: float | None) -> Any:
            return selector.wait(limit)

        yield Wait(wait, selector.wake)


WAITS |= {"connect": _connect, "accept": _accept, "selector_wait": _selector_wait}
