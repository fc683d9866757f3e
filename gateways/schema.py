"""What the write side's part of a database was prepared by, and how it comes up to date.

Each part of the schema (the log, a guard, the sessions …) has a revision, an ordered number that is raised with every change, and
a digest of its DDL, which shows a change that nobody raised it for. The table `schema_parts` says which of them a database has:

- all are known and of these revisions: nothing is to be done, and nothing is locked;
- one is missing or older: all outdated ones are brought up to date in one transaction;
- one is newer or unknown: DatabaseUnfit. Older code never touches a newer schema.

The order of locks is in `docs/adr/0014-one-order-of-locks.md`.
"""

import hashlib
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.errors import DeadlockDetected, LockNotAvailable, UndefinedTable
from psycopg.rows import TupleRow

from aggregates.kernel import Decoders
from commands.ports.database import DatabaseUnfit
from gateways import dictionaries, event_schema, import_jobs, known_places, second_factors, sessions, sign_in_attempts, viewings
from gateways.fitness import require_fit
from gateways.guards import numbers
from gateways.guards.declaration import Guard
from gateways.guards.rebuild import rebuild_guards
from gateways.locks import SCHEMA_LOCK, WRITE_LOCK

DDL_SECONDS = 0.3
"""How long a change of a table waits for those who use it, and others behind it. Less than PostgreSQL's `deadlock_timeout`: it is
the one that steps back.
"""
PATIENCE_SECONDS = 60.0
"""How long it is tried again."""

