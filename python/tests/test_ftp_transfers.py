"""Downloads and uploads: where files land, progress, cancelling, resuming, text, file objects."""

from __future__ import annotations

import hashlib
import io
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ftp_peers import Script, Session, Site, sends, takes
from peers import unix_only
from sfml.network import Ftp, FtpCancelledError, FtpResponse, FtpTransferResponse

BYTES = random.Random(1).randbytes(300_000)


def put(site: Site, name: str, contents: bytes = BYTES) -> Path:
    path = site.root / name
    path.write_bytes(contents)
    return path


def test_a_download_into_a_directory_keeps_the_name(
    ftp: Ftp, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site.root / "folder").mkdir()
    put(site, "folder/a file")
    into = tmp_path / "into"
    into.mkdir()
    monkeypatch.chdir(into)
    for localpath in (str(into), str(into) + os.sep, os.fsencode(into), into, "", "."):
        response = ftp.download("folder/a file", localpath)
        assert response.status == FtpResponse.CLOSING_DATA_CONNECTION
        assert (response.transferred, response.resumed_from) == (len(BYTES), 0)
        assert response.path is not None
        assert Path(response.path).resolve() == into / "a file"
        assert (into / "a file").read_bytes() == BYTES
        (into / "a file").unlink()


def test_a_download_to_a_path_gets_its_name_and_replaces_what_is_there(
    ftp: Ftp, site: Site, tmp_path: Path
) -> None:
    put(site, "a")
    target = tmp_path / "b"
    target.write_bytes(b"old")
    assert ftp.download("a", target).ok
    assert target.read_bytes() == BYTES
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b", "served"]


def test_a_failed_download_leaves_what_was_there(ftp: Ftp, tmp_path: Path) -> None:
    target = tmp_path / "b"
    target.write_bytes(b"old")
    response = ftp.download("missing", target)
    assert (response.status, response.path) == (FtpResponse.FILE_UNAVAILABLE, None)
    assert target.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b", "served"]


