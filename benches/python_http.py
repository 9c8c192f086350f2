"""Our HTTP client against Python's others, in one process and in turns, with nginx as the server.

    python benches/python_http.py [words]

It needs an interpreter that has `requests` and the package SFML of PyPI, and our own packages: in the folder that
SFML_NETWORK_BENCH_SITE names, so that `sfml` stays the peer's. Only cases whose name contains the words are run. The
figures go to the file that SFML_NETWORK_BENCH_CSV names, too.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import requests
from paired import Bench, Turn, Work, our_site, stay_on_one_core
from sfml import network as theirs

SIZE = 1024
PATH = "/small"


@contextlib.contextmanager
def nginx() -> Iterator[str]:
    """The server, as `http://127.0.0.1:port`."""
    built = Path(__file__).parents[1] / "target/debug/examples/http_real_server"
    command = [os.environ.get("SFML_NETWORK_HTTP_REAL_SERVER", str(built)), "nginx"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        root = process.stdout.readline().strip()
        if not root:
            raise SystemExit("the server does not start; cargo xtask servers fetches it")
        try:
            yield root.rstrip("/")
        finally:
            process.stdin.close()


def repeated(get: Callable[[], bytes]) -> Work:
    def work(turn: Turn) -> None:
        with turn as times:
            for _ in times:
                assert len(get()) == SIZE

    return work


def run(bench: Bench, root: str) -> None:
    import sfml_network as ours

    address = root.removeprefix("http://")
    host, port = address.split(":")
    client = ours.Http(host, int(port))
    asking = ours.HttpRequest(PATH, http_version=(1, 1))
    session = requests.Session()
    connection = http.client.HTTPConnection(address)
    theirs_client = theirs.Http(host.encode(), int(port))
    theirs_request = theirs.HttpRequest(PATH.encode())

    def by_connection() -> bytes:
        connection.request("GET", PATH)
        return connection.getresponse().read()

    peers = (
        (f"requests {requests.__version__}", 5.0, repeated(lambda: session.get(root + PATH).content)),
        (f"http.client {platform.python_version()}", 2.0, repeated(by_connection)),
        (
            f"SFML {importlib.metadata.version('SFML')} of PyPI; a connection each",
            2.0,
            repeated(lambda: theirs_client.send_request(theirs_request).body),
        ),
    )
    both = ("wall", "cpu")
    bench.run("Http.get of 1 KiB; connection kept", repeated(lambda: client.get(PATH).body), *peers, by=both)
    sending = repeated(lambda: client.send_request(asking).body)
    bench.run("Http.send_request of 1 KiB; connection kept", sending, *peers, by=both)


def main(*words: str) -> None:
    bench = Bench(" ".join(words))
    our_site()
    # The server with it: whether two that wait for each other share a core would otherwise depend on the moment.
    stay_on_one_core()
    with nginx() as root:
        run(bench, root)
    path = os.environ.get("SFML_NETWORK_BENCH_CSV")
    if path:
        bench.write(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
