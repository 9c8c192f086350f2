"""`Clock`, driven by a time source that the test moves."""

from __future__ import annotations

import pytest
from sfml_network import Clock, Time, microseconds, milliseconds


class Source:
    """Stands in for the computer's monotonic clock."""

    def __init__(self) -> None:
        self.nanoseconds = 10**15

    def advance(self, duration: Time) -> None:
        self.nanoseconds += duration.microseconds * 1000


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    source = Source()
    monkeypatch.setattr("sfml_network.system.time.perf_counter_ns", lambda: source.nanoseconds)
    return source


def test_a_new_clock_runs_from_zero(source: Source) -> None:
    clock = Clock()
    assert clock.is_running
    assert clock.elapsed_time == Time.ZERO
    source.advance(milliseconds(5))
    assert clock.elapsed_time == milliseconds(5)


def test_restart_returns_the_lap_and_runs_on_from_zero(source: Source) -> None:
    clock = Clock()
    source.advance(milliseconds(5))
    assert clock.restart() == milliseconds(5)
    assert clock.is_running
    source.advance(milliseconds(2))
    assert clock.elapsed_time == milliseconds(2)


def test_restart_sets_a_stopped_clock_going(source: Source) -> None:
    clock = Clock()
    source.advance(milliseconds(5))
    clock.stop()
    source.advance(milliseconds(100))
    assert clock.restart() == milliseconds(5)
    assert clock.is_running


def test_a_pause_is_not_counted(source: Source) -> None:
    clock = Clock()
    source.advance(milliseconds(3))
    clock.stop()
    assert not clock.is_running
    source.advance(milliseconds(100))
    assert clock.elapsed_time == milliseconds(3)
    clock.start()
    source.advance(milliseconds(4))
    assert clock.elapsed_time == milliseconds(7)


def test_start_and_stop_twice_change_nothing(source: Source) -> None:
    clock = Clock()
    source.advance(milliseconds(3))
    clock.start()
    assert clock.elapsed_time == milliseconds(3)
    clock.stop()
    source.advance(milliseconds(3))
    clock.stop()
    assert clock.elapsed_time == milliseconds(3)


def test_reset_returns_the_lap_and_stands_still_at_zero(source: Source) -> None:
    clock = Clock()
    source.advance(milliseconds(3))
    assert clock.reset() == milliseconds(3)
    source.advance(milliseconds(3))
    assert not clock.is_running
    assert clock.elapsed_time == Time.ZERO


def test_parts_of_a_microsecond_add_up_over_pauses(source: Source) -> None:
    clock = Clock()
    for _ in range(4):
        source.nanoseconds += 500
        clock.stop()
        clock.start()
    assert clock.elapsed_time == microseconds(2)


def test_elapsed_times_are_independent_objects(source: Source) -> None:
    clock = Clock()
    clock.elapsed_time.seconds = 99
    assert clock.elapsed_time == Time.ZERO


def test_the_real_clock_never_goes_back() -> None:
    clock = Clock()
    readings = [clock.elapsed_time for _ in range(1000)]
    assert readings == sorted(readings)


def test_properties_are_read_only() -> None:
    clock = Clock()
    with pytest.raises(AttributeError):
        clock.elapsed_time = Time()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        clock.is_running = False  # type: ignore[misc]
