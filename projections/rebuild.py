"""Rebuilding read models from the log while they are in use.

A shadow table is filled from all events, indexed, caught up, compared, and replaces the read model's table in one short
transaction, together with its position. Until then the old table is read and written as usual. A rebuild that is killed leaves a
shadow table, which the next rebuild or worker drops. A derived table has a shadow too, which is filled from the shadow of its
source and swapped with it.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from aggregates.kernel import Decoders
from projections import positions
from projections.batch import fold_batch, write_changes
from projections.declaration import Projection
from projections.live import Connect, note
from projections.log_fold import LogFold
from projections.positions import GONE, PAST, REBUILD_LOCK, SHADOW
from projections.reader import read_batch, selection_of
from projections.report import Differences, compare_all
from projections.shadow import ROWS_IN_MEMORY, add_key
from readmodels.table import Table

NEAR = 200
"""Most events to fold during the swap."""
LOCK_MILLISECONDS = 100
"""Lock time-out of the swap for each table, while which readers queue behind it; then it gives way and retries."""
VACUUM_MILLISECONDS = 5_000
PATIENCE_SECONDS = 120.0


AUTOVACUUM_OFF = SQL("alter table {} set (autovacuum_enabled = false)")
"""The rebuild analyses its shadow table itself; a vacuum would only delay indexes and swap."""
AUTOVACUUM_RESET = SQL("alter table {} reset (autovacuum_enabled)")


class BusyError(Exception):
    """Another process is rebuilding these read models: `names`."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"being rebuilt already: {', '.join(names)}")


class NewerError(Exception):
    """These read models (`names`) were built by newer code."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"built by newer code: {', '.join(names)}")


class SwapRefusedError(Exception):
    """The read model's table stayed locked for PATIENCE_SECONDS."""


class Progress(NamedTuple):
    """Progress of a rebuild: `done` of `goal` events, or 0 of 0 in stages without a count."""

    stage: str
    """fold, index, derive, compare, swap"""
    names: tuple[str, ...]
    done: int
    goal: int


class Rebuilt(NamedTuple):
    """One rebuilt read model. Readers waited at most `swap_seconds`; `differences` is None if not requested."""

    name: str
    position: int
    differences: Differences | None
    swap_seconds: float


