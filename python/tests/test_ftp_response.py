"""`FtpResponse` and its children, the statuses, and the exceptions that tell why a call failed."""

from __future__ import annotations

import copy
import doctest
import errno
import pickle
from pathlib import Path

import peers
import pytest
import sfml_network._ftp
from ftp_peers import Script, hangs_up, sends
from peers import LOOPBACK
from sfml.network import (
    Ftp,
    FtpConnectionError,
    FtpDirectoryResponse,
    FtpError,
    FtpFileError,
    FtpListingResponse,
    FtpProtocolError,
    FtpRefusedError,
    FtpResponse,
    FtpStatus,
    FtpTimeoutError,
    FtpTransferMode,
    FtpTransferResponse,
)
from sfml_network import Text

# The table of the documentation, number by number.
DOCUMENTED = {
    "RESTART_MARKER_REPLY": 110,
    "SERVICE_READY_SOON": 120,
    "DATA_CONNECTION_ALREADY_OPENED": 125,
    "OPENING_DATA_CONNECTION": 150,
    "OK": 200,
    "POINTLESS_COMMAND": 202,
    "SYSTEM_STATUS": 211,
    "DIRECTORY_STATUS": 212,
    "FILE_STATUS": 213,
    "HELP_MESSAGE": 214,
    "SYSTEM_TYPE": 215,
    "SERVICE_READY": 220,
    "CLOSING_CONNECTION": 221,
    "DATA_CONNECTION_OPENED": 225,
    "CLOSING_DATA_CONNECTION": 226,
    "ENTERING_PASSIVE_MODE": 227,
    "LOGGED_IN": 230,
    "FILE_ACTION_OK": 250,
    "DIRECTORY_OK": 257,
    "NEED_PASSWORD": 331,
    "NEED_ACCOUNT_TO_LOG_IN": 332,
    "NEED_INFORMATION": 350,
    "SERVICE_UNAVAILABLE": 421,
    "DATA_CONNECTION_UNAVAILABLE": 425,
    "TRANSFER_ABORTED": 426,
    "FILE_ACTION_ABORTED": 450,
    "LOCAL_ERROR": 451,
    "INSUFFICIENT_STORAGE_SPACE": 452,
    "COMMAND_UNKNOWN": 500,
    "PARAMETERS_UNKNOWN": 501,
    "COMMAND_NOT_IMPLEMENTED": 502,
    "BAD_COMMAND_SEQUENCE": 503,
    "PARAMETER_NOT_IMPLEMENTED": 504,
    "NOT_LOGGED_IN": 530,
    "NEED_ACCOUNT_TO_STORE": 532,
    "FILE_UNAVAILABLE": 550,
    "PAGE_TYPE_UNKNOWN": 551,
    "NOT_ENOUGH_MEMORY": 552,
    "FILENAME_NOT_ALLOWED": 553,
    "INVALID_RESPONSE": 1000,
    "CONNECTION_FAILED": 1001,
    "CONNECTION_CLOSED": 1002,
    "INVALID_FILE": 1003,
}


@pytest.mark.parametrize(("name", "code"), DOCUMENTED.items())
def test_each_status_of_the_documentation_is_there(name: str, code: int) -> None:
    assert getattr(FtpResponse, name) == code
    assert getattr(FtpResponse, name) is FtpStatus[name] is FtpStatus(code)


def test_the_documented_statuses_are_all_there_are() -> None:
    assert {status.name: int(status) for status in FtpStatus} == DOCUMENTED
    attributes = {name: value for name, value in vars(FtpResponse).items() if isinstance(value, FtpStatus)}
    assert attributes == DOCUMENTED


def test_transfer_modes_are_numbers() -> None:
    assert [Ftp.BINARY, Ftp.ASCII, Ftp.EBCDIC] == [0, 1, 2] == list(FtpTransferMode)


@pytest.mark.parametrize(
    ("code", "ok"),
    [(110, True), (200, True), (331, True), (399, True), (400, False), (421, False), (500, False)]
    + [(code, False) for code in (1000, 1001, 1002, 1003)],
)
def test_ok_is_below_400(code: int, ok: bool) -> None:
    assert FtpResponse(code).ok is ok