TABLE = """
CREATE TABLE IF NOT EXISTS schema_parts (
  name text PRIMARY KEY,
  revision integer NOT NULL,
  digest text NOT NULL,
  prepared_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""

BARRIER = """
DROP TABLE IF EXISTS guard_shapes;
CREATE FUNCTION denta_refuse_older() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'База данных подготовлена более новой версией Denta. Обновите эту программу.';
END
$$;
CREATE VIEW guard_shapes AS SELECT ''::text AS name, denta_refuse_older() AS digest
"""
"""Programs from before the revisions look into `guard_shapes` first, and would put back what they know: now they end there."""


@dataclass(frozen=True)
class Part:
    """One part of the schema: repeatable DDL.

    `functions` are replaced whenever anything changes, since some of them name other parts.
    """

    name: str
    revision: int
    tables: str = ""
    functions: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """What makes it what it is, where the functions hold more than its own."""

    @property
    def digest(self) -> str:
        text = " ".join(" ".join((self.tables, *(self.own or self.functions))).split())
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """What a database says of a part."""

    revision: int
    digest: str


def parts(guards: Sequence[Guard]) -> tuple[Part, ...]:
    """All parts, in the order in which they are made. A change of one raises its revision here, of a guard in its file."""
    append = (event_schema.APPEND, event_schema.APPEND_EACH, event_schema.NOT_OF_ONE)
    return (
        Part("log", 1, event_schema.TABLES, (event_schema.REFUSE,)),
        *(Part(_guard_part(guard), guard.revision, guard.table, (guard.sql_function,)) for guard in guards),
        Part("numbers", 1, numbers.TABLE, (numbers.FUNCTION,)),
        Part("append", 2, functions=event_schema.append_functions(guards), own=append),
        Part("second_factors", 1, second_factors.TABLES),
        Part("sessions", 1, sessions.TABLES),
        Part("sign_in_attempts", 1, sign_in_attempts.TABLES),
        Part("known_places", 1, known_places.TABLES),
        Part("import_jobs", 2, import_jobs.TABLES),
        Part("viewings", 1, viewings.TABLES),
        Part("dictionaries", 1, dictionaries.TABLES),
    )


def require_known(connection: Connection[TupleRow], guards: Sequence[Guard]) -> None:
    """For those who only read: DatabaseUnfit where newer code has prepared the database. Prepares nothing."""
    _outdated(_prepared(connection), parts(guards))


def prepare(connection: Connection[TupleRow], guards: Sequence[Guard], decoders: Decoders, now: datetime) -> bool:
    """Bring the schema up to date, also while others start and clinics work; whether there was anything to do.

    The connection is in autocommit. DatabaseUnfit, LockNotAvailable when others keep a table for longer than there is patience.
    """
    if not _outdated(_prepared(connection), parts(guards)):
        return False
    require_fit(connection)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with connection.transaction():
                return _bring_up_to_date(connection, guards, decoders, now)
        except (LockNotAvailable, DeadlockDetected):
            if time.monotonic() > give_up:
                raise
            time.sleep(random.uniform(0.1, 0.5))  # two that start at once are not to meet at once


def _bring_up_to_date(connection: Connection[TupleRow], guards: Sequence[Guard], decoders: Decoders, now: datetime) -> bool:
    connection.execute("SET LOCAL client_min_messages TO warning")
    for lock in (WRITE_LOCK, SCHEMA_LOCK):  # as everybody: the write lock before anything of a table
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
    connection.execute("SELECT set_config('lock_timeout', %s, true)", (f"{round(DDL_SECONDS * 1000)}ms",))
    connection.execute(TABLE)
    wanted, prepared = parts(guards), _prepared(connection)
    outdated = _outdated(prepared, wanted)
    if not outdated:  # somebody else was quicker
        return False
    shapes = _shapes_before_revisions(connection)
    outgrown = [g for g in guards if _guard_part(g) in outdated and shapes.get(g.name) != g.shape]
    filled = {_guard_part(guard) for guard in outgrown}
    for part in outdated.values():
        if part.tables and part.name not in filled:
            connection.execute(part.tables.encode())
    rebuild_guards(connection, decoders, outgrown, renewed=True)
    for function in (function for part in wanted for function in part.functions):
        connection.execute(function.encode())
    if "dictionaries" in outdated:
        dictionaries.provide_dental_codes(connection, now)
    connection.execute(
        "INSERT INTO schema_parts (name, revision, digest) SELECT * FROM unnest(%s::text[], %s::integer[], %s::text[])"
        " ON CONFLICT (name) DO UPDATE"
        " SET revision = excluded.revision, digest = excluded.digest, prepared_at = clock_timestamp()",
        ([p.name for p in outdated.values()], [p.revision for p in outdated.values()], [p.digest for p in outdated.values()]),
    )
    if not prepared:
        connection.execute(BARRIER)
    return True


def _prepared(connection: Connection[TupleRow]) -> dict[str, Prepared]:
    try:
        rows = connection.execute("SELECT name, revision, digest FROM schema_parts").fetchall()
    except UndefinedTable:  # a new database, or one from before the revisions
        return {}
    return {name: Prepared(revision, digest) for name, revision, digest in rows}


def _outdated(prepared: Mapping[str, Prepared], wanted: Sequence[Part]) -> dict[str, Part]:
    """The parts that are missing or older, by name. DatabaseUnfit where one is newer."""
    known = {part.name: part for part in wanted}
    for name, there in prepared.items():
        part = known.get(name)
        if part is None or there.revision > part.revision:
            knows = f"а эта программа знает {part.revision}" if part else "а эта программа её не знает"
            raise DatabaseUnfit(
                f"База данных подготовлена более новой версией Denta: «{name}» в ней редакции {there.revision}, {knows}. "
                "Обновите программу; в базе ничего не изменено"
            )
        if there.revision == part.revision and there.digest != part.digest:
            raise DatabaseUnfit(
                f"База данных подготовлена другой сборкой Denta: «{name}» в ней той же редакции {there.revision}, но иная. "
                "Запустите ту сборку или более новую; в базе ничего не изменено"
            )
    return {part.name: part for part in wanted if part.name not in prepared or prepared[part.name].revision < part.revision}


def _shapes_before_revisions(connection: Connection[TupleRow]) -> dict[str, str]:
    """Which shape each guard's table had in a database from before the revisions: those are filled already."""
    if connection.execute("SELECT FROM pg_class WHERE oid = to_regclass('guard_shapes') AND relkind = 'r'").fetchone() is None:
        return {}
    return dict(connection.execute("SELECT name, digest FROM guard_shapes").fetchall())


def _guard_part(guard: Guard) -> str:
    return f"guard {guard.name}"
