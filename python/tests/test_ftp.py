"""`Ftp`: sessions, directories, names, and what it asks the server."""

from __future__ import annotations

import gc
import ipaddress
import weakref
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import peers
import pytest
from ftp_peers import PASSWORD, USER, Script, Site, hangs_up, sends
from peers import LOOPBACK
from sfml.network import (
    Ftp,
    FtpConnectionError,
    FtpDirectoryResponse,
    FtpListingResponse,
    FtpOptions,
    FtpRefusedError,
    FtpResponse,
    FtpTransferResponse,
    IpAddress,
)
from sfml.system import Time, milliseconds, seconds
from sfml_network import Text
from sfml_network._text import CallableText


def test_a_new_client_is_not_connected() -> None:
    ftp = Ftp()
    assert not ftp.connected
    assert repr(ftp) == "<Ftp not connected>"


UNCONNECTED = {
    "disconnect": lambda ftp: ftp.disconnect(),
    "reconnect": lambda ftp: ftp.reconnect(),
    "login": lambda ftp: ftp.login("ada", "x"),
    "login as a guest": lambda ftp: ftp.login(),
    "keep_alive": lambda ftp: ftp.keep_alive(),
    "get_working_directory": lambda ftp: ftp.get_working_directory(),
    "get_directory_listing": lambda ftp: ftp.get_directory_listing(),
    "change_directory": lambda ftp: ftp.change_directory("a"),
    "parent_directory": lambda ftp: ftp.parent_directory(),
    "create_directory": lambda ftp: ftp.create_directory("a"),
    "delete_directory": lambda ftp: ftp.delete_directory("a"),
    "rename_file": lambda ftp: ftp.rename_file("a", "b"),
    "delete_file": lambda ftp: ftp.delete_file("a"),
    "download_segmented": lambda ftp: ftp.download_segmented("a", "b"),
    "send_command": lambda ftp: ftp.send_command("NOOP"),
}


@pytest.mark.parametrize("name", UNCONNECTED)
def test_without_a_connection_the_response_says_so(name: str) -> None:
    response = UNCONNECTED[name](Ftp())
    assert (response.status, response.message) == (FtpResponse.CONNECTION_CLOSED, "")
    assert isinstance(response.error, FtpConnectionError)
    assert "not connected" in str(response.error)


@pytest.mark.parametrize(
    "address", [LOOPBACK, IpAddress.LOCAL_HOST, ipaddress.IPv4Address(LOOPBACK), "localhost"], ids=str
)
def test_each_kind_of_address_connects(site: Site, address: Any) -> None:
    with Ftp() as ftp:
        response = ftp.connect(address, site.port, 5)
        assert (response.status, response.message) == (FtpResponse.SERVICE_READY, "ready for the tests")
        assert ftp.connected
        assert repr(ftp) == "<Ftp connected>"


@pytest.mark.parametrize("limit", [None, 0, 5, 5.0, seconds(5), Time.ZERO, timedelta(seconds=5)], ids=repr)
def test_each_kind_of_limit_connects(site: Site, limit: Any) -> None:
    with Ftp() as ftp:
        assert ftp.connect(LOOPBACK, site.port, limit).ok


def test_a_connect_that_takes_too_long_is_given_up() -> None:
    with peers.unanswered_port() as port:
        response = Ftp().connect(LOOPBACK, port, milliseconds(50))
        assert response.status == FtpResponse.CONNECTION_FAILED
        assert isinstance(response.error, FtpConnectionError)


def test_the_invalid_address_is_no_server() -> None:
    response = Ftp().connect(IpAddress.NONE)
    assert response.status == FtpResponse.CONNECTION_FAILED
    assert "NONE" in str(response.error)


def test_a_name_nobody_has_is_no_server() -> None:
    response = Ftp().connect("no-such-host.invalid", timeout=5)
    assert response.status == FtpResponse.CONNECTION_FAILED


