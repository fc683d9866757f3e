"""Load of doctors and rooms (FIN-4): working hours by the schedule, and what of them visits took.

Booked are visits that aren't deleted, cancelled or missed; completed are a part of them. A doctor's hours are those of the
schedule; a room's are the clinic's own, since a room has no hours: a room that stands empty while the clinic is open is shown as
such. Visits without a room count for the doctors alone.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from psycopg import Connection

from aggregates.scheduling.hours import DAY
from readmodels.people import employees
from readmodels.reports.periods import Days
from readmodels.scheduling import working_hours

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


_BOOKED = "v.status NOT IN ('cancelled', 'no_show')"
_MINUTES = "extract(epoch FROM v.ends_at - v.starts_at)::int / 60"
_VISITS = "visit_work v WHERE v.starts_at >= %(start)s AND v.starts_at < %(end)s AND NOT v.deleted"
_SPENT = f"sum({_MINUTES}) FILTER (WHERE {{}})"
_TAKEN = f"""SELECT {{key}} AS key, {_SPENT.format(_BOOKED)}, {_SPENT.format("v.status = 'completed'")},
    {_SPENT.format("v.status = 'no_show'")}, {_SPENT.format("v.status = 'cancelled'")}, count(*) FILTER (WHERE {_BOOKED})
  FROM {_VISITS} {{and_has}} GROUP BY 1"""
_KEYS: dict[LoadOf, tuple[str, str]] = {
    "doctors": ("coalesce(v.doctor_id::text, '')", ""),
    "rooms": ("v.room", "AND v.room <> ''"),
}
_CELLS = f"""SELECT (extract(isodow FROM s.at)::int - 1), extract(hour FROM s.at)::int, sum(s.minutes)::int FROM (
    SELECT hour AS at, extract(epoch FROM least(v.ends_at, hour + interval '1 hour') - greatest(v.starts_at, hour))::int / 60
      * v.many AS minutes
    FROM (SELECT v.starts_at, v.ends_at, count(*) AS many FROM {_VISITS} AND {_BOOKED} {{and_has}} GROUP BY 1, 2) v,
      generate_series(date_trunc('hour', v.starts_at), v.ends_at - interval '1 minute', interval '1 hour') AS hour) s
  GROUP BY 1, 2 ORDER BY 1, 2"""


def report(conn: Connection[Any], days: Days, of: LoadOf) -> Load:
    """The load of a period, the most loaded first."""
    key, has = _KEYS[of]
    found = conn.execute(_TAKEN.format(key=key, and_has=has), days.values, prepare=False).fetchall()
    taken = {row[0]: [int(value or 0) for value in row[1:]] for row in found}
    working, names = (_doctors if of == "doctors" else _rooms)(conn, days, taken)
    rows = [
        _row(each, names.get(each, each), working.get(each, 0), taken.get(each, [0] * 5))
        for each in {**taken, **{each: [] for each, minutes in working.items() if minutes}}
    ]
    rows.sort(key=lambda row: (-(row.percent or 0), -row.booked, row.name))
    cells = conn.execute(_CELLS.format(and_has=has), days.values, prepare=False).fetchall()
    summed = [sum(column) for column in zip(*(_minutes(row) for row in rows), strict=True)] or [0] * 6
    return Load(rows, _row("", "Всего", summed[0], summed[1:]), [LoadCell(*cell) for cell in cells])


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
