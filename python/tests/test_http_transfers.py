"""Uploads, downloads and saved bodies: progress, resuming, what is left when something fails."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from http_peers import HttpServer, Wire, cpython_server, says
from peers import LOOPBACK
from sfml.network import Http, HttpError, HttpRequest, HttpResponse

SIZE = 3_000_000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_download_is_complete_under_its_name(http: Http, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    response = http.download(f"/bytes/{SIZE}", tmp_path / "file", progress=lambda *now: told.append(now))
    assert (response.status, response.ok, response.body) == (200, True, b"")
    assert (response.transferred, response.resumed_from) == (SIZE, 0)
    assert response.field["ETag"] == f'"bytes-{SIZE}"'
    assert (tmp_path / "file").read_bytes() == http.get(f"/bytes/{SIZE}").body
    assert names(tmp_path) == ["file"]
    assert (told[0], told[-1]) == ((0, SIZE), (SIZE, SIZE))
    assert told == sorted(told)


@pytest.mark.parametrize("kind", [str, bytes, Path], ids=lambda kind: kind.__name__)
def test_each_kind_of_path_and_request_is_taken(http: Http, tmp_path: Path, kind: Any) -> None:
    path = str(tmp_path / "file")
    where = path.encode() if kind is bytes else kind(path)
    for uri in ("/bytes/10", b"/bytes/10", HttpRequest("/bytes/10")):
        assert http.download(uri, where, timeout=20).transferred == 10
    assert http.get("/bytes/10", stream=True).save_to(where) == 10


def test_a_download_takes_the_place_of_a_file_only_when_it_is_complete(http: Http, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    response = http.download(f"/bytes/{SIZE}", file, progress=lambda done, _total: done < SIZE / 2)
    assert (response.status, response.ok) == (HttpResponse.CONNECTION_FAILED, False)
    assert response.error is not None
    assert response.error.reason == "cancelled"
    assert (file.read_bytes(), names(tmp_path)) == (b"old", ["file"])
    with says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345") as wire:
        response = wire.client().download("/", file)
    assert response.error is not None
    assert (response.error.reason, response.status) == ("incomplete", HttpResponse.INVALID_RESPONSE)
    assert (file.read_bytes(), names(tmp_path)) == (b"old", ["file"])


def test_a_download_goes_on_where_it_was_broken_off(http: Http, tmp_path: Path) -> None:
    file = tmp_path / "file"
    uri = f"/bytes/{SIZE}"
    assert not http.download(uri, file, resume=True, progress=lambda done, _: done < SIZE / 2).ok
    assert names(tmp_path) == ["file.part", "file.part.validator"]
    present = (tmp_path / "file.part").stat().st_size
    assert 0 < present < SIZE
    response = http.download(uri, file, resume=True)
    assert response.status == HttpResponse.PARTIAL_CONTENT
    assert (response.resumed_from, response.transferred) == (present, SIZE - present)
    assert file.read_bytes() == http.get(uri).body
    assert names(tmp_path) == ["file"]


def test_a_part_that_is_all_of_it_is_a_success(http: Http, tmp_path: Path) -> None:
    whole = http.get("/bytes/1000").body
    (tmp_path / "file.part").write_bytes(whole)
    (tmp_path / "file.part.validator").write_text('"bytes-1000"\n')
    response = http.download("/bytes/1000", tmp_path / "file", resume=True)
    assert (response.status, response.ok, response.resumed_from) == (HttpResponse.OK, True, 1000)
    assert (tmp_path / "file").read_bytes() == whole


def test_a_refusal_is_the_servers_response_and_leaves_nothing(http: Http, tmp_path: Path) -> None:
    response = http.download("/status/404", tmp_path / "file")
    assert (response.status, response.error, response.body) == (HttpResponse.NOT_FOUND, None, b"404\n")
    assert response.field["Content-Type"] != ""
    response = http.download("/status/204", tmp_path / "file")
    assert (response.status, response.ok) == (HttpResponse.NO_CONTENT, False)
    with pytest.raises(HttpError, match="204") as raised:
        response.raise_for_status()
    assert (raised.value.reason, raised.value.status) == ("status", 204)
    assert names(tmp_path) == []


def test_a_file_that_cannot_be_written_is_named(http: Http, tmp_path: Path) -> None:
    path = tmp_path / "no" / "file"
    response = http.download("/bytes/10", path)
    assert response.error is not None
    assert response.error.reason == "local"
    assert isinstance(response.error.__cause__, FileNotFoundError)
    assert response.error.__cause__.filename is not None
    for stream in (True, False):
        with pytest.raises(HttpError, match="no") as raised:
            http.get("/bytes/10", stream=stream).save_to(path)
        assert raised.value.reason == "local"
        assert isinstance(raised.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize("stream", [True, False])
def test_a_body_is_saved_wherever_it_is(http: Http, tmp_path: Path, stream: bool) -> None:
    response = http.get("/bytes/1000", stream=stream)
    start = response.read(100)
    assert response.save_to(tmp_path / "rest") == 900
    assert start + (tmp_path / "rest").read_bytes() == http.get("/bytes/1000").body
    assert response.save_to(tmp_path / "nothing") == 0
    assert names(tmp_path) == ["nothing", "rest"]


def test_saving_tells_its_progress_and_can_be_cancelled(http: Http, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    response = http.get("/chunked/100000", stream=True)
    assert response.save_to(tmp_path / "file", progress=lambda *now: told.append(now)) == 100_000
    assert told[-1] == (100_000, None)
    with pytest.raises(HttpError) as raised:
        http.get(f"/bytes/{SIZE}", stream=True).save_to(tmp_path / "other", progress=lambda *_: False)
    assert raised.value.reason == "cancelled"
    assert names(tmp_path) == ["file"]


UPLOADS: dict[str, Callable[[Path], Any]] = {
    "bytes": lambda path: path.read_bytes(),
    "a path": lambda path: path,
    "a file": lambda path: io.BytesIO(path.read_bytes()),
    "pieces": lambda path: (path.read_bytes()[start : start + 65536] for start in range(0, SIZE, 65536)),
}


@pytest.mark.parametrize("kind", UPLOADS)
def test_an_upload_arrives_and_tells_its_progress(http: Http, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(SIZE))
    told: list[tuple[int, int | None]] = []
    response = http.put("/upload", body=UPLOADS[kind](path), progress=lambda *now: told.append(now))
    assert response.json()["length"] == SIZE
    assert told[-1] == (SIZE, None if kind == "pieces" else SIZE)


def test_an_upload_can_be_cancelled_by_its_progress(http: Http) -> None:
    request = HttpRequest("/upload", HttpRequest.PUT, bytes(SIZE))

    def told(done: int, _total: int | None) -> bool:
        return done < SIZE / 2

    for response in (
        http.put("/upload", body=bytes(SIZE), progress=told),
        http.send_request(request, progress=told),
    ):
        assert response.status == HttpResponse.CONNECTION_FAILED
        assert response.error is not None
        assert response.error.reason == "cancelled"
    assert http.get("/get").ok


class StopError(Exception):
    """Raised by a callback."""


def raising(*_now: object) -> None:
    raise StopError


CALLS: dict[str, Callable[[Http, Path], object]] = {
    "put": lambda http, _: http.put("/upload", body=bytes(SIZE), progress=raising),
    "download": lambda http, path: http.download(f"/bytes/{SIZE}", path, progress=raising),
    "save_to": lambda http, path: http.get(f"/bytes/{SIZE}", stream=True).save_to(path, progress=raising),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_a_callback_raises_ends_the_call_and_is_raised(http: Http, tmp_path: Path, name: str) -> None:
    with pytest.raises(StopError):
        CALLS[name](http, tmp_path / "file")
    assert names(tmp_path) == []
    assert http.get("/get").ok


def test_a_callback_may_make_calls_of_its_own(http: Http, http_server: HttpServer, tmp_path: Path) -> None:
    seen: list[bool] = []

    def told(_done: int, _total: int | None) -> None:
        seen.append(http.get("/get").ok)
        with pytest.raises(RuntimeError, match="busy"):
            response.read()

    response = http.get("/bytes/100000", stream=True)
    assert response.save_to(tmp_path / "file", progress=told) == 100_000
    assert set(seen) == {True}


def test_an_answer_before_the_end_of_the_upload_is_the_answer() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass

    with Wire(refuse) as wire:
        assert wire.client().put("/", body=bytes(8 << 20)).status == 413


def test_files_of_cpythons_server_arrive(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.bin").write_bytes(bytes(range(256)) * 1000)
    with cpython_server(tmp_path / "site") as (port, stored):
        http = Http(LOOPBACK, port, timeout=20)
        response = http.download("/a.bin", tmp_path / "copy")
        assert response.transferred == 256_000
        assert (tmp_path / "copy").read_bytes() == (tmp_path / "site" / "a.bin").read_bytes()
        assert http.put("/b", body=tmp_path / "copy").status == HttpResponse.CREATED
        assert stored["/b"] == bytes(range(256)) * 1000
