"""The parts of HTTP that are plain Python: methods, statuses, what a failed call raises, lines of a body."""

from __future__ import annotations

import codecs
import io
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfml_network._native import HttpResponse

__all__ = ["HttpError", "HttpMethod", "HttpStatus"]


class HttpMethod(IntEnum):
    """The methods with a number in SFML; each is an attribute of `HttpRequest`, too. Any other is a ``str``.

    >>> HttpMethod.POST == 1
    True
    """

    GET = 0
    """Asks for a resource."""
    POST = 1
    """Gives data to a resource."""
    HEAD = 2
    """Asks for the header of a resource only."""
    PUT = 3
    """Replaces a resource."""
    DELETE = 4
    """Removes a resource."""


METHODS: dict[str, HttpMethod] = {method.name: method for method in HttpMethod}
"""For the extension module: the member of a method's name, if it has one."""


class HttpStatus(IntEnum):
    """The statuses of responses that have a name; each is an attribute of `HttpResponse`, too.

    Those up to 999 are the server's (RFC 9110), the others are ours.

    >>> HttpStatus(404).name, HttpStatus.RANGE_NOT_SATISFIABLE == 416
    ('NOT_FOUND', True)
    """

    CONTINUE = 100
    """The client may go on with its request (section 15.2.1)."""
    SWITCHING_PROTOCOLS = 101
    """The connection changes to another protocol (section 15.2.2)."""
    PROCESSING = 102
    """The server is at work (RFC 2518, section 10.1)."""
    EARLY_HINTS = 103
    """Fields of the answer to come (RFC 8297)."""
    OK = 200
    """The request has succeeded (section 15.3.1)."""
    CREATED = 201
    """The resource has been created (section 15.3.2)."""
    ACCEPTED = 202
    """The request will be processed later (section 15.3.3)."""
    NON_AUTHORITATIVE_INFORMATION = 203
    """What a proxy has made of the answer (section 15.3.4)."""
    NO_CONTENT = 204
    """There is nothing to send in return (section 15.3.5)."""
    RESET_CONTENT = 205
    """The client should clear the form the request came from (section 15.3.6)."""
    PARTIAL_CONTENT = 206
    """A part of the resource, as asked for (section 15.3.7)."""
    MULTIPLE_CHOICES = 300
    """There are several representations to choose from (section 15.4.1)."""
    MOVED_PERMANENTLY = 301
    """The resource has a new address for good (section 15.4.2)."""
    MOVED_TEMPORARILY = 302
    """The resource is elsewhere for now (section 15.4.3); the standard's own name is Found."""
    SEE_OTHER = 303
    """The answer is elsewhere, to be fetched with GET (section 15.4.4)."""
    NOT_MODIFIED = 304
    """What the client has is still good (section 15.4.5)."""
    TEMPORARY_REDIRECT = 307
    """The resource is elsewhere for now, to be asked for with the same method (section 15.4.8)."""
    PERMANENT_REDIRECT = 308
    """The resource has a new address for good, to be asked for with the same method (section 15.4.9)."""
    BAD_REQUEST = 400
    """The server does not understand the request (section 15.5.1)."""
    UNAUTHORIZED = 401
    """The client has to say who it is (section 15.5.2)."""
    PAYMENT_REQUIRED = 402
    """Reserved (section 15.5.3)."""
    FORBIDDEN = 403
    """The client may not have it, whoever it is (section 15.5.4)."""
    NOT_FOUND = 404
    """There is no such resource (section 15.5.5)."""
    METHOD_NOT_ALLOWED = 405
    """The resource does not know the method (section 15.5.6)."""
    NOT_ACCEPTABLE = 406
    """There is no representation the client would take (section 15.5.7)."""
    PROXY_AUTHENTICATION_REQUIRED = 407
    """The client has to say to the proxy who it is (section 15.5.8)."""
    REQUEST_TIMEOUT = 408
    """The request did not come in time (section 15.5.9)."""
    CONFLICT = 409
    """The request does not fit what the resource is now (section 15.5.10)."""
    GONE = 410
    """The resource is gone for good (section 15.5.11)."""
    LENGTH_REQUIRED = 411
    """The request must tell the length of its body (section 15.5.12)."""
    PRECONDITION_FAILED = 412
    """A condition of the request does not hold (section 15.5.13)."""
    CONTENT_TOO_LARGE = 413
    """The request's body is too large (section 15.5.14)."""
    URI_TOO_LONG = 414
    """The request's address is too long (section 15.5.15)."""
    UNSUPPORTED_MEDIA_TYPE = 415
    """The server does not take bodies of that type (section 15.5.16)."""
    RANGE_NOT_SATISFIABLE = 416
    """The resource has no such part (section 15.5.17). SFML's constant of this name is 407 by a slip."""
    EXPECTATION_FAILED = 417
    """The server cannot do what `Expect` wants (section 15.5.18)."""
    MISDIRECTED_REQUEST = 421
    """The server does not answer for that host (section 15.5.20)."""
    UNPROCESSABLE_CONTENT = 422
    """The body is well formed and makes no sense (section 15.5.21)."""
    UPGRADE_REQUIRED = 426
    """The server wants another protocol (section 15.5.22)."""
    PRECONDITION_REQUIRED = 428
    """The request must carry a condition (RFC 6585, section 3)."""
    TOO_MANY_REQUESTS = 429
    """The client asks too often (RFC 6585, section 4)."""
    REQUEST_HEADER_FIELDS_TOO_LARGE = 431
    """The request's header is too large (RFC 6585, section 5)."""
    UNAVAILABLE_FOR_LEGAL_REASONS = 451
    """The law forbids it (RFC 7725)."""
    INTERNAL_SERVER_ERROR = 500
    """The server met something it did not expect (section 15.6.1)."""
    NOT_IMPLEMENTED = 501
    """The server cannot do that (section 15.6.2)."""
    BAD_GATEWAY = 502
    """The server behind the server answered nonsense (section 15.6.3)."""
    SERVICE_NOT_AVAILABLE = 503
    """The server is overloaded or being worked on (section 15.6.4)."""
    GATEWAY_TIMEOUT = 504
    """The server behind the server did not answer in time (section 15.6.5)."""
    VERSION_NOT_SUPPORTED = 505
    """The server does not know that version of HTTP (section 15.6.6)."""
    INVALID_RESPONSE = 1000
    """What came is no response, or its body is not complete."""
    CONNECTION_FAILED = 1001
    """No connection could be made, or the time ran out."""


