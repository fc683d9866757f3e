"""How a database is brought up to date: numbered migrations first, then parts derived from the code and the log.

Migrations create the tables that aren't rebuilt (`schema_version.py`). Derived parts are the guards (a table filled from the log,
and its check), the sequences of numbers, and the append functions, which have a branch for each guard. Each part has a revision,
which is raised with every change, and a digest of its DDL, which detects a change without a new revision. Both are stored in
`schema_parts`:

- all migrations and parts are up to date: nothing is done and nothing is locked;
- some are missing or older: each migration is applied in its own transaction, then all outdated parts in one;
- one is newer or unknown: DatabaseUnsuitable. Older code never touches a newer schema.

The order of locks is in ADR 14 (`docs/adr/0014-one-order-of-locks.md`), how to write a migration in ADR 17.
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
from aggregates.numbering import Numbered
from commands.ports.database import DatabaseUnsuitable
from gateways import event_schema, schema_version
from gateways.database_requirements import require_suitable
from gateways.guards import numbers
from gateways.guards.declaration import Guard
from gateways.guards.numbers import NUMBERED
from gateways.guards.rebuild import rebuild_guards
from gateways.locks import SCHEMA_LOCK, WRITE_LOCK
from gateways.schema_version import Migration

DDL_SECONDS = 0.3
"""Lock time-out of DDL, while which users of the table queue behind it. Less than PostgreSQL's `deadlock_timeout`, so that the
DDL is what gives way.
"""
PATIENCE_SECONDS = 60.0
"""How long DDL is retried."""

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
"""Old rows of `schema_parts`: parts that migration 0001 took over, and the row that stops older programs."""


@dataclass(frozen=True)
class Part:
    """One derived part of the schema. If any part changes, all `functions` are replaced, since they refer to each other."""

    name: str
    revision: int
    table: str = ""
    functions: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """Its own text for the digest, if `functions` contains text of other parts."""

    @property
    def digest(self) -> str:
        text = " ".join(" ".join((self.table, *(self.own or self.functions))).split())
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """A part as recorded in the database."""

    revision: int
    digest: str


def parts(guards: Sequence[Guard], numbered: Sequence[Numbered] = NUMBERED) -> tuple[Part, ...]:
    """All derived parts. The revision of a guard is in its file, that of numbers in theirs, that of the append functions here."""
    append = (event_schema.APPEND, event_schema.APPEND_EACH, event_schema.NOT_OF_ONE)
    return (
        *(Part(_guard_part(guard), guard.revision, guard.ddl, guard.functions) for guard in guards),
        *(Part(_number_part(one), numbers.REVISION, numbers.ddl(one), (numbers.draw_function(one),)) for one in numbered),
        Part("append", 2, functions=event_schema.append_functions(guards), own=append),
    )


def require_known(connection: Connection[TupleRow], guards: Sequence[Guard]) -> None:
    """For readers: DatabaseUnsuitable if newer code has prepared the database. Changes nothing."""
    schema_version.pending(connection, MIGRATIONS)
    _outdated(_prepared(connection), parts(guards))


def prepare(
    connection: Connection[TupleRow],
    guards: Sequence[Guard],
    decoders: Decoders,
    now: datetime,
    migrations: Sequence[Migration] = MIGRATIONS,
    numbered: Sequence[Numbered] = NUMBERED,
) -> bool:
    """Bring the schema up to date, also during work and concurrent starts; whether there was anything to do.

    The connection is in autocommit. DatabaseUnsuitable, LockNotAvailable if a table stays locked for PATIENCE_SECONDS.
    """
    current = parts(guards, numbered)
    pending, outdated = schema_version.pending(connection, migrations), _outdated(_prepared(connection), current)
    if not pending and not outdated and not numbers.missing(connection, numbered):
        return False
    require_suitable(connection)
    while pending and _in_turn(connection, lambda: schema_version.apply_next(connection, migrations, now)):
        pass
    _in_turn(connection, lambda: _bring_up_to_date(connection, guards, numbered, decoders))
    return True


def _in_turn(connection: Connection[TupleRow], change: Callable[[], bool]) -> bool:
    """Make a change in one transaction under the locks, and return its result; retried while others use its tables."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with connection.transaction():
                connection.execute("SET LOCAL client_min_messages TO warning")
                for lock in (WRITE_LOCK, SCHEMA_LOCK):  # the write lock before any table lock, as everywhere
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
                connection.execute("SELECT set_config('lock_timeout', %s, true)", (f"{round(DDL_SECONDS * 1000)}ms",))
                return change()
        except (LockNotAvailable, DeadlockDetected):
            if time.monotonic() > give_up:
                raise
            time.sleep(random.uniform(0.1, 0.5))  # so that two starters don't collide again


def _bring_up_to_date(
    connection: Connection[TupleRow], guards: Sequence[Guard], numbered: Sequence[Numbered], decoders: Decoders
) -> bool:
    """Update the derived parts; whether any was outdated (another process may have been faster)."""
    current = parts(guards, numbered)
    outdated = _outdated(_prepared(connection), current)
    gone = numbers.missing(connection, numbered)
    for one in numbered:
        if one in gone or _number_part(one) in outdated:
            connection.execute(numbers.ddl(one).encode())
    if not outdated:
        return bool(gone)
    changed = [guard for guard in guards if _guard_part(guard) in outdated]
    if changed:
        rebuild_guards(connection, decoders, changed)
    for function in (function for part in current for function in part.functions):
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


def _outdated(prepared: Mapping[str, Prepared], current: Sequence[Part]) -> dict[str, Part]:
    """The missing or older parts, by name. DatabaseUnsuitable if one is newer."""
    known = {part.name: part for part in current}
    for name, recorded in prepared.items():
        if recorded.revision <= TAKEN_OVER.get(name, 0):
            continue
        part = known.get(name)
        if part is None or recorded.revision > part.revision:
            knows = f"а эта программа знает {part.revision}" if part else "а эта программа её не знает"
            raise DatabaseUnsuitable(
                f"База данных подготовлена более новой версией Denta: «{name}» в ней редакции {recorded.revision}, {knows}. "
                "Обновите программу; в базе ничего не изменено"
            )
        if recorded.revision == part.revision and recorded.digest != part.digest:
            raise DatabaseUnsuitable(
                f"База данных подготовлена другой сборкой Denta: «{name}» в ней той же редакции {recorded.revision}, но иная. "
                "Запустите ту сборку или более новую; в базе ничего не изменено"
            )
    return {part.name: part for part in current if part.name not in prepared or prepared[part.name].revision < part.revision}


def _guard_part(guard: Guard) -> str:
    return f"guard {guard.name}"


def _number_part(numbered: Numbered) -> str:
    return f"number {numbered.name}"
