"""What the arguments may be, at the edges: every kind of buffer, real addresses only, exceptions that get out."""

from __future__ import annotations

import ctypes
import ipaddress
import socket
from collections.abc import Callable
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
