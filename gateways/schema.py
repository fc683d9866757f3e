"""How a database comes up to date: numbered migrations first, then what is derived from the code and the log.

Tables that aren't rebuilt come by migrations (`schema_version.py`). Derived parts are the guards (a table filled from the log,
and its check) and the functions of the append, which have a branch for each guard. Each has a revision, an ordered number that
is raised with every change, and a digest of its DDL, which shows a change that nobody raised it for. `schema_parts` has both:

- all migrations are applied, all parts known and of these revisions: nothing is to be done, and nothing is locked;
- some are missing or older: each migration is applied in a transaction of its own, then all outdated parts in one;
- one is newer or unknown: DatabaseUnsuitable. Older code never touches a newer schema.

ADR 14 has the order of locks (`docs/adr/0014-one-order-of-locks.md`), ADR 17 how a migration is written.
"""

import hashlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.errors import DeadlockDetected, LockNotAvailable, UndefinedTable
from psycopg.rows import TupleRow

from aggregates.kernel import Decoders
from commands.ports.database import DatabaseUnsuitable
from gateways import event_schema, schema_version
from gateways.database_requirements import require_suitable
from gateways.guards.declaration import Guard
from gateways.guards.rebuild import rebuild_guards
from gateways.locks import SCHEMA_LOCK, WRITE_LOCK
from gateways.schema_version import Migration

DDL_SECONDS = 0.3
"""How long a change of a table waits for those who use it, and others behind it. Less than PostgreSQL's `deadlock_timeout`: it is
the one that steps back.
"""
PATIENCE_SECONDS = 60.0
"""How long it is tried again."""

MIGRATIONS = schema_version.migrations()
TAKEN_OVER: Mapping[str, int] = {
    "log": 1,
    "numbers": 1,
    "second_factors": 1,
    "sessions": 1,
    "sign_in_attempts": 1,
    "known_places": 1,
    "import_jobs": 2,
    "viewings": 1,
    "dictionaries": 1,
    "migrations": 1,
}
"""What `schema_parts` may hold beside parts: those that migration 0001 takes over, and the row that ends older programs."""


@dataclass(frozen=True)
class Part:
    """One derived part of the schema. All `functions` are replaced whenever a part changes, since some name others."""

    name: str
    revision: int
    table: str = ""
    functions: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """What makes it what it is, where the functions hold more than its own."""

    @property
    def digest(self) -> str:
        text = " ".join(" ".join((self.table, *(self.own or self.functions))).split())
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """What a database says of a part."""

    revision: int
    digest: str


def parts(guards: Sequence[Guard]) -> tuple[Part, ...]:
    """All derived parts. A change of a guard raises its revision in its file, one of the append's functions here."""
    append = (event_schema.APPEND, event_schema.APPEND_EACH, event_schema.NOT_OF_ONE)
    return (
        *(Part(_guard_part(guard), guard.revision, guard.table, (guard.sql_function,)) for guard in guards),
        Part("append", 2, functions=event_schema.append_functions(guards), own=append),
    )


def require_known(connection: Connection[TupleRow], guards: Sequence[Guard]) -> None:
    """For those who only read: DatabaseUnsuitable where newer code has prepared the database. Prepares nothing."""
    schema_version.pending(connection, MIGRATIONS)
    _outdated(_prepared(connection), parts(guards))


def prepare(
    connection: Connection[TupleRow],
    guards: Sequence[Guard],
    decoders: Decoders,
    now: datetime,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> bool:
    """Bring the schema up to date, also while others start and clinics work; whether there was anything to do.

    The connection is in autocommit. DatabaseUnsuitable, LockNotAvailable if a table stays locked for PATIENCE_SECONDS.
    """
    pending, outdated = schema_version.pending(connection, migrations), _outdated(_prepared(connection), parts(guards))
    if not pending and not outdated:
        return False
    require_suitable(connection)
    while pending and _in_turn(connection, lambda: schema_version.apply_next(connection, migrations, now)):
        pass
    _in_turn(connection, lambda: _bring_up_to_date(connection, guards, decoders))
    return True


def _in_turn(connection: Connection[TupleRow], change: Callable[[], bool]) -> bool:
    """What a change gives, made in one transaction under the locks; tried again where others use its tables."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with connection.transaction():
                connection.execute("SET LOCAL client_min_messages TO warning")
                for lock in (WRITE_LOCK, SCHEMA_LOCK):  # the write lock before anything of a table, as everywhere
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
                connection.execute("SELECT set_config('lock_timeout', %s, true)", (f"{round(DDL_SECONDS * 1000)}ms",))
                return change()
        except (LockNotAvailable, DeadlockDetected):
            if time.monotonic() > give_up:
                raise
            time.sleep(random.uniform(0.1, 0.5))  # two that start at once are not to meet at once


def _bring_up_to_date(connection: Connection[TupleRow], guards: Sequence[Guard], decoders: Decoders) -> bool:
    """The derived parts; whether any was outdated (somebody else may have been quicker)."""
    wanted = parts(guards)
    outdated = _outdated(_prepared(connection), wanted)
    if not outdated:
        return False
    rebuild_guards(connection, decoders, [guard for guard in guards if _guard_part(guard) in outdated], renewed=True)
    for function in (function for part in wanted for function in part.functions):
        connection.execute(function.encode())
    connection.execute(
        "INSERT INTO schema_parts (name, revision, digest) SELECT * FROM unnest(%s::text[], %s::integer[], %s::text[])"
        " ON CONFLICT (name) DO UPDATE"
        " SET revision = excluded.revision, digest = excluded.digest, prepared_at = clock_timestamp()",
        ([p.name for p in outdated.values()], [p.revision for p in outdated.values()], [p.digest for p in outdated.values()]),
    )
    return True


def _prepared(connection: Connection[TupleRow]) -> dict[str, Prepared]:
    try:
        rows = connection.execute("SELECT name, revision, digest FROM schema_parts").fetchall()
    except UndefinedTable:  # a new database, or one from before the revisions
        return {}
    return {name: Prepared(revision, digest) for name, revision, digest in rows}


def _outdated(prepared: Mapping[str, Prepared], wanted: Sequence[Part]) -> dict[str, Part]:
    """The parts that are missing or older, by name. DatabaseUnsuitable where one is newer."""
    known = {part.name: part for part in wanted}
    for name, there in prepared.items():
        if there.revision <= TAKEN_OVER.get(name, 0):
            continue
        part = known.get(name)
        if part is None or there.revision > part.revision:
            knows = f"а эта программа знает {part.revision}" if part else "а эта программа её не знает"
            raise DatabaseUnsuitable(
                f"База данных подготовлена более новой версией Denta: «{name}» в ней редакции {there.revision}, {knows}. "
                "Обновите программу; в базе ничего не изменено"
            )
        if there.revision == part.revision and there.digest != part.digest:
            raise DatabaseUnsuitable(
                f"База данных подготовлена другой сборкой Denta: «{name}» в ней той же редакции {there.revision}, но иная. "
                "Запустите ту сборку или более новую; в базе ничего не изменено"
            )
    return {part.name: part for part in wanted if part.name not in prepared or prepared[part.name].revision < part.revision}


def _guard_part(guard: Guard) -> str:
    return f"guard {guard.name}"
