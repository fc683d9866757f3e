"""First records to commands are command_ids_left for a time, and forgotten in small batches by one at a time."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from commands.context import Context, Receipt
from gateways.database import Database
from gateways.event_mapper import decoders
from gateways.event_store import PostgresClinic
from gateways.idempotency_records import BATCH, RETENTION, IdempotencyRecords
from gateways.locks import PRUNING_LOCK
from tests.gateways.ticking import NOW, Tick


def passes(database: Database, time: timedelta) -> None:
    with database.connection() as connection:
        connection.execute("UPDATE commands SET recorded_at = recorded_at - %s", (time,))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def tick(clinic: PostgresClinic, ctx: Context) -> Receipt:
    new = Tick(uuid4())
    new.trigger(Tick.Ticked, at=NOW)
    return clinic.save(new, ctx=ctx)


def test_a_repeated_command_gets_the_same_receipt_until_its_record_expires(database: Database) -> None:
    clinic, records = PostgresClinic(database, decoders([Tick])), IdempotencyRecords(database)
    ctx = Context(now=NOW, command="tick", command_id=uuid4())
    first = tick(clinic, ctx)
    passes(database, RETENTION - timedelta(minutes=1))
    assert records.prune() == 0
    assert tick(clinic, ctx).position == first.position
    passes(database, timedelta(minutes=1))
    assert records.prune() == 1
    assert ctx.command_id is not None
    assert clinic.find_record(ctx.command_id) is None
    with database.connection() as connection:
        (command_ids_left,) = connection.execute("SELECT metadata->>'command_id' FROM events").fetchall()
    assert command_ids_left == (str(ctx.command_id),), "an event names its command for ever"


def test_records_are_deleted_in_batches_by_one_process_at_a_time(database: Database) -> None:
    records = IdempotencyRecords(database)
    with database.connection() as connection:
        connection.execute(
            "INSERT INTO commands (command_id, fingerprint, position, answer)"
            " SELECT gen_random_uuid(), '', n, '{}' FROM generate_series(1, %s) n",
            (BATCH + 1,),
        )
    passes(database, RETENTION)
    with database.connect() as another, another.transaction():
        another.execute("SELECT pg_advisory_xact_lock(%s)", (PRUNING_LOCK,))
        assert records.prune() == 0
    assert [records.prune() for _ in range(3)] == [BATCH, 1, 0]
