"""What socket operations raise.

========================  ==================  ======================================================
class                     is also a           raised when
========================  ==================  ======================================================
`SocketNotReady`          `BlockingIOError`   the call would have to wait, or its time limit passed
`SocketDisconnected`      `ConnectionError`   the peer closed or reset the connection
`SocketError`             `OSError`           anything else went wrong
`TlsError`                `SocketError`       TLS has failed, or could not be set up
========================  ==================  ======================================================

All of them are a `SocketException`, and all of them are an `OSError` through their second base, so
``except OSError`` written for the standard library's sockets catches them too. `HttpError` tells why there is no HTTP
response, or not all of it.

The classes define neither ``__new__`` nor ``__init__``: a non-blocking program may see thousands of
`SocketNotReady` per second, and creating one must cost no more than creating a `BlockingIOError`.
"""

# ruff: noqa: N818 (the names are the documented ones)

from __future__ import annotations

from errno import EWOULDBLOCK
from typing import TYPE_CHECKING, Any, ClassVar

from sfml_network._http import HttpError
from sfml_network._status import Status

__all__ = [
    "HttpError",
    "SocketDisconnect",
    "SocketDisconnected",
    "SocketError",
    "SocketException",
    "SocketNotReady",
    "TlsError",
]


class SocketException(Exception):
    """Base of everything the sockets raise.

    Built from ``(errno, sentence)``, from a sentence alone, or from nothing; ``str()`` is the sentence.

    >>> import errno
    >>> error = SocketError(errno.EADDRINUSE, "port 53000 is in use")
    >>> str(error), error.errno == errno.EADDRINUSE, error.status.name
    ('port 53000 is in use', True, 'ERROR')
    """

    status: ClassVar[Status] = Status.ERROR
    """Which outcome this exception stands for."""

    partial: bytes = b""
    """What had arrived before the failure, for calls that wait for more than one piece of data."""

    _default_sentence: ClassVar[str] = "the socket operation failed"

    if TYPE_CHECKING:
        errno: int | None
        strerror: str | None
    else:

        def __getattr__(self, name: str) -> Any:
            # The children have these two from OSError. The base answers None; defining the attributes
            # here would hide OSError's own.
            if name in ("errno", "strerror"):
                return None
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __str__(self) -> str:
        if self.strerror is not None:
            return str(self.strerror)
        return super().__str__() if self.args else self._default_sentence


class SocketNotReady(SocketException, BlockingIOError):
    """The operation would have to wait on a non-blocking socket, or its time limit passed.

    Nothing was sent, received or lost: the same call can simply be made again later. Built from nothing,
    which is the fastest, it still has the number and the sentence that go with it.

    >>> try:
    ...     raise SocketNotReady()
    ... except BlockingIOError as error:
    ...     print(error)
    the operation would have to wait
    """

    status: ClassVar[Status] = Status.NOT_READY
    _default_sentence: ClassVar[str] = "the operation would have to wait"

    if not TYPE_CHECKING:

        def _errno(self) -> int:
            given = OSError.errno.__get__(self)
            return EWOULDBLOCK if given is None else given

        def _strerror(self) -> str:
            given = OSError.strerror.__get__(self)
            return given if given is not None else self.args[0] if self.args else self._default_sentence

        errno = property(_errno, OSError.errno.__set__)
        strerror = property(_strerror, OSError.strerror.__set__)


class SocketDisconnected(SocketException, ConnectionError):
    """The peer closed or reset the connection, or the network gave it up.

    >>> issubclass(SocketDisconnected, ConnectionError)
    True
    """

    status: ClassVar[Status] = Status.DISCONNECTED
    _default_sentence: ClassVar[str] = "the connection is closed"


class SocketError(SocketException, OSError):
    """The operation failed for a reason that ``errno`` and the text tell.

    >>> str(SocketError())
    'the socket operation failed'
    """


class TlsError(SocketError):
    """TLS has failed, or could not be set up; ``str()`` says what to do about it.

    After any of these the connection is over: every later call raises the same, and nothing is sent. Only a
    ``setup_tls_`` call whose arguments could not work may be made again with others. A stream that ended without
    TLS's closing message raises `SocketDisconnected`, with a `TlsError` as its ``__cause__``.

    >>> from sfml_network import IpAddress, TcpListener, TcpSocket
    >>> with TcpListener() as listener, TcpSocket() as client:
    ...     listener.listen(0, IpAddress.LOCAL_HOST)
    ...     client.connect(IpAddress.LOCAL_HOST, listener.local_port)
    ...     with listener.accept() as server:
    ...         _ = server.send(b"SSH-2.0-example")
    ...         try:
    ...             client.setup_tls_client("localhost", verify=False)
    ...         except TlsError as error:
    ...             print(error.reason)
    not-tls
    """

    reason: str = "misbehaved"
    """What kind of failure it is.

    ==========================  =====================================================================
    ``"expired"``               the peer's certificate is no longer valid
    ``"not-yet-valid"``         it is not valid yet
    ``"wrong-host"``            it is for other names
    ``"unknown-issuer"``        no trusted authority vouches for it
    ``"self-signed"``           it vouches for itself, and was not given as one to believe
    ``"revoked"``               its authority has taken it back
    ``"bad-certificate"``       it is wrong in some other way
    ``"no-certificate"``        the peer has shown none, which is required
    ``"certificate-required"``  the peer requires one, and this end has shown none
    ``"not-tls"``               the peer speaks something else
    ``"alert"``                 the peer gave up
    ``"nothing-in-common"``     no version, cipher suite or application protocol fits both ends
    ``"truncated"``             the stream was cut
    ``"misbehaved"``            the peer broke the rules, or the bytes were changed on the way
    ``"configuration"``         the certificates, the key or the name that were given cannot work
    ==========================  =====================================================================
    """


SocketDisconnect = SocketDisconnected
"""The spelling that the reference's list of exceptions uses for `SocketDisconnected`."""
