"""How quick the machine is at this moment: a fixed loop in Python, and commits of one row, one after another.

Machines differ by a factor of three, and one machine from minute to minute by two, so each part is measured between two
readings, and its goals are multiples of them or of a peer in the same run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

import psycopg

LOOPS, STEPS, COMMITS = 5, 200_000, 50


@dataclass(frozen=True)
class Yardstick:
    """Milliseconds."""

    loop: float
    """A loop of 200 000 additions and divisions, the median of five."""
    commit: float
    """One row made durable, the median of fifty."""

    def __str__(self) -> str:
        return f"yardstick: loop {self.loop:.1f} ms, commit {self.commit:.2f} ms"


def reading(database_url: str) -> Yardstick:
    """`database_url`: of a database in which nothing stays behind."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE yardstick (n int)")
        try:
            commits = [_seconds(partial(connection.execute, "INSERT INTO yardstick VALUES (%s)", [n])) for n in range(COMMITS)]
        finally:
            connection.execute("DROP TABLE yardstick")
    return Yardstick(median(_seconds(_loop) for _ in range(LOOPS)) * 1000, median(commits) * 1000)


def between(before: Yardstick, after: Yardstick) -> Yardstick:
    return Yardstick((before.loop + after.loop) / 2, (before.commit + after.commit) / 2)


def _loop() -> None:
    total = 0
    for n in range(STEPS):
        total += n * n % 7


def _seconds(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began
