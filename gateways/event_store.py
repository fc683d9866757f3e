"""The clinic's log of events in PostgreSQL, behind `commands.ports.clinic.Clinic`."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import perf_counter
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import EventStore, IntegrityError, PersistenceError

from aggregates.kernel import Aggregate, Decoders, DomainError, Event
from commands.ports.clinic import ClaimMoved, SaveConflict
from commands.ports.database import DatabaseUnavailable, ProgramOutdated
from gateways.database import Database
from gateways.dictionaries import Dictionaries
from gateways.event_mapper import EventMapper
from gateways.event_recorder import CommandRepeatedError, PostgresRecorder, RefusedError
from gateways.event_schema import known_guards
from gateways.guards.declaration import Guard
from gateways.guards.numbers import PostgresNumbers
from gateways.guards.registry import GUARDS
from gateways.locks import WRITE_LOCK
from gateways.repository import Append, IdempotencyRecord, Repository
from gateways.snapshots import Snapshots

A = TypeVar("A", bound=Aggregate)
TAKE_WRITE_LOCK = "SELECT set_config('idle_in_transaction_session_timeout', '10s', true), pg_advisory_xact_lock(%s)"
"""A decision that hangs, perhaps with its machine, loses the write lock before others have timed out twice."""


class PostgresClinic(Repository):
    """One clinic's aggregates in one database."""

    def __init__(self, database: Database, decoders: Decoders, guards: Sequence[Guard] = GUARDS) -> None:
        super().__init__(guards, lambda _, reads: reads.postgres(database))
        self._database = database
        self._by_name = {guard.name: guard for guard in guards}
        self._known_guards = known_guards(guards) if tuple(guards) == GUARDS else ""
        self.numbers = PostgresNumbers(database)
        self.dictionaries = Dictionaries(database)
        self._snapshots = Snapshots(database)
        self._waiting_lock = threading.Lock()
        self._written = threading.local()
        self.recorder = PostgresRecorder(database)
        self.on_append: Callable[[float], None] = lambda _: None
        """Called with the seconds of each append, also of refused ones; for metrics."""
        self._events: EventStore[UUID] = EventStore(EventMapper(decoders), self.recorder)

    # What the repository needs from a log.

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

    def append(self, append: Append) -> int | IdempotencyRecord:
        started = perf_counter()
        try:
            return self._append(append)
        finally:
            self.on_append(perf_counter() - started)

    def _append(self, append: Append) -> int | IdempotencyRecord:
        if self._database.is_pinned and not hasattr(self._written, "ids"):
            # the write lock comes before any row lock (ADR 14), and uncommitted events must not be cached as committed ones
            raise RuntimeError("an append inside a transaction that wasn't opened by `write_lock()`")
        try:
            recordings = self._events.put(append.events, **self._arguments(append))
        except (CommandRepeatedError, IntegrityError, RefusedError) as fault:
            result = self._result_of_failure(fault, append)
            if isinstance(result, IdempotencyRecord):
                return result
            raise result from fault
        if self._database.is_pinned:
            self._written.ids.append(append.command_id)
        return recordings[-1].notification.id if recordings else 0

    def append_each(self, appends: Sequence[Append]) -> list[int | IdempotencyRecord | DomainError]:
        started = perf_counter()
        to_stored = self._events.mapper.to_stored_event
        found = self.recorder.insert_each(
            [([to_stored(event) for event in append.events], self._arguments(append)) for append in appends]
        )
        self.on_append((perf_counter() - started) / len(appends))
        return [
            outcome if isinstance(outcome, int) else self._result_of_failure(outcome, append)
            for outcome, append in zip(found, appends, strict=True)
        ]

    def _result_of_failure(self, fault: PersistenceError, append: Append) -> IdempotencyRecord | DomainError:
        """The result or domain error of an append that failed."""
        if isinstance(fault, CommandRepeatedError):
            return fault.record
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

    def find_record(self, command_id: UUID) -> IdempotencyRecord | None:
        with self._database.connection() as connection:
            row = connection.execute(
                "SELECT fingerprint, position, answer FROM commands WHERE command_id = %s", (command_id,)
            ).fetchone()
        return None if row is None else IdempotencyRecord(*row)

    def read_snapshot(self, kind: type[A], id: UUID, until: int | None) -> A | None:  # noqa: A002
        return self._snapshots.newest(kind, id, until)

    def note_progress(self, aggregate: Aggregate, before: int) -> None:
        if self._snapshots.is_due(aggregate, before):
            with suppress(DatabaseUnavailable):  # the commit itself succeeded
                self._snapshots.keep(aggregate)

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        if self._database.is_pinned:
            yield
            return
        # One thread waits in the database; the others of this process wait here, where they hold no connection.
        with self._waiting_lock, self._uncommitted():
            self._written.ids = []
            try:
                with self._database.pinned() as connection, connection.transaction():
                    connection.execute(TAKE_WRITE_LOCK, (WRITE_LOCK,))
                    yield
            except DatabaseUnavailable:
                # The connection was lost before or after the commit: look it up in the log.
                if not any(self.find_record(command_id) for command_id in self._written.ids):
                    raise
            finally:
                del self._written.ids

    def _refusal(self, refused: RefusedError) -> DomainError:
        facts = refused.facts
        if refused.name == "guards":
            return ProgramOutdated()
        if refused.name == "unchanged":
            return ClaimMoved(id=UUID(facts["id"]))
        return self._by_name[refused.name].refusal(facts)

    def _arguments(self, append: Append) -> dict[str, Any]:
        """Arguments of the recorder for an append, without its events."""
        return {
            "guards": self._known_guards,
            "command_id": append.command_id,
            "fingerprint": append.fingerprint,
            "answer": append.answer,
            "metadata": append.metadata,
            "unchanged": [{"id": id_, "version": version} for id_, version in append.if_unchanged],
            "claims": [{"guard": guard.name, "claim": claim} for guard, claim in append.claims],
            "passwords": [{"id": id_, "hash": hash_} for id_, hash_ in append.passwords.items()],
        }
