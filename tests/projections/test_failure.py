from typing import Any
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from projections import positions, status
from projections.declaration import Parts, Projection
from projections.failure import FoldFailed, reason
from tests.projections.toy import ALL, BOXES, DECODERS, LOG, Box, BoxRow, CellRow, box_log, boxes, cells
from tests.projections.toy_log import MOMENT, Log, running, until


class Fault:
    """A fold that raises on labels of a certain kind until it is mended."""

    def __init__(self) -> None:
        self.mended = False

    def __call__(self, row: BoxRow | None, event: Box.Labelled) -> BoxRow | None:
        if event.label.startswith("Иванов") and not self.mended:
            raise ValueError(f"no shelf for {event.label!r}, phone 89161234567")
        return row and replace(row, label=event.label, version=event.originator_version)


def statuses(log: Log) -> dict[str, status.Status]:
    return {s.name: s for s in status.read(log.connection)}


@pytest.mark.spec("OPS-3")
def test_a_projection_that_raises_stops_alone_and_says_where(log: Log) -> None:
    faulty = (boxes(labelled=Fault()), cells(), box_log())
    one, two = log.box("one"), log.box("two")
    log.label(one, "uno")
    bad = log.label(one, "Иванов")
    log.label(two, "due")
    with running(log, faulty) as listener:
        until(lambda: statuses(log)["boxes"].status == "failed")
        until(lambda: log.caught_up([cells(), box_log()]))
        log.box("after")
        until(lambda: log.caught_up([cells(), box_log()]))
        stopped = statuses(log)["boxes"]
        assert (bad - 1, bad, "box.labelled.1") == (stopped.position, stopped.failed_position, stopped.failed_topic)
        assert stopped.error is not None
        assert stopped.error.startswith("ValueError: no shelf for …")
        assert "test_failure.py" in stopped.error
        assert "Иванов" not in stopped.error
        assert "8916" not in stopped.error
        assert {"uno", "two"} == {row.label for row in BOXES.all_rows(log.connection)}, "what came before it is there"
        assert log.head() - (bad - 1) == stopped.lag
        assert stopped.lag_seconds > 0
        assert [bad] == [failure.position for failure in listener.failures]


@pytest.mark.spec("OPS-3")
def test_after_the_fix_it_goes_on_when_resumed(log: Log) -> None:
    fault = Fault()
    faulty = (boxes(labelled=fault), cells(), box_log())
    with running(log, faulty):
        log.label(log.box(), "Иванов")
        until(lambda: statuses(log)["boxes"].status == "failed")
        assert positions.resume(log.connection, ["boxes", "cells"]) == ["boxes"]
        until(lambda: statuses(log)["boxes"].status == "failed")  # nothing was mended
        fault.mended = True
        positions.resume(log.connection, ["boxes"])
        until(log.caught_up)
        assert [row.label for row in BOXES.all_rows(log.connection)] == ["Иванов"]
        assert (
            statuses(log)["boxes"].status,
            statuses(log)["boxes"].error,
            statuses(log)["boxes"].failed_position,
        ) == ("running", None, None)


@pytest.mark.spec("OPS-3")
def test_after_the_fix_it_goes_on_with_the_next_worker(log: Log) -> None:
    with running(log, (boxes(labelled=Fault()), cells(), box_log())):
        log.label(log.box(), "Иванов")
        until(lambda: statuses(log)["boxes"].status == "failed")
    with running(log):
        until(log.caught_up)
        assert "Иванов" in {row.label for row in BOXES.all_rows(log.connection)}


def test_a_row_that_the_database_refuses_stops_just_before_its_event(log: Log) -> None:
    """Found one by one: the batch as a whole says no more than that something in it was wrong."""
    log.connection.execute("alter table boxes add constraint no_dogs check (label <> 'dog')")
    names = ["cat", "cow", "dog", "hen"]
    for name in names:
        log.box(name)
    with running(log):
        until(lambda: statuses(log)["boxes"].status == "failed")
        until(lambda: log.caught_up([cells(), box_log()]))
        stopped = statuses(log)["boxes"]
        assert (stopped.position, stopped.failed_position, stopped.failed_topic) == (2, 3, "box.made.1")
        assert stopped.error is not None
        assert "no_dogs" in stopped.error
        assert {"cat", "cow"} == {row.label for row in BOXES.all_rows(log.connection)}
        log.connection.execute("alter table boxes drop constraint no_dogs")
        positions.resume(log.connection, ["boxes"])
        until(log.caught_up)
        assert set(names) == {row.label for row in BOXES.all_rows(log.connection)}


def test_a_table_that_is_gone_stops_its_projection_alone(log: Log) -> None:
    with running(log):
        log.box()
        until(log.caught_up)
        log.connection.execute("drop table boxes")
        log.box()
        until(lambda: statuses(log)["boxes"].status == "failed")
        until(lambda: log.caught_up([cells(), box_log()]))
        assert statuses(log)["boxes"].failed_position == 2


