"""Calls at the wrong moment and peers that misbehave: each ends in a typed error that names the cause."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Callable

import peers
import pytest
from sfml.network import (
    IpAddress,
    Packet,
    Socket,
    SocketDisconnected,
    SocketError,
    SocketException,
    SocketNotReady,
    SocketSelector,
    TcpListener,
    TcpSocket,
    UdpSocket,
)
from sleepers import run_script

LOCAL = IpAddress.LOCAL_HOST
StdlibPair = tuple[TcpSocket, socket.socket]

UNCONNECTED: dict[str, Callable[[TcpSocket], object]] = {
    "send": lambda tcp: tcp.send(b"x"),
    "send nothing": lambda tcp: tcp.send(b""),
    "receive": lambda tcp: tcp.receive(1),
    "receive nothing": lambda tcp: tcp.receive(0),
    "receive_exact": lambda tcp: tcp.receive_exact(1),
    "receive_into": lambda tcp: tcp.receive_into(bytearray(1)),
    "try_receive": lambda tcp: tcp.try_receive(1),
    "peek": lambda tcp: tcp.peek(1),
    "shutdown": lambda tcp: tcp.shutdown(),
    "send_packet": lambda tcp: tcp.send_packet(Packet()),
    "receive_packet": lambda tcp: tcp.receive_packet(),
}


@pytest.mark.parametrize("call", UNCONNECTED.values(), ids=list(UNCONNECTED))
def test_calls_on_unconnected_sockets(
    pair: tuple[TcpSocket, TcpSocket], call: Callable[[TcpSocket], object]
) -> None:
    used, _ = pair
    used.disconnect()
    for unconnected in (TcpSocket(), used):
        with pytest.raises(SocketError, match="not connected"):
            call(unconnected)


def test_calls_on_unbound_sockets_and_idle_listeners() -> None:
    calls: list[tuple[str, Callable[[], object]]] = [
        ("not bound", lambda: UdpSocket().receive(1)),
        ("not bound", lambda: UdpSocket().receive_into(bytearray(1))),
        ("not bound", lambda: UdpSocket().try_receive(1)),
        ("not bound", lambda: UdpSocket().receive_many()),
        ("not bound", lambda: UdpSocket().receive_packet()),
        ("not listening", lambda: TcpListener().accept()),
        ("not listening", lambda: TcpListener().try_accept()),
    ]
    for sentence, call in calls:
        with pytest.raises(SocketError, match=sentence):
            call()


def test_a_connected_socket_may_connect_again_and_a_failure_leaves_it_unconnected(
    stdlib_pair: StdlibPair,
) -> None:
    ours, theirs = stdlib_pair
    with peers.refusing_port() as port, pytest.raises(SocketError, match="refused"):
        ours.connect(LOCAL, port)
    assert ours.closed
    assert theirs.recv(1) == b""
    with pytest.raises(SocketError, match="not connected"):
        ours.send(b"x")


def test_port_zero_cannot_be_connected_or_sent_to(udp_pair: tuple[UdpSocket, UdpSocket]) -> None:
    with pytest.raises(SocketError, match="port 0"):
        TcpSocket().connect(LOCAL, Socket.ANY_PORT)
    with pytest.raises(SocketError, match="port 0"):
        udp_pair[0].send(b"x", LOCAL, 0)


def test_a_peer_that_resets(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    peers.reset(theirs)
    with pytest.raises(SocketDisconnected, match="reset") as caught:
        ours.receive(1)
    assert caught.value.errno == errno.ECONNRESET
    with pytest.raises(SocketDisconnected) as again:
        ours.send(b"x")
    assert again.value.errno == errno.EPIPE
    assert ours.remote_address == IpAddress.NONE
    ours.disconnect()


@pytest.mark.parametrize(
    "call",
    [
        lambda ours: ours.receive_exact(8),
        lambda ours: ours.receive_packet(),
        lambda ours: ours.receive_into(bytearray(8)),
        lambda ours: ours.peek(8),
        lambda ours: ours.try_receive(8),
    ],
)
def test_every_receive_tells_a_reset(stdlib_pair: StdlibPair, call: Callable[[TcpSocket], object]) -> None:
    ours, theirs = stdlib_pair
    peers.reset(theirs)
    with SocketSelector() as selector:
        selector.add(ours)
        assert selector.wait(5)
    with pytest.raises(SocketDisconnected, match="reset"):
        call(ours)


def test_a_half_open_connection(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(SocketDisconnected, match="peer closed"):
        ours.receive(1)
    assert ours.send(b"still going") == 11
    assert theirs.recv(100) == b"still going"


def test_sending_to_a_peer_that_is_gone_is_told_soon(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.close()

    def send_until_told() -> None:
        for _ in range(1000):
            ours.send(b"x" * 1000, 5)

    with pytest.raises(SocketDisconnected):
        send_until_told()


def test_a_full_send_buffer(stdlib_pair: StdlibPair) -> None:
    ours, _ = stdlib_pair
    peers.fill(ours)
    for limit, blocking in [(0.01, True), (None, False)]:
        ours.blocking = blocking
        with pytest.raises(SocketNotReady) as caught:
            ours.send(b"x", limit)
        assert caught.value.errno == errno.EWOULDBLOCK
        with pytest.raises(SocketNotReady):
            ours.send_packet(Packet(b"x"), limit)


def test_datagrams_that_are_too_large(udp_pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = udp_pair
    with pytest.raises(SocketError, match=r"65508 bytes.*65507") as caught:
        sender.send(bytes(UdpSocket.MAX_DATAGRAM_SIZE + 1), LOCAL, receiver.local_port)
    assert caught.value.errno == errno.EMSGSIZE
    with pytest.raises(SocketError, match="65507"):
        sender.send_packet(Packet(bytes(70_000)), LOCAL, receiver.local_port)
    assert receiver.try_receive(65536) is None
    sender.send(bytes(100), LOCAL, receiver.local_port)
    with pytest.raises(SocketError, match=r"100|larger") as short:
        receiver.receive(99, 5)
    assert short.value.errno == errno.EMSGSIZE
    assert receiver.try_receive(65536) is None


def test_ipv6_from_an_ipv4_socket(udp_pair: tuple[UdpSocket, UdpSocket]) -> None:
    with pytest.raises(SocketError, match=r"IPv6.*ANY_V6"):
        udp_pair[0].send(b"x", IpAddress.LOCAL_HOST_V6, 80)


def test_a_packet_that_announces_four_gigabytes(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(struct.pack(">I", 0xFFFFFFFF) + b"data")
    for _ in range(2):
        with pytest.raises(SocketError, match=r"4294967295 bytes.*limit of 16777216") as caught:
            ours.receive_packet(timeout=5)
        assert caught.value.errno == errno.EMSGSIZE


def test_a_packet_within_the_limit_that_never_comes_costs_no_memory(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    ours.packet_limit = 0xFFFFFFFF
    theirs.sendall(struct.pack(">I", 0xFFFFFFFF) + b"data")
    with pytest.raises(SocketNotReady):
        ours.receive_packet(timeout=0.02)


def test_every_exception_is_of_the_documented_family(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.close()
    for connection in (ours, TcpSocket()):
        with pytest.raises(SocketException) as caught:
            connection.receive(1)
        assert str(caught.value)
        assert caught.value.status in (Socket.NOT_READY, Socket.DISCONNECTED, Socket.ERROR)


@peers.unix_only
def test_descriptors_exhausted() -> None:
    assert run_script(EXHAUSTED).split() == ["bind", "listen", "connect", "send", "selector", "accept"]


EXHAUSTED = """
import contextlib, errno, resource, socket
from sfml.network import *
LOCAL = IpAddress.LOCAL_HOST
listener, waiting = TcpListener(), TcpListener()
listener.listen(0, LOCAL)
client = TcpSocket()
client.connect(LOCAL, listener.local_port)
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
held = []
with contextlib.suppress(OSError):
    while True:
        held.append(socket.socket())
calls = {
    "bind": lambda: UdpSocket().bind(0),
    "listen": lambda: waiting.listen(0),
    "connect": lambda: TcpSocket().connect(LOCAL, listener.local_port),
    "send": lambda: UdpSocket().send(b"x", LOCAL, 80),
    "selector": SocketSelector,
    "accept": listener.accept,
}
for name, call in calls.items():
    try:
        call()
    except SocketError as error:
        assert error.errno == errno.EMFILE, (name, error)
        assert "descriptor" in str(error) or "files" in str(error), (name, str(error))
        print(name)
for each in held:
    each.close()
with listener.accept(timeout=5) as server:
    client.send(b"as if nothing had been")
    assert server.receive(100) == b"as if nothing had been"
client.close()
listener.close()
"""
