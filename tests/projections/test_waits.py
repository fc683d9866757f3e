import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from projections.waits import PositionWatch
from tests.projections.toy_log import Log, running, until


@pytest.fixture
def watch(log: Log) -> Iterator[PositionWatch]:
    made = PositionWatch(log.connect).start()
    yield made
    made.close()


@pytest.mark.spec("OPS-4")
def test_after_a_wait_the_rows_are_there(log: Log, watch: PositionWatch) -> None:
    with running(log), log.connect() as reading:
        for _ in range(40):
            box = log.box()
            assert watch.wait(["boxes", "cells", "box_log"], log.head(), 10)
            assert reading.execute("select from boxes where box_id = %s", (box,)).fetchone() is not None


def test_a_wait_is_bounded(log: Log, watch: PositionWatch) -> None:
    began = time.monotonic()
    assert not watch.wait(["boxes"], 5, 0.2)
    assert time.monotonic() - began >= 0.2


def test_a_read_model_that_nobody_knows_is_waited_for_in_vain(log: Log, watch: PositionWatch) -> None:
    assert not watch.wait(["nonsense"], 0, 0.05)


def test_what_was_reached_costs_no_waiting(log: Log, watch: PositionWatch) -> None:
    with running(log):
        log.box()
        assert watch.wait(["boxes"], 1, 10)
    assert watch.reached(["boxes"], 1)
    assert watch.wait(["boxes"], 1, 0)


def test_many_threads_wait_at_once(log: Log, watch: PositionWatch) -> None:
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.append(watch.wait(["boxes"], 10, 20))) for _ in range(20)]
    for thread in threads:
        thread.start()
    with running(log):
        for _ in range(10):
            log.box()
        for thread in threads:
            thread.join()
    assert answers == [True] * 20


def test_tasks_wait_without_blocking_the_loop(log: Log, watch: PositionWatch) -> None:
    async def scene() -> tuple[list[bool], bool]:
        waiting = [asyncio.create_task(watch.wait_async(["boxes", "box_log"], 1, 20)) for _ in range(5)]
        in_vain = asyncio.create_task(watch.wait_async(["boxes"], 1_000_000, 0.1))
        await asyncio.to_thread(log.box)
        return list(await asyncio.gather(*waiting)), await in_vain

    with running(log):
        assert asyncio.run(scene()) == ([True] * 5, False)


def test_a_notice_lost_with_the_connection_is_made_up_for(log: Log, watch: PositionWatch) -> None:
    """The watch's connection is cut, the position moves unheard: the table is read after reconnecting."""
    until(lambda: watch.reached(["boxes"], 0))
    log.connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    log.connection.execute("update projections set position = 7 where name = 'boxes'")
    assert watch.wait(["boxes"], 7, 10)


def test_a_waiter_leaves_nothing_behind(log: Log, watch: PositionWatch) -> None:
    watch.wait(["boxes"], 9, 0.01)
    assert not watch._waiters
