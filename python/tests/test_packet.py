"""`Packet`: SFML's wire format byte for byte, in memory, over TCP and over UDP."""

from __future__ import annotations

import copy
import pickle
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from typing import Any

import peers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import LOOPBACK
from sfml.network import (
    IpAddress,
    Packet,
    SocketDisconnected,
    SocketError,
    SocketNotReady,
    TcpSocket,
    UdpSocket,
)
from sfml.system import milliseconds
from sleepers import Waiter, needs_proc

Pair = tuple[TcpSocket, TcpSocket]
StdlibPair = tuple[TcpSocket, socket.socket]

# How `struct` writes what SFML writes: integers have the most significant byte first, floats last.
NUMBERS = {
    "bool": ("?", st.booleans()),
    "i8": (">b", st.integers(-(2**7), 2**7 - 1)),
    "u8": (">B", st.integers(0, 2**8 - 1)),
    "i16": (">h", st.integers(-(2**15), 2**15 - 1)),
    "u16": (">H", st.integers(0, 2**16 - 1)),
    "i32": (">i", st.integers(-(2**31), 2**31 - 1)),
    "u32": (">I", st.integers(0, 2**32 - 1)),
    "i64": (">q", st.integers(-(2**63), 2**63 - 1)),
    "u64": (">Q", st.integers(0, 2**64 - 1)),
    "f32": ("<f", st.floats(width=32, allow_nan=False)),
    "f64": ("<d", st.floats(allow_nan=False)),
}

text = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.one_of([st.tuples(st.just(kind), values) for kind, (_, values) in NUMBERS.items()])))
def test_numbers_travel_as_sfml_writes_them(values: list[tuple[str, Any]]) -> None:
    packet = Packet()
    for kind, value in values:
        assert getattr(packet, f"write_{kind}")(value) is packet
    assert packet.data == b"".join(struct.pack(NUMBERS[kind][0], value) for kind, value in values)
    for kind, value in values:
        assert getattr(packet, f"read_{kind}")() == value
    assert packet.end_of_packet
    assert packet.is_valid


def test_the_bytes_that_sfmls_own_tests_expect() -> None:
    assert Packet().write_u16(12345).data == bytes.fromhex("3039")
    assert Packet().write_u32(1234567890).data == bytes.fromhex("499602D2")
    assert Packet().write_f32(123.456).data == bytes.fromhex("79E9F642")


@given(text)
def test_strings_travel_behind_their_length(value: str) -> None:
    encoded = value.encode()
    packet = Packet().write_string(value)
    assert packet.data == struct.pack(">I", len(encoded)) + encoded
    assert packet.read_string() == value


@given(text)
def test_wide_strings_travel_as_four_bytes_a_character(value: str) -> None:
    packet = Packet().write_wide_string(value)
    assert packet.data == struct.pack(f">I{len(value)}I", len(value), *map(ord, value))
    assert packet.read_wide_string() == value


@given(st.binary())
def test_strings_may_be_any_bytes(value: bytes) -> None:
    packet = Packet().write_string(value).write_string(bytearray(value))
    assert packet.read_string_bytes() == packet.read_string_bytes() == value


def test_a_new_packet_is_empty_and_valid() -> None:
    packet = Packet()
    assert (packet.data, packet.read_position, len(packet)) == (b"", 0, 0)
    assert packet
    assert packet.end_of_packet


def test_raw_data_is_appended_and_read() -> None:
    packet = Packet(b"ab").append(b"cd").append("ef").append(memoryview(b"gh"))
    assert packet.data == bytes(packet) == b"abcdefgh"
    assert packet.read_bytes(3) == b"abc"
    assert (packet.read_position, len(packet), packet.end_of_packet) == (3, 8, False)
    assert packet.read_bytes(5) == b"defgh"
    assert packet.end_of_packet


READS: list[Callable[[Packet], object]] = [
    *(getattr(Packet, f"read_{kind}") for kind in NUMBERS),
    Packet.read_string,
    Packet.read_string_bytes,
    Packet.read_wide_string,
    lambda packet: packet.read_bytes(1),
]


