"""How many system calls a Python call takes, counted by strace: exactly as many as it must.

Each scenario runs in an interpreter of its own and brackets what counts with `os.getppid`, which nothing else calls.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest

TIMES = 16

PRELUDE = f"""
import os
import socket
from sfml_network import *

LOCAL = IpAddress.LOCAL_HOST
TIMES = {TIMES}

def repeat(operation, *arguments):
    for _ in range(3):  # The first calls make what is kept for the later ones.
        operation(*arguments)
    os.getppid()
    for _ in range(TIMES):
        operation(*arguments)
    os.getppid()

def pair():
    with TcpListener() as listener:
        listener.listen(0, LOCAL)
        client = TcpSocket()
        client.connect(LOCAL, listener.local_port)
        return client, listener.accept()

def bound():
    end = UdpSocket()
    end.bind(0, LOCAL)
    return end
"""

# What the interpreter does for its memory when it sees fit.
INCIDENTAL = {"brk", "madvise", "mmap", "mremap", "munmap"}

SCENARIOS = {
    "a TCP send": (
        {"sendto": 1},
        """
        client, server = pair()
        repeat(client.send, b"x")
        """,
    ),
    "a TCP receive": (
        {"recvfrom": 1},
        """
        client, server = pair()
        client.send(bytes(1000))
        while len(server.peek(1000)) < 1000: pass
        repeat(server.receive, 1)
        """,
    ),
    "a TCP receive with a time limit": (
        {"recvfrom": 1},
        """
        client, server = pair()
        client.send(bytes(1000))
        while len(server.peek(1000)) < 1000: pass
        repeat(server.receive, 1, 5.0)
        """,
    ),
    "a try_receive of nothing": (
        {"recvfrom": 1},
        """
        client, server = pair()
        repeat(server.try_receive, 64)
        """,
    ),
    "the blocking mode": (
        {},
        """
        client, server = pair()
        def change():
            client.blocking = not client.blocking
        repeat(change)
        """,
    ),
    "a UDP send": (
        {"sendto": 1},
        """
        sender, receiver = bound(), bound()
        repeat(sender.send, b"x", LOCAL, receiver.local_port)
        """,
    ),
    "a UDP receive": (
        {"recvfrom": 1},
        """
        sender, receiver = bound(), bound()
        for _ in range(TIMES + 3):
            sender.send(b"x", LOCAL, receiver.local_port)
        repeat(receiver.receive, 64)
        """,
    ),
    "an accept": (
        {"accept4": 1},
        """
        listener = TcpListener()
        listener.listen(0, LOCAL)
        address = ("127.0.0.1", listener.local_port)
        clients = [socket.create_connection(address) for _ in range(TIMES + 3)]
        accepted = []
        repeat(lambda: accepted.append(listener.accept()))
        """,
    ),
    "a wait": (
        {"epoll_pwait": 1},
        """
        selector, end = SocketSelector(), bound()
        others = [bound() for _ in range(100)]
        for one in [*others, end]:
            selector.add(one)
        end.send(b"x", LOCAL, end.local_port)
        repeat(selector.wait, 5.0)
        """,
    ),
    "is_ready": (
        {},
        """
        selector, end = SocketSelector(), bound()
        selector.add(end)
        end.send(b"x", LOCAL, end.local_port)
        assert selector.wait(5.0)
        repeat(selector.is_ready, end)
        """,
    ),
    "a small packet's send": (
        {"sendmsg": 1},
        """
        client, server = pair()
        packet = Packet(b"thirty bytes, more or less")
        repeat(client.send_packet, packet)
        """,
    ),
    "a packet's receive": (
        {"recvfrom": 2},
        """
        client, server = pair()
        client.send(b"\\0\\0\\0\\3abc" * (TIMES + 3))
        while len(server.peek(1000)) < 7 * (TIMES + 3): pass
        repeat(server.receive_packet)
        """,
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="platform: strace is Linux's")
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_call_makes_no_more_system_calls_than_it_must(name: str, tmp_path: Path) -> None:
    wanted, scenario = SCENARIOS[name]
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("counting system calls needs strace")
    log = tmp_path / "log"
    probe = subprocess.run([strace, "-qq", "-o", log, "true"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        pytest.skip(f"strace is not permitted here: {probe.stderr.strip()}")
    code = PRELUDE + textwrap.dedent(scenario)
    command = [strace, "-f", "-qq", "-o", str(log), sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert between_brackets(log.read_text()) == {call: each * TIMES for call, each in wanted.items()}


def between_brackets(log: str) -> dict[str, int]:
    """Counts the calls between the brackets, of the thread that made these."""
    calls = re.findall(r"^(\d+) +(\w+)\(", log, re.MULTILINE)
    brackets = [index for index, (_, call) in enumerate(calls) if call == "getppid"]
    first, last = brackets
    thread = calls[first][0]
    inside = [call for caller, call in calls[first + 1 : last] if caller == thread]
    return dict(Counter(call for call in inside if call not in INCIDENTAL))
