"""Knowing that a thread sleeps inside the system, so that a test can act on it without guessing a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

TESTS = Path(__file__).parent

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/syscall").exists(), reason="platform: threads are watched through /proc"
)

# Waiting for another thread of Python, as every thread does at times: futex(2) on x86-64 and on 64-bit ARM.
_FUTEX = ("202", "98")


def is_asleep(thread_id: int) -> bool:
    """Whether a thread of this process is inside a system call other than waiting for another thread."""
    try:
        call = Path(f"/proc/self/task/{thread_id}/syscall").read_text().split(maxsplit=1)[0]
    except OSError:
        return False
    return call not in ("running", "-1", *_FUTEX)


def until_asleep(thread: threading.Thread, limit: float = 10) -> None:
    """Returns once the thread has been seen asleep twice, a moment apart."""
    deadline = time.monotonic() + limit
    assert thread.native_id is not None
    while not (is_asleep(thread.native_id) and _still_asleep(thread.native_id)):
        assert thread.is_alive(), "the thread has ended instead of waiting"
        assert time.monotonic() < deadline, "the thread does not wait"
        os.sched_yield()


def _still_asleep(thread_id: int) -> bool:
    for _ in range(20):
        os.sched_yield()
    return is_asleep(thread_id)


class Waiter:
    """A call that waits in a thread of its own; entered once it sleeps, left once it has ended."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.result: object = None
        self.error: BaseException | None = None
        self.ended_at = 0.0
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until_asleep(self._thread)
        return self

    def __exit__(self, *exception: object) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive(), "the call still waits"

    def _run(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:
            self.error = error
        self.ended_at = time.monotonic()


def helped(run: Callable[[], object]) -> threading.Thread:
    """Runs something on a thread of its own, beside what the calling one does."""
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def run_script(source: str, *arguments: str, limit: float = 30) -> str:
    """Runs a program in a Python of its own, warnings as errors; returns what it prints."""
    paths = [str(TESTS), os.environ.get("PYTHONPATH", "")]
    outcome = subprocess.run(
        [sys.executable, "-W", "error", "-c", source, *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        text=True,
        timeout=limit,
    )
    assert outcome.returncode == 0, f"exit code {outcome.returncode}\n{outcome.stdout}{outcome.stderr}"
    assert outcome.stderr == ""
    return outcome.stdout
