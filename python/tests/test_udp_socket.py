"""`UdpSocket`: whole datagrams or nothing; the standard library is the second opinion."""

from __future__ import annotations

import ipaddress
import random
import socket
from datetime import timedelta

import pytest
from peers import LOOPBACK, linux_only
from sfml.network import IpAddress, Socket, SocketError, SocketNotReady, TcpSocket, UdpSocket
from sfml.system import Time, milliseconds, seconds

Pair = tuple[UdpSocket, UdpSocket]
StdlibPair = tuple[UdpSocket, socket.socket]


def port_of(theirs: socket.socket) -> int:
    port: int = theirs.getsockname()[1]
    return port


def test_a_new_socket_is_not_bound() -> None:
    new = UdpSocket()
    assert (new.local_port, new.local_address, new.closed) == (0, IpAddress.NONE, True)
    assert new.blocking


def test_the_largest_datagram_is_named() -> None:
    assert UdpSocket.MAX_DATAGRAM_SIZE == 65507


def test_bind_takes_any_port_or_a_given_one() -> None:
    with UdpSocket() as first, UdpSocket() as second:
        first.bind(Socket.ANY_PORT)
        assert first.local_port > 0
        assert first.local_address == IpAddress.ANY
        free = first.local_port
        first.unbind()
        second.bind(free)
        assert second.local_port == free


@pytest.mark.parametrize("address", [IpAddress.LOCAL_HOST, "127.0.0.1", ipaddress.ip_address("127.0.0.1")])
def test_bind_to_one_interface(address: IpAddress | str) -> None:
    with UdpSocket() as one:
        one.bind(0, address)
        assert one.local_address == IpAddress.LOCAL_HOST


def test_binding_again_gives_up_the_first_port() -> None:
    with UdpSocket() as one, UdpSocket() as other:
        one.bind(0)
        first = one.local_port
        one.bind(0)
        assert one.local_port != first
        other.bind(first)


def test_a_port_is_free_once_unbound() -> None:
    with UdpSocket() as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs:
        one.bind(0, IpAddress.LOCAL_HOST)
        port = one.local_port
        one.unbind()
        one.unbind()
        assert (one.local_port, one.local_address) == (0, IpAddress.NONE)
        theirs.bind((LOOPBACK, port))


@pytest.mark.parametrize("data", [b"hello", bytearray(b"hello"), memoryview(b"hello"), "hello"])
def test_every_kind_of_data_is_sent(stdlib_udp_pair: StdlibPair, data: bytes | str) -> None:
    ours, theirs = stdlib_udp_pair
    assert ours.send(data, IpAddress.LOCAL_HOST, port_of(theirs)) == 5
    assert theirs.recvfrom(100) == (b"hello", (LOOPBACK, ours.local_port))


@pytest.mark.parametrize("address", [IpAddress.LOCAL_HOST, "127.0.0.1", ipaddress.ip_address("127.0.0.1")])
@pytest.mark.parametrize("limit", [None, 0, Time.ZERO, 5, seconds(5), timedelta(seconds=5)], ids=repr)
def test_each_kind_of_address_and_limit_sends(
    stdlib_udp_pair: StdlibPair, address: IpAddress | str, limit: Time | timedelta | float | None
) -> None:
    ours, theirs = stdlib_udp_pair
    ours.send(b"x", address, port_of(theirs), limit)
    assert theirs.recv(100) == b"x"


def test_receive_tells_data_sender_and_port(stdlib_udp_pair: StdlibPair) -> None:
    ours, theirs = stdlib_udp_pair
    theirs.sendto(b"hello", (LOOPBACK, ours.local_port))
    data, sender, port = ours.receive(1024)
    assert (data, sender, port) == (b"hello", IpAddress.LOCAL_HOST, port_of(theirs))
    assert type(data) is bytes
    assert type(sender) is IpAddress


@linux_only  # elsewhere 127.0.0.1 is the only loopback address
def test_senders_are_told_apart(udp_pair: Pair) -> None:
    receiver, sender = udp_pair
    with UdpSocket() as other:
        other.bind(0, "127.0.0.2")
        for _ in range(3):
            for source in (sender, other):
                source.send(b"x", IpAddress.LOCAL_HOST, receiver.local_port)
                assert receiver.receive(10, 5)[1:] == (source.local_address, source.local_port)


def test_a_socket_that_sends_unbound_gets_a_port_and_can_receive_on_it(stdlib_udp_pair: StdlibPair) -> None:
    _, theirs = stdlib_udp_pair
    with UdpSocket() as ours:
        ours.send(b"question", IpAddress.LOCAL_HOST, port_of(theirs))
        data, source = theirs.recvfrom(100)
        assert (data, source[1]) == (b"question", ours.local_port)
        theirs.sendto(b"answer", source)
        assert ours.receive(100, 5)[0] == b"answer"


