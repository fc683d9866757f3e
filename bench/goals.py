"""What is to be reached, as a ratio: to the machine's yardstick, or to a peer that is measured in the same run.

A row that is a ratio or a count already has a bare number. How far a value may go is about half more than what the machine of
docs/benchmarks.md reaches at rest, where a day of the clinic asks for no more.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from bench.sizes import (
    CLIENTS,
    COMING_VISITS,
    DOCTORS,
    EXCEL_ROWS,
    PARALLEL_BOOKINGS,
    PATIENTS,
    VISITS_OF_200_DAYS,
    WEEK_VISITS,
    WRITERS,
)
from bench.yardstick import Yardstick


class Unit(NamedTuple):
    words: str
    worth: Callable[[Yardstick], float]


OF = {
    "": Unit("", lambda _: 1),
    "loop": Unit(" loops", lambda ours: ours.loop),
    "commit": Unit(" commits", lambda ours: ours.commit),
    "a loop": Unit(" a loop", lambda ours: 1000 / ours.loop),
}
"""Nothing: the value itself. Milliseconds of the yardstick's loop or commit. Of a rate a second: so many during a loop."""


class Goal(NamedTuple):
    """`≤ 1.5 loops`, `≥ 3 ×`, `≥ 350 a loop`."""

    sign: Literal["≤", "≥"]
    limit: float
    of: str = ""
    """One of `OF`, or the name of another row of the part."""

    def verdict(self, value: float, ours: Yardstick, rows: Mapping[str, float]) -> str:
        """`≤ 1.5 loops: reached`. KeyError when no row has the peer's name."""
        limit = self.limit * (OF[self.of].worth(ours) if self.of in OF else rows[self.of])
        reached = value <= limit if self.sign == "≤" else value >= limit
        of = OF[self.of].words if self.of in OF else f" × {self.of}"
        return f"{self.sign} {self.limit:g}{of}: {'reached' if reached else 'missed'}"


def at_most(limit: float, of: str = "") -> Goal:
    return Goal("≤", limit, of)


def at_least(limit: float, of: str = "") -> Goal:
    return Goal("≥", limit, of)


