"""The library's own ProjectionRunner over visits: what `bench/rebuild.py` is measured against.

Used as its documentation shows: a view recorder with a table of its own, one transaction for each event. The events are
the clinic's, decoded by its mapper.
"""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composed
from psycopg.types.json import Jsonb

from aggregates.kernel import Event
from aggregates.scheduling.visit import Visit
from commands.registry import AGGREGATES
from gateways.event_mapper import EventMapper, decoders


class Visits(Application[UUID]):
    """The library's application over its own recorder."""

    def construct_mapper(self) -> Mapper[UUID]:
        return EventMapper(decoders(AGGREGATES))


class VisitRows(PostgresTrackingRecorder):
    """A calendar's table, its columns and indexes as the clinic's, written row by row."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        statements = (
            SQL(
                "create table if not exists shipped_calendar (visit_id uuid primary key, number bigint, patient_id uuid, "
                "doctor_id uuid, starts_at timestamp, ends_at timestamp, status text, lines jsonb, room text, comment text, "
                "version bigint)"
            ),
            SQL("create index if not exists shipped_time on shipped_calendar (starts_at)"),
            SQL("create index if not exists shipped_doctor on shipped_calendar (doctor_id, starts_at)"),
            SQL("create index if not exists shipped_patient on shipped_calendar (patient_id, starts_at)"),
        )
        self.sql_create_statements += [Composed([statement]) for statement in statements]

    def take(self, event: Event, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            if isinstance(event, Visit.Booked):
                lines = Jsonb([{"name": line.name, "price": str(line.price), "quantity": line.quantity} for line in event.lines])
                times = event.starts_at, event.ends_at
                cursor.execute(
                    "insert into shipped_calendar values (%s, %s, %s, %s, %s, %s, 'planned', %s, %s, %s, 1)",
                    (
                        event.originator_id,
                        event.number,
                        event.patient_id,
                        event.doctor_id,
                        *times,
                        lines,
                        event.room,
                        event.comment,
                    ),
                    prepare=True,
                )
            elif isinstance(event, Visit.Moved):
                cursor.execute(
                    "update shipped_calendar set doctor_id = %s, starts_at = %s, ends_at = %s, version = %s where visit_id = %s",
                    (event.new.doctor_id, event.new.starts_at, event.new.ends_at, event.originator_version, event.originator_id),
                    prepare=True,
                )
            elif isinstance(event, Visit.StatusChanged):
                cursor.execute(
                    "update shipped_calendar set status = %s, version = %s where visit_id = %s",
                    (event.new, event.originator_version, event.originator_id),
                    prepare=True,
                )
            self._insert_tracking(cursor, tracking)


class Calendar(Projection[VisitRows]):
    """Every event of a visit becomes one transaction."""

    name = "shipped"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.take(domain_event, tracking)


def shipped(database_url: str, events: Iterable[Event]) -> float:
    """Events per second of the library's runner; the events are stored by its own recorder first."""
    parts = {key: str(value) for key, value in conninfo_to_dict(database_url).items()}
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts["dbname"],
        "POSTGRES_HOST": parts.get("host", ""),
        "POSTGRES_PORT": parts.get("port", "5432"),
        "POSTGRES_USER": parts.get("user", ""),
        "POSTGRES_PASSWORD": parts.get("password", ""),
    }
    application = Visits(environment)
    stored = [application.mapper.to_stored_event(event) for event in events]
    notifications: list[int] = []
    for start in range(0, len(stored), 100):
        notifications += application.recorder.insert_events(stored[start : start + 100]) or []
    application.close()
    began = time.perf_counter()
    with ProjectionRunner(application_class=Visits, projection_class=Calendar, view_class=VisitRows, env=environment) as runner:
        runner.wait(notifications[-1], timeout=300)
    return len(stored) / (time.perf_counter() - began)
