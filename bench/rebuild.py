"""Rebuilding read models from a long log, and the library's own runner beside it.

`run(database_url)` wants a database of its own; it writes a log of about a million events of visits, made by the same events as
the clinic's and stored by COPY. What is measured is the whole rebuild: reading, folding, copying, indexes, swap.
"""

import itertools
import os
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg

from aggregates.kernel import Event
from aggregates.scheduling.visit import Slot, Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import Status
from bench.log import store
from bench.shipped_runner import shipped
from bench.sizes import size
from commands.registry import AGGREGATES
from gateways.event_mapper import decoders
from projections.declaration import Projection
from projections.rebuild import Rebuilder
from projections.registry import PROJECTIONS
from projections.scheduling.calendar import CALENDAR
from services.bootstrap import prepare_schema

Row = tuple[str, float, str]
EVENTS = size(1_000_000, 4_000)
PER_VISIT = 4
LIBRARY_EVENTS = size(2_000, 50)
PROCESSES = min(2, os.cpu_count() or 1)
PASSED: tuple[Status, ...] = ("planned", "confirmed", "arrived", "in_progress", "completed")
SERVICES = [Line(uuid4(), name, Decimal(price), 1) for name, price in (("Лечение кариеса", "4500.00"), ("Осмотр", "900.00"))]


def run(database_url: str) -> list[Row]:
    prepare_schema(database_url)
    events = fill(database_url, EVENTS)
    rows = []
    one = rebuilt(database_url, [CALENDAR], 1)
    rows.append(("rebuild of the calendar, one process", events / one, "events/s"))
    several = rebuilt(database_url, [CALENDAR], PROCESSES)
    rows.append((f"rebuild of the calendar, {PROCESSES} processes", events / several, "events/s"))
    everything = rebuilt(database_url, PROJECTIONS, PROCESSES)
    rows += [
        ("rebuild of all read models in one pass", events / everything, "events/s"),
        ("all read models, times the time of the calendar alone", everything / several, "×"),
    ]
    library = shipped(database_url, itertools.islice(visits(LIBRARY_EVENTS, random.Random(8)), LIBRARY_EVENTS))
    rows += [
        (f"the library's own runner, {LIBRARY_EVENTS} events", library, "events/s"),
        ("the calendar's rebuild, times the library's runner", events / several / library, "×"),
    ]
    return rows


def rebuilt(database_url: str, selected: Sequence[Projection[Any]], processes: int) -> float:
    """Seconds of a rebuild."""
    rebuilder = Rebuilder(
        lambda: psycopg.connect(database_url, autocommit=True), PROJECTIONS, decoders(AGGREGATES), processes=processes
    )
    began = time.perf_counter()
    rebuilder.rebuild(selected, differences=False)
    return time.perf_counter() - began


def fill(database_url: str, count: int) -> int:
    """Store about `count` events of visits, as their streams would have grown side by side; how many."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("drop trigger if exists events_stay on events; truncate events; set synchronous_commit = off")
        copied = store(connection, visits(count // PER_VISIT, random.Random(7)))
        connection.execute("vacuum analyze events")
    return copied


def visits(count: int, chance: random.Random) -> Iterator[Event]:
    """Streams of visits, a window of them open at a time: booked, moved, confirmed, and so on."""
    patients = [uuid4() for _ in range(count // 5 + 1)]
    doctors = [uuid4() for _ in range(12)]
    start = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001  the clinic's wall clock
    open_visits: list[Iterator[Event]] = []
    made = 0
    while made < count or open_visits:
        if made < count and (len(open_visits) < 300 or chance.random() < 1 / PER_VISIT):
            at = start + timedelta(minutes=20 * made // 12)
            open_visits.append(visit(made + 1, at, patients[made % len(patients)], doctors[made % 12], chance))
            made += 1
        place = chance.randrange(len(open_visits))
        event = next(open_visits[place], None)
        if event is None:
            open_visits[place] = open_visits[-1]
            open_visits.pop()
        else:
            yield event


def visit(number: int, starts_at: datetime, patient_id: UUID, doctor_id: UUID, chance: random.Random) -> Iterator[Event]:
    visit_id, at = UUID(int=chance.getrandbits(128), version=4), starts_at.replace(tzinfo=UTC)
    ends_at = starts_at + timedelta(minutes=40)
    yield Visit.Booked(
        originator_id=visit_id,
        originator_version=1,
        timestamp=at,
        number=number,
        patient_id=patient_id,
        doctor_id=doctor_id,
        starts_at=starts_at,
        ends_at=ends_at,
        lines=tuple(SERVICES[: 1 + number % 2]),
        room="",
        comment="" if number % 3 else "Просил позвонить накануне",
    )
    version, status = 1, PASSED[0]
    if number % 3 == 0:
        version += 1
        old, new = (
            Slot(doctor_id, starts_at, ends_at),
            Slot(doctor_id, starts_at + timedelta(days=1), ends_at + timedelta(days=1)),
        )
        yield Visit.Moved(originator_id=visit_id, originator_version=version, timestamp=at, old=old, new=new)
    for following in PASSED[1 : 3 + number % 3]:
        version += 1
        yield Visit.StatusChanged(originator_id=visit_id, originator_version=version, timestamp=at, old=status, new=following)
        status = following
