"""The outcome codes of a socket operation and the stages of TLS, as plain numbers with names."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Status", "TlsStatus"]


class Status(IntEnum):
    """What became of a socket operation.

    Members are integers, so code that compares with bare numbers keeps working. The same values are
    attributes of ``Socket`` (``Socket.NOT_READY``), and every exception of this package carries the one
    that fits it as ``.status``.

    >>> Status.NOT_READY == 1
    True
    >>> Status(3).name
    'DISCONNECTED'
    """

    DONE = 0
    """The operation is complete."""
    NOT_READY = 1
    """Nothing happened: the operation would have had to wait, or its time limit passed."""
    PARTIAL = 2
    """Some of the data was sent, the rest was not."""
    DISCONNECTED = 3
    """The connection is gone."""
    ERROR = 4
    """Anything else: the exception's ``errno`` and text say what."""


class TlsStatus(IntEnum):
    """How far TLS is on a `TcpSocket`, whose attribute ``tls_status`` it is; the numbers are SFML's.

    >>> TlsStatus.HANDSHAKE_COMPLETE == 2
    True
    """

    NOT_CONNECTED = 0
    """The socket is not inside TLS: it is plain, or not connected."""
    HANDSHAKE_STARTED = 1
    """The two ends still agree on keys."""
    HANDSHAKE_COMPLETE = 2
    """Data can be sent and received."""
    ERROR = 3
    """TLS has failed, or could not be set up; nothing is sent any more."""