STATUSES: dict[int, HttpStatus] = {int(status): status for status in HttpStatus}
"""For the extension module: the member of a number, if it has one."""


class HttpError(Exception):
    """Why there is no response, or not all of it; ``str()`` is a sentence.

    `send_request` and its like return it as ``response.error``. It is raised by ``response.raise_for_status()``, and by
    what reads a streamed body. What the socket or the system says is the ``__cause__``.

    >>> from sfml_network import Http
    >>> error = Http("localhost", 1).get("/").error
    >>> error.reason, error.status.name
    ('connect', 'CONNECTION_FAILED')
    """

    status: HttpStatus | int = HttpStatus.INVALID_RESPONSE
    """The server's status if it has told one, else CONNECTION_FAILED or INVALID_RESPONSE."""

    reason: str = "invalid"
    """What kind of failure it is.

    ================  =============================================================================
    ``"request"``     the request cannot be sent
    ``"lookup"``      the name of the host could not be looked up
    ``"connect"``     no connection could be made
    ``"proxy"``       the proxy did not make the connection
    ``"tls"``         TLS could not be set up; above all, a certificate that is not trusted
    ``"timeout"``     the time ran out
    ``"cancelled"``   `Http.cancel`, or a progress callback that has returned False
    ``"connection"``  the connection broke
    ``"closed"``      the server closed it without an answer
    ``"invalid"``     what came is no HTTP response
    ``"incomplete"``  the body ended before it was complete
    ``"too-large"``   the header or the body is larger than it may be
    ``"decode"``      the compression of the body is damaged
    ``"redirect"``    a redirect that may not be followed
    ``"status"``      the status means a failure
    ``"local"``       a file of this computer could not be used
    ================  =============================================================================
    """

    response: HttpResponse | None = None
    """The response to the call."""


LONGEST_LINE = 16 << 20


def lines(chunks: Iterable[bytes], encoding: str, response: HttpResponse) -> Iterator[str]:
    """Split pieces of bytes into lines of text, for `HttpResponse.iter_lines`."""
    try:
        codec = codecs.lookup("utf-8-sig" if encoding == "UTF-8" else encoding)
    except LookupError:  # one that browsers know and Python does not
        codec = codecs.lookup("utf-8-sig")
    decoder = io.IncrementalNewlineDecoder(codec.incrementaldecoder("replace"), translate=True)
    parts: list[str] = []
    length = 0
    for chunk in chunks:
        first, *others = decoder.decode(chunk).split("\n")
        parts.append(first)
        length += len(first)
        if length > LONGEST_LINE:
            error = HttpError(f"a line of the body is longer than {LONGEST_LINE} characters")
            error.status, error.reason, error.response = response.status, "too-large", response
            response.close()
            raise error
        if others:
            yield "".join(parts)
            yield from others[:-1]
            parts, length = [others[-1]], len(others[-1])
    rest = "".join(parts) + decoder.decode(b"", final=True)
    if rest:
        yield from rest.removesuffix("\n").split("\n")
