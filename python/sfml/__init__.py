"""The names of the SFML documentation: ``sfml.network``, ``sfml.system``, and each of their names directly.

>>> import sfml
>>> sfml.TcpSocket is sfml.network.TcpSocket
True
>>> sfml.system.seconds(2) == sfml.seconds(2)
True

pySFML (``pip install SFML``, Debian's ``python3-sfml``) uses the same package name. Both may be installed;
the network module is ours and everything else is theirs, by three rules:

* ``sfml.network`` is imported before any other folder can offer one;
* after that our folder comes last, so that pySFML's other modules are found wherever they are;
* nothing but the network module is imported before it is asked for.

If pySFML was installed after us, its ``__init__`` has replaced this one. Then ``sfml.network`` is still ours,
and the names directly under ``sfml`` are missing; ``python -m sfml_network doctor`` tells how to repair that.
"""

from __future__ import annotations

import importlib
import os
import sys
from pkgutil import extend_path
from typing import TYPE_CHECKING, Any

from sfml import network

if TYPE_CHECKING:
    from sfml import system
    from sfml.network import *
    from sfml.system import *

_OWN_PATH = list(__path__)

__path__ = [folder for folder in extend_path(_OWN_PATH, __name__) if folder not in _OWN_PATH] + _OWN_PATH

if sys.platform == "win32":
    # pySFML's own __init__ would do this for the libraries that its wheel puts beside the package.
    for _folder in __path__:
        _libraries = os.path.join(os.path.dirname(_folder), "sfml.libs")
        if os.path.isdir(_libraries):
            os.add_dll_directory(_libraries)

_SUBMODULES = ("audio", "graphics", "sf", "system", "window")

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
    "Time",
    "TlsError",
    "TlsStatus",
    "UdpSocket",
    "microseconds",
    "milliseconds",
    "network",
    "seconds",
    "sleep",
    "system",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _SUBMODULES:
            value = _submodule(name)
        elif name in network.__all__:
            value = getattr(network, name)
        elif name.startswith("_") or not hasattr(_submodule("system"), name):
            raise AttributeError(f"module 'sfml' has no attribute {name!r}")
        else:
            value = getattr(_submodule("system"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted(
            {name for name in globals() if name.startswith("__") or name in _SUBMODULES} | {*__all__}
        )


def _submodule(name: str) -> Any:
    full_name = f"sfml.{name}"
    try:
        return importlib.import_module(full_name)
    except ModuleNotFoundError as error:
        if error.name != full_name:
            raise
        raise AttributeError(
            f"module 'sfml' has no attribute {name!r}: it is part of pySFML (pip install SFML), which is not here"
        ) from None
