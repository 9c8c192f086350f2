"""A form, many small requests and a large download, from an HTTP server in Rust, plain and inside TLS."""

import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from account import PIECE, Quarters, check, checksum, per_second, tell
from peer import rust_peer
from sfml.network import Http, HttpRequest, HttpResponse
from sfml.system import Clock, seconds

LARGE = 256 * PIECE
# Where the download is broken off.
BREAK = 100 * PIECE
REQUESTS = 1_000
# Of each wait: how long it all takes is up to the disk.
LIMIT = seconds(10)


def plain() -> None:
    """Over plain HTTP."""
    with rust_peer("http_peer") as port, Http("127.0.0.1", port, read_timeout=LIMIT) as http:
        show(http)


def encrypted() -> None:
    """Over HTTPS, with a certificate of an authority that was made for this run."""
    with TemporaryDirectory() as folder, rust_peer("http_peer", folder) as port:
        refused = Http("https://127.0.0.1", port).get("/get")
        check(refused.status == HttpResponse.CONNECTION_FAILED, "nobody vouches for that certificate")
        tell("refused:", str(refused.error))
        with Http("https://127.0.0.1", port, read_timeout=LIMIT, ca=Path(folder) / "authority.pem") as http:
            show(http)


def show(http: Http) -> None:
    # As the reference has it: a request of HTTP/1.0, with a connection of its own.
    request = HttpRequest("/anything", HttpRequest.POST, "name=Ada&points=1815")
    request.field = "Content-Type", "application/x-www-form-urlencoded"
    answer = http.send_request(request, LIMIT)
    check(b"name=Ada&points=1815" in answer.body, "the form did not arrive as it was sent")
    tell(answer.status, f"{answer.reason} is the answer to a form")

    clock = Clock()
    for _ in range(REQUESTS):
        http.get("/bytes/1024").raise_for_status()
    tell(per_second(REQUESTS, clock), "requests of 1 KiB per second, one after the other")

    with TemporaryDirectory() as folder:
        copy = Path(folder) / "large.bin"
        clock.restart()
        stopped = http.download(f"/bytes/{LARGE}", copy, resume=True, progress=lambda done, _: done < BREAK)
        check(not copy.exists(), "the download was to be cancelled, and was not")
        tell("interrupted:", str(stopped.error))
        response = http.download(f"/bytes/{LARGE}", copy, resume=True, progress=Quarters("received"))
        response.raise_for_status()
        tell(per_second(LARGE // PIECE, clock), "MiB per second down, the interruption included")
        arrived = checksum(copy)
    sent = 0
    with http.get(f"/bytes/{LARGE}", stream=True) as stream:
        for piece in stream.iter_bytes(PIECE):
            sent = zlib.crc32(piece, sent)
    check(sent == arrived, f"CRC-32 {sent:08x} was sent, and {arrived:08x} received")
    tell(f"{arrived:08x}", "is the CRC-32 of the file, and of the same body piece by piece")
