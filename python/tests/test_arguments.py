"""What the arguments may be, at the edges: every kind of buffer, real addresses only, exceptions that get out."""

from __future__ import annotations

import ctypes
import socket
from typing import Any

import pytest
from sfml.network import Packet, TcpSocket, UdpSocket

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
