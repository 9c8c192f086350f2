"""SFML's network module for Python, on a Rust core.

This package is the name that is always ours. ``sfml.network`` and ``sfml.system`` offer the same objects
under the documented names; where another distribution owns part of ``sfml``, import from here instead.

>>> import sfml_network
>>> address = sfml_network.IpAddress.from_string("127.0.0.1")
>>> print(address)
127.0.0.1

``python -m sfml_network doctor`` tells what is installed and where each name comes from.
"""

from __future__ import annotations

from sfml_network._ftp import (
    FtpCancelledError,
    FtpConnectionError,
    FtpError,
    FtpFileError,
    FtpProtocolError,
    FtpRefusedError,
    FtpStatus,
    FtpTimeoutError,
    FtpTransferMode,
    FtpTreeProgress,
    FtpTreeReport,
    FtpUnfinishedError,
)
from sfml_network._http import HttpError, HttpMethod, HttpStatus
from sfml_network._native import (
    Ftp,
    FtpDirectoryResponse,
    FtpEntry,
    FtpListingResponse,
    FtpOptions,
    FtpResponse,
    FtpTransferResponse,
    Http,
    HttpChunks,
    HttpFields,
    HttpRequest,
    HttpRequestFields,
    HttpResponse,
    IpAddress,
    Packet,
    Socket,
    SocketOptions,
    SocketSelector,
    TcpListener,
    TcpSocket,
    UdpSocket,
    __version__,
)
from sfml_network._status import Status, TlsStatus
from sfml_network._text import Text
from sfml_network.exceptions import (
    SocketDisconnect,
    SocketDisconnected,
    SocketError,
    SocketException,
    SocketNotReady,
    TlsError,
)
from sfml_network.system import Clock, Time, microseconds, milliseconds, seconds, sleep

__all__ = [
    "Clock",
    "Ftp",
    "FtpCancelledError",
    "FtpConnectionError",
    "FtpDirectoryResponse",
    "FtpEntry",
    "FtpError",
    "FtpFileError",
    "FtpListingResponse",
    "FtpOptions",
    "FtpProtocolError",
    "FtpRefusedError",
    "FtpResponse",
    "FtpStatus",
    "FtpTimeoutError",
    "FtpTransferMode",
    "FtpTransferResponse",
    "FtpTreeProgress",
    "FtpTreeReport",
    "FtpUnfinishedError",
    "Http",
    "HttpChunks",
    "HttpError",
    "HttpFields",
    "HttpMethod",
    "HttpRequest",
    "HttpRequestFields",
    "HttpResponse",
    "HttpStatus",
    "IpAddress",
    "Packet",
    "Socket",
    "SocketDisconnect",
    "SocketDisconnected",
    "SocketError",
    "SocketException",
    "SocketNotReady",
    "SocketOptions",
    "SocketSelector",
    "Status",
    "TcpListener",
    "TcpSocket",
    "Text",
    "Time",
    "TlsError",
    "TlsStatus",
    "UdpSocket",
    "__version__",
    "microseconds",
    "milliseconds",
    "seconds",
    "sleep",
]
