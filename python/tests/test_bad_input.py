"""Wrong arguments: each gets a typed error whose sentence names the cause, before anything is done."""

from __future__ import annotations

import errno
import math
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from peers import LOOPBACK, NOBODY
from sfml.network import (
    IpAddress,
    Packet,
    SocketError,
    SocketNotReady,
    SocketSelector,
    TcpListener,
    TcpSocket,
    UdpSocket,
)
from sfml.system import seconds

LOCAL = IpAddress.LOCAL_HOST
StdlibPair = tuple[TcpSocket, socket.socket]

# Calls by what their one wrong argument is; each is made on fresh objects.
WITH_A_PORT: dict[str, Callable[[Any], object]] = {
    "connect": lambda port: TcpSocket().connect(LOCAL, port),
    "connect by name": lambda port: TcpSocket().connect("localhost", port),
    "listen": lambda port: TcpListener().listen(port),
    "bind": lambda port: UdpSocket().bind(port),
    "udp send": lambda port: UdpSocket().send(b"x", LOCAL, port),
    "udp send_packet": lambda port: UdpSocket().send_packet(Packet(), LOCAL, port),
    "send_many": lambda port: UdpSocket().send_many([(b"x", LOCAL, port)]),
    "send_segmented": lambda port: UdpSocket().send_segmented(b"x", 1, LOCAL, port),
}
WITH_AN_ADDRESS: dict[str, Callable[[Any], object]] = {
    "connect": lambda address: TcpSocket().connect(address, 80),
    "udp send": lambda address: UdpSocket().send(b"x", address, 80),
    "udp send_packet": lambda address: UdpSocket().send_packet(Packet(), address, 80),
    "send_many": lambda address: UdpSocket().send_many([(b"x", address, 80)]),
    "send_segmented": lambda address: UdpSocket().send_segmented(b"x", 1, address, 80),
}
WITH_AN_INTERFACE: dict[str, Callable[[Any], object]] = {
    "listen": lambda address: TcpListener().listen(0, address),
    "bind": lambda address: UdpSocket().bind(0, address),
}
WITH_DATA: dict[str, Callable[[TcpSocket, Any], object]] = {
    "send": lambda _, data: _.send(data),
    "udp send": lambda _, data: sent_over_udp(data),
    "append": lambda _, data: Packet().append(data),
    "write_string": lambda _, data: Packet().write_string(data),
}
WITH_A_SIZE: dict[str, Callable[[TcpSocket, UdpSocket, Any], object]] = {
    "receive": lambda tcp, udp, size: tcp.receive(size),
    "peek": lambda tcp, udp, size: tcp.peek(size),
    "receive_exact": lambda tcp, udp, size: tcp.receive_exact(size),
    "try_receive": lambda tcp, udp, size: tcp.try_receive(size),
    "udp receive": lambda tcp, udp, size: udp.receive(size),
    "udp try_receive": lambda tcp, udp, size: udp.try_receive(size),
    "receive_many, most": lambda tcp, udp, size: udp.receive_many(size),
    "receive_many, size": lambda tcp, udp, size: udp.receive_many(1, size),
    "send_segmented": lambda tcp, udp, size: udp.send_segmented(b"x", size, LOCAL, 80),
    "read_bytes": lambda tcp, udp, size: Packet().read_bytes(size),
    "packet_limit": lambda tcp, udp, size: setattr(tcp, "packet_limit", size),
}
WITH_A_LIMIT: dict[str, Callable[[TcpSocket, UdpSocket, Any], object]] = {
    "connect": lambda tcp, udp, limit: TcpSocket().connect(LOCAL, 80, limit),
    "send": lambda tcp, udp, limit: tcp.send(b"x", limit),
    "receive": lambda tcp, udp, limit: tcp.receive(1, limit),
    "receive_exact": lambda tcp, udp, limit: tcp.receive_exact(1, limit),
    "receive_into": lambda tcp, udp, limit: tcp.receive_into(bytearray(1), limit),
    "peek": lambda tcp, udp, limit: tcp.peek(1, limit),
    "send_packet": lambda tcp, udp, limit: tcp.send_packet(Packet(), limit),
    "receive_packet": lambda tcp, udp, limit: tcp.receive_packet(None, limit),
    "accept": lambda tcp, udp, limit: TcpListener().accept(None, limit),
    "udp send": lambda tcp, udp, limit: udp.send(b"x", LOCAL, udp.local_port, limit),
    "udp receive": lambda tcp, udp, limit: udp.receive(1, limit),
    "udp receive_into": lambda tcp, udp, limit: udp.receive_into(bytearray(1), limit),
    "udp send_packet": lambda tcp, udp, limit: udp.send_packet(Packet(), LOCAL, 80, limit),
    "udp receive_packet": lambda tcp, udp, limit: udp.receive_packet(None, limit),
    "send_many": lambda tcp, udp, limit: udp.send_many([], limit),
    "receive_many": lambda tcp, udp, limit: udp.receive_many(1, 1, limit),
    "send_segmented": lambda tcp, udp, limit: udp.send_segmented(b"x", 1, LOCAL, 80, limit),
    "wait": lambda tcp, udp, limit: SocketSelector().wait(limit),
    "resolve": lambda tcp, udp, limit: IpAddress.resolve("localhost", limit),
    "from_string": lambda tcp, udp, limit: IpAddress.from_string("localhost", limit),
    "get_public_address": lambda tcp, udp, limit: IpAddress.get_public_address(limit, services=NOBODY),
}


