"""Load of doctors and rooms (FIN-4): working hours by the schedule, and what of them visits took.

Booked are visits that aren't deleted, cancelled or missed; completed are a part of them. A doctor's hours are those of the
schedule; a room's are the clinic's own, since a room has no hours: a room that stands empty while the clinic is open is shown as
such. Visits without a room count for the doctors alone.
"""

from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from typing import Any, Literal

import msgspec
from psycopg import Connection

from aggregates.scheduling.hours import DAY
from aggregates.scheduling.visit_status import FREEING, Status
from readmodels.people import employees
from readmodels.reports.periods import Days
from readmodels.scheduling import working_hours
from readmodels.scheduling.calendar import TAKES_TIME

LoadOf = Literal["doctors", "rooms"]


class LoadRow(msgspec.Struct, frozen=True, gc=False):
    """A doctor or a room, in minutes. `key`: the doctor's id, or the room as visits name it; `visits`: booked ones.

    percent  booked of the working time, in tenths; null without working time.
    """

    key: str
    name: str
    working: int
    booked: int
    completed: int
    no_show: int
    cancelled: int
    visits: int
    percent: int | None


class LoadCell(msgspec.Struct, frozen=True, gc=False):
    """An hour of a weekday, Monday = 0: minutes of visits that were booked in it, over the whole period."""

    weekday: int
    hour: int
    booked: int


class Load(msgspec.Struct, frozen=True):
    """The report: rows by load, their sum, and at which hours of the week the visits are."""

    rows: list[LoadRow]
    sum: LoadRow
    cells: list[LoadCell]


_VISITS = """FROM visit_work v WHERE v.starts_at >= %(start)s AND v.starts_at < %(end)s AND NOT v.deleted {and_has}"""
_TAKEN = f"SELECT {{key}}, v.status, v.ends_at - v.starts_at, count(*) {_VISITS} GROUP BY 1, 2, 3"
_KEYS: dict[LoadOf, tuple[str, str]] = {
    "doctors": ("coalesce(v.doctor_id::text, '')", ""),
    "rooms": ("v.room", "AND v.room <> ''"),
}
_TIMES = f"""SELECT (v.starts_at::date - date '1999-12-27') %% 7, v.starts_at::time, v.ends_at - v.starts_at, count(*) {_VISITS}
  AND {TAKES_TIME.format("v")} GROUP BY 1, 2, 3"""
"""By the day of the week (of which the date is a Monday), start and length."""
_HOUR = 60


def report(conn: Connection[Any], days: Days, of: LoadOf) -> Load:
    """The load of a period, the most loaded first."""
    key, has = _KEYS[of]
    taken = _taken(conn.execute(_TAKEN.format(key=key, and_has=has), days.values, prepare=False).fetchall())
    working, names = (_doctors if of == "doctors" else _rooms)(conn, days, taken)
    rows = [
        _row(each, names.get(each, each), working.get(each, 0), taken.get(each, [0] * 5))
        for each in {**taken, **{each: [] for each, minutes in working.items() if minutes}}
    ]
    rows.sort(key=lambda row: (-(row.percent or 0), -row.booked, row.name))
    cells = _cells(conn.execute(_TIMES.format(and_has=has), days.values, prepare=False).fetchall())
    summed = [sum(column) for column in zip(*(_minutes(row) for row in rows), strict=True)] or [0] * 6
    return Load(rows, _row("", "Всего", summed[0], summed[1:]), cells)


def _taken(found: Iterable[tuple[str, Status, timedelta, int]]) -> dict[str, list[int]]:
    """Key → minutes booked, completed, missed, cancelled, and how many visits were booked."""
    taken: dict[str, list[int]] = {}
    for key, status, length, many in found:
        of_key = taken.setdefault(key, [0] * 5)
        minutes = _minutes_of(length) * many
        if status in FREEING:
            of_key[2 if status == "no_show" else 3] += minutes
            continue
        of_key[0] += minutes
        of_key[4] += many
        if status == "completed":
            of_key[1] += minutes
    return taken


def _cells(found: Iterable[tuple[int, time, timedelta, int]]) -> list[LoadCell]:
    """Each visit's minutes in the hours of the week that it takes."""
    sums: dict[tuple[int, int], int] = {}
    for weekday, start, length, many in found:
        begin = start.hour * _HOUR + start.minute
        end = begin + _minutes_of(length)
        for hour in range(begin // _HOUR, (end + _HOUR - 1) // _HOUR):
            cell = ((weekday + hour // 24) % 7, hour % 24)
            inside = min(end, (hour + 1) * _HOUR) - max(begin, hour * _HOUR)
            sums[cell] = sums.get(cell, 0) + inside * many
    return [LoadCell(*cell, booked) for cell, booked in sorted(sums.items())]


def _minutes_of(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def _row(key: str, name: str, working: int, taken: list[int]) -> LoadRow:
    booked, completed, no_show, cancelled, visits = taken
    percent = (1000 * booked + working // 2) // working if working else None
    return LoadRow(key, name, working, booked, completed, no_show, cancelled, visits, percent)


def _minutes(row: LoadRow) -> tuple[int, ...]:
    return row.working, row.booked, row.completed, row.no_show, row.cancelled, row.visits


def _doctors(conn: Connection[Any], days: Days, taken: Mapping[str, list[int]]) -> tuple[dict[str, int], dict[str, str]]:
    """Minutes by the schedule of doctors who aren't deleted, or had visits; names of all."""
    known = employees.names(conn)
    ids = [one.id for one in known.values() if (one.takes_visits and not one.deleted) or str(one.id) in taken]
    hours = working_hours.effective(conn, ids, days.first, days.last)
    first, last = days.first.toordinal() * DAY, (days.last.toordinal() + 1) * DAY
    minutes = {}
    for id_ in ids:
        spans = hours.spans(id_, days.first, days.last)
        minutes[str(id_)] = sum(max(min(end, last) - max(start, first), 0) for start, end in spans)
    return minutes, {"": "Без врача", **{str(one.id): one.name for one in known.values()}}


def _rooms(conn: Connection[Any], days: Days, taken: Mapping[str, list[int]]) -> tuple[dict[str, int], dict[str, str]]:
    """Minutes of the clinic, for each room of the catalogue and those that visits name."""
    hours = working_hours.clinic_hours(conn, days.first, days.last)
    minutes = sum(interval.end - interval.start for intervals in hours.values() for interval in intervals)
    listed = conn.execute("SELECT name FROM catalogue WHERE catalogue = 'room' AND NOT deleted").fetchall()
    return dict.fromkeys([*(name for (name,) in listed), *taken], minutes), {}
