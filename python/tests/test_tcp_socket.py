"""`TcpSocket`: connects, sends and receives, told what became of it; the standard library is the second opinion."""

from __future__ import annotations

import array
import hashlib
import ipaddress
import random
import socket
import threading
from datetime import timedelta

import peers
import pytest
from peers import LOOPBACK
from sfml.network import (
    IpAddress,
    Socket,
    SocketDisconnected,
    SocketError,
    SocketNotReady,
    SocketSelector,
    TcpListener,
    TcpSocket,
)
from sfml.system import Time, milliseconds, seconds
from sleepers import Waiter, needs_proc

Pair = tuple[TcpSocket, TcpSocket]
StdlibPair = tuple[TcpSocket, socket.socket]
MIB = 1 << 20


def test_a_new_socket_is_not_connected() -> None:
    client = TcpSocket()
    assert (client.local_port, client.remote_port) == (0, 0)
    assert client.local_address == client.remote_address == IpAddress.NONE
    assert client.blocking
    assert client.closed
    assert client.fileno() == -1


def test_both_ends_know_each_other(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    assert (LOOPBACK, ours.local_port) == theirs.getpeername()
    assert (ours.remote_address.string, ours.remote_port) == theirs.getsockname()
    assert ours.local_address == IpAddress.LOCAL_HOST
    assert not ours.closed


@pytest.mark.parametrize(
    "address",
    [IpAddress.LOCAL_HOST, "127.0.0.1", "localhost", ipaddress.IPv4Address("127.0.0.1")],
    ids=lambda address: f"{type(address).__name__} {address}",
)
@pytest.mark.parametrize("limit", [None, 0, Time.ZERO, 5, 5.0, seconds(5), timedelta(seconds=5)], ids=repr)
def test_each_kind_of_address_and_limit_connects(
    address: IpAddress | str | ipaddress.IPv4Address, limit: Time | timedelta | float | None
) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener, TcpSocket() as client:
        client.connect(address, listener.getsockname()[1], limit)
        assert client.remote_address == IpAddress.LOCAL_HOST


def test_ipv6_connects_to_a_dual_stack_listener_and_so_does_ipv4() -> None:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.ANY_V6)
        for address in (IpAddress.LOCAL_HOST_V6, IpAddress.LOCAL_HOST):
            with TcpSocket() as client:
                client.connect(address, listener.local_port, 5)
                with listener.accept() as server:
                    assert server.remote_address == client.local_address == address


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda data: array.array("B", data)])
def test_every_kind_of_data_is_sent(stdlib_pair: StdlibPair, kind: type[bytes]) -> None:
    ours, theirs = stdlib_pair
    assert ours.send(kind(b"data \0 data")) == 11
    assert theirs.recv(100) == b"data \0 data"


