"""Fold a batch of events into the rows that it touches; shared by live workers, catching up and spilled rebuilds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.kernel import Event
from projections.declaration import Appends, Envelope, Projection, replaced
from projections.failure import FoldFailed
from readmodels.table import Key

Entry = tuple[Event | Exception, Envelope]
"""An event with its envelope; an exception in its place if it can't be decoded."""
Load = Callable[[Sequence[Key]], dict[Key, Any]]


class Changes(NamedTuple):
    """Rows to write, keys to delete."""

    upserts: list[Any]
    deletes: list[Key]


def fold_batch(projection: Projection[Any], entries: Sequence[Entry], load: Load) -> Changes:
    """The changes that a batch makes to the rows of a projection; events without a handler are skipped.

    `load` is called once with all touched keys. Raises FoldFailed for an event that can't be folded; the caller may then fold the
    events before it.
    """
    touches: list[tuple[int, Key, Any, Any]] = []
    keys: dict[Key, None] = {}
    handlers = projection.handlers
    for index, (event, envelope) in enumerate(entries):
        if isinstance(event, Exception):
            raise FoldFailed.by(event, projection.name, index, envelope.position, envelope.topic)
        handler = handlers.get(type(event))
        if handler is None:
            continue
        fold = replaced if isinstance(handler, Appends) else handler.fold
        try:
            touched = [(index, key, part, fold) for key, part in projection.touches(handler, event, envelope)]
        except Exception as error:
            raise FoldFailed.by(error, projection.name, index, envelope.position, envelope.topic) from error
        touches += touched
        keys.update((key, None) for _, key, _, _ in touched)
    if not touches:
        return Changes([], [])
    try:
        before = load(list(keys))
    except msgspec.MsgspecError as error:  # a stored row doesn't match the table's declaration
        index = touches[0][0]
        raise FoldFailed.by(error, projection.name, index, entries[index][1].position, entries[index][1].topic) from error
    rows: dict[Key, Any] = dict(before)
    for index, key, part, fold in touches:
        try:
            rows[key] = fold(rows.get(key), part)
        except Exception as error:
            envelope = entries[index][1]
            raise FoldFailed.by(error, projection.name, index, envelope.position, envelope.topic) from error
    upserts = [row for key in keys if (row := rows[key]) is not None and row is not before.get(key)]
    return Changes(upserts, [key for key in keys if rows[key] is None and key in before])


def write_changes(
    connection: Connection[TupleRow], projection: Projection[Any], changes: Changes, called: Mapping[str, str]
) -> None:
    """Write the rows and what is derived from them, in one transaction; `called`: names of tables that differ from the declared.

    The live worker writes by a statement of its own, which also moves the position. DerivationFailed.
    """
    upserts, deletes = changes
    if not upserts and not deletes:
        return
    table = called.get(projection.name, projection.name)
    if projection.derivation is None:
        projection.table.write(connection, upserts, deletes, table)
        return
    with connection.transaction():
        projection.table.write(connection, upserts, deletes, table)
        projection.derivation.bring_up_to_date(connection, projection.table_names(called), upserts, deletes)
