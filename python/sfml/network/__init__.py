"""``sfml.network``: the documented name for what lives in `sfml_network`.

>>> import sfml
>>> sfml.network.Socket.ANY_PORT
0

A folder and not a file on purpose: beside pySFML's extension module of the same name, Python takes the
folder.
"""

from __future__ import annotations

from sfml_network import (
    Ftp,
    FtpCancelledError,
    FtpConnectionError,
    FtpDirectoryResponse,
    FtpEntry,
    FtpError,
    FtpFileError,
    FtpListingResponse,
    FtpOptions,
    FtpProtocolError,
    FtpRefusedError,
    FtpResponse,
    FtpStatus,
    FtpTimeoutError,
    FtpTransferMode,
    FtpTransferResponse,
    FtpTreeProgress,
    FtpTreeReport,
    FtpUnfinishedError,
    IpAddress,
    Packet,
    Socket,
    SocketDisconnect,
    SocketDisconnected,
    SocketError,
    SocketException,
    SocketNotReady,
    SocketOptions,
    SocketSelector,
    Status,
    TcpListener,
    TcpSocket,
    UdpSocket,
)

__all__ = [
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
    "UdpSocket",
]
