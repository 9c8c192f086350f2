"""What goes wrong inside TLS: each thing by its word, nothing in plain text after it, and the end told from a cut."""

from __future__ import annotations

import copy
import pickle
import socket
import ssl
from pathlib import Path
from typing import Any

import peers
import pytest
import sfml_network
import tls_peers
from peers import LOOPBACK
from sfml.network import (
    Http,
    Packet,
    SocketDisconnected,
    SocketError,
    SocketException,
    TcpSocket,
    TlsError,
    TlsStatus,
)
from tls_peers import COMPLETE, STARTED, authority, identity, path

SECRET = b"not in plain text"

# The identity of the server, the name that is asked for, and the word for what is wrong.
BAD_PEERS = [
    ("expired", "localhost", "expired"),
    ("not_yet_valid", "localhost", "not-yet-valid"),
    ("wrong_host", "localhost", "wrong-host"),
    ("good", "elsewhere.test", "wrong-host"),
    ("good", "not a host", "wrong-host"),
    ("unknown_issuer", "localhost", "unknown-issuer"),
    ("self_signed", "localhost", "self-signed"),
    ("common_name_only", "SFML TLS Example", "self-signed"),
]


def refuses_everything(ours: TcpSocket, reason: str) -> None:
    """Every way to send and receive raises the failure."""
    assert ours.tls_status is TlsStatus.ERROR
    calls = [
        lambda: ours.send(SECRET),
        lambda: ours.send_packet(Packet(SECRET)),
        lambda: ours.receive(10),
        lambda: ours.receive(1 << 20),
        lambda: ours.try_receive(10),
        lambda: ours.receive_into(bytearray(10)),
        lambda: ours.receive_exact(10),
        lambda: ours.receive_packet(),
    ]
    for call in calls:
        with pytest.raises(TlsError) as failed:
            call()
        assert failed.value.reason == reason


@pytest.mark.parametrize(("name", "asked", "reason"), BAD_PEERS)
def test_a_server_that_cannot_be_believed_is_named_and_hears_nothing(
    name: str, asked: str, reason: str
) -> None:
    context = tls_peers.server_context(name)
    with peers.connected_to_stdlib() as (ours, theirs):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        their_end = context.wrap_bio(incoming, outgoing, server_side=True)
        ours.blocking = False
        assert ours.setup_tls_client(asked, ca=authority()) == STARTED
        incoming.write(theirs.recv(1 << 16))
        with pytest.raises(ssl.SSLWantReadError):
            their_end.do_handshake()
        theirs.sendall(outgoing.read())
        ours.blocking = True
        with pytest.raises(TlsError) as failed:
            ours.setup_tls_client(asked, timeout=15)
        assert failed.value.reason == reason
        assert isinstance(failed.value, SocketError)
        refuses_everything(ours, reason)
        ours.disconnect()
        rest = peers.received_until_end(theirs)
        assert SECRET not in rest
        incoming.write(rest)
        incoming.write_eof()
        with pytest.raises(ssl.SSLError, match=r"(?i)alert"):
            their_end.do_handshake()


@pytest.mark.parametrize("asked", ["SFML TLS Example", "localhost"])
def test_a_certificate_that_is_given_itself_is_believed_for_its_own_name_only(asked: str) -> None:
    chain, key = identity("common_name_only")
    with (
        peers.connected() as (client, server),
        tls_peers.beside(lambda: server.setup_tls_server(chain, key, timeout=15)),
    ):
        if asked == "SFML TLS Example":
            assert client.setup_tls_client(asked, ca=chain, timeout=15) == COMPLETE
            return
        with pytest.raises(TlsError) as failed:
            client.setup_tls_client(asked, ca=chain, timeout=15)
        assert failed.value.reason == "wrong-host"


def test_a_client_that_turns_away_is_an_alert() -> None:
    context = tls_peers.client_context("stranger.pem")
    with peers.connected_to_stdlib() as (ours, theirs):
        with tls_peers.beside(lambda: context.wrap_socket(theirs, server_hostname="localhost")) as connected:
            with pytest.raises(TlsError, match="unknown_ca") as failed:
                ours.setup_tls_server(*identity(), timeout=15)
            assert isinstance(connected.exception(15), ssl.SSLCertVerificationError)
        assert failed.value.reason == "alert"
        refuses_everything(ours, "alert")


@pytest.mark.parametrize(
    ("shown", "at_server", "at_client"),
    [(None, "no-certificate", "certificate-required"), ("unknown_client", "unknown-issuer", "alert")],
)
def test_clients_without_the_certificate_that_is_required(
    shown: str | None, at_server: str, at_client: str
) -> None:
    own: dict[str, Any] = {}
    if shown is not None:
        own["cert"], own["key"] = identity(shown)
    with peers.connected() as (client, server):

        def accept() -> None:
            asks = {"client_ca": authority(), "require_client_certificate": True}
            server.setup_tls_server(*identity(), timeout=15, **asks)

        def connect() -> None:
            client.setup_tls_client("localhost", ca=authority(), timeout=15, **own)
            client.receive(1, 10)

        with tls_peers.beside(accept) as accepted, pytest.raises(TlsError) as failed:
            connect()
        refused = accepted.exception(15)
        assert isinstance(refused, TlsError)
        assert (refused.reason, failed.value.reason) == (at_server, at_client)


