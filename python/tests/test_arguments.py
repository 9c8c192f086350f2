"""What the arguments may be, at the edges: every kind of buffer, real addresses only, exceptions that get out."""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, NoReturn

import pytest
from sfml.network import IpAddress, Packet, TcpListener, TcpSocket, UdpSocket

StdlibPair = tuple[TcpSocket, socket.socket]
UdpPair = tuple[UdpSocket, UdpSocket]

# What leaves its strides, and some its shape, to be guessed.
BARE_BUFFERS: dict[str, Any] = {
    "an array": (ctypes.c_int * 3)(1, 2, 3),
    "an array of arrays": ((ctypes.c_short * 2) * 2).from_buffer_copy(b"abcdefgh"),
    "a scalar": ctypes.c_double(1.5),
    "an empty array": (ctypes.c_int * 0)(),
    "a view of a scalar": memoryview(ctypes.c_uint8(7)),
}


@pytest.mark.parametrize("data", BARE_BUFFERS.values(), ids=BARE_BUFFERS.keys())
def test_ctypes_are_sent_as_their_bytes(stdlib_pair: StdlibPair, udp_pair: UdpPair, data: Any) -> None:
    ours, theirs = stdlib_pair
    one, other = udp_pair
    expected = bytes(memoryview(data))

    assert ours.send(data) == len(expected)
    ours.send(b".")
    assert theirs.recv(len(expected) + 1, socket.MSG_WAITALL) == expected + b"."
    one.send(data, "127.0.0.1", other.local_port)
    assert other.receive(100, 5)[0] == expected
    assert bytes(Packet().append(data)) == expected


def test_ctypes_are_received_into(stdlib_pair: StdlibPair, udp_pair: UdpPair) -> None:
    ours, theirs = stdlib_pair
    one, other = udp_pair
    array, scalar = (ctypes.c_uint16 * 2)(), ctypes.c_uint16()

    theirs.sendall(b"abcd")
    assert ours.receive_into(array, 5) == 4
    assert bytes(array) == b"abcd"
    one.send(b"xy", "127.0.0.1", other.local_port)
    assert other.receive_into(scalar, 5)[0] == 2
    assert bytes(scalar) == b"xy"


