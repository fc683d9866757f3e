"""What is in each cash desk at every moment; a desk of cash is never below zero (FIN-1).

An account is a desk. A deleted document keeps its entries, of nothing: so the guard knows that its desk has documents.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from aggregates.money.cash_shortage import CashMissing, CashShortage
from aggregates.money.certificate import Certificate
from aggregates.money.desk_days import DayTurnover
from aggregates.money.kopecks import rubles
from aggregates.money.money_document import RANKS, MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from commands.ports.cash import CashLedger
from gateways.guards import cash_desk
from gateways.guards.declaration import Reads
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, MemoryLedger, PostgresLedger, ledger

NAME = cash_desk.DOCUMENTS


def claim_of(document: MoneyDocument | Payment | Refund | Certificate) -> LedgerClaim:
    entries = [
        Entry(a=move.desk_id, b=move.desk_id, line=line, rank=move.rank, delta=0 if document.deleted else move.kopecks)
        for line, move in enumerate(document.moves)
    ]
    return LedgerClaim(id=document.id, moment=document.moment, place=document.place, entries=entries)


def refusal(shortages: Sequence[BelowZero]) -> CashMissing:
    below = shortages[0]
    return CashMissing(CashShortage(below.a, below.moment, below.id, rubles(-below.balance)))


class Ledger:
    """`commands.ports.cash.CashLedger`."""

    def __init__(self, ledger: PostgresLedger | MemoryLedger) -> None:
        self._ledger = ledger

    def turnover(self, desk_id: UUID, day: date) -> DayTurnover:
        opening, moved = self._ledger.day((desk_id, desk_id), day)
        sums = dict.fromkeys(("income", "outgo", "transfer_in", "transfer_out"), 0)
        flows = {rank: flow for flow, rank in RANKS.items()}
        for rank, delta in moved:
            way = ("_in" if delta > 0 else "_out") if flows[rank] == "transfer" else ""
            sums[flows[rank] + way] += abs(delta)
        return DayTurnover(opening=rubles(opening), **{name: rubles(total) for name, total in sums.items()})


GUARD = ledger(
    NAME,
    kinds=(*MONEY_DOCUMENTS, Payment, Refund, Certificate),
    claim_of=claim_of,
    forbids=lambda tables, account: cash_desk.holds_cash(tables, account[0]),
    sql_forbids=cash_desk.HOLDS_CASH,
    refusal=refusal,
    reads=Reads[CashLedger](
        "cash_ledger",
        lambda database: Ledger(PostgresLedger(NAME, database)),
        lambda claims: Ledger(MemoryLedger(claims)),
    ),
)
