"""The block above the calendar (CAL-9): visits of a day, and what the desk for statistics moved on it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.money import desk_turnovers
from readmodels.scheduling.calendar import VISIT

_COUNTED = f"""SELECT count(*), count(*) FILTER (WHERE v.first_visit) FROM ({VISIT}
  WHERE c.starts_at >= %(day)s AND c.starts_at < %(end)s AND NOT c.deleted AND c.status NOT IN ('cancelled', 'no_show')
    AND (%(only)s::uuid IS NULL OR c.doctor_id = %(only)s)) AS v"""
_NOTHING = Decimal("0.00")


class DayStatistics(msgspec.Struct, frozen=True):
    """visits, first_visits  that weren't cancelled or missed, and those among them that are the patient's first.

    desk           name of the desk for statistics, "" where none is chosen.
    income, outgo  of that desk in rubles, without transfers.
    """

    visits: int
    first_visits: int
    desk: str
    income: Decimal
    outgo: Decimal


def of_day(conn: Connection[Any], day: date, desk_id: UUID | None, *, only_doctor_id: UUID | None = None) -> DayStatistics:
    """`only_doctor_id`: whose visits alone the user may see."""
    values = {"day": day, "end": day + timedelta(days=1), "only": only_doctor_id}
    visits, first_visits = conn.execute(_COUNTED, values).fetchone() or (0, 0)
    desk = None if desk_id is None else desk_turnovers.balance(conn, desk_id, day)
    if desk is None:
        return DayStatistics(visits, first_visits, "", _NOTHING, _NOTHING)
    return DayStatistics(visits, first_visits, desk.name, desk.day.income, desk.day.outgo)
