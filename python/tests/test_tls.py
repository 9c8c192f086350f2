"""TLS on a `TcpSocket`: at either end, against CPython's `ssl`, in both modes, and what the socket then tells."""

from __future__ import annotations

import contextlib
import random
import ssl
import threading
from pathlib import Path

import peers
import pytest
import tls_peers
from peers import LOOPBACK
from sfml.network import (
    IpAddress,
    Packet,
    SocketDisconnected,
    SocketError,
    SocketNotReady,
    SocketSelector,
    TcpListener,
    TcpSocket,
    TlsStatus,
)
from tls_peers import COMPLETE, STARTED, authority, identity, path

MIB = random.Random(7).randbytes(1 << 20)


def exchange(ours: TcpSocket, theirs: ssl.SSLSocket) -> None:
    """1 MiB from either end to the other, at the same time."""
    sender = threading.Thread(target=lambda: theirs.sendall(MIB))
    with tls_peers.beside(lambda: ours.send(MIB, 15)) as sent:
        sender.start()
        assert ours.receive_exact(len(MIB), 15) == MIB
        sender.join(15)
        received = bytearray()
        while len(received) < len(MIB):
            received += theirs.recv(1 << 16)
        assert sent.result(15) == len(MIB)
    assert received == MIB


def test_a_client_and_cpythons_server_exchange_a_mebibyte_each_way() -> None:
    with tls_peers.to_cpython() as (ours, theirs):
        exchange(ours, theirs)
        cipher = theirs.cipher()
        assert cipher is not None
        assert ours.ciphersuite == cipher[0]
        assert (ours.tls_version, theirs.version()) == ("TLS 1.3", "TLSv1.3")
        assert ours.peer_certificates[0] == ssl.PEM_cert_to_DER_cert(path("good.pem").read_text())


def test_a_server_and_cpythons_client_exchange_a_mebibyte_each_way() -> None:
    with tls_peers.from_cpython() as (ours, theirs):
        exchange(ours, theirs)
        assert ours.server_name == "localhost"
        assert ours.peer_certificates == []
        assert ours.session_reused is False


def test_both_ends_agree_on_the_older_version() -> None:
    context = tls_peers.server_context(maximum_version=ssl.TLSVersion.TLSv1_2)
    with tls_peers.to_cpython(context) as (ours, theirs):
        assert ours.tls_version == "TLS 1.2"
        exchange(ours, theirs)


def test_a_plain_socket_has_no_tls() -> None:
    with TcpSocket() as unconnected:
        assert unconnected.setup_tls_client("localhost") == TlsStatus.NOT_CONNECTED
        assert unconnected.setup_tls_server(*identity()) == TlsStatus.NOT_CONNECTED
    with peers.connected() as (client, _):
        for plain in (unconnected, client):
            assert plain.tls_status is TlsStatus.NOT_CONNECTED
            assert (plain.tls_version, plain.ciphersuite, plain.alpn) == (None, None, None)
            assert (plain.peer_certificates, plain.session_reused, plain.server_name) == ([], None, None)


def test_the_stages_have_the_numbers_and_the_place_of_sfml() -> None:
    assert TcpSocket.TlsStatus is TlsStatus
    assert [stage.name for stage in TlsStatus] == [
        "NOT_CONNECTED",
        "HANDSHAKE_STARTED",
        "HANDSHAKE_COMPLETE",
        "ERROR",
    ]
    assert [int(stage) for stage in TlsStatus] == [0, 1, 2, 3]


def test_one_thread_does_both_ends_without_blocking_as_in_sfml() -> None:
    chain, key = identity("common_name_only")
    with peers.connected() as (client, server):
        client.blocking = server.blocking = False
        assert client.setup_tls_client("SFML TLS Example", ca=chain.read_text()) is STARTED
        assert client.tls_status is STARTED
        for _ in range(1000):
            ends = server.setup_tls_server(chain, key), client.setup_tls_client("SFML TLS Example", ca=chain)
            if ends == (COMPLETE, COMPLETE):
                break
        assert ends == (client.tls_status, server.tls_status) == (COMPLETE, COMPLETE)
        assert client.ciphersuite == server.ciphersuite != ""
        received, sent = bytearray(), 0
        while len(received) < len(MIB):
            if sent < len(MIB):
                with contextlib.suppress(SocketNotReady):
                    sent += client.send(MIB[sent : sent + 50_000])
            received += server.try_receive(1 << 16) or b""
        assert received == MIB
        server.disconnect()
        client.blocking = True
        with pytest.raises(SocketDisconnected) as ended:
            client.receive(1, 10)
        assert ended.value.__cause__ is None


