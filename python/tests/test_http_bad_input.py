"""What `Http` and `HttpRequest` refuse: at once, with a sentence that names what was wrong, and nothing was sent."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from http_peers import HttpServer
from hypothesis import given
from hypothesis import strategies as st
from sfml.network import Http, HttpRequest

REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "a uri with a line end": (lambda: HttpRequest("/a\r\nX: y"), ValueError, "uri"),
    "a uri with a NUL": (lambda: HttpRequest("/a\0"), ValueError, "uri"),
    "a uri in another encoding": (lambda: HttpRequest(b"/\xff"), ValueError, "UTF-8"),
    "a uri of another scheme": (lambda: HttpRequest("ftp://host/"), ValueError, "ftp"),
    "a uri that is a number": (lambda: HttpRequest(5), TypeError, "int"),  # type: ignore[arg-type]
    "a method with a blank": (lambda: HttpRequest(method="GET /"), ValueError, "method"),
    "no method": (lambda: HttpRequest(method=""), ValueError, "method"),
    "a method of no number": (lambda: HttpRequest(method=5), ValueError, "method"),
    "a method that makes a tunnel": (lambda: HttpRequest(method="CONNECT"), ValueError, "CONNECT"),
    "a method that is a list": (lambda: HttpRequest(method=[]), TypeError, "method"),  # type: ignore[arg-type]
    "a name with a colon": (lambda: HttpRequest(fields={"X:": "1"}), ValueError, "field"),
    "a name with a line end": (lambda: HttpRequest(fields={"X\r\nY": "1"}), ValueError, "field"),
    "no name": (lambda: HttpRequest(fields={"": "1"}), ValueError, "field"),
    "a value with a CR": (lambda: HttpRequest().set_field("X", "1\rY"), ValueError, "0x0d"),
    "a value with a LF": (lambda: HttpRequest().set_field("X", "1\nY: 2"), ValueError, "0x0a"),
    "a value with a NUL": (lambda: HttpRequest().field.add(b"X", b"1\0"), ValueError, "0x00"),
    "a value that is a number": (lambda: HttpRequest(fields={"X": 5}), TypeError, "X"),  # type: ignore[arg-type]
    "fields that are a number": (lambda: HttpRequest(fields=5), TypeError, "mapping"),  # type: ignore[arg-type]
    "fields that are a str": (lambda: HttpRequest(fields="X: y"), TypeError, "mapping"),  # type: ignore[arg-type]
    "fields that are no pairs": (lambda: HttpRequest(fields=["X"]), TypeError, "pairs"),  # type: ignore[list-item]
    "an old version": (lambda: HttpRequest(http_version=(0, 9)), ValueError, r"\(0, 9\)"),
    "a new version": (lambda: HttpRequest().set_http_version(2, 0), ValueError, r"\(2, 0\)"),
    "a negative version": (lambda: HttpRequest(http_version=(-1, 0)), ValueError, "version"),
    "a version that is a number": (lambda: HttpRequest(http_version=1.1), TypeError, "tuple"),  # type: ignore[arg-type]
    "a body that is a number": (lambda: HttpRequest(body=5), TypeError, "body"),  # type: ignore[arg-type]
    "a body that is a dict": (lambda: HttpRequest(body={"a": 1}), TypeError, "form and json"),  # type: ignore[dict-item]
    "a buffer with holes": (lambda: HttpRequest(body=memoryview(b"abcd")[::2]), BufferError, "contiguous"),
    "two bodies": (lambda: HttpRequest(form={}, json={}), TypeError, "one body"),
    "a form that is a str": (lambda: HttpRequest(form="a=b"), TypeError, "form"),  # type: ignore[arg-type]
    "a form with an object": (lambda: HttpRequest(form={"a": object()}), TypeError, "value of a"),
    "parameters with a surrogate": (lambda: HttpRequest(params={"a": "\udcff"}), TypeError, "UTF-8"),
    "json of no value": (lambda: HttpRequest(json=float("nan")), ValueError, "JSON"),
    "json of an object": (lambda: HttpRequest(json=object()), TypeError, "JSON"),
    "a file of one": (lambda: HttpRequest(files={"a": ("x",)}), ValueError, "tuple"),  # type: ignore[arg-type]
    "a file that is a number": (lambda: HttpRequest(files={"a": 5}), TypeError, "file"),  # type: ignore[arg-type]
    "a user with a colon": (lambda: HttpRequest(auth=("a:b", "c")), ValueError, "':'"),
    "a token with a line end": (lambda: HttpRequest(auth="a\r\nb"), ValueError, "Authorization"),
    "a user who is a number": (lambda: HttpRequest(auth=5), TypeError, "auth"),  # type: ignore[arg-type]
    "a negative limit": (lambda: HttpRequest(timeout=-1), ValueError, "negative"),
    "a limit that is NaN": (lambda: Http(timeout=float("nan")), ValueError, "NaN"),
    "an unknown keyword": (lambda: Http().get("http://x/", data=b""), TypeError, "'data'"),  # type: ignore[call-arg]
    "a host with a blank": (lambda: Http("a b"), ValueError, "host"),
    "a host with a line end": (lambda: Http("a\r\nb"), ValueError, "host"),
    "a host with a path": (lambda: Http("host/path"), ValueError, "path"),
    "a host of another scheme": (lambda: Http("ftp://host"), ValueError, "ftp"),
    "a host that is None": (lambda: Http(None), TypeError, "NoneType"),  # type: ignore[arg-type]
    "no host to set": (lambda: Http().set_host(""), ValueError, "host"),
    "a port that is none": (lambda: Http("host", 65536), OverflowError, "65535"),
    "a negative number of redirects": (lambda: Http(redirects=-1), OverflowError, "-1"),
    "a proxy of another kind": (lambda: Http(proxies="ftp://proxy"), ValueError, "proxy"),
    "a proxy for another scheme": (lambda: Http(proxies={"ftp": "proxy"}), ValueError, "http"),
    "a request that is a str": (lambda: Http("h").send_request("/"), TypeError, "HttpRequest"),  # type: ignore[arg-type]
    "a request that is None": (lambda: Http("h").send_request(None), TypeError, "NoneType"),  # type: ignore[arg-type]
    "a download of a number": (lambda: Http("h").download(5, "x"), TypeError, "int"),  # type: ignore[arg-type]
    "a path with a NUL": (lambda: Http("h").download("/", "a\0"), ValueError, "NUL"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_sent_is_named(what: str) -> None:
    call, kind, words = REFUSED[what]
    with pytest.raises(kind, match=words):
        call()


@pytest.mark.parametrize("name", ["Transfer-Encoding", "Upgrade", "Expect", "TE", "Trailer", "Connection"])
def test_fields_about_the_connection_are_refused(http: Http, http_server: HttpServer, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        http.get("/get", fields={name: "x"})
    assert http_server.requests == 0


def test_a_length_that_is_not_the_bodys_is_refused(http: Http, http_server: HttpServer) -> None:
    with pytest.raises(ValueError, match="Content-Length"):
        http.post("/post", body="abc", fields={"Content-Length": "4"})
    assert http.post("/post", body="abc", fields={"Content-Length": "3"}).json()["body"] == "abc"
    assert http_server.requests == 1


def test_a_refused_change_leaves_the_request_as_it_was() -> None:
    request = HttpRequest("/a", HttpRequest.PUT, "body", fields={"X": "1"})
    for attribute, value in {
        "uri": "/\r\n",
        "method": "",
        "http_version": (3, 0),
        "body": 5,
        "field": {"X": "2", "Y": "\n"},
        "timeout": -1,
    }.items():
        with pytest.raises((ValueError, TypeError)):
            setattr(request, attribute, value)
    with pytest.raises(ValueError, match="value of Y"):
        request.field.update({"X": "3"}, Y="a\r\nb")
    assert (request.uri, request.method, request.http_version) == ("/a", HttpRequest.PUT, (1, 0))
    assert (request.body, dict(request.field), request.timeout) == (b"body", {"X": "1"}, None)


class Raising:
    """Raises from wherever it is asked."""

    def __iter__(self) -> Any:
        raise LookupError("asked")

    def items(self) -> Any:
        raise LookupError("asked")

    def __fspath__(self) -> str:
        raise LookupError("asked")


class RaisingLater:
    """A file that cannot be read, and pieces that stop."""

    def read(self, _size: int) -> bytes:
        raise LookupError("asked")

    def __iter__(self) -> Any:
        yield b"some"
        raise LookupError("asked")


@pytest.mark.parametrize("option", ["params", "fields", "form", "files", "body"])
def test_what_an_argument_raises_passes(option: str) -> None:
    with pytest.raises(LookupError, match="asked"):
        HttpRequest(**{option: Raising()})  # type: ignore[arg-type]


def test_what_a_body_raises_ends_the_call_and_passes(http: Http) -> None:
    for body in (RaisingLater(), iter(RaisingLater())):
        with pytest.raises(LookupError, match="asked"):
            http.put("/upload", body=body)
    for wrong in ([5], [None]):
        with pytest.raises(TypeError, match="data is bytes"):
            http.put("/upload", body=wrong)  # type: ignore[arg-type]
    assert http.get("/get").ok


class Text:
    """A file that was opened as text."""

    def read(self, _size: int) -> str:
        return "text"


def test_a_file_opened_as_text_is_named(http: Http) -> None:
    with pytest.raises(TypeError, match="binary"):
        http.put("/upload", body=Text())  # type: ignore[arg-type]


def test_a_file_that_shrinks_is_told(http: Http) -> None:
    class Shrinking:
        position = 0

        def seekable(self) -> bool:
            return True

        def tell(self) -> int:
            return 0

        def seek(self, _offset: int, whence: int = 0) -> int:
            return 10 if whence == 2 else 0

        def read(self, _size: int) -> bytes:
            return b""

    error = http.put("/upload", body=Shrinking()).error
    assert error is not None
    assert error.reason == "local"
    assert http.get("/get").ok


TEXT = st.one_of(st.text(max_size=8), st.binary(max_size=8))
ANY = st.one_of(
    TEXT,
    st.none(),
    st.integers(),
    st.floats(),
    st.dictionaries(TEXT, TEXT, max_size=2),
    st.tuples(TEXT, TEXT),
)


@given(uri=ANY, method=ANY, body=ANY, fields=ANY, params=ANY, form=ANY, auth=ANY, version=ANY, timeout=ANY)
def test_no_argument_does_more_than_raise(
    uri: Any,
    method: Any,
    body: Any,
    fields: Any,
    params: Any,
    form: Any,
    auth: Any,
    version: Any,
    timeout: Any,
) -> None:
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        HttpRequest(uri, method, body)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        HttpRequest(fields=fields, params=params, form=form)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        HttpRequest(auth=auth, http_version=version, timeout=timeout)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        Http(uri, user_agent=method, proxies=fields)
