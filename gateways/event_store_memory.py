"""In-memory fake of the event store, with the same rules and refusals as PostgreSQL's."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from aggregates.kernel import Event
from commands.ports.clinic import ClaimMoved, SaveConflict
from commands.ports.dictionaries import CodeFound
from gateways.guards.declaration import Guard, GuardRefused, GuardTables
from gateways.guards.numbers import MemoryNumbers
from gateways.guards.registry import GUARDS
from gateways.repository import Append, IdempotencyRecord, Repository


class Recorded(msgspec.Struct, frozen=True):
    """One event as the log stores it."""

    position: int
    event: Event
    metadata: Mapping[str, Any]
    recorded_at: datetime


class MemoryLog:
    """Stands in for the database. Several `MemoryClinic`s on one log act like several processes."""

    def __init__(self, guards: Sequence[Guard] = GUARDS) -> None:
        self.lock = threading.RLock()
        self.events: list[Recorded] = []
        self.streams: dict[UUID, tuple[Recorded, ...]] = {}
        self.records: dict[UUID, IdempotencyRecord] = {}
        self.guards: GuardTables = {guard.name: {} for guard in guards}
        self.numbers: dict[str, int] = {}
        self.passwords: dict[UUID, str] = {}
        self.dictionaries: dict[str, dict[str, CodeFound]] = {}
        """OID → code → state of the code, of loaded dictionaries."""

    def claims(self, guard: str) -> Sequence[Any]:
        """The rows of a guard's table."""
        with self.lock:
            return list(self.guards.get(guard, {}).values())

    def mark(self) -> dict[str, Any]:
        """Everything as it is, for `undo`: what `append` replaces rather than changes needs no copy."""
        return {
            "events": list(self.events),
            "streams": dict(self.streams),
            "records": dict(self.records),
            "guards": self.guards,
            "passwords": dict(self.passwords),
        }

    def undo(self, mark: dict[str, Any]) -> None:
        """Restore the copy of `mark`."""
        vars(self).update(mark)


class MemoryDictionaries:
    """`commands.ports.dictionaries.Dictionaries` without a database."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log

    def find_code(self, oid: str, code: str) -> CodeFound:
        with self._log.lock:
            codes = self._log.dictionaries.get(oid)
        return "not_loaded" if codes is None else codes.get(code, "unknown")


class MemoryClinic(Repository):
    """`commands.ports.clinic.Clinic` without a database."""

    def __init__(self, guards: Sequence[Guard] = GUARDS, log: MemoryLog | None = None) -> None:
        self.log = log or MemoryLog(guards)
        super().__init__(guards, lambda guard, reads: reads.memory(partial(self.log.claims, guard.name)))
        self.numbers = MemoryNumbers(self.log.lock, self.log.numbers, lambda: self.log.events)
        self.dictionaries = MemoryDictionaries(self.log)

    def read_stream(self, id: UUID, after: int, until: int | None) -> Iterable[Event]:  # noqa: A002
        with self.log.lock:
            stream = list(self.log.streams.get(id, ()))
        return [recorded.event for recorded in stream[after:until]]

    def versions(self, ids: Collection[UUID]) -> Mapping[UUID, int]:
        with self.log.lock:
            return {id_: len(self.log.streams.get(id_, ())) for id_ in ids}

    def version_at(self, id: UUID, moment: datetime) -> int:  # noqa: A002
        with self.log.lock:
            return sum(recorded.event.timestamp <= moment for recorded in self.log.streams.get(id, ()))

    def find_record(self, command_id: UUID) -> IdempotencyRecord | None:
        return self.log.records.get(command_id)

    def append(self, append: Append) -> int | IdempotencyRecord:
        log = self.log
        with log.lock:
            if (first := log.records.get(append.command_id)) is not None:
                return first
            self._check(append)
            guards = {name: dict(rows) for name, rows in log.guards.items()}
            for guard, claim in append.claims:
                try:
                    guard.take(guards, claim)
                except GuardRefused as refused:
                    raise guard.refusal(refused.facts) from None
            log.guards = guards
            for event in append.events:
                recorded = Recorded(len(log.events) + 1, event, append.metadata, datetime.now(UTC))
                log.events.append(recorded)
                log.streams[event.originator_id] = (*log.streams.get(event.originator_id, ()), recorded)
            log.passwords.update(append.passwords)
            position = len(log.events) if append.events else 0
            log.records[append.command_id] = IdempotencyRecord(append.fingerprint, position, append.answer)
            return position

    def _check(self, append: Append) -> None:
        streams = self.log.streams
        for id_, version in append.if_unchanged:
            if len(streams.get(id_, ())) != version:
                raise ClaimMoved(id=id_)
        heights = {event.originator_id: len(streams.get(event.originator_id, ())) for event in append.events}
        for event in append.events:
            if event.originator_version != heights[event.originator_id] + 1:
                raise SaveConflict(kind=event.TOPIC.split(".")[0], id=event.originator_id)
            heights[event.originator_id] += 1

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        if self._thread.saved is not None:
            yield
            return
        with self.log.lock, self._uncommitted():
            mark = self.log.mark()
            try:
                yield
            except BaseException:
                self.log.undo(mark)
                raise
