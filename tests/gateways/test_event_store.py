"""The log in PostgreSQL: gapless order, lost connections, outages, large saves."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from aggregates.kernel import Aggregate, Event, applies
from aggregates.scheduling.visit import VISIT_NUMBERS
from commands.context import Context
from commands.ports.database import DatabaseUnavailable
from gateways import event_schema
from gateways.database import Database
from gateways.event_mapper import decoders
from gateways.event_recorder import CommandRepeatedError, PostgresRecorder, RefusedError
from gateways.event_store import PostgresClinic
from gateways.guards.registry import GUARDS
from services.bootstrap import Denta, prepare_schema
from tests.gateways.lossy_connection import LossyConnection

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Note(Aggregate):
    TOPIC = "note"
    text: str
    price: Decimal

    class Written(Event, frozen=True):
        TOPIC: ClassVar[str] = "note.written.1"
        text: str
        price: Decimal
        on: datetime

    def write(self, text: str) -> None:
        self.trigger(self.Written, text=text, price=Decimal("10.50"), on=datetime(2026, 11, 23, 13, 0), at=NOW)  # noqa: DTZ001

    @applies(Written)
    def _written(self, event: Written) -> None:
        self.text = event.text
        self.price = event.price


def stored(text: str = "text", *, id_: UUID | None = None, version: int = 1) -> StoredEvent:
    return StoredEvent(id_ or uuid4(), version, "note.written.1", msgspec.json.encode({"text": text}))


def positions_after(database: Database, position: int) -> list[int]:
    """What a follower of the log finds that has come as far as `position`."""
    with database.connection() as connection:
        rows = connection.execute("SELECT position FROM events WHERE position > %s ORDER BY position", (position,)).fetchall()
    return [found for (found,) in rows]


def context(command_id: UUID | None = None) -> Context:
    return Context(now=NOW, command="write", command_id=command_id, address="192.0.2.1", correlation_id="c-1")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def recorder(database: Database) -> PostgresRecorder:
    return PostgresRecorder(database)


@pytest.fixture
def clinic(database: Database) -> PostgresClinic:
    return PostgresClinic(database, decoders([Note]))


def note(clinic: PostgresClinic, text: str = "text", command_id: UUID | None = None) -> tuple[UUID, int]:
    """Write a note: its id and position."""
    written = Note(uuid4())
    written.write(text)
    receipt = clinic.save(written, ctx=context(command_id))
    return receipt.id, receipt.position


class TestOrder:
    def test_eight_writers_and_a_follower_meet_no_gap(self, database_url: str, database: Database) -> None:
        each, writers = 25, 8
        seen: list[int] = []

        def follow() -> bool:
            seen.extend(positions_after(database, max(seen, default=0)))
            return len(seen) == writers * each

        def write() -> list[int]:
            own = Database(database_url)  # a connection of its own, as other processes have
            try:
                return [PostgresRecorder(own).insert_events([stored()], command_id=uuid4())[0] for _ in range(each)]
            finally:
                own.close()

        with ThreadPoolExecutor(writers) as pool:
            answered = [pool.submit(write) for _ in range(writers)]
            until(follow, seconds=60)
        assert seen == list(range(1, writers * each + 1))
        assert sorted(position for positions in answered for position in positions.result()) == seen

    @pytest.mark.parametrize(
        ("taken_out", "seen", "second"),
        [
            pytest.param({}, [1, 2], 2, id="as it is built"),
            pytest.param({"lock": "", "position": "nextval('positions')"}, [2], 2, id="numbers by a sequence, no lock"),
            pytest.param({"lock": ""}, [1], None, id="no lock"),
        ],
    )
    def test_an_append_that_is_still_open_is_never_overtaken(
        self, database_url: str, taken_out: dict[str, str], seen: list[int], second: int | None
    ) -> None:
        """And without the lock it would be: the follower skips position 1 for ever, or the second writer is refused."""
        with psycopg.connect(database_url, autocommit=True) as watch:
            weaken(watch, **taken_out)
            assert followed_past_an_open_append(database_url, watch) == (seen, second)

    def test_appends_that_share_a_commit_keep_their_own_outcomes(self, database_url: str, recorder: PostgresRecorder) -> None:
        taken = stored()
        recorder.insert_events([taken], command_id=uuid4())
        repeated = uuid4()
        recorder.insert_events([stored()], command_id=repeated)

        def write(event: StoredEvent, command_id: UUID) -> int | str:
            try:
                return recorder.insert_events([event], command_id=command_id)[0]
            except (IntegrityError, CommandRepeatedError) as refusal:
                return type(refusal).__name__

        saves = [(stored(), uuid4()), (taken, uuid4()), (stored(), repeated), (stored(), uuid4())]
        with psycopg.connect(database_url) as holder, ThreadPoolExecutor(5) as pool:
            holder.execute("SELECT pg_advisory_xact_lock(%s)", (event_schema.WRITE_LOCK,))
            first = pool.submit(write, stored(), uuid4())
            until(lambda: waits_for_the_lock(database_url))
            others = []
            for save in saves:
                others.append(pool.submit(write, *save))
                until(lambda: len(recorder._waiting) == len(others))
            holder.rollback()
            outcomes = [future.result() for future in (first, *others)]
        assert outcomes == [3, 4, "IntegrityError", "CommandRepeatedError", 5]


class TestManyAtOnce:
    """Appends that are recorded by sets where all of them are taken, and one by one where not."""

    @staticmethod
    def batch(*lengths: int) -> list[tuple[list[StoredEvent], dict[str, Any]]]:
        """Appends of so many events each."""
        appends = []
        for number, length in enumerate(lengths):
            id_ = uuid4()
            events = [stored(f"{number}.{version}", id_=id_, version=version) for version in range(1, length + 1)]
            kwargs = {"command_id": uuid4(), "fingerprint": str(number), "answer": {"n": number}, "metadata": {"of": number}}
            appends.append((events, kwargs))
        return appends

    @staticmethod
    def texts(database: Database) -> list[tuple[int, str, int]]:
        """(position, text, append) of all events in order."""
        with database.connection() as connection:
            query = "SELECT position, state->>'text', (metadata->>'of')::int, recorded_at FROM events ORDER BY position"
            rows = connection.execute(query).fetchall()
        moments = [row[3] for row in rows]
        assert moments == sorted(moments)
        return [row[:3] for row in rows]

    def test_their_events_follow_each_other_without_a_gap(self, recorder: PostgresRecorder, database: Database) -> None:
        recorder.insert_events([stored("before")], command_id=uuid4(), metadata={"of": -1})
        appends = self.batch(1, 3, 2)
        assert recorder.insert_each(appends) == [2, 5, 7]
        assert self.texts(database) == [
            (1, "before", -1), (2, "0.1", 0), (3, "1.1", 1), (4, "1.2", 1), (5, "1.3", 1), (6, "2.1", 2), (7, "2.2", 2),
        ]  # fmt: skip
        again = recorder.insert_each(appends)
        firsts = [(one.record.fingerprint, one.record.position) for one in again if isinstance(one, CommandRepeatedError)]
        assert firsts == [("0", 2), ("1", 5), ("2", 7)]
        assert len(self.texts(database)) == 7

    def test_with_one_that_is_not_taken_the_others_are(self, recorder: PostgresRecorder, database: Database) -> None:
        first = self.batch(1, 1)
        recorder.insert_each(first)
        fresh = self.batch(2, 1, 1)
        late = ([first[0][0][0]], {"command_id": uuid4(), "metadata": {"of": 9}})
        found = recorder.insert_each([fresh[0], first[1], fresh[1], late, fresh[2]])
        assert [one if isinstance(one, int) else type(one) for one in found] == [4, CommandRepeatedError, 5, IntegrityError, 6]
        assert [text for _, text, _ in self.texts(database)] == ["0.1", "1.1", "0.1", "0.2", "1.1", "2.1"]

    def test_what_one_relies_on_is_looked_at(self, recorder: PostgresRecorder) -> None:
        known, fresh = self.batch(1), self.batch(1, 1)
        recorder.insert_each(known)
        fresh[0][1]["unchanged"] = [{"id": known[0][0][0].originator_id, "version": 2}]
        found = recorder.insert_each(fresh)
        assert [one if isinstance(one, int) else type(one) for one in found] == [RefusedError, 2]

    def test_what_one_relies_on_is_not_to_be_changed_by_one_before_it_either(self, recorder: PostgresRecorder) -> None:
        known = self.batch(1)
        recorder.insert_each(known)
        stream = known[0][0][0].originator_id
        changing, relying, later = self.batch(1, 1, 1)
        changing[0][0] = stored("again", id_=stream, version=2)
        for _, kwargs in (changing, relying):
            kwargs["unchanged"] = [{"id": stream, "version": 1}]
        assert [one if isinstance(one, int) else type(one) for one in recorder.insert_each([relying, changing])] == [2, 3]
        changing, relying = self.batch(1, 1)
        changing[0][0] = stored("once more", id_=stream, version=3)
        for _, kwargs in (changing, relying):
            kwargs["unchanged"] = [{"id": stream, "version": 2}]
        found = recorder.insert_each([changing, relying, later])
        assert [one if isinstance(one, int) else type(one) for one in found] == [4, RefusedError, 5]

    def test_one_without_events_has_its_command_noted_among_the_others(
        self, recorder: PostgresRecorder, database: Database
    ) -> None:
        appends = self.batch(1, 0, 2)
        recorder.insert_each(appends)
        assert self.texts(database) == [(1, "0.1", 0), (2, "2.1", 2), (3, "2.2", 2)]
        with database.connection() as connection:
            noted = connection.execute("SELECT fingerprint, position FROM commands ORDER BY fingerprint").fetchall()
        assert noted == [("0", 1), ("1", 0), ("2", 3)]

    def test_passwords_are_set_with_the_events_that_they_belong_to(self, recorder: PostgresRecorder, database: Database) -> None:
        accesses, appends = [uuid4(), uuid4()], self.batch(1, 1, 1)
        for access, (_, kwargs) in zip(accesses, appends, strict=False):
            kwargs["passwords"] = [{"id": access, "hash": f"hash of {access}"}]
        recorder.insert_each(appends)
        with database.connection() as connection:
            rows = connection.execute("SELECT access_id, password_hash FROM credentials").fetchall()
        assert dict(rows) == {access: f"hash of {access}" for access in accesses}

    def test_who_listens_is_notified_once_all_can_be_read(self, recorder: PostgresRecorder, database: Database) -> None:
        with database.connect() as listening:
            listening.execute(f"LISTEN {event_schema.CHANNEL}")
            recorder.insert_each(self.batch(1, 2))
            assert len(list(listening.notifies(timeout=10, stop_after=1))) == 1
            assert positions_after(database, 0) == [1, 2, 3]


def weaken(connection: psycopg.Connection[Any], *, lock: str | None = None, position: str | None = None) -> None:
    """Remove the lock, and then the numbering of positions, from the append."""
    connection.execute("CREATE SEQUENCE positions")
    for statement in event_schema.append_functions(GUARDS):
        weak = statement
        for part, instead in (
            (f"PERFORM pg_advisory_xact_lock({event_schema.WRITE_LOCK});", lock),
            ("last_position + json_array_length(item->'events')", position),
            ("last_position + e.ordinality", position and "next_position"),
        ):
            if instead is not None:
                weak = weak.replace(part, instead)
        if weak != statement:
            connection.execute(weak.encode())


def followed_past_an_open_append(url: str, watch: psycopg.Connection[Any]) -> tuple[list[int], int | None]:
    """What a follower sees that reads while an append is open and after; and the second writer's position, if any."""
    first, database = PostgresRecorder(Database(url)), Database(url)
    second = PostgresRecorder(database)
    with ThreadPoolExecutor(1) as pool:
        with first._database.pinned() as connection:
            connection.execute("BEGIN")
            first.insert_events([stored()], command_id=uuid4())
            other = pool.submit(second.insert_events, [stored()], command_id=uuid4())
            until(lambda: other.done() or waits_for_a_lock(watch))
            seen = positions_after(database, 0)
            connection.execute("COMMIT")
        try:
            position = other.result()[0]
        except PersistenceError:
            position = None
    seen += positions_after(database, max(seen, default=0))
    first._database.close()
    database.close()
    return seen, position


