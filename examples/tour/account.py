"""How the tour tells what it saw, and what ends it early."""

from sfml.system import Clock, Time, seconds


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