def test_setting_up_again_is_no_operation_at_the_same_end_and_an_error_at_the_other() -> None:
    with tls_peers.inside() as (client, server):
        assert client.setup_tls_client("elsewhere", ca="/nowhere") == COMPLETE
        with pytest.raises(SocketError, match="inside TLS already, as the other end"):
            client.setup_tls_server(*identity())
        assert client.send(b"still works") == 11
        assert server.receive(100, 10) == b"still works"


def test_every_way_to_send_and_receive_works_inside_tls() -> None:
    with tls_peers.inside() as (client, server):
        assert client.send("text", 10) == 4
        assert server.receive(2, 10) == b"te"
        assert server.try_receive(100) == b"xt"
        assert server.try_receive(100) is None
        assert server.receive(0) == b""
        assert client.send(memoryview(b"buffer"), 10) == 6
        target = bytearray(10)
        assert server.receive_into(target, 10) == 6
        assert target[:6] == b"buffer"
        with tls_peers.beside(lambda: client.send(MIB, 15)):
            assert server.receive_exact(len(MIB), 15) == MIB
        with pytest.raises(SocketNotReady) as nothing:
            server.receive_exact(5, 0.01)
        assert nothing.value.partial == b""


def test_peek_is_refused_inside_tls() -> None:
    with tls_peers.inside() as (client, _), pytest.raises(SocketError, match="there is no peek"):
        client.peek(1)


def test_a_descriptor_inside_tls_cannot_be_detached() -> None:
    with tls_peers.inside() as (client, server):
        assert client.fileno() >= 0
        with pytest.raises(SocketError, match="cannot be detached"):
            client.detach()
        client.send(b"as before")
        assert server.receive(100, 10) == b"as before"


def test_options_and_addresses_are_those_of_the_connection() -> None:
    with tls_peers.inside() as (client, server):
        client.options.tcp_nodelay = False
        assert client.options.tcp_nodelay is False
        assert client.remote_port == server.local_port
        assert client.remote_address == server.local_address == IpAddress.LOCAL_HOST
        assert "to 127.0.0.1 port" in repr(client)


def test_packets_go_through_and_their_limit_holds() -> None:
    with tls_peers.inside() as (client, server):
        packet = Packet(MIB)
        with tls_peers.beside(lambda: client.send_packet(packet, 15)):
            assert bytes(server.receive_packet(None, 15)) == MIB
        server.packet_limit = 100
        with (
            tls_peers.beside(lambda: client.send_packet(packet, 15)),
            pytest.raises(SocketError, match="100"),
        ):
            server.receive_packet(None, 15)
        server.disconnect()


def test_a_packet_of_a_class_of_its_own_is_transformed() -> None:
    class Turned(Packet):
        def on_send(self) -> bytes:
            return bytes(self)[::-1]

    with tls_peers.inside() as (client, server):
        client.send_packet(Turned(b"abc"), 10)
        assert bytes(server.receive_packet(None, 10)) == b"cba"


def test_shutdown_ends_one_direction() -> None:
    with tls_peers.to_cpython() as (ours, theirs):
        ours.send(b"question")
        ours.shutdown()
        assert theirs.recv(100) == b"question"
        assert theirs.recv(100) == b""
        theirs.sendall(b"answer")
        assert ours.receive(100, 10) == b"answer"
        with pytest.raises(SocketDisconnected):
            ours.send(b"more")


@pytest.mark.parametrize("close", [TcpSocket.disconnect, TcpSocket.close])
def test_closing_says_so_to_the_peer(close: object) -> None:
    with tls_peers.to_cpython() as (ours, theirs):
        ours.send(b"last words")
        close(ours)  # type: ignore[operator]
        theirs.suppress_ragged_eofs = False
        assert theirs.recv(100) == b"last words"
        assert theirs.recv(100) == b""


def test_protocols_are_agreed_on() -> None:
    with tls_peers.inside(server={"alpn": ["one", b"two"]}, alpn=("two", "three")) as (client, server):
        assert client.alpn == server.alpn == "two"


def test_a_client_shows_its_certificate_when_it_is_asked() -> None:
    (chain, key), asks = identity("client"), {"client_ca": authority(), "require_client_certificate": True}
    with tls_peers.inside(server=asks, cert=chain, key=key) as (_, server):
        assert server.peer_certificates == [ssl.PEM_cert_to_DER_cert(chain.read_text())]
    both = chain.read_bytes() + key.read_bytes()
    with tls_peers.inside(server=asks, cert=both) as (_, server):
        assert len(server.peer_certificates) == 1
    with tls_peers.inside(server={"client_ca": authority()}) as (_, server):
        assert server.peer_certificates == []


