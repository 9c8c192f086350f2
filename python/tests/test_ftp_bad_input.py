"""Wrong arguments, hostile servers and local files that cannot be used: an exception or a response, never a hang."""

from __future__ import annotations

import errno
import io
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ftp_peers import Script, Session, Site, hangs_up, sends, silence, takes
from peers import LOOPBACK, unix_only
from sfml.network import (
    Ftp,
    FtpConnectionError,
    FtpFileError,
    FtpProtocolError,
    FtpResponse,
    FtpTimeoutError,
)

# A path or word for the server, in each place that takes one.
PATHS: dict[str, Callable[[Ftp, Any], object]] = {
    "login": lambda ftp, x: ftp.login(x, "p"),
    "password": lambda ftp, x: ftp.login("ada", x),
    "account": lambda ftp, x: ftp.login("ada", "p", account=x),
    "get_directory_listing": lambda ftp, x: ftp.get_directory_listing(x),
    "change_directory": lambda ftp, x: ftp.change_directory(x),
    "create_directory": lambda ftp, x: ftp.create_directory(x),
    "delete_directory": lambda ftp, x: ftp.delete_directory(x),
    "rename_file from": lambda ftp, x: ftp.rename_file(x, "b"),
    "rename_file to": lambda ftp, x: ftp.rename_file("a", x),
    "delete_file": lambda ftp, x: ftp.delete_file(x),
    "download": lambda ftp, x: ftp.download(x, io.BytesIO()),
    "upload": lambda ftp, x: ftp.upload(io.BytesIO(), x),
    "upload name": lambda ftp, x: ftp.upload(io.BytesIO(), "", name=x),
    "command": lambda ftp, x: ftp.send_command(x),
    "parameter": lambda ftp, x: ftp.send_command("SITE", x),
    "entries": lambda ftp, x: ftp.entries(x),
    "each_entry": lambda ftp, x: ftp.each_entry(print, x),
    "download_segmented": lambda ftp, x: ftp.download_segmented(x, "nowhere"),
    "download_tree": lambda ftp, x: ftp.download_tree(x, Path(__file__).parent / "nowhere"),
    "upload_tree": lambda ftp, x: ftp.upload_tree(Path(__file__).parent, x, include="nothing"),
    "entry": lambda ftp, x: ftp.entry(x),
    "size": lambda ftp, x: ftp.size(x),
    "modified": lambda ftp, x: ftp.modified(x),
    "set_modified": lambda ftp, x: ftp.set_modified(x, 0),
}


@pytest.mark.parametrize("place", PATHS)
@pytest.mark.parametrize("byte", ["\r", "\n", "\0"], ids=repr)
def test_a_name_cannot_carry_a_second_command(place: str, byte: str) -> None:
    with Script() as script:
        ftp = script.client()
        script.commands.clear()
        for name in (f"a{byte}DELE b", f"{byte}x", f"x{byte}"):
            with pytest.raises(ValueError, match="command"):
                PATHS[place](ftp, name)
            with pytest.raises(ValueError, match="command"):
                PATHS[place](ftp, name.encode())
        assert not [command for command in script.commands if "DELE b" in command]
        assert ftp.keep_alive().ok
        ftp.close()


@pytest.mark.parametrize("place", PATHS)
@pytest.mark.parametrize(
    "value", [1, object(), ["a"], bytearray(b"a")], ids=lambda value: type(value).__name__
)
def test_what_is_no_text_is_a_type_error(place: str, value: object) -> None:
    with pytest.raises(TypeError, match="is a str"):
        PATHS[place](Ftp(), value)


def test_text_that_is_no_bytes_is_a_value_error() -> None:
    for call in PATHS.values():
        with pytest.raises(ValueError, match="surrogates not allowed"):
            call(Ftp(), "a\ud800")


def test_an_empty_path_is_a_value_error_where_one_is_needed() -> None:
    needing = set(PATHS) - {
        "password",
        "account",
        "get_directory_listing",
        "entries",
        "each_entry",
        "download_tree",
        "upload_tree",
        "parameter",
        "set_modified",
    }
    with Script() as script:
        ftp = script.client()
        for place in needing:
            with pytest.raises(ValueError, match=r"empty|no name|command"):
                PATHS[place](ftp, "")
        ftp.close()