def test_nothing_in_common_is_named() -> None:
    with peers.connected() as (client, server):

        def accept() -> None:
            server.setup_tls_server(*identity(), alpn=["one"], timeout=15)

        with (
            tls_peers.beside(accept) as accepted,
            pytest.raises(TlsError, match="application protocol") as failed,
        ):
            client.setup_tls_client("localhost", ca=authority(), alpn=["two"], timeout=15)
        refused = accepted.exception(15)
        assert isinstance(refused, TlsError)
        assert refused.reason == failed.value.reason == "nothing-in-common"


@pytest.mark.parametrize(
    ("speech", "sentence"), [(b"HTTP/1.1 400 Bad\r\n\r\n", "HTTP"), (b"220 ready\r\n", "TLS")]
)
def test_a_peer_that_does_not_speak_tls(speech: bytes, sentence: str) -> None:
    with peers.connected_to_stdlib() as (ours, theirs):
        theirs.sendall(speech)
        with pytest.raises(TlsError, match=sentence) as failed:
            ours.setup_tls_client("localhost", ca=authority(), timeout=15)
        assert failed.value.reason == "not-tls"
        refuses_everything(ours, "not-tls")


def test_bytes_that_were_changed_are_misbehaviour() -> None:
    with tls_peers.to_cpython() as (ours, theirs):
        raw = socket.socket(fileno=theirs.detach())
        with raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
            with pytest.raises(TlsError) as failed:
                ours.receive(1, 10)
            assert failed.value.reason == "misbehaved"
            refuses_everything(ours, "misbehaved")


def test_a_stream_that_was_cut_is_no_ordinary_end() -> None:
    with tls_peers.to_cpython() as (ours, theirs):
        theirs.sendall(b"half of it")
        with socket.socket(fileno=theirs.detach()):
            pass
        assert ours.receive_exact(10, 10) == b"half of it"
        with pytest.raises(SocketDisconnected, match="closing message") as cut:
            ours.receive(1, 10)
        assert isinstance(cut.value.__cause__, TlsError)
        assert cut.value.__cause__.reason == "truncated"
        assert not isinstance(cut.value, TlsError)
        assert ours.tls_status is TlsStatus.ERROR


def test_a_peer_that_hangs_up_during_the_handshake() -> None:
    with peers.connected_to_stdlib() as (ours, theirs):
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(SocketDisconnected) as cut:
            ours.setup_tls_client("localhost", ca=authority(), timeout=15)
        assert isinstance(cut.value.__cause__, TlsError)
        assert ours.tls_status is TlsStatus.ERROR


def test_a_peer_that_resets_during_the_handshake() -> None:
    with peers.connected_to_stdlib() as (ours, theirs):
        peers.reset(theirs)
        with pytest.raises(SocketDisconnected):
            ours.setup_tls_client("localhost", ca=authority(), timeout=15)
        with pytest.raises(SocketException):
            ours.send(SECRET)


NO_PEM = "no PEM at all"


def unusable(what: str, folder: Path) -> dict[str, Any]:
    nonsense = folder / "nonsense.pem"
    nonsense.write_text(NO_PEM)
    chain, _ = identity("client")
    return {
        "a missing file": {"ca": folder / "missing.pem"},
        "a folder": {"ca": folder},
        "no certificates": {"ca": nonsense},
        "no certificates in memory": {"ca": NO_PEM.encode()},
        "damage": {"ca": "-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----\n"},
        "no key": {"cert": chain, "key": nonsense},
        "no key in the same file": {"cert": chain},
        "the key of another": {"cert": chain, "key": path("good.key")},
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "a missing file",
        "a folder",
        "no certificates",
        "no certificates in memory",
        "damage",
        "no key",
        "no key in the same file",
        "the key of another",
    ],
)
def test_what_cannot_work_is_told_and_nothing_is_sent(what: str, tmp_path: Path) -> None:
    with peers.connected_to_stdlib() as (ours, theirs):
        with pytest.raises(TlsError) as failed:
            ours.setup_tls_client("localhost", **{"ca": authority(), **unusable(what, tmp_path)})
        assert failed.value.reason == "configuration"
        refuses_everything(ours, "configuration")
        ours.disconnect()
        assert peers.received_until_end(theirs) == b""


def test_a_missing_file_is_named() -> None:
    with peers.connected() as (client, _), pytest.raises(TlsError, match=r"/nowhere/ca\.pem: No such file"):
        client.setup_tls_client("localhost", ca="/nowhere/ca.pem")


