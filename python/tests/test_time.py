"""`Time`, its three makers and `sleep`, against `int` and `timedelta` as second opinions."""

from __future__ import annotations

import copy
import doctest
import math
import operator
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
import sfml_network.system
from hypothesis import assume, given
from hypothesis import strategies as st
from sfml_network import Time, microseconds, milliseconds, seconds, sleep

LOWEST, HIGHEST = -(2**63), 2**63 - 1

counts = st.integers(-(10**14), 10**14)
factors = st.floats(-1e4, 1e4)
ORDERINGS = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]


def span(count: int) -> timedelta:
    return timedelta(microseconds=count)


def test_a_new_time_is_zero() -> None:
    assert Time().microseconds == 0
    assert Time() == Time.ZERO


def test_makers_agree_on_units() -> None:
    assert seconds(1.5) == milliseconds(1500) == microseconds(1_500_000)
    assert seconds(2) == microseconds(2_000_000)


def test_reading_gives_float_seconds_and_whole_smaller_units() -> None:
    duration = microseconds(1_234_567)
    assert duration.seconds == 1.234567
    assert (duration.milliseconds, duration.microseconds) == (1234, 1_234_567)
    assert isinstance(seconds(1).seconds, float)


def test_milliseconds_drop_the_rest_towards_zero() -> None:
    assert microseconds(1999).milliseconds == 1
    assert microseconds(-1999).milliseconds == -1


def test_properties_can_be_assigned() -> None:
    duration = Time()
    duration.seconds = 0.25
    assert duration.microseconds == 250_000
    duration.milliseconds = -3
    assert duration.microseconds == -3000
    duration.microseconds = 7
    assert duration.seconds == 7e-6


def test_a_failed_assignment_changes_nothing() -> None:
    duration = seconds(1)
    for amount in (math.nan, math.inf, 1e300, "1", None):
        with pytest.raises((ValueError, OverflowError, TypeError)):
            duration.seconds = amount  # type: ignore[assignment]
    assert duration == seconds(1)


def test_seconds_are_rounded_to_the_nearest_microsecond() -> None:
    assert seconds(0.1).microseconds == 100_000
    assert seconds(4.35).microseconds == 4_350_000
    assert seconds(Fraction(1, 3)).microseconds == 333_333
    assert seconds(-0.0000016).microseconds == -2


def test_nobody_can_change_the_zero_that_others_see() -> None:
    mine = Time.ZERO
    mine += seconds(1)
    mine.milliseconds = 9
    Time.ZERO.seconds = 3
    with pytest.raises(AttributeError):
        mine.ZERO = seconds(1)  # type: ignore[misc]
    assert Time.ZERO.microseconds == 0
    assert Time().ZERO.microseconds == 0


def test_operators_in_place_leave_other_holders_alone() -> None:
    first = seconds(6)
    second = first
    second += seconds(1)
    second -= seconds(3)
    second *= 3
    second /= 2
    second %= seconds(4)
    assert (first, second) == (seconds(6), seconds(2))
    second //= 3
    assert second == microseconds(666_666)


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
def test_amounts_that_are_no_number_are_refused(amount: float) -> None:
    with pytest.raises(ValueError, match=r"NaN|infinite"):
        seconds(amount)
    with pytest.raises(ValueError, match=r"NaN|infinite"):
        seconds(1) * amount
    with pytest.raises(ValueError, match=r"NaN|infinite"):
        seconds(1) / amount


