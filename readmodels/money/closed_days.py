"""The closed days of cash desks (FIN-8)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.money.desk_days import DayTurnover
from readmodels.money.money_documents import NumberedDocument
from readmodels.table import Table


class ClosedDayRow(msgspec.Struct, frozen=True):
    """A day as it was closed last. `days_id`: the aggregate of the desk's days; `booked_kind`, `booked_id`: the document of the
    difference; `reopened`: it is open again.
    """

    desk_id: UUID
    day: date
    days_id: UUID
    turnover: DayTurnover
    counted: Decimal
    difference: Decimal
    reason: str
    booked_kind: str
    booked_id: UUID | None
    reopened: bool


TABLE = Table("closed_days", ClosedDayRow, key=("desk_id", "day"), indexes=("(days_id)",))


class ClosedDay(msgspec.Struct, frozen=True, gc=False):
    """A closed day, in rubles. `booked`: the document of the difference."""

    day: date
    turnover: DayTurnover
    counted: Decimal
    difference: Decimal
    reason: str
    booked: NumberedDocument | None


def of_desk(conn: Connection[Any], desk_id: UUID, *, size: int = 100) -> list[ClosedDay]:
    """The last closed days of a desk, newest first."""
    rows = conn.execute(
        """SELECT c.day, c.turnover::text, c.counted, c.difference, c.reason, c.booked_id, c.booked_kind, d.number
          FROM closed_days c LEFT JOIN money_documents d ON d.id = c.booked_id
          WHERE c.desk_id = %s AND NOT c.reopened ORDER BY c.day DESC LIMIT %s""",
        (desk_id, size),
    ).fetchall()
    return [_closed(row) for row in rows]


def _closed(row: Sequence[Any]) -> ClosedDay:
    day, turnover, counted, difference, reason, booked_id, booked_kind, number = row
    booked = None if number is None else NumberedDocument(booked_id, booked_kind, number)
    return ClosedDay(day, _TURNOVER.decode(turnover), counted, difference, reason, booked)


_TURNOVER = msgspec.json.Decoder(DayTurnover)
