"""Movements as documents state them, and as they are stored with what they came to.

The movements of one goods are read in portions, column by column: a list of numbers is written by the database and decoded here
in a fraction of the time that as many rows take, and a document of the past is followed by a hundred thousand.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from aggregates.stock.costing import RANKS, Costing, Effect, Movement
from aggregates.stock.stock_document import Places, line_movements, movements_of
from aggregates.stock.stock_lines import StockLine
from readmodels.stock.stock_documents import SHAPES, StockDocumentRow
from readmodels.stock.stock_entries import StockEntry

PORTION = 5_000
Connected = Connection[TupleRow]


class Place(NamedTuple):
    """The order of movements of one goods."""

    moment: datetime
    rank: int
    place: int
    line: int
    inward: bool


class Result(NamedTuple):
    """What a movement comes to: the columns of `StockEntry` that no document states."""

    quantity: int = 0
    value: int = 0
    correction: int = 0
    balance: int = 0
    balance_value: int = 0
    last_sum: int = 0
    last_quantity: int = 0
    total: int = 0
    total_value: int = 0
    short: int = 0
    received: int = 0
    received_value: int = 0
    corrected: int = 0


def result_of(movement: Movement, costing: Costing) -> Result:
    """The next movement of its goods, costed."""
    cost, pool, totals = costing.cost(movement), costing.pools[movement.warehouse_id], costing.totals
    return Result(
        cost.quantity,
        cost.value,
        cost.correction,
        cost.left,
        cost.left_value,
        pool.last_sum,
        pool.last_quantity,
        totals.quantity,
        totals.value,
        totals.short,
        pool.received,
        pool.received_value,
        pool.corrected,
    )


class Stated(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A movement as its document states it, in its place."""

    document_id: UUID
    line: int
    inward: bool
    goods_id: UUID
    warehouse_id: UUID
    moment: datetime
    rank: int
    place: int
    effect: Effect
    stated: int
    stated_value: int | None
    origin: UUID | None
    batch: str
    expires_on: date | None

    @property
    def at(self) -> Place:
        return Place(self.moment, self.rank, self.place, self.line, self.inward)

    @property
    def movement(self) -> Movement:
        return Movement(
            self.document_id,
            self.line,
            self.goods_id,
            self.warehouse_id,
            self.effect,
            self.stated,
            self.stated_value,
            self.origin,
        )

    def entry(self, result: Result) -> StockEntry:
        columns: tuple[Any, ...] = (*msgspec.structs.astuple(self), *result)
        return StockEntry(*columns)