def test_amounts_of_the_wrong_type_are_refused() -> None:
    for wrong in (None, "1", b"1", 1j, [1], Time()):
        with pytest.raises(TypeError):
            seconds(wrong)  # type: ignore[arg-type]
    for wrong in (None, "1", 1.5):
        with pytest.raises(TypeError):
            milliseconds(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            microseconds(wrong)  # type: ignore[arg-type]


def test_the_range_is_that_of_64_bits() -> None:
    assert microseconds(HIGHEST).microseconds == HIGHEST
    assert microseconds(LOWEST).microseconds == LOWEST
    overflows: list[Callable[[], Time]] = [
        lambda: microseconds(HIGHEST + 1),
        lambda: microseconds(LOWEST - 1),
        lambda: milliseconds(HIGHEST),
        lambda: seconds(1e300),
        lambda: microseconds(HIGHEST) + microseconds(1),
        lambda: microseconds(LOWEST) - microseconds(1),
        lambda: microseconds(HIGHEST) * 2,
        lambda: microseconds(HIGHEST) / 0.5,
        lambda: -microseconds(LOWEST),
        lambda: abs(microseconds(LOWEST)),
        lambda: microseconds(LOWEST) // -1,
    ]
    for overflow in overflows:
        with pytest.raises(OverflowError):
            overflow()


def test_division_by_zero_is_an_exception() -> None:
    divisions: list[Callable[[], object]] = [
        lambda: seconds(1) / Time.ZERO,
        lambda: seconds(1) / 0,
        lambda: seconds(1) / 0.0,
        lambda: seconds(1) // Time.ZERO,
        lambda: seconds(1) // 0,
        lambda: seconds(1) % Time.ZERO,
        lambda: divmod(seconds(1), Time.ZERO),
    ]
    for division in divisions:
        with pytest.raises(ZeroDivisionError):
            division()


def test_operators_refuse_foreign_operands() -> None:
    second = seconds(1)
    whole: list[Callable[[Any, Any], Any]] = [
        operator.add,
        operator.sub,
        operator.mod,
        operator.floordiv,
        divmod,
    ]
    for operate in whole:
        for wrong in (None, "1", 1.5, object()):
            with pytest.raises(TypeError):
                operate(second, wrong)
    for operate in (operator.mul, operator.truediv):
        for wrong in (None, "1", object()):
            with pytest.raises(TypeError):
                operate(second, wrong)
    with pytest.raises(TypeError):
        operator.mul(second, second)
    for operate in (operator.add, operator.sub, operator.truediv, operator.floordiv, operator.mod):
        with pytest.raises(TypeError):
            operate(1, second)


def test_comparison_with_something_else_is_false_or_a_type_error() -> None:
    others: list[Any] = [None, 1, 1.0, "1", object()]
    for other in others:
        assert operator.eq(seconds(1), other) is False
        assert operator.ne(seconds(1), other) is True
        for ordering in ORDERINGS[2:]:
            with pytest.raises(TypeError):
                ordering(seconds(1), other)


def test_comparison_leaves_the_answer_to_the_other_side() -> None:
    class Anything:
        def __eq__(self, other: object) -> bool:
            return True

        def __gt__(self, other: object) -> bool:
            return True

    assert seconds(1) == Anything()
    assert seconds(1) < Anything()


def test_zero_is_false_and_everything_else_true() -> None:
    assert not Time.ZERO
    assert microseconds(1)
    assert microseconds(-1)


def test_a_time_cannot_be_hashed() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Time())


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "Time(seconds=0.000000)"),
        (1, "Time(seconds=0.000001)"),
        (-1_500_000, "Time(seconds=-1.500000)"),
        (HIGHEST, "Time(seconds=9223372036854.775807)"),
    ],
)
def test_repr_shows_every_microsecond(count: int, text: str) -> None:
    assert repr(microseconds(count)) == text


