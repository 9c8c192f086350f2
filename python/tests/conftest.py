"""What all Python tests share: in continuous integration a test that cannot run is a failure.

A skip whose reason begins with "platform:" is a fact about the operating system and stays a skip.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import hypothesis
import peers
import pytest
import tls_peers
from ftp_peers import ftp, site
from ftp_servers import ftp_server
from http_peers import http, http_server
from sfml.network import TcpSocket, UdpSocket

# Fixtures that modules of their own define.
__all__ = ["ftp", "ftp_server", "http", "http_server", "site"]

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)

# How long one example takes says more about a busy machine than about the code.
hypothesis.settings.register_profile("shared-machine", deadline=None)
hypothesis.settings.load_profile("shared-machine")

_IN_CI = os.environ.get("CI", "").lower() in ("1", "true")

# A shell starts its background jobs with Ctrl-C ignored, and so would be those of the tests that send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _strict((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _strict((yield))


def _strict(report: R) -> R:
    if not _IN_CI or not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not reason.removeprefix("Skipped: ").startswith("platform:"):
        report.outcome = "failed"
        report.longrepr = f"CI is set, so nothing may be skipped: {reason}"
    return report


@pytest.fixture
def pair() -> Iterator[tuple[TcpSocket, TcpSocket]]:
    """Two of our TCP sockets, connected to each other."""
    with peers.connected() as sockets:
        yield sockets


@pytest.fixture
def stdlib_pair() -> Iterator[tuple[TcpSocket, socket.socket]]:
    """One of our TCP sockets, connected to one of the standard library's."""
    with peers.connected_to_stdlib() as sockets:
        yield sockets


@pytest.fixture
def udp_pair() -> Iterator[tuple[UdpSocket, UdpSocket]]:
    """Two of our UDP sockets, bound on loopback."""
    with peers.bound() as sockets:
        yield sockets


@pytest.fixture
def stdlib_udp_pair() -> Iterator[tuple[UdpSocket, socket.socket]]:
    """One of our UDP sockets and one of the standard library's, bound on loopback."""
    with peers.bound_beside_stdlib() as sockets:
        yield sockets


@pytest.fixture
def encrypted_key(tmp_path: Path) -> Path:
    """The key of a good certificate, under the password "secret"."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl, install the package openssl")
    _, key = tls_peers.identity()
    encrypted = tmp_path / "encrypted.key"
    command = ["openssl", "pkcs8", "-topk8", "-in", key, "-out", encrypted, "-passout", "pass:secret"]
    subprocess.run(command, check=True, timeout=30)
    return encrypted
