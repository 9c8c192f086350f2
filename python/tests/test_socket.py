"""What all sockets share: modes, constants, context managers, descriptors, destruction, subclasses, documentation."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import io
import os
import re
import selectors
import socket
import weakref
from collections.abc import Callable, Iterator

import pytest
from peers import unix_only
from sfml.network import (
    IpAddress,
    Packet,
    Socket,
    SocketError,
    SocketNotReady,
    SocketSelector,
    Status,
    TcpListener,
    TcpSocket,
    UdpSocket,
)
from sfml_network import _native

Pair = tuple[TcpSocket, TcpSocket]
AnySocket = TcpSocket | UdpSocket | TcpListener
KINDS: list[type[AnySocket]] = [TcpSocket, UdpSocket, TcpListener]

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@contextlib.contextmanager
def opened(kind: type[AnySocket]) -> Iterator[AnySocket]:
    """An open socket of any kind."""
    with kind() as each:
        open_it(each)
        yield each


def open_it(each: AnySocket) -> None:
    match each:
        case TcpSocket():
            with socket.create_server(("127.0.0.1", 0)) as listener:
                each.connect("127.0.0.1", listener.getsockname()[1])
        case UdpSocket():
            each.bind(0, IpAddress.LOCAL_HOST)
        case TcpListener():
            each.listen(0, IpAddress.LOCAL_HOST)


def test_the_status_constants() -> None:
    numbers = {"DONE": 0, "NOT_READY": 1, "PARTIAL": 2, "DISCONNECTED": 3, "ERROR": 4}
    for name, number in numbers.items():
        assert getattr(Socket, name) == number
        assert getattr(TcpSocket, name) is getattr(Socket, name) is Status[name]
    assert Socket.ANY_PORT == 0


def test_the_base_class_is_not_created() -> None:
    with pytest.raises(NotImplementedError, match="TcpSocket, UdpSocket or TcpListener"):
        Socket()


@each_kind
def test_the_mode_is_blocking_until_changed_and_survives_everything(kind: type[AnySocket]) -> None:
    with kind() as each:
        assert each.blocking is True
        each.blocking = False
        for _ in range(2):
            with contextlib.suppress(SocketNotReady):  # what a connect in the background says
                open_it(each)
            assert each.blocking is False
            each.close()
        assert each.blocking is False
        each.blocking = 1  # type: ignore[assignment]
        assert each.blocking is True
        with pytest.raises((AttributeError, TypeError)):
            del each.blocking


@each_kind
def test_a_with_block_closes(kind: type[AnySocket]) -> None:
    with opened(kind) as each:
        number = each.fileno()
        assert (each.closed, number >= 0) == (False, True)
    assert (each.closed, each.fileno()) == (True, -1)


@each_kind
def test_a_with_block_closes_when_it_fails_and_hides_nothing(kind: type[AnySocket]) -> None:
    each = kind()

    def open_and_fail() -> None:
        with each:
            open_it(each)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        open_and_fail()
    assert each.closed


@each_kind
def test_closing_is_possible_at_any_time(kind: type[AnySocket]) -> None:
    with opened(kind) as each:
        for _ in range(3):
            each.close()
        assert each.closed
        assert each.local_port == 0


@unix_only
@each_kind
def test_one_left_open_warns_and_names_the_remedy(kind: type[AnySocket]) -> None:
    each = kind()
    open_it(each)
    remedy = {TcpSocket: "disconnect", UdpSocket: "unbind", TcpListener: "close"}[kind]
    sentence = rf"unclosed {kind.__name__} on port {each.local_port}: call {remedy}\(\) or use 'with'"
    number = each.fileno()
    with pytest.warns(ResourceWarning, match=sentence):
        del each
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)


@each_kind
def test_one_that_was_closed_or_never_opened_does_not_warn(kind: type[AnySocket]) -> None:
    each = kind()
    del each
    with opened(kind):
        pass
    gc.collect()


@unix_only
@each_kind
def test_its_descriptor_number_is_that_of_the_system(kind: type[AnySocket]) -> None:
    with opened(kind) as each:
        assert os.fstat(each.fileno()).st_mode & 0o170000 == 0o140000
        assert os.get_inheritable(each.fileno()) is False


@each_kind
def test_detach_hands_the_descriptor_over(kind: type[AnySocket]) -> None:
    each = kind()
    open_it(each)
    port, number = each.local_port, each.fileno()
    with socket.socket(fileno=each.detach()) as theirs:
        assert (theirs.fileno(), theirs.getsockname()[1]) == (number, port)
        assert each.closed
    with pytest.raises(SocketError, match="no descriptor"):
        each.detach()


def test_a_detached_connection_goes_on(pair: Pair) -> None:
    client, server = pair
    client.send(b"before")
    with socket.socket(fileno=client.detach()) as theirs:
        theirs.sendall(b" after")
        assert server.receive_exact(12, 5) == b"before after"
        server.send(b"answer")
        assert theirs.recv(100) == b"answer"


def test_a_detached_socket_blocks_as_new_ones_do(pair: Pair) -> None:
    client, server = pair
    client.blocking = False
    with pytest.raises(SocketNotReady):
        client.receive(1)
    with socket.socket(fileno=client.detach()) as theirs:
        assert theirs.gettimeout() is None
        theirs.settimeout(5)
        server.send(b"x")
        assert theirs.recv(1) == b"x"


def test_selectors_of_the_standard_library_take_it(pair: Pair) -> None:
    client, server = pair
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ, "server")
        assert selector.select(0) == []
        client.send(b"x")
        ((key, _),) = selector.select(5)
        assert key.data == "server"
        assert server.receive(10) == b"x"


def test_asyncio_watches_it(pair: Pair) -> None:
    client, server = pair

    async def received() -> bytes:
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[bytes] = loop.create_future()
        loop.add_reader(server, lambda: arrived.set_result(server.receive(10)))
        client.send(b"hello")
        try:
            return await asyncio.wait_for(arrived, 5)
        finally:
            loop.remove_reader(server)

    assert asyncio.run(received()) == b"hello"


@pytest.mark.parametrize("kind", [*KINDS, SocketSelector, Packet], ids=lambda kind: kind.__name__)
def test_a_subclass_may_have_its_own_init(kind: type[AnySocket]) -> None:
    class Named(kind):  # type: ignore[valid-type, misc]
        def __init__(self, name: str, *, loud: bool = False) -> None:
            super().__init__()
            self.name, self.loud = name, loud

    class Plain(kind):  # type: ignore[valid-type, misc]
        pass

    named = Named("mine", loud=True)
    assert (named.name, named.loud) == ("mine", True)
    assert isinstance(named, kind)
    assert repr(named).startswith("<Named ")
    with pytest.raises(TypeError):
        Plain("too", "much")


@each_kind
def test_arguments_are_refused(kind: Callable[..., AnySocket]) -> None:
    with pytest.raises(TypeError, match="argument"):
        kind(1)
    with pytest.raises(TypeError, match="argument"):
        kind(port=1)


@each_kind
def test_weak_references_are_possible(kind: type[AnySocket]) -> None:
    each = kind()
    gone = weakref.ref(each)
    assert gone() is each
    del each
    assert gone() is None


@each_kind
def test_sockets_are_equal_to_themselves_only_and_cannot_be_copied(kind: type[AnySocket]) -> None:
    one, other = kind(), kind()
    assert one == one
    assert one != other
    assert len({one, other, one}) == 2
    with pytest.raises(TypeError, match="pickle"):
        one.__reduce_ex__(4)


CLASSES = [value for value in vars(_native).values() if isinstance(value, type)]
MEMBERS = [
    pytest.param(member, id=f"{cls.__name__}.{name}")
    for cls in CLASSES
    for name, member in vars(cls).items()
    if not name.startswith("_") and callable(member)
]


@pytest.mark.parametrize("member", MEMBERS)
def test_every_method_has_a_signature_and_a_docstring(member: Callable[..., object]) -> None:
    assert inspect.getdoc(member)
    parameters = inspect.signature(member).parameters.values()
    assert all(each.kind is not each.VAR_POSITIONAL for each in parameters)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_class_has_a_signature_a_docstring_and_a_documented_home(cls: type) -> None:
    assert inspect.getdoc(cls)
    parameters = inspect.signature(cls).parameters.values()
    assert sum(each.kind is not each.KEYWORD_ONLY for each in parameters) <= 3
    assert cls.__module__ == "sfml.network"


def test_signatures_name_the_documented_parameters() -> None:
    def names(method: Callable[..., object]) -> list[str]:
        return [name for name in inspect.signature(method).parameters if name != "self"]

    assert names(TcpSocket.connect)[:3] == ["remote_address", "remote_port", "timeout"]
    assert names(TcpSocket.send)[0] == "data"
    assert names(TcpSocket.receive)[0] == "size"
    assert names(UdpSocket.send)[:3] == ["data", "remote_address", "port"]
    assert names(UdpSocket.bind)[0] == names(TcpListener.listen)[0] == "port"
    assert names(SocketSelector.wait) == ["timeout"]
    assert names(SocketSelector.add)[0] == "socket"


def test_help_is_readable() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        help(TcpSocket)
    unwrapped = re.sub(r"[\s|]", "", out.getvalue())
    assert "connect(self,/,remote_address,remote_port=Ellipsis,timeout=None" in unwrapped
