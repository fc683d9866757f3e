"""Working hours as rows: weeks (of the organisation and employees) and own days; effective hours of a range."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.scheduling.hours import DAY, DEFAULT_WEEK, Day, DayKind, Hours, Interval, Week
from aggregates.scheduling.schedule import SCHEDULE_ID
from aggregates.scheduling.working_hours import WorkingHours
from readmodels.table import Table


class WeekRow(msgspec.Struct, frozen=True):
    """A week of hours. `owner_id` is an employee, or SCHEDULE_ID for the organisation; None = follows the organisation."""

    owner_id: UUID
    week: Week | None


class DayRow(msgspec.Struct, frozen=True):
    """An employee's own day."""

    employee_id: UUID
    date: date
    kind: DayKind
    intervals: Hours


WEEKS = Table("working_weeks", WeekRow, key=("owner_id",), types={"week": "jsonb"})
DAYS = Table("working_days", DayRow, key=("employee_id", "date"), indexes=("(date)",))

_DECODE_WEEK = msgspec.json.Decoder(Week)
_DECODE_HOURS = msgspec.json.Decoder(Hours)


def effective(conn: Connection[Any], employee_ids: Iterable[UUID], first: date, last: date) -> WorkingHours:
    """Effective hours of these employees from the day before `first` to `last`.

    All count as present; callers check who is deleted.
    """
    ids = list(employee_ids)
    weeks = conn.execute(
        "SELECT owner_id, week::text FROM working_weeks WHERE owner_id = ANY(%s) AND week IS NOT NULL", ([*ids, SCHEDULE_ID],)
    ).fetchall()
    days = conn.execute(
        """SELECT employee_id, date, kind, intervals::text FROM working_days
          WHERE date BETWEEN %s AND %s AND employee_id = ANY(%s)""",
        (first - timedelta(days=1), last, ids),
    ).fetchall()
    by_owner = {owner_id: _DECODE_WEEK.decode(week) for owner_id, week in weeks}
    own: dict[UUID, dict[date, Day]] = {}
    for employee_id, day, kind, intervals in days:
        own.setdefault(employee_id, {})[day] = Day(kind, _DECODE_HOURS.decode(intervals))
    return WorkingHours(
        organisation=by_owner.pop(SCHEDULE_ID, DEFAULT_WEEK), employees=dict.fromkeys(ids, True), weeks=by_owner, days=own
    )


def clinic_hours(conn: Connection[Any], first: date, last: date) -> dict[date, Hours]:
    """Date → the organisation's hours; () if it is closed. A night shift is on its first day."""
    found = conn.execute(
        "SELECT week::text FROM working_weeks WHERE owner_id = %s AND week IS NOT NULL", (SCHEDULE_ID,)
    ).fetchone()
    week = DEFAULT_WEEK if found is None else _DECODE_WEEK.decode(found[0])
    days = (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))
    return {day: week[day.weekday()] for day in days}


def within_days(hours: WorkingHours, employee_id: UUID, first: date, last: date) -> dict[date, Hours]:
    """Working time split at midnight: date → intervals within its 24 hours, including the end of the night shift before. Dates
    without working time are left out.
    """
    cut: dict[date, list[Interval]] = {}
    for start, end in hours.spans(employee_id, first, last):
        for ordinal in range(max(start // DAY, first.toordinal()), min((end - 1) // DAY, last.toordinal()) + 1):
            midnight = ordinal * DAY
            cut.setdefault(date.fromordinal(ordinal), []).append(Interval(max(start - midnight, 0), min(end - midnight, DAY)))
    return {day: tuple(intervals) for day, intervals in cut.items()}
