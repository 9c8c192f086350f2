"""`TcpListener`: listens, accepts, stops; the standard library is the second opinion."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator

import pytest
from peers import LOOPBACK
from sfml.network import IpAddress, Socket, SocketError, SocketNotReady, TcpListener, TcpSocket
from sfml.system import milliseconds, seconds


@pytest.fixture
def listener() -> Iterator[TcpListener]:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        yield listener


@contextlib.contextmanager
def caller_of(listener: TcpListener) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, listener.local_port), timeout=5) as theirs:
        yield theirs


def test_a_new_listener_does_not_listen() -> None:
    new = TcpListener()
    assert (new.local_port, new.local_address, new.closed) == (0, IpAddress.NONE, True)
    new.close()


def test_listen_takes_any_port_or_a_given_one(listener: TcpListener) -> None:
    assert listener.local_port > 0
    free = listener.local_port
    listener.close()
    assert listener.local_port == 0
    with TcpListener() as other:
        other.listen(free)
        assert (other.local_port, other.local_address) == (free, IpAddress.ANY)


@pytest.mark.parametrize("address", [IpAddress.LOCAL_HOST, "127.0.0.1", ipaddress.ip_address("127.0.0.1")])
def test_listen_on_one_interface(address: IpAddress | str) -> None:
    with TcpListener() as listener:
        listener.listen(port=Socket.ANY_PORT, address=address)
        assert listener.local_address == IpAddress.LOCAL_HOST


def test_listening_again_stops_the_first(listener: TcpListener) -> None:
    first = listener.local_port
    listener.listen(0, IpAddress.LOCAL_HOST)
    assert listener.local_port != first
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, first))


def test_a_server_restarts_at_once(listener: TcpListener) -> None:
    port = listener.local_port
    with caller_of(listener) as theirs:
        # The end that closes first keeps the port in TIME_WAIT.
        listener.accept().disconnect()
        assert theirs.recv(1) == b""
    listener.close()
    listener.listen(port, IpAddress.LOCAL_HOST)
    assert listener.local_port == port


def test_a_port_in_use_is_named_as_such(listener: TcpListener) -> None:
    with TcpListener() as other:
        with pytest.raises(SocketError, match="already uses that port") as caught:
            other.listen(listener.local_port, IpAddress.LOCAL_HOST)
        assert str(listener.local_port) in str(caught.value)
        assert other.local_port == 0


def test_accept_returns_a_connected_socket(listener: TcpListener) -> None:
    with caller_of(listener) as theirs, listener.accept() as ours:
        assert type(ours) is TcpSocket
        assert (ours.remote_address.string, ours.remote_port) == theirs.getsockname()
        assert ours.local_port == listener.local_port
        theirs.sendall(b"hello")
        assert ours.receive(100) == b"hello"


def test_accept_fills_the_socket_it_is_given(listener: TcpListener) -> None:
    with caller_of(listener) as first, caller_of(listener) as second, TcpSocket() as ours:
        assert listener.accept(ours) is ours
        assert ours.remote_port == first.getsockname()[1]
        assert listener.accept(socket=ours) is ours
        assert first.recv(1) == b""
        assert ours.remote_port == second.getsockname()[1]


def test_accept_into_a_subclass(listener: TcpListener) -> None:
    class Client(TcpSocket):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    with caller_of(listener) as theirs, listener.accept(Client("first")) as ours:
        assert (ours.name, ours.remote_port) == ("first", theirs.getsockname()[1])


def test_accepted_sockets_block_whatever_the_listener_does(listener: TcpListener) -> None:
    listener.blocking = False
    with caller_of(listener), accepted_soon(listener) as ours:
        assert ours.blocking


def accepted_soon(listener: TcpListener) -> TcpSocket:
    listener.blocking = True
    try:
        return listener.accept(timeout=5)
    finally:
        listener.blocking = False


def test_nobody_there_is_not_ready(listener: TcpListener) -> None:
    assert listener.try_accept() is None
    with pytest.raises(SocketNotReady):
        listener.accept(timeout=milliseconds(10))
    listener.blocking = False
    with pytest.raises(SocketNotReady):
        listener.accept(timeout=seconds(5))
    assert listener.try_accept() is None


def test_try_accept_takes_who_is_there(listener: TcpListener) -> None:
    with caller_of(listener) as theirs, contextlib.ExitStack() as cleanup:
        # connect() returns before the system has queued the connection for us.
        ours = None
        while ours is None:
            ours = listener.try_accept()
        cleanup.enter_context(ours)
        assert ours.remote_port == theirs.getsockname()[1]


def test_a_caller_who_hangs_up_before_accept_does_not_block_it(listener: TcpListener) -> None:
    with caller_of(listener) as theirs:
        theirs.sendall(b"hello")
    with listener.accept(timeout=5) as ours:
        assert ours.receive(100) == b"hello"


def test_many_callers_are_accepted_in_turn(listener: TcpListener) -> None:
    with contextlib.ExitStack() as held:
        callers = [held.enter_context(caller_of(listener)) for _ in range(100)]
        accepted = [held.enter_context(listener.accept(timeout=5)) for _ in callers]
        assert {ours.remote_port for ours in accepted} == {theirs.getsockname()[1] for theirs in callers}


def test_a_small_backlog_is_taken() -> None:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST, backlog=1)
        with caller_of(listener), listener.accept(timeout=5) as ours:
            assert not ours.closed


def test_both_kinds_of_addresses_reach_a_dual_stack_listener() -> None:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.ANY_V6)
        for host in (LOOPBACK, "::1"):
            with (
                socket.create_connection((host, listener.local_port), timeout=5) as theirs,
                listener.accept(timeout=5) as ours,
            ):
                assert ours.remote_address.string == theirs.getsockname()[0] == host


def test_closing_refuses_new_callers_and_keeps_old_connections(listener: TcpListener) -> None:
    port = listener.local_port
    with caller_of(listener) as theirs, listener.accept(timeout=5) as ours:
        listener.close()
        listener.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, port))
        theirs.sendall(b"still here")
        assert ours.receive(100) == b"still here"


def test_its_repr_says_where_it_stands(listener: TcpListener) -> None:
    assert repr(listener) == f"<TcpListener on port {listener.local_port}>"
    listener.close()
    assert repr(listener) == "<TcpListener not listening>"
