"""Rows of a read model being rebuilt: folded in memory and copied into a shadow table, or spilled to it when memory is short."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.kernel import Decoders, Event
from projections import positions
from projections.batch import Entry, fold_batch
from projections.declaration import Appends, Envelope, Handler, Own, Projection, replaced
from projections.failure import FoldFailed, UnknownTopicError
from projections.reader import selection_of
from readmodels.table import Key, Table

ROWS_IN_MEMORY = 300_000
"""Per read model; a row of the calendar takes about 1.8 kB. Further rows are spilled, and loaded again when touched."""
PORTION = 5_000

Take = Callable[[Event, Envelope], None]


class ShadowRows:
    """Rows that one process folds for one read model. `takers`: event class → function that takes an event."""

    def __init__(
        self, projection: Projection[Any], table: str, connection: Connection[TupleRow], *, most: int = ROWS_IN_MEMORY
    ) -> None:
        self.projection = projection
        self._table = table
        self._connection = connection
        self._most = most
        self._own = all(isinstance(h, Own) for h in projection.handlers.values())
        """All handlers are `Own`: rows are keyed by the aggregate's id."""
        self._slot: Callable[[Key], Any] = (lambda key: key.int) if self._own else (lambda key: key)
        self._rows: dict[Any, Any] = {}
        """By slot: the integer of a UUID key, because a UUID's own hash and comparison cost more than the fold."""
        self._made: list[Any] = []
        self._waiting: list[Entry] = []
        self._spilled = False
        self.takers: Mapping[type[Event], Take] = {
            event_class: self._taker(handler) for event_class, handler in projection.handlers.items()
        }

    def pause(self) -> None:
        """Between chunks of the log: write finished rows, spill if there are too many."""
        if self.projection.append_only:
            self._copy_made()
        elif self._spilled:
            self._fold_waiting()
        elif len(self._rows) > self._most:
            self._spill()

    def finish(self) -> None:
        """After the last event: write the remaining rows."""
        if self.projection.append_only:
            self._copy_made()
        elif self._spilled:
            self._fold_waiting()
            self._write_rows()
        else:
            self.projection.table.copy(self._connection, self._rows.values(), self._table)
            self._rows.clear()

    # --- taking events -----------------------------------------------------------------------------------------------------

    def _taker(self, handler: Handler[Any]) -> Take:
        """The fastest function for a handler; it runs for every event of the log."""
        if isinstance(handler, Appends):
            return self._append(handler.row) if self.projection.append_only else self._fold_each(handler, replaced)
        return self._fold_own(handler.fold) if self._own else self._fold_each(handler, handler.fold)

    def _fold_own(self, fold: Callable[..., Any]) -> Take:
        rows, waiting = self._rows, self._waiting

        def take(event: Event, envelope: Envelope) -> None:
            if self._spilled:
                waiting.append((event, envelope))
                return
            number = event.originator_id.int
            row = fold(rows.get(number), event)
            if row is None:
                rows.pop(number, None)
            else:
                rows[number] = row

        return take

    def _fold_each(self, handler: Handler[Any], fold: Callable[..., Any]) -> Take:
        rows, waiting, touches = self._rows, self._waiting, self.projection.touches

        def take(event: Event, envelope: Envelope) -> None:
            if self._spilled:
                waiting.append((event, envelope))
                return
            for key, part in touches(handler, event, envelope):
                row = fold(rows.get(key), part)
                if row is None:
                    rows.pop(key, None)
                else:
                    rows[key] = row

        return take

    def _append(self, row: Callable[[Any, Envelope], Any]) -> Take:
        made = self._made

        def take(event: Event, envelope: Envelope) -> None:
            if (found := row(event, envelope)) is not None:
                made.append(found)

        return take

    # --- writing -------------------------------------------------------------------------------------------------------------

    def _copy_made(self) -> None:
        if self._made:
            self.projection.table.copy(self._connection, self._made, self._table)
            self._made.clear()

    def _spill(self) -> None:
        """From now on rows are a cache of the shadow table, which needs its primary key for that."""
        add_key(self._connection, self.projection.table, self._table)
        self._spilled = True
        self._write_rows()

    def _fold_waiting(self) -> None:
        if not self._waiting:
            return
        entries = list(self._waiting)
        self._waiting.clear()
        changes = fold_batch(self.projection, entries, self._fetch)
        key_of, slot = self.projection.table.key_of, self._slot
        self._rows.update((slot(key_of(row)), row) for row in changes.upserts)
        for key in changes.deletes:
            self._rows.pop(slot(key), None)
        if changes.deletes:
            self.projection.table.write(self._connection, [], changes.deletes, self._table)
        if len(self._rows) > self._most:
            self._write_rows()

    def _fetch(self, keys: Sequence[Key]) -> dict[Key, Any]:
        rows, slot = self._rows, self._slot
        rows_by_key = {key: rows[slot(key)] for key in keys if slot(key) in rows}
        missing = [key for key in keys if key not in rows_by_key]
        for start in range(0, len(missing), PORTION):
            rows_by_key.update(self.projection.table.load(self._connection, missing[start : start + PORTION], self._table))
        return rows_by_key

    def _write_rows(self) -> None:
        rows = list(self._rows.values())
        for start in range(0, len(rows), PORTION):
            self.projection.table.write(self._connection, rows[start : start + PORTION], [], self._table)
        self._rows.clear()


def add_key(connection: Connection[TupleRow], table: Table[Any], name: str) -> None:
    """Create the primary key of the shadow table `name`, unless another process has done so."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", (positions.PREPARE_LOCK, name))
        has_key = connection.execute("select from pg_index where indrelid = %s::regclass and indisprimary", (f'"{name}"',))
        if has_key.fetchone() is None:
            connection.execute(table.index_sql(name)[0])


def take_chunk(rows: Sequence[tuple[Any, ...]], decoders: Decoders, shadows: Sequence[ShadowRows]) -> None:
    """Decode each event of a chunk once and pass it to all read models that it concerns. FoldFailed."""
    routes: dict[type[Event], list[Take]] = {}
    names: dict[Take | None, str] = {None: ", ".join(s.projection.name for s in shadows)}
    for shadow in shadows:
        for event_class, taker in shadow.takers.items():
            routes.setdefault(event_class, []).append(taker)
            names[taker] = shadow.projection.name
    position, topic = 0, ""
    take: Take | None = None
    try:
        for position, topic, recorded, metadata, state in rows:
            take = None
            if topic not in decoders:
                names[None] = ", ".join(
                    s.projection.name for s in shadows if selection_of([s.projection], (), {}).may_include(topic)
                )
                raise UnknownTopicError  # noqa: TRY301  the handler below says where
            event = decoders[topic](state)
            takers = routes.get(type(event))
            if takers is not None:
                envelope = Envelope(position, topic, event.originator_id, event.originator_version, recorded, metadata)
                for take in takers:
                    take(event, envelope)
    except Exception as error:
        raise FoldFailed.by(error, names[take], 0, position, topic) from error