def test_connecting_again_closes_the_first_session(site: Site) -> None:
    with Script({"NOOP": "200 the second"}) as script:
        ftp = site.client()
        assert ftp.connect(LOOPBACK, script.port).ok
        assert ftp.keep_alive().message == "the second"
        with peers.refusing_port() as port:
            assert not ftp.connect(LOOPBACK, port).ok
        assert not ftp.connected
        assert ftp.keep_alive().status == FtpResponse.CONNECTION_CLOSED


def test_login_and_its_refusal(site: Site) -> None:
    ftp = Ftp()
    ftp.connect(LOOPBACK, site.port)
    assert ftp.login(USER, "wrong").status == FtpResponse.NOT_LOGGED_IN
    assert ftp.login(USER, PASSWORD).status == FtpResponse.LOGGED_IN
    ftp.disconnect()


def test_login_as_a_guest_and_with_an_account() -> None:
    with Script({"PASS": "332 and the account?", "ACCT": "230 welcome"}) as script:
        ftp = script.client()
        assert ftp.login("ada", "secret", account="office").ok
        assert script.commands == ["USER ada", "PASS secret", "ACCT office"]
        script.answers["PASS"] = "230 welcome"
        assert ftp.login().ok
        assert script.commands[3:] == ["USER anonymous", "PASS anonymous@"]
        ftp.close()


def test_no_secret_is_shown() -> None:
    with Script({"PASS": hangs_up}) as script:
        ftp = script.client()
        response = ftp.login("ada", "opensesame", account="vault")
        shown = f"{ftp!r} {response!r} {response.error!r} {response.error}"
        assert "PASS" in shown
        assert "opensesame" not in shown
        assert "vault" not in shown


def test_directories(ftp: Ftp, site: Site) -> None:
    response = ftp.create_directory("new")
    assert isinstance(response, FtpDirectoryResponse)
    assert (response.status, response.directory) == (FtpResponse.DIRECTORY_OK, "/new")
    assert ftp.change_directory("new").ok
    assert ftp.get_working_directory().directory == "/new"
    assert ftp.parent_directory().ok
    assert ftp.get_working_directory().directory == "/"
    assert (site.root / "new").is_dir()
    assert ftp.delete_directory("new").ok
    assert not (site.root / "new").exists()
    assert ftp.change_directory("new").status == FtpResponse.FILE_UNAVAILABLE


def test_the_directory_is_text_that_may_be_called() -> None:
    with Script({"PWD": '257 "/a ""b"" c" is where you are'}) as script:
        ftp = script.client()
        response = ftp.get_working_directory()
        assert type(response.get_directory) is CallableText
        assert f"{response.get_directory}" == response.get_directory() == response.directory == '/a "b" c'
        assert type(response.get_directory()) is type(response.directory) is Text
        assert response.get_directory() == b'/a "b" c'
        ftp.close()
    failed = Ftp().get_working_directory()
    assert failed.get_directory() == b"" == failed.get_directory


def test_files_are_renamed_and_deleted(ftp: Ftp, site: Site) -> None:
    (site.root / "old name").write_bytes(b"x")
    assert ftp.rename_file("old name", "new name").ok
    assert (site.root / "new name").exists()
    assert ftp.delete_file("new name").ok
    assert list(site.root.iterdir()) == []
    assert ftp.rename_file("old name", "new name").status == FtpResponse.FILE_UNAVAILABLE


def test_names_in_a_directory(ftp: Ftp, site: Site) -> None:
    assert ftp.get_directory_listing().filenames == ()
    names = {"plain", "with blank", "zwölf", "-dash", "a'b\"c"}
    for name in names:
        (site.root / name).touch()
    response = ftp.get_directory_listing()
    assert isinstance(response, FtpListingResponse)
    assert set(response.filenames) == names
    assert response.get_filenames() is response.filenames
    assert all(type(name) is Text for name in response.filenames)
    assert set(ftp.get_directory_listing("/").filenames) == names
    missing = ftp.get_directory_listing("missing")
    assert (missing.ok, missing.filenames) == (False, ())


