import itertools
import json
import statistics
import threading
import time
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest

from projections import positions, status
from projections.live import SETTINGS, note
from tests.projections.toy import ALL, BOXES, CELLS, LOG, Box, BoxRow
from tests.projections.toy_log import MOMENT, Log, running, until


def test_events_become_rows(log: Log) -> None:
    with running(log):
        first, second = log.box("one", tags=("a", "b")), log.box("two")
        log.label(first, "uno")
        log.append((second, Box.Thrown, {}))
        log.append((first, Box.Shelved, {"cells": [[1, "a"], [2, "b"]]}))
        until(log.caught_up)
        (row,) = BOXES.all_rows(log.connection)
        assert (first, "uno", ("a", "b"), {"letters": 3}, 2) == (row.box_id, row.label, row.tags, row.facts, row.version)
        assert [(1, "a", first), (2, "b", first)] == [(c.shelf, c.cell, c.box_id) for c in CELLS.all_rows(log.connection)]
        assert [entry.position for entry in LOG.all_rows(log.connection)] == [1, 2, 3, 4, 5]
        assert LOG.all_rows(log.connection)[0].command == "toy"


def test_events_from_before_the_worker_are_folded_in_batches(log: Log) -> None:
    log.many(4000)
    with running(log):
        until(log.caught_up)
        assert len(BOXES.all_rows(log.connection)) == 3600
        assert log.head() == len(LOG.all_rows(log.connection))


def test_rows_are_found_by_key_by_a_plan_that_was_made_for_an_empty_table(log: Log) -> None:
    """Looking through the whole table at each batch would cost the more the fuller the clinic is."""
    with log.connect() as connection:
        for setting in SETTINGS:
            connection.execute(f"set {setting}")

        def batch() -> None:
            BOXES.load(connection, [uuid4()])
            BOXES.write(connection, [box()], [uuid4()])

        for _ in range(15):
            batch()
        BOXES.copy(connection, [box() for _ in range(5000)])
        with connection.transaction():
            batch()
            query = "select seq_scan, seq_tup_read from pg_stat_xact_user_tables where relname = 'boxes'"
            assert connection.execute(query).fetchone() == (0, 0)


def box() -> BoxRow:
    return BoxRow(uuid4(), "label", Decimal(1), (), {}, MOMENT, 1)


def test_position_and_rows_appear_together(log: Log) -> None:
    """A reader who sees a position sees the rows of all events up to it."""
    with running(log), log.connect() as looking:
        for number in range(60):
            log.box(str(number))
            seen = looking.execute(
                "select position, (select coalesce(max(position), 0) from box_log) from projections where name = 'box_log'"
            ).fetchone()
            assert seen
            assert seen[0] == seen[1]


def test_notices_name_the_rows_after_they_are_committed(log: Log) -> None:
    with running(log), log.connect() as listening:
        listening.execute("listen denta_rows")
        box = log.box()
        listener = {}
        for notice in listening.notifies(timeout=10):
            notified = json.loads(notice.payload)
            listener[notified["projection"]] = notified
            if {"boxes", "box_log"} <= listener.keys():
                break
        assert {"projection": "boxes", "position": 1, "keys": [str(box)]} == listener["boxes"]
        assert listener["box_log"]["keys"] == [1]


def test_a_notice_of_many_or_long_keys_names_none() -> None:
    assert json.loads(note("cells", 1, [(1, "я" * 100)] * 50)) == {"projection": "cells", "position": 1, "keys": None}
    assert json.loads(note("cells", 1, [(1, "a")] * 51))["keys"] is None
    assert json.loads(note("cells", 1, [(1, "a")] * 50))["keys"] == [[1, "a"]] * 50


def test_a_notice_wakes_the_worker(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the next look at the log, which is put off for long here; printed: the time from append to committed rows."""
    monkeypatch.setattr("projections.live.LOOK_SECONDS", 600.0)
    with running(log), log.connect() as listening:
        until(lambda: all(s.led for s in status.read(log.connection)))
        listening.execute("listen denta_rows")
        taken = []
        for _ in range(30):
            began = time.perf_counter()
            position = log.append((uuid4(), Box.Made, {"label": "quick"}))
            listener = 0
            for notice in listening.notifies(timeout=60):
                notified = json.loads(notice.payload)
                if notified["projection"] == "boxes" and (listener := notified["position"]) >= position:
                    break
            assert listener >= position
            taken.append((time.perf_counter() - began) * 1000)
        print(f"append to committed rows: median {statistics.median(taken):.1f} ms")  # noqa: T201


def test_a_lost_connection_is_replaced(log: Log) -> None:
    with running(log) as listener:
        log.box()
        until(log.caught_up)
        log.connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        log.box()
        until(log.caught_up)
        assert len(BOXES.all_rows(log.connection)) == 2
        assert listener.losses


def test_a_database_that_takes_no_rows_is_tried_ever_more_seldom_and_folded_into_once_it_does(log: Log) -> None:
    """Connections go well as on a full disk, so a lost one isn't what paces the attempts."""
    with running(log) as listener:
        until(log.caught_up)
        log.connection.execute(
            "create function full_disk() returns trigger language plpgsql as $$"
            " begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;"
            "create trigger full_disk before update on projections for each row execute function full_disk()"
        )
        log.box()
        until(lambda: len(listener.losses) >= 4)
        pauses = [after - before for before, after in itertools.pairwise(listener.losses)]
        assert pauses[1] > 0.2
        assert pauses[2] > 0.4
        log.connection.execute("drop trigger full_disk on projections")
        until(log.caught_up)
        assert len(BOXES.all_rows(log.connection)) == 1


def test_status_shows_lag_and_leader(log: Log) -> None:
    log.box()
    log.box()
    before = {s.name: s for s in status.read(log.connection)}
    assert (before["boxes"].lag, before["boxes"].led, before["boxes"].lag_seconds > 0) == (2, False, True)
    with running(log):
        until(log.caught_up)
        after = {s.name: s for s in status.read(log.connection)}
        assert (
            after["cells"].lag,
            after["cells"].lag_seconds,
            after["cells"].led,
            after["cells"].status,
        ) == (0, 0.0, True, "running")


def test_many_start_at_once_and_prepare_once(log: Log) -> None:
    log.connection.execute("drop table boxes, cells, box_log; truncate projections")
    errors: list[psycopg.Error] = []

    def prepare() -> None:
        try:
            with log.connect() as connection:
                positions.prepare(connection, ALL)
        except psycopg.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=prepare) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert {"boxes", "cells", "box_log"} == set(positions.read(log.connection))


def test_nobody_writes_who_stands_on_an_old_generation(log: Log) -> None:
    """A worker that was overtaken (here: by hand) writes nothing upon what it believes, and goes on from the truth."""
    with running(log):
        log.box()
        until(log.caught_up)
        log.connection.execute(
            "delete from boxes; update projections set position = 0, generation = generation + 1 where name = 'boxes'"
        )
        log.box()
        until(lambda: len(BOXES.all_rows(log.connection)) == 2)
        until(log.caught_up)
