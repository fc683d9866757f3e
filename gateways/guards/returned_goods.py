"""What is still with the buyer of each issue's goods: at no moment more has come back than had left (STK-1).

An account is an issue and goods: the issue adds its quantity, returns take it. So an issue whose goods came back stays in effect,
before its returns and with enough of them. Documents are in the order in which goods are costed: a return of the minute of its
issue comes before it. A further account, which refuses nothing, has what was sold to each patient, for
`commands.ports.returned_goods`.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from aggregates.stock.costing import RANKS, WHOLE
from aggregates.stock.returned_goods import Excess, ReturnedTooMuch
from aggregates.stock.stock_document import Places, StockDocument, movements_of
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from aggregates.values import NAMESPACE_DENTA
from commands.ports.returned_goods import ReturnedGoods
from gateways.database import Database
from gateways.guards.declaration import Reads
from gateways.guards.ledger import BelowZero, Entry, LedgerClaim, ledger

NAME = "returned_goods"
SOLD_TO = uuid5(NAMESPACE_DENTA, "returned_goods:sold-to")
"""The second id of the account of what a patient has bought without a visit."""


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
    if document.effective and (patient_id := document.card.get("patient_id")):
        entries.append(Entry(a=UUID(str(patient_id)), b=SOLD_TO, line=len(document.lines), rank=0, delta=1))
    return LedgerClaim(id=document.id, moment=document.moment, place=document.place, entries=entries)


def refusal(below: Sequence[BelowZero]) -> ReturnedTooMuch:
    first = below[0]
    return ReturnedTooMuch(Excess(first.a, first.b, first.moment, first.id, Decimal(-first.balance) / WHOLE))


class PostgresReturnedGoods:
    """`commands.ports.returned_goods.ReturnedGoods`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def returns_of(self, issue_id: UUID) -> Sequence[UUID]:
        with self._database.connection() as connection:
            return [id_ for (id_,) in connection.execute(RETURNS_OF, {"issue": issue_id}).fetchall()]

    def sold_to(self, patient_ids: Iterable[UUID]) -> Sequence[UUID]:
        with self._database.connection() as connection:
            found = connection.execute(SOLD, {"patients": list(patient_ids), "sold": SOLD_TO}).fetchall()
        return [id_ for (id_,) in found]


SOLD = "SELECT DISTINCT id FROM guard_returned_goods_entries WHERE a = ANY(%(patients)s) AND b = %(sold)s ORDER BY id"
RETURNS_OF = "SELECT DISTINCT id FROM guard_returned_goods_entries WHERE a = %(issue)s AND id <> %(issue)s ORDER BY id"


class MemoryReturnedGoods:
    """The same without a database."""

    def __init__(self, claims: Callable[[], Sequence[LedgerClaim]]) -> None:
        self._claims = claims

    def returns_of(self, issue_id: UUID) -> Sequence[UUID]:
        found = (one.id for one in self._claims() if one.id != issue_id and any(entry.a == issue_id for entry in one.entries))
        return sorted(found, key=lambda id_: id_.bytes)

    def sold_to(self, patient_ids: Iterable[UUID]) -> Sequence[UUID]:
        accounts = {(patient_id, SOLD_TO) for patient_id in patient_ids}
        found = (one.id for one in self._claims() if any((entry.a, entry.b) in accounts for entry in one.entries))
        return sorted(found, key=lambda id_: id_.bytes)


GUARD = ledger(
    NAME,
    kinds=(GoodsIssue, CustomerReturn),
    claim_of=claim_of,
    revision=3,
    forbids=lambda _, account: account[1] != SOLD_TO,
    sql_forbids=f"account.b <> '{SOLD_TO}'",
    refusal=refusal,
    reads=Reads[ReturnedGoods]("returned_goods", PostgresReturnedGoods, MemoryReturnedGoods),
)
