"""TLS and threads: others run meanwhile, closing and Ctrl-C end what waits, a forked child leaves the parent alone."""

from __future__ import annotations

import os
import random
import threading
import time

import peers
import pytest
import tls_peers
from sfml.network import (
    IpAddress,
    SocketDisconnected,
    SocketError,
    SocketException,
    SocketNotReady,
    TcpListener,
    TcpSocket,
    TlsStatus,
)
from sleepers import Waiter, needs_proc, run_script
from tls_peers import COMPLETE, TLS_WAITS, authority, identity

pytestmark = needs_proc

each_wait = pytest.mark.parametrize("name", TLS_WAITS)

PREAMBLE = """
import os, signal, sys, threading, time
import tls_peers
from sfml.network import *
from sleepers import helped, until_asleep
from tls_peers import TLS_WAITS
"""


@each_wait
def test_closing_from_another_thread_ends_a_waiting_call(name: str) -> None:
    for _ in range(3):
        with TLS_WAITS[name]() as wait, Waiter(lambda: wait.call(None)) as waiter:
            wait.end()
        assert isinstance(waiter.error, SocketException), waiter.error


@each_wait
def test_a_limit_ends_a_waiting_call(name: str) -> None:
    with TLS_WAITS[name]() as wait, pytest.raises(SocketNotReady):
        wait.call(0.05)


CTRL_C = (
    PREAMBLE
    + """
def interrupt():
    until_asleep(threading.main_thread())
    os.kill(os.getpid(), signal.SIGINT)

with TLS_WAITS[sys.argv[1]]() as wait:
    for _ in range(3):
        helper = helped(interrupt)
        try:
            wait.call(None)
        except KeyboardInterrupt:
            helper.join()
        else:
            sys.exit("the call has ended by itself")
print("interrupted")
"""
)


@each_wait
def test_ctrl_c_ends_a_waiting_call(name: str) -> None:
    assert run_script(CTRL_C, name).strip() == "interrupted"


def test_a_handshake_that_ctrl_c_has_ended_goes_on() -> None:
    program = """
import peers
with peers.connected() as (client, server):
    ca = tls_peers.authority()
    helper = helped(lambda: (until_asleep(threading.main_thread()), os.kill(os.getpid(), signal.SIGINT)))
    try:
        client.setup_tls_client("localhost", ca=ca)
    except KeyboardInterrupt:
        helper.join()
    assert client.tls_status is TlsStatus.HANDSHAKE_STARTED
    with tls_peers.beside(lambda: server.setup_tls_server(*tls_peers.identity(), timeout=15)):
        assert client.setup_tls_client("localhost", timeout=15) == TlsStatus.HANDSHAKE_COMPLETE
"""
    run_script(PREAMBLE + program)


def test_two_threads_may_move_one_handshake_on() -> None:
    with peers.connected() as (client, server):

        def connect() -> TlsStatus:
            return client.setup_tls_client("localhost", ca=authority(), timeout=15)

        with tls_peers.beside(connect) as one, tls_peers.beside(connect) as other:
            assert server.setup_tls_server(*identity(), timeout=15) == COMPLETE
            assert one.result(15) == other.result(15) == COMPLETE


def test_a_socket_that_another_thread_receives_from_is_not_put_into_tls() -> None:
    with peers.connected() as (client, server), Waiter(lambda: client.receive(100)) as waiter:
        with pytest.raises(SocketError, match="another thread is using the socket"):
            client.setup_tls_client("localhost", ca=authority())
        assert client.tls_status is TlsStatus.NOT_CONNECTED
        server.send(b"plain as before")
    assert waiter.result == b"plain as before"


def test_a_mistake_while_another_thread_receives_ends_the_connection() -> None:
    with peers.connected() as (client, server), Waiter(lambda: client.receive(100)) as waiter:
        with pytest.raises(SocketError, match="could not be read"):
            client.setup_tls_client("localhost", ca="/nowhere")
        with pytest.raises(SocketException):
            client.send(b"not in plain text")
        with pytest.raises(SocketDisconnected):
            server.receive(100, 5)
    assert isinstance(waiter.error, SocketDisconnected)


def test_one_thread_sends_while_another_receives() -> None:
    data = random.Random(3).randbytes(4 << 20)
    with (
        tls_peers.inside() as (client, server),
        tls_peers.beside(lambda: client.send(data, 15)),
        tls_peers.beside(lambda: server.send(data, 15)),
        tls_peers.beside(lambda: server.receive_exact(len(data), 15)) as there,
    ):
        assert client.receive_exact(len(data), 15) == data
        assert there.result(15) == data


def test_other_threads_run_beside_a_large_transfer() -> None:
    ticks, over = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not over.wait(0.0005):
            ticks += 1

    data = bytes(16 << 20)
    with tls_peers.inside() as (client, server):
        ticker = threading.Thread(target=tick)
        ticker.start()
        start = time.monotonic()
        with tls_peers.beside(lambda: client.send(data, 15)):
            server.receive_exact(len(data), 15)
        elapsed = time.monotonic() - start
        over.set()
        ticker.join()
    print(f"{ticks / elapsed:.0f} ticks a second beside a transfer of {len(data) >> 20} MiB")
    assert ticks > 2


def test_one_left_open_warns_and_ends_by_the_rules() -> None:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client = TcpSocket()
        client.connect(IpAddress.LOCAL_HOST, listener.local_port, 5)
        with listener.accept(timeout=5) as server:
            with tls_peers.beside(lambda: server.setup_tls_server(*identity(), timeout=15)):
                client.setup_tls_client("localhost", ca=authority(), timeout=15)
            with pytest.warns(ResourceWarning, match="unclosed TcpSocket"):
                del client
            with pytest.raises(SocketDisconnected) as ended:
                server.receive(1, 10)
            assert ended.value.__cause__ is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="platform: there is no fork")
def test_a_child_that_closes_its_copy_leaves_the_parents_alone() -> None:
    program = """
with tls_peers.inside() as (client, server):
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        client.disconnect()
        server.disconnect()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
    client.send(b"still here")
    assert server.receive(100, 10) == b"still here"
    assert server.tls_status is TlsStatus.HANDSHAKE_COMPLETE
"""
    run_script(PREAMBLE + program)
