"""A tree and a large file, to an FTP server in Rust and back."""

import random
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from account import PIECE, Quarters, check, checksum, per_second, tell
from peer import rust_peer
from sfml.network import Ftp, IpAddress
from sfml.system import Clock, seconds

FILES = 300
SESSIONS = 4
LARGE = 256 * PIECE
# Where the server hangs up.
BREAK = 100 * PIECE
# Of each wait: how long it all takes is up to the disk.
LIMIT = seconds(10)


def tree() -> None:
    """Uploads a tree of small files with several sessions, downloads it again and compares the two."""
    with folders() as (root, home), rust_peer("ftp_peer", root) as port, client(port) as ftp:
        original, copy = home / "original", home / "copy"
        plant(original)
        clock = Clock()
        up = ftp.upload_tree(original, "tree", sessions=SESSIONS)
        down = ftp.download_tree("tree", copy, sessions=SESSIONS)
        clock.stop()
        again = ftp.download_tree("tree", copy, sessions=SESSIONS)
        sent, returned = checksum_of_tree(original), checksum_of_tree(copy)
    counts = up.files, down.files, again.files
    check(
        counts == (FILES, FILES, 0) and sent == returned,
        "the tree that came back is not the one that was sent",
    )
    tell(FILES, f"files in 10 directories went up and came back, over {SESSIONS} sessions")
    tell(per_second(2 * FILES, clock), "files per second")
    tell(again.unchanged, "of them were left alone when the tree was downloaded once more")
    tell(f"{sent:08x}", "is the CRC-32 of both trees")


def large_file() -> None:
    """Uploads 256 MiB, and downloads them from a server that hangs up in the middle."""
    with folders() as (root, home):
        original, copy = home / "large.bin", home / "copy.bin"
        with original.open("wb") as file:
            noise = random.Random(1)
            for _ in range(LARGE // PIECE):
                file.write(noise.randbytes(PIECE))
        sent = checksum(original)

        with rust_peer("ftp_peer", root) as port, client(port) as ftp:
            clock = Clock()
            ftp.upload(original, "", progress=Quarters("sent")).raise_for_status()
            tell(per_second(LARGE // PIECE, clock), "MiB per second up")

        with rust_peer("ftp_peer", root, str(BREAK)) as port, client(port) as ftp:
            show = Quarters("received")
            clock.restart()
            response = ftp.download("large.bin", copy, resume=True, progress=show)
            check(not response.ok, "the server was to hang up, and did not")
            tell("interrupted:", str(response.error))
            ftp.reconnect().raise_for_status()
            done = ftp.download("large.bin", copy, resume=True, progress=show).raise_for_status()
            tell(per_second(LARGE // PIECE, clock), "MiB per second down, the interruption included")
        check(done.resumed_from > 0, "the second attempt began anew")
        arrived = checksum(copy)
    check(sent == arrived, f"CRC-32 {sent:08x} was sent, and {arrived:08x} received")
    tell(f"{done.resumed_from:,}", "bytes were there already when the download went on")
    tell(f"{sent:08x}", "is the CRC-32 of what was sent, and of what arrived")


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """A folder for the server, and one for the client."""
    with TemporaryDirectory() as root, TemporaryDirectory() as home:
        yield Path(root), Path(home)


@contextmanager
def client(port: int) -> Iterator[Ftp]:
    """A client that has logged in, and says good-bye in the end."""
    with Ftp(control_timeout=LIMIT, data_timeout=LIMIT) as ftp:
        ftp.connect(IpAddress.LOCAL_HOST, port, LIMIT).raise_for_status()
        ftp.login().raise_for_status()
        yield ftp


def plant(root: Path) -> None:
    noise = random.Random(1)
    for path, number in files_of(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(noise.randbytes(number * 64))


def files_of(root: Path) -> Iterator[tuple[Path, int]]:
    return ((root / str(number % 10) / f"file {number}", number) for number in range(FILES))


def checksum_of_tree(root: Path) -> int:
    """The checksum of all files in the order of their names."""
    value = 0
    for path, _ in files_of(root):
        value = zlib.crc32(path.read_bytes(), value)
    return value
