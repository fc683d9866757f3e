"""Fold the log into read models at once, in batches of any size: what the live worker does, without its waiting."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

from psycopg import Connection

from aggregates.kernel import Decoders
from projections import positions
from projections.batch import fold_batch, write_changes
from projections.declaration import Projection
from projections.reader import EventSelection, read_batch
from projections.registry import PROJECTIONS

EVERYTHING = 5000


def fold_all(
    connection: Connection[Any],
    decoders: Decoders,
    projections: Sequence[Projection[Any]] = PROJECTIONS,
    *,
    after: int = 0,
    sizes: Iterable[int] = (),
) -> int:
    """Fold what lies after a position, in batches of these sizes and then in large ones; the last position folded."""
    positions.prepare(connection, projections)
    for size in chain(sizes, repeat(EVERYTHING)):
        batch = read_batch(
            connection, decoders, after, EventSelection(frozenset(decoders), frozenset(), every_kind=False), limit=size
        )
        if batch.last == after:
            return after
        for projection in projections:
            changes = fold_batch(projection, batch.entries, lambda keys, table=projection.table: table.load(connection, keys))
            write_changes(connection, projection, changes, {})
        after = batch.last
    raise AssertionError
