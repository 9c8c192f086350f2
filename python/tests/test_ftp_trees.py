"""Trees, files in parts and entries one by one: what arrives, what is told, what a hostile server gets."""

from __future__ import annotations

import errno
import os
import pickle
import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ftp_peers import Script, Session, Site, sends
from peers import unix_only
from sfml.network import (
    Ftp,
    FtpCancelledError,
    FtpConnectionError,
    FtpEntry,
    FtpError,
    FtpFileError,
    FtpRefusedError,
    FtpResponse,
    FtpTransferResponse,
    FtpTreeProgress,
    FtpTreeReport,
    FtpUnfinishedError,
)

FILES = {
    "a.txt": b"one",
    "empty": b"",
    "sub/b.txt": b"two\r\nlines\n",
    "sub/deep/c d": b"\x00\xff",
    "sub/deep/x.tmp": b"scratch",
    "été/f": b"summer",
}
TOTAL = sum(map(len, FILES.values()))


def plant(root: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, contents in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    return root


def harvest(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def listing(*names: str, kind: str = "-", size: int = 5) -> str:
    """Lines of LIST."""
    return "".join(f"{kind}rw-r--r-- 1 a b {size} Jan  1  2020 {name}\r\n" for name in names)


def fails_for(name: str, otherwise: bytes = b"12345") -> Callable[[Session, str], None]:
    """An answer to RETR that refuses one file and sends the others."""

    def answer(session: Session, argument: str) -> None:
        if argument.endswith(name):
            session.close_data()
            session.say("550 not for you")
        else:
            sends(otherwise)(session, argument)

    return answer


@pytest.mark.parametrize("sessions", [1, 4])
def test_a_tree_comes_down_as_it_is_and_again_only_what_changed(
    ftp: Ftp, site: Site, tmp_path: Path, sessions: int
) -> None:
    plant(site.root / "tree")
    copy = tmp_path / "copy"
    report = ftp.download_tree("tree", copy, sessions=sessions)
    assert report == FtpTreeReport(files=len(FILES), bytes=TOTAL)
    assert harvest(copy) == FILES
    report = ftp.download_tree("tree", copy, sessions=sessions)
    assert report == FtpTreeReport(unchanged=len(FILES))
    (site.root / "tree/a.txt").write_bytes(b"longer")
    report = ftp.download_tree("tree", copy, sessions=sessions)
    assert report == FtpTreeReport(files=1, bytes=6, unchanged=len(FILES) - 1)
    assert harvest(copy) == harvest(site.root / "tree")


@pytest.mark.parametrize("sessions", [1, 4])
def test_a_tree_goes_up_as_it_is_and_again_only_what_changed(
    ftp: Ftp, site: Site, tmp_path: Path, sessions: int
) -> None:
    tree = plant(tmp_path / "tree")
    assert ftp.upload_tree(tree, "to/here", sessions=sessions) == FtpTreeReport(len(FILES), TOTAL)
    assert harvest(site.root / "to/here") == FILES
    report = ftp.upload_tree(tree, "to/here", sessions=sessions)
    assert report == FtpTreeReport(unchanged=len(FILES))


def test_paths_of_every_kind(ftp: Ftp, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(site.root)
    for local in (tmp_path / "1", str(tmp_path / "2"), os.fsencode(tmp_path / "3")):
        assert ftp.download_tree(b"sub", local).files == 3
        assert harvest(Path(os.fsdecode(local))) == harvest(site.root / "sub")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert ftp.download_tree("", "", delete=True).files == len(FILES)
    assert harvest(tmp_path / "here") == FILES
    assert ftp.upload_tree("", Path("there"), delete=True).files == len(FILES)
    assert harvest(site.root / "there") == FILES


def test_others_are_deleted_only_when_asked_and_never_what_a_pattern_hides(
    ftp: Ftp, site: Site, tmp_path: Path
) -> None:
    tree, copy = plant(site.root / "tree", {"a": b"1"}), plant(tmp_path / "copy")
    everything = {**FILES, "a": b"1"}
    assert ftp.download_tree("tree", copy).deleted == 0
    assert harvest(copy) == everything
    assert ftp.upload_tree(copy, "up").deleted == 0
    plant(site.root / "up", {"old": b"", "old.tmp": b""})
    assert ftp.upload_tree(copy, "up").deleted == 0
    assert ftp.upload_tree(copy, "up", delete=True, exclude="*.tmp").deleted == 1
    assert harvest(site.root / "up") == {**everything, "old.tmp": b""}
    # Five files and the directory of one of them: the others have what is hidden.
    assert ftp.download_tree("tree", copy, delete=True, exclude=["*.tmp"]).deleted == 6
    assert harvest(copy) == {"a": b"1", "sub/deep/x.tmp": b"scratch"}
    assert ftp.download_tree("tree", copy, delete=True).deleted == 3
    assert harvest(copy) == harvest(tree)
    assert sorted(path.name for path in copy.iterdir()) == ["a"]


def test_only_what_patterns_name_is_transferred(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    plant(site.root / "tree")
    cases: list[tuple[Any, Any, set[str]]] = [
        ("*.txt", (), {"a.txt", "sub/b.txt"}),
        (b"*.txt", "sub/**", {"a.txt"}),
        (["*.txt", "sub/deep/*"], ("*.tmp",), {"a.txt", "sub/b.txt", "sub/deep/c d"}),
        ((pattern for pattern in ("é*/*", b"empty")), [], {"été/f", "empty"}),
        ((), {"sub", "*p?y"}, {"a.txt", "été/f"}),
    ]
    for number, (include, exclude, expected) in enumerate(cases):
        copy = tmp_path / str(number)
        ftp.download_tree("tree", copy, include=include, exclude=exclude)
        assert set(harvest(copy)) == expected


@unix_only
def test_links_are_passed_over_and_told(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    tree = plant(tmp_path / "tree")
    (tree / "sub/link").symlink_to(tree / "a.txt")
    (tree / "loop").symlink_to(tree)
    report = ftp.upload_tree(tree, "up")
    assert sorted(report.skipped) == ["loop", "sub/link"]
    assert b"sub/link" in report.skipped
    assert harvest(site.root / "up") == FILES


def test_progress_counts_on_the_calling_thread(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    plant(site.root / "tree")
    told: list[tuple[FtpTreeProgress, int]] = []

    def note(now: FtpTreeProgress) -> None:
        told.append((now, threading.get_ident()))

    # With one session the calling thread sees every step.
    ftp.download_tree("tree", tmp_path / "1", sessions=1, progress=note)
    ftp.upload_tree(tmp_path / "1", "up", sessions=4, progress=note)
    assert {ident for _, ident in told} == {threading.get_ident()}
    assert {(now.total_files, now.total_bytes) for now, _ in told} == {(len(FILES), TOTAL)}
    assert (told[0][0].files, told[0][0].bytes) == (0, 0)
    down = [now for now, _ in told if now.files >= len(FILES) - 1]
    assert down[0].bytes <= TOTAL
    with pytest.raises(AttributeError):
        told[0][0].files = 1  # type: ignore[misc]


TREES: dict[str, Callable[[Ftp, Path, Any], object]] = {
    "down": lambda ftp, folder, told: ftp.download_tree("tree", folder / "new", progress=told),
    "up": lambda ftp, folder, told: ftp.upload_tree(folder / "tree", "new", progress=told),
}
each_way = pytest.mark.parametrize("way", TREES)


@each_way
def test_false_and_only_false_cancels(way: str, ftp: Ftp, site: Site, tmp_path: Path) -> None:
    plant(site.root / "tree")
    plant(tmp_path / "tree")
    with pytest.raises(FtpCancelledError) as caught:
        TREES[way](ftp, tmp_path, lambda _: False)
    assert caught.value.status == FtpResponse.TRANSFER_ABORTED
    assert ftp.keep_alive().ok
    for other in (0, "", True):
        assert TREES[way](ftp, tmp_path, lambda _, other=other: other)


@each_way
@pytest.mark.parametrize("raised", [KeyError, KeyboardInterrupt, SystemExit])
def test_what_a_callback_raises_comes_out_and_the_session_goes_on(
    way: str, raised: type[BaseException], ftp: Ftp, site: Site, tmp_path: Path
) -> None:
    plant(site.root / "tree")
    plant(tmp_path / "tree")

    def told(_now: FtpTreeProgress) -> None:
        raise raised("from the callback")

    with pytest.raises(raised, match="from the callback"):
        TREES[way](ftp, tmp_path, told)
    assert ftp.keep_alive().ok
    assert TREES[way](ftp, tmp_path, None)


def test_what_failed_is_raised_with_the_report(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d")
    with Script({"LIST": sends(listing(*names).encode()), "RETR": fails_for("b")}) as script:
        ftp = script.client()
        ftp.login()
        with pytest.raises(FtpUnfinishedError) as caught:
            ftp.download_tree("", tmp_path / "copy", sessions=2, delete=True)
        ftp.close()
    error = caught.value
    assert (
        str(error) == '1 of the tree could not be transferred, first "b": RETR b was refused: 550 not for you'
    )
    assert (error.report.files, error.report.bytes, error.report.deleted) == (3, 15, 0)
    [(path, reason)] = error.report.failures
    assert (path, path == b"b") == ("b", True)
    assert type(reason) is FtpRefusedError
    assert reason.status == error.status == FtpResponse.FILE_UNAVAILABLE
    assert error.response is reason.response
    assert error.response is not None
    assert error.response.message == "not for you"
    assert set(harvest(tmp_path / "copy")) == {"a", "c", "d"}
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.status, again.report.files) == (str(error), error.status, 3)
    assert str(again.report.failures[0][1]) == str(reason)


def test_a_local_file_that_fails_is_named_with_its_reason(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    plant(site.root / "tree", {"a": b"1", "b": b"2"})
    (tmp_path / "copy/a").mkdir(parents=True)
    with pytest.raises(FtpUnfinishedError, match=r'first "a": in the way of a file is .*directory') as caught:
        ftp.download_tree("tree", tmp_path / "copy")
    [(path, reason)] = caught.value.report.failures
    assert isinstance(reason, FtpFileError)
    assert (path, reason.errno, reason.filename) == ("a", errno.EISDIR, str(tmp_path / "copy/a"))
    assert harvest(tmp_path / "copy") == {"b": b"2"}


@unix_only
def test_a_local_name_that_cannot_be_sent_fails_alone(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    plant(tmp_path / "tree", {"a": b"1", "b\nDELE a": b"2", "c\rd/e": b"3"})
    with pytest.raises(FtpUnfinishedError, match="cannot be part of an FTP command") as caught:
        ftp.upload_tree(tmp_path / "tree", "up")
    failures = dict(caught.value.report.failures)
    assert set(failures) == {"b\nDELE a", "c\rd", "c\rd/e"}
    assert {(type(reason), reason.errno, reason.status) for reason in failures.values()} == {
        (FtpFileError, errno.EINVAL, FtpResponse.INVALID_FILE)
    }
    assert harvest(site.root / "up") == {"a": b"1"}


@pytest.mark.parametrize("sessions", [1, 4])
def test_names_that_lead_elsewhere_are_refused_one_by_one(tmp_path: Path, sessions: int) -> None:
    target = tmp_path / "above" / "copy"
    names = ["../x", str(tmp_path / "absolute"), "/", "..", "a/../../x", "a\x1bb", "fine"]
    with Script({"LIST": sends(listing(*names).encode()), "RETR": sends(b"12345")}) as script:
        ftp = script.client()
        ftp.login()
        with pytest.raises(FtpUnfinishedError) as caught:
            ftp.download_tree("", target, sessions=sessions)
        ftp.close()
    assert harvest(tmp_path) == {"above/copy/fine": b"12345"}
    reasons = [reason for _, reason in caught.value.report.failures]
    assert {(type(reason), reason.errno) for reason in reasons} == {(FtpFileError, errno.EINVAL)}
    assert {"../x", str(tmp_path / "absolute")} <= {path for path, _ in caught.value.report.failures}
    assert not [command for command in script.commands if command.startswith("RETR") and ".." in command]


def test_directories_that_lead_elsewhere_are_not_entered(tmp_path: Path) -> None:
    names = ["../up", "/etc", "."]
    with Script({"LIST": sends(listing(*names, kind="d").encode())}) as script:
        ftp = script.client()
        with pytest.raises(FtpUnfinishedError):
            ftp.download_tree("x", tmp_path / "copy", delete=True)
        ftp.close()
    assert [command for command in script.commands if command.startswith("LIST")] == ["LIST x"]
    assert list(tmp_path.rglob("*")) == [tmp_path / "copy"]


def test_one_name_twice_is_one_file_and_a_failure(tmp_path: Path) -> None:
    with Script({"LIST": sends(listing("a", "a").encode()), "RETR": sends(b"12345")}) as script:
        ftp = script.client()
        with pytest.raises(FtpUnfinishedError, match="are the same here") as caught:
            ftp.download_tree("", tmp_path / "copy")
        ftp.close()
    assert [type(reason) for _, reason in caught.value.report.failures] == [FtpFileError]
    assert harvest(tmp_path / "copy") == {"a": b"12345"}


@pytest.mark.skipif(sys.platform != "linux", reason="platform: file names are UTF-8")
def test_names_that_are_no_utf8_keep_their_bytes(tmp_path: Path) -> None:
    line = listing("caf").encode().replace(b"caf", b"caf\xe9")
    with Script({"LIST": sends(line + listing("b").encode()), "RETR": fails_for("b")}) as script:
        ftp = script.client()
        with pytest.raises(FtpUnfinishedError):
            ftp.download_tree("", tmp_path / "copy")
        (tmp_path / "copy/b").symlink_to("c")
        assert os.listdir(os.fsencode(tmp_path / "copy")).count(b"caf\xe9") == 1
        with pytest.raises(FtpUnfinishedError) as caught:
            ftp.upload_tree(tmp_path / "copy", "", exclude="b")
        ftp.close()
    assert [path for path, _ in caught.value.report.failures] == [b"caf\xe9"]


def test_trees_that_are_missing_are_the_errors_they_are(ftp: Ftp, tmp_path: Path) -> None:
    with pytest.raises(FtpRefusedError) as refused:
        ftp.download_tree("nowhere", tmp_path / "copy")
    assert refused.value.status == FtpResponse.FILE_UNAVAILABLE
    assert not (tmp_path / "copy").exists()
    with pytest.raises(FtpFileError) as missing:
        ftp.upload_tree(tmp_path / "nowhere", "x")
    assert (missing.value.errno, missing.value.filename) == (errno.ENOENT, str(tmp_path / "nowhere"))
    for call in (lambda: Ftp().download_tree("a", tmp_path), lambda: Ftp().upload_tree(tmp_path, "a")):
        with pytest.raises(FtpConnectionError, match="not connected"):
            call()


def test_wrong_arguments(tmp_path: Path) -> None:
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"sessions": "4"}, TypeError, "int"),
        ({"sessions": -1}, OverflowError, "from 0 to"),
        ({"include": 5}, TypeError, "patterns are a str, bytes or several of them, not int"),
        ({"exclude": ["a", 5]}, TypeError, "is a str or bytes, not int"),
        ({"exclude": "{a"}, ValueError, "the pattern"),
        ({"include": ""}, ValueError, "the pattern"),
        ({"include": "a\ud800"}, ValueError, "surrogates not allowed"),
        ({"local": 5}, TypeError, "a local path is a str, bytes or os.PathLike, not int"),
        ({"local": "a\0"}, ValueError, "NUL"),
        ({"remote": "a\r\nDELE b"}, ValueError, "command"),
    ]
    plant(tmp_path / "tree", {"a": b"12345"})
    with Script({"LIST": sends(listing("b").encode()), "RETR": sends(b"12345")}) as script:
        ftp = script.client()
        for changes, error, sentence in wrong:
            arguments: dict[str, Any] = {"remote": "x", "local": tmp_path / "tree", **changes}
            for method in (ftp.download_tree, ftp.upload_tree):
                with pytest.raises(error, match=sentence):
                    method(**arguments)
        with pytest.raises(TypeError, match="not callable"):
            ftp.download_tree("", tmp_path / "copy", progress=5)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="positional"):
            ftp.download_tree("x", tmp_path, 4)  # type: ignore[call-arg]
        assert not [command for command in script.commands if command.startswith("DELE")]
        assert ftp.keep_alive().ok
        ftp.close()


def test_a_pattern_that_raises_comes_out(tmp_path: Path) -> None:
    def patterns() -> Any:
        yield "a"
        raise KeyError("of the generator")

    with pytest.raises(KeyError, match="of the generator"):
        Ftp().download_tree("a", tmp_path, include=patterns())


LARGE = random.Random(5).randbytes(5 << 20)


def test_a_large_file_comes_in_parts(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    (site.root / "large").write_bytes(LARGE)
    os.utime(site.root / "large", (1_600_000_000, 1_600_000_000))
    told: list[tuple[int, int | None]] = []

    def note(done: int, total: int | None) -> None:
        told.append((done, total))

    response = ftp.download_segmented("large", tmp_path, progress=note, keep_time=True)
    assert type(response) is FtpTransferResponse
    assert (response.ok, response.transferred, response.path) == (True, len(LARGE), str(tmp_path / "large"))
    assert (tmp_path / "large").read_bytes() == LARGE
    assert (tmp_path / "large").stat().st_mtime == 1_600_000_000
    assert {total for _, total in told} == {len(LARGE)}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    for sessions in (0, 1, 2, 100):
        assert ftp.download_segmented("large", str(tmp_path / "again"), sessions).transferred == len(LARGE)
        assert (tmp_path / "again").read_bytes() == LARGE
    assert ftp.keep_alive().ok


def test_parts_that_cannot_be_had_are_a_response(ftp: Ftp, site: Site, tmp_path: Path) -> None:
    (site.root / "large").write_bytes(LARGE)
    assert ftp.download_segmented("missing", tmp_path).status == FtpResponse.FILE_UNAVAILABLE
    response = ftp.download_segmented("large", tmp_path / "nowhere/a")
    assert isinstance(response.error, FtpFileError)
    assert response.error.errno == errno.ENOENT
    response = ftp.download_segmented("large", tmp_path / "a", progress=lambda *_: False)
    assert isinstance(response.error, FtpCancelledError)

    def told(_done: int, _total: int | None) -> None:
        raise KeyError("from the callback")

    with pytest.raises(KeyError, match="from the callback"):
        ftp.download_segmented("large", tmp_path / "a", progress=told)
    with pytest.raises(TypeError, match="a local path is"):
        ftp.download_segmented("large", open)  # type: ignore[arg-type]
    assert ftp.keep_alive().ok
    assert [path.name for path in tmp_path.iterdir()] == ["served"]


MANY = 100_000


def test_entries_are_handed_out_as_they_come() -> None:
    seen = threading.Event()

    def answer(session: Session, _argument: str) -> None:
        half = listing(*map(str, range(MANY // 2))).encode()
        with session.data() as connection:
            connection.sendall(half)
            assert seen.wait(10), "nothing was handed out before the listing was complete"
            connection.sendall(listing(*map(str, range(MANY // 2, MANY))).encode())
        session.end("226 done")

    names: list[int] = []

    def note(entry: FtpEntry) -> None:
        assert type(entry) is FtpEntry
        names.append(int(entry.name))
        seen.set()

    with Script({"LIST": answer}) as script:
        ftp = script.client()
        ftp.each_entry(note, "folder")
        assert names == list(range(MANY))
        assert len(script.commands) == len([each for each in script.commands if each != "LIST folder"]) + 1
        ftp.close()


def test_entries_that_are_enough_end_the_listing() -> None:
    def endless(session: Session, _argument: str) -> None:
        with session.data() as connection:
            while True:
                connection.sendall(listing(*"abcdefgh").encode() * 100)
        session.end("226 done")

    def fails(_entry: FtpEntry) -> None:
        raise KeyError("from the callback")

    def interrupts(_entry: FtpEntry) -> None:
        raise KeyboardInterrupt

    with Script({"LIST": endless}) as script:
        ftp = script.client()
        with pytest.raises(FtpCancelledError):
            ftp.each_entry(lambda entry: entry.name != "h")
        with pytest.raises(KeyError, match="from the callback"):
            ftp.each_entry(fails)
        with pytest.raises(KeyboardInterrupt):
            ftp.each_entry(interrupts)
        with pytest.raises(FtpCancelledError):
            ftp.each_entry(lambda _: ftp.cancel())
        assert ftp.keep_alive().ok
        with pytest.raises(TypeError, match="not callable"):
            ftp.each_entry("folder")  # type: ignore[arg-type]
        ftp.close()


def test_entries_of_what_is_missing_are_refused(ftp: Ftp, site: Site) -> None:
    with pytest.raises(FtpRefusedError):
        ftp.each_entry(print, "missing")
    (site.root / "empty").mkdir()
    names: list[FtpEntry] = []
    ftp.each_entry(names.append, "empty")
    assert names == []
    with pytest.raises(FtpError):
        Ftp().each_entry(print)