def test_wrong_arguments_of_connect() -> None:
    ftp = Ftp()
    wrong: list[tuple[Callable[[], object], type[Exception]]] = [
        (lambda: ftp.connect(), TypeError),  # type: ignore[call-overload]
        (lambda: ftp.connect(None), TypeError),  # type: ignore[call-overload]
        (lambda: ftp.connect(5), TypeError),  # type: ignore[call-overload]
        (lambda: ftp.connect(LOOPBACK, "21"), TypeError),  # type: ignore[call-overload]
        (lambda: ftp.connect(LOOPBACK, 65536), OverflowError),
        (lambda: ftp.connect(LOOPBACK, -1), OverflowError),
        (lambda: ftp.connect(LOOPBACK, 21, -1), ValueError),
        (lambda: ftp.connect(LOOPBACK, 21, float("nan")), ValueError),
        (lambda: ftp.connect(LOOPBACK, 21, "soon"), TypeError),  # type: ignore[call-overload]
        (lambda: ftp.connect(LOOPBACK, server=LOOPBACK), TypeError),  # type: ignore[call-overload]
    ]
    for call, error in wrong:
        with pytest.raises(error):
            call()


def test_wrong_arguments_of_transfers(tmp_path: Path) -> None:
    ftp = Ftp()
    (tmp_path / "a").touch()
    wrong: list[tuple[Callable[[], object], type[Exception]]] = [
        (lambda: ftp.download("a", None), TypeError),  # type: ignore[arg-type]
        (lambda: ftp.download("a", 5), TypeError),  # type: ignore[arg-type]
        (lambda: ftp.upload(None, ""), TypeError),  # type: ignore[arg-type]
        (lambda: ftp.upload(object(), ""), TypeError),  # type: ignore[arg-type]
        (lambda: ftp.download("a", "b\0c"), ValueError),
        (lambda: ftp.upload("b\0c", ""), ValueError),
        (lambda: ftp.download("a", tmp_path, 3), ValueError),
        (lambda: ftp.download("a", tmp_path, -1), ValueError),
        (lambda: ftp.download("a", tmp_path, "binary"), TypeError),  # type: ignore[arg-type]
        (lambda: ftp.download("a", tmp_path, size=-1), OverflowError),
        (lambda: ftp.download("a"), TypeError),  # type: ignore[call-arg]
        (lambda: ftp.set_modified("a", "now"), TypeError),  # type: ignore[arg-type]
        (lambda: ftp.set_modified("a", -1), ValueError),
        (lambda: ftp.set_modified("a", float("nan")), ValueError),
    ]
    for call, error in wrong:
        with pytest.raises(error):
            call()


NO_REPLIES = [
    b"220\r\n",
    b"220",
    b"22",
    b"22\r\n",
    b"\r\n",
    b"220 ok\n",
    b"220-\r\n220 \r\n",
    b"\0\r\n",
    b"\xff\r\n",
]
NO_REPLIES += [
    b"9" * 5000 + b"\r\n",
    b"220-" + b"x" * 200_000 + b"\r\n",
    b"220 x\0y\r\n",
    b"SSH-2.0-x\r\n",
    b"-1 x\r\n",
]


@pytest.mark.parametrize("reply", NO_REPLIES, ids=lambda reply: repr(reply[:20]))
def test_a_greeting_of_any_bytes_is_a_response(reply: bytes) -> None:
    def answer(session: Session, _argument: str) -> None:
        session.say(reply)
        hangs_up(session, "")

    with Script(greeting=answer) as script:
        response = Ftp().connect(LOOPBACK, script.port, 5)
        assert response.status in (220, FtpResponse.INVALID_RESPONSE, FtpResponse.CONNECTION_CLOSED)
        assert response.ok == (response.status == 220)


@pytest.mark.parametrize("length", range(1, 12))
def test_a_server_that_stops_at_any_byte_has_closed_the_connection(length: int) -> None:
    def answer(session: Session, _argument: str) -> None:
        session.say(b"200 ready\r\n"[:length])
        hangs_up(session, "")

    with Script({"NOOP": answer}) as script:
        ftp = script.client()
        response = ftp.keep_alive()
        assert response.ok == (length == 11)
        assert response.status in (200, FtpResponse.CONNECTION_CLOSED)
        assert ftp.connect(LOOPBACK, script.port).ok
        ftp.close()


