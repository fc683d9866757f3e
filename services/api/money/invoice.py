"""Invoices to organisations that pay for patients, and the acts of the same content (FIN-7)."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Query

from aggregates.catalogues import Counterparty
from aggregates.money.invoice import INVOICE_FIELDS, Invoice, InvoicedSumMoved, InvoiceLine, InvoiceState
from commands.money import invoice as commands
from readmodels.clinic import requisites
from readmodels.money import invoices as invoices_read
from services.api.deletion import delete_route, return_route
from services.api.fields import created_with
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS, SEARCHES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.schemas import OF_REQUEST, Done, Money, OpenPeriod, Page, PaperQuery, Ref, Schema, Search, Total

routes = Routes("invoices")
SEES = NeedsRight("invoices", "settlements")
ISSUES = NeedsRight("invoices")
ONE = "/invoices/{invoice_id}"
READS = ("invoices", "money_documents", "catalogue")
BILLED = ("invoices", "payments", "calendar", "patients")


@mirrors(invoices_read.InvoiceItem)
class InvoiceItem(Schema):
    total: Total
    paid: Total


@mirrors(invoices_read.Invoices)
class InvoiceList(Schema):
    items: list[InvoiceItem]
    sum: Total
    paid: Total


class InvoicedVisit(Schema):
    """A line. Patient and services are empty for those who open no cards of patients."""

    visit_id: UUID
    visit_number: int
    day: date
    patient: Ref | None
    card_number: str
    services: str
    sum: Total


@mirrors(invoices_read.InvoiceIncome)
class InvoiceIncome(Schema):
    sum: Total


@mirrors(invoices_read.InvoiceItem)
class InvoiceCard(Schema):
    """An invoice with its lines, and the incomes that pay it."""

    total: Total
    paid: Total
    lines: list[InvoicedVisit]
    incomes: list[InvoiceIncome]


class InvoiceDraft(Schema):
    """What an invoice of the period would bill. `issued_on`: the present day."""

    counterparty: Ref
    issued_on: date
    lines: list[InvoicedVisit]
    sum: Total


@mirrors(invoices_read.UnpaidInvoice)
class UnpaidInvoice(Schema):
    due: Total
    paid: Total


class UnpaidInvoices(Schema):
    items: list[UnpaidInvoice]


@created_with(INVOICE_FIELDS.values())
class NewInvoice(Schema):
    """`sum`: the one that was shown."""

    sum: Annotated[Money, OF_REQUEST]


class InvoiceIssued(Done):
    number: int


class InvoicesQuery(Page, OpenPeriod):
    """`from`, `to`: by the days of invoices."""

    q: Search = ""
    counterparty_id: UUID | None = None
    state: InvoiceState | None = None
    deleted: bool = False


class InvoiceDraftQuery(OpenPeriod):
    """The days of payments; `to`: today by default."""


class UnpaidInvoicesQuery(Schema):
    """`income_id`: an income whose payments don't count, since they are being written."""

    income_id: UUID | None = None


@routes.get("/invoices", SEES, answer=InvoiceList, reads=READS, heavy=SEARCHES)
def invoices(call: Call, query: Annotated[InvoicesQuery, Query()]) -> Any:
    """One page of the invoices, the latest first."""
    with call.reading() as conn:
        found = invoices_read.listing(
            conn,
            query=query.q,
            counterparty_id=query.counterparty_id,
            first=query.first,
            last=query.last,
            state=query.state,
            deleted=call.shows_deleted(query.deleted),
            page=query.page,
            size=query.size,
        )
    return call.answer(found)


@routes.get(ONE, SEES, answer=InvoiceCard, reads=READS)
def invoice(call: Call, invoice_id: UUID) -> Any:
    """One invoice with its lines, and the incomes that pay it; with names and services for those who open cards."""
    found = _known(call, invoice_id)
    if _names(call):
        call.record_access("opened", "invoice", object_id=invoice_id)
    shown = {**msgspec.structs.asdict(found.item), "lines": _lines(call, found.lines), "incomes": found.incomes}
    return call.versioned(shown, found.item.version)


@routes.get(
    "/settlements/{counterparty_id}/invoice-draft", ISSUES, answer=InvoiceDraft, reads=(*BILLED, "catalogue"), heavy=SEARCHES
)
def draft(call: Call, counterparty_id: UUID, query: Annotated[InvoiceDraftQuery, Query()]) -> Any:
    """What an organisation owes by payments of a period and no invoice in force bills."""
    organisation = call.clinic.load(Counterparty, counterparty_id)
    today = call.local_now.date()
    with call.reading() as conn:
        found = invoices_read.uninvoiced(conn, counterparty_id, query.first, query.last or max(today, query.first or today))
    if _names(call):
        asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        listed = {"counterparty_id": str(counterparty_id), **asked}
        call.record_access("listed", "organisation_register", filter=listed, count=len(found.lines))
    return call.answer(
        {
            "counterparty": {"id": counterparty_id, "name": organisation.name},
            "issued_on": today,
            "lines": _lines(call, found.lines),
            "sum": found.sum,
        }
    )


