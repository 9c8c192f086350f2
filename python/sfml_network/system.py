"""Durations and clocks: the part of SFML's system module that the network module's calls take.

A `Time` is a whole number of microseconds that fits in 64 bits, positive or negative. Results are rounded
to the nearest microsecond, half to even, as `datetime.timedelta` does; whatever leaves the 64 bits raises
`OverflowError`, and a NaN or infinite factor raises `ValueError`.
"""

from __future__ import annotations

import operator
import time
from datetime import timedelta
from typing import ClassVar, Protocol, SupportsFloat, SupportsIndex, TypeAlias, overload

__all__ = ["Clock", "Time", "microseconds", "milliseconds", "seconds", "sleep"]


_Number: TypeAlias = SupportsFloat | SupportsIndex


class _HasMicroseconds(Protocol):
    @property
    def microseconds(self) -> int: ...


class _FreshZero:
    """Gives every reader a zero of his own, so that nobody can change the one that others see."""

    def __get__(self, instance: object, owner: type | None = None) -> Time:
        return Time()


class Time:
    """A span of time, counted in microseconds.

    A new `Time` is zero; `seconds`, `milliseconds` and `microseconds` make any other.

    >>> step = milliseconds(16) + microseconds(667)
    >>> step
    Time(seconds=0.016667)
    >>> step * 60, step < seconds(1), seconds(1) // step
    (Time(seconds=1.000020), True, 59)

    The three properties can be assigned, and only that changes an object: ``t += x`` binds `t` to a new
    one. Being changeable, a `Time` cannot be hashed. A zero is false, as with `datetime.timedelta`;
    released pySFML called it true. Comparisons, sums and differences also take a `timedelta`.
    """

    __slots__ = ("_microseconds",)
    __hash__ = None  # type: ignore[assignment]

    ZERO: ClassVar[Time] = _FreshZero()  # type: ignore[assignment]
    """No time at all. Each access gives a new object: ``Time.ZERO is Time.ZERO`` is false."""

    def __init__(self) -> None:
        self._microseconds = 0

    @classmethod
    def from_timedelta(cls, duration: timedelta) -> Time:
        """Make a `Time` that lasts as long as `duration`.

        >>> Time.from_timedelta(timedelta(minutes=1))
        Time(seconds=60.000000)
        """
        if not isinstance(duration, timedelta):
            raise TypeError(f"a timedelta is needed, not {type(duration).__name__}")
        return _time(_timedelta_microseconds(duration))

    def to_timedelta(self) -> timedelta:
        """Return a `timedelta` that lasts as long; `OverflowError` beyond its thousand million days.

        >>> seconds(90).to_timedelta()
        datetime.timedelta(seconds=90)
        """
        return timedelta(microseconds=self._microseconds)

    @property
    def seconds(self) -> float:
        """The time in seconds; assigning rounds to the nearest microsecond."""
        return self._microseconds / _PER_SECOND

    @seconds.setter
    def seconds(self, amount: _Number) -> None:
        self._microseconds = _in_range(_scaled(_PER_SECOND, *_ratio(amount)))

    @property
    def milliseconds(self) -> int:
        """The time in whole milliseconds; reading drops what is left over, towards zero."""
        count = abs(self._microseconds) // _PER_MILLISECOND
        return count if self._microseconds >= 0 else -count

    @milliseconds.setter
    def milliseconds(self, amount: SupportsIndex) -> None:
        self._microseconds = _in_range(operator.index(amount) * _PER_MILLISECOND)

    @property
    def microseconds(self) -> int:
        """The time in microseconds: all of it, not the last six digits as `timedelta.microseconds`."""
        return self._microseconds

    @microseconds.setter
    def microseconds(self, amount: SupportsIndex) -> None:
        self._microseconds = _in_range(operator.index(amount))

    def __add__(self, other: Time | timedelta) -> Time:
        count = _known(other)
        return NotImplemented if count is None else _time(self._microseconds + count)

    __radd__ = __add__

    def __sub__(self, other: Time | timedelta) -> Time:
        count = _known(other)
        return NotImplemented if count is None else _time(self._microseconds - count)

    def __rsub__(self, other: timedelta) -> Time:
        count = _known(other)
        return NotImplemented if count is None else _time(count - self._microseconds)

    def __mul__(self, factor: _Number) -> Time:
        if not isinstance(factor, _NUMBER):
            return NotImplemented
        return _time(_scaled(self._microseconds, *_ratio(factor)))

    __rmul__ = __mul__

    @overload
    def __truediv__(self, divisor: Time | timedelta) -> float: ...
    @overload
    def __truediv__(self, divisor: _Number) -> Time: ...
    def __truediv__(self, divisor: Time | timedelta | _Number) -> Time | float:
        count = _known(divisor)
        if count is not None:
            return self._microseconds / count
        if not isinstance(divisor, _NUMBER):
            return NotImplemented
        numerator, denominator = _ratio(divisor)
        return _time(_scaled(self._microseconds, denominator, numerator))

    @overload
    def __floordiv__(self, divisor: Time | timedelta) -> int: ...
    @overload
    def __floordiv__(self, divisor: SupportsIndex) -> Time: ...
    def __floordiv__(self, divisor: Time | timedelta | SupportsIndex) -> Time | int:
        count = _known(divisor)
        if count is not None:
            return self._microseconds // count
        if not isinstance(divisor, SupportsIndex):
            return NotImplemented
        return _time(self._microseconds // operator.index(divisor))

    def __mod__(self, divisor: Time | timedelta) -> Time:
        """The remainder, which has the sign of `divisor`, as everywhere in Python (and unlike C++)."""
        count = _known(divisor)
        return NotImplemented if count is None else _time(self._microseconds % count)

    def __divmod__(self, divisor: Time | timedelta) -> tuple[int, Time]:
        count = _known(divisor)
        if count is None:
            return NotImplemented
        quotient, remainder = divmod(self._microseconds, count)
        return quotient, _time(remainder)

    def __neg__(self) -> Time:
        return _time(-self._microseconds)

    def __pos__(self) -> Time:
        return _time(self._microseconds)

    def __abs__(self) -> Time:
        return _time(abs(self._microseconds))

    def __bool__(self) -> bool:
        return self._microseconds != 0

    def __eq__(self, other: object) -> bool:
        count = _known(other)
        return NotImplemented if count is None else self._microseconds == count

    def __lt__(self, other: Time | timedelta) -> bool:
        count = _known(other)
        return NotImplemented if count is None else self._microseconds < count

    def __le__(self, other: Time | timedelta) -> bool:
        count = _known(other)
        return NotImplemented if count is None else self._microseconds <= count

    def __gt__(self, other: Time | timedelta) -> bool:
        count = _known(other)
        return NotImplemented if count is None else self._microseconds > count

    def __ge__(self, other: Time | timedelta) -> bool:
        count = _known(other)
        return NotImplemented if count is None else self._microseconds >= count

    def __repr__(self) -> str:
        sign = "-" if self._microseconds < 0 else ""
        whole, rest = divmod(abs(self._microseconds), _PER_SECOND)
        return f"{type(self).__name__}(seconds={sign}{whole}.{rest:06})"

    def __getstate__(self) -> tuple[int]:
        return (self._microseconds,)

    def __setstate__(self, state: tuple[int]) -> None:
        (self._microseconds,) = state


def seconds(amount: _Number) -> Time:
    """Make a `Time` of that many seconds, rounded to the nearest microsecond.

    >>> seconds(0.1).microseconds
    100000
    """
    made = Time()
    made.seconds = amount
    return made


def milliseconds(amount: SupportsIndex) -> Time:
    """Make a `Time` of a whole number of milliseconds; for a fraction use `seconds`.

    >>> milliseconds(250).seconds
    0.25
    """
    made = Time()
    made.milliseconds = amount
    return made


def microseconds(amount: SupportsIndex) -> Time:
    """Make a `Time` of a whole number of microseconds.

    >>> microseconds(1500).milliseconds
    1
    """
    made = Time()
    made.microseconds = amount
    return made


def sleep(duration: Time | timedelta | _Number | _HasMicroseconds) -> None:
    """Let the calling thread rest for at least `duration`, while other threads run.

    Takes a `Time`, a `timedelta`, a number of seconds, or the `Time` of another SFML binding. Ctrl-C
    ends it at once. A negative duration or NaN raises `ValueError`.

    >>> sleep(milliseconds(1))
    """
    count = _known(duration)
    if count is None:
        if isinstance(duration, _NUMBER):
            count = _in_range(_scaled(_PER_SECOND, *_ratio(duration)))
        elif hasattr(duration, "microseconds"):
            count = operator.index(duration.microseconds)
        else:
            raise TypeError(f"sleep() needs a Time, a timedelta or seconds, not {type(duration).__name__}")
    if count < 0:
        raise ValueError("sleep() cannot take a negative duration")
    time.sleep(count / _PER_SECOND)


class Clock:
    """A stopwatch that runs from the moment it is made; setting the computer's clock does not disturb it.

    >>> clock = Clock()
    >>> clock.is_running, clock.elapsed_time >= Time.ZERO
    (True, True)
    >>> lap = clock.restart()
    >>> clock.stop()
    >>> clock.elapsed_time == clock.elapsed_time
    True
    """

    __slots__ = ("_collected", "_started")

    def __init__(self) -> None:
        self._collected = 0
        self._started: int | None = time.perf_counter_ns()

    @property
    def elapsed_time(self) -> Time:
        """The time counted since the clock was made or last restarted, without the pauses."""
        running = 0 if self._started is None else time.perf_counter_ns() - self._started
        return _time((self._collected + running) // _NANOSECONDS)

    @property
    def is_running(self) -> bool:
        """Whether the clock is counting at present."""
        return self._started is not None

    def start(self) -> None:
        """Go on counting after `stop`; a running clock is left alone."""
        if self._started is None:
            self._started = time.perf_counter_ns()

    def stop(self) -> None:
        """Pause; `start` goes on from here. A clock that stands still is left alone."""
        if self._started is not None:
            self._collected += time.perf_counter_ns() - self._started
            self._started = None

    def restart(self) -> Time:
        """Count from zero again, running, and return what had been counted."""
        elapsed = self.reset()
        self.start()
        return elapsed

    def reset(self) -> Time:
        """Put the clock back to zero, standing still, and return what had been counted."""
        self.stop()
        elapsed = self.elapsed_time
        self._collected = 0
        return elapsed


def _time(count: int) -> Time:
    made = Time()
    made._microseconds = _in_range(count)
    return made


def _in_range(count: int) -> int:
    if -_LIMIT <= count < _LIMIT:
        return count
    raise OverflowError("a Time holds at most 2**63 microseconds, about 292 thousand years, either way")


def _known(value: object) -> int | None:
    """The microseconds of a `Time` or a `timedelta`, None for anything else."""
    if isinstance(value, Time):
        return value._microseconds
    if isinstance(value, timedelta):
        return _timedelta_microseconds(value)
    return None


def _timedelta_microseconds(duration: timedelta) -> int:
    return (duration.days * _SECONDS_PER_DAY + duration.seconds) * _PER_SECOND + duration.microseconds


def _ratio(number: _Number) -> tuple[int, int]:
    """`number` as an exact fraction with a positive denominator."""
    if not isinstance(number, (int, float)):  # asking for a protocol is slow
        if isinstance(number, SupportsIndex):
            number = operator.index(number)
        elif isinstance(number, SupportsFloat):
            number = float(number)
        else:
            raise TypeError(f"a number is needed, not {type(number).__name__}")
    try:
        return number.as_integer_ratio()
    except OverflowError:
        raise ValueError("a Time cannot be infinite") from None
    except ValueError:
        raise ValueError("a Time cannot be NaN") from None


def _scaled(count: int, numerator: int, denominator: int) -> int:
    """``count * numerator / denominator``, rounded to the nearest integer, half to even."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient, remainder = divmod(count * numerator, denominator)
    if 2 * remainder > denominator or (2 * remainder == denominator and quotient % 2):
        quotient += 1
    return quotient


_NUMBER = (int, float, SupportsFloat, SupportsIndex)  # the first two spare most calls the slow protocol check
_PER_SECOND = 1_000_000
_PER_MILLISECOND = 1_000
_NANOSECONDS = 1_000
_SECONDS_PER_DAY = 86_400
_LIMIT = 2**63
