"""Threads and signals around `Http`: cancelling, Ctrl-C in every wait, several threads, processes."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from http_peers import HTTP_WAITS, HttpServer, Wire
from peers import LOOPBACK
from sfml.network import Http, HttpError, HttpRequest, HttpResponse
from sleepers import Waiter, needs_proc, run_script

each_wait = pytest.mark.parametrize("name", HTTP_WAITS)


def error_of(waiter: Waiter) -> HttpError:
    """The error of a call that has ended in another thread, returned or raised."""
    if isinstance(waiter.error, HttpError):
        return waiter.error
    assert waiter.error is None
    assert isinstance(waiter.result, HttpResponse)
    assert waiter.result.error is not None
    return waiter.result.error


@needs_proc
@each_wait
def test_cancel_ends_the_call_of_another_thread(name: str) -> None:
    with HTTP_WAITS[name]() as wait:
        with Waiter(wait.call) as waiter:
            wait.client.cancel()
        assert error_of(waiter).reason == "cancelled"


@needs_proc
@each_wait
def test_close_ends_the_call_of_another_thread(name: str) -> None:
    with HTTP_WAITS[name]() as wait:
        with Waiter(wait.call) as waiter:
            wait.client.close()
        assert error_of(waiter).reason == "cancelled"


@needs_proc
@each_wait
def test_other_threads_run_beside_a_call_that_waits(name: str) -> None:
    # If the call kept the interpreter, this thread could not cancel it, nor count.
    with HTTP_WAITS[name]() as wait, Waiter(wait.call):
        start = time.perf_counter()
        for _ in range(1000):
            assert repr(wait.client) != ""
        print(f"1000 questions beside {name} took {(time.perf_counter() - start) * 1000:.1f} ms")
        wait.client.cancel()


def test_cancel_without_a_call_does_nothing(http: Http) -> None:
    http.cancel()
    assert http.get("/get").ok
    Http().cancel()


def test_set_host_leaves_the_calls_under_way_within_reach(http_server: HttpServer) -> None:
    with Wire(lambda _: None) as wire:
        http = Http(LOOPBACK, wire.port, timeout=20)
        with ThreadPoolExecutor() as threads:
            call = threads.submit(http.get, "/")
            assert wire.connected.acquire(timeout=10)
            http.set_host(http_server.host, http_server.port)
            assert http.get("/get").ok
            http.cancel()
            error = call.result(10).error
    assert error is not None
    assert error.reason == "cancelled"


def test_several_threads_use_one_client(http: Http, http_server: HttpServer) -> None:
    whole = http.get("/bytes/50000").body

    def work(number: int) -> bool:
        for turn in range(10):
            assert http.get(f"/anything/{number}/{turn}").json()["target"] == f"/anything/{number}/{turn}"
            assert http.get("/bytes/50000").body == whole
            request = HttpRequest("/upload", HttpRequest.PUT, bytes(number), http_version=(1, 1))
            assert http.send_request(request).json()["length"] == number
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(4)))
    assert http_server.connections <= 5


def test_several_threads_change_one_request(http: Http) -> None:
    request = HttpRequest("/anything", http_version=(1, 1))

    def work(number: int) -> bool:
        for turn in range(50):
            request.field[f"X-{number}"] = str(turn)
            request.body = bytes(turn)
            assert http.send_request(request).ok
            assert request.field[f"X-{number}"] == str(turn)
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(4)))


def test_threads_that_read_one_response_take_turns(http: Http) -> None:
    whole = http.get("/bytes/1000000").body
    response = http.get("/bytes/1000000", stream=True)
    with ThreadPoolExecutor(4) as threads:
        pieces = list(threads.map(lambda _: b"".join(response.iter_bytes(1000)), range(4)))
    assert sum(map(len, pieces)) == len(whole)
    assert sorted(b"".join(pieces)) == sorted(whole)


@needs_proc
def test_closing_a_response_does_not_wait_for_the_thread_that_reads_it() -> None:
    with HTTP_WAITS["body"]() as wait:
        response = wait.client.get("/", stream=True)
        assert response.read(5) == b"12345"
        with Waiter(response.read) as waiter:
            response.close()
            wait.client.cancel()
        assert error_of(waiter).reason == "cancelled"


PREAMBLE = """
import os, signal, sys, threading, time
from http_peers import *
from sfml.network import HttpError, HttpResponse
from sleepers import helped, until_asleep
"""

CTRL_C = (
    PREAMBLE
    + """
