"""The address on the internet, as services tell it; here they are on loopback."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import peers
import pytest
import tls_peers
from peers import LOOPBACK, NOBODY
from sfml.network import IpAddress, TlsError
from sfml.system import seconds
from sleepers import needs_proc, run_script
from tls_peers import authority


@contextlib.contextmanager
def service(answer: str, name: str = "good", status: int = 200) -> Iterator[str]:
    """A service that answers so; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    class Server(HTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    with Server((LOOPBACK, 0), Handler) as server:
        server.socket = tls_peers.server_context(name).wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"https://localhost:{server.server_address[1]}/"
        server.shutdown()
        thread.join(10)


def asked(*services: str, **options: Any) -> IpAddress:
    return IpAddress.get_public_address(**{"timeout": 10, "ca": authority(), "services": services, **options})


def test_the_answer_of_a_service_is_the_address() -> None:
    with service("203.0.113.7\n") as url:
        assert asked(url) == IpAddress("203.0.113.7")
        assert IpAddress.get_public_address(seconds(10), services=[url], ca=authority().read_text()).is_v4
        assert IpAddress.get_public_address(
            time=seconds(10), services=[url], ca=authority().read_bytes()
        ).is_v4


def test_the_other_family_is_asked_for() -> None:
    with service("2001:db8::7") as url:
        assert asked(url, family=6) == IpAddress("2001:db8::7")
        assert asked(url) == IpAddress.NONE


@pytest.mark.parametrize(
    "answer", ["", "localhost", "127.0.0.1", "10.0.0.1", "0.0.0.0", "203.0.113.7 and more", "x" * 5000]
)
def test_what_is_no_public_address_is_not_believed(answer: str) -> None:
    with service(answer) as url:
        assert asked(url) == IpAddress.NONE


def test_the_next_service_is_asked_when_one_fails() -> None:
    with service("no", status=500) as broken, service("198.51.100.1", "unknown_issuer") as liar:
        assert asked(broken, liar, *NOBODY) == IpAddress.NONE
        with service("203.0.113.7") as good:
            assert asked(*NOBODY, broken, liar, good) == IpAddress("203.0.113.7")


def test_nobody_is_believed_whom_no_authority_vouches_for() -> None:
    with service("203.0.113.7") as url:
        assert IpAddress.get_public_address(10, services=[url]) == IpAddress.NONE
        assert asked(url, ca=tls_peers.path("stranger.pem")) == IpAddress.NONE


def test_without_an_answer_in_time_it_is_none() -> None:
    with peers.unanswered_port() as port:
        start = time.monotonic()
        assert asked(f"https://{LOOPBACK}:{port}/", timeout=0.2) == IpAddress.NONE
        assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"services": "https://one.example/"}, TypeError, "services are a list"),
        ({"services": [5]}, TypeError, "services are a list"),
        ({"services": 5}, TypeError, "services are a list"),
        ({"services": []}, ValueError, "no service to ask"),
        ({"services": ["http://127.0.0.1:1/"]}, ValueError, "not https"),
        ({"services": ["https://"]}, ValueError, "the host is missing"),
        ({"family": 5}, ValueError, "4 or 6"),
        ({"family": "4"}, TypeError, "str"),
        ({"ca": 5}, TypeError, "ca is"),
        ({"ca": b"no PEM"}, ValueError, "no certificate in it"),
        ({"ca": "/nowhere/ca.pem"}, FileNotFoundError, "nowhere"),
        ({"timeout": -1}, ValueError, "not negative"),
        ({"timeout": 1, "time": 1}, TypeError, "same argument"),
    ],
)
def test_wrong_arguments_raise(arguments: dict[str, Any], error: type[Exception], sentence: str) -> None:
    assert not issubclass(error, TlsError)
    with pytest.raises(error, match=sentence):
        IpAddress.get_public_address(**{"services": NOBODY, **arguments})


@needs_proc
def test_ctrl_c_ends_the_question() -> None:
    program = """
import os, signal, threading
import peers
from sfml.network import IpAddress
from sleepers import helped, until_asleep

with peers.unanswered_port() as port:
    helper = helped(lambda: (until_asleep(threading.main_thread()), os.kill(os.getpid(), signal.SIGINT)))
    try:
        IpAddress.get_public_address(20, services=[f"https://127.0.0.1:{port}/"])
    except KeyboardInterrupt:
        print("interrupted")
    helper.join()
"""
    assert run_script(program).strip() == "interrupted"
