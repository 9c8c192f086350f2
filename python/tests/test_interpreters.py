"""Sub-interpreters: the first to import the package has it, the others are told why they cannot."""

from __future__ import annotations

import subprocess
import sys

# Runs `CODE` in the interpreters named by the arguments: the main one, or new ones that end afterwards.
DRIVER = '''
import sys
try:
    import _interpreters
    create = lambda: _interpreters.create("legacy")
except ImportError:
    import _xxsubinterpreters as _interpreters
    create = lambda: _interpreters.create(isolated=False)

CODE = """
try:
    from sfml.network import IpAddress, SocketNotReady, UdpSocket
    with UdpSocket() as udp:
        udp.bind(0, IpAddress.LOCAL_HOST)
        udp.blocking = False
        try:
            udp.receive(1)
        except SocketNotReady:
            print("caught", flush=True)
except ImportError as error:
    print(error, flush=True)
"""
for which in sys.argv[1:]:
    if which == "main":
        exec(CODE)
    else:
        new = create()
        _interpreters.run_string(new, CODE)
        _interpreters.destroy(new)
'''
REFUSED = "sfml_network works in one interpreter of a process, and another one has imported it already"


def outcomes(*interpreters: str) -> list[str]:
    command = [sys.executable, "-c", DRIVER, *interpreters]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=15).stdout.splitlines()


def test_only_the_main_interpreter_has_it_if_it_was_first() -> None:
    assert outcomes("main", "new", "main", "new") == ["caught", REFUSED, "caught", REFUSED]


def test_a_new_interpreter_has_it_if_it_was_first() -> None:
    assert outcomes("new", "main", "new", "new") == ["caught", REFUSED, REFUSED, REFUSED]
