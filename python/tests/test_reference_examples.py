"""The usage examples of the documentation: the same calls, in the same order, with the same types of arguments.

Hosts are loopback, ports are chosen by the system, and the names that the examples leave undefined are bound;
what they print and send is worded differently.
"""

# ruff: noqa: UP012, UP030, UP032 (written as the documentation writes)

from __future__ import annotations

import contextlib
import errno
import functools
import socket as standard
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sfml
import sfml.network
from ftp_peers import pyftpdlib
from peers import NOBODY


class Background:
    """The other program of an example, in a thread; its failure is the test's."""

    def __init__(self, program: Callable[[], None]) -> None:
        self._program = program
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exception: object) -> None:
        self._thread.join(15)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            self._program()
        except BaseException as failure:
            self._failure = failure


def test_ip_address_example(monkeypatch: pytest.MonkeyPatch) -> None:
    # As printed it would ask services on the internet.
    asked = functools.partial(sfml.network.IpAddress.get_public_address, services=NOBODY)
    monkeypatch.setattr(sfml.network.IpAddress, "get_public_address", asked)

    ip0 = sfml.network.IpAddress()
    ip1 = sfml.network.IpAddress.NONE
    ip2 = sfml.network.IpAddress.from_string("127.0.0.1")
    ip3 = sfml.network.IpAddress.BROADCAST
    ip4 = sfml.network.IpAddress.from_bytes(192, 168, 1, 56)
    ip5 = sfml.network.IpAddress.from_string("my_computer")
    ip6 = sfml.network.IpAddress.from_string("89.54.1.169")
    ip7 = sfml.network.IpAddress.from_string("localhost")
    ip8 = sfml.network.IpAddress.get_local_address()
    ip9 = sfml.network.IpAddress.get_public_address()

    assert ip0 == ip1
    assert not ip0
    assert [ip.string for ip in (ip2, ip3, ip4, ip6)] == [
        "127.0.0.1",
        "255.255.255.255",
        "192.168.1.56",
        "89.54.1.169",
    ]
    assert isinstance(ip5, sfml.network.IpAddress)
    assert ip7 == ip2
    assert isinstance(ip8, sfml.network.IpAddress)
    assert ip9 == sfml.network.IpAddress.NONE


def test_tcp_socket_example(capsys: pytest.CaptureFixture[str]) -> None:
    listening = threading.Event()
    listener = sfml.network.TcpListener()
    server_socket = sfml.network.TcpSocket()  # the server part hands its undefined `socket` to accept()

    def server() -> None:
        socket = server_socket
        listener.listen(sfml.network.Socket.ANY_PORT)
        listening.set()

        socket = listener.accept(socket)
        print("A client came from {0}".format(socket.remote_address))

        message = socket.receive(1024)
        print("It said: {0}".format(message.decode("utf-8")))

        socket.send("Good evening".encode("utf-8"))

    with Background(server):
        assert listening.wait(10)
        socket = sfml.network.TcpSocket()
        socket.connect(sfml.network.IpAddress.from_string("127.0.0.1"), listener.local_port)

        message = "A client speaks".encode("utf-8")
        socket.send(message)

        answer = socket.receive(1024)
        print("The answer: {0}".format(answer.decode("utf-8")))

    for each in (socket, server_socket):
        each.disconnect()
    listener.close()
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["A client came from 127.0.0.1", "It said: A client speaks", "The answer: Good evening"]


def test_udp_socket_example(capsys: pytest.CaptureFixture[str]) -> None:
    bound = threading.Event()
    server_socket = sfml.network.UdpSocket()

    def server() -> None:
        socket = server_socket
        socket.bind(sfml.network.Socket.ANY_PORT)
        bound.set()

        message, sender, port = socket.receive(1024)
        ip = sender  # the example prints a name that it never binds
        print("{0} wrote: {1}".format(ip.string, message.decode("utf-8")))

        answer = "Hello, {0}".format(sender.string)
        socket.send(answer, sender, port)

    with Background(server):
        assert bound.wait(10)
        socket = sfml.network.UdpSocket()
        socket.bind(sfml.network.Socket.ANY_PORT)

        message = "It is {0}".format(sfml.network.IpAddress.get_local_address().string)
        socket.send(
            message.encode("utf-8"), sfml.network.IpAddress.from_string("127.0.0.1"), server_socket.local_port
        )

        answer, sender, port = socket.receive(1024)
        print("{0} answered: {1}".format(sender.string, answer.decode("utf-8")))
        assert port == server_socket.local_port

    socket.unbind()
    server_socket.unbind()
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"127.0.0.1 wrote: It is {sfml.network.IpAddress.get_local_address().string}"
    assert second == "127.0.0.1 answered: Hello, 127.0.0.1"


def test_tcp_listener_example(capsys: pytest.CaptureFixture[str]) -> None:
    served: list[int] = []

    def do_something_with(client: sfml.network.TcpSocket) -> None:
        served.append(client.remote_port)
        client.disconnect()

    listener = sfml.network.TcpListener()
    listener.listen(sfml.network.Socket.ANY_PORT)
    callers = [standard.create_connection(("127.0.0.1", listener.local_port)) for _ in range(3)]

    running = True
    while running:
        try:
            client = listener.accept()
        except sfml.network.SocketException as error:
            print("This went wrong: {0}".format(error))
            exit()

        print("Somebody came from {0}".format(client.remote_address))
        do_something_with(client)
        running = len(served) < len(callers)

    assert served == [caller.getsockname()[1] for caller in callers]
    assert capsys.readouterr().out == "Somebody came from 127.0.0.1\n" * 3
    for caller in callers:
        caller.close()
    listener.close()


def test_tcp_listener_example_when_accept_fails(capsys: pytest.CaptureFixture[str]) -> None:
    listener = sfml.network.TcpListener()
    try:
        listener.accept()
    except sfml.network.SocketException as error:
        print("This went wrong: {0}".format(error))
    assert "not listening" in capsys.readouterr().out


def test_ftp_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "local-path").mkdir()
    (tmp_path / "local-path/file.txt").write_bytes(b"one\ntwo\n")
    monkeypatch.chdir(tmp_path)
    with contextlib.ExitStack() as stack:
        try:
            # The example names no port, so the server has to have the usual one, on an address of its own.
            running = pyftpdlib(tmp_path / "served", "127.0.0.2", 21, "login", "password")
            stack.enter_context(running)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EADDRNOTAVAIL, errno.EADDRINUSE):
                raise
            pytest.skip(f"platform: port 21 of 127.0.0.2 is not to be had: {error}")

        ftp = sfml.network.Ftp()

        response = ftp.connect(sfml.network.IpAddress.from_string("127.0.0.2"))
        if response.ok:
            print("We are connected")

        response = ftp.login("login", "password")
        if response.ok:
            print("We are logged in")

        directory_response = ftp.get_working_directory()
        if directory_response.ok:
            print("We are in {0}".format(directory_response.get_directory))

        response = ftp.create_directory("files")
        if response.ok:
            print("There is a new directory")

        response = ftp.upload("local-path/file.txt", "files", sfml.network.Ftp.ASCII)
        if response.ok:
            print("The file is there")

        ftp.disconnect()
        assert not ftp.connected

    assert capsys.readouterr().out.splitlines() == [
        "We are connected",
        "We are logged in",
        "We are in /",
        "There is a new directory",
        "The file is there",
    ]
    assert (tmp_path / "served/files/file.txt").read_bytes() == b"one\ntwo\n"
