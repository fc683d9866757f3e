"""What is in stock of each goods in each warehouse at every moment: with «Запретить работу с товарами и материалами, которых нет
на складе» never below zero (STK-2, STK-3). Stock documents and completed visits move it.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from aggregates.scheduling.visit import Visit
from aggregates.stock.costing import RANKS, WHOLE, Movement
from aggregates.stock.shortage import GoodsMissing, Shortage
from aggregates.stock.stock_document import Places, movements_of
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from commands.ports.stock import MovesStock, StockLedger
from gateways.guards import clinic_rules
from gateways.guards.declaration import Reads
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, MemoryLedger, PostgresLedger, ledger

NAME = "stock"


def claim_of(document: MovesStock) -> LedgerClaim:
    if isinstance(document, Visit):
        return _claim_of_visit(document)
    moved = movements_of(document.id, document.SHAPE, Places.of(document.card), document.lines) if document.effective else ()
    return LedgerClaim(id=document.id, moment=document.moment, place=document.place, entries=[_entry(one) for one in moved])


def _claim_of_visit(visit: Visit) -> LedgerClaim:
    """As that of an issue of goods. A visit that never took anything out of stock has no row."""
    consumed = visit.consumes
    if consumed is None:
        return LedgerClaim(id=visit.id, holds=visit.ever_consumed, moment=visit.slot.ends_at, place=0, entries=[])
    entries = [_entry(one) for one in consumed.movements(visit.id)]
    return LedgerClaim(id=visit.id, moment=consumed.moment, place=consumed.place, entries=entries)


def _entry(movement: Movement) -> Entry:
    return Entry(
        a=movement.goods_id,
        b=movement.warehouse_id,
        line=movement.line,
        rank=RANKS[movement.effect],
        delta=movement.change,
        counted=movement.quantity if movement.effect == "count" else None,
    )


def shortage_of(below: BelowZero) -> Shortage:
    return Shortage(below.a, below.b, below.moment, below.id, Decimal(-below.balance) / WHOLE)


def refusal(below: Sequence[BelowZero]) -> GoodsMissing:
    return GoodsMissing([shortage_of(one) for one in below])


class Ledger:
    """`commands.ports.stock.StockLedger`."""

    def __init__(self, ledger: PostgresLedger | MemoryLedger) -> None:
        self._ledger = ledger

    def shortages(self, document: MovesStock) -> Sequence[Shortage]:
        return [shortage_of(below) for below in self._ledger.shortages(claim_of(document))]

    def has_moved(self, goods_id: UUID) -> bool:
        return self._ledger.has_entries(goods_id)


GUARD = ledger(
    NAME,
    kinds=(*STOCK_DOCUMENTS, Visit),
    revision=2,
    claim_of=claim_of,
    forbids=lambda tables, _: clinic_rules.forbids_missing_goods(tables),
    sql_forbids="EXISTS (SELECT FROM guard_clinic_rules WHERE forbids_missing_goods)",
    refusal=refusal,
    reads=Reads[StockLedger](
        "stock_ledger",
        lambda database: Ledger(PostgresLedger(NAME, database)),
        lambda claims: Ledger(MemoryLedger(claims)),
    ),
)
