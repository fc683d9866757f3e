"""Stock as it was known at a past moment (STK-4): documents that came or changed since are undone, in memory.

They are few beside all others, so nothing is stored for it: their rows are folded from the log as they were then, and what they
move is costed again from the earliest difference on, over the movements of all other documents as they are stored. That is right
whatever has been folded so far: a document that isn't, is stored as it was before.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.kernel import Decoders
from projections import positions
from projections.batch import Entry, fold_batch
from projections.declaration import Envelope
from projections.derivation import TableNames
from projections.reader import EventSelection
from projections.stock.stock_costs import (
    OF_DOCUMENTS,
    PORTION,
    TAIL_AFTER,
    TAIL_FROM,
    Place,
    Stated,
    costing_before,
    stated_by,
    stored_rows,
)
from projections.stock.stock_documents import DOCUMENTS
from readmodels.stock.known_stock import Amount, KnownGoods, KnownStock
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


def known_stock(
    connection: Connection[Any], decoders: Decoders, selection: EventSelection, *, known_at: datetime, end: datetime
) -> KnownStock:
    """What goods had before the moment `end` of documents, as it was known at `known_at` (an aware moment), of all goods whose
    documents were entered or changed since.

    selection  the events that concern `DOCUMENTS`.

    Reads in one snapshot: the connection must not have read anything in its transaction. TooMuchChanged.
    """
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    position, topics = positions.position_at(connection, known_at), list(selection.topics)
    ids = [row[0] for row in connection.execute(_SINCE, (position, topics, MOST_DOCUMENTS + 1)).fetchall()]
    if len(ids) > MOST_DOCUMENTS:
        raise TooMuchChanged
    then: dict[UUID, list[Stated]] = {}
    for row in _rows_until(connection, decoders, ids, position, topics):
        for stated in stated_by(row):
            then.setdefault(stated.goods_id, []).append(stated)
    now: dict[UUID, list[Stated]] = {}
    for stored in stored_rows(connection, _TABLES, OF_DOCUMENTS, (ids,)):
        now.setdefault(stored.stated.goods_id, []).append(stored.stated)
    walk = _Walk(connection, frozenset(ids), end)
    for goods_id in sorted(then.keys() | now.keys()):
        differing = [one for one in set(now.get(goods_id, ())) ^ set(then.get(goods_id, ())) if one.moment < end]
        if differing:
            # a transfer's inward half costs what the other does
            first = min(one.at for one in differing)._replace(inward=False)
            walk.cost(goods_id, first, [one for one in then.get(goods_id, ()) if first <= one.at and one.moment < end])
    return walk.known


def _rows_until(
    connection: Connection[Any], decoders: Decoders, ids: Sequence[UUID], position: int, topics: Sequence[str]
) -> list[StockDocumentRow]:
    """The rows of these documents as they were at a position; none of those that came later."""
    entries: list[Entry] = []
    for at, topic, originator_id, version, state in connection.execute(_UNTIL, (ids, position, topics)):
        entries.append((decoders[topic](state.encode()), Envelope(at, topic, originator_id, version)))
    return fold_batch(DOCUMENTS, entries, lambda _: {}).upserts


class _Walk:
    """Movements costed again. `known`: what it came to."""

    def __init__(self, connection: Connection[Any], since: Collection[UUID], end: datetime) -> None:
        self.known: dict[UUID, KnownGoods] = {}
        self._connection, self._since, self._end = connection, since, end
        self._left = MOST_MOVEMENTS

    def cost(self, goods_id: UUID, first: Place, then: Sequence[Stated]) -> None:
        """Goods from `first` on: `then`, and what other documents move."""
        fresh = sorted(then, key=lambda stated: stated.at)
        costing = costing_before(self._connection, _TABLES, goods_id, first, fresh)
        for portion in self._others(goods_id, first):
            amid = [stated for stated in fresh if portion and stated.at < portion[-1].at]
            fresh = fresh[len(amid) :]
            for stated in sorted([*portion, *amid], key=lambda one: one.at):
                stated.cost(costing)
        for stated in fresh:
            stated.cost(costing)
        warehouses = {id_: Amount(pool.quantity, pool.value) for id_, pool in costing.pools.items()}
        totals = costing.totals
        self.known[goods_id] = KnownGoods(Amount(totals.quantity, totals.value), totals.short, warehouses)

    def _others(self, goods_id: UUID, first: Place) -> Iterator[list[Stated]]:
        """What documents that didn't change since move, in portions. TooMuchChanged."""
        last, condition = first, TAIL_FROM
        while True:
            portion = [one.stated for one in stored_rows(self._connection, _TABLES, condition, (goods_id, *last, PORTION))]
            yield [one for one in portion if one.document_id not in self._since and one.moment < self._end]
            self._left -= len(portion)
            if len(portion) < PORTION or portion[-1].moment >= self._end:
                return
            if self._left < 0:
                raise TooMuchChanged
            last, condition = portion[-1].at, TAIL_AFTER
