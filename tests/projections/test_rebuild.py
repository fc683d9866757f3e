import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from projections import log_fold, positions, status
from projections.failure import FoldFailed
from projections.positions import REBUILD_LOCK
from projections.rebuild import BusyError, NewerError, Progress, SwapRefusedError
from tests.projections.comparing import live_and_rebuilt_differ
from tests.projections.toy import ALL, BOXES, LOG, Box, BoxRow, box_log, boxes, cells
from tests.projections.toy_log import Log, running, until


def tables(log: Log) -> set[str]:
    rows = log.connection.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    return {name for (name,) in rows}


def fixed_label(row: BoxRow | None, event: Box.Labelled) -> BoxRow | None:
    """A mended fold: labels in capitals."""
    return row and replace(row, label=event.label.upper(), version=event.originator_version)


@pytest.mark.spec("OPS-2")
@pytest.mark.parametrize("processes", [1, 2])
def test_rebuilt_equals_live_row_by_row(log: Log, processes: int) -> None:
    log.many(500)
    with running(log):
        log.many(300)
        until(log.caught_up)
    # The worker's last event is folded by nobody yet.
    with running(log):
        until(log.caught_up)
        for projection in ALL:
            assert not live_and_rebuilt_differ(log.rebuilder(processes=processes), log.connection, projection)


