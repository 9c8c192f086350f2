"""The exception family: catchable by our names and by the standard library's, with a number and a sentence."""

from __future__ import annotations

import copy
import doctest
import errno
import pickle
import time

import pytest
import sfml_network.exceptions
from sfml_network import (
    Socket,
    SocketDisconnect,
    SocketDisconnected,
    SocketError,
    SocketException,
    SocketNotReady,
    Status,
)

CONCRETE = [SocketNotReady, SocketDisconnected, SocketError]


@pytest.mark.parametrize(
    ("cls", "standard", "status"),
    [
        (SocketNotReady, BlockingIOError, Status.NOT_READY),
        (SocketDisconnected, ConnectionError, Status.DISCONNECTED),
        (SocketError, OSError, Status.ERROR),
    ],
)
def test_each_is_caught_by_three_names(
    cls: type[SocketException], standard: type[OSError], status: Status
) -> None:
    for caught_as in (cls, standard, OSError, SocketException):
        with pytest.raises(caught_as) as caught:
            raise cls(errno.EIO, "the sentence")
        assert caught.value.args == (errno.EIO, "the sentence")
    assert cls.status is status
    assert cls().status == int(status)


def test_the_three_are_told_apart() -> None:
    for cls in CONCRETE:
        assert [issubclass(cls, other) for other in CONCRETE].count(True) == 1
    assert not issubclass(SocketError, (BlockingIOError, ConnectionError))


def test_both_spellings_are_one_class() -> None:
    assert SocketDisconnect is SocketDisconnected


@pytest.mark.parametrize("cls", CONCRETE)
def test_number_and_sentence(cls: type[SocketException]) -> None:
    error = cls(errno.ECONNREFUSED, "nobody listens on 127.0.0.1:9")
    assert type(error) is cls
    assert error.errno == errno.ECONNREFUSED
    assert error.strerror == str(error) == "nobody listens on 127.0.0.1:9"
    assert repr(error) == f"{cls.__name__}({errno.ECONNREFUSED}, 'nobody listens on 127.0.0.1:9')"


@pytest.mark.parametrize("cls", [*CONCRETE, SocketException])
def test_sentence_alone_or_nothing(cls: type[SocketException]) -> None:
    assert str(cls("only words")) == "only words"
    assert str(cls()) != ""


@pytest.mark.parametrize("cls", [SocketDisconnected, SocketError, SocketException])
def test_without_a_number_there_is_none(cls: type[SocketException]) -> None:
    for error in (cls("only words"), cls()):
        assert error.errno is None
        assert error.strerror is None


def test_not_ready_has_its_number_and_sentence_without_being_told() -> None:
    error = SocketNotReady()
    assert error.errno == errno.EWOULDBLOCK
    assert error.strerror == str(error) == "the operation would have to wait"
    assert SocketNotReady("later").strerror == "later"
    assert SocketNotReady(errno.EINPROGRESS, "still connecting").errno == errno.EINPROGRESS
    error.errno, error.strerror = errno.EINTR, "interrupted"
    assert (error.errno, str(error)) == (errno.EINTR, "interrupted")


def test_an_unknown_attribute_is_an_attribute_error() -> None:
    for cls in (*CONCRETE, SocketException):
        with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
            cls().nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_partial_tells_what_had_arrived() -> None:
    error = SocketDisconnected(errno.ECONNRESET, "the peer reset the connection")
    assert error.partial == b""
    error.partial = b"half"
    assert error.partial == b"half"
    assert SocketDisconnected().partial == b""


@pytest.mark.parametrize("cls", [*CONCRETE, SocketException])
@pytest.mark.parametrize("arguments", [(), ("words",), (errno.EPIPE, "the sentence")])
def test_copies_keep_everything(cls: type[SocketException], arguments: tuple[object, ...]) -> None:
    error = cls(*arguments)
    error.partial = b"half"
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is cls
        assert (twin.args, str(twin), twin.partial) == (error.args, str(error), b"half")
        assert twin.errno == error.errno


def test_status_numbers_are_those_of_sfml() -> None:
    assert [int(status) for status in Status] == [0, 1, 2, 3, 4]
    assert int(Status.PARTIAL) == 2
    for status in Status:
        assert getattr(Socket, status.name) == status


def test_a_subclass_keeps_the_status() -> None:
    class Mine(SocketNotReady):
        pass

    assert Mine().status is Status.NOT_READY
    with pytest.raises(BlockingIOError):
        raise Mine


def test_making_one_costs_about_as_much_as_its_standard_parent() -> None:
    def cost(cls: type[OSError], *arguments: object) -> int:
        best = 10**18
        for _ in range(20):
            before = time.perf_counter_ns()
            for _ in range(1000):
                cls(*arguments)
            best = min(best, time.perf_counter_ns() - before)
        return best

    told = (errno.EAGAIN, "the sentence")
    assert cost(SocketNotReady, *told) < 3 * cost(BlockingIOError, *told)
    assert cost(SocketNotReady) < 3 * cost(BlockingIOError)


def test_docstring_examples_run() -> None:
    result = doctest.testmod(sfml_network.exceptions)
    assert (result.failed, result.attempted > 4) == (0, True)
