"""`denta project` as a process: it follows the log, and rebuilds by itself what older code has built."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from projections import positions, status
from projections.registry import PROJECTIONS
from services.bootstrap import Denta
from tests.projections.histories import History

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def following(database_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A `denta project` over the database."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "project"],
        cwd=ROOT,
        env={**os.environ, "DENTA_DATABASE_URL": database_url},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    denta = Denta.open(database_url)
    History(denta.clinic).run([("hire", 1), ("create_patient", 2)])
    denta.close()
    with psycopg.connect(database_url, autocommit=True) as connection:
        positions.prepare(connection, PROJECTIONS)
        yield connection


@pytest.fixture
def worker(connection: psycopg.Connection, database_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    with following(database_url) as process:
        yield process


def caught_up(connection: psycopg.Connection) -> bool:
    return all(s.led and s.lag == 0 and s.status == "running" for s in status.read(connection))


def test_answers_to_commands_are_forgotten_after_their_time(connection: psycopg.Connection, database_url: str) -> None:
    """By the process that follows the log, which looks for them when it starts; and it still ends when it is told to."""
    old, new = uuid4(), uuid4()
    statement = (
        "insert into commands (command_id, fingerprint, position, answer, recorded_at)"
        " values (%s, '', 1, '{}', clock_timestamp() - %s::interval)"
    )
    for command_id, age in ((old, "30 days 1 hour"), (new, "29 days 23 hours")):
        connection.execute(statement, (command_id, age))
    with following(database_url) as process:
        until(lambda: connection.execute("select from commands where command_id = %s", (old,)).fetchone() is None)
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0
    assert connection.execute("select from commands where command_id = %s", (new,)).fetchone() is not None


@pytest.mark.spec("OPS-1")
def test_what_older_code_built_is_rebuilt_by_the_worker_itself(
    connection: psycopg.Connection, database_url: str, worker: "subprocess.Popen[bytes]"
) -> None:
    until(lambda: caught_up(connection))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0
    connection.execute(
        "update patients set family_name = 'по-старому'; update projections set revision = 0 where name = 'patients'"
    )
    with following(database_url) as newer:
        until(lambda: positions.read(connection)["patients"].revision > 0)
        assert connection.execute("select count(*) from patients where family_name = 'по-старому'").fetchone() == (0,)
        until(lambda: caught_up(connection))
        newer.terminate()
        assert newer.wait(timeout=PATIENCE) == 0


@pytest.mark.usefixtures("worker")
def test_a_long_derivation_holds_up_no_other_read_model(connection: psycopg.Connection, database_url: str) -> None:
    """What is derived waits for a lock here as long as it likes; a walk of seconds does no more."""
    until(lambda: caught_up(connection))
    denta = Denta.open(database_url)
    try:
        with psycopg.connect(database_url) as other:
            other.execute("lock table stock_entries, stock_documents")
            History(denta.clinic).run([*(("create_document", n) for n in range(12)), ("create_patient", 3)])
            head = positions.head(connection)
            until(lambda: all(s.position == head or s.name == "stock_documents" for s in status.read(connection)))
            assert positions.read(connection)["stock_documents"].position < head
        until(lambda: caught_up(connection))
    finally:
        denta.close()
