"""The derived rows of stock documents: each movement with its cost, walked in order over all warehouses of its goods.

A document changes what follows from it, and nothing before: its goods are walked from the earliest of its old and new places on,
through transfers, starting from the balances before. Rows that come out as they were aren't written.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from aggregates.stock.costing import RANKS, Costing, Effect, Movement, Pool, Totals
from aggregates.stock.stock_document import Places, line_movements, movements_of
from aggregates.stock.stock_lines import StockLine
from projections.derivation import Derivation, TableNames
from readmodels.stock.stock_documents import SHAPES, StockDocumentRow
from readmodels.stock.stock_entries import TABLE, StockEntry
from readmodels.table import Key

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

    def cost(self, costing: Costing) -> Result:
        movement = Movement(
            self.document_id,
            self.line,
            self.goods_id,
            self.warehouse_id,
            self.effect,
            self.stated,
            self.stated_value,
            self.origin,
        )
        cost, pool = costing.cost(movement), costing.pools[self.warehouse_id]
        return Result(
            cost.quantity,
            cost.value,
            cost.correction,
            cost.left,
            cost.left_value,
            pool.last_sum,
            pool.last_quantity,
            *msgspec.structs.astuple(costing.totals),
        )

    def entry(self, result: Result) -> StockEntry:
        columns: tuple[Any, ...] = (*msgspec.structs.astuple(self), *result)
        return StockEntry(*columns)


class Stored(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of the table. `ctid`: where it lies."""

    ctid: str
    stated: Stated
    result: Result


# --- live -------------------------------------------------------------------------------------------------------------------


def update(connection: Connected, tables: TableNames, upserts: Sequence[StockDocumentRow], deletes: Sequence[Key]) -> None:
    """`Derivation.update`."""
    of_documents = stored_rows(connection, tables, OF_DOCUMENTS, ([*(row.id for row in upserts), *deletes],))
    old: dict[UUID, list[Stored]] = {}
    new: dict[UUID, list[Stated]] = {}
    for stored in of_documents:
        old.setdefault(stored.stated.goods_id, []).append(stored)
    for stated in (stated for row in upserts for stated in stated_by(row)):
        new.setdefault(stated.goods_id, []).append(stated)
    for goods_id in sorted(old.keys() | new.keys()):
        before, after = old.get(goods_id, []), new.get(goods_id, [])
        changed = {one.stated for one in before} ^ set(after)
        if changed:
            first = min(stated.at for stated in changed)._replace(
                inward=False
            )  # a transfer's inward half costs what the other does
            _walk_again(connection, tables, goods_id, first, before, after)


def _walk_again(
    connection: Connected,
    tables: TableNames,
    goods_id: UUID,
    first: Place,
    before: Sequence[Stored],
    after: Sequence[Stated],
) -> None:
    """Cost the goods' movements from `first` on. `before`, `after`: those of the changed documents.

    In portions: a hundred thousand movements neither take memory nor leave the connection idle for seconds, after which another
    worker would take the lead.
    """
    derived = Identifier(tables.derived)
    fresh = sorted((stated for stated in after if stated.at >= first), key=lambda stated: stated.at)
    if gone := [stored.ctid for stored in before if stored.stated.at >= first]:
        connection.execute(GONE.format(derived=derived), (gone,))
    costing = costing_before(connection, tables, goods_id, first, fresh)
    entries: list[StockEntry] = []
    last: Place | None = first
    condition = TAIL_FROM
    while last is not None:
        portion = stored_rows(connection, tables, condition, (goods_id, *last, PORTION))
        last, condition = (portion[-1].stated.at if len(portion) == PORTION else None), TAIL_AFTER
        amid = [stated for stated in fresh if last is None or stated.at < last]
        fresh = fresh[len(amid) :]
        moved: list[tuple[str, Result]] = []
        for stated, stored in merged(portion, amid):
            result = stated.cost(costing)
            if stored is None:
                entries.append(stated.entry(result))
            elif stored.result != result:
                moved.append((stored.ctid, result))
        if moved:
            columns = [[ctid for ctid, _ in moved], *map(list, zip(*(result for _, result in moved), strict=True))]
            connection.execute(MOVED.format(derived=derived), [_array(column) for column in columns])
    TABLE.write(connection, entries, [], tables.derived)