def test_names_that_are_no_utf8_can_be_given_back() -> None:
    with Script({"NLST": sends(b"caf\xe9\r\nplain\nlast"), "DELE": "250 gone"}) as script:
        ftp = script.client()
        first, *others = ftp.get_directory_listing().filenames
        assert (first, others) == ("caf\udce9", ["plain", "last"])
        assert ftp.delete_file(first).ok
        assert ftp.delete_file(b"caf\xe9").ok
        assert script.commands[-1] == script.commands[-2] == "DELE caf\udce9"
        ftp.close()


def test_entries_tell_what_they_are(ftp: Ftp, site: Site) -> None:
    (site.root / "folder").mkdir()
    (site.root / "file").write_bytes(b"12345")
    file, folder = sorted(ftp.entries(), key=lambda entry: entry.name)
    assert (file.name, file.kind, file.size) == ("file", "file", 5)
    assert (file.is_file, file.is_dir, file.is_link) == (True, False, False)
    assert (folder.kind, folder.is_dir, folder.is_file) == ("directory", True, False)
    assert file.modified is not None
    assert file.modified.tzinfo is UTC
    assert abs(datetime.now(UTC) - file.modified) < timedelta(minutes=5)
    assert file.owner is None
    assert "FtpEntry file 'file' 5 bytes" in repr(file)
    assert ftp.entries("folder") == []
    assert ftp.entry("file").size == 5


def test_entries_of_a_server_that_tells_more() -> None:
    lines = (
        b"type=file;modify=20200102030405.5;size=7;UNIX.mode=0640;UNIX.owner=ada;UNIX.group=staff; a;b\r\n"
    )
    feat = "211-I can:\r\n MLST type*;\r\n211 that is all"
    with Script({"FEAT": feat, "MLSD": sends(lines)}) as script:
        ftp = script.client()
        (entry,) = ftp.entries("there")
        assert (entry.name, entry.permissions, entry.owner, entry.group) == ("a;b", 0o640, "ada", "staff")
        assert entry.modified == datetime(2020, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)
        assert script.commands[-1] == "MLSD there"
        ftp.close()


def test_entries_of_a_server_that_only_knows_list() -> None:
    lines = (
        b"lrwxrwxrwx 1 ada staff 3 Jan 02 2020 link -> a b\r\n"
        b"-rw-r--r-- 1 ada staff 12 Jan 02 2020 caf\xe9\r\n"
    )
    with Script({"LIST": sends(lines)}) as script:
        ftp = script.client()
        link, file = ftp.entries()
        assert (link.name, link.kind, link.is_link, link.target) == ("link", "link", True, "a b")
        assert (file.owner, file.group, file.permissions) == ("ada", "staff", 0o644)
        assert file.name == b"caf\xe9"
        assert file.modified == datetime(2020, 1, 2)
        ftp.close()


def test_size_and_time_of_a_file(ftp: Ftp, site: Site) -> None:
    (site.root / "file").write_bytes(bytes(1234))
    assert ftp.size("file") == 1234
    then = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    for time in (then, then.astimezone(), then.astimezone().replace(tzinfo=None), 10**9, 1e9 + 0.5):
        ftp.set_modified("file", 0)
        ftp.set_modified("file", time)
        assert ftp.modified("file") == then
        assert (site.root / "file").stat().st_mtime == 10**9
    assert ftp.modified("file").tzinfo is UTC


def test_what_returns_a_value_raises_what_went_wrong(ftp: Ftp) -> None:
    calls = [
        lambda: ftp.size("missing"),
        lambda: ftp.modified("missing"),
        lambda: ftp.set_modified("missing", 0),
        lambda: ftp.entry("missing"),
        lambda: ftp.entries("missing"),
    ]
    for call in calls:
        with pytest.raises(FtpRefusedError) as caught:
            call()
        assert caught.value.status == FtpResponse.FILE_UNAVAILABLE
        assert caught.value.response is not None
    with pytest.raises(FtpConnectionError, match="not connected"):
        Ftp().entries()