def test_an_upload_keeps_its_name_in_the_directory(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    local = tmp_path / "a file"
    local.write_bytes(BYTES)
    (site.root / "files").mkdir()
    for remotepath in ("files", "files/", b"files", "/files"):
        response = ftp.upload(local, remotepath)
        assert (response.ok, response.transferred, response.path) == (True, len(BYTES), str(local))
        assert (site.root / "files" / "a file").read_bytes() == BYTES
        (site.root / "files" / "a file").unlink()
    assert ftp.upload(str(local), "").ok
    assert (site.root / "a file").read_bytes() == BYTES


def test_an_upload_may_get_another_name(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    local = tmp_path / "a"
    local.write_bytes(b"x")
    (site.root / "files").mkdir()
    assert ftp.upload(local, "files", name="b").ok
    assert ftp.upload(local, "", name=b"c").ok
    assert (site.root / "files/b").exists()
    assert (site.root / "c").exists()


def test_an_upload_may_add_to_what_is_there(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    local = tmp_path / "log"
    local.write_bytes(b"two")
    put(site, "log", b"one ")
    assert ftp.upload(local, "", Ftp.BINARY, True).ok
    assert (site.root / "log").read_bytes() == b"one two"
    assert ftp.upload(io.BytesIO(b" three"), "log", append=True).ok
    assert (site.root / "log").read_bytes() == b"one two three"


@pytest.mark.parametrize("size", [0, 1, 65536, 3_000_000])
def test_files_of_all_sizes_go_and_come_back(ftp: Ftp, site: Site, tmp_path: Path, size: int) -> None:
    contents = random.Random(size).randbytes(size)
    local, back = tmp_path / "there", tmp_path / "back"
    local.write_bytes(contents)
    assert ftp.upload(local, "").transferred == size
    assert ftp.download("there", back).transferred == size
    assert hashlib.sha256(back.read_bytes()).digest() == hashlib.sha256(contents).digest()


def test_file_objects(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    response = ftp.upload(io.BytesIO(BYTES), "there")
    assert (response.ok, response.transferred, response.path) == (True, len(BYTES), None)
    assert (site.root / "there").read_bytes() == BYTES
    received = io.BytesIO()
    response = ftp.download("there", received)
    assert (response.ok, response.transferred, response.path) == (True, len(BYTES), None)
    assert received.getvalue() == BYTES
    with (tmp_path / "back").open("w+b") as file:
        assert ftp.download("there", file).ok
        file.seek(0)
        assert ftp.upload(file, "again").ok
    assert (site.root / "again").read_bytes() == BYTES


def test_a_file_object_with_a_name_gets_it_in_a_directory(ftp: Ftp, site: Site) -> None:
    (site.root / "files").mkdir()
    assert ftp.upload(io.BytesIO(b"x"), "files", name="a").ok
    assert (site.root / "files/a").exists()
    for directory in ("", "files/"):
        with pytest.raises(ValueError, match="no name of its own"):
            ftp.upload(io.BytesIO(b"x"), directory)


class Slow(io.RawIOBase):
    """Takes and gives a little at a time, as a raw file may."""

    def __init__(self, contents: bytes = b"") -> None:
        self.contents = bytearray(contents)

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.contents += data[:100]
        return min(len(data), 100)

    def read(self, size: int = -1) -> bytes:
        piece = bytes(self.contents[: min(size, 100)])
        del self.contents[: len(piece)]
        return piece


def test_raw_files_that_take_and_give_a_little(ftp: Ftp, site: Site) -> None:
    contents = BYTES[:5000]
    with Slow(contents) as source, Slow() as target:
        assert ftp.upload(source, "a").ok
        assert (site.root / "a").read_bytes() == contents
        assert ftp.download("a", target).ok
        assert target.contents == contents


class Collector:
    """No file at all, but it has the method."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.pieces.append(data)


class Giver:
    """Reads into buffers of other kinds than bytes."""

    def __init__(self, *pieces: bytes | bytearray | memoryview) -> None:
        self.pieces = list(pieces)

    def read(self, _size: int) -> bytes | bytearray | memoryview:
        return self.pieces.pop(0) if self.pieces else b""


def test_anything_with_the_method_will_do(ftp: Ftp, site: Site) -> None:
    assert ftp.upload(Giver(b"one", bytearray(b" two"), memoryview(b" three")), "a").ok
    collector = Collector()
    assert ftp.download("a", collector).ok
    assert b"".join(collector.pieces) == b"one two three"
    assert {type(piece) for piece in collector.pieces} == {bytes}


def test_progress_is_told_from_the_beginning_to_the_end(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    put(site, "a")
    transfers: list[Callable[[Callable[[int, int | None], None]], FtpTransferResponse]] = [
        lambda told: ftp.download("a", tmp_path / "b", progress=told),
        lambda told: ftp.download("a", io.BytesIO(), progress=told),
        lambda told: ftp.upload(tmp_path / "b", "", progress=told),
        lambda told: ftp.upload(io.BytesIO(BYTES), "c", size=len(BYTES), progress=told),
    ]
    for transfer in transfers:
        told: list[tuple[int, int | None]] = []
        assert transfer(lambda done, total, told=told: told.append((done, total))).ok  # type: ignore[misc]
        assert told[0] == (0, len(BYTES))
        assert told[-1] == (len(BYTES), len(BYTES))
        assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_total_is_none_where_nobody_knows_it(ftp: Ftp) -> None:
    told: list[tuple[int, int | None]] = []
    assert ftp.upload(io.BytesIO(b"12345"), "a", progress=lambda *step: told.append(step)).ok
    assert told == [(0, None), (5, None)]


def test_false_and_only_false_cancels(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    put(site, "a")
    others: list[object] = [None, True, 0, "", [], 1]
    while others:
        assert ftp.download("a", tmp_path / "b", progress=lambda *_: others[0]).ok
        others.pop(0)
    (tmp_path / "b").unlink()
    response = ftp.download("a", tmp_path / "b", progress=lambda *_: False)
    assert (response.status, response.message) == (FtpResponse.TRANSFER_ABORTED, "")
    assert isinstance(response.error, FtpCancelledError)
    assert not (tmp_path / "b").exists()
    local = tmp_path / "c"
    local.write_bytes(BYTES)
    response = ftp.upload(local, "", progress=lambda done, _: done == 0)
    assert response.status == FtpResponse.TRANSFER_ABORTED
    assert ftp.keep_alive().ok


@pytest.mark.parametrize("when", [0, len(BYTES)])
def test_what_a_callback_raises_comes_out_and_the_session_goes_on(when: int, tmp_path: Path) -> None:
    def told(done: int, _total: int | None) -> None:
        if done >= when:
            raise LookupError("from the callback")

    with Script({"RETR": sends(BYTES), "STOR": takes(bytearray())}) as script:
        ftp = script.client()
        transfers: list[Callable[[], FtpTransferResponse]] = [
            lambda: ftp.download("a", tmp_path / "b", progress=told),
            lambda: ftp.upload(io.BytesIO(BYTES), "c", progress=told),
        ]
        for transfer in transfers:
            with pytest.raises(LookupError, match="from the callback"):
                transfer()
            assert ftp.keep_alive().ok
        assert list(tmp_path.iterdir()) == []
        ftp.close()


def test_what_is_no_callback_is_a_type_error(ftp: Ftp, site: Site) -> None:
    put(site, "a")
    with pytest.raises(TypeError, match="not callable"):
        ftp.download("a", io.BytesIO(), progress=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="argument"):
        ftp.download("a", io.BytesIO(), progress=lambda: None)  # type: ignore[arg-type]
    assert ftp.keep_alive().ok


def test_a_download_goes_on_where_it_ended(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    put(site, "big", BYTES * 20)
    target = tmp_path / "big"
    response = ftp.download("big", target, resume=True, progress=lambda done, _: done < 1_000_000)
    assert response.status == FtpResponse.TRANSFER_ABORTED
    part = tmp_path / "big.part"
    there = part.stat().st_size
    assert 0 < there < len(BYTES) * 20
    assert not target.exists()
    told: list[int] = []
    response = ftp.download("big", target, resume=True, progress=lambda done, _: told.append(done))
    assert response.ok
    assert (response.resumed_from, response.transferred) == (there, len(BYTES) * 20 - there)
    assert told[0] == there
    assert target.read_bytes() == BYTES * 20
    assert not part.exists()


def test_an_upload_goes_on_behind_what_the_server_has(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    local = tmp_path / "big"
    local.write_bytes(BYTES)
    put(site, "big", BYTES[:100_000])
    response = ftp.upload(local, "", resume=True)
    assert response.ok
    assert (response.resumed_from, response.transferred) == (100_000, 200_000)
    assert (site.root / "big").read_bytes() == BYTES


def test_text_and_file_objects_are_not_resumed(ftp: Ftp, tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(ValueError, match="binary mode"):
        ftp.download("a", tmp_path / "b", Ftp.ASCII, resume=True)
    with pytest.raises(ValueError, match="binary mode"):
        ftp.upload(tmp_path / "a", "", Ftp.ASCII, resume=True)
    with pytest.raises(ValueError, match="give a path"):
        ftp.download("a", io.BytesIO(), resume=True)
    with pytest.raises(ValueError, match="give a path"):
        ftp.upload(io.BytesIO(), "a", resume=True)
    assert ftp.keep_alive().ok


def test_lines_of_text_are_converted(tmp_path: Path) -> None:
    received = bytearray()
    with Script({"RETR": sends(b"one\r\ntwo\r\n"), "STOR": takes(received)}) as script:
        ftp = script.client()
        target = tmp_path / "text"
        for mode in (Ftp.ASCII, 1):
            assert ftp.download("text", target, mode).ok
            assert target.read_bytes() == b"one\ntwo\n".replace(b"\n", os.linesep.encode())
        collected = io.BytesIO()
        assert ftp.download("text", collected, mode=Ftp.ASCII).ok
        assert collected.getvalue() == target.read_bytes()
        assert ftp.upload(target, "", Ftp.ASCII).ok
        assert received == b"one\r\ntwo\r\n"
        assert "TYPE A" in script.commands
        assert "TYPE I" not in script.commands
        ftp.close()


def test_ebcdic_is_asked_for_and_left_alone() -> None:
    with Script({"RETR": sends(b"\xc1\x25")}) as script:
        ftp = script.client()
        collected = io.BytesIO()
        assert ftp.download("text", collected, Ftp.EBCDIC).ok
        assert collected.getvalue() == b"\xc1\x25"
        assert "TYPE E" in script.commands
        ftp.close()


def test_the_time_is_kept_on_request(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    os.utime(put(site, "a"), (10**9, 10**9))
    assert ftp.download("a", tmp_path / "b", keep_time=True).ok
    assert (tmp_path / "b").stat().st_mtime == 10**9
    assert ftp.upload(tmp_path / "b", "", keep_time=True).ok
    assert (site.root / "b").stat().st_mtime == 10**9


def test_a_size_that_is_known_is_not_asked_for(tmp_path: Path) -> None:
    with Script({"RETR": sends(b"12345")}) as script:
        ftp = script.client()
        told: list[tuple[int, int | None]] = []
        response = ftp.download("a", tmp_path, size=5, progress=lambda *step: told.append(step))
        assert response.ok
        assert told[-1] == (5, 5)
        assert not [command for command in script.commands if command.startswith("SIZE")]
        assert ftp.download("a", tmp_path, size=6).status == FtpResponse.INVALID_RESPONSE
        ftp.close()


@unix_only
def test_names_that_are_no_utf8_keep_their_bytes(tmp_path: Path) -> None:
    received = bytearray()
    with Script({"RETR": sends(b"12345"), "STOR": takes(received)}) as script:
        ftp = script.client()
        response = ftp.download("caf\udce9", tmp_path)
        assert response.ok
        if sys.getfilesystemencoding() == "utf-8":
            assert (response.path or "").endswith("caf\udce9")
        assert os.listdir(os.fsencode(tmp_path)) == [b"caf\xe9"]
        assert ftp.upload(os.fsencode(tmp_path) + b"/caf\xe9", "").ok
        assert script.commands[-1] == "STOR caf\udce9"
        ftp.close()


def test_a_transfer_that_failed_is_begun_again_if_that_is_wanted(tmp_path: Path) -> None:
    attempts = 0

    def answer(session: Session, argument: str) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            with session.data() as connection:
                connection.sendall(b"12")
            session.say("426 and gone")
        else:
            sends(b"12345")(session, argument)

    with Script({"RETR": answer}) as script:
        ftp = script.client(retries=1, retry_delay=0.001)
        assert ftp.download("a", tmp_path).ok
        assert (tmp_path / "a").read_bytes() == b"12345"
        assert attempts == 2
        ftp.close()
