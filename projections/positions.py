"""How far each read model is: the table `projections`, and the locks that say who writes one.

A row's `generation` grows with each swap, failure and resumption. Every write names the position and generation that it starts
from, so that a worker that was replaced writes nothing.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Literal

import msgspec
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege, LockNotAvailable
from psycopg.rows import TupleRow, class_row
from psycopg.sql import SQL, Identifier

from projections.declaration import Projection

State = Literal["running", "failed"]

LEADER_LOCK = 1_684_372_065
REBUILD_LOCK = 1_684_372_066
PREPARE_LOCK = 1_684_372_067
"""First halves of advisory locks; the second half is a hash of the projection's name (REBUILD_LOCK: of each table's name)."""

DDL_MILLISECONDS = 1_000
"""Lock time-out of DDL on tables that others may use."""
SILENT_SECONDS = 5.0
"""A leader that has sent no query for so long may be replaced."""
SHADOW = "__next"
GONE = "__gone__next"
"""Suffix of a replaced table until it is dropped; after a crash it is a leftover."""
PAST = "__until_"


class Position(msgspec.Struct, frozen=True):
    """A read model's row in `projections`."""

    name: str
    position: int
    revision: int
    shape: str
    generation: int
    status: State


def prepare(connection: Connection[TupleRow], projections: Sequence[Projection[Any]]) -> None:
    """Create missing tables of read models and their rows in `projections` (a table that a migration creates).

    Any number of processes may do so at once; if nothing is missing, nothing is locked. A table of another shape is left to the
    rebuild, unless it is empty.
    """
    if not _missing(connection, projections):  # a check without locks
        return
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (PREPARE_LOCK,))
        connection.execute(f"set local lock_timeout = {DDL_MILLISECONDS}")
        for projection in _missing(connection, projections):
            for table in projection.tables:
                for extension in table.extensions:
                    connection.execute(SQL("create extension if not exists {}").format(Identifier(extension)))
                connection.execute(SQL("drop table if exists {}").format(Identifier(table.name)))
                for statement in (table.create_sql(), *table.index_sql()):
                    connection.execute(statement)
            connection.execute(
                "insert into projections (name, revision, shape) values (%s, %s, %s) on conflict (name) do update set "
                "position = 0, revision = excluded.revision, shape = excluded.shape, generation = projections.generation + 1, "
                "status = 'running', error = null, failed_position = null, failed_topic = null",
                (projection.name, projection.revision, projection.shape),
            )


def _missing(connection: Connection[TupleRow], projections: Sequence[Projection[Any]]) -> list[Projection[Any]]:
    """Projections without a table, or with unused tables of another shape. Tables of newer code are left alone.

    A derived table that older code didn't have yet comes with the rebuild, while the source goes on serving.
    """
    known = read(connection)
    existing = existing_tables(connection, [table.name for p in projections for table in p.tables])
    missing = []
    for projection in projections:
        now = known.get(projection.name)
        if now is None:
            missing.append(projection)
        elif now.revision <= projection.revision:
            same = now.shape == projection.shape
            required = projection.tables if same else (projection.table,)
            if any(table.name not in existing for table in required) or (now.position == 0 and not same):
                missing.append(projection)
    return missing


def read(connection: Connection[TupleRow]) -> dict[str, Position]:
    """Every read model's row by name."""
    with connection.cursor(row_factory=class_row(Position)) as cursor:
        rows = cursor.execute("select name, position, revision, shape, generation, status from projections").fetchall()
    return {row.name: row for row in rows}


def head(connection: Connection[TupleRow]) -> int:
    """The log's last position; 0 if it is empty."""
    found = connection.execute("select coalesce(max(position), 0) from events").fetchone()
    return found[0] if found else 0


def position_at(connection: Connection[TupleRow], moment: Any) -> int:
    """The last position recorded at or before an aware moment; 0 if there is none."""
    found = connection.execute("select coalesce(max(position), 0) from events where recorded_at <= %s", (moment,)).fetchone()
    return found[0] if found else 0


def fail(connection: Connection[TupleRow], now: Position, position: int, topic: str, error: str) -> None:
    """Mark a projection as failed at the event at `position`; does nothing if another process has moved it."""
    connection.execute(
        "update projections set status = 'failed', error = %s, failed_position = %s, failed_topic = %s, "
        "generation = generation + 1, updated_at = clock_timestamp() where name = %s and generation = %s",
        (error, position, topic, now.name, now.generation),
    )


def resume(connection: Connection[TupleRow], names: Iterable[str]) -> list[str]:
    """Let failed projections try again; their names. Wakes the workers."""
    rows = connection.execute(
        "update projections set status = 'running', error = null, failed_position = null, failed_topic = null, "
        "generation = generation + 1, updated_at = clock_timestamp() where name = any(%s) and status = 'failed' returning name",
        (list(names),),
    ).fetchall()
    if rows:
        connection.execute("select pg_notify('denta_events', '')")
    return [row[0] for row in rows]


