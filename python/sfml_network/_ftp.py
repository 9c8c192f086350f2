"""The parts of FTP that are plain Python: statuses, transfer modes, and what a failed call raises.

======================  ===================  ========================================================
class                   is also a            stands for
======================  ===================  ========================================================
`FtpRefusedError`                            the server has refused a command
`FtpConnectionError`    `ConnectionError`    no connection, to the server or for the data, or no more
`FtpTimeoutError`       `TimeoutError`       something did not happen in the time allowed
`FtpProtocolError`                           the server broke the protocol, or a transfer came out short
`FtpFileError`          `OSError`            a file of this computer could not be used
`FtpCancelledError`                          the call was cancelled
`FtpUnfinishedError`                         of a tree something failed, and the rest was transferred
======================  ===================  ========================================================

All are an `FtpError`. The documented methods of `Ftp` return them as ``response.error`` and raise none; with
``response.raise_for_status()``, and from the methods that return no response, they are raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sfml_network._native import FtpResponse
    from sfml_network._text import Text

__all__ = [
    "FtpCancelledError",
    "FtpConnectionError",
    "FtpError",
    "FtpFileError",
    "FtpProtocolError",
    "FtpRefusedError",
    "FtpStatus",
    "FtpTimeoutError",
    "FtpTransferMode",
    "FtpTreeProgress",
    "FtpTreeReport",
    "FtpUnfinishedError",
]


class FtpStatus(IntEnum):
    """The statuses of responses that have a name; each is an attribute of `FtpResponse`, too.

    Those up to 999 are the server's, the others are ours.

    >>> FtpStatus(226).name, FtpStatus.INVALID_FILE == 1003
    ('CLOSING_DATA_CONNECTION', True)
    """

    RESTART_MARKER_REPLY = 110
    """A place from which the transfer could be restarted (RFC 959, block mode)."""
    SERVICE_READY_SOON = 120
    """The service will be ready in some minutes; the greeting proper follows."""
    DATA_CONNECTION_ALREADY_OPENED = 125
    """The data connection is open already, the transfer begins."""
    OPENING_DATA_CONNECTION = 150
    """The file is there, the data connection is about to be opened."""
    OK = 200
    """Done."""
    POINTLESS_COMMAND = 202
    """Not needed on this server, which counts as done."""
    SYSTEM_STATUS = 211
    """The state of the system, or what `FEAT` lists."""
    DIRECTORY_STATUS = 212
    """The state of a directory."""
    FILE_STATUS = 213
    """The state of a file: what `SIZE` and `MDTM` answer."""
    HELP_MESSAGE = 214
    """Help for a person."""
    SYSTEM_TYPE = 215
    """The name of the system."""
    SERVICE_READY = 220
    """Ready for a new user: the greeting."""
    CLOSING_CONNECTION = 221
    """The control connection is being closed, as asked."""
    DATA_CONNECTION_OPENED = 225
    """The data connection is open, and nothing is being transferred."""
    CLOSING_DATA_CONNECTION = 226
    """The data connection is being closed after a transfer that succeeded."""
    ENTERING_PASSIVE_MODE = 227
    """Where to connect for data."""
    LOGGED_IN = 230
    """Logged in."""
    FILE_ACTION_OK = 250
    """The file action was done."""
    DIRECTORY_OK = 257
    """A path name: of the working directory, or of one that was created."""
    NEED_PASSWORD = 331
    """The name is accepted, a password is needed."""
    NEED_ACCOUNT_TO_LOG_IN = 332
    """An account is needed to log in."""
    NEED_INFORMATION = 350
    """Accepted, another command has to follow."""
    SERVICE_UNAVAILABLE = 421
    """The service is not available, the control connection is being closed."""
    DATA_CONNECTION_UNAVAILABLE = 425
    """The data connection cannot be opened."""
    TRANSFER_ABORTED = 426
    """The transfer was given up, the data connection is closed."""
    FILE_ACTION_ABORTED = 450
    """The file is busy, or not available for now."""
    LOCAL_ERROR = 451
    """Something failed on the server's side."""
    INSUFFICIENT_STORAGE_SPACE = 452
    """There is not enough room on the server."""
    COMMAND_UNKNOWN = 500
    """The command is not known."""
    PARAMETERS_UNKNOWN = 501
    """The argument is not understood."""
    COMMAND_NOT_IMPLEMENTED = 502
    """The command is not implemented."""
    BAD_COMMAND_SEQUENCE = 503
    """The command does not fit what came before it."""
    PARAMETER_NOT_IMPLEMENTED = 504
    """The command is not implemented for this argument."""
    NOT_LOGGED_IN = 530
    """Not logged in."""
    NEED_ACCOUNT_TO_STORE = 532
    """An account is needed to store files."""
    FILE_UNAVAILABLE = 550
    """The file does not exist, or may not be used."""
    PAGE_TYPE_UNKNOWN = 551
    """The page type is not known."""
    NOT_ENOUGH_MEMORY = 552
    """There is no room left for this user or in this directory."""
    FILENAME_NOT_ALLOWED = 553
    """The file name is not allowed."""
    INVALID_RESPONSE = 1000
    """The server broke the protocol, or is no FTP server; also what a transfer that came out short is."""
    CONNECTION_FAILED = 1001
    """No connection could be made, to the server or for the data."""
    CONNECTION_CLOSED = 1002
    """There is no connection: it was never made, has ended, or was silent for too long."""
    INVALID_FILE = 1003
    """A file of this computer cannot be used, or the server's name for it is not safe."""


