"""Many datagrams in one call: all arrive, whole and in order, and what cannot be sent is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from sfml_network import IpAddress, SocketError, SocketNotReady, UdpSocket

HOST = IpAddress.LOCAL_HOST


@pytest.fixture
def pair() -> Iterator[tuple[UdpSocket, UdpSocket]]:
    with UdpSocket() as sender, UdpSocket() as receiver:
        sender.bind(0, HOST)
        receiver.bind(0, HOST)
        yield sender, receiver


def receive_all(receiver: UdpSocket, count: int) -> list[bytes]:
    received: list[bytes] = []
    while len(received) < count:
        received += [data for data, _, _ in receiver.receive_many(timeout=5)]
    return received


def test_a_batch_arrives_in_order_with_its_sender(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    payloads = [b"%d" % number * (number % 50) for number in range(100)]
    assert sender.send_many((payload, HOST, receiver.local_port) for payload in payloads) == 100
    received: list[tuple[bytes, IpAddress, int]] = []
    while len(received) < 100:
        received += receiver.receive_many(timeout=5)
    assert received == [(payload, HOST, sender.local_port) for payload in payloads]


def test_a_batch_takes_any_buffer_and_any_kind_of_address(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    port = receiver.local_port
    sender.send_many(
        [(bytearray(b"one"), "127.0.0.1", port), (memoryview(b"two"), HOST, port), ("three", HOST, port)]
    )
    assert receive_all(receiver, 3) == [b"one", b"two", b"three"]


def test_an_unbound_socket_is_bound_by_its_first_batch() -> None:
    with UdpSocket() as sender, UdpSocket() as receiver:
        receiver.bind(0, HOST)
        sender.send_many([(b"hello", HOST, receiver.local_port)])
        assert receiver.receive_many(timeout=5) == [(b"hello", HOST, sender.local_port)]


def test_an_empty_batch_sends_nothing(pair: tuple[UdpSocket, UdpSocket]) -> None:
    assert pair[0].send_many([]) == 0


def test_segments_have_the_size_asked_for_and_the_last_the_rest(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    data = bytes(range(256)) * 20
    assert sender.send_segmented(data, 1200, HOST, receiver.local_port) == len(data)
    received = receive_all(receiver, 5)
    assert [len(piece) for piece in received] == [1200, 1200, 1200, 1200, 320]
    assert b"".join(received) == data


@pytest.mark.skipif(sys.platform != "linux", reason="platform: UDP_GRO is Linux's")
def test_joined_datagrams_come_apart_again(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    receiver.set_gro(True)
    data = bytes(range(250)) * 40
    sender.send_segmented(data, 500, HOST, receiver.local_port)
    first, _, _ = receiver.receive(2000)
    assert first == data[:500]
    assert b"".join([first, *receive_all(receiver, 19)]) == data


def test_batches_say_not_ready_when_there_is_nothing(pair: tuple[UdpSocket, UdpSocket]) -> None:
    receiver = pair[1]
    with pytest.raises(SocketNotReady):
        receiver.receive_many(timeout=0.01)
    receiver.blocking = False
    with pytest.raises(SocketNotReady):
        receiver.receive_many()


def test_a_datagram_too_long_for_the_size_is_dropped_and_told(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    sender.send(b"x" * 100, HOST, receiver.local_port)
    with pytest.raises(SocketError, match="100 bytes was dropped"):
        receiver.receive_many(size=10, timeout=5)


def test_a_batch_that_begins_with_an_impossible_datagram_raises(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    with pytest.raises(SocketError, match="65507"):
        sender.send_many([(b"x" * 65508, HOST, receiver.local_port), (b"fine", HOST, receiver.local_port)])


def test_wrong_arguments_are_named(pair: tuple[UdpSocket, UdpSocket]) -> None:
    sender, receiver = pair
    with pytest.raises(ValueError, match="1 to 1024"):
        receiver.receive_many(0)
    with pytest.raises(ValueError, match="1 to 1024"):
        receiver.receive_many(10**9)
    with pytest.raises(TypeError):
        sender.send_many([b"no address"])  # type: ignore[list-item]
    with pytest.raises(SocketError, match="NONE"):
        sender.send_many([(b"x", IpAddress.NONE, 1)])
    with pytest.raises(SocketError, match="segment"):
        sender.send_segmented(b"x", 0, HOST, receiver.local_port)


def test_a_group_joined_on_loopback_is_received_from() -> None:
    group = IpAddress("239.255.7.7")
    with UdpSocket() as sender, UdpSocket() as receiver:
        receiver.bind(0)
        receiver.join_multicast(group, HOST)
        sender.bind(0, HOST)
        sender.options.multicast_if_v4 = HOST
        sender.send(b"to all", group, receiver.local_port)
        assert receiver.receive(100, timeout=5)[0] == b"to all"
        receiver.leave_multicast(group, HOST)
        with pytest.raises(SocketError):
            receiver.leave_multicast(group, HOST)


def test_multicast_with_the_wrong_kind_of_address_is_refused() -> None:
    with UdpSocket() as receiver:
        receiver.bind(0)
        with pytest.raises(SocketError):
            receiver.join_multicast("127.0.0.1")
        with pytest.raises(TypeError):
            receiver.join_multicast("239.1.1.1", 5)