@pytest.mark.parametrize("name", ["", "a\nb", "\0", "x" * 1025])
def test_a_name_that_nobody_can_have(name: str) -> None:
    with peers.connected_to_stdlib() as (ours, theirs):
        with pytest.raises(TlsError, match="cannot be the name of a server") as failed:
            ours.setup_tls_client(name, ca=authority())
        assert failed.value.reason == "configuration"
        refuses_everything(ours, "configuration")
        ours.disconnect()
        assert peers.received_until_end(theirs) == b""


def test_after_a_mistake_in_the_arguments_the_right_ones_work() -> None:
    with peers.connected() as (client, server):
        with pytest.raises(TlsError):
            client.setup_tls_client("localhost", ca="/nowhere")
        with tls_peers.beside(lambda: server.setup_tls_server(*identity(), timeout=15)):
            assert client.setup_tls_client("localhost", ca=authority(), timeout=15) == COMPLETE
        client.send(SECRET)
        assert server.receive(100, 10) == SECRET


@pytest.mark.parametrize(("password", "sentence"), [("", "give that too"), ("wrong", "does not open")])
def test_a_key_that_the_password_does_not_open(encrypted_key: Path, password: str, sentence: str) -> None:
    with peers.connected_to_stdlib() as (ours, _theirs):
        with pytest.raises(TlsError, match=sentence) as failed:
            ours.setup_tls_server(path("good.pem"), encrypted_key, password)
        assert failed.value.reason == "configuration"
        refuses_everything(ours, "configuration")


WRONG_ARGUMENTS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"hostname": 5}, TypeError, "str"),
    ({"ca": 5}, TypeError, "ca is the path"),
    ({"cert": 5}, TypeError, "cert is the path"),
    ({"key": "x"}, TypeError, "give cert too"),
    ({"password": 5}, TypeError, "str"),
    ({"alpn": "h2"}, TypeError, "alpn is a list"),
    ({"alpn": 5}, TypeError, "alpn is a list"),
    ({"alpn": [5]}, TypeError, "a protocol of alpn"),
    ({"alpn": [""]}, ValueError, "1 to 255 bytes"),
    ({"alpn": ["x" * 256]}, ValueError, "1 to 255 bytes"),
    ({"alpn": ["x"] * 256}, ValueError, "255 protocols"),
    ({"timeout": -1}, ValueError, "not negative"),
    ({"timeout": "1"}, TypeError, "time limit"),
    ({"nonsense": 1}, TypeError, "nonsense"),
]


@pytest.mark.parametrize(("arguments", "error", "sentence"), WRONG_ARGUMENTS)
def test_wrong_arguments_are_told_before_anything_happens(
    arguments: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with peers.connected() as (client, server):
        with pytest.raises(error, match=sentence):
            client.setup_tls_client(**{"hostname": "localhost", **arguments})
        assert client.tls_status is TlsStatus.NOT_CONNECTED
        client.send(b"as before")
        assert server.receive(100, 5) == b"as before"


def test_wrong_arguments_of_a_server() -> None:
    with peers.connected() as (_, server):
        with pytest.raises(TypeError, match="chain is the path"):
            server.setup_tls_server(5, path("good.key"))  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="key is the path"):
            server.setup_tls_server(path("good.pem"), None)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="give that to require one"):
            server.setup_tls_server(*identity(), require_client_certificate=True)
        assert server.tls_status is TlsStatus.NOT_CONNECTED


def test_many_protocols_with_long_names_fit() -> None:
    names = [f"{number:0255}" for number in range(255)]
    with peers.connected() as (client, _):
        client.blocking = False
        assert client.setup_tls_client("localhost", ca=authority(), alpn=names) == STARTED


def test_the_exception_can_be_copied_and_pickled() -> None:
    with peers.connected() as (client, _), pytest.raises(TlsError) as failed:
        client.setup_tls_client("")
    for other in (copy.copy(failed.value), pickle.loads(pickle.dumps(failed.value))):
        assert (type(other), other.reason, str(other)) == (TlsError, "configuration", str(failed.value))


def test_the_names_are_where_the_others_are() -> None:
    assert sfml_network.TlsError is TlsError
    assert sfml_network.exceptions.TlsError is TlsError
    assert issubclass(TlsError, SocketError)


def test_http_tells_the_word_in_the_cause() -> None:
    context = tls_peers.server_context("unknown_issuer")
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        with tls_peers.beside(serve) as served:
            http = Http(f"https://localhost:{listener.getsockname()[1]}", ca=authority(), timeout=10)
            error = http.get("/").error
            served.result(15)
    assert error is not None
    assert error.reason == "tls"
    assert isinstance(error.__cause__, TlsError)
    assert error.__cause__.reason == "unknown-issuer"
