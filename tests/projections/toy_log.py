"""A log of toy events in a database, and what tests wait with."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
from psycopg import Connection

from aggregates.kernel import Decoders, Event
from projections import positions
from projections.declaration import Projection
from projections.failure import FoldFailed
from projections.live import LiveWorker, WorkerListener
from projections.rebuild import Rebuilder
from tests.projections.toy import ALL, DECODERS, Box

MOMENT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait for a condition; its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.002)
    return value


class Log:
    """Appends toy events as the real log does: gapless, one notice per append."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = self.connect()
        positions.prepare(self.connection, ALL)
        self._versions: dict[UUID, int] = {}

    def connect(self) -> Connection:
        return psycopg.connect(self.url, autocommit=True)

    def append(self, *facts: tuple[UUID, type[Event], dict[str, Any]]) -> int:
        rows = []
        for box_id, event_class, fields in facts:
            version = self._versions[box_id] = self._versions.get(box_id, 0) + 1
            event = event_class(originator_id=box_id, originator_version=version, timestamp=MOMENT, **fields)
            rows.append({"id": box_id, "version": version, "topic": event.TOPIC, "state": msgspec.to_builtins(event)})
        answer = self.connection.execute(
            "with made as (insert into events (position, originator_id, originator_version, topic, state, metadata) "
            "select (select coalesce(max(position), 0) from events) + ordinality, id, version, topic, state, "
            '\'{"command": "toy"}\' from rows from '
            "(json_to_recordset(%s::json) as (id uuid, version int, topic text, state json)) with ordinality "
            "returning position) select max(position), pg_notify('denta_events', '') from made",
            (msgspec.json.encode(rows).decode(),),
        ).fetchone()
        assert answer is not None
        return answer[0]

    def box(self, label: str = "box", **facts: Any) -> UUID:
        box_id = uuid4()
        self.append((box_id, Box.Made, {"label": label, **facts}))
        return box_id

    def label(self, box_id: UUID, label: str) -> int:
        return self.append((box_id, Box.Labelled, {"label": label}))

    def strange(self, topic: str) -> int:
        """An event that only newer code knows."""
        answer = self.connection.execute(
            "with made as (insert into events (position, originator_id, originator_version, topic, state, metadata) "
            "select coalesce(max(position), 0) + 1, gen_random_uuid(), 1, %s, '{}', '{}' from events returning position) "
            "select position, pg_notify('denta_events', '') from made",
            (topic,),
        ).fetchone()
        assert answer is not None
        return int(answer[0])

    def many(self, count: int, *, each: int = 3) -> None:
        """`count` boxes with `each` events, mixed: made, labelled again, every tenth thrown away, every seventh shelved."""
        ids = [uuid4() for _ in range(count)]
        facts: list[tuple[UUID, type[Event], dict[str, Any]]] = [(i, Box.Made, {"label": "made", "tags": ["a"]}) for i in ids]
        for turn in range(each - 1):
            facts += [(i, Box.Labelled, {"label": f"label {turn}"}) for i in ids]
        facts += [(i, Box.Thrown, {}) for i in ids[::10]]
        facts += [(i, Box.Shelved, {"cells": [[n % 50, "a"], [n % 50, "b"]]}) for n, i in enumerate(ids[::7])]
        for start in range(0, len(facts), 5000):
            self.append(*facts[start : start + 5000])

    def position(self, name: str) -> int:
        return positions.read(self.connection)[name].position

    def head(self) -> int:
        return positions.head(self.connection)

    def caught_up(self, projections: Sequence[Projection[Any]] = ALL) -> bool:
        now, head = positions.read(self.connection), self.head()
        return all(now[p.name].position == head for p in projections if p.name in now)

    def rebuilder(self, projections: Sequence[Projection[Any]] = ALL, **options: Any) -> Rebuilder:
        return Rebuilder(self.connect, projections, DECODERS, **options)


class ListenerLog(WorkerListener):
    """Records the worker's reports."""

    def __init__(self) -> None:
        self.led: list[str] = []
        self.failures: list[FoldFailed] = []
        self.old: list[str] = []
        self.losses: list[float] = []
        """Monotonic times."""

    def leads(self, names: Sequence[str]) -> None:
        self.led += names

    def failed(self, failure: FoldFailed) -> None:
        self.failures.append(failure)

    def outdated(self, names: Sequence[str]) -> None:
        self.old += names

    def lost(self, error: BaseException) -> None:
        self.losses.append(time.monotonic())


@contextmanager
def running(log: Log, projections: Sequence[Projection[Any]] = ALL, decoders: Decoders = DECODERS) -> Iterator[ListenerLog]:
    """A worker in a thread."""
    stop, listener = threading.Event(), ListenerLog()
    broken: list[BaseException] = []

    def run() -> None:
        try:
            LiveWorker(log.connect, projections, decoders, listener=listener).run(stop)
        except BaseException as error:
            broken.append(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield listener
    finally:
        stop.set()
        log.append((uuid4(), Box.Made, {"label": "wakes the worker, which then stops"}))
        thread.join()
        assert not broken


def later(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