def sent_over_udp(data: Any) -> int:
    with UdpSocket() as sender:
        return sender.send(data, LOCAL, 80)


def each(calls: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in calls.items()])


@each(WITH_A_PORT)
def test_ports_out_of_range(call: Callable[[Any], object]) -> None:
    for port in (-1, 65536, 1 << 40, 1 << 70):
        with pytest.raises(OverflowError, match=f"a port is 0 to 65535, not {port}"):
            call(port)


@each(WITH_A_PORT)
def test_ports_of_the_wrong_type(call: Callable[[Any], object]) -> None:
    for port in ("80", 80.0, b"80", [80]):
        with pytest.raises(TypeError, match=f"a port is an int, not {type(port).__name__}"):
            call(port)
    with pytest.raises(TypeError, match="port"):
        call(None)


@each(WITH_AN_ADDRESS | WITH_AN_INTERFACE)
def test_addresses_of_the_wrong_type(call: Callable[[Any], object]) -> None:
    for address in (5, b"127.0.0.1", ("127.0.0.1", 80), 1.5, object()):
        with pytest.raises(TypeError, match=f"an address is .*, not {type(address).__name__}"):
            call(address)


@each(WITH_AN_ADDRESS)
def test_no_address(call: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match=r"an address is .*, not NoneType"):
        call(None)


@each(WITH_AN_ADDRESS | WITH_AN_INTERFACE)
def test_the_invalid_address(call: Callable[[Any], object]) -> None:
    with pytest.raises(SocketError, match=r"IpAddress\.NONE"):
        call(IpAddress.NONE)


@each(WITH_AN_INTERFACE | {name: call for name, call in WITH_AN_ADDRESS.items() if name != "connect"})
def test_names_where_numbers_are_needed(call: Callable[[Any], object]) -> None:
    with pytest.raises(ValueError, match=r"\"localhost\" is not a numeric .*IpAddress\.resolve"):
        call("localhost")


@pytest.mark.parametrize("name", ["", "a\0b", "a\nb", "x" * 300])
def test_host_names_that_cannot_be(name: str) -> None:
    with pytest.raises(SocketError, match="a host name has"):
        TcpSocket().connect(name, 80)
    with pytest.raises(SocketError, match="a host name has"):
        IpAddress.resolve(name)


@pytest.mark.parametrize(
    "call",
    [
        lambda: TcpSocket().connect("\ud800", 80),
        lambda: IpAddress.from_string("\ud800"),
        lambda: IpAddress.resolve("\ud800"),
        lambda: IpAddress("\ud800"),
        lambda: sent_over_udp("\ud800"),
        lambda: Packet().write_string("\ud800"),
        lambda: Packet().write_wide_string("\ud800"),
    ],
)
def test_text_with_a_lone_surrogate(call: Callable[[], object]) -> None:
    with pytest.raises(UnicodeEncodeError, match="surrogates"):
        call()


