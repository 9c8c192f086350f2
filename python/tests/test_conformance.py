"""`docs/conformance.md` is complete and true: every documented name is in it and in the module, with its test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sfml.network
import sfml.system

TESTS = Path(__file__).parent
PAGE = TESTS.parents[1] / "docs" / "conformance.md"

# The names that the documentation of pySFML's network module lists for sockets and FTP, and what it takes from system.
DOCUMENTED = {
    "IpAddress": [
        "NONE",
        "LOCAL_HOST",
        "BROADCAST",
        "from_string",
        "from_integer",
        "from_bytes",
        "string",
        "integer",
        "get_local_address",
        "get_public_address",
    ],
    "Socket": ["DONE", "NOT_READY", "DISCONNECTED", "ERROR", "ANY_PORT", "blocking"],
    "TcpSocket": ["local_port", "remote_address", "remote_port", "connect", "disconnect", "send", "receive"],
    "UdpSocket": ["MAX_DATAGRAM_SIZE", "local_port", "bind", "unbind", "send", "receive"],
    "TcpListener": ["local_port", "listen", "close", "accept"],
    "SocketException": [],
    "SocketNotReady": [],
    "SocketDisconnect": [],
    "SocketDisconnected": [],
    "SocketError": [],
    "SocketSelector": ["add", "remove", "clear", "wait", "is_ready"],
    "FtpResponse": [
        "RESTART_MARKER_REPLY",
        "SERVICE_READY_SOON",
        "DATA_CONNECTION_ALREADY_OPENED",
        "OPENING_DATA_CONNECTION",
        "OK",
        "POINTLESS_COMMAND",
        "SYSTEM_STATUS",
        "DIRECTORY_STATUS",
        "FILE_STATUS",
        "HELP_MESSAGE",
        "SYSTEM_TYPE",
        "SERVICE_READY",
        "CLOSING_CONNECTION",
        "DATA_CONNECTION_OPENED",
        "CLOSING_DATA_CONNECTION",
        "ENTERING_PASSIVE_MODE",
        "LOGGED_IN",
        "FILE_ACTION_OK",
        "DIRECTORY_OK",
        "NEED_PASSWORD",
        "NEED_ACCOUNT_TO_LOG_IN",
        "NEED_INFORMATION",
        "SERVICE_UNAVAILABLE",
        "DATA_CONNECTION_UNAVAILABLE",
        "TRANSFER_ABORTED",
        "FILE_ACTION_ABORTED",
        "LOCAL_ERROR",
        "INSUFFICIENT_STORAGE_SPACE",
        "COMMAND_UNKNOWN",
        "PARAMETERS_UNKNOWN",
        "COMMAND_NOT_IMPLEMENTED",
        "BAD_COMMAND_SEQUENCE",
        "PARAMETER_NOT_IMPLEMENTED",
        "NOT_LOGGED_IN",
        "NEED_ACCOUNT_TO_STORE",
        "FILE_UNAVAILABLE",
        "PAGE_TYPE_UNKNOWN",
        "NOT_ENOUGH_MEMORY",
        "FILENAME_NOT_ALLOWED",
        "INVALID_RESPONSE",
        "CONNECTION_FAILED",
        "CONNECTION_CLOSED",
        "INVALID_FILE",
        "ok",
        "status",
        "message",
    ],
    "FtpDirectoryResponse": ["get_directory"],
    "FtpListingResponse": ["get_filenames"],
    "Ftp": [
        "BINARY",
        "ASCII",
        "EBCDIC",
        "connect",
        "disconnect",
        "login",
        "keep_alive",
        "get_working_directory",
        "get_directory_listing",
        "change_directory",
        "parent_directory",
        "create_directory",
        "delete_directory",
        "rename_file",
        "delete_file",
        "download",
        "upload",
    ],
    "HttpRequest": ["GET", "POST", "HEAD", "field", "method", "uri", "http_version", "body"],
    "HttpResponse": [
        "OK",
        "CREATED",
        "ACCEPTED",
        "NO_CONTENT",
        "RESET_CONTENT",
        "PARTIAL_CONTENT",
        "MULTIPLE_CHOICES",
        "MOVED_PERMANENTLY",
        "MOVED_TEMPORARILY",
        "NOT_MODIFIED",
        "BAD_REQUEST",
        "UNAUTHORIZED",
        "FORBIDDEN",
        "NOT_FOUND",
        "RANGE_NOT_SATISFIABLE",
        "INTERNAL_SERVER_ERROR",
        "NOT_IMPLEMENTED",
        "BAD_GATEWAY",
        "SERVICE_NOT_AVAILABLE",
        "GATEWAY_TIMEOUT",
        "VERSION_NOT_SUPPORTED",
        "INVALID_RESPONSE",
        "CONNECTION_FAILED",
        "field",
        "status",
        "major_http_version",
        "minor_http_version",
        "body",
    ],
    "Http": ["send_request"],
    "Time": ["ZERO"],
    "seconds": [],
    "milliseconds": [],
    "microseconds": [],
}
NAMES = [
    name for owner, members in DOCUMENTED.items() for name in (owner, *(f"{owner}.{m}" for m in members))
]


def rows() -> Iterator[list[str]]:
    """The cells of every row of every table, without their headings."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def names_in_the_table() -> list[str]:
    return [match[1] for cells in rows() if (match := re.fullmatch(r"`([\w.]+)`", cells[0]))]


def named_tests() -> list[str]:
    return [cells[-1].strip("`") for cells in rows() if cells[-1] != "Shown by"]


def existing_tests(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_the_table_has_every_documented_name_and_no_other() -> None:
    assert names_in_the_table() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_name_exists(name: str) -> None:
    owner, _, member = name.partition(".")
    module = sfml.network if hasattr(sfml.network, owner) else sfml.system
    assert hasattr(module, owner)
    assert not member or hasattr(getattr(module, owner), member)
    assert hasattr(sfml, owner)


def test_every_named_test_exists() -> None:
    assert len(named_tests()) > len(NAMES)
    for named in named_tests():
        file, separator, test = named.partition("::")
        assert separator, f"{named!r} is not file::test"
        assert test in existing_tests(TESTS / file), f"{named} does not exist"


def test_the_page_says_whom_the_public_address_is_asked_of() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "`get_public_address` asks" in page
