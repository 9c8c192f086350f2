"""HTTP servers for the tests of `Http`: that of the Rust tests, one that says what it is told, CPython's."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import peers
import pytest
from peers import LOOPBACK
from sfml.network import Http, HttpRequest, HttpResponse

__all__ = [
    "HTTP_WAITS",
    "HttpServer",
    "Wire",
    "cpython_server",
    "http",
    "http_server",
    "hung_up",
    "says",
]


class HttpServer:
    """The embedded server, in a process of its own; `crates/testkit/src/http/server.rs` lists its paths."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.host, port = self._line().rsplit(":", 1)
        self.port = int(port)

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def client(self, **options: Any) -> Http:
        """A client of it that gives up when a test would."""
        return Http(self.host, self.port, **{"timeout": 20, **options})

    @property
    def requests(self) -> int:
        return self._number("requests")

    @property
    def connections(self) -> int:
        return self._number("connections")

    def release(self) -> None:
        """Lets one answer of `/slow` or `/slow/body` go on."""
        self._command("release")

    def kill(self) -> None:
        """Closes all connections without a word."""
        self._command("kill")
        # Answered behind it, so that it is done.
        self._number("requests")

    def _number(self, word: str) -> int:
        self._command(word)
        return int(self._line())

    def _command(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")


def _program() -> str:
    built = Path(__file__).parents[2] / "target/debug/examples/http_server"
    program = os.environ.get("SFML_NETWORK_HTTP_SERVER", str(built))
    if not Path(program).exists():
        pytest.skip(f"{program} is missing; cargo build -p testkit --example http_server makes it")
    return program


@contextlib.contextmanager
def running() -> Iterator[HttpServer]:
    """An embedded server, which ends with its input."""
    pipe = subprocess.PIPE
    with subprocess.Popen([_program()], stdin=pipe, stdout=pipe, text=True) as process:
        yield HttpServer(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    """An embedded server."""
    with running() as server:
        yield server


@pytest.fixture
def http(http_server: HttpServer) -> Iterator[Http]:
    """A client of the embedded server."""
    with http_server.client() as client:
        yield client


class Wire:
    """A server that reads the header of one request on each connection, and answers in its own way."""

    def __init__(self, answer: Callable[[socket.socket], None], reads: bool = True) -> None:
        self.requests: list[bytes] = []
        self.connected = threading.Semaphore(0)
        self._answer = answer
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._connections: list[socket.socket] = []
        self._reads = reads
        self._thread = threading.Thread(target=self._run, daemon=True)

    def client(self, **options: Any) -> Http:
        return Http(LOOPBACK, self.port, **{"timeout": 20, **options})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._hang_up()
        self._thread.join(10)
        # One may have been accepted in the last moment.
        self._hang_up()

    def _hang_up(self) -> None:
        while self._connections:
            connection = self._connections.pop()
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self.connected.release()
            with contextlib.suppress(OSError):
                if self._reads:
                    self.requests.append(head_of(connection))
                self._answer(connection)


def head_of(connection: socket.socket) -> bytes:
    """What comes up to the end of the header; what is behind it stays in the system."""
    received = b""
    while b"\r\n\r\n" not in received:
        peeked = connection.recv(65536, socket.MSG_PEEK)
        if not peeked:
            return received
        end = (received + peeked).find(b"\r\n\r\n")
        wanted = len(peeked) if end < 0 else end + 4 - len(received)
        received += connection.recv(wanted)
    return received


def says(answer: bytes) -> Wire:
    """A server that says this to everybody, and hangs up."""

    def answering(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)

    return Wire(answering)


def hung_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class HttpWait:
    """A call that nothing ends but its limit, a signal, or the client's `cancel`."""

    client: Http
    call: Callable[[], HttpResponse]


HTTP_WAITS: dict[str, Callable[[], AbstractContextManager[HttpWait]]] = {}


def _silent(_connection: socket.socket) -> None:
    """Answers nothing, and keeps the connection."""


def _some_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")


@contextlib.contextmanager
def _connect() -> Iterator[HttpWait]:
    with peers.unanswered_port() as port:
        client = Http(LOOPBACK, port)
        yield HttpWait(client, lambda: client.get("/"))


@contextlib.contextmanager
def _tls() -> Iterator[HttpWait]:
    with Wire(_silent) as wire:
        client = Http(f"https://{LOOPBACK}", wire.port, verify=False)
        yield HttpWait(client, lambda: client.get("/"))


@contextlib.contextmanager
def _head() -> Iterator[HttpWait]:
    with Wire(_silent) as wire:
        client = Http(LOOPBACK, wire.port)
        yield HttpWait(client, lambda: client.send_request(HttpRequest("/")))


@contextlib.contextmanager
def _send() -> Iterator[HttpWait]:
    with Wire(_silent) as wire:
        client = Http(LOOPBACK, wire.port)
        yield HttpWait(client, lambda: client.put("/", body=bytes(32 << 20)))


@contextlib.contextmanager
def _body() -> Iterator[HttpWait]:
    with Wire(_some_body) as wire:
        client = Http(LOOPBACK, wire.port)
        yield HttpWait(client, lambda: client.get("/"))


@contextlib.contextmanager
def _stream() -> Iterator[HttpWait]:
    with Wire(_some_body) as wire:
        client = Http(LOOPBACK, wire.port)
        response = client.get("/", stream=True)

        def read() -> HttpResponse:
            response.read()
            return response

        yield HttpWait(client, read)


@contextlib.contextmanager
def _download() -> Iterator[HttpWait]:
    import tempfile

    with Wire(_some_body) as wire, tempfile.TemporaryDirectory() as folder:
        client = Http(LOOPBACK, wire.port)
        yield HttpWait(client, lambda: client.download("/", Path(folder) / "file"))


HTTP_WAITS |= {
    "connect": _connect,
    "tls": _tls,
    "send": _send,
    "head": _head,
    "body": _body,
    "stream": _stream,
    "download": _download,
}


class _Handler(SimpleHTTPRequestHandler):
    """CPython's handler of files, which also takes files, tells nothing and knows another type."""

    protocol_version = "HTTP/1.1"
    stored: dict[str, bytes]

    def do_PUT(self) -> None:
        self.stored[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_PUT()

    def do_GET(self) -> None:
        if self.path in self.stored:
            body = self.stored[self.path]
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            super().do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


@contextlib.contextmanager
def cpython_server(folder: Path) -> Iterator[tuple[int, dict[str, bytes]]]:
    """The standard library's server of a folder, which also keeps what is put there."""
    stored: dict[str, bytes] = {}
    handler = type("Handler", (_Handler,), {"stored": stored})
    with ThreadingHTTPServer(
        (LOOPBACK, 0), lambda *arguments: handler(*arguments, directory=str(folder))
    ) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1], stored
        server.shutdown()
        thread.join(10)
