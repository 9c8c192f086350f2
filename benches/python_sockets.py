"""Our sockets against a peer's, in one process and in turns.

    python benches/python_sockets.py {socket,pypi,debian} [words]

`socket` is the standard library's module, `pypi` the package SFML of PyPI, `debian` Debian's python3-sfml; the last
two need an interpreter that has them. Only cases whose name contains the words are run. The figures go to the file
that SFML_NETWORK_BENCH_CSV names, too.
"""

from __future__ import annotations

import os
import sys

from paired import Bench, our_site, stay_on_one_core


def main(peer: str, *words: str) -> None:
    bench = Bench(" ".join(words))
    stay_on_one_core()
    our_site()
    if peer == "socket":
        import socket_datagrams
        import socket_selectors
        import socket_streams

        socket_streams.run(bench)
        socket_datagrams.run(bench)
        socket_selectors.run(bench)
    else:
        import pysfml

        pysfml.run(bench, peer)
    path = os.environ.get("SFML_NETWORK_BENCH_CSV")
    if path:
        bench.write(path)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("socket", "pypi", "debian"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
