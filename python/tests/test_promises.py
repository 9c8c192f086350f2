"""Promises that once did not hold: each of these failed before it was mended."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import weakref
from types import FrameType

import pytest
from sfml_network import IpAddress, Packet, SocketNotReady, TcpListener, TcpSocket, UdpSocket

HOST = IpAddress.LOCAL_HOST


def connected(listener: TcpListener) -> tuple[TcpSocket, TcpSocket]:
    client = TcpSocket()
    client.connect(HOST, listener.local_port, timeout=5)
    return client, listener.accept(timeout=5)


class Counting(Packet):
    """Counts how often it is transformed, and says so in what it sends."""

    made = 0

    def on_send(self) -> bytes:
        self.made += 1
        return bytes([self.made]) + self.data


def test_a_transformed_packet_sent_to_two_peers_arrives_once_at_each() -> None:
    with TcpListener() as listener:
        listener.listen(0, HOST)
        slow, slow_peer = connected(listener)
        quick, quick_peer = connected(listener)
        with slow, slow_peer, quick, quick_peer:
            packet = Counting(bytes(8_000_000))
            slow.blocking = False
            with pytest.raises(SocketNotReady):
                slow.send_packet(packet)
            received: list[Packet] = []
            reader = threading.Thread(target=lambda: received.append(quick_peer.receive_packet(timeout=10)))
            reader.start()
            quick.send_packet(packet, timeout=10)
            reader.join()
            slow.blocking = True
            reader = threading.Thread(target=lambda: received.append(slow_peer.receive_packet(timeout=10)))
            reader.start()
            slow.send_packet(packet, timeout=10)
            reader.join()
            slow.send_packet(Packet(b"next"))
            assert [packet.data[0] for packet in received] == [2, 1]
            assert slow_peer.receive_packet(timeout=5).data == b"next"


def test_what_was_made_for_a_dead_connection_is_not_sent_on_the_next() -> None:
    with TcpListener() as listener, TcpSocket() as client:
        listener.listen(0, HOST)
        client.connect(HOST, listener.local_port)
        packet = Counting(bytes(8_000_000))
        with listener.accept(timeout=5):
            client.blocking = False
            with pytest.raises(SocketNotReady):
                client.send_packet(packet)
        client.blocking = True
        client.connect(HOST, listener.local_port)
        with listener.accept(timeout=5) as peer:
            received: list[Packet] = []
            reader = threading.Thread(target=lambda: received.append(peer.receive_packet(timeout=10)))
            reader.start()
            client.send_packet(packet, timeout=10)
            reader.join()
            assert received[0].data[0] == 2


class PlainSubclass(Packet):
    """Overrides nothing."""


def test_a_subclass_that_transforms_nothing_is_resumed_like_any_packet() -> None:
    with TcpListener() as listener:
        listener.listen(0, HOST)
        client, server = connected(listener)
        with client, server:
            packet = PlainSubclass(bytes(8_000_000))
            client.blocking = False
            with pytest.raises(SocketNotReady):
                client.send_packet(packet)
            client.blocking = True
            received: list[Packet] = []
            reader = threading.Thread(target=lambda: received.append(server.receive_packet(timeout=10)))
            reader.start()
            client.send_packet(packet, timeout=10)
            reader.join()
            client.send_packet(Packet(b"next"))
            assert received[0] == Packet(bytes(8_000_000))
            assert server.receive_packet(timeout=5).data == b"next"


class Closing(Packet):
    """Takes the descriptor of the socket it is received from."""

    def __init__(self, socket: TcpSocket) -> None:
        self.socket = socket
        self.number = -1

    def on_receive(self, data: bytes) -> None:
        self.number = self.socket.detach()


def test_the_socket_may_be_detached_while_its_packet_is_received() -> None:
    with TcpListener() as listener:
        listener.listen(0, HOST)
        client, server = connected(listener)
        with client, server:
            client.send_packet(Packet(b"abc"))
            packet = Closing(server)
            server.receive_packet(packet, timeout=5)
            assert server.closed
            os.close(packet.number)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="platform: no timers")
def test_a_handler_that_raises_ends_a_long_batch() -> None:
    class StopError(Exception):
        pass

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopError

    previous = signal.signal(signal.SIGALRM, stop)
    try:
        with UdpSocket() as sender, UdpSocket() as receiver:
            receiver.bind(0, HOST)
            batch = [(b"x", HOST, receiver.local_port)] * 2_000_000
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(StopError):
                sender.send_many(batch)
            data = bytes(1 << 30)
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            with pytest.raises(StopError):
                sender.send_segmented(data, 1000, HOST, receiver.local_port)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


class WithOptions(UdpSocket):
    """Keeps its own options, which know it."""

    def __init__(self) -> None:
        self.bind(0, HOST)
        self.kept = self.options


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_socket_that_keeps_its_own_options_is_collected() -> None:
    gone = weakref.ref(WithOptions())
    gc.collect()
    assert gone() is None


def test_one_class_cannot_be_two_kinds_of_socket() -> None:
    for bases in ((TcpListener, TcpSocket), (TcpListener, UdpSocket), (TcpSocket, UdpSocket)):
        with pytest.raises(TypeError):
            type("Both", bases, {})


@pytest.mark.skipif(sys.platform == "win32", reason="platform: signals")
def test_a_handler_that_closes_the_socket_it_interrupts_ends_the_call() -> None:
    with UdpSocket() as socket:
        socket.bind(0, HOST)
        previous = signal.signal(signal.SIGALRM, lambda _number, _frame: socket.unbind())
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            with pytest.raises(OSError, match="closed"):
                socket.receive(10, timeout=10)
            assert socket.closed
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
