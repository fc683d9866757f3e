"""Stock as it was known at a past moment (STK-4): documents that came or changed since are undone, in memory.

They are few beside all others, so nothing is stored for it: their rows are folded from the log as they were then, and what they
move is costed again from the earliest difference on, over the movements of all other documents as they are stored. That is right
whatever has been folded so far: a document that isn't, is stored as it was before.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.kernel import Decoders
from aggregates.stock.costing import Movement
from projections import positions
from projections.batch import Entry, fold_batch
from projections.declaration import Envelope
from projections.derivation import TableNames
from projections.reader import EventSelection
from projections.stock.stock_costs import costing_before
from projections.stock.stock_documents import DOCUMENTS
from projections.stock.stored_movements import PORTION, Place, Result, Stated, portions, result_of, stated_by, stored_of
from readmodels.stock.known_stock import Amount, KnownEntries, KnownEntry, KnownGoods, KnownStock
from readmodels.stock.stock_balances import FOREVER
from readmodels.stock.stock_documents import StockDocumentRow

MOST_DOCUMENTS = 20_000
"""That came or changed since: about a quarter of a busy clinic."""
MOST_MOVEMENTS = 200_000
"""That are costed again."""
_TABLES = TableNames("stock_documents", "stock_entries")
_SINCE = "SELECT DISTINCT originator_id FROM events WHERE position > %s AND topic = ANY(%s) LIMIT %s"
_UNTIL = """SELECT position, topic, originator_id, originator_version, state::text FROM events
  WHERE originator_id = ANY(%s) AND position <= %s AND topic = ANY(%s) ORDER BY position"""


class TooMuchChanged(Exception):
    """More has changed since than is undone for a question."""


@dataclass(frozen=True)
class _Since:
    """Documents that came or changed since a position: what they move now, and moved then, by goods."""

    ids: frozenset[UUID]
    rows: Mapping[UUID, StockDocumentRow]
    """As they were then."""
    now: Mapping[UUID, Collection[Stated]]
    then: Mapping[UUID, Collection[Stated]]

    def first(self, goods_id: UUID, end: datetime) -> Place | None:
        """The earliest difference before `end`. A transfer's inward half costs what the other does."""
        differing = set(self.now.get(goods_id, ())) ^ set(self.then.get(goods_id, ()))
        return min((one.at._replace(inward=False) for one in differing if one.moment < end), default=None)


def known_stock(
    connection: Connection[Any], decoders: Decoders, selection: EventSelection, *, known_at: datetime, end: datetime
) -> KnownStock:
    """What goods had before the moment `end` of documents, as it was known at `known_at` (an aware moment), of all goods whose
    documents were entered or changed since.

    selection  the events that concern `DOCUMENTS`.

    Reads in one snapshot: the connection must not have read anything in its transaction. TooMuchChanged.
    """
    since, left = _since(connection, decoders, selection, known_at), MOST_MOVEMENTS
    known: dict[UUID, KnownGoods] = {}
    for goods_id in sorted(since.now.keys() | since.then.keys()):
        first = since.first(goods_id, end)
        if first is not None:
            walk = _Walk(connection, since, goods_id, first, end, left)
            for _ in walk.results():
                pass
            known[goods_id], left = walk.there, walk.left
    return known


def known_entries(
    connection: Connection[Any], decoders: Decoders, selection: EventSelection, goods_id: UUID, *, known_at: datetime
) -> KnownEntries | None:
    """The movements of goods as they were known; None where nothing differs. Arguments and errors as of `known_stock`."""
    since = _since(connection, decoders, selection, known_at)
    first = since.first(goods_id, FOREVER)
    if first is None:
        return None
    walk = _Walk(connection, since, goods_id, first, FOREVER, MOST_MOVEMENTS)
    return KnownEntries(*first, [_entry(at, movement, result, since.rows) for at, movement, result in walk.results()])


