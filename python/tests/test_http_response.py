"""`HttpResponse`: statuses, fields, bodies in every form, what is wrong with it."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
from http_peers import HttpServer, Wire, says
from sfml.network import (
    Http,
    HttpChunks,
    HttpError,
    HttpFields,
    HttpRequest,
    HttpResponse,
    HttpStatus,
    IpAddress,
)
from sfml.system import Time

REFERENCE = {
    "OK": 200,
    "CREATED": 201,
    "ACCEPTED": 202,
    "NO_CONTENT": 204,
    "RESET_CONTENT": 205,
    "PARTIAL_CONTENT": 206,
    "MULTIPLE_CHOICES": 300,
    "MOVED_PERMANENTLY": 301,
    "MOVED_TEMPORARILY": 302,
    "NOT_MODIFIED": 304,
    "BAD_REQUEST": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "RANGE_NOT_SATISFIABLE": 416,
    "INTERNAL_SERVER_ERROR": 500,
    "NOT_IMPLEMENTED": 501,
    "BAD_GATEWAY": 502,
    "SERVICE_NOT_AVAILABLE": 503,
    "GATEWAY_TIMEOUT": 504,
    "VERSION_NOT_SUPPORTED": 505,
    "INVALID_RESPONSE": 1000,
    "CONNECTION_FAILED": 1001,
}


def test_a_new_response_is_a_failed_connection() -> None:
    response = HttpResponse()
    assert (response.status, response.ok, response.error) == (HttpResponse.CONNECTION_FAILED, False, None)
    assert (response.major_http_version, response.minor_http_version, response.body) == (0, 0, b"")
    assert (dict(response.field), response.get_field("A"), response.get_field(b"A")) == ({}, "", b"")
    assert (response.reason, response.url, response.history, response.text) == ("", "", (), "")
    assert (response.elapsed, response.remote_address, response.remote_port) == (Time.ZERO, IpAddress.NONE, 0)
    with pytest.raises(HttpError, match="1001"):
        response.raise_for_status()


def test_each_status_of_the_documentation_is_there() -> None:
    for name, number in REFERENCE.items():
        status = getattr(HttpResponse, name)
        assert (status, status.name) == (number, name)
        assert isinstance(status, HttpStatus)


def test_the_other_statuses_are_those_of_cpython() -> None:
    for status in HttpStatus:
        assert getattr(HttpResponse, status.name) is status
        if status < 1000:
            assert status in set(HTTPStatus)


@pytest.mark.parametrize("status", [200, 204, 299, 303, 404, 418, 500, 599, 999])
def test_every_status_a_server_sends_is_told(http: Http, status: int) -> None:
    response = http.send_request(HttpRequest(f"/status/{status}"))
    assert (response.status, response.error, response.ok) == (status, None, status < 400)
    assert isinstance(response.status, HttpStatus) is (status in set(HttpStatus))


def test_raise_for_status_returns_the_response_or_raises(http: Http) -> None:
    response = http.get("/get")
    assert response.raise_for_status() is response
    response = http.get("/status/404")
    with pytest.raises(HttpError, match="404 Not Found") as raised:
        response.raise_for_status()
    assert (raised.value.status, raised.value.reason, raised.value.response) == (404, "status", response)


def test_the_header_is_told(http: Http, http_server: HttpServer) -> None:
    response = http.get("/bytes/5")
    assert (response.major_http_version, response.minor_http_version, response.reason) == (1, 1, "OK")
    assert response.url == http_server.url("/bytes/5")
    assert response.field["etag"] == response.get_field("ETag") == '"bytes-5"'
    assert response.get_field(b"etag") == b'"bytes-5"'
    assert response.elapsed > Time.ZERO
    assert repr(response) == "<HttpResponse 200 OK>"


def test_fields_are_a_mapping_that_cannot_be_changed(http: Http) -> None:
    field = http.get("/bytes/5").field
    assert isinstance(field, HttpFields)
    assert isinstance(field, Mapping)
    assert field["CONTENT-LENGTH"] == "5"
    assert not hasattr(field, "__setitem__")
    assert dict(field)["ETag"] == '"bytes-5"'


def test_several_fields_of_a_name_are_all_there() -> None:
    with says(
        b"HTTP/1.0 200 OK\r\nSet-Cookie: a=1\r\nX:no blank\r\nset-cookie: b=2\r\nY: \xfc\r\n\r\nbody"
    ) as wire:
        response = wire.client().send_request(HttpRequest())
    assert (response.major_http_version, response.minor_http_version) == (1, 0)
    assert response.field.get_all("SET-COOKIE") == ["a=1", "b=2"]
    assert (response.field["Set-Cookie"], len(response.field)) == ("a=1", 3)
    assert (response.get_field("X"), response.get_field("Y"), response.get_field(b"Y")) == (
        "no blank",
        "ü",
        b"\xfc",
    )
    assert response.body == b"body"
    assert "a=1" not in repr(response.field)


def test_bodies_are_bytes_with_every_byte(http: Http) -> None:
    with says(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\0b") as wire:
        assert wire.client().get("/").body == b"a\0b"
    assert len(http.get("/bytes/100000").body) == 100_000
    assert http.get("/chunked/100000").body == http.get("/bytes/100000").body


def test_text_and_json(http: Http) -> None:
    response = http.get("/text/latin1")
    assert response.encoding == "windows-1252"
    assert response.text == response.body.decode("latin-1")
    assert http.get("/get").json(parse_int=str)["method"] == "GET"
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        http.get("/plain").json()


def test_a_body_is_read_in_pieces(http: Http) -> None:
    whole = http.get("/bytes/1000").body
    for stream in (True, False):
        response = http.get("/bytes/1000", stream=stream)
        assert response.read(10) == whole[:10]
        assert response.read(0) == b""
        pieces = response.iter_bytes(300)
        assert isinstance(pieces, HttpChunks)
        assert [len(piece) for piece in pieces] == [300, 300, 300, 90]
        assert (response.read(), response.read(5), list(response.iter_bytes())) == (b"", b"", [])
        response = http.get("/bytes/1000", stream=stream)
        assert b"".join(response.iter_bytes()) == whole
        response = http.get("/bytes/1000", stream=stream)
        assert response.read(None) == whole
        assert http.get("/bytes/1000", stream=stream).read(-1) == whole


def test_a_streamed_body_is_read_when_it_is_asked_for(http: Http, http_server: HttpServer) -> None:
    response = http.get("/slow/body", stream=True)
    assert response.status == 200
    first = response.read(5)
    with pytest.raises(RuntimeError, match="read already"):
        response.body  # noqa: B018
    http_server.release()
    assert first + response.read() == b"This was worth waiting for.\n"
    response = http.get("/bytes/10", stream=True)
    assert len(response.body) == 10
    assert response.body is response.body
    assert response.read(3) == response.body[:3]


def test_a_streamed_body_leaves_the_connection_to_the_next_request(
    http: Http, http_server: HttpServer
) -> None:
    for _ in range(3):
        response = http.get("/bytes/100000", stream=True)
        assert sum(len(piece) for piece in response.iter_bytes()) == 100_000
    assert http_server.connections == 1
    with http.get("/bytes/10000000", stream=True) as response:
        assert len(response.read(10)) == 10
    assert http.get("/get").ok
    assert http_server.connections == 2
    with pytest.raises(ValueError, match="closed"):
        response.read()
    assert (response.status, response.error) == (200, None)


LINES = {
    "unix": b"a\nb\n\nc",
    "windows": b"a\r\nb\r\n\r\nc\r\n",
    "old": b"a\rb\r\rc\r",
}


@pytest.mark.parametrize("kind", LINES)
def test_lines_have_any_end(kind: str) -> None:
    with says(b"HTTP/1.1 200 OK\r\n\r\n" + LINES[kind]) as wire:
        assert list(wire.client().get("/", stream=True).iter_lines()) == ["a", "b", "", "c"]


def test_lines_are_decoded_across_pieces(http: Http) -> None:
    body = "grüße\r\nλ\n".encode("utf-16")
    chunks = b"".join(b"1\r\n" + bytes([byte]) + b"\r\n" for byte in body)
    head = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain; charset=utf-16le\r\n\r\n"
    )
    with says(head + chunks + b"0\r\n\r\n") as wire:
        lines = list(wire.client().get("/", stream=True).iter_lines())
    assert [line.lstrip("\ufeff") for line in lines] == ["grüße", "λ"]
    assert list(HttpResponse().iter_lines()) == []


def test_a_line_comes_as_soon_as_it_is_there() -> None:
    go_on = threading.Event()

    def answer(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\ndata: 1\n\ndata:")
        assert go_on.wait(10)
        connection.sendall(b" 2\n\n")
        connection.close()

    with Wire(answer) as wire:
        lines = wire.client().get("/events", stream=True).iter_lines()
        assert (next(lines), next(lines)) == ("data: 1", "")
        go_on.set()
        assert list(lines) == ["data: 2", ""]


BROKEN = {
    "incomplete": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
    "incomplete in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12",
    "decode": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n12345",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_body_that_breaks_off_is_never_taken_for_a_whole_one(kind: str) -> None:
    reason = kind.split()[0]
    with says(BROKEN[kind]) as wire:
        response = wire.client().send_request(HttpRequest(http_version=(1, 1)))
        assert (response.status, response.body, response.ok) == (HttpResponse.INVALID_RESPONSE, b"", False)
        error = response.error
        assert error is not None
        assert (error.reason, error.status, error.response) == (reason, HttpResponse.OK, response)
        for call in (response.raise_for_status, response.read, response.json):
            with pytest.raises(HttpError) as raised:
                call()
            assert raised.value.reason == reason
        streamed = wire.client().get("/", stream=True)
        assert (streamed.status, streamed.error) == (HttpResponse.OK, None)
        with pytest.raises(HttpError) as raised:
            b"".join(streamed.iter_bytes())
        assert raised.value.reason == reason
        assert (streamed.status, streamed.ok) == (HttpResponse.INVALID_RESPONSE, False)
        for attribute in (lambda: streamed.body, lambda: streamed.text, streamed.read):
            with pytest.raises(HttpError):
                attribute()


def test_a_body_in_memory_has_a_limit(http_server: HttpServer) -> None:
    http = http_server.client(max_body=1000)
    assert len(http.get("/bytes/1000").body) == 1000
    for path in ("/bytes/1001", "/chunked/1001"):
        response = http.get(path)
        assert response.status == HttpResponse.INVALID_RESPONSE
        assert response.error is not None
        assert response.error.reason == "too-large"
        with pytest.raises(HttpError, match="1000"):
            http.get(path, stream=True).body  # noqa: B018
        assert sum(len(piece) for piece in http.get(path, stream=True).iter_bytes()) == 1001
    assert len(http_server.client(max_body=None).get("/bytes/1001").body) == 1001


NONSENSE = {
    "closed": b"",
    "another protocol": b"220 ready\r\n",
    "a status that is none": b"HTTP/1.1 abc OK\r\n\r\n",
    "a line that is no field": b"HTTP/1.1 200 OK\r\nno field\r\n\r\n",
    "a huge chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
    "a negative chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "an endless header": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_an_invalid_response(kind: str) -> None:
    with says(NONSENSE[kind]) as wire:
        response = wire.client().send_request(HttpRequest(http_version=(1, 1)))
    assert (response.status, response.body) == (HttpResponse.INVALID_RESPONSE, b"")
    assert response.error is not None
    assert re.fullmatch(r"closed|invalid|too-large|incomplete", response.error.reason)


def test_an_interim_response_is_not_the_answer() -> None:
    with says(
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    ) as wire:
        response = wire.client().get("/")
    assert (response.status, response.body) == (200, b"ok")


def test_a_response_outlives_its_client(http_server: HttpServer) -> None:
    response = http_server.client().get("/bytes/100000", stream=True)
    assert len(response.read()) == 100_000


def test_wrong_sizes_are_refused(http: Http) -> None:
    response = http.get("/get", stream=True)
    with pytest.raises(ValueError, match="no bytes"):
        response.iter_bytes(0)
    with pytest.raises(OverflowError):
        response.iter_bytes(-1)
    with pytest.raises(TypeError):
        response.get_field(5)  # type: ignore[call-overload]
