"""What is to be reached, as a ratio: to the machine's yardstick, or to a peer that is measured in the same run.

A row that is a ratio or a count already has a bare number. How far a value may go is about half more than what the machine of
docs/benchmarks.md reaches at rest, where a day of the clinic asks for no more.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from bench.yardstick import Yardstick


class Goal(NamedTuple):
    """`≤ 1.5 loops`, `≥ 3 ×`."""

    sign: Literal["≤", "≥"]
    limit: float
    of: str = ""
    """«loop» or «commit» of the yardstick, the name of another row of the part, or nothing: the value itself."""

    def verdict(self, value: float, ours: Yardstick, rows: Mapping[str, float]) -> str:
        unit = {"": 1.0, "loop": ours.loop, "commit": ours.commit}.get(self.of) or rows[self.of]
        reached = value <= self.limit * unit if self.sign == "≤" else value >= self.limit * unit
        of = {"": "", "loop": " loops", "commit": " commits"}.get(self.of, f" × {self.of}")
        return f"{self.sign} {self.limit:g}{of}: {'reached' if reached else 'missed'}"


def at_most(limit: float, of: str = "") -> Goal:
    return Goal("≤", limit, of)


def at_least(limit: float, of: str = "") -> Goal:
    return Goal("≥", limit, of)


BARE_READING = "bare reading of the file, 100000 rows: processor of the process itself"
GOALS: dict[str, Goal] = {
    "append, 8 writers: together / as shipped": at_least(3),
    "append, 1 writer: ours / as shipped": at_least(1.2),
    "append: gaps in our positions": at_most(0),
    "publish, log to broker": at_least(20_000),
    "publish: ours / bare producer": at_least(1),
    "booking over HTTP, 8 clients, p95": at_most(2.5, "loop"),
    "week of 20 doctors with 1500 visits, p95": at_most(1.5, "loop"),
    "restore preview, 2000 coming visits in the way, p95": at_most(5, "loop"),
    "change of another: notified, p95": at_most(1, "loop"),
    "change of another: fetched, p95": at_most(1.5, "loop"),
    "50 parallel overlapping bookings: accepted": at_most(1),
    "50 parallel overlapping bookings: refused clearly": at_least(49),
    "50 parallel overlapping bookings: server errors": at_most(0),
    "week of 20 doctors, 1500 visits: page opened, median": at_most(50, "loop"),
    "the same week, in view, median": at_most(20, "loop"),
    "the same day: from the day before it, median": at_most(14, "loop"),
    "search of 200000 patients: «иванов петр», p95": at_most(1, "loop"),
    "search of everything: «иванов петр», p95": at_most(1, "loop"),
    "list of 200000 patients: a common category, p95": at_most(4, "loop"),
    "journal of 43000 entries: newest page, p95": at_most(1, "loop"),
    "journal of 43000 entries: by words, p95": at_most(6, "loop"),
    "all read models, times the time of the calendar alone": at_most(3),
    "the calendar's rebuild, times the library's runner": at_least(50),
    "dry run: processor of the process itself": at_most(7, BARE_READING),
    "loading, half new, half edits: processor of the process itself": at_most(7, BARE_READING),
    "export of 100000 patients: processor of the process itself": at_most(4, BARE_READING),
    "dry run: peak memory": at_most(3, "bare reading of the file, 100000 rows: peak memory"),
    "session looked up and right checked, p95": at_most(0.04, "loop"),
    "bookings' p95 under attack / at rest": at_most(3),
    "bookings' rate under attack / at rest": at_least(0.5),
    "bookings under attack: not made": at_most(0),
    "memory afterwards / before": at_most(1.2),
}
