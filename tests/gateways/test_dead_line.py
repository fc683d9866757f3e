"""A line to the database that dies without a word: nobody waits for as long as it is dead, and what is slow may be slow."""

from collections.abc import Iterator
from time import monotonic
from uuid import uuid4

import psycopg
import pytest

from commands.ports.database import DatabaseUnavailable
from gateways import database as databases
from gateways.database import LIVELINESS, Database
from gateways.event_recorder import PostgresRecorder
from tests.gateways.stalling_line import ANSWER, REQUEST, StallingLine
from tests.gateways.test_event_store import stored


@pytest.fixture
def line(module_database_url: str) -> Iterator[StallingLine]:
    with StallingLine(module_database_url) as made:
        yield made


@pytest.fixture
def over_the_line(line: StallingLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(databases, "AGAIN_SECONDS", 0.1)
    made = Database(line.url, silent_seconds=0.3)
    with made.connection() as one:
        one.execute("SELECT 1")
    yield made
    made.close()


@pytest.mark.spec("OPS-6")
@pytest.mark.parametrize("directions", [(REQUEST,), (ANSWER,), (REQUEST, ANSWER)], ids=" and ".join)
@pytest.mark.parametrize("only_old", [False, True], ids=["all", "those that were there"])
def test_a_query_over_a_dead_line_is_refused_within_seconds_and_the_next_one_answered(
    line: StallingLine, over_the_line: Database, directions: tuple[str, ...], only_old: bool
) -> None:
    line.stall(*directions, only_old=only_old)
    began = monotonic()
    with pytest.raises(DatabaseUnavailable), over_the_line.connection() as connection:
        connection.execute("SELECT 1")
    assert monotonic() - began < databases.CONNECT_SECONDS + 3
    line.stall()
    with over_the_line.connection() as connection:
        assert connection.execute("SELECT 2").fetchone() == (2,)


@pytest.mark.spec("OPS-4")
def test_an_append_whose_answer_was_swallowed_is_recorded_once(line: StallingLine, over_the_line: Database) -> None:
    recorder = PostgresRecorder(over_the_line)
    (before,) = recorder.insert_events([stored()], command_id=uuid4())
    line.stall(ANSWER, only_old=True)
    assert list(recorder.insert_events([stored()], command_id=uuid4())) == [before + 1]
    with over_the_line.connection() as connection:
        assert connection.execute("SELECT max(position) FROM events").fetchone() == (before + 1,)


def test_what_takes_long_is_waited_for(over_the_line: Database) -> None:
    with over_the_line.connection() as connection:
        assert connection.execute("SELECT 'slow' FROM pg_sleep(1.2)").fetchone() == ("slow",)


def test_what_cannot_be_asked_for_want_of_connections_is_waited_for(
    over_the_line: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise psycopg.errors.TooManyConnections

    monkeypatch.setattr(databases.Probe, "connect", full)
    with over_the_line.connection() as connection:
        assert connection.execute("SELECT 'slow' FROM pg_sleep(0.8)").fetchone() == ("slow",)


def test_both_kernels_give_up_a_dead_peer_within_seconds(line: StallingLine) -> None:
    database = Database(line.url)
    with database.connection() as connection:
        names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "client_connection_check_interval")
        found = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in names}
        ours = connection.info.get_parameters()
    # the server's end of this line is a unix socket, which has no such times of its own
    assert found["client_connection_check_interval"] == ("2s",)
    assert {name: ours[name] for name in LIVELINESS if name != "keepalives"} == {
        name: str(value) for name, value in LIVELINESS.items() if name != "keepalives"
    }
    assert "tcp_user_timeout" in databases.SETTINGS
    database.close()
    chosen = Database(f"{line.url} keepalives_idle=60")
    assert "keepalives_idle=60" in chosen.conninfo
    assert "keepalives_idle=2" not in chosen.conninfo
