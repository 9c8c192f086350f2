"""What the tests of `Ftp` expect of the servers they talk to, seen by the standard library's client."""

from __future__ import annotations

import io
import time

import pytest
from ftp_servers import FtpServer, started


def test_file_put_there_can_be_extended_and_fetched(ftp_server: FtpServer) -> None:
    path = ftp_server.put("a name", b"here")
    received = bytearray()
    with ftp_server.ftplib() as client:
        client.storbinary("APPE a name", io.BytesIO(b" and there"))
        client.retrbinary("RETR a name", received.extend)
    assert received == b"here and there" == path.read_bytes()


def test_killed_server_ends_its_sessions_and_comes_back_on_its_port(ftp_server: FtpServer) -> None:
    ftp_server.put("kept", b"contents")
    client = ftp_server.ftplib()
    ftp_server.kill()
    with pytest.raises((EOFError, ConnectionError)):
        client.voidcmd("NOOP")
    client.close()
    # Reset where it was about to close what it listens on.
    with pytest.raises((ConnectionRefusedError, ConnectionResetError, EOFError)):
        ftp_server.ftplib()
    ftp_server.restart()
    received = bytearray()
    with ftp_server.ftplib() as again:
        again.retrbinary("RETR kept", received.extend)
    assert received == b"contents"


def test_server_ends_and_leaves_nothing_when_what_has_started_it_is_killed(ftp_server: FtpServer) -> None:
    ftp_server.process.kill()
    ftp_server.process.wait()
    end = time.monotonic() + 10
    while ftp_server.root.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not ftp_server.root.exists()
    # Reset where it was about to close what it listens on.
    with pytest.raises((ConnectionRefusedError, ConnectionResetError, EOFError)):
        ftp_server.ftplib()


def test_server_that_nobody_knows_is_a_failure_and_no_skip() -> None:
    with pytest.raises(pytest.fail.Exception, match="ftpd is none of"), started("ftpd"):
        pass
