"""How far each read model is: the table `projections`, and the locks that say who writes one.

A row's `generation` grows with each swap, failure and resumption. Whoever writes rows names the position and the generation that
it stands upon, so that a worker that was overtaken writes nothing.
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
"""Classes of advisory locks: ("denta" in bytes, more or less); the second half is the projection's name, hashed."""

DDL_MILLISECONDS = 1_000
"""How long the making of tables waits for one that others use, and others behind it."""
SILENT_SECONDS = 5.0
"""A leader that asked nothing for so long leads no more: another may take over."""
SHADOW = "__next"
GONE = "__gone__next"
"""Of a table that was replaced, for the moment until it is dropped; a leftover like the others where that moment was the last."""
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
    """Create what isn't there: each read model's table and its row in `projections`, which comes by a migration.

    Any number of starters may do so at once; where all is there, nothing is locked. A table of another shape is left to the
    rebuild, unless nothing was ever written.
    """
    if not _missing(connection, projections):  # a look that locks nothing
        return
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (PREPARE_LOCK,))
        connection.execute(f"set local lock_timeout = {DDL_MILLISECONDS}")
        for projection in _missing(connection, projections):
            table = projection.table
            for extension in table.extensions:
                connection.execute(SQL("create extension if not exists {}").format(Identifier(extension)))
            connection.execute(SQL("drop table if exists {}").format(Identifier(table.name)))
            for statement in (table.create_sql(), *table.index_sql()):
                connection.execute(statement)
            connection.execute(
                "insert into projections (name, revision, shape) values (%s, %s, %s) on conflict (name) do update set "
                "position = 0, revision = excluded.revision, shape = excluded.shape, generation = projections.generation + 1, "
                "status = 'running', error = null, failed_position = null, failed_topic = null",
                (projection.name, projection.revision, table.shape),
            )


def _missing(connection: Connection[TupleRow], projections: Sequence[Projection[Any]]) -> list[Projection[Any]]:
    """Those without a table, and those never written to whose table has another shape. What newer code has made is let alone."""
    known, tables = read(connection), existing_tables(connection, [p.table.name for p in projections])
    missing = []
    for projection in projections:
        now = known.get(projection.name)
        if now is None or (
            now.revision <= projection.revision
            and (projection.table.name not in tables or (now.position == 0 and now.shape != projection.table.shape))
        ):
            missing.append(projection)
    return missing


def read(connection: Connection[TupleRow]) -> dict[str, Position]:
    """Every read model's row by name."""
    with connection.cursor(row_factory=class_row(Position)) as cursor:
        rows = cursor.execute("select name, position, revision, shape, generation, status from projections").fetchall()
    return {row.name: row for row in rows}


def head(connection: Connection[TupleRow]) -> int:
    """The log's last position; 0 when it is empty."""
    found = connection.execute("select coalesce(max(position), 0) from events").fetchone()
    return found[0] if found else 0


def position_at(connection: Connection[TupleRow], moment: Any) -> int:
    """The log's last position recorded at or before an aware moment; 0 when there was none yet."""
    found = connection.execute("select coalesce(max(position), 0) from events where recorded_at <= %s", (moment,)).fetchone()
    return found[0] if found else 0


def fail(connection: Connection[TupleRow], now: Position, position: int, topic: str, error: str) -> None:
    """Stop one projection before the event at `position`, and say so; nothing where somebody else has moved it meanwhile."""
    connection.execute(
        "update projections set status = 'failed', error = %s, failed_position = %s, failed_topic = %s, "
        "generation = generation + 1, updated_at = clock_timestamp() where name = %s and generation = %s",
        (error, position, topic, now.name, now.generation),
    )


def resume(connection: Connection[TupleRow], names: Iterable[str]) -> list[str]:
    """Let failed projections try again; their names. A running worker hears of it at once."""
    rows = connection.execute(
        "update projections set status = 'running', error = null, failed_position = null, failed_topic = null, "
        "generation = generation + 1, updated_at = clock_timestamp() where name = any(%s) and status = 'failed' returning name",
        (list(names),),
    ).fetchall()
    if rows:
        connection.execute("select pg_notify('denta_events', '')")
    return [row[0] for row in rows]


def existing_tables(connection: Connection[TupleRow], tables: Sequence[str]) -> set[str]:
    """Those of the tables that exist."""
    query = "select name from unnest(%s::text[]) as name where to_regclass(quote_ident(name)) is not null"
    return {name for (name,) in connection.execute(query, (list(tables),)).fetchall()}


# --- locks -------------------------------------------------------------------------------------------------------------


def try_lock(connection: Connection[TupleRow], lock: int, names: Sequence[str]) -> list[str]:
    """Take a lock per name for as long as the connection lives; the names got. A name already held by it counts once more."""
    if not names:
        return []
    rows = connection.execute(
        "select name from unnest(%s::text[]) as name where pg_try_advisory_lock(%s, hashtext(name))", (list(names), lock)
    ).fetchall()
    return [row[0] for row in rows]


def silent_leaders(connection: Connection[TupleRow], names: Sequence[str], lock: int = LEADER_LOCK) -> dict[str, int]:
    """Names whose leader hasn't been heard of for SILENT_SECONDS, with the leader's process in the server.

    A leader looks around every second. One whose machine is gone, or whose line is, holds its lock until the server notices.
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
    """End the sessions of leaders that were silent, so that their locks are free. What such a one has begun is undone."""
    with suppress(InsufficientPrivilege):  # another user's: it goes when the server notices
        for process in set(processes):
            connection.execute("select pg_terminate_backend(%s, 1000)", (process,))


def unlock(connection: Connection[TupleRow], lock: int, names: Sequence[str]) -> None:
    connection.execute("select pg_advisory_unlock(%s, hashtext(name)) from unnest(%s::text[]) as name", (lock, list(names)))


def locked(connection: Connection[TupleRow], lock: int, names: Sequence[str]) -> set[str]:
    """The names whose lock somebody holds now."""
    rows = connection.execute(
        "select name from unnest(%s::text[]) as name where exists (select from pg_locks where locktype = 'advisory' and granted "
        "and database = (select oid from pg_database where datname = current_database()) "
        "and classid = %s::bigint::oid and objid = (hashtext(name)::bigint & 4294967295)::oid and objsubid = 2)",
        (list(names), lock),
    ).fetchall()
    return {row[0] for row in rows}


# --- tables beside the read models ----------------------------------------------------------------------------------------


def leftovers(connection: Connection[TupleRow]) -> dict[str, int]:
    """Shadow tables of rebuilds that died, with their size in bytes. One that is being built isn't among them."""
    shadows = _shadows(connection)
    building = locked(connection, REBUILD_LOCK, [owner(table) for table in shadows])
    return {table: size for table, size in shadows.items() if owner(table) not in building}


def drop_leftovers(connection: Connection[TupleRow]) -> list[str]:
    """Drop the shadow tables of rebuilds that died; their names. One that is being built, or read, is left alone."""
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
    """Tables that rebuilds make beside read models, with their size in bytes."""
    rows = connection.execute(
        "select relname, pg_total_relation_size(oid) from pg_class "
        "where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname like %s order by 1",
        (f"%\\_\\_{SHADOW.removeprefix('__')}",),
    ).fetchall()
    return dict(rows)


def owner(table: str) -> str:
    """The read model that a table beside it belongs to."""
    return table.removesuffix(GONE).removesuffix(SHADOW).split(PAST)[0]