def test_later_connections_with_the_same_arguments_take_up_the_session() -> None:
    reused = []
    for ca in (authority(), authority().read_text(), authority().read_bytes()):
        with peers.connected() as (client, server):
            with tls_peers.beside(
                lambda server=server: server.setup_tls_server(*identity("chained"), timeout=15)
            ):
                # A protocol of its own, so that no other test has had these arguments.
                assert client.setup_tls_client("localhost", ca=ca, alpn=["session"], timeout=15) == COMPLETE
            server.send(b"behind the tickets")
            client.receive_exact(18, 10)
            assert client.session_reused == server.session_reused
            reused.append(client.session_reused)
    assert reused == [False, True, True]


def test_a_chain_with_an_authority_in_between_is_believed() -> None:
    with tls_peers.inside("chained") as (client, _):
        assert len(client.peer_certificates) == 2


def test_insecure_is_possible_and_has_to_be_asked_for() -> None:
    with peers.connected() as (client, server):
        with tls_peers.beside(lambda: server.setup_tls_server(*identity("unknown_issuer"), timeout=15)):
            assert client.setup_tls_client("anybody", False, timeout=15) == COMPLETE
        client.send(b"hidden from those who listen")
        assert server.receive(100, 10).startswith(b"hidden")


def test_connecting_again_gives_a_plain_socket_again() -> None:
    with tls_peers.inside() as (client, _), TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client.connect(LOOPBACK, listener.local_port, 5)
        assert client.tls_status is TlsStatus.NOT_CONNECTED
        assert client.ciphersuite is None
        with listener.accept(timeout=5) as server:
            client.send(b"plain")
            assert server.receive(100, 5) == b"plain"


def test_accepting_into_a_socket_inside_tls_gives_a_plain_one() -> None:
    with tls_peers.inside() as (client, _), TcpListener() as listener, TcpSocket() as other:
        listener.listen(0, IpAddress.LOCAL_HOST)
        other.connect(LOOPBACK, listener.local_port, 5)
        listener.accept(client, 5)
        assert client.tls_status is TlsStatus.NOT_CONNECTED
        other.send(b"plain")
        assert client.receive(100, 5) == b"plain"


def test_a_handshake_that_ran_out_of_time_goes_on() -> None:
    with peers.connected() as (client, server):
        with pytest.raises(SocketNotReady):
            client.setup_tls_client("localhost", ca=authority(), timeout=0.01)
        assert client.tls_status is STARTED
        with tls_peers.beside(lambda: server.setup_tls_server(*identity(), timeout=15)):
            assert client.setup_tls_client("localhost", timeout=15) == COMPLETE


def test_a_non_blocking_connection_may_still_be_on_its_way() -> None:
    with TcpListener() as listener, TcpSocket() as client, SocketSelector() as selector:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client.blocking = False
        with pytest.raises(SocketNotReady):
            client.connect(LOOPBACK, listener.local_port)
        assert client.setup_tls_client("localhost", ca=authority()) == STARTED
        with listener.accept(timeout=5) as server:
            server.blocking = False
            server.setup_tls_server(*identity())
            selector.add(client)
            selector.add(server)
            tls_peers.until(selector, lambda: client.tls_status == server.tls_status == COMPLETE)


def test_sending_moves_the_handshake_on_too() -> None:
    with peers.connected() as (client, server):
        client.blocking = False
        client.setup_tls_client("localhost", ca=authority())
        client.blocking = True
        with tls_peers.beside(lambda: server.setup_tls_server(*identity(), timeout=15)):
            assert client.send(b"at once", 15) == 7
        assert server.receive(100, 10) == b"at once"


def test_keys_under_a_password_are_opened(tmp_path: Path, encrypted_key: Path) -> None:
    chain, _ = identity()
    with (
        peers.connected() as (client, server),
        tls_peers.beside(
            lambda: server.setup_tls_server(chain, encrypted_key, "secret", timeout=15)
        ) as accepted,
    ):
        assert client.setup_tls_client("localhost", ca=authority(), timeout=15) == COMPLETE
        assert accepted.result(15) == COMPLETE
    chain, key = identity("client")
    both = tmp_path / "both.pem"
    both.write_bytes(chain.read_bytes() + key.read_bytes())
    with tls_peers.inside(server={"client_ca": authority()}, cert=str(both)) as (_, server):
        assert len(server.peer_certificates) == 1
