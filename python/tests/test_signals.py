"""Signals: Ctrl-C ends every waiting call at once; a handler that does not raise ends none."""

from __future__ import annotations

import signal

import pytest
from sleepers import needs_proc, run_script
from waits import WAITS

pytestmark = needs_proc

# Each program waits in the main thread; a helper thread sees it asleep and sends the signals.
PREAMBLE = """
import os, signal, sys, threading, time
from sfml.network import *
from sleepers import helped, until_asleep
from waits import WAITS
"""

CTRL_C = (
    PREAMBLE
    + """
name, target = sys.argv[1:]
sent = 0.0

def interrupt():
    global sent
    until_asleep(threading.main_thread())
    sent = time.monotonic()
    if target == "process":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        thread = threading.main_thread() if target == "main thread" else threading.current_thread()
        signal.pthread_kill(thread.ident, signal.SIGINT)

worst = 0.0
with WAITS[name]() as wait:
    for _ in range(5):
        helper = helped(interrupt)
        try:
            wait.call(None)
        except KeyboardInterrupt:
            worst = max(worst, time.monotonic() - sent)
        else:
            sys.exit("the call has ended by itself")
        helper.join()
print(worst)
"""
)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["process", "main thread", "another thread"])
@pytest.mark.parametrize("name", WAITS)
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
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

with WAITS[sys.argv[1]]() as wait:
    helper = helped(disturb)
    try:
        wait.call(None)
    except KeyboardInterrupt:
        print("waited on")
    helper.join()
"""
)


@pytest.mark.parametrize("name", WAITS)
def test_a_handler_that_does_not_raise_ends_no_call(name: str) -> None:
    assert run_script(HANDLED, name) == "waited on\n"


DEADLINE = (
    PREAMBLE
    + """
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
with WAITS[sys.argv[1]]() as wait:
    start = time.monotonic()
    try:
        wait.call(0.3)
    except SocketNotReady:
        pass
    elapsed = time.monotonic() - start
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert 0.3 <= elapsed < 5, elapsed
"""
)


@pytest.mark.parametrize("name", ["receive", "accept", "udp_receive", "selector_wait", "receive_exact"])
def test_signals_neither_shorten_nor_prolong_a_limit(name: str) -> None:
    run_script(DEADLINE, name)


RAISING = (
    PREAMBLE
    + """
class Alarm(Exception):
    pass

def alarm(*_):
    raise Alarm("from the handler")

def ring():
    until_asleep(threading.main_thread())
    os.kill(os.getpid(), signal.SIGUSR1)

signal.signal(signal.SIGUSR1, alarm)
with WAITS[sys.argv[1]]() as wait:
    helper = helped(ring)
    try:
        wait.call(None)
    except Alarm as error:
        print(error)
    helper.join()
"""
)


@pytest.mark.parametrize("name", ["receive", "connect", "accept", "udp_receive", "selector_wait"])
def test_what_a_handler_raises_comes_out_of_the_call(name: str) -> None:
    assert run_script(RAISING, name) == "from the handler\n"


STREAMING = """
import signal
import peers

class Alarm(Exception):
    pass

def alarm(*_):
    raise Alarm

signal.signal(signal.SIGALRM, alarm)
with peers.connected_to_a_stream() as ours:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        ours.receive_exact(1 << 40)
    except Alarm as error:
        assert error.partial == bytes(len(error.partial)) != b""
        print("heard")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="platform: there is no alarm")
def test_a_handler_is_heard_by_a_receive_that_never_has_to_wait() -> None:
    assert run_script(STREAMING) == "heard\n"


CLOSING = (
    PREAMBLE
    + """
def close_it(*_):
    wait.end()

def ring():
    until_asleep(threading.main_thread())
    os.kill(os.getpid(), signal.SIGUSR1)

signal.signal(signal.SIGUSR1, close_it)
with WAITS[sys.argv[1]]() as wait:
    helper = helped(ring)
    try:
        print(wait.call(None))
    except SocketException as error:
        print(type(error).__name__)
    helper.join()
"""
)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("receive", "SocketDisconnected"),
        ("send", "SocketDisconnected"),
        ("connect", "SocketDisconnected"),
        ("accept", "SocketError"),
        ("udp_receive", "SocketError"),
        ("selector_wait", "False"),
    ],
)
def test_a_handler_may_close_what_its_own_thread_waits_on(name: str, outcome: str) -> None:
    assert run_script(CLOSING, name).strip() == outcome


IGNORED = """
import signal, socket, threading
import peers
from sfml.network import *
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
with peers.connected_to_stdlib() as (ours, theirs):
    peers.reset(theirs)
    for _ in range(3):
        try:
            ours.send(b"x")
        except SocketDisconnected:
            pass
print("alive")
"""


def test_a_broken_connection_sends_no_signal() -> None:
    assert hasattr(signal, "SIGPIPE")
    assert run_script(IGNORED) == "alive\n"
