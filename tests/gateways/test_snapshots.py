"""Snapshots shorten replay and change nothing else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from aggregates.kernel import Aggregate, Event, applies
from aggregates.scheduling.hours import Day, Interval
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.context import Context
from commands.registry import AGGREGATES
from gateways.database import Database
from gateways.event_mapper import decoders
from gateways.event_store import PostgresClinic

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CTX = Context(now=NOW, command="test")


class Counter(Aggregate):
    TOPIC = "counter"
    SNAPSHOT_EVERY: ClassVar[int] = 10
    total: int

    class Counted(Event, frozen=True):
        TOPIC: ClassVar[str] = "counter.counted.1"

    def count(self) -> None:
        self.trigger(self.Counted, at=NOW)

    @applies(Counted)
    def _counted(self, event: Counted) -> None:
        self.total = (self.total if event.originator_version > 1 else 0) + 1


class LaterCounter(Aggregate):
    """The same kind after a change of what it keeps."""

    TOPIC = "counter"
    SNAPSHOT_EVERY: ClassVar[int] = 10
    total: float

    class Counted(Event, frozen=True):
        TOPIC: ClassVar[str] = "counter.counted.1"

    @applies(Counted)
    def _counted(self, event: Counted) -> None:
        self.total = (self.total if event.originator_version > 1 else 0.0) + 0.5


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


class WatchedClinic(PostgresClinic):
    """Notes after which version streams were read."""

    def __init__(self, database: Database, *kinds: type[Aggregate]) -> None:
        super().__init__(database, decoders(kinds))
        self.read_after: list[int] = []

    def read_stream(self, id: UUID, after: int, until: int | None) -> Any:  # noqa: A002
        self.read_after.append(after)
        return super().read_stream(id, after, until)


def counted(database: Database, *saves: int) -> UUID:
    """A counter after saves of so many events each."""
    clinic, counter = PostgresClinic(database, decoders([Counter])), Counter(uuid4())
    for events in saves:
        for _ in range(events):
            counter.count()
        clinic.save(counter, ctx=CTX)
    return counter.id


def test_a_long_stream_is_replayed_from_its_newest_snapshot_only(database: Database) -> None:
    id_ = counted(database, *[1] * 34)
    clinic = WatchedClinic(database, Counter)
    counter = clinic.load(Counter, id_)
    assert (counter.total, counter.version, counter.created_on, counter.modified_on) == (34, 34, NOW, NOW)
    assert clinic.read_after == [30]


def test_an_old_version_is_replayed_from_the_snapshot_before_it(database: Database) -> None:
    id_ = counted(database, *[1] * 34)
    clinic = WatchedClinic(database, Counter)
    assert [clinic.load(Counter, id_, version).total for version in (9, 10, 25, 34)] == [9, 10, 25, 34]
    assert clinic.read_after == [0, 10, 20, 30]


def test_saves_of_several_events_do_not_jump_over_the_snapshot(database: Database) -> None:
    id_ = counted(database, 7, 7, 7)
    clinic = WatchedClinic(database, Counter)
    assert (clinic.load(Counter, id_).total, clinic.read_after) == (21, [21])


def test_a_snapshot_of_another_shape_is_not_used(database: Database) -> None:
    id_ = counted(database, *[1] * 12)
    clinic = WatchedClinic(database, LaterCounter)
    assert (clinic.load(LaterCounter, id_).total, clinic.read_after) == (6.0, [0])


def test_what_was_undone_leaves_no_snapshot(database: Database) -> None:
    id_ = counted(database, *[1] * 9)
    clinic = PostgresClinic(database, decoders([Counter]))
    with pytest.raises(ZeroDivisionError), clinic.write_lock():  # noqa: PT012  what came before the failure is the point
        counter = clinic.load(Counter, id_)
        counter.count()
        clinic.save(counter, ctx=CTX)
        raise ZeroDivisionError
    with database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM snapshots").fetchone() == (0,)


def test_the_schedule_comes_back_from_its_snapshot_as_it_was(database: Database) -> None:
    clinic, schedule, employee = PostgresClinic(database, decoders(AGGREGATES)), Schedule(SCHEDULE_ID), uuid4()
    schedule.open(at=NOW)
    schedule.add_employee(employee, at=NOW)
    clinic.save(schedule, ctx=CTX)
    for number in range(Schedule.SNAPSHOT_EVERY):
        worked = Day("work", (Interval(540, 600 + number),))
        changes = schedule.planned_changes(days={(employee, date(2026, 11, 1 + number % 28)): worked})
        schedule.save_hours(changes, [], at=NOW)
        clinic.save(schedule, ctx=CTX)
    restarted = WatchedClinic(database, *AGGREGATES)
    loaded = restarted.load(Schedule, SCHEDULE_ID)
    assert restarted.read_after == [Schedule.SNAPSHOT_EVERY]
    assert (loaded.hours, loaded.version, loaded.modified_on) == (schedule.hours, schedule.version, schedule.modified_on)
