"""Invoices to organisations as they were issued. What is paid of them is asked when they are shown."""

from datetime import date

from aggregates.money.invoice import Invoice, invoiced_total
from aggregates.values import Scalar
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from readmodels.money.invoices import TABLE, InvoiceRow
from readmodels.search_text import normal


def _issued(_: InvoiceRow | None, event: Invoice.Issued) -> InvoiceRow:
    card = event.card
    return InvoiceRow(
        id=event.originator_id,
        number=event.number,
        counterparty_id=event.counterparty_id,
        first=_day(card["first"]),
        last=date.fromisoformat(str(card["last"])),
        issued_on=date.fromisoformat(str(card["issued_on"])),
        act_on=date.fromisoformat(str(card["act_on"])),
        due_on=_day(card["due_on"]),
        comment=str(card["comment"]),
        lines=event.lines,
        total=invoiced_total(event.lines),
        search=normal(str(card["comment"])),
        deleted=False,
        version=event.originator_version,
    )


def _day(written: Scalar) -> date | None:
    return date.fromisoformat(str(written)) if written else None


INVOICES = Projection(
    "invoices",
    TABLE,
    revision=1,
    audience=Audience("invoices", "settlements", "money_incomes"),
    handlers={Invoice.Issued: Own(_issued), **deletable(Invoice)},
    one_stream=True,
)
