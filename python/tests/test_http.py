"""`Http`: where requests go, what is sent, connections, redirects, limits, TLS."""

from __future__ import annotations

import gc
import json
import socket
import ssl
import subprocess
import sys
import weakref
from datetime import timedelta
from pathlib import Path
from typing import Any

import peers
import pytest
from http_peers import HttpServer, Wire, cpython_server, says
from peers import LOOPBACK
from sfml.network import Http, HttpError, HttpMethod, HttpRequest, HttpResponse, HttpStatus, IpAddress
from sfml.system import Time, milliseconds, seconds

HOSTS = {
    "a name": lambda port: Http("localhost", port),
    "an address": lambda port: Http(LOOPBACK, port),
    "bytes": lambda port: Http(b"127.0.0.1", port),
    "a port behind it": lambda port: Http(f"{LOOPBACK}:{port}"),
    "a scheme": lambda port: Http(f"http://{LOOPBACK}", port),
    "a whole address": lambda port: Http(f"http://{LOOPBACK}:{port}/"),
    "keywords": lambda port: Http(host=LOOPBACK, port=port),
}


@pytest.mark.parametrize("kind", HOSTS)
def test_each_way_to_name_the_server(http_server: HttpServer, kind: str) -> None:
    response = HOSTS[kind](http_server.port).send_request(HttpRequest("/get"))
    assert (response.status, response.error) == (HttpResponse.OK, None)


def test_without_a_host_requests_are_for_whole_urls(http_server: HttpServer) -> None:
    http = Http()
    assert http.get(http_server.url("/get")).ok
    assert http.send_request(HttpRequest(http_server.url("/get"))).ok
    with pytest.raises(ValueError, match="no whole URL"):
        http.get("/get")
    assert repr(http) == "<Http for any server>"


def test_set_host_chooses_the_server(http_server: HttpServer, tmp_path: Path) -> None:
    http = Http()
    http.set_host(http_server.host, http_server.port)
    assert http.get("/get").ok
    with cpython_server(tmp_path) as (port, _):
        http.set_host(host=LOOPBACK, port=port)
        assert http.get("/").get_field("Server").startswith("SimpleHTTP")
        assert repr(http) == f"<Http http://{LOOPBACK}:{port}>"


def test_a_request_goes_out_as_the_reference_sends_it(http: Http) -> None:
    sent = http.send_request(HttpRequest("anything", HttpRequest.POST, "a=1")).json()
    assert (sent["method"], sent["target"], sent["version"]) == ("POST", "/anything", "HTTP/1.0")
    assert sent["body"] == "a=1"
    assert "content-length: 3" in sent["fields"]
    assert "content-type: application/x-www-form-urlencoded" in sent["fields"]
    told = HttpRequest("/anything", HttpRequest.POST, "a=1", fields={"Content-Type": "text/plain"})
    assert "content-type: text/plain" in http.send_request(told).json()["fields"]


@pytest.mark.parametrize("limit", [None, 0, 5, 5.0, seconds(5), Time.ZERO, timedelta(seconds=5)], ids=repr)
def test_each_kind_of_limit_is_taken(http_server: HttpServer, limit: Any) -> None:
    http = Http(http_server.host, http_server.port, timeout=limit, connect_timeout=limit, read_timeout=limit)
    assert http.send_request(HttpRequest("/get"), limit).ok
    assert http.send_request(HttpRequest("/get", timeout=limit), timeout=limit).ok
    assert http.get("/get", timeout=limit).ok


def test_requests_of_http_1_0_close_the_connection_and_others_keep_it(http_server: HttpServer) -> None:
    http = http_server.client()
    for _ in range(3):
        assert http.send_request(HttpRequest("/get")).json()["version"] == "HTTP/1.0"
    assert http_server.connections == 3
    for _ in range(3):
        assert http.get("/get").json()["version"] == "HTTP/1.1"
        assert http.send_request(HttpRequest("/get", http_version=(1, 1))).ok
    assert http_server.connections == 4
    without = http_server.client(keep_alive=0)
    for _ in range(2):
        assert without.get("/get").ok
    assert http_server.connections == 6


def test_a_kept_connection_that_was_closed_is_replaced(http_server: HttpServer) -> None:
    http = http_server.client()
    assert http.get("/get").ok
    http_server.kill()
    assert http.get("/get").ok
    assert http_server.connections == 2


@pytest.mark.parametrize("name", ["get", "post", "put", "delete", "patch", "options"])
def test_each_method_has_a_method(http: Http, name: str) -> None:
    response = getattr(http, name)("/anything/x", params={"a": 1}, fields={"X-Own": "yes"})
    sent = response.json()
    assert (sent["method"], sent["target"]) == (name.upper(), "/anything/x?a=1")
    assert "x-own: yes" in sent["fields"]


