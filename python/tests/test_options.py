"""Socket options as attributes: what is set is read back, and what does not apply is named."""

from __future__ import annotations

import socket as standard
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sfml_network import IpAddress, SocketError, TcpListener, TcpSocket, UdpSocket, seconds


@pytest.fixture
def udp() -> Iterator[UdpSocket]:
    with UdpSocket() as socket:
        socket.bind(0, IpAddress.LOCAL_HOST)
        yield socket


@pytest.fixture
def tcp() -> Iterator[TcpSocket]:
    with TcpListener() as listener, TcpSocket() as client:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client.connect(IpAddress.LOCAL_HOST, listener.local_port)
        with listener.accept():
            yield client


def seen_by_the_standard_library(number: int, level: int, option: int) -> int:
    with standard.socket(fileno=standard.dup(number)) as other:
        return other.getsockopt(level, option)


def test_no_delay_is_on_until_it_is_switched_off(tcp: TcpSocket) -> None:
    assert tcp.options.tcp_nodelay is True
    tcp.options.tcp_nodelay = False
    assert seen_by_the_standard_library(tcp.fileno(), standard.IPPROTO_TCP, standard.TCP_NODELAY) == 0


def test_broadcast_is_on_until_it_is_switched_off(udp: UdpSocket) -> None:
    assert udp.options.broadcast is True
    udp.options.broadcast = False
    assert seen_by_the_standard_library(udp.fileno(), standard.SOL_SOCKET, standard.SO_BROADCAST) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="platform: Windows does not tell")
def test_keepalive_takes_any_kind_of_time_and_is_read_back_as_timedeltas(tcp: TcpSocket) -> None:
    assert tcp.options.tcp_keepalive is None
    tcp.options.tcp_keepalive = (seconds(10), 2.5, 4)
    assert tcp.options.tcp_keepalive == (timedelta(seconds=10), timedelta(seconds=3), 4)
    tcp.options.tcp_keepalive = None
    assert tcp.options.tcp_keepalive is None


def test_linger_of_zero_is_not_the_same_as_none(tcp: TcpSocket) -> None:
    assert tcp.options.linger is None
    tcp.options.linger = 0
    assert tcp.options.linger == timedelta(0)
    tcp.options.linger = timedelta(seconds=2)
    assert tcp.options.linger == timedelta(seconds=2)


def test_buffer_sizes_are_at_least_what_was_asked_for(udp: UdpSocket) -> None:
    udp.options.recv_buffer_size = 50_000
    udp.options.send_buffer_size = 50_000
    assert udp.options.recv_buffer_size >= 50_000
    assert udp.options.send_buffer_size >= 50_000


def test_time_to_live_and_class_of_service_are_read_back(udp: UdpSocket) -> None:
    udp.options.ttl_v4 = 7
    udp.options.tos_v4 = 184
    udp.options.multicast_ttl_v4 = 3
    udp.options.multicast_loop_v4 = False
    udp.options.multicast_if_v4 = "127.0.0.1"
    assert (udp.options.ttl_v4, udp.options.tos_v4, udp.options.multicast_ttl_v4) == (7, 184, 3)
    assert udp.options.multicast_loop_v4 is False
    assert udp.options.multicast_if_v4 == IpAddress.LOCAL_HOST


def test_an_option_of_another_kind_of_socket_is_named(udp: UdpSocket) -> None:
    with pytest.raises(SocketError, match="no option tcp_nodelay"):
        _ = udp.options.tcp_nodelay


def test_options_of_a_closed_socket_say_that_it_is_not_open() -> None:
    with pytest.raises(SocketError, match="not open"):
        UdpSocket().options.ttl_v4 = 1


def test_wrong_values_are_refused(tcp: TcpSocket) -> None:
    with pytest.raises(ValueError, match="not negative"):
        tcp.options.linger = -1
    with pytest.raises(OverflowError):
        tcp.options.ttl_v4 = -1
    with pytest.raises(SocketError, match="IP_TTL"):
        tcp.options.ttl_v4 = 1000
    with pytest.raises(TypeError):
        tcp.options.tcp_nodelay = "yes"  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        tcp.options.no_such_option = 1  # type: ignore[attr-defined]


@pytest.mark.skipif(sys.platform == "win32", reason="platform: no SO_REUSEPORT on Windows")
def test_two_sockets_share_a_port_only_if_both_ask_for_it() -> None:
    with UdpSocket() as first, UdpSocket() as second, UdpSocket() as third:
        first.bind(0, IpAddress.LOCAL_HOST, reuse_port=True)
        second.bind(first.local_port, IpAddress.LOCAL_HOST, reuse_port=True)
        assert second.local_port == first.local_port
        with pytest.raises(SocketError, match="already uses that port"):
            third.bind(first.local_port, IpAddress.LOCAL_HOST)


@pytest.mark.skipif(sys.platform == "win32", reason="platform: no SO_REUSEPORT on Windows")
def test_two_listeners_share_a_port_if_both_ask_for_it() -> None:
    with TcpListener() as first, TcpListener() as second:
        first.listen(0, IpAddress.LOCAL_HOST, reuse_port=True)
        second.listen(first.local_port, IpAddress.LOCAL_HOST, reuse_port=True)
        assert second.local_port == first.local_port