def _entry(at: Place, movement: Movement, result: Result, rows: Mapping[UUID, StockDocumentRow]) -> KnownEntry:
    row = rows.get(movement.document_id)
    return KnownEntry(
        movement.document_id, movement.line, at.inward, movement.goods_id, movement.warehouse_id, at.moment, at.rank,
        at.place, result.quantity, result.value, result.correction, result.balance, result.balance_value, result.total,
        result.total_value, *((None, None) if row is None else (row.kind, row.number)),
    )  # fmt: skip


def _since(connection: Connection[Any], decoders: Decoders, selection: EventSelection, known_at: datetime) -> _Since:
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    position, topics = positions.position_at(connection, known_at), list(selection.topics)
    ids = [row[0] for row in connection.execute(_SINCE, (position, topics, MOST_DOCUMENTS + 1)).fetchall()]
    if len(ids) > MOST_DOCUMENTS:
        raise TooMuchChanged
    entries: list[Entry] = []
    for at, topic, originator_id, version, state in connection.execute(_UNTIL, (ids, position, topics)):
        entries.append((decoders[topic](state.encode()), Envelope(at, topic, originator_id, version)))
    rows: list[StockDocumentRow] = fold_batch(DOCUMENTS, entries, lambda _: {}).upserts
    now = (stored.stated for stored in stored_of(connection, _TABLES.derived, ids))
    then = (stated for row in rows for stated in stated_by(row))
    return _Since(frozenset(ids), {row.id: row for row in rows}, _by_goods(now), _by_goods(then))


def _by_goods(stated: Iterable[Stated]) -> dict[UUID, list[Stated]]:
    found: dict[UUID, list[Stated]] = {}
    for one in stated:
        found.setdefault(one.goods_id, []).append(one)
    return found


class _Walk:
    """The movements of goods from `first` on, costed again as they were known.

    there  what it came to, after the last of the results.
    left   how many more movements may be read.
    """

    def __init__(
        self, connection: Connection[Any], since: _Since, goods_id: UUID, first: Place, end: datetime, left: int
    ) -> None:
        self._since, self._goods_id, self._end = since, goods_id, end
        then = since.then.get(goods_id, ())
        self._fresh = sorted((one for one in then if first <= one.at and one.moment < end), key=lambda one: one.at)
        self._portions = portions(connection, _TABLES.derived, goods_id, first, PORTION)
        self._beginning = next(self._portions)
        self._costing = costing_before(connection, _TABLES, goods_id, first, self._fresh, self._beginning, PORTION)
        self.left = left

    @property
    def there(self) -> KnownGoods:
        totals = self._costing.totals
        warehouses = {id_: Amount(pool.quantity, pool.value) for id_, pool in self._costing.pools.items()}
        return KnownGoods(Amount(totals.quantity, totals.value), totals.short, warehouses)

    def results(self) -> Iterator[tuple[Place, Movement, Result]]:
        """Each movement with its place and what it came to, in order. TooMuchChanged."""
        fresh = [(one.at, one.movement) for one in self._fresh]
        for portion in self._others():
            amid = [one for one in fresh if portion and one[0] < portion[-1][0]]
            fresh = fresh[len(amid) :]
            for at, movement in sorted([*portion, *amid], key=itemgetter(0)):
                yield at, movement, result_of(movement, self._costing)
        for at, movement in fresh:
            yield at, movement, result_of(movement, self._costing)

    def _others(self) -> Iterator[list[tuple[Place, Movement]]]:
        """What documents that didn't change since move, in portions."""
        since, end = self._since.ids, self._end
        for portion in chain([self._beginning], self._portions):
            there = zip(portion.in_order(), portion.movements(self._goods_id), strict=True)
            yield [(at, one) for at, one in there if one.document_id not in since and at.moment < end]
            self.left -= len(portion.ctids)
            if portion.moments and portion.moments[-1] >= end:
                return
            if self.left < 0 and len(portion.ctids) == PORTION:
                raise TooMuchChanged