MEMBERS: dict[int, FtpStatus] = {int(status): status for status in FtpStatus}
"""For the extension module: the member of a number, if it has one."""


class FtpTransferMode(IntEnum):
    """How a file is represented on the way; each is an attribute of `Ftp`, too.

    >>> FtpTransferMode.ASCII == 1
    True
    """

    BINARY = 0
    """As a sequence of bytes, which arrive as they were."""
    ASCII = 1
    """As lines of text, whose ends are converted from and to those of this computer."""
    EBCDIC = 2
    """As lines of EBCDIC text, for servers that keep such files; nothing is converted here."""


@dataclass(frozen=True, slots=True)
class FtpTreeProgress:
    """How far the transfer of a tree is, as a progress callback is told.

    >>> def show(now: FtpTreeProgress) -> None:
    ...     print(f"{now.files} of {now.total_files} files, {now.bytes:,} bytes")
    >>> show(FtpTreeProgress(bytes=70_000, total_bytes=90_000, files=3, total_files=5))
    3 of 5 files, 70,000 bytes
    """

    bytes: int = 0
    """The bytes that were transferred."""
    total_bytes: int = 0
    """The bytes there are to transfer, as far as the sizes are known."""
    files: int = 0
    """The files that are done."""
    total_files: int = 0
    """The files there are to transfer; those that are the same on both sides are not among them."""


@dataclass(frozen=True, slots=True)
class FtpTreeReport:
    """What `Ftp.download_tree` or `Ftp.upload_tree` has done.

    >>> report = FtpTreeReport(files=2, bytes=5_000, unchanged=40)
    >>> report.files + report.unchanged, report.failures
    (42, ())
    """

    files: int = 0
    """The files that were transferred."""
    bytes: int = 0
    """Their bytes."""
    unchanged: int = 0
    """The files that were the same on both sides."""
    deleted: int = 0
    """The files and directories that were deleted, if that was asked for."""
    skipped: tuple[Text, ...] = ()
    """What was passed over because it is neither a file nor a directory: links, devices.

    Paths are below the root of the tree; bytes that are no UTF-8 are surrogate escapes.
    """
    failures: tuple[tuple[Text, FtpError], ...] = ()
    """What failed: the path below the root of the tree, and why. Empty unless an `FtpUnfinishedError` has this."""


class FtpError(Exception):
    """Base of what a failed FTP call raises; ``str()`` is a sentence, without passwords.

    >>> error = FtpFileError(2, "could not open a.txt: no such file", "a.txt")
    >>> str(error), error.errno, error.filename
    ('could not open a.txt: no such file', 2, 'a.txt')
    """

    response: FtpResponse | None = None
    """The response to the call."""

    @property
    def status(self) -> FtpStatus | int:
        """The status of the response."""
        return FtpStatus.INVALID_RESPONSE if self.response is None else self.response.status

    if TYPE_CHECKING:
        errno: int | None
        strerror: str | None
    else:

        def __getattr__(self, name: str) -> Any:
            # Half of the children have these two from OSError, which must not be hidden here.
            if name in ("errno", "strerror"):
                return None
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __str__(self) -> str:
        return super().__str__() if self.strerror is None else str(self.strerror)


class FtpRefusedError(FtpError):
    """The server has refused a command; its words are the response's `message`."""

    @property
    def is_transient(self) -> bool:
        """Whether the same may succeed later: the status is from 400 to 499."""
        return 400 <= self.status < 500


class FtpConnectionError(FtpError, ConnectionError):
    """There is no connection: none could be made, to the server or for the data, or it has ended.

    What the socket says is the ``__cause__``.
    """


class FtpTimeoutError(FtpError, TimeoutError):
    """Something did not happen in the time allowed; the sentence names what."""


class FtpProtocolError(FtpError):
    """The server broke the protocol, is no FTP server, or sent less or more than there is and called it all."""


class FtpFileError(FtpError, OSError):
    """A file of this computer could not be used: ``errno`` and ``filename`` tell, and the ``__cause__``."""


class FtpCancelledError(FtpError):
    """The call was cancelled: by `Ftp.cancel`, or by a progress callback that has returned False."""


class FtpUnfinishedError(FtpError):
    """Of a tree something could not be transferred, and the rest was; the `response` is that of the first failure.

    >>> error = FtpUnfinishedError("1 of the tree could not be transferred")
    >>> error.report.failures
    ()
    """

    report: FtpTreeReport = FtpTreeReport()
    """What was done, and as its `failures` what was not."""
