"""Shows the library at work from Python, on this computer's loopback: ``python examples/tour``.

Each section is one small program that can be copied: peers of its own, ports the system chose, and a limit on
how long it may take. What does not arrive as it was sent ends the tour with a sentence.

It needs the installed package, and for some sections programs in Rust, which ``cargo xtask demo`` builds and
``cargo build --release --package sfml-network --examples`` as well.
"""

import sys
from collections.abc import Callable

import encrypted
import ftp
import packets
import selector
import tcp
import udp
import waiting
import web
from account import MismatchError
from sfml.network import FtpError, HttpError, SocketException
from sfml.system import Clock

SECTIONS: dict[str, Callable[[], None]] = {
    "TCP echo": tcp.echo,
    "TCP transfer": tcp.transfer,
    f"UDP, datagrams of {udp.SIZE:,} bytes": udp.datagrams,
    f"One thread serving {selector.CLIENTS} clients with a selector": selector.serve_many,
    "A packet with a value of every type, to a program in Rust and back": packets.exchange,
    "FTP, a tree of small files": ftp.tree,
    "FTP, a large file whose download is interrupted and resumed": ftp.large_file,
    "TLS echo, with a certificate of an authority made for this run": encrypted.echo,
    "HTTP: a form, many small requests, a large download": web.plain,
    "HTTPS, the same": web.encrypted,
    "Calls that cannot succeed": waiting.give_up,
}


def main() -> int:
    clock = Clock()
    print(
        "sfml.network, from Python: both ends of everything are in this program, except for packets, FTP and HTTP."
    )
    for title, section in SECTIONS.items():
        print(f"\n{title}")
        try:
            section()
        except (MismatchError, SocketException, FtpError, HttpError, OSError, ValueError) as error:
            sys.stdout.flush()
            print(f"\nThe tour ended early, in `{title}`: {error}", file=sys.stderr)
            return 1
    print("\nWhat you saw")
    print("  Streams, datagrams, packets and files of which every byte was compared with what was sent;")
    print(f"  one thread that served {selector.CLIENTS} clients; exceptions that came in time and said why.")
    print(f"  All of it took {clock.elapsed_time.seconds:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