def test_copies_are_equal_and_independent() -> None:
    original = seconds(1.25)
    copies = [copy.copy(original), copy.deepcopy(original)]
    copies += [
        pickle.loads(pickle.dumps(original, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    original.seconds = 0
    assert copies == [seconds(1.25)] * len(copies)
    assert pickle.loads(pickle.dumps(original, 0)) == Time.ZERO


def test_sum_needs_a_start_of_its_own_type() -> None:
    assert sum([seconds(1), milliseconds(5)], Time.ZERO) == milliseconds(1005)
    with pytest.raises(TypeError):
        sum([seconds(1)])  # type: ignore[list-item]


def test_timedelta_beyond_its_range_overflows() -> None:
    assert Time.from_timedelta(timedelta(days=1)).seconds == 86400
    with pytest.raises(OverflowError):
        Time.from_timedelta(timedelta.max)
    with pytest.raises(TypeError):
        Time.from_timedelta(1)  # type: ignore[arg-type]


@given(counts)
def test_timedelta_round_trip(count: int) -> None:
    assert microseconds(count).to_timedelta() == span(count)
    assert Time.from_timedelta(span(count)).microseconds == count


@given(counts, counts)
def test_sums_and_differences_follow_timedelta(a: int, b: int) -> None:
    assert microseconds(a) + microseconds(b) == span(a) + span(b)
    assert microseconds(a) - microseconds(b) == span(a) - span(b)
    assert microseconds(a) + span(b) == span(a) + microseconds(b) == microseconds(a + b)
    assert microseconds(a) - span(b) == span(a) - microseconds(b) == microseconds(a - b)
    assert (-microseconds(a)).microseconds == -a
    assert (+microseconds(a)).microseconds == a
    assert abs(microseconds(a)).microseconds == abs(a)


@given(counts, counts)
def test_orderings_follow_int(a: int, b: int) -> None:
    for ordering in ORDERINGS:
        assert ordering(microseconds(a), microseconds(b)) is ordering(a, b)
        assert ordering(microseconds(a), span(b)) is ordering(a, b)
        assert ordering(span(a), microseconds(b)) is ordering(a, b)


@given(counts, st.integers(-1000, 1000))
def test_whole_multiples_are_exact(count: int, factor: int) -> None:
    assert (microseconds(count) * factor).microseconds == count * factor
    assert factor * microseconds(count) == microseconds(count) * factor


@given(counts, factors)
def test_fractional_multiples_follow_timedelta(count: int, factor: float) -> None:
    assert microseconds(count) * factor == factor * microseconds(count) == span(count) * factor


@given(counts, factors)
def test_quotients_by_numbers_follow_timedelta(count: int, divisor: float) -> None:
    assume(abs(divisor) > 1e-4)
    assert microseconds(count) / divisor == span(count) / divisor


@given(counts, st.integers(-1000, 1000).filter(bool))
def test_quotients_by_whole_numbers_follow_timedelta(count: int, divisor: int) -> None:
    assert microseconds(count) / divisor == span(count) / divisor
    assert microseconds(count) // divisor == span(count) // divisor


@given(counts, counts.filter(bool))
def test_quotients_by_times_follow_timedelta(a: int, b: int) -> None:
    ours, theirs = (microseconds(a), microseconds(b)), (span(a), span(b))
    assert ours[0] / ours[1] == theirs[0] / theirs[1] == ours[0] / theirs[1]
    assert ours[0] // ours[1] == theirs[0] // theirs[1]
    assert ours[0] % ours[1] == theirs[0] % theirs[1]
    quotient, remainder = divmod(ours[0], ours[1])
    assert (quotient, remainder.to_timedelta()) == divmod(theirs[0], theirs[1])


@given(st.floats(-1e9, 1e9))
def test_seconds_follow_timedelta_to_the_microsecond(amount: float) -> None:
    exact = Fraction(amount) * 1_000_000
    assert abs(seconds(amount).microseconds - exact) <= Fraction(1, 2)


@given(st.integers(LOWEST, HIGHEST))
def test_pickling_keeps_every_microsecond(count: int) -> None:
    assert pickle.loads(pickle.dumps(microseconds(count))).microseconds == count


class ForeignTime:
    """Shaped like the `Time` of another SFML binding."""

    microseconds = 20_000


@pytest.mark.parametrize("duration", [milliseconds(20), timedelta(milliseconds=20), 0.02, ForeignTime()])
def test_sleep_lasts_at_least_as_long(duration: Time | timedelta | float | ForeignTime) -> None:
    before = time.monotonic_ns()
    sleep(duration)
    assert time.monotonic_ns() - before >= 20_000_000 - _CLOCK_STEP


def test_sleep_of_nothing_returns() -> None:
    sleep(Time.ZERO)
    sleep(0)


@pytest.mark.parametrize("duration", [microseconds(-1), timedelta(-1), -0.1, -1, math.nan, math.inf])
def test_sleep_refuses_negative_and_endless_durations(duration: Time | timedelta | float) -> None:
    with pytest.raises(ValueError, match=r"negative|NaN|infinite"):
        sleep(duration)


def test_sleep_refuses_what_is_no_duration() -> None:
    for wrong in (None, "1", object()):
        with pytest.raises(TypeError):
            sleep(wrong)  # type: ignore[arg-type]


def test_other_threads_run_while_one_sleeps() -> None:
    awake = threading.Event()

    def rest() -> None:
        sleep(seconds(0.05))
        awake.set()

    sleeper = threading.Thread(target=rest)
    sleeper.start()
    ticks = 0
    while not awake.is_set() and ticks < 1_000_000:
        ticks += 1
        awake.wait(0.001)
    sleeper.join()
    assert ticks > 5


@pytest.mark.skipif(sys.platform == "win32", reason="platform: Windows has no setitimer")
def test_a_signal_ends_a_sleep() -> None:
    class Alarm(Exception):  # noqa: N818
        pass

    def ring(*_: object) -> None:
        raise Alarm

    previous = signal.signal(signal.SIGALRM, ring)
    before = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Alarm):
            sleep(seconds(10))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert time.monotonic() - before < 5


def test_docstring_examples_run() -> None:
    result = doctest.testmod(sfml_network.system)
    assert result.failed == 0
    assert result.attempted > 10


_CLOCK_STEP = 16_000_000 if sys.platform == "win32" else 0