class Stored(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of a changed document. `ctid`: where it lies."""

    ctid: str
    stated: Stated


class Portion(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Stored movements of one goods in their order. `ctids`: where they lie."""

    ctids: list[str]
    document_ids: list[UUID]
    lines: list[int]
    warehouse_ids: list[UUID]
    moments: list[datetime]
    places: list[int]
    effects: list[Effect]
    stated: list[int]
    stated_values: list[int | None]
    origins: list[UUID | None]
    quantities: list[int]
    values: list[int]
    corrections: list[int]
    balances: list[int]
    balance_values: list[int]
    last_sums: list[int]
    last_quantities: list[int]
    totals: list[int]
    total_values: list[int]
    shorts: list[int]
    received: list[int]
    received_values: list[int]
    corrected: list[int]

    def at(self, number: int) -> Place:
        effect = self.effects[number]
        return Place(self.moments[number], RANKS[effect], self.places[number], self.lines[number], effect == INWARD)

    def in_order(self) -> list[Place]:
        """The place of each."""
        return [self.at(number) for number in range(len(self.ctids))]

    def movements(self, goods_id: UUID) -> Iterator[Movement]:
        return map(
            Movement, self.document_ids, self.lines, repeat(goods_id), self.warehouse_ids, self.effects, self.stated,
            self.stated_values, self.origins,
        )  # fmt: skip

    def results(self) -> Iterator[tuple[int, ...]]:
        """As tuples in the order of `Result`, whose equals they are."""
        return zip(
            self.quantities, self.values, self.corrections, self.balances, self.balance_values, self.last_sums,
            self.last_quantities, self.totals, self.total_values, self.shorts, self.received, self.received_values,
            self.corrected, strict=True,
        )  # fmt: skip

    def amid(self, fresh: Sequence[Stated]) -> list[int]:
        """Before which of these movements each of `fresh`, which are in order too, has its place."""
        places = self.in_order()
        return [bisect(places, stated.at) for stated in fresh]


INWARD = "transfer_in"
_NOTHING = Portion(*([] for _ in Portion.__struct_fields__))
_STORED = SQL(
    "json_build_array(ctid, json_build_array(document_id, line, inward, goods_id, warehouse_id, moment, rank, place, effect, "
    "stated, stated_value, origin, batch, expires_on))"
)
_OF_DOCUMENTS = SQL("select json_agg({stored})::text from {derived} where document_id = any(%s)")
_COLUMNS = (
    "ctid", "document_id", "line", "warehouse_id", "moment", "place", "effect", "stated", "stated_value", "origin",
    *Result._fields,
)  # fmt: skip
_TAIL = SQL(
    "select json_build_array({columns})::text from (select ctid, e.* from {derived} e where goods_id = %s "
    "and (moment, rank, place, line, inward) {sign} (%s, %s, %s, %s, %s) "
    "order by moment, rank, place, line, inward limit %s) as portion having count(*) > 0"
)
_AGGREGATED = SQL(", ").join(SQL("json_agg({})").format(Identifier(name)) for name in _COLUMNS)
_read_stored = msgspec.json.Decoder(list[Stored]).decode
_read_portion = msgspec.json.Decoder(Portion).decode


def stored_of(connection: Connected, derived: str, document_ids: Iterable[UUID]) -> list[Stored]:
    """The stored movements of some documents."""
    query = _OF_DOCUMENTS.format(stored=_STORED, derived=Identifier(derived))
    found = connection.execute(query, (list(document_ids),)).fetchone()
    return _read_stored(found[0]) if found and found[0] else []


def portions(connection: Connected, derived: str, goods_id: UUID, first: Place, size: int) -> Iterator[Portion]:
    """The movements of goods from `first` on, at most `size` at a time; the last portion has less than that, perhaps none."""
    last, sign = first, SQL(">=")
    while True:
        query = _TAIL.format(columns=_AGGREGATED, derived=Identifier(derived), sign=sign)
        found = connection.execute(query, (goods_id, *last, size)).fetchone()
        portion = _read_portion(found[0]) if found else _NOTHING
        yield portion
        if len(portion.ctids) < size:
            return
        last, sign = portion.at(-1), SQL(">")


def stated_by(row: StockDocumentRow) -> Iterator[Stated]:
    """The movements of a document; none of a draft or a deleted one."""
    if row.posted and not row.deleted:
        for movement in movements_of(row.id, SHAPES[row.kind], Places.of(row.card), row.lines):
            yield _stated(movement, row.moment, row.place, row.lines[movement.line])


def stated_by_line(
    document_id: UUID, kind: str, places: Places, moment: datetime, place: int, number: int, line: StockLine
) -> Iterator[Stated]:
    """The movements of one line of an effective document."""
    for movement in line_movements(document_id, SHAPES[kind].effect, places, number, line):
        yield _stated(movement, moment, place, line)


def _stated(movement: Movement, moment: datetime, place: int, line: StockLine) -> Stated:
    return Stated(
        movement.document_id,
        movement.line,
        movement.effect == INWARD,
        movement.goods_id,
        movement.warehouse_id,
        moment,
        RANKS[movement.effect],
        place,
        movement.effect,
        movement.quantity,
        movement.value,
        movement.origin,
        line.batch,
        line.expires_on,
    )