def test_a_listing_line_without_end_is_cut_off() -> None:
    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            while True:
                connection.sendall(b"x" * 65536)
        session.end("226 done")

    with Script({"NLST": answer}) as script:
        ftp = script.client()
        response = ftp.get_directory_listing()
        assert (response.status, response.filenames) == (FtpResponse.INVALID_RESPONSE, ())
        assert isinstance(response.error, FtpProtocolError)
        ftp.close()


def test_a_reply_to_pwd_without_a_path_is_invalid() -> None:
    with Script({"PWD": '257 "" is nowhere'}) as script:
        ftp = script.client()
        response = ftp.get_working_directory()
        assert (response.status, response.message, response.directory) == (1000, "", "")
        assert ftp.keep_alive().ok
        ftp.close()


def test_the_data_connection_goes_nowhere_else_than_to_the_server() -> None:
    with socket.create_server(("127.0.0.2", 0)) as victim:
        host, port = victim.getsockname()
        spoken = f"227 here ({host.replace('.', ',')},{port >> 8},{port & 255})"
        with Script({"EPSV": "502 no", "PASV": spoken}) as script:
            ftp = script.client(connect_timeout=1)
            response = ftp.download("a", io.BytesIO())
            assert response.status == FtpResponse.CONNECTION_FAILED
            assert isinstance(response.error, FtpConnectionError)
            victim.settimeout(0)
            with pytest.raises(BlockingIOError):
                victim.accept()
            assert ftp.keep_alive().ok
            ftp.close()


def reset(session: Session, _argument: str) -> None:
    with session.data() as connection:
        connection.sendall(b"12345")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    session.say("426 broken")


@unix_only
def test_a_data_connection_that_breaks_is_told_in_the_servers_words(tmp_path: Path) -> None:
    with Script({"RETR": reset}) as script:
        ftp = script.client()
        response = ftp.download("a", tmp_path)
        assert (response.status, response.message) == (426, "broken")
        assert not response.ok
        assert list(tmp_path.iterdir()) == []
        assert ftp.keep_alive().ok
        ftp.close()


def test_a_stalled_transfer_is_given_up(tmp_path: Path) -> None:
    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            connection.sendall(b"12345")
            connection.recv(1)
        session.say("426 as you like")

    with Script({"RETR": answer}) as script:
        ftp = script.client(data_timeout=0.05)
        response = ftp.download("a", tmp_path)
        assert response.status == FtpResponse.CONNECTION_CLOSED
        assert isinstance(response.error, FtpTimeoutError)
        assert "data from the server" in str(response.error)
        assert list(tmp_path.iterdir()) == []
        assert ftp.keep_alive().ok
        ftp.close()


def test_no_reply_after_the_data_is_no_success(tmp_path: Path) -> None:
    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            connection.sendall(b"12345")

    with Script({"RETR": answer}) as script:
        ftp = script.client(control_timeout=0.2)
        response = ftp.download("a", tmp_path)
        assert response.status == FtpResponse.CONNECTION_CLOSED
        assert isinstance(response.error, FtpTimeoutError)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "a/..", "x/.", "/"])
def test_names_that_lead_out_of_the_directory_are_no_files(tmp_path: Path, name: str) -> None:
    with Script({"RETR": sends(b"12345")}) as script:
        ftp = script.client()
        response = ftp.download(name, tmp_path)
        assert response.status == FtpResponse.INVALID_FILE
        assert isinstance(response.error, FtpFileError)
        assert response.error.errno == errno.EINVAL
        assert list(tmp_path.iterdir()) == []
        ftp.close()


def local_problems(tmp_path: Path) -> dict[str, tuple[Callable[[Ftp], FtpResponse], int]]:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    return {
        "upload of nothing": (lambda ftp: ftp.upload(tmp_path / "missing", ""), errno.ENOENT),
        "upload of a folder": (lambda ftp: ftp.upload(tmp_path / "folder", ""), errno.EISDIR),
        "upload through a file": (lambda ftp: ftp.upload(tmp_path / "file/x", ""), errno.ENOTDIR),
        "download into nothing": (lambda ftp: ftp.download("a", tmp_path / "missing/b"), errno.ENOENT),
        "download through a file": (lambda ftp: ftp.download("a", tmp_path / "file/b"), errno.ENOTDIR),
    }


