"""The derived rows of stock documents: each movement with its cost, walked in order over all warehouses of its goods.

A document changes what follows from it, and nothing before: its goods are walked from the earliest of its old and new places on,
through transfers, starting from the balances before. Rows that come out as they were aren't written.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby, repeat
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from aggregates.stock.costing import RANKS, Costing, Movement, Pool, Totals
from aggregates.stock.stock_document import Places
from aggregates.stock.stock_lines import StockLine
from projections.derivation import Derivation, TableNames
from projections.stock.stored_movements import (
    PORTION,
    Place,
    Portion,
    Result,
    Stated,
    Stored,
    portions,
    result_of,
    stated_by,
    stated_by_line,
    stored_of,
)
from readmodels.stock.stock_documents import SHAPES, StockDocumentRow
from readmodels.stock.stock_entries import TABLE, StockEntry
from readmodels.table import Key

Connected = Connection[TupleRow]
Costed = tuple[str | None, Movement, tuple[int, ...] | None, Stated | None]
"""A movement to be costed: where it lies and what it came to, or as its new document states it."""


# --- live -------------------------------------------------------------------------------------------------------------------


def update(connection: Connected, tables: TableNames, upserts: Sequence[StockDocumentRow], deletes: Sequence[Key]) -> None:
    """`Derivation.update`."""
    old: dict[UUID, list[Stored]] = {}
    new: dict[UUID, list[Stated]] = {}
    for stored in stored_of(connection, tables.derived, [*(row.id for row in upserts), *deletes]):
        old.setdefault(stored.stated.goods_id, []).append(stored)
    for stated in (stated for row in upserts for stated in stated_by(row)):
        new.setdefault(stated.goods_id, []).append(stated)
    entries: list[StockEntry] = []
    for goods_id in sorted(old.keys() | new.keys()):
        before, after = old.get(goods_id, []), new.get(goods_id, [])
        changed = {one.stated for one in before} ^ set(after)
        if changed:
            # a transfer's inward half costs what the other does
            first = min(stated.at for stated in changed)._replace(inward=False)
            entries += _walk_again(connection, tables, goods_id, first, before, after)
    TABLE.write(connection, entries, [], tables.derived)


def _walk_again(
    connection: Connected,
    tables: TableNames,
    goods_id: UUID,
    first: Place,
    before: Sequence[Stored],
    after: Sequence[Stated],
) -> list[StockEntry]:
    """Cost the goods' movements from `first` on; those that are to be stored yet. `before`, `after`: of the changed documents.

    In portions: a hundred thousand movements neither take memory nor leave the connection idle for seconds, after which another
    worker would take the lead.
    """
    derived = Identifier(tables.derived)
    fresh = sorted((stated for stated in after if stated.at >= first), key=lambda stated: stated.at)
    if gone := [stored.ctid for stored in before if stored.stated.at >= first]:
        connection.execute(GONE.format(derived=derived), (gone,))
    later = portions(connection, tables.derived, goods_id, first, PORTION)
    beginning = next(later)
    costing = costing_before(connection, tables, goods_id, first, fresh, beginning, PORTION)
    entries: list[StockEntry] = []
    for portion in chain([beginning], later):
        amid = [stated for stated in fresh if len(portion.ctids) < PORTION or stated.at < portion.at(-1)]
        fresh = fresh[len(amid) :]
        moved: list[tuple[str, Result]] = []
        for ctid, movement, was, stated in _in_order(portion, goods_id, amid):
            result = result_of(movement, costing)
            if ctid is None and stated is not None:
                entries.append(stated.entry(result))
            elif ctid is not None and was != result:
                moved.append((ctid, result))
        if moved:
            ctids = [f'"{ctid}"' for ctid, _ in moved]
            columns = zip(*(result for _, result in moved), strict=True)
            connection.execute(MOVED.format(derived=derived, **_MOVED_PARTS), [_array(column) for column in (ctids, *columns)])
    return entries


def _in_order(portion: Portion, goods_id: UUID, amid: Sequence[Stated]) -> Iterable[Costed]:
    """Stored and new movements in one order."""
    stored = zip(portion.ctids, portion.movements(goods_id), portion.results(), repeat(None), strict=False)
    if not amid:
        return stored
    both: list[Costed] = list(stored)
    for number, (place, stated) in enumerate(zip(portion.amid(amid), amid, strict=True)):
        both.insert(place + number, (None, stated.movement, None, stated))
    return both


def costing_before(
    connection: Connected,
    tables: TableNames,
    goods_id: UUID,
    first: Place,
    fresh: Sequence[Stated],
    beginning: Portion,
    size: int,
) -> Costing:
    """Balances of the warehouses concerned and of all together as they are before `first`, and what had been issued and returned
    of documents that are returned later.

    fresh      movements that aren't stored, and count too.
    beginning  the first portion from `first` on: all that follows, unless it has the whole `size`.
    """
    costing, parts = Costing(), {"derived": Identifier(tables.derived), **_PARTS}
    warehouses, origins = set(beginning.warehouse_ids), set(beginning.origins)
    if len(beginning.ctids) == size:
        warehouses = {row[0] for row in connection.execute(WAREHOUSES.format(**parts), (goods_id, goods_id, goods_id, *first))}
        origins = {row[0] for row in connection.execute(ORIGINS.format(**parts), (goods_id, *first))}
    warehouses |= {stated.warehouse_id for stated in fresh}
    origins |= {stated.origin for stated in fresh}
    costing.pools = {warehouse_id: Pool() for warehouse_id in warehouses}
    values = (goods_id, *first)
    for warehouse_id, *amounts in connection.execute(BEFORE.format(**parts), (*values, sorted(warehouses), *values)):
        if warehouse_id is None:
            costing.totals = Totals(*map(int, amounts[:3]))
        else:
            costing.pools[warehouse_id] = Pool(*map(int, amounts))
    if returned := sorted(origin for origin in origins if origin is not None):
        for document_id, is_return, quantity, value in connection.execute(AMOUNTS.format(**parts), (*values, returned, returned)):
            (costing.returned if is_return else costing.issued)[document_id] = (int(quantity), int(value))
    return costing


_PARTS = {"order": SQL("(moment, rank, place, line, inward)"), "first": SQL("(%s, %s, %s, %s, %s)")}
WAREHOUSES = SQL(
    "with recursive each(w) as ((select warehouse_id from {derived} where goods_id = %s order by warehouse_id limit 1) union all "
    "select (select warehouse_id from {derived} where goods_id = %s and warehouse_id > w order by warehouse_id limit 1) "
    "from each where w is not null) select w from each where exists "
    "(select from {derived} where goods_id = %s and warehouse_id = w and {order} >= {first})"
)
"""Those that movements from `first` on concern: one look for each, not for each of the movements."""
ORIGINS = SQL("select distinct origin from {derived} where goods_id = %s and origin is not null and {order} >= {first}")
BEFORE = SQL(
    "(select null::uuid, total, total_value, short, 0::bigint, 0::bigint, 0::numeric, 0::numeric from {derived} "
    "where goods_id = %s and {order} < {first} "
    "order by moment desc, rank desc, place desc, line desc, inward desc limit 1) union all "
    "select w, e.balance, e.balance_value, e.last_sum, e.last_quantity, e.received, e.received_value, e.corrected "
    "from unnest(%s::uuid[]) as w cross join lateral ("
    "select * from {derived} where goods_id = %s and warehouse_id = w and {order} < {first} "
    "order by moment desc, rank desc, place desc, line desc, inward desc limit 1) e"
)
"""Of all warehouses together (null), and of each."""
AMOUNTS = SQL(
    "select coalesce(origin, document_id), effect = 'return', sum(abs(quantity)), sum(abs(value)) "
    "from {derived} where goods_id = %s and {order} < {first} and (document_id = any(%s) or origin = any(%s)) group by 1, 2"
)
GONE = SQL("delete from {derived} where ctid = any(%s::tid[])")
MOVED = SQL("update {derived} e set {changes} from unnest(%s::tid[], {values}) as m(at, {names}) where e.ctid = m.at")
"""By where the rows lie: nobody else writes them. None of these columns is in an index, so that a row with room beside it needs
no new entry in any (`fillfactor` of the table).
"""


_RESULTS = [column for column in TABLE.columns if column.name in Result._fields]
_MOVED_PARTS = {
    "changes": SQL(", ").join(SQL("{0} = m.{0}").format(Identifier(column.name)) for column in _RESULTS),
    "values": SQL(", ").join(SQL("%s::{}[]").format(SQL(column.pg_type)) for column in _RESULTS),
    "names": SQL(", ").join(Identifier(column.name) for column in _RESULTS),
}


def _array(values: Iterable[object]) -> str:
    """PostgreSQL's text of an array: quicker than the driver's lists, of which there may be a hundred thousand."""
    return "{" + ",".join(map(str, values)) + "}"


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
            portion += [stated.entry(result_of(stated.movement, costing)) for line in lines for stated in line.movements()]
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
        places = Places(self.warehouse_id, self.to, self.origin)
        return stated_by_line(self.document_id, self.kind, places, self.moment, self.place, self.number, self.line)


_line = msgspec.json.Decoder(_Line).decode

STOCK_COSTS = Derivation(TABLE, update, fill)
