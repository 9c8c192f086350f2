"""The other ends that the tests talk to: our own sockets, the standard library's, and ports that never answer."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sfml.network import IpAddress, SocketNotReady, SocketSelector, TcpListener, TcpSocket, UdpSocket

LOOPBACK = "127.0.0.1"

NOBODY = [f"https://{LOOPBACK}:1/"]
"""Services for `IpAddress.get_public_address` of which there is none, so that nobody on the internet is asked."""

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="platform: sockets are no files there")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="platform: Linux alone has it")


@contextlib.contextmanager
def connected() -> Iterator[tuple[TcpSocket, TcpSocket]]:
    """Two of our sockets, connected to each other."""
    with TcpListener() as listener, TcpSocket() as client:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client.connect(IpAddress.LOCAL_HOST, listener.local_port, 5)
        with listener.accept(timeout=5) as server:
            yield client, server


@contextlib.contextmanager
def connected_to_stdlib() -> Iterator[tuple[TcpSocket, socket.socket]]:
    """One of our sockets, connected to one of the standard library's."""
    with socket.create_server((LOOPBACK, 0)) as listener, TcpSocket() as ours:
        ours.connect(LOOPBACK, listener.getsockname()[1], 5)
        theirs, _ = listener.accept()
        with theirs:
            theirs.settimeout(5)
            yield ours, theirs


@contextlib.contextmanager
def bound() -> Iterator[tuple[UdpSocket, UdpSocket]]:
    """Two of our UDP sockets on loopback."""
    with UdpSocket() as one, UdpSocket() as other:
        one.bind(0, IpAddress.LOCAL_HOST)
        other.bind(0, IpAddress.LOCAL_HOST)
        yield one, other


@contextlib.contextmanager
def bound_beside_stdlib() -> Iterator[tuple[UdpSocket, socket.socket]]:
    """One of our UDP sockets and one of the standard library's, on loopback."""
    with UdpSocket() as ours, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs:
        ours.bind(0, IpAddress.LOCAL_HOST)
        theirs.bind((LOOPBACK, 0))
        theirs.settimeout(5)
        yield ours, theirs


@contextlib.contextmanager
def unanswered_port() -> Iterator[int]:
    """A port whose backlog is full: attempts to connect to it are neither accepted nor refused."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket())
        listener.bind((LOOPBACK, 0))
        listener.listen(0)
        while True:
            attempt = held.enter_context(socket.socket())
            attempt.settimeout(0.2)
            try:
                attempt.connect(listener.getsockname())
            except TimeoutError:
                break
        yield listener.getsockname()[1]


@contextlib.contextmanager
def refusing_port() -> Iterator[int]:
    """A port that is taken, so that nobody else gets it, and on which nobody listens."""
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        yield holder.getsockname()[1]


STREAM = """
import contextlib, socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection, contextlib.suppress(OSError):
    while True:
        connection.sendall(bytes(1 << 20))
"""


@contextlib.contextmanager
def connected_to_a_stream() -> Iterator[TcpSocket]:
    """A connection to a program of its own, which sends without end and as fast as it can."""
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        with (
            subprocess.Popen([sys.executable, "-c", STREAM, str(listener.local_port)]),
            listener.accept(timeout=10) as ours,
        ):
            yield ours


def fill(sender: TcpSocket) -> int:
    """Sends until the system takes no more; returns how many bytes it took. The mode is left as it was."""
    blocking, sender.blocking = sender.blocking, False
    total, taken = 0, 1
    with SocketSelector() as selector:
        selector.add(sender, readable=False, writable=True)
        while taken:
            # What moves on to the other end's buffer leaves room in ours once it is acknowledged, within 40 ms.
            selector.wait(0.06)
            taken = _taken(sender)
            total += taken
    sender.blocking = blocking
    return total


def _taken(sender: TcpSocket) -> int:
    total = 0
    try:
        while True:
            total += sender.send(bytes(1 << 16))
    except SocketNotReady:
        return total


def received_until_end(theirs: socket.socket) -> bytes:
    """All that arrives until the other end closes."""
    return b"".join(iter(lambda: theirs.recv(1 << 20), b""))


def reset(theirs: socket.socket) -> None:
    """Closes a connection the hard way, so that the other end meets a reset."""
    theirs.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    )
    theirs.close()