def test_features() -> None:
    feat = "211-I can:\r\n MLST size*;modify*;\r\n AUTH TLS\r\n AUTH SSL\r\n UTF8\r\n211 that is all"
    with Script({"FEAT": feat, "OPTS": "200 yes"}) as script:
        ftp = script.client()
        features = ftp.features()
        assert features == {"MLST": "size*;modify*;", "AUTH": "TLS\nSSL", "UTF8": ""}
        ftp.close()
    with Script() as script:
        ftp = script.client()
        assert ftp.features() == {}
        ftp.close()


def test_commands_of_ones_own(ftp: Ftp) -> None:
    assert ftp.send_command("NOOP").ok
    assert ftp.send_command("noop").ok
    assert ftp.send_command("SITE", "HELP").status == FtpResponse.HELP_MESSAGE
    assert ftp.send_command("NONSENSE").status == FtpResponse.COMMAND_UNKNOWN
    with pytest.raises(ValueError, match="moves data"):
        ftp.send_command("RETR", "x")


def test_paths_of_every_kind(ftp: Ftp, site: Site) -> None:
    for path in ("a", b"b", PurePosixPath("c")):
        assert ftp.create_directory(path).ok
    assert {each.name for each in site.root.iterdir()} == {"a", "b", "c"}


def test_disconnect_says_good_bye() -> None:
    with Script() as script:
        ftp = script.client()
        assert ftp.disconnect().status == FtpResponse.CLOSING_CONNECTION
        assert script.commands == ["QUIT"]
        assert not ftp.connected
        assert ftp.disconnect().status == FtpResponse.CONNECTION_CLOSED


def test_disconnect_closes_whatever_the_server_answers() -> None:
    with Script({"QUIT": "500 no"}) as script:
        ftp = script.client()
        assert ftp.disconnect().status == FtpResponse.COMMAND_UNKNOWN
        assert not ftp.connected


def test_the_block_says_good_bye_and_not_when_it_fails() -> None:
    with Script() as script:
        with script.client() as ftp:
            assert ftp.connected
        assert not ftp.connected
        assert script.commands == ["QUIT"]
    with Script({"QUIT": None}) as script:
        with pytest.raises(ZeroDivisionError), script.client() as ftp:
            1 / 0  # noqa: B018
        assert not ftp.connected
        assert script.commands == []
    with Ftp() as ftp:
        pass


def test_one_that_is_destroyed_closes_its_connection_without_a_word() -> None:
    with Script({"QUIT": None}) as script:
        ftp = script.client()
        gone = weakref.ref(ftp)
        del ftp
        gc.collect()
        assert gone() is None
        # Leaving the block would fail if the server still had a client.
        script.until_left()
        assert script.commands == []


def test_reconnect_goes_back_to_where_it_was() -> None:
    with Script({"NOOP": "421 too late"}) as script:
        ftp = script.client()
        ftp.login("ada", "x")
        ftp.change_directory("a")
        assert not ftp.keep_alive().ok
        script.commands.clear()
        assert ftp.reconnect().ok
        assert ftp.connected
        assert script.commands == ["USER ada", "PASS x", "CWD a"]
        ftp.close()


def test_reconnect_after_a_connect_that_failed() -> None:
    ftp = Ftp()
    with peers.refusing_port() as port:
        ftp.connect(LOOPBACK, port)
        assert ftp.reconnect().status == FtpResponse.CONNECTION_FAILED


