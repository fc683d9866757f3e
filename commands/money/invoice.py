"""Commands of invoices to organisations. What is billed is read from the register before (`readmodels/money/invoices.py`) and
comes in as an argument; a guard refuses what another invoice has billed meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import Counterparty
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.money.invoice import INVOICE_NUMBERS, Invoice, InvoiceLine
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic
from commands.references import newly_chosen
from commands.retry import retried


@retried
def issue_invoice(
    clinic: Clinic,
    ctx: Context,
    counterparty_id: UUID,
    card: Mapping[str, Any],
    lines: Sequence[InvoiceLine],
    *,
    invoice_id: UUID | None = None,
) -> Receipt:
    """Facts: `number`. NothingToInvoice, AlreadyInvoiced, EntryDeleted, AggregateNotFound, PeriodClosed, WrongValue,
    WrongValues.
    """
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    chosen = newly_chosen(clinic, [(Counterparty, counterparty_id)])
    id_, today = invoice_id or uuid4(), ctx.local_now(settings.time_zone).date()

    def issued(number: int) -> Invoice:
        invoice = Invoice(id_)
        invoice.issue(number, counterparty_id, card, lines, today=today, at=ctx.now)
        return invoice

    settings.require_open(issued(0).day)  # what is refused takes no number
    with clinic.write_lock():
        invoice = issued(clinic.numbers.next(INVOICE_NUMBERS))
        return clinic.save(invoice, ctx=ctx, if_unchanged=[settings, *chosen], facts={"number": invoice.number})


@retried
def annul_invoice(clinic: Clinic, ctx: Context, invoice_id: UUID, *, expected: int | None = None) -> Receipt:
    """AlreadyDeleted, InvoiceOverpaid (incomes pay it), PeriodClosed."""
    invoice = clinic.load(Invoice, invoice_id, expected=expected)
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(invoice.day)
    invoice.delete(at=ctx.now)
    return clinic.save(invoice, ctx=ctx, if_unchanged=[settings])


@retried
def return_invoice(clinic: Clinic, ctx: Context, invoice_id: UUID, *, expected: int | None = None) -> Receipt:
    """NotDeleted, AlreadyInvoiced, PeriodClosed."""
    invoice = clinic.load(Invoice, invoice_id, expected=expected)
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    settings.require_open(invoice.day)
    invoice.return_(at=ctx.now)
    return clinic.save(invoice, ctx=ctx, if_unchanged=[settings])
