"""FTP servers for the tests of `Ftp`: a real one from PyPI, and one that says what a test wants to hear."""

from __future__ import annotations

import contextlib
import logging
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import peers
import pytest
from peers import LOOPBACK
from sfml.network import Ftp, FtpError

__all__ = [
    "FTP_WAITS",
    "PASSWORD",
    "USER",
    "Discard",
    "Endless",
    "FtpError",
    "Script",
    "Session",
    "Site",
    "ftp",
    "hangs_up",
    "pyftpdlib",
    "sends",
    "silence",
    "site",
    "takes",
]

USER, PASSWORD = "ada", "the secret"


@dataclass(frozen=True)
class Site:
    """A running server of pyftpdlib: where it listens, and the folder it serves."""

    port: int
    root: Path
    host: str = LOOPBACK

    def client(self, **options: Any) -> Ftp:
        """A client that has logged in."""
        ftp = Ftp(**options)
        ftp.connect(self.host, self.port, 5).raise_for_status()
        ftp.login(USER, PASSWORD).raise_for_status()
        return ftp


@contextlib.contextmanager
def pyftpdlib(
    root: Path, host: str = LOOPBACK, port: int = 0, user: str = USER, password: str = PASSWORD
) -> Iterator[Site]:
    """Serves a folder for the time of the block, in a thread."""
    with warnings.catch_warnings():
        # It uses asyncore, which Python 3.11 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyftpdlib.authorizers import DummyAuthorizer  # type: ignore[import-untyped]
        from pyftpdlib.filesystems import AbstractedFS  # type: ignore[import-untyped]
        from pyftpdlib.handlers import FTPHandler  # type: ignore[import-untyped]
        from pyftpdlib.ioloop import IOLoop  # type: ignore[import-untyped]
        from pyftpdlib.servers import FTPServer  # type: ignore[import-untyped]
    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    authorizer = DummyAuthorizer()
    authorizer.add_user(user, password, str(root), perm="elradfmwMT")
    authorizer.add_anonymous(str(root))
    opened: list[Any] = []

    class Files(AbstractedFS):  # type: ignore[misc]
        def open(self, filename: str, mode: str) -> Any:
            # The server leaves some open when a transfer is given up, and Python warns of each that it collects.
            opened.append(super().open(filename, mode))
            return opened[-1]

    members = {
        "authorizer": authorizer,
        "banner": "ready for the tests",
        "auth_failed_timeout": 0,
        "abstracted_fs": Files,
    }
    handler = type("Handler", (FTPHandler,), members)
    loop = IOLoop()
    server = FTPServer((host, port), handler, ioloop=loop)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            loop.loop(timeout=0.02, blocking=False)
        server.close_all()
        loop.close()
        for file in opened:
            file.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Site(server.address[1], root, host)
    finally:
        over.set()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server of an empty folder."""
    root = tmp_path / "served"
    root.mkdir()
    with pyftpdlib(root) as running:
        yield running


@pytest.fixture
def ftp(site: Site) -> Iterator[Ftp]:
    """A client that has logged in at `site`."""
    client = site.client()
    yield client
    client.close()


class HangUpError(Exception):
    """Raised by an answer to close the control connection."""


Answer = str | bytes | None | Callable[["Session", str], None]


class Session:
    """One client of a scripted server."""

    def __init__(self, script: Script, connection: socket.socket) -> None:
        self.script = script
        self.connection = connection
        self._listener: socket.socket | None = None
        self._is_broken = False

    def say(self, reply: str | bytes) -> None:
        """Sends one reply; a str gets its line end."""
        self.connection.sendall(reply if isinstance(reply, bytes) else reply.encode() + b"\r\n")

    def listen(self, _argument: str = "") -> None:
        """Answers EPSV."""
        self.close_data()
        self._listener = socket.create_server((LOOPBACK, 0))
        self._listener.settimeout(10)
        self.say(f"229 here (|||{self._listener.getsockname()[1]}|)")

    @contextlib.contextmanager
    def data(self, begin: str = "150 here it comes") -> Iterator[socket.socket]:
        """The data connection, which is closed at the end of the block; the block ends when the client resets it."""
        assert self._listener is not None, "the client has not asked for a data connection"
        connection, _ = self._listener.accept()
        self.close_data()
        self._is_broken = False
        with connection:
            connection.settimeout(10)
            if begin:
                self.say(begin)
            try:
                yield connection
            except ConnectionError:
                self._is_broken = True

    def end(self, reply: str) -> None:
        """Says how a transfer has ended."""
        self.say("426 the client has gone" if self._is_broken else reply)

    def close_data(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def serve(self) -> None:
        self._answer("", self.script.greeting)
        with self.connection.makefile("rb") as lines:
            for line in lines:
                verb, _, argument = line.decode("utf-8", "surrogateescape").rstrip("\r\n").partition(" ")
                self._answer(argument, self.script.heard(verb, argument))

    def _answer(self, argument: str, answer: Answer) -> None:
        if callable(answer):
            answer(self, argument)
        elif answer is not None:
            self.say(answer)


def sends(data: bytes, end: str = "226 done") -> Callable[[Session, str], None]:
    """An answer to RETR and its like: some data, and a reply after it."""

    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            connection.sendall(data)
        session.end(end)

    return answer


def takes(received: bytearray, end: str = "226 done") -> Callable[[Session, str], None]:
    """An answer to STOR: takes all that comes."""

    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            received.extend(peers.received_until_end(connection))
        session.end(end)

    return answer


def hangs_up(_session: Session, _argument: str) -> None:
    """An answer that is none: the connection is closed."""
    raise HangUpError


def silence(_session: Session, _argument: str) -> None:
    """No answer at all."""


class Script:
    """A server that answers each verb as told; entered it listens, left it has hung up.

    An answer is a reply, its raw bytes, or a function that does something with the session.
    """

    DEFAULTS: Mapping[str, Answer] = {
        "USER": "331 and the password?",
        "PASS": "230 welcome",
        "TYPE": "200 as you like",
        "EPSV": Session.listen,
        "NOOP": "200 still here",
        "PWD": '257 "/" is where you are',
        "CWD": "250 there you are",
        "QUIT": "221 good-bye",
        "ABOR": "226 given up",
        "REST": "350 from there",
    }

    def __init__(self, answers: Mapping[str, Answer] | None = None, greeting: Answer = "220 ready") -> None:
        self.answers: dict[str, Answer] = {**self.DEFAULTS, **(answers or {})}
        self.greeting = greeting
        self.commands: list[str] = []
        self._changed = threading.Condition()
        self._sessions: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self._run(self._accept)
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for connection in self._sessions:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(15)
            assert not thread.is_alive(), f"the server still runs after {self.commands}"
        self._listener.close()

    def client(self, **options: Any) -> Ftp:
        """A client that is connected."""
        ftp = Ftp(**options)
        ftp.connect(LOOPBACK, self.port, 5).raise_for_status()
        return ftp

    def heard(self, verb: str, argument: str) -> Answer:
        with self._changed:
            self.commands.append(f"{verb} {argument}".rstrip())
            self._changed.notify_all()
        return self.answers.get(verb.upper(), "502 not here")

    def until(self, verb: str, count: int = 1) -> None:
        """Waits until the verb has arrived, so many times."""
        with self._changed:
            arrived = self._changed.wait_for(
                lambda: [each.split()[0] for each in self.commands].count(verb) >= count, 10
            )
        assert arrived, f"not {count} {verb} in {self.commands}"

    def until_left(self) -> None:
        """Waits until no client is left."""
        for thread in self._threads[1:]:
            thread.join(10)
            assert not thread.is_alive(), "the client is still there"

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._sessions.append(connection)
                self._run(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        session = Session(self, connection)
        with connection, contextlib.suppress(HangUpError, OSError):
            session.serve()
        session.close_data()


@dataclass(frozen=True)
class FtpWait:
    """A call that nothing ends but its client: a signal, `cancel` or `close`."""

    client: Ftp
    call: Callable[[], Any]


FTP_WAITS: dict[str, Callable[[], AbstractContextManager[FtpWait]]] = {}


@contextlib.contextmanager
def _connecting() -> Iterator[FtpWait]:
    with peers.unanswered_port() as port:
        client = Ftp()
        yield FtpWait(client, lambda: client.connect(LOOPBACK, port))


@contextlib.contextmanager
def _greeting() -> Iterator[FtpWait]:
    with Script(greeting=None) as script:
        client = Ftp()
        yield FtpWait(client, lambda: client.connect(LOOPBACK, script.port))
        client.close()


def _scripted(answers: Mapping[str, Answer], call: Callable[[Ftp], Any]) -> Any:
    @contextlib.contextmanager
    def ready() -> Iterator[FtpWait]:
        with Script(answers) as script:
            client = script.client()
            yield FtpWait(client, lambda: call(client))
            client.close()

    return ready


def _idle_data(session: Session, _argument: str) -> None:
    with session.data() as connection, contextlib.suppress(OSError):
        # Neither sends nor reads until the client closes it, which a full one does not tell in order.
        connection.settimeout(None)
        session.connection.recv(1)


class Endless:
    """A file without end."""

    def read(self, size: int) -> bytes:
        return bytes(size)


THREE_FILES = sends(b"".join(b"-rw-r--r-- 1 a b 5 Jan  1  2020 %c\r\n" % name for name in b"abc"))


def _tree(answers: Mapping[str, Answer], call: Callable[[Ftp, Path], Any]) -> Any:
    @contextlib.contextmanager
    def ready() -> Iterator[FtpWait]:
        with tempfile.TemporaryDirectory() as folder, Script({"LIST": THREE_FILES, **answers}) as script:
            for name in "xyz":
                Path(folder, name).write_bytes(bytes(100))
            client = script.client()
            # Only a session that can be begun again has others beside it.
            client.login()
            yield FtpWait(client, lambda: call(client, Path(folder)))
            client.close()

    return ready


FTP_WAITS |= {
    "connect": _connecting,
    "greeting": _greeting,
    "login": _scripted({"USER": None}, lambda ftp: ftp.login()),
    "keep_alive": _scripted({"NOOP": None}, lambda ftp: ftp.keep_alive()),
    "listing": _scripted({"NLST": _idle_data}, lambda ftp: ftp.get_directory_listing()),
    "entries": _scripted({"LIST": _idle_data}, lambda ftp: ftp.entries()),
    "download": _scripted({"RETR": _idle_data}, lambda ftp: ftp.download("a", Discard())),
    "upload": _scripted({"STOR": _idle_data}, lambda ftp: ftp.upload(Endless(), "a")),
    "each_entry": _scripted({"LIST": _idle_data}, lambda ftp: ftp.each_entry(print)),
    "listing of a tree": _tree({"LIST": _idle_data}, lambda ftp, folder: ftp.download_tree("", folder)),
    "download_tree": _tree({"RETR": _idle_data}, lambda ftp, folder: ftp.download_tree("", folder)),
    "upload_tree": _tree({"STOR": None}, lambda ftp, folder: ftp.upload_tree(folder, "")),
    "download_segmented": _tree(
        {"SIZE": "213 9000000", "RETR": _idle_data},
        lambda ftp, folder: ftp.download_segmented("a", folder),
    ),
    "disconnect": _scripted({"QUIT": None}, lambda ftp: ftp.disconnect()),
}


class Discard:
    """A file that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)