def test_a_new_response_is_an_invalid_one() -> None:
    response = FtpResponse()
    assert response.status == FtpResponse.INVALID_RESPONSE
    assert response.message == "" == response.message
    assert response.message == b""
    assert not response.ok
    assert isinstance(response.error, FtpProtocolError)


@pytest.mark.parametrize("cls", [FtpDirectoryResponse, FtpListingResponse, FtpTransferResponse])
def test_its_children_are_not_created(cls: type[FtpResponse]) -> None:
    with pytest.raises(NotImplementedError, match=r"returns? it"):
        cls()


def test_a_status_nobody_has_named_is_a_plain_number() -> None:
    assert type(FtpResponse(299).status) is int
    assert FtpResponse(299).status == 299
    assert type(FtpResponse(226).status) is FtpStatus
    with pytest.raises(OverflowError, match="0 to 65535"):
        FtpResponse(65536)


def test_the_message_is_text_without_the_code() -> None:
    with Script(
        {"NOOP": "200 still here", "STAT": b"211-first\r\n211-second\r\n  third\r\n211 last\r\n"}
    ) as script:
        ftp = script.client()
        response = ftp.keep_alive()
        assert (type(response.message), response.message) == (Text, "still here")
        assert response.message == b"still here"
        assert ftp.send_command("STAT").message.split("\n") == ["first", "second", "  third", "last"]
        assert repr(response) == "<FtpResponse 200 still here>"
        ftp.close()


def test_words_that_are_no_utf8_come_back_as_they_were() -> None:
    with Script({"NOOP": b"200 caf\xe9\r\n"}) as script:
        ftp = script.client()
        message = ftp.keep_alive().message
        assert message == "caf\udce9"
        assert message == b"caf\xe9"
        assert message.decode("latin-1") == "café"
        ftp.close()


def test_success_has_no_error_and_nothing_to_raise() -> None:
    with Script() as script:
        ftp = script.client()
        response = ftp.keep_alive()
        assert response.error is None
        assert response.raise_for_status() is response
        ftp.close()


def test_a_refusal_carries_the_servers_words() -> None:
    with Script({"DELE": "550 not yours", "RMD": "450 busy"}) as script:
        ftp = script.client()
        response = ftp.delete_file("x")
        assert (response.status, response.message) == (FtpResponse.FILE_UNAVAILABLE, "not yours")
        with pytest.raises(FtpRefusedError, match="DELE x was refused: 550 not yours") as caught:
            response.raise_for_status()
        assert caught.value.status == 550
        assert caught.value.response is response
        assert caught.value.errno is None
        assert not caught.value.is_transient
        busy = ftp.delete_directory("x").error
        assert isinstance(busy, FtpRefusedError)
        assert busy.is_transient
        ftp.close()


def test_an_account_that_is_asked_for_is_no_failure_by_its_number_but_by_its_error() -> None:
    with Script({"USER": "332 and the account?"}) as script:
        ftp = script.client()
        response = ftp.login("ada", "x")
        assert (response.ok, response.status) == (True, FtpResponse.NEED_ACCOUNT_TO_LOG_IN)
        with pytest.raises(FtpRefusedError):
            response.raise_for_status()
        ftp.close()


def test_no_connection_is_a_connection_error_with_its_cause() -> None:
    with peers.refusing_port() as port:
        response = Ftp().connect(LOOPBACK, port)
    assert (response.status, response.message) == (FtpResponse.CONNECTION_FAILED, "")
    error = response.error
    assert isinstance(error, FtpConnectionError)
    assert isinstance(error, ConnectionError)
    assert error.errno == errno.ECONNREFUSED
    assert isinstance(error.__cause__, OSError)
    assert str(port) in str(error)
    assert "refused" in str(error)


def test_a_server_that_hangs_up_has_closed_the_connection() -> None:
    with Script({"NOOP": hangs_up}) as script:
        ftp = script.client()
        response = ftp.keep_alive()
        assert (response.status, response.message) == (FtpResponse.CONNECTION_CLOSED, "")
        assert isinstance(response.error, FtpConnectionError)
        assert "NOOP" in str(response.error)
        assert not ftp.connected
        assert ftp.keep_alive().status == FtpResponse.CONNECTION_CLOSED


