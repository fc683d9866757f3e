import psycopg
import pytest

from projections.rebuild import drop_past, past_tables
from tests.projections.toy import BOXES, LOG, box_log, boxes, cells
from tests.projections.toy_log import Log, running, until


def test_a_read_model_of_the_past_stands_beside_the_present_one(log: Log) -> None:
    one = log.box("one")
    middle = log.label(one, "uno")
    log.label(one, "ein")
    log.box("two")
    with running(log):
        until(log.caught_up)
        built = log.rebuilder().build_past([boxes(), box_log()], middle)
        assert (middle, [f"boxes__until_{middle}", f"box_log__until_{middle}"]) == built
        assert [row.label for row in BOXES.all_rows(log.connection, f"boxes__until_{middle}")] == ["uno"]
        assert {"ein", "two"} == {row.label for row in BOXES.all_rows(log.connection)}


def test_a_moment_is_the_last_position_recorded_until_then(log: Log) -> None:
    log.box("one")
    second = log.box("two")
    log.box("three")
    recorded = log.connection.execute("select recorded_at from events where originator_id = %s", (second,)).fetchone()
    assert recorded
    position, (table,) = log.rebuilder().build_past([boxes()], recorded[0])
    assert position == 2
    assert {"one", "two"} == {row.label for row in BOXES.all_rows(log.connection, table)}


def test_a_position_beyond_the_end_is_the_end(log: Log) -> None:
    log.box()
    assert log.rebuilder().build_past([boxes()], 99) == (1, ["boxes__until_1"])
    assert log.rebuilder().build_past([cells()], 0) == (0, ["cells__until_0"])


def test_built_again_it_is_replaced(log: Log) -> None:
    log.box()
    for _ in range(2):
        log.rebuilder().build_past([boxes()], 1)
    assert past_tables(log.connection) == ["boxes__until_1"]


def test_tables_of_the_past_are_listed_and_dropped_by_name(log: Log) -> None:
    log.box()
    log.rebuilder().build_past([boxes(), box_log()], 1)
    assert past_tables(log.connection) == ["box_log__until_1", "boxes__until_1"]
    assert drop_past(log.connection, "boxes__until_1")
    assert not drop_past(log.connection, "boxes")
    assert not drop_past(log.connection, "boxes__until_1")
    assert past_tables(log.connection) == ["box_log__until_1"]
    with pytest.raises(psycopg.errors.UndefinedTable):
        BOXES.all_rows(log.connection, "boxes__until_1")
    assert LOG.all_rows(log.connection) == []


def test_a_rebuild_leaves_tables_of_the_past_alone(log: Log) -> None:
    log.box()
    log.rebuilder().build_past([boxes()], 1)
    log.rebuilder().rebuild([boxes()])
    assert past_tables(log.connection) == ["boxes__until_1"]