def merged(portion: Sequence[Stored], amid: Sequence[Stated]) -> list[tuple[Stated, Stored | None]]:
    """Stored and new movements in one order."""
    both: list[tuple[Stated, Stored | None]] = [(stored.stated, stored) for stored in portion]
    return sorted([*both, *((stated, None) for stated in amid)], key=lambda pair: pair[0].at) if amid else both


def costing_before(connection: Connected, tables: TableNames, goods_id: UUID, first: Place, fresh: Sequence[Stated]) -> Costing:
    """Balances of the warehouses concerned and of all together as they are before `first`, and what had been issued and returned
    of documents that are returned later. `fresh`: movements that aren't stored, and count too.
    """
    costing, derived = Costing(), Identifier(tables.derived)
    found = connection.execute(CONCERNED.format(derived=derived, **_PARTS), (goods_id, *first)).fetchall()
    concerned = [*found, *((stated.warehouse_id, stated.origin) for stated in fresh)]
    warehouses = sorted({warehouse_id for warehouse_id, _ in concerned})
    pools = connection.execute(POOLS.format(derived=derived, **_PARTS), (warehouses, goods_id, *first)).fetchall()
    costing.pools = {warehouse_id: Pool() for warehouse_id in warehouses}
    costing.pools |= {warehouse_id: Pool(*map(int, pool)) for warehouse_id, *pool in pools}
    if totals := connection.execute(TOTALS.format(derived=derived, **_PARTS), (goods_id, *first)).fetchone():
        costing.totals = Totals(*map(int, totals))
    if origins := sorted({origin for _, origin in concerned if origin is not None}):
        values = (goods_id, *first, origins, origins)
        amounts = connection.execute(AMOUNTS.format(derived=derived, **_PARTS), values).fetchall()
        for document_id, is_return, parts, value in amounts:
            (costing.returned if is_return else costing.issued)[document_id] = (int(parts), int(value))
    return costing


_PARTS = {
    "stored": SQL(
        "json_build_array(ctid, json_build_array(document_id, line, inward, goods_id, warehouse_id, moment, rank, place, effect, "
        "stated, stated_value, origin, batch, expires_on), "
        "json_build_array(quantity, value, correction, balance, balance_value, last_sum, last_quantity, "
        "total, total_value, short))"
    ),
    "order": SQL("(moment, rank, place, line, inward)"),
    "first": SQL("(%s, %s, %s, %s, %s)"),
}
OF_DOCUMENTS = SQL("select json_agg({stored})::text from {derived} where document_id = any(%s)")
_TAIL = (
    "select json_agg(one)::text from (select {stored} as one from {derived} where goods_id = %s and {order} ",
    " {first} order by moment, rank, place, line, inward limit %s) as portion",
)
TAIL_FROM, TAIL_AFTER = (SQL(sign.join(_TAIL)) for sign in (">=", ">"))
CONCERNED = SQL("select distinct warehouse_id, origin from {derived} where goods_id = %s and {order} >= {first}")
POOLS = SQL(
    "select w, e.balance, e.balance_value, e.last_sum, e.last_quantity from unnest(%s::uuid[]) as w cross join lateral ("
    "select * from {derived} where goods_id = %s and warehouse_id = w and {order} < {first} "
    "order by moment desc, rank desc, place desc, line desc, inward desc limit 1) e"
)
TOTALS = SQL(
    "select total, total_value, short from {derived} where goods_id = %s and {order} < {first} "
    "order by moment desc, rank desc, place desc, line desc, inward desc limit 1"
)
AMOUNTS = SQL(
    "select coalesce(origin, document_id), effect = 'return', sum(abs(quantity)), sum(abs(value)) "
    "from {derived} where goods_id = %s and {order} < {first} and (document_id = any(%s) or origin = any(%s)) group by 1, 2"
)
GONE = SQL("delete from {derived} where ctid = any(%s::tid[])")
MOVED = SQL(
    "update {derived} e set quantity = m.q, value = m.v, correction = m.c, balance = m.b, balance_value = m.bv, last_sum = m.ls, "
    "last_quantity = m.lq, total = m.t, total_value = m.tv, short = m.s from unnest(%s::tid[], %s::bigint[], %s::numeric[], "
    "%s::numeric[], %s::bigint[], %s::numeric[], %s::numeric[], %s::bigint[], %s::bigint[], %s::numeric[], %s::bigint[]) "
    "as m(at, q, v, c, b, bv, ls, lq, t, tv, s) where e.ctid = m.at"
)
"""By where the rows lie: nobody else writes them. None of these columns is in an index, so that a row with room beside it needs
no new entry in any (`fillfactor` of the table).
"""
_read = msgspec.json.Decoder(list[Stored]).decode


