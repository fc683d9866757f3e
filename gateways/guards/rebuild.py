"""Guards made anew from the log: they are derived, like any read model."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from aggregates.kernel import Decoders
from gateways.event_schema import WRITE_LOCK
from gateways.guards import numbers
from gateways.guards.declaration import Claim, Guard

BATCH = 1000


SHAPES = "CREATE TABLE IF NOT EXISTS guard_shapes (name text PRIMARY KEY, digest text NOT NULL)"
"""Which DDL each guard's table was made by."""


def rebuild_guards(connection: Connection[TupleRow], decoders: Decoders, guards: Sequence[Guard]) -> dict[str, int]:
    """Fill the guards' tables from the log, inside a transaction, while nobody writes; guard → rows.

    Overlaps from before a rule stay as they are.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
    filled: dict[str, int] = {}
    for guard in guards:
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(f"guard_{guard.name}")))
        filled[guard.name] = sum(_insert(connection, guard, batch) for batch in _claims(connection, guard, decoders))
    for kind, topic in numbers.FROM_THE_LOG:
        connection.execute(numbers.CATCH_UP, {"kind": kind, "topic": topic})
    return filled


def drop_outgrown(connection: Connection[TupleRow], guards: Sequence[Guard]) -> list[Guard]:
    """Guards that are new or of another shape than their table, which is dropped: to be created and filled anew."""
    connection.execute(SHAPES)
    known: dict[str, str] = dict(connection.execute("SELECT name, digest FROM guard_shapes").fetchall())
    outgrown = [guard for guard in guards if known.get(guard.name) != _digest(guard)]
    for guard in outgrown:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(f"guard_{guard.name}")))
        connection.execute(
            "INSERT INTO guard_shapes (name, digest) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
            (guard.name, _digest(guard)),
        )
    return outgrown


def _digest(guard: Guard) -> str:
    return hashlib.sha256(f"{guard.table} {guard.columns}".encode()).hexdigest()


def _claims(connection: Connection[TupleRow], guard: Guard, decoders: Decoders) -> Iterator[list[Claim]]:
    """What the aggregates of the guard's kinds hold now, in batches."""
    claims: list[Claim] = []
    for kind in guard.kinds:
        with connection.cursor(name="guards") as cursor:
            cursor.itersize = BATCH * 4
            cursor.execute(
                "SELECT originator_id, topic, state::text FROM events WHERE starts_with(topic, %s)"
                " ORDER BY originator_id, originator_version",
                (f"{kind.TOPIC}.",),
            )
            for id_, rows in groupby(cursor, key=lambda row: row[0]):
                claims.append(guard.held(kind.replay(id_, (decoders[topic](state.encode()) for _, topic, state in rows))))
                if len(claims) == BATCH:
                    yield claims
                    claims = []
    yield claims


def _insert(connection: Connection[TupleRow], guard: Guard, claims: list[Claim]) -> int:
    rows = msgspec.json.encode([claim for claim in claims if claim.holds]).decode()
    names = sql.SQL(", ").join(map(sql.Identifier, ("id", *guard.columns)))
    table = sql.Identifier(f"guard_{guard.name}")
    insert = sql.SQL("INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)")
    return connection.execute(insert.format(table=table, names=names), (rows,)).rowcount