def test_an_event_that_cant_be_read_stops_those_whom_it_concerns(log: Log) -> None:
    log.box()
    log.connection.execute(
        "insert into events (position, originator_id, originator_version, topic, state, metadata) "
        "values (2, gen_random_uuid(), 1, 'box.shelved.1', '{\"cells\": \"Иванов\"}', '{}')"
    )
    log.box()
    with running(log):
        until(lambda: statuses(log)["cells"].status == "failed" and statuses(log)["box_log"].status == "failed")
        until(lambda: log.caught_up([boxes()]))
        assert (statuses(log)["cells"].failed_position, statuses(log)["cells"].failed_topic) == (2, "box.shelved.1")
        assert [entry.position for entry in LOG.all_rows(log.connection)] == [1]


def test_a_fault_of_the_fold_is_found_in_the_middle_of_keys_of_several_rows(log: Log) -> None:
    """An event of two parts that fails in the second leaves nothing of the first."""

    def half(row: CellRow | None, part: CellRow) -> CellRow:
        if part.cell == "b":
            raise LookupError
        return part

    made = cells().handlers[Box.Shelved]
    broken = Projection("cells", cells().table, 1, {Box.Shelved: replace_fold(made, half)}, audience=None)
    one = log.box()
    log.append((one, Box.Shelved, {"cells": [[1, "a"], [2, "b"]]}))
    with running(log, (boxes(), broken, box_log())):
        until(lambda: statuses(log)["cells"].status == "failed")
        assert cells().table.all_rows(log.connection) == []


def replace_fold(handler: Any, fold: Any) -> Any:
    return type(handler)(handler.parts, fold)


def test_reasons_hold_no_personal_data(log: Log) -> None:
    try:
        log.connection.execute("select 'Иванов Пётр'::uuid")
    except psycopg.Error as error:
        text = reason(error)
    assert "invalid input syntax for type uuid" in text
    assert "Иванов" not in text
    assert reason(KeyError("ivanov")).split(" (")[0] == "KeyError: …"
    assert "…" in reason(ValueError("mail to someone@example.org"))
    assert "someone" not in reason(ValueError("mail to someone@example.org"))


def test_handlers_of_one_projection_dont_share_their_faults_with_others(log: Log) -> None:
    """Two read models over the same event: one raises in `keys`, the other gets the row."""

    def no_keys(event: Box.Made) -> Any:
        raise RuntimeError("no key")

    broken = Projection("boxes", BOXES, 1, {Box.Made: Parts(no_keys, lambda *_: None)}, audience=None)
    with running(log, (broken, cells(), box_log())):
        log.box()
        until(lambda: statuses(log)["boxes"].status == "failed")
        until(lambda: log.caught_up([cells(), box_log()]))


NEWER = {
    **DECODERS,
    "box.mended.1": lambda _: Box.Labelled(originator_id=uuid4(), originator_version=1, timestamp=MOMENT, label="mended"),
}


@pytest.mark.spec("OPS-3", "OPS-11")
@pytest.mark.parametrize(("topic", "stopped"), [("box.mended.1", {"boxes", "cells", "box_log"}), ("crate.made.1", {"box_log"})])
def test_an_event_of_newer_code_stops_what_cannot_know_it_and_nothing_else(log: Log, topic: str, stopped: set[str]) -> None:
    """One of the same kind may be meant for it; one of another kind concerns only what has something of every event."""
    log.box("before")
    strange = log.strange(topic)
    log.box("after")
    with running(log):
        until(lambda: {name for name, found in statuses(log).items() if found.status == "failed"} == stopped)
        until(lambda: log.caught_up([p for p in ALL if p.name not in stopped]))
        for found in (statuses(log)[name] for name in stopped):
            assert (found.position, found.failed_position, found.failed_topic) == (strange - 1, strange, topic)
            assert found.error is not None
            assert found.error.startswith("UnknownTopicError: written by newer code")
            assert not found.led, "a worker of newer code may go on"
    for projection in ALL:
        if projection.name in stopped:
            with pytest.raises(FoldFailed) as failed:
                log.rebuilder().rebuild([projection])
            assert (failed.value.projection, failed.value.position, failed.value.topic) == (projection.name, strange, topic)
        else:
            log.rebuilder().rebuild([projection])


@pytest.mark.spec("OPS-6", "OPS-11")
def test_a_worker_of_newer_code_goes_on_while_the_older_one_runs(log: Log) -> None:
    log.strange("box.mended.1")
    with running(log):
        until(lambda: statuses(log)["boxes"].status == "failed" and not statuses(log)["boxes"].led)
        with running(log, decoders=NEWER):
            until(log.caught_up)
            assert {found.status for found in statuses(log).values()} == {"running"}
