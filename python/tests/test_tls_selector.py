"""Sockets inside TLS in a selector: what was decrypted counts, what is no data does not, and many go on at once."""

from __future__ import annotations

import contextlib

import peers
import pytest
import tls_peers
from peers import LOOPBACK
from sfml.network import (
    IpAddress,
    SocketDisconnected,
    SocketNotReady,
    SocketSelector,
    TcpListener,
    TcpSocket,
    TlsError,
    TlsStatus,
)
from tls_peers import COMPLETE, authority, identity


def test_what_was_decrypted_and_not_received_is_ready() -> None:
    with tls_peers.inside() as (client, server), SocketSelector() as selector:
        selector.add(server)
        client.send(b"two", 10)
        assert selector.wait(10)
        assert server.receive(1) == b"t"
        # The system has no more of it.
        assert selector.poll()
        assert selector.is_ready(server)
        assert selector.ready() == [server]
        assert server.receive(10) == b"wo"
        assert not selector.poll()


def test_it_counts_for_one_that_is_added_later_too() -> None:
    with tls_peers.inside() as (client, server), SocketSelector() as selector:
        client.send(b"two", 10)
        assert server.receive(1, 10) == b"t"
        selector.add(server)
        assert selector.wait(10)
        assert server.receive(10) == b"wo"


def test_tickets_are_no_data() -> None:
    with tls_peers.to_cpython() as (client, server), SocketSelector() as selector:
        selector.add(client)
        # The tickets come right behind the handshake; an answer to something sent comes behind them.
        assert not selector.wait(0.05)
        server.sendall(b"data")
        assert selector.wait(10)
        assert client.receive(10) == b"data"
        assert not selector.poll()


def test_half_a_record_is_not_ready() -> None:
    with tls_peers.to_cpython() as (client, server), SocketSelector() as selector:
        selector.add(client)
        client.blocking = False
        raw = peers.socket.socket(fileno=server.detach())
        with raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(10))
            assert not selector.wait(0.05)
            with pytest.raises(SocketNotReady):
                client.receive(1)
            assert client.try_receive(1) is None


def test_a_registration_stays_when_tls_begins() -> None:
    with peers.connected() as (client, server), SocketSelector() as selector:
        client.blocking = server.blocking = False
        selector.add(client)
        selector.add(server)
        client.setup_tls_client("localhost", ca=authority())
        server.setup_tls_server(*identity())
        assert len(selector) == 2
        assert client in selector
        tls_peers.until(selector, lambda: client.tls_status == server.tls_status == COMPLETE)
        client.send(b"hello")
        tls_peers.until(selector, lambda: selector.is_ready(server))
        assert server.receive(100) == b"hello"
        client.disconnect()
        assert client not in selector
        tls_peers.until(selector, lambda: selector.is_ready(server))
        with pytest.raises(SocketDisconnected):
            server.receive(100)
        assert selector.remove(server)


def test_a_handshake_that_fails_is_ready_and_tells_why() -> None:
    with peers.connected() as (client, server), SocketSelector() as selector:
        client.blocking = server.blocking = False
        client.setup_tls_client("localhost", ca=authority())
        server.setup_tls_server(*identity("unknown_issuer"))
        for each in (client, server):
            selector.add(each)
        tls_peers.until(selector, lambda: client.tls_status == server.tls_status == TlsStatus.ERROR)
        for each, reason in ((client, "unknown-issuer"), (server, "alert")):
            with pytest.raises(TlsError) as failed:
                each.receive(1)
            assert failed.value.reason == reason


def test_room_to_send_is_told_once_the_handshake_is_complete() -> None:
    with peers.connected() as (client, server), SocketSelector() as selector:
        client.blocking = server.blocking = False
        client.setup_tls_client("localhost", ca=authority())
        selector.add(client, readable=False, writable=True)
        assert not selector.poll()
        server.setup_tls_server(*identity())
        selector.add(server)
        tls_peers.until(selector, lambda: selector.is_writable(client))
        assert client.send(b"x") == 1


def test_two_hundred_clients_in_one_selector() -> None:
    number = 200
    chain, key = (file.read_bytes() for file in identity())
    ca = authority().read_bytes()
    with contextlib.ExitStack() as held:
        listener = held.enter_context(TcpListener())
        selector = held.enter_context(SocketSelector())
        listener.listen(0, IpAddress.LOCAL_HOST)
        pairs: dict[TcpSocket, TcpSocket] = {}
        for _ in range(number):
            client = held.enter_context(TcpSocket())
            client.connect(LOOPBACK, listener.local_port, 5)
            server = held.enter_context(listener.accept(timeout=5))
            client.blocking = server.blocking = False
            client.setup_tls_client("localhost", ca=ca)
            server.setup_tls_server(chain, key)
            selector.add(client)
            selector.add(server)
            pairs[client] = server
        both = [*pairs, *pairs.values()]
        tls_peers.until(selector, lambda: all(each.tls_status == COMPLETE for each in both), 2000)

        servers, answered = set(pairs.values()), set[TcpSocket]()
        for turn, client in enumerate(pairs):
            client.send(b"%d" % turn)

        def echo() -> bool:
            for each in selector:
                with contextlib.suppress(SocketNotReady):
                    data = each.receive(100)
                    if each in servers:
                        each.send(data)
                    else:
                        assert data == b"%d" % list(pairs).index(each)
                        answered.add(each)
            return len(answered) == number

        tls_peers.until(selector, echo, 2000)