sent = 0.0

def interrupt():
    global sent
    until_asleep(threading.main_thread())
    sent = time.monotonic()
    if sys.argv[2] == "process":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        signal.pthread_kill(threading.current_thread().ident, signal.SIGINT)

worst = 0.0
for _ in range(3):
    with HTTP_WAITS[sys.argv[1]]() as wait:
        helper = helped(interrupt)
        try:
            wait.call()
        except KeyboardInterrupt:
            worst = max(worst, time.monotonic() - sent)
        else:
            sys.exit("the call has ended by itself")
        helper.join()
print(worst)
"""
)


@needs_proc
@pytest.mark.parametrize("target", ["process", "another thread"])
@each_wait
def test_ctrl_c_ends_a_waiting_call(name: str, target: str) -> None:
    worst = float(run_script(CTRL_C, name, target))
    print(f"Ctrl-C, to {target}, ends {name} within {worst * 1000:.1f} ms")
    assert worst < 1


HANDLED = (
    PREAMBLE
    + """
handled = threading.Semaphore(0)
signal.signal(signal.SIGUSR1, lambda *_: handled.release())

def disturb():
    for _ in range(5):
        until_asleep(threading.main_thread())
        signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
        assert handled.acquire(timeout=5), "the handler did not run"
    until_asleep(threading.main_thread())
    wait.client.cancel()

with HTTP_WAITS[sys.argv[1]]() as wait:
    helper = helped(disturb)
    try:
        print(wait.call().error.reason)
    except HttpError as error:
        print(error.reason)
    helper.join()
"""
)


@needs_proc
@each_wait
def test_a_handler_that_does_not_raise_ends_no_call(name: str) -> None:
    assert run_script(HANDLED, name) == "cancelled\n"


CANCELLING = (
    PREAMBLE
    + """
signal.signal(signal.SIGUSR1, lambda *_: wait.client.cancel())

def ring():
    until_asleep(threading.main_thread())
    os.kill(os.getpid(), signal.SIGUSR1)

with HTTP_WAITS[sys.argv[1]]() as wait:
    helper = helped(ring)
    try:
        print(wait.call().error.reason)
    except HttpError as error:
        print(error.reason)
    helper.join()
"""
)


@needs_proc
@each_wait
def test_a_signal_handler_may_cancel(name: str) -> None:
    assert run_script(CANCELLING, name) == "cancelled\n"


FLOOD = (
    PREAMBLE
    + """
def flood(connection):
    connection.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    flowing.set()
    while True:
        connection.sendall(bytes(1 << 16))

flowing = threading.Event()
def interrupt():
    assert flowing.wait(10)
    os.kill(os.getpid(), signal.SIGINT)

with Wire(flood) as wire:
    helper = helped(interrupt)
    try:
        if sys.argv[1] == "stream":
            for piece in wire.client().get("/", stream=True).iter_bytes():
                pass
        else:
            wire.client().download("/", sys.argv[2])
    except KeyboardInterrupt:
        print("interrupted")
    helper.join()
"""
)


@pytest.mark.parametrize("kind", ["stream", "download"])
def test_ctrl_c_ends_a_body_that_never_pauses(kind: str, tmp_path: os.PathLike[str]) -> None:
    assert run_script(FLOOD, kind, f"{tmp_path}/file") == "interrupted\n"
    assert os.listdir(tmp_path) == []


def test_a_fork_in_the_middle_of_a_call_leaves_both_processes_in_order(http_server: HttpServer) -> None:
    program = """
import os, sys
from sfml.network import Http
http = Http(sys.argv[1], int(sys.argv[2]), timeout=20)
assert http.get("/get").ok
child = os.fork()
ok = http.get("/get").ok
if child == 0:
    os._exit(0 if ok else 1)
_, status = os.waitpid(child, 0)
print(ok, status)
"""
    assert run_script(program, http_server.host, str(http_server.port)) == "True 0\n"


def test_a_call_from_a_callback_of_another_thread_is_its_own(http: Http) -> None:
    seen: list[int] = []
    lock = threading.Lock()

    def told(_done: int, _total: int | None) -> None:
        status = int(http.get("/status/404").status)
        with lock:
            seen.append(status)

    with ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(http.put, "/upload", body=bytes(300_000), progress=told) for _ in range(3)]
        assert all(call.result(20).ok for call in calls)
    assert set(seen) == {404}
