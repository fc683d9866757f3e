"""What a new clinic has done of the first steps to its first booking (UI-5): read off what is there, never a mark of its own."""

from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
from psycopg import Connection

from aggregates.scheduling.hours import DAY
from readmodels.scheduling.working_hours import effective

StepName = Literal["clinic", "hours", "staff", "services", "booking"]
STEPS: tuple[StepName, ...] = get_args(StepName)
"""In the order in which they are gone."""

_DONE = """
SELECT
  EXISTS (SELECT FROM settings WHERE name IN ('legal_name', 'phone', 'inn') AND value #>> '{}' <> ''),
  EXISTS (SELECT FROM schedule_versions WHERE kind IN ('saved', 'restored')),
  EXISTS (SELECT FROM employees WHERE takes_visits AND NOT deleted),
  EXISTS (SELECT FROM services WHERE NOT deleted),
  EXISTS (SELECT FROM calendar WHERE NOT deleted)
"""


LOOKED_AHEAD = 62
"""Days in which somebody has to work for a first booking to be proposed."""


class FirstSteps(msgspec.Struct, frozen=True):
    """The steps that are done, in their order. `working_day`: as of `next_working_day`, while nobody has been booked."""

    done: list[StepName]
    working_day: date | None


def first_steps(conn: Connection[Any], now: datetime) -> FirstSteps:
    """Where the clinic stands. Whoever has booked into the hours proposed at the start has taken them as they are.

    `now`: the clinic's wall clock, naive.
    """
    row = conn.execute(_DONE).fetchone()
    facts = dict(zip(STEPS, row or (), strict=True))
    facts["hours"] = facts["hours"] or facts["booking"]
    done = [step for step in STEPS if facts[step]]
    return FirstSteps(done, None if facts["booking"] else next_working_day(conn, now))


def next_working_day(conn: Connection[Any], now: datetime) -> date | None:
    """The first day, from now on, on which somebody who takes visits works: the next that a patient can be booked on."""
    query = "SELECT employee_id FROM employees WHERE takes_visits AND NOT deleted"
    doctors = [row[0] for row in conn.execute(query).fetchall()]
    last, minute = now.date() + timedelta(days=LOOKED_AHEAD), now.toordinal() * DAY + now.hour * 60 + now.minute
    hours = effective(conn, doctors, now.date(), last)
    starts = [max(start, minute) for doctor in doctors for start, end in hours.spans(doctor, now.date(), last) if end > minute]
    return date.fromordinal(min(starts) // DAY) if starts else None