def test_head_has_a_header_only(http: Http) -> None:
    response = http.head("/get")
    assert (response.status, response.body) == (200, b"")
    assert int(response.field["Content-Length"]) > 0


@pytest.mark.parametrize("method", ["REPORT", b"REPORT", "M-SEARCH", HttpMethod.PUT, 3])
def test_request_takes_any_method(http: Http, method: Any) -> None:
    name = {b"REPORT": "REPORT", 3: "PUT", HttpMethod.PUT: "PUT"}.get(method, method)
    assert http.request(method, "/anything").json()["method"] == name


def test_parameters_are_encoded(http: Http) -> None:
    params = {"q": "sound & music", "n": [1, 2.5], "none": None, "yes": True, "ü": b"\xc3\xbc"}
    target = http.get("/anything?a=b", params=params).json()["target"]
    assert target == "/anything?a=b&q=sound%20%26%20music&n=1&n=2.5&yes=true&%C3%BC=%C3%BC"


def test_bodies_of_each_kind_arrive_with_their_type(http: Http) -> None:
    def sent(**options: Any) -> tuple[str, str | None]:
        told = http.post("/anything", **options).json()
        types = [line.partition(": ")[2] for line in told["fields"] if line.startswith("content-type:")]
        return told["body"], types[0] if types else None

    assert sent(body="ü") == ("\u00c3\u00bc", None)
    assert sent(body=memoryview(b"abc"), fields={"Content-Type": "x/y"}) == ("abc", "x/y")
    assert sent(form={"a": "1 2", "b": [3, 4]}) == ("a=1+2&b=3&b=4", "application/x-www-form-urlencoded")
    body, content_type = sent(json={"a": [1, None, "ü"]})
    assert (json.loads(body.encode("latin-1")), content_type) == ({"a": [1, None, "ü"]}, "application/json")
    assert sent(json=0) == ("0", "application/json")


def test_a_user_or_a_token_is_told(http: Http) -> None:
    assert http.get("/basic-auth/ada/secret").status == HttpResponse.UNAUTHORIZED
    assert http.get("/basic-auth/ada/secret", auth=("ada", "secret")).json() == {"user": "ada"}
    assert "authorization: Bearer abc" in http.get("/anything", auth="abc").json()["fields"]


def test_redirects_are_responses_unless_they_may_be_followed(http_server: HttpServer) -> None:
    response = http_server.client().get("/redirect/2")
    assert (response.status, response.field["Location"]) == (HttpResponse.MOVED_TEMPORARILY, "/redirect/1")
    response = http_server.client(redirects=2).get("/redirect/2")
    assert (response.status, response.url) == (200, http_server.url("/get"))
    assert response.history == (http_server.url("/redirect/2"), http_server.url("/redirect/1"))
    error = http_server.client(redirects=1).get("/redirect/2").error
    assert error is not None
    assert error.reason == "redirect"


@pytest.mark.parametrize("path", ["/gzip", "/brotli", "/plain"])
def test_compressed_bodies_are_decoded(http: Http, http_server: HttpServer, path: str) -> None:
    assert http.get(path).body == http_server.client(decompress=False).get("/plain").body


def test_a_user_agent_is_told(http_server: HttpServer) -> None:
    http = http_server.client(user_agent="game/1.0")
    assert "user-agent: game/1.0" in http.get("/get").json()["fields"]
    with pytest.raises(ValueError, match="User-Agent"):
        Http(user_agent="a\r\nb")


def test_a_limit_ends_the_whole_call(http: Http) -> None:
    for response in (
        http.send_request(HttpRequest("/slow"), milliseconds(50)),
        http.get("/slow", timeout=0.05),
        http.send_request(HttpRequest("/slow", timeout=0.05)),
    ):
        assert (response.status, response.body) == (HttpResponse.CONNECTION_FAILED, b"")
        assert response.error is not None
        assert response.error.reason == "timeout"
    response = http.get("/slow/body", timeout=0.05)
    assert response.status == HttpResponse.INVALID_RESPONSE
    assert response.error is not None
    assert (response.error.reason, response.error.status) == ("timeout", HttpResponse.OK)


def test_a_silent_server_is_given_up(http_server: HttpServer) -> None:
    response = http_server.client(timeout=None, read_timeout=0.05).get("/slow")
    assert response.error is not None
    assert response.error.reason == "timeout"


def test_no_connection_is_a_response() -> None:
    with peers.refusing_port() as port:
        response = Http(LOOPBACK, port).send_request(HttpRequest())
    assert response.status == HttpResponse.CONNECTION_FAILED
    assert (response.body, dict(response.field), response.major_http_version) == (b"", {}, 0)
    error = response.error
    assert error is not None
    assert (error.reason, error.status) == ("connect", HttpResponse.CONNECTION_FAILED)
    assert isinstance(error.__cause__, OSError)
    assert error.__cause__.errno is not None
    assert error.response is response


