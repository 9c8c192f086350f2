"""Paired measurement: ours and its peers take turns within milliseconds, in one process.

The same method as for Rust. Each round runs ours, every peer, ours again, and all of them backwards; it gives one
ratio per peer, and the median of those counts. "Ours again" is measured like a peer and tells the noise.
"""

from __future__ import annotations

import csv
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

ROUNDS = 41
TURN = 0.002
MOST_REPETITIONS = 1 << 22


class Turn:
    """How often to do it, and the watch: what runs inside ``with turn`` is timed."""

    def __init__(self, repetitions: int) -> None:
        self.repetitions = repetitions
        self.cpu = 0
        self.wall = 0

    def __enter__(self) -> Iterator[None]:
        self.cpu -= time.thread_time_ns()
        self.wall -= time.perf_counter_ns()
        return repeat(None, self.repetitions)

    def __exit__(self, *_exception: object) -> None:
        self.cpu += time.thread_time_ns()
        self.wall += time.perf_counter_ns()


Work = Callable[[Turn], None]

# A peer's name, how many times as fast as it ours should be, and what it does.
Peer = tuple[str, float | None, Work]

# A method of a socket, ours or anyone's.
Call = Callable[..., Any]


@dataclass
class Figure:
    """How many times as fast as one peer ours was."""

    case: str
    peer: str
    unit: str
    low: float
    median: float
    high: float
    noise: float
    goal: float | None

    def __str__(self) -> str:
        verdict = ""
        if self.goal is not None:
            verdict = f"goal {self.goal:.2f} {'met' if self.median >= self.goal else 'MISSED'}"
        return (
            f"{self.case:46} / {self.peer:26} {self.median:8.3f} [{self.low:.3f} .. {self.high:.3f}]"
            f" {self.unit:6} noise {self.noise:.3f} {verdict}"
        )


@dataclass
class Bench:
    """Runs the cases whose name contains some words, and keeps what they gave."""

    words: str
    figures: list[Figure] = field(default_factory=list)

    def wants(self, case: str) -> bool:
        return self.words in case

    def run(self, case: str, ours: Work, *peers: Peer, by: tuple[str, ...] = ("cpu",)) -> None:
        """Measures `ours` against `peers`, each a name, the least ratio it should reach, and what it does.

        `by` names the times that are looked at: of the first the goal is.
        """
        if not self.wants(case):
            return
        gc.collect()
        gc.disable()
        try:
            figures = measure(case, ours, peers, by)
        finally:
            gc.enable()
        for figure in figures:
            print(figure, flush=True)
        self.figures += figures

    def write(self, path: str) -> None:
        """Writes the figures as `cargo xtask bench` reads them: no field contains a comma."""
        with open(path, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, quoting=csv.QUOTE_NONE, lineterminator="\n")
            rows.writerow(["face", "case", "peer", "median", "low", "high", "unit", "noise", "goal"])
            for figure in self.figures:
                goal = "" if figure.goal is None else f"{figure.goal:.2f}"
                numbers = [f"{number:.3f}" for number in (figure.median, figure.low, figure.high)]
                rows.writerow(
                    ["Python", figure.case, figure.peer, *numbers, figure.unit, f"{figure.noise:.3f}", goal]
                )


def measure(case: str, ours: Work, peers: tuple[Peer, ...], by: tuple[str, ...]) -> list[Figure]:
    works = [ours, *(work for _, _, work in peers), ours]
    counts = [calibrate(work) for work in works[:-1]]
    counts.append(counts[0])
    ratios: dict[str, list[list[float]]] = {unit: [[] for _ in works] for unit in by}
    forth = range(len(works))
    for _ in range(ROUNDS):
        spent = {unit: [0.0] * len(works) for unit in by}
        for index in (*forth, *reversed(forth)):
            turn = take_turn(works[index], counts[index])
            for unit in by:
                spent[unit][index] += getattr(turn, unit) / counts[index]
        for unit in by:
            for index in forth:
                ratios[unit][index].append(spent[unit][index] / spent[unit][0])
    figures = []
    for index, (name, goal, _) in enumerate(peers, start=1):
        for unit in by:
            again = quartiles(ratios[unit][-1])
            noise = max(abs(again[0] - 1), abs(again[2] - 1))
            own = goal if unit == by[0] else None
            figures.append(Figure(case, name, unit, *quartiles(ratios[unit][index]), noise, own))
    return figures


def take_turn(work: Work, repetitions: int) -> Turn:
    turn = Turn(repetitions)
    work(turn)
    return turn


def calibrate(work: Work) -> int:
    """How often to do it for a turn to last long enough; warms up besides."""
    repetitions = 1
    while True:
        spent = take_turn(work, repetitions).cpu / 1e9
        if spent >= TURN / 2 or repetitions >= MOST_REPETITIONS:
            return max(1, min(MOST_REPETITIONS, int(repetitions * TURN / max(spent, TURN / 16))))
        repetitions *= 2


def quartiles(ratios: list[float]) -> tuple[float, float, float]:
    ordered = sorted(ratios)
    last = len(ordered) - 1
    return ordered[last // 4], ordered[last // 2], ordered[last * 3 // 4]


def stay_on_one_core() -> None:
    """Moving between cores costs more than anything measured here."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def our_site() -> None:
    """Appends the folder with our packages, so that `sfml` stays the peer's."""
    site = os.environ.get("SFML_NETWORK_BENCH_SITE")
    if site:
        sys.path.append(site)
