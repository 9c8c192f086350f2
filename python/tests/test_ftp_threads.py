"""Threads and signals around one `Ftp`: turns, cancelling, callbacks that call back, Ctrl-C in every wait."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from ftp_peers import FTP_WAITS, Discard, Endless, Script, Session, Site, sends
from sfml.network import Ftp, FtpCancelledError, FtpError, FtpResponse
from sleepers import Waiter, needs_proc, run_script

each_wait = pytest.mark.parametrize("name", FTP_WAITS)


def outcome_of(waiter: Waiter) -> FtpResponse:
    """The response to a call that has ended in another thread, returned or raised."""
    if isinstance(waiter.error, FtpError):
        assert waiter.error.response is not None
        return waiter.error.response
    assert waiter.error is None
    assert isinstance(waiter.result, FtpResponse)
    return waiter.result


@needs_proc
@each_wait
def test_cancel_ends_the_call_of_another_thread(name: str) -> None:
    with FTP_WAITS[name]() as wait:
        with Waiter(wait.call) as waiter:
            wait.client.cancel()
        response = outcome_of(waiter)
        assert response.status == FtpResponse.TRANSFER_ABORTED
        assert isinstance(response.error, FtpCancelledError)


@needs_proc
@each_wait
def test_close_ends_the_call_of_another_thread(name: str) -> None:
    with FTP_WAITS[name]() as wait:
        with Waiter(wait.call) as waiter:
            wait.client.close()
        assert not outcome_of(waiter).ok
        assert not wait.client.connected


@needs_proc
@each_wait
def test_other_threads_run_beside_a_call_that_waits(name: str) -> None:
    # If the call kept the interpreter, this thread could not cancel it, nor count.
    with FTP_WAITS[name]() as wait, Waiter(wait.call):
        start = time.perf_counter()
        for _ in range(1000):
            assert wait.client.options is not None
            assert wait.client.connected in (True, False)
        print(f"1000 questions beside {name} took {(time.perf_counter() - start) * 1000:.1f} ms")
        wait.client.cancel()


def test_cancel_without_a_call_does_nothing(ftp: Ftp) -> None:
    ftp.cancel()
    assert ftp.keep_alive().ok
    Ftp().cancel()


def test_the_session_goes_on_after_a_transfer_was_cancelled() -> None:
    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            connection.sendall(b"12345")
            connection.recv(1)
        session.end("226 done")

    with Script({"RETR": answer}) as script:
        ftp = script.client()
        with ThreadPoolExecutor() as threads:
            download = threads.submit(ftp.download, "a", Discard())
            script.until("RETR")
            ftp.cancel()
            assert download.result(10).status == FtpResponse.TRANSFER_ABORTED
        assert ftp.keep_alive().message == "still here"
        ftp.close()


def test_two_threads_take_turns(site: Site, ftp: Ftp) -> None:
    for number in range(4):
        (site.root / str(number)).write_bytes(bytes([number]) * 100_000)

    def work(number: int) -> bool:
        for _ in range(10):
            received = io.BytesIO()
            assert ftp.download(str(number), received).ok
            assert received.getvalue() == bytes([number]) * 100_000
            assert ftp.get_working_directory().directory == "/"
            assert ftp.size(str(number)) == 100_000
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(4)))


CALLS: dict[str, Callable[[Ftp], object]] = {
    "keep_alive": lambda ftp: ftp.keep_alive(),
    "download": lambda ftp: ftp.download("a", io.BytesIO()),
    "connect": lambda ftp: ftp.connect("127.0.0.1"),
    "reconnect": lambda ftp: ftp.reconnect(),
    "disconnect": lambda ftp: ftp.disconnect(),
    "close": lambda ftp: ftp.close(),
    "download_tree": lambda ftp: ftp.download_tree("", "nowhere"),
    "each_entry": lambda ftp: ftp.each_entry(print),
    "size": lambda ftp: ftp.size("a"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_callback_that_calls_back_is_refused(name: str) -> None:
    with Script({"RETR": sends(b"12345")}) as script:
        ftp = script.client()
        refused: list[str] = []

        def told(_done: int, _total: int | None) -> None:
            try:
                CALLS[name](ftp)
            except RuntimeError as error:
                refused.append(str(error))

        response = ftp.download("a", io.BytesIO(), progress=told)
        assert response.ok or (name == "close" and response.status == FtpResponse.TRANSFER_ABORTED)
        assert refused != []
        assert all("use another Ftp" in sentence for sentence in refused)
        assert ftp.keep_alive().ok
        ftp.close()


def floods(session: Session, _argument: str) -> None:
    with session.data() as connection:
        while True:
            connection.sendall(bytes(1 << 16))
    session.end("226 done")


def test_a_callback_may_cancel_and_ask() -> None:
    with Script({"RETR": floods}) as script:
        ftp = script.client()
        seen: list[bool] = []

        def told(_done: int, _total: int | None) -> None:
            seen.append(ftp.connected)
            ftp.cancel()

        response = ftp.download("a", Discard(), progress=told)
        assert response.status == FtpResponse.TRANSFER_ABORTED
        assert all(seen)
        assert ftp.keep_alive().ok
        ftp.close()


def test_a_callback_may_use_another_client(site: Site, ftp: Ftp) -> None:
    (site.root / "a").write_bytes(b"12345")
    other = site.client()
    sizes: list[int] = []
    assert ftp.download("a", io.BytesIO(), progress=lambda *_: sizes.append(other.size("a"))).ok
    assert set(sizes) == {5}
    other.close()


PREAMBLE = """
import os, signal, sys, threading, time
from ftp_peers import *
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
    with FTP_WAITS[sys.argv[1]]() as wait:
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


