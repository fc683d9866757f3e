"""What is still to be paid of each invoice to an organisation (FIN-7): never below zero.

An account is an invoice and its organisation: one in force adds what it comes to, incomes of the organisation take what they pay
of it. So an invoice that incomes pay isn't annulled. All is of one moment: it doesn't matter which was first.
"""

from collections.abc import Sequence
from datetime import datetime

from aggregates.money.invoice import Invoice, InvoiceOverpaid
from aggregates.money.kopecks import rubles
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyIncome
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger
from gateways.guards.receipt_payments import paid_entries

NAME = "invoice_payments"
_ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001  one moment for all


def claim_of(document: MoneyDocument | Invoice) -> LedgerClaim:
    if isinstance(document, Invoice):
        return LedgerClaim(id=document.id, moment=_ALWAYS, place=0, entries=_owed(document))
    return LedgerClaim(id=document.id, moment=_ALWAYS, place=document.place, entries=paid_entries(document))


def _owed(invoice: Invoice) -> list[Entry]:
    if invoice.deleted:
        return []
    return [Entry(a=invoice.id, b=invoice.counterparty_id, line=0, rank=0, delta=int(invoice.total * 100))]


def refusal(shortages: Sequence[BelowZero]) -> InvoiceOverpaid:
    return InvoiceOverpaid(shortages[0].a, rubles(-shortages[0].balance))


GUARD = ledger(
    NAME,
    kinds=(Invoice, MoneyIncome),
    claim_of=claim_of,
    forbids=lambda _tables, _account: True,
    sql_forbids="true",
    refusal=refusal,
)