def waits_for_a_lock(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    return found is not None and found[0] > 0


def waits_for_the_lock(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return waits_for_a_lock(connection)


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end, pause = monotonic() + seconds, threading.Event()
    while not condition():
        assert monotonic() < end, "the condition never came"
        pause.wait(0.005)


class TestLoss:
    @pytest.fixture
    def lossy(self, database_url: str, tmp_path: Path) -> Iterator[LossyConnection]:
        with LossyConnection(database_url, tmp_path) as connection:
            yield connection

    @pytest.fixture
    def clinic(self, lossy: LossyConnection) -> Iterator[PostgresClinic]:
        database = Database(lossy.url)
        yield PostgresClinic(database, decoders([Note]))
        database.close()

    @pytest.mark.parametrize("cut", ["request", "answer"])
    @pytest.mark.spec("OPS-4")
    def test_a_connection_lost_around_the_commit_loses_and_doubles_nothing(
        self, clinic: PostgresClinic, lossy: LossyConnection, database: Database, cut: str
    ) -> None:
        note(clinic)
        lossy.cut = cut
        id_, position = note(clinic, "second")
        assert (lossy.cuts, position, positions_after(database, 0)) == (1, 2, [1, 2])
        assert clinic.load(Note, id_).text == "second"

    def test_a_command_repeated_after_its_answer_was_lost_gets_it(
        self, clinic: PostgresClinic, lossy: LossyConnection, database: Database
    ) -> None:
        command_id = uuid4()
        id_, position = note(clinic, command_id=command_id)
        first = PostgresClinic(database, decoders([Note])).stored_receipt(context(command_id))
        assert first is not None
        assert (first.id, first.position, first.repeated) == (id_, position, True)

    def test_a_locked_commit_whose_answer_was_lost_counts(self, clinic: PostgresClinic, lossy: LossyConnection) -> None:
        note(clinic)
        with clinic.write_lock():
            id_, position = note(clinic, "locked")
            lossy.cut = "answer"
        assert (lossy.cuts, position) == (1, 2)
        assert clinic.load(Note, id_).text == "locked"

    def test_an_append_within_somebodys_transaction_is_refused(self, clinic: PostgresClinic) -> None:
        """Not even after `write_lock()`, which is the way to have one, was used by the same thread."""
        with clinic.write_lock():
            note(clinic)
        with clinic._database.pinned(), pytest.raises(RuntimeError, match="write_lock"):
            note(clinic)

    def test_a_locked_commit_that_never_arrived_is_reported(
        self, clinic: PostgresClinic, lossy: LossyConnection, database: Database
    ) -> None:
        note(clinic)
        with pytest.raises(DatabaseUnavailable), clinic.write_lock():  # noqa: PT012  the exit is what fails
            note(clinic, "locked")
            lossy.cut = "request"
        assert (lossy.cuts, positions_after(database, 0)) == (1, [1])

    def test_connections_that_the_server_ended_are_noticed_before_use(self, clinic: PostgresClinic, database_url: str) -> None:
        note(clinic)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert clinic.numbers.next(VISIT_NUMBERS) == 1

    def test_an_outage_is_reported_at_once_and_ends_by_itself(
        self, clinic: PostgresClinic, database_url: str, databases: Any
    ) -> None:
        note(clinic)
        name = sql.Identifier(str(conninfo_to_dict(database_url)["dbname"]))
        with psycopg.connect(databases.admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                (conninfo_to_dict(database_url)["dbname"],),
            )
            began = monotonic()
            with pytest.raises(DatabaseUnavailable):
                note(clinic)
            with pytest.raises(DatabaseUnavailable), clinic.write_lock():
                pass
            assert monotonic() - began < 2
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        assert note(clinic)[1] == 2

    def test_a_server_that_is_not_there_is_reported_at_once(self, tmp_path: Path) -> None:
        denta = Denta.open(f"postgresql://nobody@/none?host={tmp_path}")
        with pytest.raises(DatabaseUnavailable) as refusal:
            denta.clinic.numbers.next(VISIT_NUMBERS)
        assert (refusal.value.status, refusal.value.code) == (503, "database_unavailable")


class TestEvents:
    @pytest.mark.parametrize("megabytes", [1, 8])
    def test_large_saves_do_not_hang(self, clinic: PostgresClinic, megabytes: int) -> None:
        text = "ж" * (megabytes * 512 * 1024)
        id_, _ = note(clinic, text)
        assert PostgresClinic(clinic._database, decoders([Note])).load(Note, id_).text == text

    def test_many_events_in_one_save_keep_their_order(self, clinic: PostgresClinic) -> None:
        written = Note(uuid4())
        for number in range(2000):
            written.write(str(number))
        assert clinic.save(written, ctx=context()).position == 2000
        texts = [event.text for event in clinic.read_stream(written.id, 0, None) if isinstance(event, Note.Written)]
        assert texts == [str(number) for number in range(2000)]

    def test_state_and_metadata_are_plain_json(self, clinic: PostgresClinic, database: Database) -> None:
        command_id = uuid4()
        id_, _ = note(clinic, "текст", command_id)
        with database.connection() as connection:
            row = connection.execute("SELECT state, metadata, topic, recorded_at FROM events").fetchone()
        assert row is not None
        assert row[0] == {
            "originator_id": str(id_),
            "originator_version": 1,
            "timestamp": "2026-11-23T10:00:00Z",
            "text": "текст",
            "price": "10.50",
            "on": "2026-11-23T13:00:00",
        }
        assert row[1] == {
            "user_id": None,
            "employee_id": None,
            "address": "192.0.2.1",
            "correlation_id": "c-1",
            "command": "write",
            "command_id": str(command_id),
        }
        assert row[2] == "note.written.1"
        assert abs((datetime.now(UTC) - row[3]).total_seconds()) < 60

    @pytest.mark.spec("SCH-5")
    @pytest.mark.parametrize("statement", ["UPDATE events SET topic = ''", "DELETE FROM events", "TRUNCATE events"])
    def test_recorded_events_are_never_changed(self, clinic: PostgresClinic, database: Database, statement: str) -> None:
        note(clinic)
        with pytest.raises(psycopg.errors.RaiseException), database.connection() as connection:
            connection.execute(statement.encode())

    def test_the_moment_of_recording_never_runs_backwards(self, clinic: PostgresClinic, database: Database) -> None:
        note(clinic)
        with database.connection() as connection:
            connection.execute("ALTER TABLE events DISABLE TRIGGER events_stay")
            connection.execute("UPDATE events SET recorded_at = recorded_at + interval '1 hour'")  # the clock was wrong
        note(clinic)
        with database.connection() as connection:
            moments = [row[0] for row in connection.execute("SELECT recorded_at FROM events ORDER BY position").fetchall()]
        assert moments[0] == moments[1]

    def test_a_fault_of_one_append_is_not_taken_for_a_conflict(self, recorder: PostgresRecorder) -> None:
        with pytest.raises(PersistenceError) as fault:
            recorder.insert_events([StoredEvent(uuid4(), 0, "note.written.1", b"{}")], command_id=uuid4())
        assert not isinstance(fault.value, IntegrityError)


class TestSchema:
    def test_two_can_prepare_the_schema_at_once_and_again(self, empty_database_url: str) -> None:
        with ThreadPoolExecutor(2) as pool:
            for prepared in [pool.submit(prepare_schema, empty_database_url) for _ in range(2)]:
                prepared.result()
        prepare_schema(empty_database_url)
        denta = Denta.open(empty_database_url)
        assert denta.clinic.numbers.next(VISIT_NUMBERS) == 1
        denta.close()
