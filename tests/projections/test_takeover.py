"""Real processes, really killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from projections import live, positions, status
from projections.positions import LEADER_LOCK
from tests.gateways.stalling_line import ANSWER, REQUEST, StallingLine
from tests.projections.toy import BOXES, LOG, boxes
from tests.projections.toy_log import Log, running, until

ROOT = Path(__file__).parents[2]
Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(log: Log) -> Iterator[Start]:
    """Starts a process; its first line has come when it is given."""
    made: list[subprocess.Popen[str]] = []

    def run(role: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.projections.toy_process", role, log.url]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        made.append(process)
        return process

    yield run
    for process in made:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_another_worker_takes_over_within_five_seconds(log: Log, start: Start) -> None:
    first = start("worker")
    assert [line(first), line(first)] == ["started", "leads boxes cells box_log"]
    log.box()
    until(log.caught_up)
    second = start("worker")
    assert line(second) == "started"
    log.many(3000)
    first.send_signal(signal.SIGKILL)
    log.box()
    killed = time.monotonic()
    assert line(second) == "leads boxes cells box_log"
    assert time.monotonic() - killed < 5
    until(log.caught_up)
    assert log.head() == len(LOG.all_rows(log.connection))


def test_one_of_many_leads_each_read_model(log: Log, start: Start) -> None:
    workers = [start("worker") for _ in range(3)]
    for worker in workers:
        assert line(worker) == "started"
    log.many(50)
    until(log.caught_up)
    names = ["boxes", "cells", "box_log"]
    assert set(names) == positions.locked(log.connection, LEADER_LOCK, names)
    rows = log.connection.execute(
        "select objid, count(*) from pg_locks where locktype = 'advisory' and classid = %s and granted "
        "and database = (select oid from pg_database where datname = current_database()) group by 1",
        (LEADER_LOCK,),
    ).fetchall()
    assert [count for _, count in rows] == [1, 1, 1]


def test_a_worker_asked_to_stop_ends_and_leaves_the_lead(log: Log, start: Start) -> None:
    worker = start("worker")
    assert [line(worker), line(worker)] == ["started", "leads boxes cells box_log"]
    worker.terminate()
    assert worker.wait(timeout=30) == 0
    assert not any(s.led for s in status.read(log.connection))


def test_a_rebuild_killed_in_the_middle_leaves_the_old_one_and_no_litter_after_the_next(log: Log, start: Start) -> None:
    log.many(20_000)
    log.rebuilder().rebuild([boxes()])
    before = log.connection.execute("select count(*) from boxes").fetchone()
    rebuild = start("rebuild")
    assert line(rebuild) == "folding"
    assert {"boxes__next"} <= tables(log)
    rebuild.send_signal(signal.SIGKILL)
    rebuild.wait()
    assert before == log.connection.execute("select count(*) from boxes").fetchone()
    until(lambda: not positions.locked(log.connection, positions.REBUILD_LOCK, ["boxes"]))
    log.rebuilder().rebuild([boxes()])
    assert {"boxes__next"}.isdisjoint(tables(log))
    assert before == log.connection.execute("select count(*) from boxes").fetchone()
    until(lambda: _others(log) == 1)


@pytest.mark.spec("OPS-1")
def test_what_a_killed_rebuild_left_is_seen_and_dropped_by_a_running_worker(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is being built, and one that somebody reads just now, stay."""
    monkeypatch.setattr(live, "TIDY_SECONDS", 0.2)
    monkeypatch.setattr(positions, "DDL_MILLISECONDS", 50)
    for name in ("boxes", "cells", "box_log"):
        log.connection.execute(f"create table {name}__next ()")
    with log.connect() as building, psycopg.connect(log.url) as reading:
        positions.try_lock(building, positions.REBUILD_LOCK, ["cells"])
        reading.execute("select from box_log__next")
        assert set(positions.leftovers(log.connection)) == {"boxes__next", "box_log__next"}
        with running(log):
            until(lambda: set(positions.leftovers(log.connection)) == {"box_log__next"})
            assert {"cells__next", "box_log__next"} <= tables(log)
            reading.rollback()
            until(lambda: not positions.leftovers(log.connection))
            assert "cells__next" in tables(log)


def _others(log: Log) -> int:
    """Connections to the database: after a while those of the killed process's children are gone too."""
    row = log.connection.execute("select count(*) from pg_stat_activity where datname = current_database()").fetchone()
    assert row
    return row[0]


def test_a_rebuild_interrupted_by_ctrl_c_drops_its_table_itself(log: Log, start: Start) -> None:
    log.many(20_000)
    rebuild = start("rebuild")
    assert line(rebuild) == "folding"
    rebuild.send_signal(signal.SIGINT)
    assert rebuild.wait(timeout=30) != 0
    assert {"boxes__next"}.isdisjoint(tables(log))
    assert BOXES.all_rows(log.connection) == []


def tables(log: Log) -> set[str]:
    rows = log.connection.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    return {name for (name,) in rows}


@pytest.mark.spec("OPS-6")
def test_another_worker_takes_over_from_one_whose_line_is_dead(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its machine may be gone or it may just hang: the server knows of nothing, and its lock stands."""
    monkeypatch.setattr(positions, "SILENT_SECONDS", 0.6)
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.2)
    with StallingLine(log.url) as line:
        far = Log(line.url)
        with running(far) as first:
            until(lambda: log.caught_up() and len(first.led) == 3)
            line.stall(REQUEST, ANSWER)
            until(lambda: not any(s.led for s in status.read(log.connection)), 5)
            with running(log) as second:
                log.many(50)
                until(lambda: len(second.led) == 3, 5)
                until(log.caught_up)
                assert log.head() == len(LOG.all_rows(log.connection))
                line.stall()
                until(lambda: first.losses)
            far.connection.close()
            far.connection = log.connect()
        far.connection.close()