def test_an_unknown_host() -> None:
    with pytest.raises(SocketError, match=r"no-such-host\.invalid"):
        TcpSocket().connect("no-such-host.invalid", 80, 10)


@each(WITH_AN_INTERFACE)
def test_interfaces_of_other_computers(call: Callable[[Any], object]) -> None:
    with pytest.raises(SocketError, match="no interface") as caught:
        call("192.0.2.1")
    assert caught.value.errno == errno.EADDRNOTAVAIL


def test_the_broadcast_address_cannot_be_bound_to() -> None:
    with pytest.raises(SocketError, match="broadcast"):
        UdpSocket().bind(0, IpAddress.BROADCAST)


def test_the_broadcast_address_cannot_be_listened_on() -> None:
    with TcpListener() as listener, pytest.raises(SocketError, match="broadcast"):
        listener.listen(0, IpAddress.BROADCAST)


@each(WITH_DATA)
def test_data_of_the_wrong_type(
    pair: tuple[TcpSocket, TcpSocket], call: Callable[[TcpSocket, Any], object]
) -> None:
    for data in (None, 5, 1.5, ["x"], object()):
        with pytest.raises(TypeError, match=f"data is .*, not {type(data).__name__}"):
            call(pair[0], data)


@each(WITH_DATA)
def test_buffers_with_gaps(
    pair: tuple[TcpSocket, TcpSocket], call: Callable[[TcpSocket, Any], object]
) -> None:
    with pytest.raises(BufferError, match="contiguous"):
        call(pair[0], memoryview(b"abcdef")[::2])


def test_memory_that_cannot_be_received_into(
    pair: tuple[TcpSocket, TcpSocket], udp_pair: tuple[UdpSocket, UdpSocket]
) -> None:
    for one in (pair[0], udp_pair[0]):
        for read_only in (b"bytes", memoryview(b"bytes")):
            with pytest.raises(BufferError, match="read-only"):
                one.receive_into(read_only)
        with pytest.raises(BufferError, match="contiguous"):
            one.receive_into(memoryview(bytearray(8))[::2])
        for nothing in (None, "text", 5):
            with pytest.raises(TypeError, match="writable buffer"):
                one.receive_into(nothing)  # type: ignore[arg-type]


@each(WITH_A_SIZE)
def test_sizes_out_of_range(
    pair: tuple[TcpSocket, TcpSocket],
    udp_pair: tuple[UdpSocket, UdpSocket],
    call: Callable[[TcpSocket, UdpSocket, Any], object],
) -> None:
    for size in (-1, -(1 << 70), 1 << 70):
        with pytest.raises(OverflowError, match=rf"a size is 0 to \d+, not {size}"):
            call(pair[0], udp_pair[0], size)
    for other in (None, 1.5, "1", b"1"):
        with pytest.raises(TypeError, match=f"a size is an int, not {type(other).__name__}"):
            call(pair[0], udp_pair[0], other)


def test_giant_sizes_cost_nothing(
    stdlib_pair: StdlibPair, stdlib_udp_pair: tuple[UdpSocket, socket.socket]
) -> None:
    tcp, theirs = stdlib_pair
    udp, their_udp = stdlib_udp_pair
    for size in (1 << 31, 1 << 40, (1 << 63) - 1, (1 << 64) - 1):
        theirs.sendall(b"x")
        their_udp.sendto(b"y", (LOOPBACK, udp.local_port))
        assert tcp.peek(size, 5) == b"x"
        assert tcp.receive(size, 5) == b"x"
        assert udp.receive(size, 5)[0] == b"y"
    theirs.sendall(b"part")
    with pytest.raises(SocketNotReady) as caught:
        tcp.receive_exact(1 << 40, 0.02)
    assert caught.value.partial == b"part"