def test_a_good_bye_is_told_in_the_servers_words() -> None:
    with Script({"NOOP": "421 too late"}) as script:
        ftp = script.client()
        response = ftp.keep_alive()
        assert (response.status, response.message) == (421, "too late")
        assert isinstance(response.error, FtpConnectionError)
        assert not ftp.connected


def test_silence_is_a_timeout() -> None:
    with Script({"NOOP": None}) as script:
        ftp = script.client(control_timeout=0.05)
        response = ftp.keep_alive()
        assert (response.status, response.message) == (FtpResponse.CONNECTION_CLOSED, "")
        error = response.error
        assert isinstance(error, FtpTimeoutError)
        assert isinstance(error, TimeoutError)
        assert "reply to NOOP" in str(error)


def test_nonsense_is_a_protocol_error() -> None:
    with Script({"NOOP": "what do you mean"}) as script:
        ftp = script.client()
        response = ftp.keep_alive()
        assert (response.status, response.message) == (FtpResponse.INVALID_RESPONSE, "")
        assert isinstance(response.error, FtpProtocolError)
        assert not ftp.connected


@pytest.mark.parametrize("data", [b"12345", b"123456789012345"], ids=["less", "more"])
def test_a_download_of_another_size_than_the_files_is_a_protocol_error(tmp_path: Path, data: bytes) -> None:
    with Script({"SIZE": "213 10", "RETR": sends(data)}) as script:
        ftp = script.client()
        response = ftp.download("x", tmp_path)
        assert response.status == FtpResponse.INVALID_RESPONSE
        assert isinstance(response.error, FtpProtocolError)
        assert f"{len(data)} bytes were transferred of a file of 10" in str(response.error)
        assert list(tmp_path.iterdir()) == []
        assert ftp.keep_alive().ok
        ftp.close()


def test_a_local_file_is_named_with_its_errno(tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    with Script() as script:
        ftp = script.client()
        response = ftp.upload(missing, "")
        assert (response.status, response.message) == (FtpResponse.INVALID_FILE, "")
        error = response.error
        assert isinstance(error, FtpFileError)
        assert isinstance(error, OSError)
        assert (error.errno, error.filename) == (errno.ENOENT, str(missing))
        assert isinstance(error.__cause__, FileNotFoundError)
        assert str(missing) in str(error)
        assert script.commands == []
        ftp.close()


def test_a_response_made_by_hand_has_the_error_of_its_status() -> None:
    made: dict[int, type[FtpError]] = {
        550: FtpRefusedError,
        1000: FtpProtocolError,
        1001: FtpConnectionError,
        1002: FtpConnectionError,
        1003: FtpFileError,
        1999: FtpRefusedError,
    }
    for status, cls in made.items():
        error = FtpResponse(status, "words").error
        assert type(error) is cls
        assert "words" in str(error)
    assert FtpResponse(200, "words").error is None


@pytest.mark.parametrize("name", sfml_network._ftp.__all__)
def test_each_exception_is_an_ftp_error(name: str) -> None:
    cls = getattr(sfml_network._ftp, name)
    if issubclass(cls, Exception):
        assert issubclass(cls, FtpError)
        error = cls("only words")
        assert (str(error), error.errno, error.response) == ("only words", None, None)
        assert error.status == FtpResponse.INVALID_RESPONSE
        with pytest.raises(AttributeError, match="nonsense"):
            error.nonsense  # noqa: B018


def test_copies_and_what_other_processes_get() -> None:
    response = Ftp().get_working_directory()
    assert copy.copy(response) is copy.deepcopy(response) is response
    twin = pickle.loads(pickle.dumps(response))
    assert (type(twin), twin.status, twin.message) == (FtpResponse, response.status, response.message)
    error = response.error
    assert error is not None
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.status) == (type(error), str(error), error.status)


def test_docstring_examples_run() -> None:
    result = doctest.testmod(sfml_network._ftp)
    assert (result.failed, result.attempted > 3) == (0, True)
