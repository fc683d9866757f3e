"""Rebuilding guards from the log, from which they are derived like read models."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import msgspec
from psycopg import Connection, sql
from psycopg.errors import DataError, IntegrityError
from psycopg.rows import TupleRow

from aggregates.kernel import Aggregate, Decoders
from commands.ports.database import DatabaseUnsuitable
from gateways.guards.declaration import Guard
from gateways.locks import WRITE_LOCK

BATCH = 1000
FILLING = "CREATE TEMPORARY TABLE guard_filling (guard text, claims jsonb) ON COMMIT DROP"

_DAMAGED = "В журнале есть {}. Восстановите базу из копии или обратитесь к разработчикам; в базе ничего не изменено"


def rebuild_guards(connection: Connection[TupleRow], decoders: Decoders, guards: Sequence[Guard]) -> dict[str, int]:
    """Make the guards' tables again from the log, in a transaction under the write lock; guard → number of rows.

    Conflicts from before a rule, or in a damaged log, stay (`gateways/guards/conflicts.py`). The log is read before any table is
    locked, so that guards can be read meanwhile; indexes are made when the rows are there. ProgramOutdated, DatabaseUnsuitable.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
    connection.execute(FILLING)
    for kind in dict.fromkeys(kind for guard in guards for kind in guard.kinds):
        of_kind = [guard for guard in guards if kind in guard.kinds]
        for aggregates in _in_batches(_aggregates(connection, kind, decoders)):
            for guard in of_kind:
                rows = [claim for claim in map(guard.claim_of, aggregates) if claim.holds]
                connection.execute("INSERT INTO guard_filling VALUES (%s, %s)", (guard.name, msgspec.json.encode(rows).decode()))
    return {guard.name: _fill(connection, guard) for guard in guards}


def _fill(connection: Connection[TupleRow], guard: Guard) -> int:
    table = sql.Identifier(f"guard_{guard.name}")
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
    connection.execute(guard.table.encode())
    names = sql.SQL(", ").join(map(sql.Identifier, ("id", *guard.columns)))
    insert = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM guard_filling f"
        " CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{table}, f.claims) WHERE f.guard = %s"
    )
    try:
        filled = connection.execute(insert.format(table=table, names=names), (guard.name,)).rowcount
    except (DataError, IntegrityError) as error:
        what = f"запись, которую не принимает правило «{guard.name}»: {error.diag.message_primary}"
        raise DatabaseUnsuitable(_DAMAGED.format(what)) from error
    for index in guard.indexes:
        connection.execute(index.encode())
    for derived in guard.derived:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(f"guard_{derived.name}")))
        for statement in (derived.table, derived.fill, *derived.indexes):
            connection.execute(statement.encode())
    for function in guard.functions:  # sessions that have called them know the dropped tables' row types
        connection.execute(function.encode())
    return filled


def _aggregates(connection: Connection[TupleRow], kind: type[Aggregate], decoders: Decoders) -> Iterator[Aggregate]:
    """All aggregates of a kind, replayed from the log."""
    with connection.cursor(name="guards") as cursor:
        cursor.itersize = BATCH * 4
        cursor.execute(
            "SELECT originator_id, topic, state::text FROM events WHERE starts_with(topic, %s)"
            " ORDER BY originator_id, originator_version",
            (f"{kind.TOPIC}.",),
        )
        for id_, rows in groupby(cursor, key=lambda row: row[0]):
            try:
                yield kind.replay(id_, (decoders[topic](state.encode()) for _, topic, state in rows))
            except msgspec.DecodeError as error:
                raise DatabaseUnsuitable(_DAMAGED.format(f"событие объекта {kind.TOPIC}/{id_}, которое не читается")) from error


def _in_batches(aggregates: Iterator[Aggregate]) -> Iterator[list[Aggregate]]:
    while batch := list(islice(aggregates, BATCH)):
        yield batch
