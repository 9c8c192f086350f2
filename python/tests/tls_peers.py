"""Certificates, and connections inside TLS: between two of our sockets, and with CPython's `ssl` at the other end."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import peers
import pytest
from sfml.network import SocketSelector, TcpSocket, TlsStatus
from waits import MUCH, Wait

T = TypeVar("T")

COMPLETE = TlsStatus.HANDSHAKE_COMPLETE
STARTED = TlsStatus.HANDSHAKE_STARTED


_making = threading.Lock()


@functools.cache
def _made() -> Path:
    built = Path(__file__).parents[2] / "target/debug/examples/certificates"
    program = os.environ.get("SFML_NETWORK_CERTIFICATES", str(built))
    if not Path(program).exists():
        pytest.skip(f"{program} is missing; cargo build -p testkit --example certificates makes it")
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([program, folder], check=True, timeout=30)
    return Path(folder)


def path(name: str) -> Path:
    """A file of `testkit::certificates`, such as ``good.pem``, ``good.key`` or ``authority.pem``."""
    with _making:
        return _made() / name


def identity(name: str = "good") -> tuple[Path, Path]:
    """The chain and the key of an identity."""
    return path(f"{name}.pem"), path(f"{name}.key")


def authority() -> Path:
    return path("authority.pem")


@contextlib.contextmanager
def beside(call: Callable[[], T]) -> Iterator[Future[T]]:
    """Makes a call on a thread of its own; what it raises is in the future."""
    with ThreadPoolExecutor(1) as executor:
        yield executor.submit(call)


@contextlib.contextmanager
def inside(
    name: str = "good", server: dict[str, Any] | None = None, **client: Any
) -> Iterator[tuple[TcpSocket, TcpSocket]]:
    """Two of our sockets, inside TLS with each other: the client and the server."""
    with peers.connected() as (near, far):
        with beside(lambda: far.setup_tls_server(*identity(name), timeout=15, **server or {})) as accepted:
            assert near.setup_tls_client("localhost", ca=authority(), timeout=15, **client) == COMPLETE
            assert accepted.result(15) == COMPLETE
        yield near, far


def server_context(name: str = "good", **settings: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*identity(name))
    for setting, value in settings.items():
        setattr(context, setting, value)
    return context


def client_context(ca: str = "authority.pem") -> ssl.SSLContext:
    return ssl.create_default_context(cafile=path(ca))


@contextlib.contextmanager
def to_cpython(
    context: ssl.SSLContext | None = None, **client: Any
) -> Iterator[tuple[TcpSocket, ssl.SSLSocket]]:
    """Our client, inside TLS with a server of CPython's."""
    context = context or server_context()
    with peers.connected_to_stdlib() as (ours, theirs):
        with beside(lambda: context.wrap_socket(theirs, server_side=True)) as accepted:
            assert ours.setup_tls_client("localhost", ca=authority(), timeout=15, **client) == COMPLETE
            wrapped = accepted.result(15)
        with wrapped:
            yield ours, wrapped


@contextlib.contextmanager
def from_cpython(
    context: ssl.SSLContext | None = None, **server: Any
) -> Iterator[tuple[TcpSocket, ssl.SSLSocket]]:
    """Our server, inside TLS with a client of CPython's."""
    context = context or client_context()
    with peers.connected_to_stdlib() as (ours, theirs):
        with beside(lambda: context.wrap_socket(theirs, server_hostname="localhost")) as connected:
            assert ours.setup_tls_server(*identity(), timeout=15, **server) == COMPLETE
            wrapped = connected.result(15)
        with wrapped:
            yield ours, wrapped


def until(selector: SocketSelector, moves_on: Callable[[], bool], rounds: int = 200) -> None:
    """Lets a selector wait until something is so. Rounds are many enough for every event, and not endless."""
    for _ in range(rounds):
        if moves_on():
            return
        selector.wait(0.5)
    pytest.fail("it never came to that")


TLS_WAITS: dict[str, Callable[[], AbstractContextManager[Wait]]] = {}


def _inside(name: str, full: bool, call: Callable[[TcpSocket, float | None], object]) -> None:
    @contextlib.contextmanager
    def ready() -> Iterator[Wait]:
        with inside() as (client, _server):
            if full:
                peers.fill(client)
            yield Wait(lambda limit: call(client, limit), client.disconnect)

    TLS_WAITS[name] = ready


_inside("tls_send", True, lambda tcp, limit: tcp.send(MUCH, limit))
_inside("tls_receive", False, lambda tcp, limit: tcp.receive(1000, limit))
_inside("tls_receive_exact", False, lambda tcp, limit: tcp.receive_exact(1000, limit))
_inside("tls_receive_into", False, lambda tcp, limit: tcp.receive_into(bytearray(1000), limit))
_inside("tls_receive_packet", False, lambda tcp, limit: tcp.receive_packet(None, limit))


@contextlib.contextmanager
def _client_handshake() -> Iterator[Wait]:
    with peers.connected() as (client, _silent):
        ca = authority()
        yield Wait(
            lambda limit: client.setup_tls_client("localhost", ca=ca, timeout=limit), client.disconnect
        )


@contextlib.contextmanager
def _server_handshake() -> Iterator[Wait]:
    with peers.connected() as (_silent, server):
        chain, key = identity()
        yield Wait(lambda limit: server.setup_tls_server(chain, key, timeout=limit), server.disconnect)


TLS_WAITS |= {"tls_client_handshake": _client_handshake, "tls_server_handshake": _server_handshake}
