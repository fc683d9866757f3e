"""What each fault of the database means to its caller: refused, tried once more, or not here now."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from commands.ports.database import DatabaseBusy, DatabaseFull, DatabaseUnavailable
from gateways.database import Database
from gateways.event_recorder import AppendFailedError, PostgresRecorder
from gateways.event_schema import NOT_OF_ONE
from readmodels.sqlstate import CLASSES, STATES, sqlstate_of, verdict

TROUBLE = """
CREATE SEQUENCE attempts;
CREATE TABLE trouble (state text, times integer);
CREATE FUNCTION make_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted trouble;
BEGIN
  SELECT * INTO wanted FROM trouble;
  IF nextval('attempts') <= wanted.times THEN
    RAISE EXCEPTION USING ERRCODE = wanted.state, MESSAGE = 'Иванова Мария';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER trouble BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION make_trouble()
"""


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    made = Database(module_database_url)
    with made.connection() as connection:
        connection.execute(TROUBLE)
    yield made
    made.close()


def meet(database: Database, state: str, times: int) -> None:
    """The next attempts to write an event end so."""
    with database.connection() as connection:
        connection.execute("DELETE FROM trouble")
        connection.execute("INSERT INTO trouble VALUES (%s, %s)", (state, times))
        connection.execute("SELECT setval('attempts', 1, false)")


def attempts(database: Database) -> int:
    with database.connection() as connection:
        row = connection.execute("SELECT last_value FROM attempts").fetchone()
    assert row is not None
    return int(row[0])


def append(database: Database) -> range:
    event = StoredEvent(uuid4(), 1, "note.written.1", b"{}")
    positions = PostgresRecorder(database).insert_events([event], command_id=uuid4())
    assert isinstance(positions, range)
    return positions


def test_every_class_that_the_driver_knows_is_decided() -> None:
    known = {code[:2] for code in psycopg.errors._sqlcodes if len(code) == 5 and (code[0].isdigit() or code[:2] in CLASSES)}
    assert known - set(CLASSES) == set()
    assert {"40", "53", "55", "57"} <= known
    assert {state for state in STATES if STATES[state] == CLASSES[state[:2]]} == set(), "says nothing that its class doesn't"


def test_an_append_leaves_to_its_caller_what_is_not_of_one_save_alone() -> None:
    """The function in the database names conditions, the table states: of both the same are more than a `fault`."""
    conditions = {getattr(psycopg.errors, name.title().replace("_", "")).sqlstate for name in NOT_OF_ONE.split(" OR ")}
    left = {code for code in psycopg.errors._sqlcodes if code in conditions or f"{code[:2]}000" in conditions}
    of_the_session = {"08", "28", "3D", "72", "F0"}
    ends_the_session = {"25P03", "25P04"}
    known = {code for code in psycopg.errors._sqlcodes if len(code) == 5 and verdict(code) != "fault"}
    assert left - known == {"40002"}, "nobody defers a constraint"
    assert {code for code in known - left if code[:2] not in of_the_session} == ends_the_session


@pytest.mark.parametrize("state", ["40001", "40P01", "57P01", "25006"])
def test_what_another_attempt_may_bring_is_tried_once_more(database: Database, state: str) -> None:
    meet(database, state, 1)
    assert len(append(database)) == 1
    assert attempts(database) == 2


@pytest.mark.parametrize(
    ("state", "tries", "error"),
    [
        ("40001", 2, DatabaseBusy),
        ("40P01", 2, DatabaseBusy),
        ("55P03", 1, DatabaseBusy),
        ("55006", 1, DatabaseBusy),
        ("57014", 1, DatabaseBusy),
        ("53200", 1, DatabaseBusy),
        ("53300", 1, DatabaseBusy),
        ("53100", 1, DatabaseFull),
        ("57P01", 2, DatabaseUnavailable),
        ("58030", 2, DatabaseUnavailable),
        ("25006", 2, DatabaseUnavailable),
        ("54000", 1, AppendFailedError),
        ("23514", 1, AppendFailedError),
        ("XX000", 1, AppendFailedError),
    ],
)
def test_what_does_not_pass_is_reported_as_what_it_is(
    database: Database, state: str, tries: int, error: type[DatabaseUnavailable | AppendFailedError]
) -> None:
    """Over HTTP the first kinds are 503 with Retry-After, the last 500."""
    meet(database, state, 100)
    with pytest.raises(error) as fault:
        append(database)
    assert type(fault.value) is error
    assert (sqlstate_of(fault.value), attempts(database)) == (state, tries)


@pytest.mark.parametrize("state", ["55P03", "40001", "57014", "53300", "23514"])
def test_a_query_is_judged_by_the_same_table(database: Database, state: str) -> None:
    error = psycopg.Error if verdict(state) == "fault" else DatabaseBusy
    with pytest.raises(error) as fault, database.connection() as connection:
        connection.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")
    assert sqlstate_of(fault.value) == state


def test_many_that_share_a_commit_wait_for_a_lock_once(database: Database) -> None:
    """Each of them waiting for itself would hold the write lock for as many time-outs."""
    meet(database, "55P03", 100)
    appends = [([StoredEvent(uuid4(), 1, "note.written.1", b"{}")], {"command_id": uuid4()}) for _ in range(5)]
    with pytest.raises(DatabaseBusy):
        PostgresRecorder(database).insert_each(appends)
    assert attempts(database) == 1