def existing_tables(connection: Connection[TupleRow], tables: Sequence[str]) -> set[str]:
    """The existing ones among these tables."""
    query = "select name from unnest(%s::text[]) as name where to_regclass(quote_ident(name)) is not null"
    return {name for (name,) in connection.execute(query, (list(tables),)).fetchall()}


# --- locks -------------------------------------------------------------------------------------------------------------


def try_lock(connection: Connection[TupleRow], lock: int, names: Sequence[str]) -> list[str]:
    """Try to lock each name for the life of the connection; the names that were locked. Locks are counted."""
    if not names:
        return []
    rows = connection.execute(
        "select name from unnest(%s::text[]) as name where pg_try_advisory_lock(%s, hashtext(name))", (list(names), lock)
    ).fetchall()
    return [row[0] for row in rows]


def silent_leaders(connection: Connection[TupleRow], names: Sequence[str], lock: int = LEADER_LOCK) -> dict[str, int]:
    """Names whose leader has been silent for SILENT_SECONDS, with the leader's backend process.

    A leader sends a query every second. One whose machine or connection is dead holds its lock until the server notices.
    """
    rows = connection.execute(
        "select name, a.pid from unnest(%s::text[]) as name "
        "join pg_locks l on l.locktype = 'advisory' and l.granted and l.classid = %s::bigint::oid and l.objsubid = 2 "
        "and l.objid = (hashtext(name)::bigint & 4294967295)::oid "
        "and l.database = (select oid from pg_database where datname = current_database()) "
        "join pg_stat_activity a using (pid) where a.pid <> pg_backend_pid() "
        "and (a.state <> 'active' or a.wait_event = 'ClientWrite') "
        "and a.state_change < clock_timestamp() - make_interval(secs => %s)",
        (list(names), lock, SILENT_SECONDS),
    ).fetchall()
    return dict(rows)


def end_sessions(connection: Connection[TupleRow], processes: Iterable[int]) -> None:
    """End the sessions of silent leaders, which releases their locks and rolls back their transactions."""
    with suppress(InsufficientPrivilege):  # a session of another database user ends when the server notices
        for process in set(processes):
            connection.execute("select pg_terminate_backend(%s, 1000)", (process,))


def unlock(connection: Connection[TupleRow], lock: int, names: Sequence[str]) -> None:
    connection.execute("select pg_advisory_unlock(%s, hashtext(name)) from unnest(%s::text[]) as name", (lock, list(names)))


def locked(connection: Connection[TupleRow], lock: int, names: Sequence[str]) -> set[str]:
    """The locked ones among these names."""
    rows = connection.execute(
        "select name from unnest(%s::text[]) as name where exists (select from pg_locks where locktype = 'advisory' and granted "
        "and database = (select oid from pg_database where datname = current_database()) "
        "and classid = %s::bigint::oid and objid = (hashtext(name)::bigint & 4294967295)::oid and objsubid = 2)",
        (list(names), lock),
    ).fetchall()
    return {row[0] for row in rows}


# --- tables beside the read models ----------------------------------------------------------------------------------------


def leftovers(connection: Connection[TupleRow]) -> dict[str, int]:
    """Shadow tables of rebuilds that died (not of running ones), with their sizes in bytes."""
    shadows = _shadows(connection)
    building = locked(connection, REBUILD_LOCK, [owner(table) for table in shadows])
    return {table: size for table, size in shadows.items() if owner(table) not in building}


def drop_leftovers(connection: Connection[TupleRow]) -> list[str]:
    """Drop the shadow tables of rebuilds that died; their names. Tables that are being built or read are left alone."""
    dropped = []
    for table in _shadows(connection):
        name = owner(table)
        if try_lock(connection, REBUILD_LOCK, [name]):
            try:
                with suppress(LockNotAvailable), connection.transaction():
                    connection.execute(f"set local lock_timeout = {DDL_MILLISECONDS}")
                    connection.execute(SQL("drop table if exists {}").format(Identifier(table)))
                    connection.execute("delete from projection_rebuilds where name = %s", (name,))
                    dropped.append(table)
            finally:
                unlock(connection, REBUILD_LOCK, [name])
    return dropped


def _shadows(connection: Connection[TupleRow]) -> dict[str, int]:
    """All shadow tables, with their sizes in bytes."""
    rows = connection.execute(
        "select relname, pg_total_relation_size(oid) from pg_class "
        "where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname like %s order by 1",
        (f"%\\_\\_{SHADOW.removeprefix('__')}",),
    ).fetchall()
    return dict(rows)


def owner(table: str) -> str:
    """The table that a shadow table is to replace. Its rebuild holds REBUILD_LOCK under this name, also for a derived table."""
    return table.removesuffix(GONE).removesuffix(SHADOW).split(PAST)[0]
