"""How the tour tells what it saw, and what ends it early."""

import zlib
from pathlib import Path

from sfml.system import Clock, Time, seconds

PIECE = 1 << 20


class MismatchError(Exception):
    """Something did not arrive as it was sent."""


class Limit:
    """The time that one section may take, as the timeout of each of its calls."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._whole = seconds(10)

    def left(self) -> Time:
        left = self._whole - self._clock.elapsed_time
        if left <= Time.ZERO:
            raise TimeoutError("it took longer than 10 seconds")
        return left


def tell(figure: object, words: str) -> None:
    """One claim: the figure in its column, then the words."""
    print(f"{figure!s:>14}  {words}")


def per_second(count: int, clock: Clock) -> str:
    return f"{count / clock.elapsed_time.seconds:,.0f}"


def check(condition: bool, sentence: str) -> None:
    if not condition:
        raise MismatchError(sentence)


class Quarters:
    """A progress callback that tells each quarter."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.told = 0

    def __call__(self, done: int, total: int | None) -> None:
        quarter = done * 4 // total if total else 0
        if total and quarter > self.told:
            self.told = quarter
            tell(f"{quarter * 25} %", f"{self.what}: {done // PIECE} of {total // PIECE} MiB")


def checksum(path: Path) -> int:
    """The checksum of a file."""
    value = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            value = zlib.crc32(piece, value)
    return value
