"""What a new clinic has done of the first steps to its first booking (UI-5): read off what is there, never a mark of its own."""

from typing import Any, Literal, get_args

import msgspec
from psycopg import Connection

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


class FirstSteps(msgspec.Struct, frozen=True):
    """The steps that are done, in their order."""

    done: list[StepName]


def first_steps(conn: Connection[Any]) -> FirstSteps:
    """Where the clinic stands. Whoever has booked into the hours proposed at the start has taken them as they are."""
    row = conn.execute(_DONE).fetchone()
    facts = dict(zip(STEPS, row or (), strict=True))
    facts["hours"] = facts["hours"] or facts["booking"]
    return FirstSteps([step for step in STEPS if facts[step]])