def stored_rows(connection: Connected, tables: TableNames, query: SQL, values: Sequence[object]) -> list[Stored]:
    found = connection.execute(query.format(derived=Identifier(tables.derived), **_PARTS), values).fetchone()
    return _read(found[0]) if found and found[0] else []


def _array(values: Iterable[object]) -> str:
    """PostgreSQL's text of an array of numbers or places: quicker than the driver's lists, of which there may be a hundred
    thousand.
    """
    return "{" + ",".join([f'"{value}"' if isinstance(value, str) else str(value) for value in values]) + "}"


def stated_by(row: StockDocumentRow) -> Iterator[Stated]:
    """The movements of a document; none of a draft or a deleted one."""
    if row.posted and not row.deleted:
        for movement in movements_of(row.id, SHAPES[row.kind], Places.of(row.card), row.lines):
            yield _stated(movement, row.moment, row.place, row.lines[movement.line])


def _stated(movement: Movement, moment: datetime, place: int, line: StockLine) -> Stated:
    return Stated(
        movement.document_id,
        movement.line,
        movement.effect == "transfer_in",
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


# --- rebuilt ------------------------------------------------------------------------------------------------------------------


def fill(reading: Connected, writing: Connected, tables: TableNames) -> None:
    """`Derivation.fill`: lines are sorted by the database, so that memory holds the balances of one goods at a time."""
    values = (list(SHAPES), [RANKS[shape.effect] for shape in SHAPES.values()])
    with reading.cursor(name="lines") as cursor:
        cursor.itersize = PORTION
        cursor.execute(LINES.format(source=Identifier(tables.source)), values)
        portion: list[StockEntry] = []
        for _, lines in groupby((_line(text) for (text,) in cursor), key=lambda line: line.line.goods_id):
            costing = Costing()
            portion += [stated.entry(stated.cost(costing)) for line in lines for stated in line.movements()]
            while len(portion) >= PORTION:
                TABLE.copy(writing, portion[:PORTION], tables.derived)
                del portion[:PORTION]
        TABLE.copy(writing, portion, tables.derived)


LINES = SQL(
    "select json_build_array(d.id, d.kind, d.warehouse_id, d.to_warehouse_id, d.card->>'origin_id', d.moment, d.place, "
    "l.nth - 1, l.line)::text from {source} d join unnest(%s::text[], %s::integer[]) as k(kind, rank) using (kind) "
    "cross join lateral jsonb_array_elements(d.lines) with ordinality as l(line, nth) "
    "where d.posted and not d.deleted order by l.line->>'goods_id', d.moment, k.rank, d.place, l.nth"
)
"""Lines of effective documents in the order in which they are costed; both halves of a transfer come of one line."""


class _Line(msgspec.Struct, frozen=True, array_like=True):
    """A row of `LINES`."""

    document_id: UUID
    kind: str
    warehouse_id: UUID
    to: UUID | None
    origin: UUID | None
    moment: datetime
    place: int
    number: int
    line: StockLine

    def movements(self) -> Iterator[Stated]:
        places, effect = Places(self.warehouse_id, self.to, self.origin), SHAPES[self.kind].effect
        for movement in line_movements(self.document_id, effect, places, self.number, self.line):
            yield _stated(movement, self.moment, self.place, self.line)


_line = msgspec.json.Decoder(_Line).decode

STOCK_COSTS = Derivation(TABLE, update, fill)