def test_each_datagram_is_one_receive(stdlib_udp_pair: StdlibPair) -> None:
    ours, theirs = stdlib_udp_pair
    for data in (b"one", b"", b"three"):
        theirs.sendto(data, (LOOPBACK, ours.local_port))
    assert [ours.receive(100, 5)[0] for _ in range(3)] == [b"one", b"", b"three"]


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 65507])
def test_datagrams_of_every_size_go_both_ways(stdlib_udp_pair: StdlibPair, size: int) -> None:
    ours, theirs = stdlib_udp_pair
    data = random.Random(size).randbytes(size)
    assert ours.send(data, IpAddress.LOCAL_HOST, port_of(theirs)) == size
    assert theirs.recv(65536) == data
    theirs.sendto(data, (LOOPBACK, ours.local_port))
    assert ours.receive(65536, 5)[0] == data


@pytest.mark.parametrize("size", [5, 4096, 4097, 65507, 1 << 20, 1 << 40])
def test_any_size_may_be_asked_for(stdlib_udp_pair: StdlibPair, size: int) -> None:
    ours, theirs = stdlib_udp_pair
    for _ in range(2):
        theirs.sendto(b"hello", (LOOPBACK, ours.local_port))
    assert ours.receive(size, 5)[0] == b"hello"
    received = ours.try_receive(size)
    assert received is not None
    assert received[0] == b"hello"


def test_receive_into_fills_the_callers_memory(stdlib_udp_pair: StdlibPair) -> None:
    ours, theirs = stdlib_udp_pair
    buffer = bytearray(b"." * 10)
    theirs.sendto(b"hello", (LOOPBACK, ours.local_port))
    assert ours.receive_into(buffer, 5) == (5, IpAddress.LOCAL_HOST, port_of(theirs))
    assert buffer == b"hello....."


def test_try_receive_never_waits(stdlib_udp_pair: StdlibPair) -> None:
    ours, theirs = stdlib_udp_pair
    assert ours.blocking
    assert ours.try_receive(10) is None
    theirs.sendto(b"", (LOOPBACK, ours.local_port))
    assert ours.try_receive(10) == (b"", IpAddress.LOCAL_HOST, port_of(theirs))


def test_non_blocking_and_late_receives_say_not_ready(udp_pair: Pair) -> None:
    receiver, _ = udp_pair
    with pytest.raises(SocketNotReady):
        receiver.receive(10, milliseconds(10))
    receiver.blocking = False
    for call in (lambda: receiver.receive(10), lambda: receiver.receive_into(bytearray(10))):
        with pytest.raises(SocketNotReady):
            call()


def test_the_mode_survives_unbinding_and_binding(udp_pair: Pair) -> None:
    receiver, _ = udp_pair
    receiver.blocking = False
    receiver.unbind()
    receiver.bind(0)
    assert not receiver.blocking
    with pytest.raises(SocketNotReady):
        receiver.receive(10)


def test_ipv6_and_ipv4_reach_a_dual_stack_socket() -> None:
    with UdpSocket() as receiver, UdpSocket() as four, UdpSocket() as six:
        receiver.bind(0, IpAddress.ANY_V6)
        four.send(b"four", IpAddress.LOCAL_HOST, receiver.local_port)
        assert receiver.receive(10, 5) == (b"four", IpAddress.LOCAL_HOST, four.local_port)
        six.send(b"six", IpAddress.LOCAL_HOST_V6, receiver.local_port)
        assert receiver.receive(10, 5) == (b"six", IpAddress.LOCAL_HOST_V6, six.local_port)
        receiver.send(b"back", IpAddress.LOCAL_HOST, four.local_port)
        assert four.receive(10, 5)[0] == b"back"


def test_broadcast_is_allowed() -> None:
    with UdpSocket() as sender:
        sender.bind(0)
        with socket.socket(fileno=sender.detach()) as theirs:
            assert theirs.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST) != 0
            assert not theirs.get_inheritable()


def test_a_datagram_nobody_receives_does_not_disturb_the_next(udp_pair: Pair) -> None:
    sender, receiver = udp_pair
    gone = UdpSocket()
    gone.bind(0, IpAddress.LOCAL_HOST)
    port = gone.local_port
    gone.unbind()
    for _ in range(3):
        assert sender.send(b"to nobody", IpAddress.LOCAL_HOST, port) == 9
    sender.send(b"hello", IpAddress.LOCAL_HOST, receiver.local_port)
    assert receiver.receive(100, 5)[0] == b"hello"
    assert sender.try_receive(100) is None


def test_a_datagram_that_does_not_fit_is_dropped_and_told(stdlib_udp_pair: StdlibPair) -> None:
    ours, theirs = stdlib_udp_pair
    for call in (
        lambda: ours.receive(4, 5),
        lambda: ours.receive(0, 5),
        lambda: ours.receive_into(bytearray(4), 5),
        lambda: ours.try_receive(4),
    ):
        theirs.sendto(b"hello", (LOOPBACK, ours.local_port))
        theirs.sendto(b"next", (LOOPBACK, ours.local_port))
        with pytest.raises(SocketError, match="datagram"):
            call()
        assert ours.receive(4, 5)[0] == b"next"


def test_its_repr_says_where_it_stands(udp_pair: Pair) -> None:
    one, _ = udp_pair
    assert repr(one) == f"<UdpSocket on port {one.local_port}>"
    one.unbind()
    assert repr(one) == "<UdpSocket not bound>"


def test_it_is_a_socket_of_its_own_kind() -> None:
    assert issubclass(UdpSocket, Socket)
    assert not issubclass(UdpSocket, TcpSocket)