_READ = f"bare reading of the file, {EXCEL_ROWS} rows"
_PROCESSOR, _MEMORY = "processor of the process itself", "peak memory"
MEMORY_AFTER_ATTACK = 1.2
"""Times that before."""
GOALS: dict[str, dict[str, Goal]] = {
    "append": {
        f"append, {WRITERS} writers: together / as shipped": at_least(3),
        "append, 1 writer: ours / as shipped": at_least(1.2),
        "append: gaps in our positions": at_most(0),
    },
    "attack": {
        "bookings' p95 under attack / at rest": at_most(3),
        "bookings' rate under attack / at rest": at_least(0.5),
        "bookings under attack: not made": at_most(0),
        "memory afterwards / before": at_most(MEMORY_AFTER_ATTACK),
    },
    "browser": {
        f"week of {DOCTORS} doctors, {WEEK_VISITS} visits: page opened, median": at_most(50, "loop"),
        "the same week, in view, median": at_most(20, "loop"),
        "the same day: from the day before it, median": at_most(14, "loop"),
    },
    "excel": {
        f"dry run: {_PROCESSOR}": at_most(7, f"{_READ}: {_PROCESSOR}"),
        f"loading, half new, half edits: {_PROCESSOR}": at_most(7, f"{_READ}: {_PROCESSOR}"),
        f"export of {EXCEL_ROWS} patients: {_PROCESSOR}": at_most(4, f"{_READ}: {_PROCESSOR}"),
        f"dry run: {_MEMORY}": at_most(3, f"{_READ}: {_MEMORY}"),
    },
    "http": {
        f"booking over HTTP, {CLIENTS} clients, p95": at_most(4, "loop"),
        f"week of {DOCTORS} doctors with {WEEK_VISITS} visits, p95": at_most(3, "loop"),
        f"restore preview, {COMING_VISITS} coming visits in the way, p95": at_most(10, "loop"),
        "change of another: notified, p95": at_most(1, "loop"),
        "change of another: fetched, p95": at_most(1.5, "loop"),
        f"{PARALLEL_BOOKINGS} parallel overlapping bookings: accepted": at_most(1),
        f"{PARALLEL_BOOKINGS} parallel overlapping bookings: refused clearly": at_least(PARALLEL_BOOKINGS - 1),
        f"{PARALLEL_BOOKINGS} parallel overlapping bookings: server errors": at_most(0),
    },
    "money": {
        "balances of desks on any day, p95": at_most(2, "loop"),
        "card of a desk, a month, p95": at_most(15, "loop"),
        "account of a patient, p95": at_most(2, "loop"),
        "account of the patient with most, p95": at_most(15, "loop"),
        "incomes of a patient, p95": at_most(2, "loop"),
    },
    "papers": {
        "act of 5 lines, p95": at_most(35, "loop"),
    },
    "publish": {
        "publish, log to broker": at_least(350, "a loop"),
        "publish: ours / bare producer": at_least(1),
    },
    "reading": {
        f"search of {PATIENTS} patients: «иванов петр», p95": at_most(1, "loop"),
        "search of everything: «иванов петр», p95": at_most(1, "loop"),
        f"list of {PATIENTS} patients: a common category, p95": at_most(4, "loop"),
        f"journal of {VISITS_OF_200_DAYS} entries: newest page, p95": at_most(1, "loop"),
        f"journal of {VISITS_OF_200_DAYS} entries: by words, p95": at_most(6, "loop"),
    },
    "rebuild": {
        "all read models, times the time of the calendar alone": at_most(3),
        "the calendar's rebuild, times the library's runner": at_least(50),
    },
    "payroll": {
        "pay of everybody for a month, alone, p95": at_most(250, "loop"),
        "pay of a doctor for a month, alone, p95": at_most(5, "loop"),
        "pay of everybody for a month, after half a year of accruals, p95": at_most(2000, "loop"),
        "pay of a doctor for a month, after half a year of accruals, p95": at_most(60, "loop"),
    },
    "reports": {
        "rebuild of visit_work": at_least(400, "a loop"),
        "rebuild of account_documents": at_least(500, "a loop"),
        "income of a month by performer, p95": at_most(3, "loop"),
        "income of a year by performer, p95": at_most(15, "loop"),
        "income of a year by service, p95": at_most(15, "loop"),
        "income of a year of one performer by category, p95": at_most(15, "loop"),
        "income of all years by month, p95": at_most(30, "loop"),
        "all lines of a year, p95": at_most(10, "loop"),
        "debts today, p95": at_most(10, "loop"),
        "debts and prepayments on any day, p95": at_most(15, "loop"),
        "load of doctors in a year, p95": at_most(15, "loop"),
    },
    "rights": {
        "session looked up and right checked, p95": at_most(0.04, "loop"),
    },
    "signatures": {
        "verification, 256 bits, median": at_most(0.25, "loop"),
        "verification, 512 bits, median": at_most(1, "loop"),
        "both signatures of a document of 200 KB, 256 bits, p95": at_most(1, "loop"),
        "hashing by our code": at_least(0.007, "a loop"),
    },
    "stock": {
        "rebuild of stock, 2 processes: movements": at_least(1_000, "a loop"),
        "stock as of any date, p95": at_most(2, "loop"),
        "turnover of a month, p95": at_most(30, "loop"),
        "turnover of a year, p95": at_most(30, "loop"),
        "posting a document of 20 lines, p95": at_most(3, "loop"),
        "a receipt before all movements of the busiest goods: answered": at_most(5, "loop"),
        "a receipt before all movements of the busiest goods: shown": at_most(100, "loop"),
    },
    "visit": {
        "visit of 30 lines, 4 × slower: a key in a quantity, median": at_most(6, "loop"),
        "visit of 30 lines, 4 × slower: a key in the search of services, median": at_most(6, "loop"),
    },
}
"""By part."""


def verdicts(part: str, rows: Iterable[tuple[str, float, str]], ours: Yardstick) -> dict[str, str]:
    """What each of the part's goals has come to, by the name of its row."""
    values = {name: value for name, value, _ in rows}
    return {name: goal.verdict(values[name], ours, values) for name, goal in GOALS[part].items()}


def require_rows(part: str, names: Collection[str]) -> None:
    """Refuse a goal of a row, or to a peer, that the part doesn't measure: it would never be missed. LookupError."""
    required = {name for row, goal in GOALS[part].items() for name in (row, goal.of)} - OF.keys()
    if lost := required - {*names}:
        raise LookupError(f"goals of rows that {part} doesn't measure: {', '.join(sorted(lost))}")
