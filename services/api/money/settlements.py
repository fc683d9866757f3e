"""Settlements with counterparties: debts at any date, and what of the receipts of goods is paid."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.catalogues import Counterparty
from readmodels.money import organisation_register as register_read
from readmodels.money import settlements as read
from services.api.http.call import Call
from services.api.http.heavy_work import SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.money.invoice import UnpaidInvoice
from services.api.schemas import Day, Moment, OpenPeriod, Page, Schema, Search, Signed, Total

routes = Routes("settlements")
RIGHT = NeedsRight("settlements")
OF_RECEIPTS = ("money_documents", "stock_documents", "catalogue")
READS = (*OF_RECEIPTS, "payments", "invoices")


@mirrors(read.Settlement)
class Settlement(Schema):
    received: Signed
    sold: Signed
    paid: Signed
    got: Signed
    debt: Signed


@mirrors(read.Settlements)
class SettlementList(Schema):
    owed: Total
    advances: Total


@mirrors(read.SettlementDocument)
class SettlementDocument(Schema):
    moment: Moment
    change: Signed
    debt: Signed


@mirrors(read.PaidReceipt)
class PaidReceipt(Schema):
    moment: Moment
    due: Total
    paid: Total


@mirrors(read.CounterpartySettlement)
class CounterpartySettlement(Schema):
    opening: Signed
    advance: Signed
    not_invoiced: Signed
    invoices: list[UnpaidInvoice]


@mirrors(register_read.RegisterItem)
class RegisterItem(Schema):
    moment: Moment
    starts_at: Moment
    sum: Total


@mirrors(register_read.Register)
class OrganisationRegister(Schema):
    sum: Total


class UnpaidReceipts(Schema):
    items: list[PaidReceipt]


class SettlementsQuery(Schema):
    """`day`: at whose end; absent: today. `show`: those with a debt or an advance, or all with whom there was anything."""

    day: Day | None = None
    q: Search = ""
    show: read.Shown = "owing"


class CounterpartySettlementQuery(Page, OpenPeriod):
    """`to`: at whose end; absent: today."""


class UnpaidReceiptsQuery(Schema):
    """`outgo_id`: an outgo whose payments don't count, since they are being written."""

    outgo_id: UUID | None = None


@routes.get("/settlements", RIGHT, answer=SettlementList, reads=READS, heavy=SEARCHES)
def settlements(call: Call, query: Annotated[SettlementsQuery, Query()]) -> Any:
    """What the clinic owes to each counterparty at the end of a day, the largest debts first."""
    end = datetime.combine((query.day or call.local_now.date()) + timedelta(days=1), time.min)
    with call.reading() as conn:
        return call.answer(read.listing(conn, end, query=query.q, shown=query.show))


@routes.get("/settlements/{counterparty_id}", RIGHT, answer=CounterpartySettlement, reads=READS, heavy=SEARCHES)
def settlement(call: Call, counterparty_id: UUID, query: Annotated[CounterpartySettlementQuery, Query()]) -> Any:
    """Settlements with one counterparty: its documents in a period with the debt after each, and its unpaid receipts."""
    last = query.last or max(call.local_now.date(), query.first or call.local_now.date())
    with call.reading() as conn:
        found = read.of_counterparty(conn, counterparty_id, query.first, last, page=query.page, size=query.size)
    if found is None:
        raise NoSuchObject(kind=Counterparty.TOPIC, id=counterparty_id)
    return call.answer(found)


@routes.get(
    "/settlements/{counterparty_id}/register",
    RIGHT,
    answer=OrganisationRegister,
    reads=("payments", "calendar", "patients", "employees"),
    heavy=SEARCHES,
)
def register(call: Call, counterparty_id: UUID, query: Annotated[CounterpartySettlementQuery, Query()]) -> Any:
    """What an organisation owes for patients in a period, visit by visit; with names and services for those who open cards."""
    last = query.last or max(call.local_now.date(), query.first or call.local_now.date())
    names = call.principal.opens_patient_cards and call.principal.patients_of is None
    with call.reading() as conn:
        found = register_read.of_period(conn, counterparty_id, query.first, last, names=names, page=query.page, size=query.size)
    if names:
        asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page", "size"})
        listed = {"counterparty_id": str(counterparty_id), **asked}
        call.record_access("listed", "organisation_register", filter=listed, count=found.total)
    return call.answer(found)


@routes.get(
    "/settlements/{counterparty_id}/unpaid-receipts",
    NeedsRight("settlements", "money_outgoes"),
    answer=UnpaidReceipts,
    reads=OF_RECEIPTS,
    heavy=SEARCHES,
)
def unpaid(call: Call, counterparty_id: UUID, query: Annotated[UnpaidReceiptsQuery, Query()]) -> Any:
    """Posted receipts of a supplier that aren't paid whole, the oldest first: to be paid by an outgo."""
    with call.reading() as conn:
        return call.answer({"items": read.unpaid(conn, counterparty_id, except_outgo=query.outgo_id)})