class Rebuild(NamedTuple):
    """A finished rebuild: `events` were folded in `seconds`, including indexes."""

    models: tuple[Rebuilt, ...]
    events: int
    seconds: float


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Rebuilder:
    """Rebuilds read models. `known`: all projections. `processes` share the log if every selected read model allows it."""

    connect: Connect
    known: Sequence[Projection[Any]]
    decoders: Decoders
    processes: int = 1
    rows_in_memory: int = ROWS_IN_MEMORY
    report: Report = lambda progress: None  # noqa: ARG005

    # --- commands of an operator -------------------------------------------------------------------------------------------

    def rebuild(self, selected: Sequence[Projection[Any]], *, differences: bool = True, samples: int = 5) -> Rebuild:
        """Rebuild in one pass over the log and swap the tables of each. BusyError, NewerError, FoldFailed, DerivationFailed,
        SwapRefusedError.
        """
        began = time.monotonic()
        with self._shadows(selected, SHADOW) as (connection, tables):
            reached = self._fill(connection, selected, tables, positions.head(connection))
            models = []
            for projection in selected:
                position = self._catch_up(connection, projection, tables, reached)
                found = None
                if differences:
                    self.report(Progress("compare", (projection.name,), 0, 0))
                    position, found = self._compare(connection, projection, tables, position, samples)
                self.report(Progress("swap", (projection.name,), 0, 0))
                position, seconds = self._swap(connection, projection, tables, position)
                models.append(Rebuilt(projection.name, position, found, seconds))
        return Rebuild(tuple(models), reached, time.monotonic() - began)

    def diff(self, selected: Sequence[Projection[Any]], *, samples: int = 5, values: bool = False) -> Rebuild:
        """What a rebuild would change, without swapping. `values`: include values, which may be personal data."""
        began = time.monotonic()
        with self._shadows(selected, SHADOW, prepare=False) as (connection, tables):
            reached = self._fill(connection, selected, tables, positions.head(connection))
            models = []
            for projection in selected:
                position = self._catch_up(connection, projection, tables, reached)
                self.report(Progress("compare", (projection.name,), 0, 0))
                position, found = self._compare(connection, projection, tables, position, samples, values=values)
                models.append(Rebuilt(projection.name, position, found, 0.0))
        return Rebuild(tuple(models), reached, time.monotonic() - began)

    def build_past(self, selected: Sequence[Projection[Any]], until: int | datetime) -> tuple[int, list[str]]:
        """Build tables of the read models as they were at a position or an aware moment.

        Returns the position and the tables' names, each derived table after its source. Earlier tables of the same position are
        replaced.
        """
        with self.connect() as connection:
            end = positions.head(connection)
            position = min(until, end) if isinstance(until, int) else positions.position_at(connection, until)
        with self._shadows(selected, f"{PAST}{position}{SHADOW}") as (connection, tables):
            self._fill(connection, selected, tables, position)
            finals = []
            for table in (table for p in selected for table in p.tables):
                final = f"{table.name}{PAST}{position}"
                with connection.transaction():
                    connection.execute(SQL("drop table if exists {}").format(Identifier(final)))
                    _rename(connection, tables[table.name], final)
                    connection.execute(AUTOVACUUM_RESET.format(Identifier(final)))
                finals.append(final)
        return position, finals

    # --- steps -----------------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _shadows(
        self, selected: Sequence[Projection[Any]], suffix: str, *, prepare: bool = True
    ) -> Iterator[tuple[Connection[TupleRow], Mapping[str, str]]]:
        """Take the locks and create empty shadow tables, named with the suffix; drops at the end what is left of them.

        Yields a connection, and what the shadow tables are called by the names of the tables, source and derived.
        """
        names = [p.name for p in selected]
        tables = {table.name: table.name + suffix for p in selected for table in p.tables}
        with self.connect() as connection:
            connection.autocommit = True
            for setting in ("synchronous_commit = off", "maintenance_work_mem = '128MB'", "lock_timeout = 0"):
                connection.execute(f"set {setting}")
            if prepare:
                positions.prepare(connection, self.known)
            self._refuse_newer(connection, selected)
            got = positions.try_lock(connection, REBUILD_LOCK, list(tables))
            if len(got) < len(tables):
                positions.unlock(connection, REBUILD_LOCK, got)
                raise BusyError(sorted(p.name for p in selected if any(table.name not in got for table in p.tables)))
            try:
                positions.drop_leftovers(connection)
                for table in (table for p in selected for table in p.tables):
                    connection.execute(table.create_sql(tables[table.name]))
                    connection.execute(AUTOVACUUM_OFF.format(Identifier(tables[table.name])))
                yield connection, tables
            finally:
                with contextlib.suppress(psycopg.Error):
                    for shadow in tables.values():
                        connection.execute(SQL("drop table if exists {}").format(Identifier(shadow)))
                    connection.execute("delete from projection_rebuilds where name = any(%s)", (names,))
                    positions.unlock(connection, REBUILD_LOCK, list(tables))

    @staticmethod
    def _refuse_newer(connection: Connection[TupleRow], selected: Sequence[Projection[Any]]) -> None:
        now = positions.read(connection)
        if newer := [p.name for p in selected if p.name in now and now[p.name].revision > p.revision]:
            raise NewerError(newer)

    def _fill(
        self, connection: Connection[TupleRow], selected: Sequence[Projection[Any]], tables: Mapping[str, str], until: int
    ) -> int:
        """Fold all events up to `until` into the shadow tables, index them, and derive from them what is derived."""
        names = tuple(p.name for p in selected)
        progress = _ProgressReporter(connection, self.report, names, until)
        selection = selection_of(selected, self.known, self.decoders)
        LogFold(self.connect, self.decoders, selected, tables, selection, until, self.rows_in_memory).run(
            self.processes, progress.fold
        )
        for number, projection in enumerate(selected):
            progress.stage("index", number, len(selected))
            _index(connection, projection.table, tables[projection.name])
        derived = [(p, p.derivation) for p in selected if p.derivation is not None]
        for number, (projection, derivation) in enumerate(derived):
            progress.stage("derive", number, len(derived))
            with self.connect() as reading:
                reading.autocommit = False
                reading.execute("set local idle_in_transaction_session_timeout = 0")  # reading pauses while rows are written
                derivation.build(reading, connection, projection.table_names(tables))
            for table in derivation.tables:
                _index(connection, table, tables[table.name])
        return until

    def _catch_up(
        self,
        connection: Connection[TupleRow],
        projection: Projection[Any],
        tables: Mapping[str, str],
        position: int,
        until: int | None = None,
    ) -> int:
        """Fold later events into the shadow tables, up to `until` or until they are near the log's end; the new position."""
        selection = selection_of([projection], self.known, self.decoders)
        model = projection.table
        while True:
            batch = read_batch(connection, self.decoders, position, selection, until=until)
            changes = fold_batch(projection, batch.entries, lambda keys: model.load(connection, keys, tables[model.name]))
            write_changes(connection, projection, changes, tables)
            near = batch.last - position < NEAR
            position = batch.last
            if near or position == until:
                return position

    def _compare(
        self,
        connection: Connection[TupleRow],
        projection: Projection[Any],
        tables: Mapping[str, str],
        position: int,
        samples: int,
        *,
        values: bool = False,
    ) -> tuple[int, Differences]:
        """Compare old and new tables at the same position; the live worker is blocked only while the new ones catch up."""
        with self.connect() as locking, self.connect() as reading:
            locking.autocommit = reading.autocommit = False
            row = locking.execute("select position from projections where name = %s for update", (projection.name,)).fetchone()
            old = row[0] if row else 0
            if old > position:
                position = self._catch_up(connection, projection, tables, position, until=old)
                while position < old:
                    position = self._catch_up(connection, projection, tables, position, until=old)
            reading.execute("set transaction isolation level repeatable read")
            reading.execute("select 1")  # takes the snapshot while the read model isn't written
            locking.rollback()
            found = compare_all(reading, projection, tables, samples, values=values, positions=(old, position))
            reading.rollback()
        return position, found

    def _swap(
        self, connection: Connection[TupleRow], projection: Projection[Any], tables: Mapping[str, str], position: int
    ) -> tuple[int, float]:
        """Replace the read model's tables and position by those of the shadow tables; the position and the duration."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            position = self._catch_up(connection, projection, tables, position)
            there = positions.existing_tables(connection, [table.name for table in projection.tables])
            old = [t.name for t in projection.tables if t is projection.table or t.name in there]  # a derived table may be new
            both = SQL(", ").join(map(Identifier, old))  # in the order in which the live worker takes them
            try:
                with connection.transaction():
                    # This lock waits for a vacuum (an automatic one gives way after a second); no reader or writer waits for it.
                    connection.execute(f"set local lock_timeout = {VACUUM_MILLISECONDS}")
                    connection.execute(SQL("lock table {} in share update exclusive mode").format(both))
                    began = time.monotonic()
                    connection.execute(f"set local lock_timeout = {LOCK_MILLISECONDS}")
                    connection.execute(SQL("lock table {} in access exclusive mode").format(both))
                    row = connection.execute(
                        "select position from projections where name = %s for update", (projection.name,)
                    ).fetchone()
                    self._refuse_newer(connection, [projection])  # newer code may have started meanwhile
                    goal = max(position, row[0] if row else 0)
                    if goal - position > NEAR:
                        continue
                    inside = position
                    while inside < goal:
                        inside = self._catch_up(connection, projection, tables, inside, until=goal)
                    for name in old:
                        # Dropping the old table here would make the commit, and readers, wait for the disk.
                        _rename(connection, name, name + GONE)
                    for table in projection.tables:
                        _rename(connection, tables[table.name], table.name)
                        connection.execute(AUTOVACUUM_RESET.format(Identifier(table.name)))
                    connection.execute(
                        "update projections set position = %s, revision = %s, shape = %s, generation = generation + 1, "
                        "status = 'running', error = null, failed_position = null, failed_topic = null, "
                        "updated_at = clock_timestamp() where name = %s",
                        (goal, projection.revision, projection.shape, projection.name),
                    )
                    connection.execute("select pg_notify('denta_rows', %s)", (note(projection.name, goal, None),))
                    connection.execute("select pg_notify('denta_events', '')")  # wakes a worker that had stopped
            except psycopg.errors.LockNotAvailable:
                time.sleep(LOCK_MILLISECONDS / 1000)
            else:
                seconds = time.monotonic() - began
                for name in old:
                    # One by one: a reader whose plan is from before the swap locks both for a moment, in an order of its own.
                    connection.execute(SQL("drop table {}").format(Identifier(name + GONE)))
                return goal, seconds
        raise SwapRefusedError(projection.name)


def _index(connection: Connection[TupleRow], table: Table[Any], name: str) -> None:
    """Make key and indexes of the filled shadow table `name`, and its statistics."""
    add_key(connection, table, name)
    for statement in table.index_sql(name)[1:]:
        connection.execute(statement)
    connection.execute(SQL("analyze {}").format(Identifier(name)))


def _rename(connection: Connection[TupleRow], old: str, new: str) -> None:
    connection.execute(SQL("alter table {} rename to {}").format(Identifier(old), Identifier(new)))


class _ProgressReporter:
    """Reports progress to the caller and, once a second, to the table that `status` reads."""

    def __init__(self, connection: Connection[TupleRow], report: Report, names: tuple[str, ...], goal: int) -> None:
        self._connection, self._report, self._names, self._goal = connection, report, names, goal
        self._last = 0.0
        self.stage("fold", 0, goal)

    def fold(self, position: int) -> None:
        self.stage("fold", position, self._goal)

    def stage(self, stage: str, done: int, goal: int) -> None:
        self._report(Progress(stage, self._names, done, goal))
        if time.monotonic() - self._last > 1.0 or stage != "fold":
            self._last = time.monotonic()
            self._connection.execute(
                "insert into projection_rebuilds (name, stage, done, goal) select unnest(%s::text[]), %s, %s, %s "
                "on conflict (name) do update set stage = excluded.stage, done = excluded.done, goal = excluded.goal, "
                "updated_at = clock_timestamp()",
                (list(self._names), stage, done, goal),
            )


def past_tables(connection: Connection[TupleRow]) -> list[str]:
    """Names of the tables that `build_past` made and that weren't dropped yet."""
    rows = connection.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace "
        "and relname ~ '__until_[0-9]+$' order by 1"
    ).fetchall()
    return [row[0] for row in rows]


def drop_past(connection: Connection[TupleRow], table: str) -> bool:
    """Drop one of these tables; False if there is none with that name."""
    if table not in past_tables(connection):
        return False
    connection.execute(SQL("drop table {}").format(Identifier(table)))
    return True
