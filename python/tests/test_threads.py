"""Several threads: those that do not wait lose nothing, closing ends calls, no byte goes to the wrong reader."""

from __future__ import annotations

import collections
import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable

import peers
import pytest
from peers import LOOPBACK
from sfml.network import (
    IpAddress,
    Packet,
    SocketDisconnected,
    SocketException,
    SocketSelector,
    TcpListener,
    TcpSocket,
    UdpSocket,
)
from sleepers import Waiter, needs_proc
from waits import WAITS

each_wait = pytest.mark.parametrize("name", WAITS)


def ticks_beside(call: Callable[[], object]) -> float:
    """How many times a second another thread comes round while this one is in a call."""
    ticks, over = 0, False

    def tick() -> None:
        nonlocal ticks
        while not over:
            time.sleep(0.0005)
            ticks += 1

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.perf_counter()
    call()
    elapsed = time.perf_counter() - start
    over = True
    ticker.join()
    return ticks / elapsed


@pytest.mark.slow
@each_wait
def test_other_threads_keep_their_ticks_while_a_call_waits(name: str) -> None:
    limit, attempts = 0.1, 12
    nobody_wakes_it = threading.Event()
    best = 0.0
    with WAITS[name]() as wait:

        def call() -> None:
            with contextlib.suppress(SocketException):
                wait.call(limit)

        for _ in range(attempts):
            undisturbed = ticks_beside(lambda: nobody_wakes_it.wait(limit))
            best = max(best, ticks_beside(call) / undisturbed)
            if best >= 0.95:
                break
    print(f"ticks beside {name}: {best:.2f} of the undisturbed")
    assert best >= 0.95


def test_other_threads_run_beside_a_receive_that_never_has_to_wait() -> None:
    with peers.connected_to_a_stream() as ours:
        ticks = ticks_beside(lambda: ours.receive_exact(128 << 20, 15))
    print(f"{ticks:.0f} ticks a second beside a stream")
    assert ticks > 20


@needs_proc
@each_wait
def test_closing_from_another_thread_ends_a_waiting_call(name: str) -> None:
    worst = 0.0
    for _ in range(5):
        with WAITS[name]() as wait, Waiter(lambda: wait.call(None)) as waiter:
            start = time.monotonic()
            wait.end()
        if name == "selector_wait":
            assert waiter.result is False
        else:
            assert isinstance(waiter.error, SocketException)
            assert "closed" in str(waiter.error) or "ended" in str(waiter.error), waiter.error
        worst = max(worst, waiter.ended_at - start)
    print(f"closing ends {name} within {worst * 1000:.1f} ms")
    assert worst < 1


@needs_proc
def test_a_waiting_call_on_a_connection_is_told_that_it_is_over(pair: tuple[TcpSocket, TcpSocket]) -> None:
    client, _ = pair
    with Waiter(lambda: client.receive(1)) as waiter:
        client.disconnect()
    assert isinstance(waiter.error, SocketDisconnected)


@needs_proc
def test_connecting_anew_ends_a_call_on_the_old_connection(pair: tuple[TcpSocket, TcpSocket]) -> None:
    client, _ = pair
    with socket.create_server((LOOPBACK, 0)) as other:
        with Waiter(lambda: client.receive(1)) as waiter:
            client.connect(LOOPBACK, other.getsockname()[1], 5)
        assert isinstance(waiter.error, SocketDisconnected)
        theirs, _ = other.accept()
        with theirs:
            theirs.sendall(b"new")
            assert client.receive(3, 5) == b"new"


