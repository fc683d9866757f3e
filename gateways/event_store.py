"""The clinic's log of events in PostgreSQL, behind `commands.ports.Clinic`."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import perf_counter
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from eventsourcing.persistence import EventStore, IntegrityError, PersistenceError
from psycopg.rows import class_row

from aggregates.kernel import Aggregate, Decoders, DomainError, Event
from aggregates.scheduling.visit import LONGEST
from commands.ports import (
    Access,
    ClaimMoved,
    CodeFound,
    DatabaseUnavailable,
    NumberKind,
    ProgramOutdated,
    SaveConflict,
    VisitSlot,
)
from gateways import dictionaries
from gateways.database import Database
from gateways.event_mapper import EventMapper
from gateways.event_recorder import CommandRepeatedError, PostgresRecorder, RefusedError
from gateways.event_schema import known_guards
from gateways.guards import email, numbers
from gateways.guards.declaration import Guard
from gateways.guards.registry import GUARDS
from gateways.locks import WRITE_LOCK
from gateways.repository import Append, FirstAnswer, Repository
from gateways.snapshots import Snapshots

A = TypeVar("A", bound=Aggregate)
TAKE_ALONE = "SELECT set_config('idle_in_transaction_session_timeout', '10s', true), pg_advisory_xact_lock(%s)"
"""A decision that hangs, with its machine perhaps, gives the write lock up before others have lost patience twice."""
_SLOT: LiteralString = "id, number, doctor_id, patient_id, starts_at, ends_at, status, room, services"


class PostgresClinic(Repository):
    """One clinic's aggregates, kept by one database."""

    def __init__(self, database: Database, decoders: Decoders, guards: Sequence[Guard] = GUARDS) -> None:
        super().__init__(guards)
        self._database = database
        self._by_name = {guard.name: guard for guard in guards}
        self._known_guards = known_guards(guards) if tuple(guards) == GUARDS else ""
        self._snapshots = Snapshots(database)
        self._exclusive_turn = threading.Lock()
        self._written = threading.local()
        self.recorder = PostgresRecorder(database)
        self.took: Callable[[float], None] = lambda _: None
        """Told how many seconds each append took, refused ones too; for metrics."""
        self._events: EventStore[UUID] = EventStore(EventMapper(decoders), self.recorder)

    # What the repository asks of a log.

    def read_stream(self, id: UUID, after: int, until: int | None) -> Iterable[Event]:  # noqa: A002
        for event in self._events.get(id, gt=after, lte=until):
            assert isinstance(event, Event)  # noqa: S101  our mapper makes nothing else
            yield event

    def versions(self, ids: Collection[UUID]) -> Mapping[UUID, int]:
        query = "SELECT originator_id, max(originator_version) FROM events WHERE originator_id = ANY(%s) GROUP BY originator_id"
        with self._database.connection() as connection:
            return dict(connection.execute(query, (list(ids),)).fetchall())

    def version_at(self, id: UUID, moment: datetime) -> int:  # noqa: A002
        with self._database.connection() as connection:
            row = connection.execute(
                """SELECT max(originator_version) FROM events
                WHERE originator_id = %s AND (state->>'timestamp')::timestamptz <= %s""",
                (id, moment),
            ).fetchone()
        return row[0] or 0 if row else 0

    def append(self, append: Append) -> int | FirstAnswer:
        started = perf_counter()
        try:
            return self._append(append)
        finally:
            self.took(perf_counter() - started)

    def _append(self, append: Append) -> int | FirstAnswer:
        try:
            recordings = self._events.put(append.events, **self._asked(append))
        except (CommandRepeatedError, IntegrityError, RefusedError) as fault:
            told = self._told(fault, append)
            if isinstance(told, FirstAnswer):
                return told
            raise told from fault
        if self._database.is_held:
            self._written.ids.append(append.command_id)
        return recordings[-1].notification.id if recordings else 0

    def append_each(self, appends: Sequence[Append]) -> list[int | FirstAnswer | DomainError]:
        started = perf_counter()
        to_stored = self._events.mapper.to_stored_event
        found = self.recorder.insert_each(
            [([to_stored(event) for event in append.events], self._asked(append)) for append in appends]
        )
        self.took((perf_counter() - started) / len(appends))
        return [
            outcome if isinstance(outcome, int) else self._told(outcome, append)
            for outcome, append in zip(found, appends, strict=True)
        ]

    def _told(self, fault: PersistenceError, append: Append) -> FirstAnswer | DomainError:
        """What an append that wasn't taken means to whoever asked."""
        if isinstance(fault, CommandRepeatedError):
            return fault.first
        if isinstance(fault, RefusedError):
            return self._refusal(fault)
        if isinstance(fault, IntegrityError):
            first = append.events[0]
            return SaveConflict(kind=first.TOPIC.split(".")[0], id=first.originator_id)
        raise fault

    def read_streams(self, ids: Collection[UUID]) -> Mapping[UUID, Sequence[Event]]:
        streams: dict[UUID, list[Event]] = {}
        for stored in self.recorder.select_streams(ids):
            event = self._events.mapper.to_domain_event(stored)
            assert isinstance(event, Event)  # noqa: S101  our mapper makes nothing else
            streams.setdefault(event.originator_id, []).append(event)
        return streams

    def find_answer(self, command_id: UUID) -> FirstAnswer | None:
        with self._database.connection() as connection:
            row = connection.execute(
                "SELECT fingerprint, position, answer FROM commands WHERE command_id = %s", (command_id,)
            ).fetchone()
        return None if row is None else FirstAnswer(*row)

    def read_snapshot(self, kind: type[A], id: UUID, until: int | None) -> A | None:  # noqa: A002
        return self._snapshots.newest(kind, id, until)

    def note_progress(self, aggregate: Aggregate, before: int) -> None:
        if self._snapshots.is_due(aggregate, before):
            with suppress(DatabaseUnavailable):  # what was committed stays acknowledged
                self._snapshots.keep(aggregate)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        if self._database.is_held:
            yield
            return
        # One waits in the database, the others of this process here, where they keep no connection from anybody.
        with self._exclusive_turn, self._uncommitted():
            self._written.ids = []
            try:
                with self._database.held() as connection, connection.transaction():
                    connection.execute(TAKE_ALONE, (WRITE_LOCK,))
                    yield
            except DatabaseUnavailable:
                # Lost on the way to the commit or on the way back: the log knows.
                if not any(self.find_answer(command_id) for command_id in self._written.ids):
                    raise

    # The rest of the port.

    def live_visits(
        self,
        after: datetime,
        doctor_ids: Iterable[UUID] | None = None,
        *,
        patient_ids: Iterable[UUID] | None = None,
        service_ids: Iterable[UUID] | None = None,
    ) -> Sequence[VisitSlot]:
        doctors, patients, services = (None if ids is None else list(ids) for ids in (doctor_ids, patient_ids, service_ids))
        query = (
            f"SELECT {_SLOT} FROM guard_doctor_time"  # noqa: S608  columns of this code
            " WHERE status IN ('planned', 'confirmed', 'arrived') AND starts_at > %s"
            " AND (%s::uuid[] IS NULL OR doctor_id = ANY(%s))"
            " AND (%s::uuid[] IS NULL OR patient_id = ANY(%s))"
            " AND (%s::uuid[] IS NULL OR services && %s::uuid[]) ORDER BY starts_at, number"
        )
        values = (after, doctors, doctors, patients, patients, services, services)
        with self._database.connection() as connection, connection.cursor(binary=True) as cursor:
            return [_slot(row) for row in cursor.execute(query, values).fetchall()]

    def visits_during(
        self,
        starts_at: datetime,
        ends_at: datetime,
        *,
        doctor_id: UUID | None,
        patient_ids: Iterable[UUID],
        room: str,
        besides: UUID,
    ) -> Sequence[VisitSlot]:
        # a visit that is under way then can't have begun earlier than the longest visit lasts: the indexes are by the beginning
        during = "starts_at > %(earliest)s AND starts_at < %(end)s AND ends_at > %(start)s AND id <> %(besides)s"
        query = f"""SELECT {_SLOT} FROM guard_doctor_time WHERE patient_id = ANY(%(patients)s) AND {during}
          UNION SELECT {_SLOT} FROM guard_doctor_time WHERE room = %(room)s AND room <> '' AND {during}
          UNION SELECT {_SLOT} FROM guard_doctor_time WHERE doctor_id = %(doctor)s
            AND tsrange(starts_at, ends_at) && tsrange(%(start)s, %(end)s) AND id <> %(besides)s
          ORDER BY starts_at, number"""  # noqa: S608  columns of this code
        values = {"start": starts_at, "end": ends_at, "earliest": starts_at - LONGEST, "besides": besides,
                  "patients": list(patient_ids), "room": room, "doctor": doctor_id}  # fmt: skip
        with self._database.connection() as connection, connection.cursor(binary=True) as cursor:
            return [_slot(row) for row in cursor.execute(query, values).fetchall()]

    def is_patient_of(self, doctor_id: UUID, patient_ids: Iterable[UUID]) -> bool:
        query = "SELECT FROM guard_doctors_patients WHERE doctor_id = %s AND patient_id = ANY(%s) LIMIT 1"
        with self._database.connection() as connection:
            return connection.execute(query, (doctor_id, list(patient_ids))).fetchone() is not None

    def next_number(self, kind: NumberKind) -> int:
        return self.next_numbers(kind, 1)[0]

    def next_numbers(self, kind: NumberKind, count: int) -> list[int]:
        query = numbers.NEXT if self._database.is_held else numbers.NEXT_ALONE
        with self._database.connection() as connection:
            return [int(row[0]) for row in connection.execute(query, (kind, count)).fetchall()]

    def find_access(self, address: str) -> Access | None:
        return next(iter(self._accesses("WHERE key = %s", email.key_of(address))), None)

    def find_code(self, oid: str, code: str) -> CodeFound:
        with self._database.connection() as connection:
            return dictionaries.find_code(connection, oid, code)

    def accesses(self) -> Sequence[Access]:
        return self._accesses("ORDER BY id")

    def _accesses(self, clauses: LiteralString, *params: str) -> list[Access]:
        columns = "SELECT id AS access_id, employee_id, address AS email, rights_set_id FROM guard_email "
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(Access)) as cursor:
            return cursor.execute(columns + clauses, params).fetchall()

    def _refusal(self, refused: RefusedError) -> DomainError:
        facts = refused.facts
        if refused.name == "guards":
            return ProgramOutdated()
        if refused.name == "unchanged":
            return ClaimMoved(id=UUID(facts["id"]))
        return self._by_name[refused.name].refusal(facts)

    def _asked(self, append: Append) -> dict[str, Any]:
        """An append as the recorder takes it, beside its events."""
        return {
            "guards": self._known_guards,
            "command_id": append.command_id,
            "fingerprint": append.fingerprint,
            "answer": append.answer,
            "metadata": append.metadata,
            "unchanged": [{"id": id_, "version": version} for id_, version in append.unchanged],
            "claims": [{"guard": guard.name, "claim": claim} for guard, claim in append.claims],
            "passwords": [{"id": id_, "hash": hash_} for id_, hash_ in append.passwords.items()],
        }


def _slot(row: Sequence[Any]) -> VisitSlot:
    """A row of `_SLOT`."""
    return VisitSlot(*(*row[:-1], tuple(row[-1])))