@unix_only
def test_local_files_that_cannot_be_used(tmp_path: Path) -> None:
    with Script({"RETR": sends(b"12345"), "STOR": takes(bytearray())}) as script:
        ftp = script.client()
        for what, (call, number) in local_problems(tmp_path).items():
            response = call(ftp)
            assert (response.status, response.message) == (FtpResponse.INVALID_FILE, ""), what
            error = response.error
            assert isinstance(error, FtpFileError), what
            assert error.errno == number, what
            assert error.filename is not None, what
            assert isinstance(error.__cause__, OSError), what
            assert ftp.keep_alive().ok
        ftp.close()


@unix_only
def test_a_directory_that_may_not_be_written(tmp_path: Path) -> None:
    # Root may write everywhere, but for what is no directory of files.
    place = tmp_path if os.geteuid() else Path("/proc")
    tmp_path.chmod(0o500)
    with Script({"RETR": sends(b"12345")}) as script:
        ftp = script.client()
        response = ftp.download("a", place)
        assert response.status == FtpResponse.INVALID_FILE
        assert isinstance(response.error, FtpFileError)
        assert response.error.errno in (errno.EACCES, errno.ENOENT)
        ftp.close()
    tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="platform: there is no /dev/full")
def test_a_full_disk_is_told(site: Site, ftp: Ftp) -> None:
    (site.root / "a").write_bytes(bytes(100_000))
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        ftp.download("a", full)
    assert ftp.keep_alive().ok


class Wrong:
    """A file object that does not behave."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def read(self, size: int) -> Any:
        return self.answer(size) if callable(self.answer) else self.answer

    def write(self, data: bytes) -> Any:
        return self.answer(len(data)) if callable(self.answer) else self.answer


def fails(_size: int) -> Any:
    raise LookupError("from the file")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("text", TypeError),
        (None, TypeError),
        (5, TypeError),
        (lambda size: bytes(size + 1), ValueError),
        (fails, LookupError),
    ],
)
def test_readers_that_misbehave(answer: Any, error: type[Exception]) -> None:
    with Script({"STOR": takes(bytearray())}) as script:
        ftp = script.client()
        with pytest.raises(error):
            ftp.upload(Wrong(answer), "a")
        assert ftp.keep_alive().ok
        ftp.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("text", TypeError),
        (lambda size: size + 1, ValueError),
        (-1, OverflowError),
        (fails, LookupError),
    ],
)
def test_writers_that_misbehave(answer: Any, error: type[Exception]) -> None:
    with Script({"RETR": sends(b"12345")}) as script:
        ftp = script.client()
        with pytest.raises(error):
            ftp.download("a", Wrong(answer))
        assert ftp.keep_alive().ok
        ftp.close()


def test_a_writer_that_takes_nothing_is_no_use() -> None:
    with Script({"RETR": sends(b"12345")}) as script:
        ftp = script.client()
        assert ftp.download("a", Wrong(0)).status == FtpResponse.INVALID_FILE
        assert ftp.keep_alive().ok
        ftp.close()


def test_files_that_are_closed_or_of_text(site: Site, ftp: Ftp, tmp_path: Path) -> None:
    (site.root / "a").write_bytes(b"12345")
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(ValueError, match="closed file"):
        ftp.download("a", closed)
    with (tmp_path / "text").open("w") as text, pytest.raises(TypeError, match="must be str, not bytes"):
        ftp.download("a", text)  # type: ignore[arg-type]
    with (tmp_path / "text").open() as text, pytest.raises(TypeError, match="binary"):
        ftp.upload(text, "b")  # type: ignore[arg-type]
    assert ftp.keep_alive().ok


def test_a_path_that_fails_to_be_one() -> None:
    class Path:
        def __fspath__(self) -> str:
            raise LookupError("from the path")

    with pytest.raises(LookupError):
        Ftp().download("a", Path())
    with pytest.raises(LookupError):
        Ftp().change_directory(Path())


def test_a_server_that_says_nothing_at_all_is_left_alone() -> None:
    with Script(greeting=silence) as script:
        response = Ftp(control_timeout=0.05).connect(LOOPBACK, script.port)
        assert response.status == FtpResponse.CONNECTION_CLOSED
        assert isinstance(response.error, FtpTimeoutError)
        assert "greeting" in str(response.error)