@pytest.mark.parametrize("read", READS)
def test_reading_beyond_the_end_makes_it_invalid_until_cleared(read: Callable[[Packet], object]) -> None:
    packet = Packet(b"\x01")
    packet.read_u8()
    for _ in range(2):
        with pytest.raises(ValueError, match=r".+"):
            read(packet)
        assert not packet
        assert packet.read_position == 1
    packet.append(b"\0" * 8)
    with pytest.raises(ValueError, match="earlier read"):
        packet.read_u8()
    packet.clear()
    assert packet
    assert packet.write_u8(7).read_u8() == 7


@pytest.mark.parametrize("read", [Packet.read_string, Packet.read_string_bytes, Packet.read_wide_string])
@pytest.mark.parametrize("length", [5, 0x40000001, 0xFFFFFFFF])
def test_a_length_beyond_the_data_is_refused(read: Callable[[Packet], object], length: int) -> None:
    packet = Packet(struct.pack(">I", length) + b"data")
    with pytest.raises(ValueError, match=r".+"):
        read(packet)
    assert not packet.is_valid


def test_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        Packet().write_string(b"\xff").read_string()
    with pytest.raises(ValueError, match="character"):
        Packet(struct.pack(">II", 1, 0x110000)).read_wide_string()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("u8", 256),
        ("u8", -1),
        ("i8", 128),
        ("u16", 1 << 16),
        ("i32", 1 << 31),
        ("u64", 1 << 64),
        ("i64", 1 << 70),
    ],
)
def test_a_number_that_does_not_fit_is_refused(kind: str, value: int) -> None:
    packet = Packet()
    with pytest.raises(OverflowError):
        getattr(packet, f"write_{kind}")(value)
    assert packet.data == b""


def test_equality_copies_and_pickles() -> None:
    packet = Packet(b"abc")
    for twin in (copy.copy(packet), copy.deepcopy(packet), pickle.loads(pickle.dumps(packet))):
        assert twin == packet
        twin.append(b"d")
        assert twin != packet
    assert packet != b"abc"
    with pytest.raises(TypeError, match="unhashable"):
        hash(packet)


def test_its_repr_says_how_much_was_read() -> None:
    packet = Packet(b"abc")
    packet.read_u8()
    assert repr(packet) == "<Packet of 3 bytes, 1 read>"
    with pytest.raises(ValueError, match=r".+"):
        packet.read_u64()
    assert repr(packet) == "<Packet of 3 bytes, 1 read, invalid>"


