"""Which steps towards its first booking a new clinic has done (UI-5), derived from its data and not stored."""

from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
from psycopg import Connection

from aggregates.scheduling.hours import DAY
from readmodels.scheduling.working_hours import effective

StepName = Literal["clinic", "hours", "staff", "services", "booking"]
STEPS: tuple[StepName, ...] = get_args(StepName)
"""In order."""

_DONE = """
SELECT
  EXISTS (SELECT FROM settings WHERE name IN ('legal_name', 'phone', 'inn') AND value #>> '{}' <> ''),
  EXISTS (SELECT FROM schedule_versions WHERE kind IN ('saved', 'restored')),
  EXISTS (SELECT FROM employees WHERE takes_visits AND NOT deleted),
  EXISTS (SELECT FROM services WHERE NOT deleted),
  EXISTS (SELECT FROM calendar WHERE NOT deleted)
"""


LOOKED_AHEAD = 62
"""Days to search for a working day to propose for the first booking."""


class FirstSteps(msgspec.Struct, frozen=True):
    """The finished steps, in order. `working_day`: see `next_working_day`, until the first booking."""

    done: list[StepName]
    working_day: date | None


def first_steps(conn: Connection[Any], now: datetime) -> FirstSteps:
    """The clinic's progress. A first booking means that the default hours were accepted.

    `now`: the clinic's wall clock, naive.
    """
    row = conn.execute(_DONE).fetchone()
    facts = dict(zip(STEPS, row or (), strict=True))
    facts["hours"] = facts["hours"] or facts["booking"]
    done = [step for step in STEPS if facts[step]]
    return FirstSteps(done, None if facts["booking"] else next_working_day(conn, now))


def next_working_day(conn: Connection[Any], now: datetime) -> date | None:
    """The next day on which a doctor works."""
    query = "SELECT employee_id FROM employees WHERE takes_visits AND NOT deleted"
    doctors = [row[0] for row in conn.execute(query).fetchall()]
    last, minute = now.date() + timedelta(days=LOOKED_AHEAD), now.toordinal() * DAY + now.hour * 60 + now.minute
    hours = effective(conn, doctors, now.date(), last)
    starts = [max(start, minute) for doctor in doctors for start, end in hours.spans(doctor, now.date(), last) if end > minute]
    return date.fromordinal(min(starts) // DAY) if starts else None
