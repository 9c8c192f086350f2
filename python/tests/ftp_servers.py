"""The real FTP servers, started by the program that starts them for the Rust tests.

`cargo xtask test` builds that program; outside of it, `cargo build -p testkit --example ftp_server` does.
"""

from __future__ import annotations

import contextlib
import ftplib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

NAMES = ("vsftpd", "proftpd", "pure-ftpd", "pyftpdlib")

_MISSING = 77


class FtpServer:
    """One running server. The folder `root` is what it serves; `process` is the program that has started it."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self.process = process
        lines = [self._line() for _ in range(6)]
        self.address, port, root, self.user, self.password, self.version = lines
        self.port = int(port)
        self.root = Path(root)

    def kill(self) -> None:
        """Ends it and its sessions without warning."""
        self._command("kill")

    def restart(self) -> None:
        """Starts it again, on the same port and with the same folder."""
        self._command("restart")

    def put(self, name: str, contents: bytes) -> Path:
        """Writes a file into the served folder, which clients may change as if it had been uploaded."""
        path = self.root / name
        path.write_bytes(contents)
        owner = self.root.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
        return path

    def ftplib(self) -> ftplib.FTP:
        """A session of the standard library's client, for a second opinion."""
        client = ftplib.FTP(timeout=10)
        try:
            client.connect(self.address, self.port)
            client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client

    def _command(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            assert self.process.stderr is not None
            why = self.process.stderr.read().strip()
            if self.process.wait() == _MISSING:
                pytest.skip(why.removeprefix("SKIPPED: "))
            pytest.fail(f"{self.name} has ended: {why}")
        return line.rstrip("\n")


@contextlib.contextmanager
def started(name: str) -> Iterator[FtpServer]:
    """Runs a server for the time of the block; skips the test where the machine does not have it."""
    program = _program()
    pipes = subprocess.Popen(
        [program, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with pipes as process:
        yield FtpServer(name, process)
        # Leaving the block closes the program's input, and with that it ends the server.


@pytest.fixture(params=NAMES)
def ftp_server(request: pytest.FixtureRequest) -> Iterator[FtpServer]:
    """Each of the servers in turn."""
    with started(request.param) as server:
        yield server


def _program() -> str:
    built = Path(__file__).parents[2] / "target/debug/examples/ftp_server"
    program = os.environ.get("SFML_NETWORK_FTP_SERVER", str(built))
    if not Path(program).exists():
        pytest.skip(f"{program} is missing; cargo build -p testkit --example ftp_server makes it")
    return program