def test_over_tcp_the_length_comes_first(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    ours.send_packet(Packet().write_string("hi"))
    assert theirs.recv(100) == struct.pack(">I", 6) + struct.pack(">I", 2) + b"hi"
    theirs.sendall(struct.pack(">I", 3) + b"abc" + struct.pack(">I", 0))
    assert ours.receive_packet().data == b"abc"
    assert ours.receive_packet(timeout=5).data == b""


def test_a_packet_may_be_filled_again(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    packet = Packet(b"old")
    theirs.sendall(struct.pack(">I", 3) + b"new")
    assert ours.receive_packet(packet) is packet
    assert (packet.data, packet.read_position) == (b"new", 0)


def test_a_packet_that_arrives_in_pieces_is_not_lost(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    frame = struct.pack(">I", 5) + b"hello"
    for byte in frame[:-1]:
        theirs.sendall(bytes([byte]))
        with pytest.raises(SocketNotReady):
            ours.receive_packet(timeout=milliseconds(2))
    ours.blocking = False
    with pytest.raises(SocketNotReady):
        ours.receive_packet()
    ours.blocking = True
    theirs.sendall(frame[-1:])
    assert ours.receive_packet(timeout=5).data == b"hello"


def test_a_packet_sent_in_pieces_is_not_sent_twice(pair: Pair) -> None:
    client, server = pair
    packet = Packet(bytes(range(256)) * (1 << 15))
    client.blocking = False
    with pytest.raises(SocketNotReady):
        client.send_packet(packet)
    received: list[Packet] = []
    receiver = threading.Thread(target=lambda: received.append(server.receive_packet(timeout=10)))
    receiver.start()
    client.blocking = True
    client.send_packet(packet, 10)
    receiver.join()
    assert received == [packet]
    assert server.try_receive(10) is None


@needs_proc
def test_bytes_wait_for_the_rest_of_a_packet(pair: Pair) -> None:
    client, server = pair
    packet = Packet(bytes(8 << 20))
    with pytest.raises(SocketNotReady):
        client.send_packet(packet, milliseconds(5))
    with Waiter(lambda: client.send(b"after")) as waiter:
        assert server.receive_packet(timeout=10) == packet
        assert server.receive_exact(5, 10) == b"after"
    assert waiter.result == 5


def test_the_limit_bounds_what_a_peer_may_announce(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    assert ours.packet_limit == 16 << 20
    ours.packet_limit = 10
    theirs.sendall(struct.pack(">I", 10) + b"0123456789" + struct.pack(">I", 11) + b"x")
    assert len(ours.receive_packet(timeout=5)) == 10
    with pytest.raises(SocketError, match=r"11 bytes.*limit"):
        ours.receive_packet(timeout=5)


def test_the_limit_may_be_set_before_connecting() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener, TcpSocket() as ours:
        ours.packet_limit = 3
        ours.connect(LOOPBACK, listener.getsockname()[1])
        theirs, _ = listener.accept()
        with theirs:
            theirs.sendall(struct.pack(">I", 4))
            with pytest.raises(SocketError, match="limit"):
                ours.receive_packet(timeout=5)


def test_the_end_in_the_middle_of_a_packet_is_a_disconnection(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    theirs.sendall(struct.pack(">I", 5) + b"he")
    theirs.close()
    with pytest.raises(SocketDisconnected):
        ours.receive_packet(timeout=5)


def test_over_udp_a_packet_is_a_datagram() -> None:
    with peers.bound_beside_stdlib() as (ours, theirs):
        port = theirs.getsockname()[1]
        ours.send_packet(Packet(b"hello"), IpAddress.LOCAL_HOST, port)
        assert theirs.recv(100) == b"hello"
        theirs.sendto(b"answer", (LOOPBACK, ours.local_port))
        packet, sender, sender_port = ours.receive_packet(timeout=5)
        assert (packet.data, sender, sender_port) == (b"answer", IpAddress.LOCAL_HOST, port)


class Compressed(Packet):
    """Travels compressed, as C++ programs do it with onSend and onReceive."""

    def __init__(self, level: int = 9) -> None:
        super().__init__()
        self.level = level

    def on_send(self) -> bytes:
        return zlib.compress(self.data, self.level)

    def on_receive(self, data: Any) -> None:
        assert isinstance(data, bytes)
        super().on_receive(zlib.decompress(data))


def test_a_subclass_may_change_what_travels(stdlib_pair: StdlibPair) -> None:
    ours, theirs = stdlib_pair
    packet = Compressed(1)
    packet.append(bytes(10_000))
    ours.send_packet(packet)
    (length,) = struct.unpack(">I", theirs.recv(4))
    travelling = theirs.recv(65536)
    assert length == len(travelling) < 100
    theirs.sendall(struct.pack(">I", length) + travelling)
    assert ours.receive_packet(Compressed(), 5).data == packet.data
    assert packet.data == bytes(10_000)


def test_what_a_hook_raises_comes_out(stdlib_pair: StdlibPair) -> None:
    class Broken(Packet):
        def on_send(self) -> bytes:
            raise ZeroDivisionError("in the hook")

        def on_receive(self, data: Any) -> None:
            raise ZeroDivisionError("in the hook")

    ours, theirs = stdlib_pair
    with pytest.raises(ZeroDivisionError):
        ours.send_packet(Broken(b"abc"))
    theirs.sendall(struct.pack(">I", 3) + b"abc" + struct.pack(">I", 3) + b"def")
    with pytest.raises(ZeroDivisionError):
        ours.receive_packet(Broken(), 5)
    assert ours.receive_packet(timeout=5).data == b"def"


def test_a_subclass_copies_with_its_attributes() -> None:
    packet = Compressed(3)
    packet.append(b"abc")
    twin = copy.deepcopy(packet)
    assert (type(twin), twin.level, twin.data) == (Compressed, 3, b"abc")


def test_a_hook_works_over_udp() -> None:
    with peers.bound() as (one, other):
        packet = Compressed()
        packet.write_string("x" * 1000)
        one.send_packet(packet, IpAddress.LOCAL_HOST, other.local_port)
        assert len(other.receive(1500, 5)[0]) < 100
        one.send_packet(packet, IpAddress.LOCAL_HOST, other.local_port)
        received, _, _ = other.receive_packet(Compressed(), 5)
        assert received.read_string() == "x" * 1000
        assert isinstance(one, UdpSocket)
