"""What an organisation owes for a visit and no invoice in force has billed: never below zero (FIN-7).

An account is a payment that the organisation owes, and a visit: the payment adds what it pays of the visit, invoices in force
take what they bill. So a visit isn't billed twice, and what was billed isn't taken back before its invoice is annulled.
"""

from collections.abc import Sequence
from datetime import datetime

from aggregates.money.invoice import AlreadyInvoiced, Invoice
from aggregates.money.kopecks import rubles
from aggregates.money.payment import Payment
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger

NAME = "invoiced"
_ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001  one moment for all


def claim_of(document: Payment | Invoice) -> LedgerClaim:
    entries = [] if document.deleted else _entries(document)
    return LedgerClaim(id=document.id, moment=_ALWAYS, place=0, entries=entries)


def _entries(document: Payment | Invoice) -> list[Entry]:
    if isinstance(document, Invoice):
        return [
            Entry(a=one.payment_id, b=one.visit_id, line=line, rank=1, delta=-int(one.sum * 100))
            for line, one in enumerate(document.lines)
        ]
    if not document.owed:
        return []
    return [
        Entry(a=document.id, b=visit_id, line=line, rank=0, delta=int(amount * 100))
        for line, (visit_id, amount) in enumerate(document.allocated.items())
    ]


def refusal(shortages: Sequence[BelowZero]) -> AlreadyInvoiced:
    return AlreadyInvoiced(shortages[0].b, rubles(-shortages[0].balance))


GUARD = ledger(
    NAME,
    kinds=(Payment, Invoice),
    claim_of=claim_of,
    forbids=lambda _tables, _account: True,
    sql_forbids="true",
    refusal=refusal,
)