def test_a_name_nobody_has_is_a_response() -> None:
    response = Http("no-such-host.invalid").send_request(HttpRequest())
    assert response.status == HttpResponse.CONNECTION_FAILED
    assert response.error is not None
    assert response.error.reason == "lookup"


def test_the_environment_counts_only_if_it_is_trusted(http_server: HttpServer, monkeypatch: Any) -> None:
    with says(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("http_proxy", f"http://{LOOPBACK}:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert http_server.client().get("/get").ok
        for options in (
            {"trust_env": True},
            {"proxies": f"http://{LOOPBACK}:{proxy.port}"},
            {"proxies": {"http": f"{LOOPBACK}:{proxy.port}"}},
        ):
            error = http_server.client(**options).get("/get").error
            assert error is not None
            assert error.reason == "proxy"
        exceptions = {"http": f"{LOOPBACK}:{proxy.port}", "no_proxy": [LOOPBACK]}
        assert http_server.client(proxies=exceptions).get("/get").ok
    assert proxy.requests[0].startswith(b"CONNECT ")


def test_several_servers_by_one_client(http_server: HttpServer, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"from CPython")
    with cpython_server(tmp_path) as (port, stored):
        with http_server.client() as http:
            assert http.get(f"http://{LOOPBACK}:{port}/a.txt").body == b"from CPython"
            assert http.get("/get").ok
            assert http.put(f"http://{LOOPBACK}:{port}/b", body=b"put").status == HttpStatus.CREATED
        assert stored == {"/b": b"put"}


def test_the_peer_is_told(http: Http, http_server: HttpServer) -> None:
    response = http.get("/get")
    assert (response.remote_address, response.remote_port) == (IpAddress.LOCAL_HOST, http_server.port)


def test_close_ends_kept_connections_and_the_client_goes_on(http_server: HttpServer) -> None:
    with http_server.client() as http:
        assert http.get("/get").ok
    assert http.get("/get").ok
    assert http_server.connections == 2


def test_a_client_is_let_go() -> None:
    http = Http(LOOPBACK)
    gone = weakref.ref(http)
    del http
    gc.collect()
    assert gone() is None


class Scores(Http):
    """A subclass with arguments of its own."""

    def __init__(self, server: HttpServer, user: str) -> None:
        super().__init__(server.host, server.port, timeout=20)
        self.user = user


def test_a_client_can_be_subclassed(http_server: HttpServer) -> None:
    with Scores(http_server, "ada") as scores:
        assert scores.user == "ada"
        assert scores.get("/get").ok


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += [
        "-subj",
        "/CN=localhost",
        "-addext",
        names,
        "-days",
        "2",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
    ]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
    except FileNotFoundError:
        pytest.skip("openssl is missing")
    return folder


def over_tls(folder: Path) -> Wire:
    """A server that says yes to everybody in TLS, of CPython's making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def answer(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True) as connection:
            while b"\r\n\r\n" not in connection.recv(65536):
                pass
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    return Wire(answer, reads=False)


def test_https_believes_whom_it_is_told_to(certificate: Path) -> None:
    ca = certificate / "cert.pem"
    with over_tls(certificate) as wire:
        for trust in ({"ca": ca}, {"ca": str(ca)}, {"ca": ca.read_bytes()}, {"verify": False}):
            response = Http(f"https://localhost:{wire.port}", timeout=20, **trust).get("/")
            assert (response.status, response.body) == (200, b"ok"), (trust, response)
        error = Http(f"https://localhost:{wire.port}", timeout=20).get("/").error
        assert error is not None
        assert (error.reason, error.status) == ("tls", HttpResponse.CONNECTION_FAILED)
        assert isinstance(error.__cause__, OSError)
        ours = (ca, certificate / "key.pem")
        assert Http(f"https://localhost:{wire.port}", ca=ca, cert=ours).get("/").ok


def test_tls_files_that_cannot_be_used_are_named(certificate: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as found:
        Http(ca=tmp_path / "none.pem")
    assert str(found.value.filename) == str(tmp_path / "none.pem")
    with pytest.raises(ValueError, match=r"(?i)certificate"):
        Http(ca=b"nonsense")
    with pytest.raises(ValueError, match=r"(?i)key"):
        Http(cert=certificate / "cert.pem")
    with pytest.raises(ValueError, match="tuple"):
        Http(cert=("a",))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="ca is the path"):
        Http(ca=5)  # type: ignore[arg-type]


def test_an_error_tells_what_kind_it_is() -> None:
    assert issubclass(HttpError, Exception)
    error = HttpError("words")
    assert (str(error), error.status, error.reason, error.response) == ("words", 1000, "invalid", None)


def test_the_client_runs_in_a_new_interpreter_without_other_modules() -> None:
    program = (
        "import sys, sfml_network; sfml_network.Http(); print('json' in sys.modules, 'ssl' in sys.modules)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert outcome.stdout == "False False\n"
