"""What is still to be paid of each receipt of goods (FIN-9): never below zero.

An account is a receipt and its supplier: the posted receipt adds its sum, outgoes to the supplier take what they pay of it. So a
receipt that was paid keeps its supplier. All is of one moment: it doesn't matter which was first.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aggregates.kernel import Aggregate
from aggregates.money.kopecks import rubles
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MoneyOutgo
from aggregates.money.settlement import Overpayment, ReceiptOverpaid
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import StockReceipt
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger

NAME = "receipt_payments"
_ALWAYS = datetime(2000, 1, 1)  # noqa: DTZ001  one moment for all


def claim_of(document: Aggregate) -> LedgerClaim:
    if isinstance(document, MoneyDocument):
        return LedgerClaim(id=document.id, moment=_ALWAYS, place=document.place, entries=paid_entries(document))
    assert isinstance(document, StockDocument)  # noqa: S101  the kinds below
    return LedgerClaim(id=document.id, moment=_ALWAYS, place=0, entries=_owed(document))


def _owed(receipt: StockDocument) -> list[Entry]:
    if not receipt.effective:
        return []
    return [Entry(a=receipt.id, b=UUID(str(receipt.card["counterparty_id"])), line=0, rank=0, delta=int(receipt.total * 100))]


def paid_entries(document: MoneyDocument) -> list[Entry]:
    """What a document takes of what its counterparty and the clinic owe each other: of receipts, or of invoices."""
    if document.deleted or not document.pays:
        return []
    party = UUID(str(document.card["counterparty_id"]))
    return [
        Entry(a=one.receipt_id, b=party, line=line, rank=1, delta=-int(one.sum * 100)) for line, one in enumerate(document.pays)
    ]


def refusal(shortages: Sequence[BelowZero]) -> ReceiptOverpaid:
    below = shortages[0]
    return ReceiptOverpaid(Overpayment(below.a, below.id, rubles(-below.balance)))


GUARD = ledger(
    NAME,
    kinds=(StockReceipt, MoneyOutgo),
    claim_of=claim_of,
    forbids=lambda _tables, _account: True,
    sql_forbids="true",
    refusal=refusal,
)
