"""Followers of the log: each event at least once and in order, by one leader, stopped by none but their own faults."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.errors import UndefinedTable

from aggregates.catalogues import Source
from commands import catalogue
from commands.context import Context
from commands.ports.outside import EventRefused, OutsideAway
from projections import positions
from services.background import runners
from services.background import status as standing
from services.background.declaration import Delivery, Follower, Job
from services.bootstrap import Denta
from tests.gateways.stalling_line import ANSWER, REQUEST, StallingLine
from tests.projections.toy import ALL, Box
from tests.projections.toy_log import Log, until
from tests.services.following import Outside, boxes, position, status, toy_denta, working

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "SHORTEST_PAUSE", 0.01)
    monkeypatch.setattr(runners, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(runners, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(runners, "BREATH_SECONDS", 0.01)


@pytest.fixture
def log(database_url: str) -> Iterator[Log]:
    made = Log(database_url)
    yield made
    made.connection.close()


@pytest.fixture
def denta(log: Log) -> Iterator[Denta]:
    made = toy_denta(log.url)
    yield made
    made.close()


@pytest.fixture
def outside() -> Outside:
    return Outside()


def follower(outside: Outside, **options: Any) -> Follower:
    return Follower(**{"name": "toy", "events": (Box.Made,), "handle": outside.handle, "begins": "first", **options})


def test_its_kinds_of_events_come_in_order_and_the_position_passes_over_the_others(
    log: Log, denta: Denta, outside: Outside
) -> None:
    log.many(30)
    with working(denta, follower(outside, batch=7)):
        until(lambda: position(denta, "toy") == log.head())
        assert outside.came == list(range(1, 31))
        assert {len(delivery) for delivery in outside.deliveries} == {7, 2}
        log.box()
        until(lambda: position(denta, "toy") == log.head())
    assert outside.came[-1] == log.head()


def test_a_notice_wakes_it_before_it_looks_again(
    log: Log, denta: Denta, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(denta, follower(outside)) as works:
        until(lambda: position(denta, "toy") == 0)
        monkeypatch.setattr(runners, "LOOK_SECONDS", 30.0)
        time.sleep(0.5)  # the looks that were begun by the shorter one are over
        began = time.monotonic()
        log.box()
        until(lambda: outside.came)
        assert time.monotonic() - began < 5
        works.stopping.set()
        log.box("wakes it, which then stops")


def test_one_that_is_new_to_a_clinic_begins_with_what_comes_from_now_on(log: Log, denta: Denta, outside: Outside) -> None:
    """A clinic of many years isn't sent all its messages when it gets a gateway."""
    boxes(log, ["old", "older"])
    with working(denta, follower(outside, begins="now")):
        until(lambda: position(denta, "toy") == 2)
        log.box("new")
        until(lambda: position(denta, "toy") == 3)
    assert outside.came == [3]


def test_a_rebuild_runs_none(log: Log, denta: Denta, outside: Outside) -> None:
    with working(denta, follower(outside)):
        boxes(log, ["one", "two"])
        until(lambda: position(denta, "toy") == 2)
        log.rebuilder().rebuild(ALL)
        log.box("three")
        until(lambda: position(denta, "toy") == 3)
    assert outside.came == [1, 2, 3]


def test_keys_are_of_the_follower_and_the_events_place_in_the_log(log: Log, denta: Denta, outside: Outside) -> None:
    other = Outside()
    boxes(log, "ab")
    with working(denta, follower(outside), follower(other, name="other")):
        until(lambda: position(denta, "toy") == position(denta, "other") == 2)
    assert len({key for delivery in (*outside.deliveries, *other.deliveries) for _, key in delivery}) == 4


# --- failures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OutsideAway("no"), TimeoutError(), ConnectionResetError()])
def test_while_the_outside_is_away_the_same_events_come_again_for_as_long_as_it_takes(
    log: Log, denta: Denta, outside: Outside, error: Exception
) -> None:
    def away(_: Delivery) -> None:
        raise error

    outside.fails = away
    boxes(log, ["a", "b"])
    with working(denta, follower(outside)):
        until(lambda: len(outside.deliveries) > 2 * runners.ATTEMPTS)
        log.box("c")
        until(lambda: status(denta, "toy") == "waiting")
        state = denta.background_work.state("toy")
        assert state
        assert (state.position, state.failed_position, state.failed_topic) == (0, 1, "box.made.1")
        assert state.failures == state.attempts > 2
        outside.fails = lambda _: None
        until(lambda: position(denta, "toy") == 3)
        assert status(denta, "toy") == "running"
    first = outside.deliveries[0]
    again = [delivery for delivery in outside.deliveries if delivery[0] == first[0]]
    assert all(delivery == first for delivery in again), "the same batch with the same keys"
    assert outside.came[-1] == 3


