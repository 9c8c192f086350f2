"""`SocketSelector`: any number of sockets, level-triggered, with sockets that come, go and come back."""

from __future__ import annotations

import gc
import socket
import time
import weakref
from datetime import timedelta

import peers
import pytest
from peers import LOOPBACK
from sfml.network import (
    IpAddress,
    Socket,
    SocketDisconnected,
    SocketError,
    SocketSelector,
    TcpListener,
    TcpSocket,
    UdpSocket,
)
from sfml.system import Time, milliseconds, seconds
from sleepers import Waiter, needs_proc, run_script

UdpPair = tuple[UdpSocket, UdpSocket]
TcpPair = tuple[TcpSocket, TcpSocket]


def send(sender: UdpSocket, receiver: UdpSocket, data: bytes = b"x") -> None:
    sender.send(data, IpAddress.LOCAL_HOST, receiver.local_port)


def test_a_new_selector_is_empty_and_true() -> None:
    selector = SocketSelector()
    assert len(selector) == 0
    assert bool(selector) is True
    assert selector.ready() == list(selector) == []


def test_wait_tells_which_sockets_are_ready(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    selector.add(other)
    assert len(selector) == 2
    send(other, one)
    assert selector.wait(5) is True
    assert (selector.is_ready(one), selector.is_ready(other)) == (True, False)
    assert selector.ready() == [one]
    assert list(selector) == [one]


def test_what_is_not_received_is_reported_again(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    for _ in range(2):
        send(other, one)
    for left in (2, 1):
        for _ in range(3):
            assert selector.wait(5)
            assert selector.is_ready(one), left
        one.receive(10)
    assert not selector.poll()
    assert not selector.is_ready(one)


@pytest.mark.parametrize("limit", [0.01, milliseconds(10), timedelta(milliseconds=10)], ids=repr)
def test_a_wait_for_nothing_ends_after_its_time(limit: Time | timedelta | float) -> None:
    with UdpSocket() as idle:
        idle.bind(0)
        for sockets in ([], [idle]):
            selector = SocketSelector()
            for each in sockets:
                selector.add(each)
            start = time.monotonic()
            assert selector.wait(limit) is False
            assert time.monotonic() - start >= 0.01


@needs_proc
@pytest.mark.parametrize("limit", [None, 0, 0.0, Time.ZERO, timedelta(0)], ids=repr)
def test_no_limit_and_zero_wait_as_long_as_it_takes(
    udp_pair: UdpPair, limit: Time | timedelta | float | None
) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    with Waiter(lambda: selector.wait(limit)) as waiter:
        send(other, one)
    assert waiter.result is True


def test_poll_never_waits(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    assert selector.poll() is False
    send(other, one)
    assert selector.poll() is True
    assert selector.is_ready(one)


def test_a_caller_makes_the_listener_ready() -> None:
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        selector = SocketSelector()
        selector.add(listener)
        assert not selector.poll()
        with socket.create_connection((LOOPBACK, listener.local_port)):
            assert selector.wait(5)
            assert selector.is_ready(listener)
            listener.accept().disconnect()


def test_a_peer_that_hung_up_is_ready(pair: TcpPair) -> None:
    client, server = pair
    selector = SocketSelector()
    selector.add(server)
    client.disconnect()
    assert selector.wait(5)
    assert selector.is_ready(server)
    with pytest.raises(SocketDisconnected):
        server.receive(1)


def test_readiness_to_send_is_told_on_request(pair: TcpPair) -> None:
    client, server = pair
    selector = SocketSelector()
    selector.add(client)
    assert not selector.poll()
    assert not selector.is_writable(client)
    selector.add(client, readable=True, writable=True)
    assert len(selector) == 1
    assert selector.wait(5)
    assert (selector.is_ready(client), selector.is_writable(client)) == (False, True)
    peers.fill(client)
    assert not selector.poll()
    server.send(b"x")
    assert selector.wait(5)
    assert (selector.is_ready(client), selector.is_writable(client)) == (True, False)
    selector.add(client, readable=False, writable=True)
    assert not selector.poll()


def test_a_socket_must_be_watched_for_something(udp_pair: UdpPair) -> None:
    with pytest.raises(TypeError, match="readable, writable"):
        SocketSelector().add(udp_pair[0], readable=False)


def test_is_ready_before_any_wait_and_for_strangers(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    send(other, one)
    assert not selector.is_ready(one)
    assert not selector.is_ready(other)
    assert not selector.is_ready(TcpSocket())
    selector.wait(5)
    assert selector.is_ready(one)
    assert not SocketSelector().is_ready(one)


def test_membership(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    assert one in selector
    assert other not in selector
    assert "something else" not in selector
    assert selector.remove(one) is True
    assert selector.remove(one) is False
    assert selector.remove(other) is False
    assert one not in selector
    assert len(selector) == 0


def test_a_removed_socket_is_not_reported(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    send(other, one)
    assert selector.wait(5)
    selector.remove(one)
    assert not selector.is_ready(one)
    assert selector.ready() == []
    assert not selector.poll()


def test_clear_removes_all(udp_pair: UdpPair) -> None:
    selector = SocketSelector()
    for each in udp_pair:
        selector.add(each)
    selector.clear()
    assert len(selector) == 0
    send(*udp_pair)
    assert not selector.poll()


def test_leaving_a_with_block_clears(udp_pair: UdpPair) -> None:
    with SocketSelector() as selector:
        selector.add(udp_pair[0])
    assert len(selector) == 0
    assert not udp_pair[0].closed


def test_a_closed_socket_leaves_by_itself(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    selector.add(other)
    send(other, one)
    assert selector.wait(5)
    one.unbind()
    assert len(selector) == 1
    assert one not in selector
    assert not selector.is_ready(one)
    assert selector.ready() == []
    assert selector.wait(milliseconds(5)) is False
    assert selector.remove(one) is False


def test_a_socket_that_comes_back_is_added_again(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    for _ in range(3):
        one.bind(0, IpAddress.LOCAL_HOST)
        assert one not in selector
        selector.add(one)
        send(other, one)
        assert selector.wait(5)
        assert selector.ready() == [one]
        one.receive(10)


def test_a_reused_descriptor_number_is_not_taken_for_the_old_socket(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    selector.add(one)
    number = one.fileno()
    one.unbind()
    with UdpSocket() as stranger:
        stranger.bind(0, IpAddress.LOCAL_HOST)
        assert stranger.fileno() == number
        send(other, stranger)
        assert not selector.poll()
        selector.add(stranger)
        assert selector.wait(5)
        assert selector.ready() == [stranger]
        assert not selector.is_ready(one)


def test_one_socket_in_several_selectors(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selectors = [SocketSelector() for _ in range(3)]
    for selector in selectors:
        selector.add(one)
    send(other, one)
    for selector in selectors:
        assert selector.wait(5)
        assert selector.is_ready(one)
    selectors[1].remove(one)
    assert [one in selector for selector in selectors] == [True, False, True]
    one.unbind()
    assert [len(selector) for selector in selectors] == [0, 0, 0]


def test_sockets_of_all_kinds_together(udp_pair: UdpPair, pair: TcpPair) -> None:
    client, server = pair
    with TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        selector = SocketSelector()
        watched: list[Socket] = [*udp_pair, client, server, listener]
        for each in watched:
            selector.add(each)
        send(udp_pair[1], udp_pair[0])
        client.send(b"x")
        ready: set[int] = set()
        while len(ready) < 2:
            assert selector.wait(5)
            ready |= {watched.index(each) for each in selector}
        assert ready == {0, 3}


def test_it_may_change_while_its_ready_sockets_are_walked(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    for each in udp_pair:
        selector.add(each)
    send(one, other)
    send(other, one)
    while len(selector.ready()) < 2:
        assert selector.wait(5)
    for ready in selector:
        selector.remove(ready)
    assert len(selector) == 0


@needs_proc
def test_wake_ends_a_wait_without_a_ready_socket() -> None:
    selector = SocketSelector()
    with Waiter(selector.wait) as waiter:
        selector.wake()
    assert waiter.result is False
    selector.wake()
    assert selector.wait(5) is False


@needs_proc
def test_a_socket_added_during_a_wait_takes_part(udp_pair: UdpPair) -> None:
    one, other = udp_pair
    selector = SocketSelector()
    send(other, one)
    with Waiter(selector.wait) as waiter:
        selector.add(one)
    assert waiter.result is True
    assert selector.ready() == [one]


def test_a_socket_that_is_not_open_cannot_be_added() -> None:
    for idle in (TcpSocket(), UdpSocket(), TcpListener()):
        with pytest.raises(SocketError, match="not open"):
            SocketSelector().add(idle)


def test_it_keeps_its_sockets_alive_and_lets_go_of_closed_ones() -> None:
    selector = SocketSelector()
    with UdpSocket() as sender:
        receiver = UdpSocket()
        receiver.bind(0, IpAddress.LOCAL_HOST)
        selector.add(receiver)
        send(sender, receiver)
        kept = weakref.ref(receiver)
        del receiver
        gc.collect()
        assert selector.wait(5)
        (found,) = selector
        assert found is kept()
        selector.remove(found)
        found.__exit__()
        del found
        assert kept() is None


def test_objects_of_departed_sockets_do_not_pile_up() -> None:
    selector = SocketSelector()
    alive: list[weakref.ref[UdpSocket]] = []
    for _ in range(200):
        with UdpSocket() as passing:
            passing.bind(0, IpAddress.LOCAL_HOST)
            selector.add(passing)
            alive.append(weakref.ref(passing))
    del passing
    selector.wait(milliseconds(1))
    assert sum(ref() is not None for ref in alive) < 50


def test_a_cycle_through_a_selector_is_collected() -> None:
    class Server(SocketSelector):
        peer: TcpSocket

    class Peer(TcpSocket):
        server: SocketSelector

    with peers.connected_to_stdlib() as (_, theirs), TcpListener() as listener:
        listener.listen(0, IpAddress.LOCAL_HOST)
        peer, server = Peer(), Server()
        peer.connect(LOOPBACK, listener.local_port)
        server.add(peer)
        server.peer, peer.server = peer, server
        gone = weakref.ref(server), weakref.ref(peer)
        peer.disconnect()
        server.wait(0.001)
        del peer, server
        gc.collect()
        assert [ref() for ref in gone] == [None, None]
        assert theirs.fileno() >= 0


def test_its_repr_counts(udp_pair: UdpPair) -> None:
    selector = SocketSelector()
    selector.add(udp_pair[0])
    assert repr(selector) == "<SocketSelector of 1 sockets>"


@pytest.mark.slow
def test_ten_thousand_sockets() -> None:
    resource = pytest.importorskip("resource", reason="platform: descriptors have no limit there")
    needed = 10_500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < needed:
        pytest.skip(f"platform: no more than {hard} descriptors are allowed")
    print(run_script(TEN_THOUSAND, str(max(soft, needed)), limit=60))


TEN_THOUSAND = """
import resource, sys
from sfml.network import *
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
sockets = [UdpSocket() for _ in range(10_000)]
selector = SocketSelector()
for each in sockets:
    each.bind(0, IpAddress.LOCAL_HOST)
    selector.add(each)
assert len(selector) == 10_000 and not selector.poll()
chosen = sockets[::100]
for each in chosen:
    sockets[1].send(b"x", IpAddress.LOCAL_HOST, each.local_port)
assert selector.wait(5)
assert set(map(id, selector)) == set(map(id, chosen))
assert all(selector.is_ready(each) == (index % 100 == 0) for index, each in enumerate(sockets))
for each in sockets[:5000]:
    each.unbind()
assert len(selector) == 5000 and selector.wait(5)
assert set(map(id, selector)) == set(map(id, chosen[50:]))
for each in sockets[5000:]:
    each.close()
assert len(selector) == 0
"""


@peers.unix_only
def test_a_selector_frees_its_descriptors() -> None:
    def next_number() -> int:
        with socket.socket() as probe:
            return probe.fileno()

    before = next_number()
    selectors = [SocketSelector() for _ in range(50)]
    assert next_number() >= before + 50
    del selectors
    assert next_number() == before


def test_sleeping_for_a_time_and_not_for_the_socket() -> None:
    selector = SocketSelector()
    start = time.monotonic()
    assert not selector.wait(seconds(0.0007))
    assert time.monotonic() - start >= 0.0007
