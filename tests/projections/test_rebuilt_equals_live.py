"""A rebuilt read model equals the live one, row by row, for every registered projection on any history (OPS-2)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from projections import positions
from projections.live import LiveWorker
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from readmodels.search_text import normal
from readmodels.words.registry import GLOSSARY
from services.bootstrap import Denta
from tests.conftest import Databases
from tests.depth import examples
from tests.projections import histories
from tests.projections.comparing import live_and_rebuilt_differ
from tests.projections.folding import fold_all
from tests.projections.histories import STEPS, History, Step, run_until_everything_happened


@contextmanager
def clinic(databases: Databases, prepared_database: str) -> Iterator[tuple[Denta, Connection[Any]]]:
    url = databases.make(prepared_database)
    denta = Denta.open(url)
    try:
        with denta.database.connect() as connection:
            yield denta, connection
    finally:
        denta.close()
        databases.drop(url)


def differences(denta: Denta, connection: Connection[Any], processes: int = 1) -> list[str]:
    rebuilder = Rebuilder(denta.database.connect, PROJECTIONS, denta.decoders, processes=processes)
    return live_and_rebuilt_differ(rebuilder, connection, *PROJECTIONS)


def topics_of(connection: Connection[Any]) -> set[str]:
    return {topic for (topic,) in connection.execute("SELECT DISTINCT topic FROM events").fetchall()}


@pytest.mark.spec("OPS-2")
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories.histories(), sizes=st.lists(st.integers(1, 12), max_size=20))
def test_rebuilt_equals_live_on_any_history_in_any_batches(
    databases: Databases, prepared_database: str, steps: list[Step], sizes: Sequence[int]
) -> None:
    with clinic(databases, prepared_database) as (denta, connection):
        History(denta.clinic).run(steps)
        head = fold_all(connection, denta.decoders, sizes=sizes)
        connection.execute("UPDATE projections SET position = %s", (head,))

        assert differences(denta, connection) == []


@pytest.mark.spec("OPS-2")
def test_rebuilt_equals_what_a_worker_folded_while_it_happened(databases: Databases, prepared_database: str) -> None:
    with clinic(databases, prepared_database) as (denta, connection):
        stop = Event()
        worker = Thread(target=LiveWorker(denta.database.connect, PROJECTIONS, denta.decoders).run, args=(stop,))
        worker.start()
        try:
            history = History(denta.clinic)
            run_until_everything_happened(history, lambda: topics_of(connection))
            head = positions.head(connection)
            while min(now.position for now in positions.read(connection).values()) < head:
                assert worker.is_alive()
                failed = connection.execute(
                    "SELECT name, failed_topic, error FROM projections WHERE status = 'failed'"
                ).fetchall()
                assert failed == []
                stop.wait(0.02)
        finally:
            stop.set()
            worker.join()

        assert differences(denta, connection) == []
        assert differences(denta, connection, processes=2) == []
        summaries = connection.execute("SELECT DISTINCT summary FROM journal").fetchall()
        words = {word.strip(":,«»") for (summary,) in summaries for word in normal(summary).split()}
        assert {word for word in words if word.isalpha() and not GLOSSARY.in_sentences(word)} == set()
        assert len(history.refused) < 2 * history.accepted, "a good part of the steps should be accepted"
        for table in (table for projection in PROJECTIONS for table in projection.tables):
            assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() != (0,), table.name


def test_histories_know_every_command() -> None:
    names = {"change_card": {"change_employee", "change_patient"}, "create_card": {"create_patient"}, "open_clinic": set()}
    known = histories.all_commands()
    assert len(known) >= 25
    for command in known:
        name = command.rpartition(".")[2]
        assert names.get(name, {name}) <= STEPS.keys(), command


def test_a_fold_that_forgets_an_event_is_found(databases: Databases, prepared_database: str) -> None:
    """The comparison notices a row that differs: here one that somebody changed behind the projection's back."""
    with clinic(databases, prepared_database) as (denta, connection):
        History(denta.clinic).run([("create_patient", 1)])
        head = fold_all(connection, denta.decoders)
        connection.execute("UPDATE projections SET position = %s", (head,))
        connection.execute("UPDATE employees SET position = 'другая'")

        assert [line.partition(":")[0] for line in differences(denta, connection)] == ["employees"]
