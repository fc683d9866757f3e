"""Rebuilding guards from the log, from which they are derived like read models."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from aggregates.kernel import Decoders
from aggregates.numbering import Numbered
from gateways.guards import numbers
from gateways.guards.declaration import Claim, Guard
from gateways.guards.numbers import NUMBERED
from gateways.locks import WRITE_LOCK

BATCH = 1000
FILLING = "CREATE TEMPORARY TABLE guard_filling (guard text, claims jsonb) ON COMMIT DROP"


def rebuild_guards(
    connection: Connection[TupleRow],
    decoders: Decoders,
    guards: Sequence[Guard],
    numbered: Sequence[Numbered] = NUMBERED,
    *,
    renewed: bool = False,
) -> dict[str, int]:
    """Fill the guards' tables from the log, in a transaction under the write lock; guard → number of rows. ProgramOutdated.

    Conflicts from before a rule stay. The sequences of numbers then go on from the log. `renewed`: recreate the tables with the
    present DDL first. The log is read before any table is locked, so that guards can be read meanwhile.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
    connection.execute(FILLING)
    for guard in guards:
        for claims in _claims(connection, guard, decoders):
            rows = msgspec.json.encode([claim for claim in claims if claim.holds]).decode()
            connection.execute("INSERT INTO guard_filling VALUES (%s, %s)", (guard.name, rows))
    filled = {guard.name: _fill(connection, guard, renewed=renewed) for guard in guards}
    numbers.catch_up(connection, numbered)
    return filled


def _fill(connection: Connection[TupleRow], guard: Guard, *, renewed: bool) -> int:
    table = sql.Identifier(f"guard_{guard.name}")
    if renewed:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        connection.execute(guard.table.encode())
    else:
        connection.execute(sql.SQL("DELETE FROM {}").format(table))
    names = sql.SQL(", ").join(map(sql.Identifier, ("id", *guard.columns)))
    insert = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM guard_filling f"
        " CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{table}, f.claims) WHERE f.guard = %s"
    )
    return connection.execute(insert.format(table=table, names=names), (guard.name,)).rowcount


def _claims(connection: Connection[TupleRow], guard: Guard, decoders: Decoders) -> Iterator[list[Claim]]:
    """The claims of all aggregates of the guard's kinds, in batches."""
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
                claims.append(guard.claim_of(kind.replay(id_, (decoders[topic](state.encode()) for _, topic, state in rows))))
                if len(claims) == BATCH:
                    yield claims
                    claims = []
    yield claims
