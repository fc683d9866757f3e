"""Balances of cash desks, a desk's card, and the closing of its days."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from msgspec.structs import replace

from aggregates.catalogues import CashDesk
from aggregates.money.desk_days import MOST_REASON, DayTurnover
from aggregates.money.money_documents import MoneyIncome
from commands.money import desk_days as commands
from readmodels.money import closed_days, desk_turnovers
from services.api.fields import written
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import WITHOUT_CONTROLS, Day, Done, Moment, Money, OpenPeriod, Page, Schema, Signed, Total

routes = Routes("desks")
RIGHT, REOPENING = NeedsRight("desk_balances"), NeedsRight("desk_reopening")
READS = ("money_documents", "closed_days", "catalogue")
Reason = Annotated[str, written(MOST_REASON), WITHOUT_CONTROLS]


@mirrors(DayTurnover)
class DeskTurnover(Schema):
    opening: Signed
    income: Total
    outgo: Total
    transfer_in: Total
    transfer_out: Total


@mirrors(desk_turnovers.DeskBalance)
class DeskBalance(Schema):
    balance: Signed


class DeskBalances(Schema):
    """`day`: at whose end they are; `total`: of all desks."""

    day: Day
    items: list[DeskBalance]
    total: Signed


@mirrors(desk_turnovers.DeskMovement)
class DeskMovement(Schema):
    moment: Moment
    sum: Signed
    balance: Signed


@mirrors(desk_turnovers.DeskCard)
class DeskCard(Schema):
    opening: Signed
    closing: Signed
    income: Total
    outgo: Total
    transfer_in: Total
    transfer_out: Total


@mirrors(closed_days.ClosedDay)
class ClosedDay(Schema):
    counted: Total
    difference: Signed


class ClosedDays(Schema):
    items: list[ClosedDay]


class DayClosing(Schema):
    """`counted`: what there is in the desk; `reason`: of a difference to the documents; `article_id`: with it, the difference is
    booked by an income or an outgo.
    """

    day: Day
    counted: Money
    reason: Reason = ""
    article_id: UUID | None = None


class DayClosed(Done):
    """`difference`: counted less what there was by documents; `document_kind`, `document_id`: of what was booked."""

    difference: Signed
    document_kind: str | None
    document_id: UUID | None


class DayReopening(Schema):
    day: Day
    reason: Reason


class DeskBalancesQuery(Schema):
    """`day`: absent: today."""

    day: Day | None = None


class DeskCardQuery(Page, OpenPeriod):
    """Absent bounds: today."""


@routes.get("/desk-balances", RIGHT, answer=DeskBalances, reads=READS)
def balances(call: Call, query: Annotated[DeskBalancesQuery, Query()]) -> Any:
    """What each desk has at the end of a day."""
    day = query.day or call.local_now.date()
    with call.reading() as conn:
        items = desk_turnovers.balances(conn, day)
    return call.answer({"day": day, "items": items, "total": sum((one.balance for one in items), DayTurnover().opening)})


@routes.get(
    "/desk-balances/{desk_id}", RIGHT, answer=DeskCard, reads=(*READS, "articles", "employees", "patients"), heavy=SEARCHES
)
def card(call: Call, desk_id: UUID, query: Annotated[DeskCardQuery, Query()]) -> Any:
    """A desk's card: its documents in a period, newest first, with the balance after each. Patients who paid are named to those
    who may open incomes.
    """
    last = query.last or max(call.local_now.date(), query.first or date.min)
    first = min(query.first or last, last)
    with call.reading() as conn:
        found = desk_turnovers.card(conn, desk_id, first, last, page=query.page, size=query.size)
    if found is None:
        raise NoSuchObject(kind=CashDesk.TOPIC, id=desk_id)
    if MoneyIncome.RIGHT in call.principal.rights:
        period = {"from": first.isoformat(), "to": last.isoformat()}
        call.record_access("listed", MoneyIncome.TOPIC, filter={"desk_id": str(desk_id), **period}, count=found.total)
    else:
        found = without_patients(found)
    return call.answer(found)


def without_patients(found: desk_turnovers.DeskCard) -> desk_turnovers.DeskCard:
    """A card for those who may not open incomes."""
    items = [one if one.patient_id is None else replace(one, about="", patient_id=None) for one in found.items]
    return replace(found, items=items)


@routes.get("/desk-balances/{desk_id}/closed-days", RIGHT, answer=ClosedDays, reads=READS)
def closed(call: Call, desk_id: UUID) -> Any:
    """The last hundred closed days of a desk, newest first."""
    with call.reading() as conn:
        return call.answer({"items": closed_days.of_desk(conn, desk_id)})


@routes.post("/desk-balances/{desk_id}/close", RIGHT, answer=DayClosed, refusals=(404, 409))
def close(call: Call, desk_id: UUID, body: DayClosing) -> Any:
    """Close a desk's day: no document of it on that day or earlier is changed from now on."""
    receipt = commands.close_day(
        call.clinic,
        call.context("close_day"),
        desk_id,
        body.day,
        body.counted,
        reason=body.reason,
        article_id=body.article_id,
    )
    return call.done(receipt, **receipt.facts)


@routes.post("/desk-balances/{desk_id}/reopen", REOPENING, answer=Done, refusals=(404, 409))
def reopen(call: Call, desk_id: UUID, body: DayReopening) -> Any:
    """Open the last closed day again."""
    return call.done(commands.reopen_day(call.clinic, call.context("reopen_day"), desk_id, body.day, body.reason))