def test_pauses_grow_to_a_limit_and_differ() -> None:
    pauses = [[runners.pause_before(attempt, 1, 60) for attempt in (1, 3, 7, 5000)] for _ in range(50)]
    for column, most in zip(zip(*pauses, strict=True), (1, 4, 60, 60), strict=True):
        assert most / 2 <= min(column) < max(column) <= most


def test_an_event_that_cant_be_handled_stops_it_alone_before_that_event(log: Log, denta: Denta, outside: Outside) -> None:
    other = Outside()

    def refuse(delivery: Delivery) -> None:
        if any(one.envelope.position == 3 for one in delivery.events):
            raise ValueError("bad label 'Иванова' of 2 boxes")

    outside.fails = refuse
    boxes(log, "abcde")
    with working(denta, follower(outside), follower(other, name="other")):
        until(lambda: status(denta, "toy") == "stopped")
        until(lambda: position(denta, "other") == 5)
        log.box("f")
        until(lambda: position(denta, "other") == 6)
        state = denta.background_work.state("toy")
        assert state
        assert (state.position, state.failed_position, state.failed_topic) == (2, 3, "box.made.1")
        assert state.attempts == runners.ATTEMPTS
        assert "ValueError" in str(state.error)
        assert "Иванова" not in str(state.error)
        assert state.failed_event
        assert state.failed_event.endswith("/1")
    handled = outside.came
    assert outside.came.count(3) == 1 + runners.ATTEMPTS
    with working(denta, follower(outside)):
        until(lambda: (found := denta.background_work.state("toy")) and found.epoch == 2)
        time.sleep(0.3)
        assert outside.came == handled, "a restart is no reason to try it again"


def test_the_outside_names_the_event_that_it_refuses(log: Log, denta: Denta, outside: Outside) -> None:
    """What comes before it then isn't handed over one by one."""

    def refuse(delivery: Delivery) -> None:
        if any(one.envelope.position == 40 for one in delivery.events):
            raise EventRefused(40, "too large")

    outside.fails = refuse
    boxes(log, ["a"] * 50)
    with working(denta, follower(outside)):
        until(lambda: status(denta, "toy") == "stopped")
    assert [len(delivery) for delivery in outside.deliveries] == [50, 39, *[1] * runners.ATTEMPTS]
    assert denta.background_work.state("toy").error == "too large"  # type: ignore[union-attr]


def test_after_the_fault_is_mended_it_is_tried_again_at_once(log: Log, denta: Denta, outside: Outside) -> None:
    def refuse(_: Delivery) -> None:
        raise ValueError

    outside.fails = refuse
    boxes(log, ["a"])
    with working(denta, follower(outside)):
        until(lambda: status(denta, "toy") == "stopped")
        outside.fails = lambda _: None
        assert denta.background_work.retry("toy")
        until(lambda: position(denta, "toy") == 1)
    assert not denta.background_work.retry("toy")


def test_an_event_is_left_out_by_somebody_and_that_is_recorded(log: Log, denta: Denta, outside: Outside) -> None:
    def refuse(delivery: Delivery) -> None:
        if any(one.envelope.position == 2 for one in delivery.events):
            raise ValueError

    outside.fails = refuse
    boxes(log, "abc")
    with working(denta, follower(outside)):
        assert denta.background_work.skip("toy", "nobody@host") is None
        until(lambda: status(denta, "toy") == "stopped")
        skipped = denta.background_work.skip("toy", "ivan@host")
        until(lambda: position(denta, "toy") == 3)
    assert skipped
    assert (skipped.position, skipped.topic, skipped.skipped_by) == (2, "box.made.1", "ivan@host")
    assert denta.background_work.skipped() == [skipped]
    assert outside.came.count(2) == 1 + runners.ATTEMPTS
    assert outside.came[-1] == 3


def test_rewound_it_does_all_after_a_position_again_whatever_its_leader_has_in_hand(
    log: Log, denta: Denta, outside: Outside
) -> None:
    def rewind(_: Delivery) -> None:
        if outside.came == [1, 2, 3]:
            assert not denta.background_work.rewind("toy", 3)
        elif outside.came == [1, 2, 3, 4]:
            assert denta.background_work.rewind("toy", 1)

    outside.fails = rewind
    boxes(log, "abc")
    with working(denta, follower(outside)):
        until(lambda: position(denta, "toy") == 3)
        log.box("d")
        until(lambda: position(denta, "toy") == 4)
    assert outside.came == [1, 2, 3, 4, 2, 3, 4]