@needs_proc
def test_many_waiting_threads_are_all_told(pair: tuple[TcpSocket, TcpSocket]) -> None:
    client, _ = pair
    with contextlib.ExitStack() as waiting:
        waiters = [waiting.enter_context(Waiter(lambda: client.receive(1))) for _ in range(8)]
        client.disconnect()
    assert all(isinstance(waiter.error, SocketDisconnected) for waiter in waiters)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_ten_thousand_closings_never_deliver_foreign_bytes() -> None:
    """A reader races with the closing of its socket, while others keep taking the numbers that become free."""
    chance = random.Random(4)
    races: collections.deque[UdpSocket | TcpSocket] = collections.deque()
    handed, taken = threading.Semaphore(0), threading.Semaphore(0)
    foreign: list[bytes] = []
    told = reused = 0

    def read() -> None:
        nonlocal told
        for _ in range(10_000):
            handed.acquire()
            victim = races.popleft()
            taken.release()
            try:
                received = victim.receive(100)
            except SocketException:
                told += 1
            else:
                foreign.append(received if isinstance(received, bytes) else received[0])

    reader = threading.Thread(target=read)
    reader.start()
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        for race in range(10_000):
            victim: UdpSocket | TcpSocket
            server = None
            if race % 2:
                victim = UdpSocket()
                victim.bind(0, IpAddress.LOCAL_HOST)
            else:
                victim = TcpSocket()
                victim.connect(IpAddress.LOCAL_HOST, listener.local_port, 5)
                server = listener.accept(timeout=5)
            number = victim.fileno()
            races.append(victim)
            handed.release()
            taken.acquire()
            for _ in range(chance.randrange(300)):
                pass
            victim.close()
            one, other = socket.socketpair()
            one.send(b"foreign")
            other.send(b"foreign")
            reused += number in (one.fileno(), other.fileno())
            one.close()
            other.close()
            if server is not None:
                server.disconnect()
    reader.join(20)
    assert not reader.is_alive()
    print(f"10,000 races: {len(foreign)} foreign reads, {reused} numbers taken anew")
    assert foreign == []
    assert told == 10_000
    assert reused > 5_000


def test_frames_of_many_senders_do_not_mix(pair: tuple[TcpSocket, TcpSocket]) -> None:
    client, server = pair

    def send(sender: int) -> None:
        for number in range(50):
            client.send_packet(
                Packet().write_u32(sender).write_u32(number).append(bytes([sender]) * 20_000), 15
            )

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(8)]
    for each in senders:
        each.start()
    expected = [0] * len(senders)
    for _ in range(50 * len(senders)):
        packet = server.receive_packet(timeout=15)
        sender, number = packet.read_u32(), packet.read_u32()
        assert number == expected[sender]
        assert packet.read_bytes(20_000) == bytes([sender]) * 20_000
        expected[sender] += 1
    for each in senders:
        each.join()


def test_each_datagram_goes_to_one_of_many_receivers(udp_pair: tuple[UdpSocket, UdpSocket]) -> None:
    receiver, sender = udp_pair
    received: list[bytes] = []

    def receive() -> None:
        while (data := receiver.receive(100, 15)[0]) != b"end":
            received.append(data)

    receivers = [threading.Thread(target=receive) for _ in range(4)]
    for each in receivers:
        each.start()
    for number in range(1000):
        sender.send(b"%d" % number, IpAddress.LOCAL_HOST, receiver.local_port)
        while number - len(received) > 100:  # what is not received fills the buffer, and more is dropped
            time.sleep(0)
    for _ in receivers:
        sender.send(b"end", IpAddress.LOCAL_HOST, receiver.local_port)
    for each in receivers:
        each.join()
    assert sorted(map(int, received)) == list(range(1000))


def test_many_threads_on_one_selector() -> None:
    selector = SocketSelector()
    over = threading.Event()
    failures: list[BaseException] = []

    def guarded(work: Callable[[], object]) -> None:
        try:
            while not over.is_set():
                work()
        except BaseException as failure:
            failures.append(failure)

    def come_and_go() -> None:
        with peers.bound() as (one, other):
            selector.add(one)
            selector.add(other, writable=True)
            one.send(b"x", IpAddress.LOCAL_HOST, other.local_port)
            other.receive(10, 5)
            selector.remove(one)

    def look() -> None:
        selector.wait(0.001)
        for each in selector:
            selector.is_ready(each)
            selector.is_writable(each)
        len(selector)

    works = [come_and_go, come_and_go, look, look, selector.wake, selector.poll]
    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for each in threads:
        each.start()
    over.wait(0.5)
    over.set()
    for each in threads:
        each.join()
    assert failures == []
    assert len(selector) == 0


def test_a_thread_may_change_the_mode_of_a_socket_others_use(pair: tuple[TcpSocket, TcpSocket]) -> None:
    client, server = pair
    over = threading.Event()

    def toggle() -> None:
        while not over.is_set():
            client.blocking = not client.blocking

    toggler = threading.Thread(target=toggle)
    toggler.start()
    for _ in range(500):
        server.send(b"x")
        server.send(b"y")
        received = b""
        while len(received) < 2:
            received += client.try_receive(2 - len(received)) or b""
        assert received == b"xy"
    over.set()
    toggler.join()


@needs_proc
def test_a_waiting_call_keeps_its_socket_alive() -> None:
    with peers.connected_to_stdlib() as (ours, theirs):
        sockets = [ours]
        with Waiter(lambda: sockets.pop().receive(10)) as waiter:
            del ours
            theirs.sendall(b"hello")
        assert waiter.result == b"hello"
