"""The disk of the private server is full: told in one line at start; under way nothing acknowledged is lost and all goes on."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from commands.ports.database import DatabaseFull
from services.bootstrap import prepare_schema
from tests.gateways.ticking import Ticking
from tests.small_disk import SmallDisk, small_disk, user_of

COPIER_OF_PROGRAMS = """
import sys
from pathlib import Path
from commands.ports.private_server import PrivateServerError
from gateways.postgres_programs import copy_programs, find_programs
try:
    copy_programs(find_programs(), Path(sys.argv[1]))
except PrivateServerError as error:
    print(error)
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "var", 150) as disk:
        yield disk


def until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.01)


def test_no_space_for_a_new_cluster_is_reported_in_one_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 20) as disk, user_of(disk) as outcome:
        assert outcome.startswith(f"PostgreSQL не запускается: нет места на диске: в {disk.server.home} свободно 19 МБ, нужно ")


@pytest.mark.parametrize("leaving", [0, 1_000_000], ids=["nothing", "a little"])
def test_no_space_for_a_start_is_reported_in_one_line_and_the_next_one_works(disk: SmallDisk, leaving: int) -> None:
    with user_of(disk) as outcome:
        assert outcome == "ready"
        prepare_schema(disk.url)
    (disk.seen(disk.server.home) / "belongs-to").unlink()  # it is written again at each start
    disk.fill(leaving)
    with user_of(disk) as outcome:
        assert outcome.startswith(f"PostgreSQL не запускается: нет места на диске: в {disk.server.home} свободно 0 МБ, нужно ")
    disk.give_space()
    with user_of(disk) as outcome:
        assert outcome == "ready"


def test_no_space_for_the_programs_is_reported_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "var", 5) as disk:
        command = disk.command(sys.executable, "-c", COPIER_OF_PROGRAMS, str(disk.server.home))
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == (f"Нет места на диске для программ PostgreSQL: {disk.server.home}\n", "")
        assert list(disk.seen(disk.server.home).iterdir()) == []


@pytest.mark.spec("OPS-4")
def test_nothing_acknowledged_is_lost_when_the_disk_fills_up_and_all_goes_on_with_space(disk: SmallDisk) -> None:
    """Refused while it is full, reading goes on; then PostgreSQL crashes of it too, and comes back by itself."""
    with user_of(disk) as outcome, ThreadPoolExecutor(6) as pool:
        assert outcome == "ready"
        prepare_schema(disk.url)
        ticking = Ticking(disk.url, each=200, address="x" * 2000)
        disk.fill(leaving=12_000_000)  # so that the rest is filled before the writers have done
        done = ticking.start(pool)
        assert ticking.under_way.wait(30)
        disk.fill()
        until(lambda: any(isinstance(refusal, DatabaseFull) for refusal in ticking.refusals), "writers are refused")
        acknowledged = dict(ticking.acknowledged)
        assert ticking.recorded().items() >= acknowledged.items()
        with psycopg.connect(disk.url, autocommit=True) as connection, pytest.raises(psycopg.OperationalError):
            connection.execute("CHECKPOINT")  # PANIC: a checkpoint without space ends the server
        assert connection.broken
        felt = len(ticking.refusals)
        until(lambda: len(ticking.refusals) > felt, "it is felt")
        disk.give_space()
        for future in done:
            future.result()
        recorded = ticking.recorded()
        ticking.database.close()
    assert recorded == ticking.acknowledged
    assert sorted(recorded.values()) == ticking.positions_of_all
    assert {refusal.status for refusal in ticking.refusals} == {503}