@pytest.mark.spec("OPS-1")
def test_several_are_rebuilt_in_one_pass_while_they_serve(log: Log) -> None:
    """Readers see at every moment a whole table, never an older one than before, and never wait long; writers go on."""
    log.many(2000)
    wrong: list[str] = []
    waited: list[psycopg.Error] = []
    stop = threading.Event()

    def read() -> None:
        seen = 0
        with log.connect() as connection:
            connection.execute("set lock_timeout = '1s'")
            while not stop.is_set():
                try:
                    row = connection.execute("select count(*), max(position) from box_log").fetchone()
                except psycopg.Error as error:
                    waited.append(error)
                    return
                assert row
                if row[0] != row[1] or row[0] < seen:
                    wrong.append(f"{row} after {seen}")
                seen = row[0]

    def write() -> None:
        appender = Log(log.url)
        while not stop.is_set():
            appender.box("meanwhile")
        appender.connection.close()

    with running(log):
        until(log.caught_up)
        threads = [threading.Thread(target=read), threading.Thread(target=write)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(3):
                log.rebuilder().rebuild(ALL)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert not wrong
        assert not waited
        until(log.caught_up)
        for projection in ALL:
            assert not live_and_rebuilt_differ(log.rebuilder(), log.connection, projection)


@pytest.mark.spec("OPS-1")
def test_the_report_says_what_the_fix_did(log: Log) -> None:
    one, two, three = log.box("one"), log.box("two"), log.box("three")
    log.label(one, "uno")
    with running(log):
        until(log.caught_up)
        # What a wrong fold left behind: a row too many, a row too few.
        log.connection.execute("delete from boxes where box_id = %s", (two,))
        log.connection.execute("insert into boxes select gen_random_uuid(), 'x', 0, '{}', '{}', now(), 1")
        (model,) = log.rebuilder([boxes(labelled=fixed_label)]).rebuild([boxes(labelled=fixed_label)]).models
    found = model.differences
    assert found
    assert (found.rows, found.added, found.removed, found.changed, found.columns) == (3, 1, 1, 1, {"label": 1})
    assert {("added", (two,), ()), ("changed", (one,), ("label",))} <= {sample[:3] for sample in found.samples}
    assert found.positions[0] == found.positions[1]
    assert {"UNO", "two", "three"} == {row.label for row in BOXES.all_rows(log.connection) if row.box_id in {one, two, three}}


def test_a_diff_reports_without_changing_anything(log: Log) -> None:
    one = log.box("one")
    log.label(one, "uno")
    with running(log):
        until(log.caught_up)
        fixed = boxes(labelled=fixed_label)
        (model,) = log.rebuilder([fixed]).diff([fixed]).models
        assert model.differences
        assert model.differences.changed == 1
        assert [sample.values for sample in model.differences.samples] == [None]
        (model,) = log.rebuilder([fixed]).diff([fixed], values=True).models
        assert model.differences
        assert [sample.values for sample in model.differences.samples] == [{"label": ("uno", "UNO")}]
        assert [row.label for row in BOXES.all_rows(log.connection)] == ["uno"]
        assert {"boxes__next"}.isdisjoint(tables(log))


def test_columns_may_come_and_go(log: Log) -> None:
    """A table of another shape stays as it is, and served, until the rebuild has made the new one."""
    log.connection.execute("alter table boxes drop column shelf; alter table boxes add column gone text")
    log.connection.execute("update projections set shape = 'another', position = 1 where name = 'boxes'")
    log.box()
    with running(log) as listener:
        until(lambda: listener.old)
        assert listener.old == ["boxes"]
        (model,) = log.rebuilder().rebuild([boxes()]).models
        assert model.differences
        assert (model.differences.new_columns, model.differences.removed_columns) == (("shelf",), ("gone",))
        log.box()
        until(log.caught_up)
        assert len(BOXES.all_rows(log.connection)) == 2


def test_a_raised_revision_is_reported_once_and_not_after_the_rebuild(log: Log) -> None:
    log.box()
    with running(log):
        until(log.caught_up)
    newer = (boxes(revision=2), cells(), box_log())
    with running(log, newer) as listener:
        until(lambda: listener.old)
        log.rebuilder(newer).rebuild(newer[:1])
        log.box()
        until(log.caught_up)
    assert listener.old == ["boxes"]
    assert positions.read(log.connection)["boxes"].revision == 2


def test_older_code_leaves_a_newer_read_model_alone(log: Log) -> None:
    log.connection.execute("update projections set revision = 7 where name = 'boxes'")
    with running(log) as listener:
        log.box()
        until(lambda: log.caught_up([cells(), box_log()]))
        assert log.position("boxes") == 0
        assert {"cells", "box_log"} == set(listener.led)


@pytest.mark.spec("OPS-11")
@pytest.mark.parametrize("stage", ["", "swap"], ids=["from the beginning", "while it was being rebuilt"])
def test_older_code_puts_nothing_in_the_place_of_what_newer_code_has_built(log: Log, stage: str) -> None:
    newer = "update projections set revision = 7, shape = 'of newer code', position = 0 where name = 'boxes'"
    log.box()
    if not stage:
        log.connection.execute(newer)

    def report(progress: Progress) -> None:
        if progress.stage == stage:
            log.connection.execute(newer)

    with pytest.raises(NewerError) as refused:
        log.rebuilder(report=report).rebuild([boxes()])
    assert refused.value.names == ("boxes",)
    assert BOXES.all_rows(log.connection) == []
    now = positions.read(log.connection)["boxes"]
    assert (now.revision, now.shape) == (7, "of newer code")
    assert {"boxes__next"}.isdisjoint(tables(log))


def test_an_event_that_cant_be_folded_leaves_the_old_one_serving(log: Log) -> None:
    def broken(*_: Any) -> BoxRow:
        raise ValueError("Иванов 89161234567")

    one = log.box()
    log.label(one, "uno")
    with running(log):
        until(log.caught_up)
        with pytest.raises(FoldFailed) as caught:
            log.rebuilder().rebuild([boxes(labelled=broken), cells()])
    assert (caught.value.projection, caught.value.position, caught.value.topic) == ("boxes", 2, "box.labelled.1")
    assert "Иванов" not in str(caught.value)
    assert "8916" not in str(caught.value)
    assert [row.label for row in BOXES.all_rows(log.connection) if row.box_id == one] == ["uno"]
    assert {"boxes__next", "cells__next"}.isdisjoint(tables(log))


def test_a_failure_in_another_process_is_reported_the_same(log: Log) -> None:
    def broken(*_: Any) -> BoxRow:
        raise ValueError("Иванов")

    log.many(200)
    with pytest.raises(FoldFailed, match=r"boxes: box\.labelled\.1"):
        log.rebuilder(processes=2).rebuild([boxes(labelled=broken)])
    assert {"boxes__next"}.isdisjoint(tables(log))


def test_ctrl_c_leaves_the_old_one_and_no_litter(log: Log) -> None:
    log.many(300)

    def interrupt(progress: Progress) -> None:
        if progress.stage == "index":
            raise KeyboardInterrupt

    with running(log):
        until(log.caught_up)
        before = BOXES.all_rows(log.connection)
        with pytest.raises(KeyboardInterrupt):
            log.rebuilder(report=interrupt).rebuild([boxes()])
        assert before == BOXES.all_rows(log.connection)
        assert {"boxes__next"}.isdisjoint(tables(log))
        assert all(s.rebuilding is None for s in status.read(log.connection))


@pytest.mark.parametrize("next_run", ["rebuild", "worker"])
def test_what_a_killed_rebuild_left_is_dropped_by_the_next_run(log: Log, next_run: str) -> None:
    log.box()
    log.connection.execute("create table boxes__next (left_over int); create table cells__until_7__next (left_over int)")
    log.connection.execute("create table box_log__gone__next (left_over int)")
    if next_run == "rebuild":
        log.rebuilder().rebuild([boxes()])
    else:
        with running(log):
            until(log.caught_up)
    assert {"boxes__next", "cells__until_7__next", "box_log__gone__next"}.isdisjoint(tables(log))


def test_a_second_rebuild_of_the_same_is_refused(log: Log) -> None:
    with log.connect() as other:
        assert positions.try_lock(other, REBUILD_LOCK, ["boxes"]) == ["boxes"]
        with pytest.raises(BusyError) as caught:
            log.rebuilder().rebuild([boxes(), cells()])
        assert caught.value.names == ("boxes",)
    log.rebuilder().rebuild([cells()])


def test_the_swap_steps_back_while_somebody_reads_on_and_on(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long reading transaction: others aren't kept waiting behind the swap for longer than its patience with the lock."""
    monkeypatch.setattr("projections.rebuild.PATIENCE_SECONDS", 3.0)
    log.many(100)
    with running(log), log.connect() as long_reader:
        until(log.caught_up)
        with long_reader.transaction():
            long_reader.execute("select count(*) from boxes")
            waited: list[psycopg.Error] = []
            done = threading.Event()

            def read() -> None:
                with log.connect() as connection:
                    connection.execute("set lock_timeout = '1s'")
                    while not done.is_set():
                        try:
                            connection.execute("select count(*) from boxes")
                        except psycopg.Error as error:
                            waited.append(error)
                            return

            reader = threading.Thread(target=read)
            reader.start()
            with pytest.raises(SwapRefusedError):
                log.rebuilder().rebuild([boxes()])
            done.set()
            reader.join()
        assert not waited
        assert {"boxes__next"}.isdisjoint(tables(log))
        log.rebuilder().rebuild([boxes()])


@pytest.mark.spec("OPS-1")
def test_the_swap_waits_for_a_vacuum_without_keeping_readers_waiting(log: Log) -> None:
    log.many(50)
    with running(log):
        until(log.caught_up)
        with log.connect() as vacuum, ThreadPoolExecutor(1) as pool:
            vacuum.execute("begin")
            vacuum.execute("lock table boxes in share update exclusive mode")
            rebuilding = pool.submit(log.rebuilder().rebuild, [boxes()])
            waiting_locks = "select mode from pg_locks where relation = 'boxes'::regclass and not granted"
            until(lambda: log.connection.execute(waiting_locks).fetchall() == [("ShareUpdateExclusiveLock",)])
            vacuum.execute("rollback")
            assert rebuilding.result().models[0].name == "boxes"
        options = "select reloptions from pg_class where oid = 'boxes'::regclass"
        assert log.connection.execute(options).fetchone() == (None,)  # and is vacuumed as before


@pytest.mark.parametrize("rows_in_memory", [1, 40, 10_000])
def test_what_memory_cant_hold_is_spilled(log: Log, rows_in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.reader.CHUNK", 50)
    log.many(150, each=4)
    with running(log):
        until(log.caught_up)
        for projection in ALL:
            assert not live_and_rebuilt_differ(log.rebuilder(rows_in_memory=rows_in_memory), log.connection, projection)


def test_progress_is_reported_to_the_end_and_seen_by_status(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.reader.CHUNK", 100)
    log.many(300)
    reports: list[Progress] = []
    seen: list[str | None] = []

    def report(progress: Progress) -> None:
        reports.append(progress)
        with log.connect() as connection:
            seen.extend(s.rebuilding for s in status.read(connection) if s.name == "boxes")

    log.rebuilder(report=report).rebuild([boxes(), cells()])
    folded = [p.done for p in reports if p.stage == "fold"]
    assert folded == sorted(folded)
    assert log.head() - folded[-1] < 100
    assert list(dict.fromkeys(p.stage for p in reports)) == ["fold", "index", "compare", "swap"]
    assert {"fold", "index"} <= set(seen)


def test_a_rebuild_of_a_failed_one_lets_it_run_again(log: Log) -> None:
    log.box()
    with running(log):
        until(log.caught_up)
        log.connection.execute(
            "update projections set status = 'failed', error = 'x', failed_position = 2, failed_topic = 't', "
            "generation = generation + 1 where name = 'boxes'"
        )
        log.box()
        until(lambda: log.caught_up([cells(), box_log()]))
        log.rebuilder().rebuild([boxes()])
        log.box()
        until(log.caught_up)
        assert positions.read(log.connection)["boxes"].status == "running"
        assert len(BOXES.all_rows(log.connection)) == 3


def test_metadata_is_read_for_those_alone_that_see_the_envelope(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.many(20)
    asked = []
    reading = log_fold.stream

    def stream(*args: Any, without_envelope: bool) -> Any:
        asked.append(without_envelope)
        return reading(*args, without_envelope=without_envelope)

    monkeypatch.setattr(log_fold, "stream", stream)
    log.rebuilder().rebuild([boxes()])
    log.rebuilder().rebuild([boxes(), box_log()])
    assert asked == [True, False]
    assert {(row.command, row.recorded_at.year > 2000) for row in LOG.all_rows(log.connection)} == {("toy", True)}


def test_a_read_model_that_never_ran_can_be_rebuilt(log: Log) -> None:
    log.many(20)
    log.rebuilder().rebuild(ALL)
    assert log.head() == len(LOG.all_rows(log.connection))
    assert {log.head()} == {now.position for now in positions.read(log.connection).values()}


@pytest.fixture(autouse=True)
def _no_sleeping_readers(log: Log) -> None:
    """Statements of these tests that wait for a lock longer than this hang."""
    log.connection.execute("set statement_timeout = '30s'")
