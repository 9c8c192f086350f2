"""`HttpRequest`: what it holds, how it is changed, and what it refuses."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from sfml.network import Http, HttpFields, HttpMethod, HttpRequest, HttpRequestFields
from sfml.system import Time, seconds


def test_a_new_request_is_the_one_of_the_reference() -> None:
    request = HttpRequest()
    assert (request.uri, request.method, request.body) == ("/", HttpRequest.GET, b"")
    assert (request.http_version, dict(request.field), request.timeout) == ((1, 0), {}, None)
    assert repr(request) == "<HttpRequest GET />"


def test_methods_are_numbers() -> None:
    numbers = (HttpRequest.GET, HttpRequest.POST, HttpRequest.HEAD, HttpRequest.PUT, HttpRequest.DELETE)
    assert numbers == (0, 1, 2, 3, 4)
    assert all(isinstance(method, HttpMethod) for method in numbers)


@pytest.mark.parametrize("text", [str, str.encode], ids=["str", "bytes"])
def test_everything_is_taken_as_text_and_as_bytes(http: Http, text: Any) -> None:
    request = HttpRequest(text("/anything"), HttpRequest.PUT, text("body"), fields={text("X-A"): text("1")})
    request.set_field(text("X-B"), text("2"))
    request.field[text("X-C")] = text("3")
    request.field = (text("X-D"), text("4"))
    sent = http.send_request(request).json()
    assert (sent["method"], sent["target"], sent["body"]) == ("PUT", "/anything", "body")
    assert [line for line in sent["fields"] if line.startswith("x-")] == [
        "x-a: 1",
        "x-b: 2",
        "x-c: 3",
        "x-d: 4",
    ]
    assert request.field[text("x-a")] == "1"
    assert text("X-D") in request.field


def test_every_attribute_can_be_set(http: Http) -> None:
    request = HttpRequest()
    request.uri = "/anything?x=1"
    request.method = HttpRequest.POST
    request.http_version = (1, 1)
    request.body = b"abc"
    request.field = {"X-A": "1", "X-B": "2"}
    request.timeout = seconds(20)
    assert (request.uri, request.method, request.http_version) == ("/anything?x=1", HttpRequest.POST, (1, 1))
    assert (request.body, request.timeout) == (b"abc", timedelta(seconds=20))
    sent = http.send_request(request).json()
    assert (sent["method"], sent["target"], sent["version"]) == ("POST", "/anything?x=1", "HTTP/1.1")
    assert {"x-a: 1", "x-b: 2"} <= set(sent["fields"])


def test_the_methods_of_released_pysfml_set_the_same(http: Http) -> None:
    request = HttpRequest()
    request.set_uri(b"/anything")
    request.set_method(HttpRequest.DELETE)
    request.set_http_version(1, 1)
    request.set_body(b"abc")
    request.set_field(b"X-A", b"1")
    sent = http.send_request(request).json()
    assert (sent["method"], sent["version"], sent["body"]) == ("DELETE", "HTTP/1.1", "abc")
    assert "x-a: 1" in sent["fields"]


@pytest.mark.parametrize(
    ("given", "method"),
    [
        (0, HttpMethod.GET),
        ("POST", HttpMethod.POST),
        (b"PUT", HttpMethod.PUT),
        ("PATCH", "PATCH"),
        ("get", "get"),
    ],
)
def test_methods_are_known_by_number_and_by_name(given: Any, method: Any) -> None:
    request = HttpRequest(method=given)
    assert request.method == method
    assert type(request.method) is type(method)


def test_a_tuple_sets_one_field_and_a_mapping_updates() -> None:
    request = HttpRequest(fields={"A": "1"})
    request.field = ("B", "2")
    request.field = {"a": "3", "C": "4"}
    assert request.field == {"B": "2", "a": "3", "C": "4"}
    request.field = [("D", "5"), ("D", "6")]
    assert request.field.get_all("d") == ["5", "6"]
    other = HttpRequest(fields={"D": "7"})
    request.field = other.field
    assert request.field.get_all("D") == ["7"]


def test_fields_are_a_live_mapping() -> None:
    request = HttpRequest()
    field = request.field
    assert isinstance(field, HttpRequestFields)
    assert isinstance(field, HttpFields)
    assert isinstance(field, MutableMapping)
    field["Accept"] = " text/html "
    request.set_field("X-Own", "1")
    assert (field["ACCEPT"], len(field), list(field)) == ("text/html", 2, ["Accept", "X-Own"])
    assert (list(field.items()), list(field.values())) == (
        [("Accept", "text/html"), ("X-Own", "1")],
        ["text/html", "1"],
    )
    field["accept"] = "*/*"
    assert list(field.keys()) == ["accept", "X-Own"]
    del field["x-own"]
    assert "X-Own" not in request.field
    assert field.setdefault("accept", "no") == "*/*"
    assert field.setdefault("New", b"1") == "1"
    field.update({"New": "2"}, other="3")
    assert (field.pop("new"), field.pop("new", None)) == ("2", None)
    assert field.popitem() == ("other", "3")
    field.clear()
    assert (dict(field), field.get("a"), field.get("a", 5)) == ({}, None, 5)
    for call in (lambda: field["a"], lambda: field.pop("a"), lambda: field.popitem()):
        with pytest.raises(KeyError):
            call()
    with pytest.raises(KeyError):
        del field["a"]


def test_fields_compare_without_regard_to_case() -> None:
    field = HttpRequest(fields={"Accept": "a", "X": "b"}).field
    assert field == {"x": "b", "ACCEPT": b"a"}
    assert field == HttpRequest(fields=[("X", "b"), ("accept", "a")]).field
    assert field != {"x": "b"}
    assert field != {"x": "b", "accept": 5}
    assert (field == 5) is False
    assert 5 not in field  # type: ignore[comparison-overlap]
    with pytest.raises(TypeError):
        hash(field)


def test_secrets_are_not_shown() -> None:
    request = HttpRequest(auth=("ada", "secret"), fields={"Cookie": "id=secret", "X": "seen"})
    assert request.field["Authorization"] == "Basic YWRhOnNlY3JldA=="
    shown = repr(request.field)
    assert "seen" in shown
    assert repr(HttpRequest("http://ada:secret@host/a@b")) == "<HttpRequest GET http://***@host/a@b>"
    assert "secret" not in shown
    assert "YWRh" not in shown


def test_limits_read_back() -> None:
    assert HttpRequest(timeout=1.5).timeout == timedelta(seconds=1.5)
    assert HttpRequest(timeout=Time.ZERO).timeout == timedelta(0)
    assert HttpRequest(timeout=1e300).timeout == timedelta(0)


class Pieces:
    """An iterable that is no iterator."""

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"ab", b"", b"c"])


def test_bodies_are_streamed_from_files_and_pieces(http: Http, tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"abc")
    bodies: list[Any] = [path, io.BytesIO(b"abc"), Pieces(), [b"a", memoryview(b"b"), "c"], iter([b"abc"])]
    with path.open("rb") as file:
        for body in [*bodies, file]:
            request = HttpRequest("/anything", HttpRequest.PUT, body, http_version=(1, 1))
            assert request.body is body
            assert http.send_request(request).json()["body"] == "abc", body


def test_a_body_of_known_length_needs_no_newer_version(http: Http, tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"x" * 100_000)
    started = io.BytesIO(b"-" * 10 + b"x" * 100_000)
    started.seek(10)
    for body in (path, started):
        sent = http.send_request(HttpRequest("/upload", HttpRequest.PUT, body)).json()
        assert sent["length"] == 100_000
    with pytest.raises(ValueError, match=r"HTTP/1\.0 needs to know the length"):
        http.send_request(HttpRequest("/upload", HttpRequest.PUT, iter([b"a"])))


def test_a_body_that_has_been_sent_is_not_sent_as_an_empty_one(http: Http) -> None:
    request = HttpRequest("/upload", HttpRequest.PUT, iter([b"a"]), http_version=(1, 1))
    assert http.send_request(request).json()["length"] == 1
    with pytest.raises(ValueError, match="sent already"):
        http.send_request(request)
    request.body = path_like = PurePosixPath("/no/such/file")
    assert request.body is path_like
    error = http.send_request(request).error
    assert error is not None
    assert error.reason == "local"
    assert isinstance(error.__cause__, FileNotFoundError)
    assert error.__cause__.filename == "/no/such/file"


def test_a_form_with_files(http: Http, tmp_path: Path) -> None:
    path = tmp_path / "level.map"
    path.write_bytes(b"the map")
    with path.open("rb") as file:
        files: dict[str, Any] = {
            "path": path,
            "bytes": b"contents",
            "file": file,
            "named": ("other.txt", "words", "text/plain"),
            "renamed": ("new.map", path),
        }
        request = HttpRequest("/anything", HttpRequest.POST, form={"title": "Level"}, files=files)
    sent = http.send_request(request).json()["body"]
    for part in (
        'name="title"\r\n\r\nLevel\r\n',
        'name="path"; filename="level.map"\r\nContent-Type: application/octet-stream\r\n\r\nthe map\r\n',
        'name="bytes"; filename="bytes"\r\nContent-Type: application/octet-stream\r\n\r\ncontents\r\n',
        'name="file"; filename="level.map"\r\nContent-Type: application/octet-stream\r\n\r\nthe map\r\n',
        'name="named"; filename="other.txt"\r\nContent-Type: text/plain\r\n\r\nwords\r\n',
        'name="renamed"; filename="new.map"\r\nContent-Type: application/octet-stream\r\n\r\nthe map\r\n',
    ):
        assert part in sent


class Lookup(Mapping[str, str]):
    """A mapping that is no dict."""

    def __getitem__(self, key: str) -> str:
        return {"X-A": "1"}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(["X-A"])

    def __len__(self) -> int:
        return 1


def test_any_mapping_has_fields() -> None:
    request = HttpRequest(fields=Lookup())
    assert request.field == Lookup()
    request.field.update(Lookup())
    assert request.field.get_all("x-a") == ["1"]


class Named(HttpRequest):
    """A subclass with arguments of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(f"/anything/{name}")
        self.name = name


def test_a_request_can_be_subclassed(http: Http) -> None:
    assert http.send_request(Named("x")).json()["target"] == "/anything/x"