def test_what_newer_code_wrote_is_left_to_a_newer_program(log: Log, denta: Denta, outside: Outside) -> None:
    boxes(log, ["a"])
    strange = log.strange("box.painted.1")
    with working(denta, follower(outside)):
        until(lambda: status(denta, "toy") == "outdated")
        until(lambda: not positions.locked(log.connection, runners.WORK_LOCK, ["toy"]))
    denta.decoders = {**denta.decoders, "box.painted.1": denta.decoders["box.thrown.1"]}
    log.connection.execute("alter table events disable trigger user")
    with working(denta, follower(outside)):
        until(lambda: status(denta, "toy") == "stopped")  # the test's event isn't one that can be decoded
        assert denta.background_work.state("toy").failed_position == strange  # type: ignore[union-attr]


def test_what_cant_be_read_of_another_kind_is_none_of_its_business(log: Log, denta: Denta, outside: Outside) -> None:
    """Of which kind an event under an old topic is today shows only when it is read."""

    def unreadable(_: bytes) -> Any:
        raise ValueError

    denta.decoders = {**denta.decoders, "crate.made.1": unreadable, "box.packed.1": unreadable}
    log.strange("crate.made.1")
    boxes(log, ["a"])
    packed = log.strange("box.packed.1")
    with working(denta, follower(outside)):
        until(lambda: status(denta, "toy") == "stopped")
        assert denta.background_work.state("toy").failed_position == packed  # type: ignore[union-attr]
    assert outside.came == [2]


def test_a_command_given_because_of_an_event_is_carried_out_once_however_often_the_event_comes(
    log: Log, denta: Denta, outside: Outside
) -> None:
    def give(delivery: Delivery) -> None:
        for one in delivery.events:
            ctx = Context(now=denta.clock(), command="create_entry", command_id=one.key)
            catalogue.create_entry(denta.clinic, ctx, Source, {"name": f"Источник {one.envelope.position}"})
        if len(outside.deliveries) < 3:
            raise OutsideAway

    outside.fails = give
    boxes(log, "abc")
    with working(denta, follower(outside)):
        until(lambda: (position(denta, "toy") or 0) >= 3)
    assert len(outside.deliveries) == 3
    found = log.connection.execute("select count(*) from events where topic = %s", (Source.Created.TOPIC,)).fetchone()
    assert found == (3,)


# --- effects in our database -----------------------------------------------------------------------------------------------


def test_what_is_done_inside_is_one_with_the_position(log: Log, denta: Denta, outside: Outside) -> None:
    """So a crash between the two, or a failure in the middle, leaves neither."""
    log.connection.execute("create table effects (position bigint primary key)")

    def write(delivery: Delivery) -> None:
        assert delivery.connection
        for one in delivery.events:
            delivery.connection.execute("insert into effects values (%s)", (one.envelope.position,))
        with denta.database.connection() as same:
            assert same is delivery.connection
        if len(outside.deliveries) < 3:
            raise OutsideAway

    outside.fails = write
    boxes(log, "abc")
    with working(denta, follower(outside, acts="inside")):
        until(lambda: position(denta, "toy") == 3)
    assert log.connection.execute("select count(*) from effects").fetchone() == (3,)
    assert len(outside.deliveries) == 3


def test_a_statement_that_the_database_refuses_is_the_events_fault(log: Log, denta: Denta, outside: Outside) -> None:
    def write(delivery: Delivery) -> None:
        raise UndefinedTable

    outside.fails = write
    boxes(log, ["a"])
    with working(denta, follower(outside, acts="inside")):
        until(lambda: status(denta, "toy") == "stopped")
    assert position(denta, "toy") == 0


# --- leading -----------------------------------------------------------------------------------------------------------------