def test_a_buffer_is_let_go_after_the_call(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    memory = bytearray(b"abc")
    ours.send(memory)
    memory.append(1)  # BufferError while somebody holds the memory
    theirs.sendall(b"xyz")
    ours.receive_into(memory, 5)
    memory.append(2)
    with pytest.raises(BufferError, match="contiguous"):
        ours.send(memoryview(memory)[::2])
    memory.append(3)


def test_a_released_memoryview_says_that_it_is_released(stdlib_pair: StdlibPair) -> None:
    ours, _ = stdlib_pair
    view = memoryview(bytearray(3))
    view.release()
    with pytest.raises(ValueError, match="released"):
        ours.send(view)
    with pytest.raises(ValueError, match="released"):
        ours.receive_into(view)
    with pytest.raises(ValueError, match="released"):
        Packet(view)


class Impostor:
    """Looks like an address and reads like one, without being one; and does not like to be read."""

    @property
    def packed(self) -> NoReturn:
        raise AssertionError("asked for its bytes")

    def __str__(self) -> NoReturn:
        raise AssertionError("asked for its text")


NO_ADDRESSES: dict[str, Any] = {
    "a path": PurePosixPath("1.2.3.4"),
    "an interface": ipaddress.ip_interface("1.2.3.4/8"),
    "an IPv6 interface": ipaddress.ip_interface("::1/64"),
    "a network": ipaddress.ip_network("1.2.3.4/32"),
    "an impostor": Impostor(),
    "its class": Impostor,
    "an address's class": ipaddress.IPv4Address,
}
TAKING_AN_ADDRESS: list[Callable[[Any], object]] = [
    IpAddress,
    lambda address: TcpSocket().connect(address, 1, 1),
    lambda address: TcpListener().listen(0, address),
    lambda address: UdpSocket().bind(0, address),
    lambda address: UdpSocket().send(b"x", address, 1),
]


@pytest.mark.parametrize("call", TAKING_AN_ADDRESS, ids=["IpAddress", "connect", "listen", "bind", "send"])
@pytest.mark.parametrize("impostor", NO_ADDRESSES.values(), ids=NO_ADDRESSES.keys())
def test_only_addresses_are_addresses(call: Callable[[Any], object], impostor: Any) -> None:
    with pytest.raises(TypeError, match=f"an address is .*, not {type(impostor).__name__}"):
        call(impostor)


@pytest.mark.parametrize("impostor", NO_ADDRESSES.values(), ids=NO_ADDRESSES.keys())
def test_only_addresses_compare_with_addresses(impostor: Any) -> None:
    for address in (IpAddress("1.2.3.4"), IpAddress("::1"), IpAddress.NONE):
        assert address != impostor
        assert impostor != address
        with pytest.raises(TypeError):
            _ = address < impostor


@pytest.mark.parametrize("call", TAKING_AN_ADDRESS, ids=["IpAddress", "connect", "listen", "bind", "send"])
def test_a_scope_is_refused_not_dropped(call: Callable[[Any], object]) -> None:
    with pytest.raises(ValueError, match="scopes are not supported: ::1%5"):
        call(ipaddress.ip_address("::1%5"))


def test_a_scoped_address_equals_no_address() -> None:
    scoped: Any = ipaddress.ip_address("::1%5")
    assert IpAddress("::1") != scoped
    assert scoped != IpAddress("::1")
    assert len({IpAddress("::1"), scoped}) == 2


def test_an_address_of_a_class_of_ones_own_is_an_address() -> None:
    class Mine(ipaddress.IPv4Address):
        pass

    assert IpAddress(Mine("1.2.3.4")) == Mine("1.2.3.4") == IpAddress("1.2.3.4")


class Raising:
    """Raises what it was made with wherever it is asked for a number."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __index__(self) -> int:
        raise self.error

    @property
    def microseconds(self) -> int:
        raise self.error


class Lasting:
    """Like a `Time`, of any number of microseconds."""

    def __init__(self, microseconds: Any) -> None:
        self.microseconds = microseconds


class Loud(int):
    """A number that does not want to be one."""

    def __float__(self) -> float:
        raise KeyboardInterrupt


HUGE = 10**5000

TAKING_A_NUMBER: dict[str, Callable[[Any], object]] = {
    "a port": UdpSocket().bind,
    "a size": UdpSocket().receive,
    "a byte": lambda value: IpAddress.from_bytes(value, 0, 0, 1),
    "an integer": IpAddress.from_integer,
    "a packet's": lambda value: Packet().write_u64(value),
    "a packet's bytes": lambda value: Packet().read_bytes(value),
}


@pytest.fixture
def waiting_udp() -> Iterator[UdpSocket]:
    with UdpSocket() as udp:
        udp.bind(0, IpAddress.LOCAL_HOST)
        yield udp


@pytest.mark.parametrize("call", TAKING_A_NUMBER.values(), ids=TAKING_A_NUMBER.keys())
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ZeroDivisionError])
def test_what_a_number_raises_gets_out(call: Callable[[Any], object], error: type[BaseException]) -> None:
    raised = error("by the argument")
    with pytest.raises(error) as caught:
        call(Raising(raised))
    assert caught.value is raised


@pytest.mark.parametrize("call", TAKING_A_NUMBER.values(), ids=TAKING_A_NUMBER.keys())
@pytest.mark.parametrize("number", [HUGE, -HUGE], ids=["huge", "negative"])
def test_a_huge_number_is_out_of_range_and_not_printed(
    call: Callable[[Any], object], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    with pytest.raises(OverflowError, match=r"0 to \d+") as caught:
        call(number)
    assert len(str(caught.value)) < 100
    assert not unraisable


def test_an_index_out_of_range_is_out_of_range() -> None:
    class Index:
        def __index__(self) -> int:
            return 65536

    with pytest.raises(OverflowError, match="a port is 0 to 65535"):
        UdpSocket().bind(Index())  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ZeroDivisionError])
def test_what_a_limit_raises_gets_out(waiting_udp: UdpSocket, error: type[BaseException]) -> None:
    raised: Any = Raising(error("by the argument"))
    with pytest.raises(error, match="by the argument"):
        waiting_udp.receive(1, raised)
    with pytest.raises(KeyboardInterrupt):
        waiting_udp.receive(1, Loud(1))


NEGATIVE_LIMITS: dict[str, Any] = {
    "an int too large for a float": -HUGE,
    "an int of many digits": -(10**300),
    "minus infinity": float("-inf"),
    "a timedelta": timedelta.min,
    "a time": Lasting(-1),
    "a time too long for 64 bits": Lasting(-HUGE),
}


@pytest.mark.parametrize("limit", NEGATIVE_LIMITS.values(), ids=NEGATIVE_LIMITS.keys())
def test_a_negative_limit_is_refused_however_large(waiting_udp: UdpSocket, limit: Any) -> None:
    waiting_udp.blocking = False
    with pytest.raises(ValueError, match="a time limit is not negative"):
        waiting_udp.receive(1, limit)


LONG_LIMITS: dict[str, Any] = {
    "an int too large for a float": HUGE,
    "infinity": float("inf"),
    "a timedelta": timedelta.max,
    "a time": Lasting(2**63 - 1),
    "a time too long for 64 bits": Lasting(HUGE),
}


@pytest.mark.parametrize("limit", LONG_LIMITS.values(), ids=LONG_LIMITS.keys())
def test_a_limit_may_be_as_long_as_it_likes(stdlib_pair: StdlibPair, limit: Any) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(b"x")
    assert ours.receive(1, limit) == b"x"


@pytest.mark.parametrize("other", [Lasting("1"), Lasting(None), object()], ids=["text", "None", "nothing"])
def test_what_has_no_length_is_no_limit(waiting_udp: UdpSocket, other: Any) -> None:
    with pytest.raises(TypeError, match=f"a time limit is .*, not {type(other).__name__}"):
        waiting_udp.receive(1, other)
