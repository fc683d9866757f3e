"""The bookkeeping of loadings beside what the API's tests show of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import msgspec
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from commands.ports.imports import ImportJob, ImportRow
from gateways.database import Database
from gateways.import_jobs import RETENTION, ImportJobs

ROWS = 5000


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def job(database: Database) -> ImportJob:
    """A loading of `ROWS` new objects."""
    jobs, now = ImportJobs(database), datetime.now(UTC)
    job = ImportJob(
        id=uuid4(), catalogue="patients", state="importing", created_at=now, user_id=None, employee_id=None, address=""
    )
    jobs.begin(job, BytesIO())
    rows = [ImportRow(row=number, kind="create", title="") for number in range(2, ROWS + 2)]
    jobs.add_rows(job.id, rows, checked=ROWS, unchanged=0)
    return job


@pytest.mark.spec("XLS-12")
@pytest.mark.parametrize("undo", [False, True])
def test_the_next_rows_are_found_where_the_last_ones_were(database: Database, job: ImportJob, undo: bool) -> None:
    """Going over what is done at each batch would take the square of the rows."""
    jobs = ImportJobs(database)
    with database.pinned() as connection:
        if undo:
            connection.execute("UPDATE excel_import_rows SET done = 'created'")
        connection.execute("ANALYZE excel_import_rows")
        reached = 500 if undo else ROWS - 500
        for _ in range(15):  # from then on the server goes by one plan for all values
            jobs.next_rows(job.id, 100, undo=undo, beyond=reached)
        with connection.transaction():
            before = rows_read(connection)
            found = jobs.next_rows(job.id, 100, undo=undo, beyond=reached)
            read = rows_read(connection) - before
    assert [row.row for row in found] == (list(range(499, 399, -1)) if undo else list(range(reached + 1, reached + 101)))
    assert read < 300


def rows_read(connection: Connection[TupleRow]) -> int:
    """By this connection, of the loadings' rows."""
    query = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'excel_import_rows'"
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def test_a_finished_worker_keeps_nobody_from_working(database: Database) -> None:
    jobs = ImportJobs(database)
    for _ in range(20):
        with jobs.working() as mine:
            assert mine
            with jobs.working() as another:
                assert not another


def test_a_loading_that_begins_under_a_clock_ahead_forgets_no_other(database: Database, job: ImportJob) -> None:
    jobs = ImportJobs(database)
    ahead = msgspec.structs.replace(job, id=uuid4(), created_at=job.created_at + 13 * RETENTION)
    jobs.begin(ahead, BytesIO())
    assert jobs.get(job.id) is not None
    with database.connection() as connection:
        connection.execute("UPDATE excel_imports SET created_at = created_at - %s WHERE id = %s", (RETENTION, job.id))
    jobs.begin(msgspec.structs.replace(job, id=uuid4()), BytesIO())
    assert jobs.get(job.id) is None