class Process:
    """One that follows, in a process of its own."""

    def __init__(self, url: str, pause: float) -> None:
        command = [sys.executable, "-m", "tests.services.follower_process", url, str(pause)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def line(self) -> tuple[int, str]:
        assert self.process.stdout
        number, key = self.process.stdout.readline().split()
        return int(number), key

    def kill(self) -> list[tuple[int, str]]:
        """What else it wrote before."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        with self.process.stdout as rest:
            return [(int(line.split()[0]), line.split()[1]) for line in rest]


def test_another_process_goes_on_where_one_was_killed(log: Log, denta: Denta) -> None:
    """What the first one had in hand comes again, with the same keys; nothing is missing, nothing out of order."""
    log.many(40, each=1)
    first = Process(log.url, 0.05)
    try:
        came = [first.line()]
        second = Process(log.url, 0.0)
        try:
            until(lambda: (position(denta, "writer") or 0) >= 6)
            came += first.kill()
            killed = time.monotonic()
            then = [second.line()]
            assert time.monotonic() - killed < 5
            until(lambda: position(denta, "writer") == log.head())
        finally:
            then += second.kill()
    finally:
        first.process.kill()
    last, again = came[-1][0], {number for number, _ in came} & {number for number, _ in then}
    assert [number for number, _ in came] == list(range(1, last + 1))
    assert [number for number, _ in then] == list(range(then[0][0], 41))
    assert then[0][0] <= last + 1
    assert len(again) <= 3, "a delivery at most"
    assert {key for number, key in came if number in again} == {key for number, key in then if number in again}


@pytest.mark.spec("OPS-6")
def test_another_takes_over_from_a_leader_whose_line_is_dead(
    log: Log, denta: Denta, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine may be gone or it may just hang; what it does afterwards it can't record."""
    monkeypatch.setattr(positions, "SILENT_SECONDS", 0.6)
    there = Outside()
    with StallingLine(log.url) as line:
        far = toy_denta(line.url)
        with working(far, follower(there)):
            boxes(log, ["a"])
            until(lambda: position(denta, "toy") == 1)
            line.stall(REQUEST, ANSWER)
            with working(denta, follower(outside)):
                boxes(log, ["b"])
                until(lambda: position(denta, "toy") == 2)
                assert outside.came == [2]
                line.stall()
        far.close()


def test_a_leader_that_was_overtaken_while_it_was_busy_records_nothing(log: Log, denta: Denta, outside: Outside) -> None:
    def overtaken(_: Delivery) -> None:
        if len(outside.deliveries) == 1:
            denta.background_work.take_lead("toy")
            denta.background_work.advance("toy", 2, 0, events=0)

    outside.fails = overtaken
    boxes(log, ["a"])
    with working(denta, follower(outside)):
        until(lambda: position(denta, "toy") == 1)
    assert outside.came == [1, 1]


def test_an_outage_of_the_database_is_waited_out(log: Log, denta: Denta, outside: Outside) -> None:
    boxes(log, ["a"])
    with working(denta, follower(outside)):
        until(lambda: position(denta, "toy") == 1)
        log.connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        boxes(log, ["b"])
        until(lambda: position(denta, "toy") == 2)
    assert sorted(set(outside.came)) == [1, 2]


# --- jobs and status ---------------------------------------------------------------------------------------------------------


def test_a_job_comes_round_in_one_process_and_goes_on_while_there_is_something_to_do(denta: Denta) -> None:
    left = [3, 2, 1, 0]
    runs: list[int] = []

    def run(_: Denta, __: object) -> int:
        runs.append(left.pop(0) if left else 0)
        return runs[-1]

    job = Job("chore", 3600, run)
    with working(denta, job), working(denta, job):
        until(lambda: len(runs) == 4)
        time.sleep(0.3)
        assert runs == [3, 2, 1, 0]
        state = denta.background_work.state("chore")
        assert state
        assert (state.status, state.events) == ("running", 6)


def test_a_job_that_fails_says_so_and_comes_round_again(denta: Denta) -> None:
    attempts: list[int] = []

    def run(_: Denta, __: object) -> int:
        attempts.append(1)
        if len(attempts) < 3:
            raise ValueError("of 'Иванова'")
        return 0

    with working(denta, Job("chore", 0.1, run)):
        until(lambda: attempts)
        until(lambda: status(denta, "chore") == "retrying" or len(attempts) > 2)
        until(lambda: status(denta, "chore") == "running")
    state = denta.background_work.state("chore")
    assert state
    assert (state.failures, state.error) == (2, None)


def test_a_job_that_failed_is_tried_again_when_an_operator_says_so(denta: Denta) -> None:
    runs: list[int] = []

    def run(_: Denta, __: object) -> int:
        runs.append(1)
        if len(runs) == 1:
            raise OutsideAway
        return 0

    with working(denta, Job("chore", 3600, run)):
        until(lambda: status(denta, "chore") == "waiting")
        assert denta.background_work.retry("chore")
        until(lambda: len(runs) == 2)
        assert status(denta, "chore") == "running"


def test_status_shows_what_runs_and_how_far_behind_it_is(log: Log, denta: Denta, outside: Outside) -> None:
    off = follower(outside, name="off", enabled=lambda _: False)
    works = (follower(outside), off)

    def read() -> dict[str, standing.WorkReport]:
        return {one.name: one for one in standing.read(denta, log.connection, works)}

    assert {name: one.condition for name, one in read().items()} == {"toy": "new", "off": "disabled"}
    with working(denta, *works):
        boxes(log, ["a"])
        until(lambda: position(denta, "toy") == 1)
        assert (read()["toy"].condition, read()["toy"].lag, read()["off"].condition) == ("running", 0, "disabled")
    boxes(log, ["b", "c"])
    assert (read()["toy"].condition, read()["toy"].lag) == ("not_led", 2)
    assert read()["toy"].lag_seconds > 0
