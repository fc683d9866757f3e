"""What is still with the buyer of each issue's goods: at no moment more has come back than had left (STK-1).

An account is an issue and goods: the issue adds its quantity, returns take it. So an issue whose goods came back stays in effect,
before its returns and with enough of them. Documents are in the order in which goods are costed: a return of the minute of its
issue comes before it.
"""

from collections.abc import Sequence
from decimal import Decimal

from aggregates.stock.costing import RANKS, WHOLE
from aggregates.stock.returned_goods import Excess, ReturnedTooMuch
from aggregates.stock.stock_document import Places, StockDocument, movements_of
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger

NAME = "returned_goods"


def claim_of(document: StockDocument) -> LedgerClaim:
    moved = movements_of(document.id, document.SHAPE, Places.of(document.card), document.lines) if document.effective else ()
    entries = [
        Entry(
            a=movement.origin or movement.document_id,
            b=movement.goods_id,
            line=movement.line,
            rank=RANKS[movement.effect],
            delta=-movement.change,
        )
        for movement in moved
    ]
    return LedgerClaim(id=document.id, moment=document.moment, place=document.place, entries=entries)


def refusal(below: Sequence[BelowZero]) -> ReturnedTooMuch:
    first = below[0]
    return ReturnedTooMuch(Excess(first.a, first.b, first.moment, first.id, Decimal(-first.balance) / WHOLE))


GUARD = ledger(
    NAME,
    kinds=(GoodsIssue, CustomerReturn),
    claim_of=claim_of,
    revision=2,
    forbids=lambda *_: True,
    sql_forbids="true",
    refusal=refusal,
)
