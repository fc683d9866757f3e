"""PostgreSQL killed in the middle of writing: nothing acknowledged is lost, nothing is written twice, all goes on."""

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from gateways.embedded_postgres import EmbeddedPostgres
from services.bootstrap import prepare_schema
from tests.gateways.ticking import Ticking


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, safe from power cuts as in service."""
    with EmbeddedPostgres(tmp_path) as own:
        yield own
    if own.home != tmp_path / "postgres":
        shutil.rmtree(own.home)


@pytest.mark.spec("OPS-4")
def test_nothing_acknowledged_is_lost_and_nothing_doubled_when_the_server_is_killed(server: EmbeddedPostgres) -> None:
    prepare_schema(server.database_url())
    ticking = Ticking(server.database_url())
    with psycopg.connect(server.database_url()) as connection:
        postmaster = parent_of(connection.info.backend_pid)
    with ThreadPoolExecutor(6) as pool:
        done = ticking.start(pool)
        assert ticking.under_way.wait(30)
        os.kill(postmaster, signal.SIGKILL)
        for future in done:
            future.result()
    recorded = ticking.recorded()
    ticking.database.close()
    assert ticking.refusals, "the outage was never felt"
    assert recorded == ticking.acknowledged
    assert sorted(recorded.values()) == ticking.positions_of_all


def parent_of(pid: int) -> int:
    """The process that started a backend."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