@routes.post("/settlements/{counterparty_id}/invoices", ISSUES, answer=InvoiceIssued, status=201, refusals=(404, 409))
def issue(call: Call, counterparty_id: UUID, body: NewInvoice) -> Any:
    """Issue an invoice of what the register of a period holds and no invoice in force bills, if that is what was shown."""
    ctx = call.context("issue_invoice")
    if (receipt := call.clinic.stored_receipt(ctx)) is not None:
        return call.done(receipt, **receipt.facts)
    call.require_present(*BILLED)
    card = body.model_dump(exclude_unset=True, exclude={"sum"})
    checked = INVOICE_FIELDS.checked(card, call.local_now.date())
    first = date.fromisoformat(str(checked["first"])) if checked["first"] else None
    with call.reading() as conn:
        found = invoices_read.uninvoiced(conn, counterparty_id, first, date.fromisoformat(str(checked["last"])))
    if found.lines and found.sum != body.sum:
        raise InvoicedSumMoved(sum=found.sum)
    receipt = commands.issue_invoice(call.clinic, ctx, counterparty_id, card, found.lines)
    return call.done(receipt, **receipt.facts)


delete_route(
    routes, ONE, ISSUES, "invoice", commands.annul_invoice, "Annul an invoice that no income pays; it can be brought back."
)
return_route(
    routes, ONE, ISSUES, "invoice", commands.return_invoice, "Bring an annulled invoice back, unless another one bills the same."
)


@routes.get(
    "/settlements/{counterparty_id}/unpaid-invoices",
    NeedsRight("settlements", "invoices", "money_incomes"),
    answer=UnpaidInvoices,
    reads=READS,
    heavy=SEARCHES,
)
def unpaid(call: Call, counterparty_id: UUID, query: Annotated[UnpaidInvoicesQuery, Query()]) -> Any:
    """Invoices to an organisation that aren't paid whole, the oldest first: to be paid by an income."""
    with call.reading() as conn:
        items = invoices_read.unpaid(conn, counterparty_id, date.max - timedelta(days=1), except_income=query.income_id)
        return call.answer({"items": items})


@routes.get(f"{ONE}/invoice.pdf", SEES, answer=bytes, media=PDF, reads=READS, heavy=PAPERS)
def as_invoice(call: Call, invoice_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """The invoice as a PDF, with the requisites of its date."""
    del query
    return _printed(call, invoice_id, "invoice")


@routes.get(f"{ONE}/act.pdf", SEES, answer=bytes, media=PDF, reads=READS, heavy=PAPERS)
def as_act(call: Call, invoice_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """The act of the same services as a PDF, with the requisites of its date."""
    del query
    return _printed(call, invoice_id, "act")


def _printed(call: Call, invoice_id: UUID, kind: str) -> Any:
    from services.papers.invoice import NAMES, invoice_paper

    found = _known(call, invoice_id)
    day = found.item.issued_on if kind == "invoice" else found.item.act_on
    end = datetime.combine(day, time.max, tzinfo=call.zone)
    with call.reading() as conn:
        clinic = requisites.of_clinic(conn, call.denta.decoders, end)
        payer = requisites.of_counterparty(conn, call.denta.decoders, found.item.counterparty.id, end)
    names = _names(call)
    if names:
        call.record_access("printed", "invoice", object_id=invoice_id)
    html = invoice_paper(found, clinic, payer, act=kind == "act", names=names)
    return paper(call, html, f"{NAMES[kind]} {found.item.number}")


def _known(call: Call, invoice_id: UUID) -> invoices_read.InvoiceCard:
    """NoSuchObject."""
    with call.reading() as conn:
        found = invoices_read.get(conn, invoice_id)
    if found is None:
        raise NoSuchObject(kind=Invoice.TOPIC, id=invoice_id)
    return found


def _names(call: Call) -> bool:
    return call.principal.opens_patient_cards and call.principal.patients_of is None


def _lines(call: Call, lines: list[InvoiceLine]) -> list[dict[str, Any]]:
    names = _names(call)
    return [
        {
            "visit_id": line.visit_id,
            "visit_number": line.visit_number,
            "day": line.day,
            "patient": {"id": line.patient_id, "name": line.patient} if names and line.patient_id else None,
            "card_number": line.card_number if names else "",
            "services": line.services if names else "",
            "sum": line.sum,
        }
        for line in lines
    ]