@each(WITH_A_LIMIT)
def test_limits_out_of_range(
    pair: tuple[TcpSocket, TcpSocket],
    udp_pair: tuple[UdpSocket, UdpSocket],
    call: Callable[[TcpSocket, UdpSocket, Any], object],
) -> None:
    for limit in (-1, -0.001, math.nan, -math.inf, -(1 << 70), timedelta(microseconds=-1), seconds(-1)):
        with pytest.raises(ValueError, match="a time limit is not negative"):
            call(pair[0], udp_pair[0], limit)
    for other in ("5", b"5", [5], 5j, object()):
        with pytest.raises(TypeError, match=f"a time limit is .*, not {type(other).__name__}"):
            call(pair[0], udp_pair[0], other)


@pytest.mark.parametrize("limit", [math.inf, 1e300, 1 << 70, timedelta.max, seconds(9e12)], ids=repr)
def test_limits_longer_than_any_clock_are_none(stdlib_pair: StdlibPair, limit: Any) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"x")
    with SocketSelector() as selector:
        selector.add(ours)
        assert selector.wait(limit)
    assert ours.receive(1, limit) == b"x"


@pytest.mark.parametrize("method", ["add", "remove", "is_ready", "is_writable"])
@pytest.mark.parametrize("stranger", [None, 5, "socket", object()])
def test_selectors_take_sockets_only(method: str, stranger: object) -> None:
    with pytest.raises(TypeError, match="Socket"):
        getattr(SocketSelector(), method)(stranger)


def test_sockets_of_the_standard_library_are_strangers() -> None:
    with socket.socket() as theirs, pytest.raises(TypeError, match="Socket"):
        SocketSelector().add(theirs)  # type: ignore[arg-type]


def test_accept_and_packets_take_their_own_kind_only(pair: tuple[TcpSocket, TcpSocket]) -> None:
    for other in (5, UdpSocket(), TcpListener()):
        with pytest.raises(TypeError, match="TcpSocket"):
            TcpListener().accept(other)  # type: ignore[call-overload]
    for packet in (None, b"data", 5):
        with pytest.raises(TypeError, match="Packet"):
            pair[0].send_packet(packet)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Packet"):
        pair[0].receive_packet(5)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "call",
    [
        lambda: IpAddress.from_string(None),  # type: ignore[call-overload]
        lambda: IpAddress.from_string(b"127.0.0.1"),  # type: ignore[call-overload]
        lambda: IpAddress.from_string(),  # type: ignore[call-overload]
        lambda: IpAddress.from_integer(None),  # type: ignore[call-overload]
        lambda: IpAddress.from_integer("1"),  # type: ignore[call-overload]
        lambda: IpAddress.from_bytes(1, 2, 3),  # type: ignore[call-arg]
        lambda: IpAddress.from_bytes(1, 2, 3, None),  # type: ignore[arg-type]
        lambda: IpAddress.resolve(None),  # type: ignore[arg-type]
        lambda: IpAddress(1.5),  # type: ignore[arg-type]
        lambda: IpAddress([127, 0, 0, 1]),  # type: ignore[arg-type]
    ],
)
def test_addresses_made_of_the_wrong_type(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r".+"):
        call()


def test_one_argument_under_both_its_names(pair: tuple[TcpSocket, TcpSocket]) -> None:
    with pytest.raises(TypeError, match="'remote_port' and 'port' are the same argument"):
        TcpSocket().connect(LOCAL, 80, port=80)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="'port' and 'remote_port' are the same argument"):
        UdpSocket().send(b"x", LOCAL, 80, remote_port=80)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("call", "least", "most"),
    [
        (lambda number: IpAddress.from_bytes(127, 0, 0, number), 0, 2**8 - 1),
        (lambda number: IpAddress.from_integer(number), 0, 2**32 - 1),
        (lambda number: IpAddress(number), 0, 2**32 - 1),
        (lambda number: TcpListener().listen(0, backlog=number), 0, 2**16 - 1),
        (lambda number: Packet().write_i8(number), -(2**7), 2**7 - 1),
        (lambda number: Packet().write_u64(number), 0, 2**64 - 1),
    ],
)
def test_numbers_out_of_range(call: Callable[[int], object], least: int, most: int) -> None:
    for number in (least - 1, most + 1, 1 << 70, -(1 << 70)):
        with pytest.raises(OverflowError, match=f"a number from {least} to {most} is needed, not {number}"):
            call(number)
