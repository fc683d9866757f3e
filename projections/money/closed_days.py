"""Closed days of cash desks."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from aggregates.money.desk_days import DeskDays
from projections.audience import Audience
from projections.declaration import Parts, Projection, replaced
from readmodels.money.closed_days import TABLE, ClosedDayRow

_Day = tuple[UUID, date]


def _closed(event: DeskDays.Closed) -> Iterable[tuple[_Day, ClosedDayRow]]:
    """Also of a day that was opened again."""
    row = ClosedDayRow(
        desk_id=event.desk_id,
        day=event.day,
        days_id=event.originator_id,
        turnover=event.turnover,
        counted=event.counted,
        difference=event.difference,
        reason=event.reason,
        booked_kind=event.booked_kind,
        booked_id=event.booked,
        reopened=False,
    )
    yield (event.desk_id, event.day), row


def _reopened(event: DeskDays.Reopened) -> Iterable[tuple[_Day, None]]:
    yield (event.desk_id, event.day), None


def _opened_again(row: ClosedDayRow | None, _: None) -> ClosedDayRow:
    if row is None:
        raise LookupError("a day is opened again that wasn't closed")
    return replace(row, reopened=True)


CLOSED_DAYS = Projection(
    "closed_days",
    TABLE,
    revision=1,
    audience=Audience("desk_balances", "money_incomes", "money_outgoes", "money_transfers"),
    handlers={DeskDays.Closed: Parts(_closed, replaced), DeskDays.Reopened: Parts(_reopened, _opened_again)},
    one_stream=True,
)
