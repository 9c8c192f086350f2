"""What it looks like when a call cannot do what it was asked: it ends in time, and says why."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from account import MismatchError, check, tell
from sfml.network import (
    IpAddress,
    SocketDisconnected,
    SocketError,
    SocketException,
    SocketNotReady,
    TcpListener,
    TcpSocket,
)
from sfml.system import Clock, milliseconds, seconds

ALLOWED = milliseconds(50)
# Much longer than any of the calls should take, for computers that are busy.
LIMIT = seconds(5)


def give_up() -> None:
    """Makes calls that cannot succeed, and shows when and how they end."""
    receive_from_a_silent_peer()
    connect_to_a_full_server()
    connect_to_a_closed_port()
    interrupted_by_ctrl_c()
    closed_by_another_thread()


def receive_from_a_silent_peer() -> None:
    with (
        connected() as client,
        ends_with(SocketNotReady, "a receive that may take 50 ms, from a silent peer"),
    ):
        client.receive(64, ALLOWED)


def connect_to_a_full_server() -> None:
    """The server lets one connection wait, and accepts none."""
    with TcpListener() as listener, ExitStack() as waiting:
        listener.listen(0, IpAddress.LOCAL_HOST, backlog=0)
        # Some systems refuse at once instead of letting the client try again.
        with ends_with(SocketException, "a connect that may take 50 ms, to a server that is busy"):
            for _ in range(16):
                client = waiting.enter_context(TcpSocket())
                client.connect(IpAddress.LOCAL_HOST, listener.local_port, ALLOWED)


def connect_to_a_closed_port() -> None:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        port = listener.local_port
    with TcpSocket() as client, ends_with(SocketError, "a connect to a port nobody listens on"):
        client.connect(IpAddress.LOCAL_HOST, port, LIMIT)


def interrupted_by_ctrl_c() -> None:
    """A timer does what Ctrl-C does."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with connected() as client, ends_with(KeyboardInterrupt, "a receive, and Ctrl-C after 50 ms"):
            threading.Timer(ALLOWED.seconds, signal.raise_signal, [signal.SIGINT]).start()
            client.receive(64, LIMIT)
    finally:
        signal.signal(signal.SIGINT, previous)


def closed_by_another_thread() -> None:
    call = "a receive on a socket that another thread closed after 50 ms"
    with connected() as client, ends_with(SocketDisconnected, call):
        threading.Timer(ALLOWED.seconds, client.disconnect).start()
        client.receive(64, LIMIT)


@contextmanager
def connected() -> Iterator[TcpSocket]:
    """A socket whose peer never says anything."""
    with TcpListener() as listener, TcpSocket() as client:
        listener.listen(0, IpAddress.LOCAL_HOST)
        client.connect(IpAddress.LOCAL_HOST, listener.local_port, LIMIT)
        with listener.accept(timeout=LIMIT):
            yield client


@contextmanager
def ends_with(expected: type[BaseException], call: str) -> Iterator[None]:
    """Tells when and how a call ended, if it was with that exception and in time."""
    clock = Clock()
    try:
        yield
    except expected as error:
        elapsed = clock.elapsed_time
        check(elapsed < LIMIT, f"{call} took {elapsed.seconds:.1f} s")
        tell(f"{elapsed.seconds * 1000:.1f} ms", call)
        tell("", f"{type(error).__name__}: {error}".removesuffix(": "))
    else:
        raise MismatchError(f"{call} succeeded")