CREW = (
    PREAMBLE
    + """
import tempfile
from ftp_peers import THREE_FILES, _idle_data

sent = 0.0

def interrupt():
    global sent
    script.until("RETR", 3)
    until_asleep(threading.main_thread())
    sent = time.monotonic()
    os.kill(os.getpid(), signal.SIGINT)

worst = 0.0
for _ in range(3):
    with tempfile.TemporaryDirectory() as folder, Script({"LIST": THREE_FILES, "RETR": _idle_data}) as script:
        ftp = script.client()
        ftp.login()
        helper = helped(interrupt)
        try:
            ftp.download_tree("", folder)
        except KeyboardInterrupt:
            worst = max(worst, time.monotonic() - sent)
        helper.join()
        assert ftp.keep_alive().ok
        ftp.close()
print(worst)
"""
)


@needs_proc
def test_ctrl_c_ends_all_sessions_of_a_tree() -> None:
    worst = float(run_script(CREW))
    print(f"Ctrl-C ends a tree of three sessions within {worst * 1000:.1f} ms")
    assert worst < 1


TURN = (
    PREAMBLE
    + """
with FTP_WAITS["keep_alive"]() as wait:
    helper = helped(wait.call)
    until_asleep(helper)
    killer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    killer.start()
    try:
        wait.client.keep_alive()
    except KeyboardInterrupt:
        print("interrupted")
    wait.client.cancel()
    helper.join()
"""
)


@needs_proc
def test_ctrl_c_ends_a_wait_for_the_turn() -> None:
    assert run_script(TURN) == "interrupted\n"


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

with FTP_WAITS[sys.argv[1]]() as wait:
    helper = helped(disturb)
    try:
        print(int(wait.call().status))
    except FtpError as error:
        print(int(error.status))
    helper.join()
"""
)


@needs_proc
@each_wait
def test_a_handler_that_does_not_raise_ends_no_call(name: str) -> None:
    assert run_script(HANDLED, name) == "426\n"


CALLING = (
    PREAMBLE
    + """
def call_back(*_):
    wait.client.keep_alive()

def ring():
    until_asleep(threading.main_thread())
    os.kill(os.getpid(), signal.SIGUSR1)

signal.signal(signal.SIGUSR1, call_back)
with FTP_WAITS["keep_alive"]() as wait:
    helper = helped(ring)
    try:
        wait.call()
    except RuntimeError as error:
        print(error)
    helper.join()
"""
)


@needs_proc
def test_a_handler_that_calls_back_is_refused_and_that_comes_out() -> None:
    assert "use another Ftp" in run_script(CALLING)


FLOOD = (
    PREAMBLE
    + """
def flood(session, argument):
    with session.data() as connection:
        while True:
            connection.sendall(bytes(1 << 20))

def told(done, total):
    if sys.argv[1] == "callback" and done > 10_000_000:
        raise KeyboardInterrupt

class File:
    def write(self, data):
        if sys.argv[1] == "file":
            raise KeyboardInterrupt

# The server says nothing to what ends the transfer, and is not waited for.
with Script({"RETR": flood, "ABOR": None, "NOOP": None}) as script:
    ftp = script.client()
    if sys.argv[1] == "signal":
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        ftp.download("a", File(), progress=told)
    except KeyboardInterrupt:
        print("heard")
    start = time.monotonic()
    ftp.close()
    assert time.monotonic() - start < 1
"""
)


@needs_proc
@pytest.mark.parametrize("where", ["signal", "callback", "file"])
def test_ctrl_c_reaches_a_transfer_that_never_has_to_wait(where: str) -> None:
    start = time.monotonic()
    assert run_script(FLOOD, where) == "heard\n"
    print(f"{time.monotonic() - start:.2f} s with Python's start")


@pytest.mark.skipif(sys.platform == "win32", reason="platform: there is no fork")
def test_one_that_is_busy_at_a_fork_is_refused_in_the_child() -> None:
    program = """
import os, signal
from ftp_peers import *

with FTP_WAITS["keep_alive"]() as wait:
    from sleepers import Waiter
    with Waiter(wait.call):
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            try:
                wait.client.keep_alive()
            except RuntimeError as error:
                os._exit(0 if "forked" in str(error) else 1)
            os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        wait.client.cancel()
print("refused")
"""
    assert run_script(program) == "refused\n"


def test_uploads_without_end_are_ended_by_their_callback() -> None:
    def answer(session: Session, _argument: str) -> None:
        with session.data() as connection:
            while connection.recv(1 << 20):
                pass
        session.end("226 done")

    with Script({"STOR": answer}) as script:
        ftp = script.client()
        response = ftp.upload(Endless(), "a", progress=lambda done, _: done < 10_000_000)
        assert response.status == FtpResponse.TRANSFER_ABORTED
        assert ftp.keep_alive().ok
        ftp.close()