def test_a_str_is_sent_as_utf8(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    assert ours.send("schön") == 6
    assert theirs.recv(100).decode() == "schön"


def test_a_part_of_a_buffer_is_sent_as_it_is(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    assert ours.send(memoryview(b"0123456789")[3:7]) == 4
    assert ours.send(memoryview(array.array("I", [1, 2]))) == 8
    assert theirs.recv(4) == b"3456"
    assert theirs.recv(100) == array.array("I", [1, 2]).tobytes()


def test_nothing_is_sent_and_received_at_once(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    assert ours.send(b"") == 0
    assert ours.receive(0) == b""
    assert ours.peek(0) == b""
    assert ours.receive_exact(0) == b""
    assert ours.receive_into(bytearray()) == 0
    theirs.sendall(b"untouched")
    assert ours.receive(0) == b""
    assert ours.receive(100) == b"untouched"


def test_receive_takes_what_is_there(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"hello")
    assert ours.receive(2) == b"he"
    assert ours.receive(1024) == b"llo"


@pytest.mark.parametrize("size", [4095, 4096, 4097, 65536, MIB, MIB + 1, 1 << 40])
def test_any_size_may_be_asked_for(stdlib_pair: StdlibPair, size: int) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"short")
    assert ours.receive(size) == b"short"
    theirs.sendall(b"short")
    assert ours.peek(size) == b"short"
    assert ours.try_receive(size) == b"short"


def test_peek_leaves_everything_there(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"hello")
    assert ours.peek(2) == b"he"
    assert ours.peek(100) == b"hello"
    assert ours.receive(100) == b"hello"


def test_receive_into_fills_the_callers_memory(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    buffer = bytearray(b"." * 10)
    theirs.sendall(b"hello")
    assert ours.receive_into(buffer) == 5
    assert buffer == b"hello....."
    theirs.sendall(b"more than fits")
    assert ours.receive_into(memoryview(buffer)[6:8], 5) == 2
    assert buffer == b"hello.mo.."
    assert ours.receive(100) == b"re than fits"


def test_receive_exact_waits_for_all_of_it(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    data = random.Random(1).randbytes(300_000)
    sender = threading.Thread(target=theirs.sendall, args=(data + b"rest",))
    sender.start()
    assert ours.receive_exact(len(data), 10) == data
    assert ours.receive(100) == b"rest"
    sender.join()


def test_receive_exact_says_what_had_come(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"half")
    with pytest.raises(SocketNotReady) as late:
        ours.receive_exact(8, milliseconds(20))
    assert late.value.partial == b"half"
    theirs.sendall(b"other")
    theirs.close()
    with pytest.raises(SocketDisconnected) as ended:
        ours.receive_exact(8)
    assert ended.value.partial == b"other"


def test_a_large_transfer_arrives_whole(pair: Pair) -> None:
    client, server = pair
    data = random.Random(2).randbytes(24 * MIB)

    def send_and_end() -> None:
        client.send(data)
        client.shutdown()

    sender = threading.Thread(target=send_and_end)
    sender.start()
    received = b"".join(iter(lambda: received_or_nothing(server), b""))
    sender.join()
    assert hashlib.sha256(received).digest() == hashlib.sha256(data).digest()


def received_or_nothing(server: TcpSocket) -> bytes:
    try:
        return server.receive(MIB, 10)
    except SocketDisconnected:
        return b""


def test_both_directions_at_once(pair: Pair) -> None:
    client, server = pair
    data = random.Random(3).randbytes(4 * MIB)

    def echo() -> None:
        for _ in range(0, len(data), 1 << 16):
            server.send(server.receive_exact(1 << 16, 10), 10)

    echoing = threading.Thread(target=echo)
    sending = threading.Thread(target=client.send, args=(data, 10))
    echoing.start()
    sending.start()
    assert client.receive_exact(len(data), 10) == data
    echoing.join()
    sending.join()


def test_non_blocking_calls_say_not_ready(pair: Pair) -> None:
    client, _ = pair
    client.blocking = False
    for call in (
        lambda: client.receive(10),
        lambda: client.receive(10, timeout=5),
        lambda: client.peek(10),
        lambda: client.receive_exact(10),
        lambda: client.receive_into(bytearray(10)),
        lambda: client.receive_packet(),
    ):
        with pytest.raises(SocketNotReady):
            call()


@pytest.mark.parametrize("blocking", [True, False])
def test_try_receive_never_waits(stdlib_pair: StdlibPair, blocking: bool) -> None:
    ours, _ = stdlib_pair
    ours.blocking = blocking
    assert ours.try_receive(10) is None
    assert ours.blocking is blocking


def test_try_receive_takes_what_is_there_and_tells_the_end(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"there")
    ours.peek(1)
    assert ours.try_receive(10) == b"there"
    theirs.close()
    with SocketSelector() as selector:
        selector.add(ours)
        assert selector.wait(5)
    with pytest.raises(SocketDisconnected):
        ours.try_receive(10)


def test_a_full_buffer_is_not_ready_and_a_partial_send_is_counted(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    sent = peers.fill(ours)
    ours.blocking = False
    with pytest.raises(SocketNotReady):
        ours.send(b"no room")
    ours.blocking = True
    with pytest.raises(SocketNotReady):
        ours.send(b"no room", milliseconds(20))
    received = 0
    while received < sent:
        received += len(theirs.recv(MIB))
    ours.blocking = False
    count = ours.send(bytes(64 * MIB))
    assert 1 <= count < 64 * MIB


def test_a_send_whose_time_runs_out_midway_is_counted(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    count = ours.send(bytes(64 * MIB), milliseconds(50))
    assert 1 <= count < 64 * MIB
    ours.disconnect()
    assert len(peers.received_until_end(theirs)) == count


def test_the_end_of_the_stream_is_told_again_and_again(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"last words")
    theirs.close()
    assert ours.receive(100) == b"last words"
    for _ in range(3):
        with pytest.raises(SocketDisconnected, match="peer closed"):
            ours.receive(100)


def test_half_a_connection_still_works(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    ours.send(b"question")
    ours.shutdown()
    assert theirs.recv(100) == b"question"
    assert theirs.recv(100) == b""
    theirs.sendall(b"answer")
    assert ours.receive(100) == b"answer"
    with pytest.raises(SocketDisconnected):
        ours.send(b"one more")


def test_connecting_again_ends_the_first_connection(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    with socket.create_server((LOOPBACK, 0)) as other:
        ours.connect(LOOPBACK, other.getsockname()[1], 5)
        assert theirs.recv(1) == b""
        assert ours.remote_port == other.getsockname()[1]


def test_a_failed_connect_leaves_an_unconnected_socket_that_can_be_used() -> None:
    with TcpSocket() as client:
        with (
            peers.refusing_port() as port,
            pytest.raises(SocketError, match=f"{LOOPBACK} port {port}.*refused"),
        ):
            client.connect(LOOPBACK, port, seconds(5))
        assert (client.closed, client.local_port) == (True, 0)
        with socket.create_server((LOOPBACK, 0)) as listener:
            client.connect(LOOPBACK, listener.getsockname()[1])
            assert not client.closed


def test_a_refusal_is_an_error_with_and_without_a_limit() -> None:
    with peers.refusing_port() as port:
        for limit in (None, 5):
            with pytest.raises(SocketError, match="refused"):
                TcpSocket().connect(LOOPBACK, port, limit)


def test_a_connect_that_takes_too_long_is_given_up() -> None:
    client = TcpSocket()
    with peers.unanswered_port() as port, pytest.raises(SocketNotReady):
        client.connect(LOOPBACK, port, milliseconds(30))
    assert client.closed


def test_the_limit_of_a_host_name_bounds_all_its_addresses() -> None:
    client = TcpSocket()
    with peers.unanswered_port() as port, pytest.raises((SocketNotReady, SocketError)):
        client.connect("localhost", port, milliseconds(60))
    assert client.closed


def test_a_non_blocking_connect_goes_on_in_the_background() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener, TcpSocket() as client, SocketSelector() as selector:
        client.blocking = False
        with pytest.raises(SocketNotReady):
            client.connect(LOOPBACK, listener.getsockname()[1], seconds(10))
        selector.add(client, readable=False, writable=True)
        assert selector.wait(5)
        assert selector.is_writable(client)
        assert client.remote_address == IpAddress.LOCAL_HOST
        assert client.send(b"hello") == 5
        theirs, _ = listener.accept()
        with theirs:
            assert theirs.recv(100) == b"hello"


def test_a_non_blocking_connect_that_is_refused_says_so_on_the_next_call() -> None:
    with peers.refusing_port() as port, TcpSocket() as client, SocketSelector() as selector:
        client.blocking = False
        with pytest.raises((SocketNotReady, SocketError)):
            client.connect(LOOPBACK, port)
        selector.add(client, writable=True)
        assert selector.wait(5)
        assert client.remote_address == IpAddress.NONE
        with pytest.raises((SocketError, SocketDisconnected), match="refused"):
            client.receive(1)


def test_a_non_blocking_connect_needs_a_numeric_address() -> None:
    client = TcpSocket()
    client.blocking = False
    with pytest.raises(SocketError, match="resolve"):
        client.connect("localhost", 80)


def test_disconnect_can_be_called_at_any_time(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    TcpSocket().disconnect()
    for _ in range(2):
        ours.disconnect()
        ours.close()
    assert theirs.recv(1) == b""
    assert (ours.local_port, ours.remote_port, ours.remote_address) == (0, 0, IpAddress.NONE)


@needs_proc
def test_one_thread_sends_while_another_waits_to_receive(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    with Waiter(lambda: ours.receive(100)) as waiter:
        assert ours.send(b"question") == 8
        assert theirs.recv(100) == b"question"
        theirs.sendall(b"answer")
    assert waiter.result == b"answer"


def test_tcp_nodelay_is_on_for_both_ends(pair: Pair) -> None:
    for end in pair:
        with socket.socket(fileno=end.detach()) as theirs:
            assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
            assert not theirs.get_inheritable()


def test_its_repr_says_where_it_stands(stdlib_pair: StdlibPair) -> None:
    ours, _ = stdlib_pair
    assert repr(ours) == f"<TcpSocket from port {ours.local_port} to {LOOPBACK} port {ours.remote_port}>"
    ours.disconnect()
    assert repr(ours) == "<TcpSocket not connected>"


def test_it_is_a_socket() -> None:
    assert issubclass(TcpSocket, Socket)
    assert TcpSocket.ANY_PORT == 0