def test_options_are_keywords_and_attributes() -> None:
    ftp = Ftp(
        connect_timeout=1, active=True, active_ports=(4000, 4010), rate=100, retries=2, passive_host="fix"
    )
    options = ftp.options
    assert type(options) is FtpOptions
    assert options.connect_timeout == timedelta(seconds=1)
    assert (options.active, options.active_ports, options.rate, options.retries) == (
        True,
        (4000, 4010),
        100,
        2,
    )
    assert (options.passive_host, options.active_address) == ("fix", None)
    options.active_address = "192.0.2.1"
    assert ftp.options.active_address == IpAddress("192.0.2.1")
    for limit in (5, 5.0, seconds(5), timedelta(seconds=5)):
        options.data_timeout = limit
        assert ftp.options.data_timeout == timedelta(seconds=5)
    for nothing in (None, 0, Time.ZERO, float("inf")):
        options.control_timeout = options.data_timeout = options.noop_interval = nothing
        assert options.control_timeout is options.data_timeout is options.noop_interval is None
    assert options.low_speed == (100, timedelta(seconds=60))
    options.low_speed = (50, seconds(2))
    assert ftp.options.low_speed == (50, timedelta(seconds=2))
    assert Ftp(low_speed=(1, 0.5)).options.low_speed == (1, timedelta(seconds=0.5))
    for never in (None, (0, 1), (1, 0)):
        options.low_speed = never
        assert options.low_speed is None
    options.rate = None
    assert options.rate is None
    options.retry_delay = 0.5
    assert options.retry_delay == timedelta(seconds=0.5)


def test_options_that_make_no_sense() -> None:
    with pytest.raises(TypeError, match='no option "nonsense"'):
        Ftp(nonsense=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no option"):
        Ftp(__class__=1)  # type: ignore[call-arg]
    options = Ftp().options
    wrong: list[tuple[str, Any, type[Exception]]] = [
        ("data_timeout", -1, ValueError),
        ("data_timeout", "5", TypeError),
        ("passive_host", "nobody", ValueError),
        ("active_ports", (2, 1), ValueError),
        ("active_ports", (0, 1), ValueError),
        ("active_ports", (1, 65536), OverflowError),
        ("active_address", "no-address", ValueError),
        ("low_speed", 5, TypeError),
        ("low_speed", (5, None), TypeError),
        ("low_speed", (-5, 1), OverflowError),
        ("low_speed", (5, -1), ValueError),
        ("low_speed", (5, 1, 1), ValueError),
        ("rate", -1, OverflowError),
        ("retries", -1, OverflowError),
        ("retry_delay", None, TypeError),
    ]
    for name, value, error in wrong:
        with pytest.raises(error):
            setattr(options, name, value)
        with pytest.raises(error):
            Ftp(**{name: value})


def test_a_limit_that_is_changed_counts_from_the_next_call_on() -> None:
    with Script({"NOOP": None}) as script:
        ftp = script.client()
        ftp.options.control_timeout = 0.05
        assert ftp.keep_alive().status == FtpResponse.CONNECTION_CLOSED


def test_active_mode_moves_data(site: Site) -> None:
    (site.root / "file").touch()
    ftp = site.client(active=True)
    assert ftp.get_directory_listing().filenames == ("file",)
    ftp.options.active = False
    assert ftp.get_directory_listing().filenames == ("file",)
    ftp.close()


def test_a_subclass_has_its_own_beginning(site: Site) -> None:
    class Home(Ftp):
        def __init__(self, port: int) -> None:
            super().__init__(data_timeout=7)
            self.connect(LOOPBACK, port).raise_for_status()

    home = Home(site.port)
    assert home.connected
    assert home.options.data_timeout == timedelta(seconds=7)
    assert repr(home) == "<Home connected>"
    home.close()


def test_the_types_of_the_responses(ftp: Ftp) -> None:
    assert type(ftp.keep_alive()) is FtpResponse
    assert type(ftp.download("missing", "")) is FtpTransferResponse
    assert isinstance(ftp.get_working_directory(), FtpResponse)
