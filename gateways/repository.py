"""Aggregates from an event log and back: shared by the PostgreSQL store and its in-memory fake.

The log has to read a stream, find the version that a stream had at a moment, and append in one transaction.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import msgspec

from aggregates.kernel import Aggregate, DomainError, Event
from commands.context import Context, Receipt
from commands.ports.clinic import AggregateNotFound, Clinic, IdempotencyKeyReused, Save, VersionMoved
from gateways.aggregate_cache import AggregateCache
from gateways.guards.declaration import Claim, Guard, Reads

A = TypeVar("A", bound=Aggregate)
MOST_USED = 500
"""Most aggregates per thread that `refresh_cached` reloads; a decision uses fewer."""


@dataclass(frozen=True, kw_only=True)
class Append:
    """What one save appends to the log."""

    events: Sequence[Event]
    metadata: Mapping[str, Any]
    command_id: UUID
    fingerprint: str
    answer: Mapping[str, Any]
    """The receipt without its position."""
    if_unchanged: Sequence[tuple[UUID, int]] = ()
    claims: Sequence[tuple[Guard, Claim]] = ()
    passwords: Mapping[UUID, str] = field(default_factory=dict)


class IdempotencyRecord(msgspec.Struct, frozen=True):
    """What the log stores for a command id, to answer it again if it is repeated."""

    fingerprint: str
    position: int
    answer: Mapping[str, Any]


class _Thread(threading.local):
    """State of one thread."""

    def __init__(self) -> None:
        self.used: dict[UUID, type[Aggregate]] = {}
        self.saved: dict[UUID, tuple[Aggregate, int]] | None = None
        """Inside `write_lock()`: saved but uncommitted aggregates, with their versions before."""


class Repository(Clinic, ABC):
    """`commands.ports.clinic.Clinic` over an abstract log."""

    def __init__(self, guards: Sequence[Guard], reads_of: Callable[[Guard, Reads[Any]], Any]) -> None:
        """`reads_of`: builds what commands read of a guard."""
        self._guards = tuple(guards)
        for guard in guards:
            if guard.reads is not None:
                setattr(self, guard.reads.name, reads_of(guard, guard.reads))
        self._cache = AggregateCache()
        self._thread = _Thread()

    # What a log has to implement.

    @abstractmethod
    def read_stream(self, id: UUID, after: int, until: int | None) -> Iterable[Event]:  # noqa: A002
        """Events of a stream with after < version ≤ until, in order."""

    @abstractmethod
    def versions(self, ids: Collection[UUID]) -> Mapping[UUID, int]:
        """The present versions of streams; a stream without events may be missing."""

    @abstractmethod
    def version_at(self, id: UUID, moment: datetime) -> int:  # noqa: A002
        """The version that the stream had at an instant; 0 before its first event."""

    @abstractmethod
    def append(self, append: Append) -> int | IdempotencyRecord:
        """Append in one transaction: the last event's position (0 without events; only the command's record is stored then), or
        the record of a repeated command.
        """

    def append_each(self, appends: Sequence[Append]) -> list[int | IdempotencyRecord | DomainError]:
        """Append several, each with its own outcome: what `append` returns, or the refusal that it raises."""
        return [self._outcome(append) for append in appends]

    def _outcome(self, append: Append) -> int | IdempotencyRecord | DomainError:
        try:
            return self.append(append)
        except DomainError as refusal:
            return refusal

    def read_streams(self, ids: Collection[UUID]) -> Mapping[UUID, Sequence[Event]]:
        """Whole streams by id; one without events may be missing."""
        return {id_: list(self.read_stream(id_, 0, None)) for id_ in ids}

    @abstractmethod
    def find_record(self, command_id: UUID) -> IdempotencyRecord | None:
        """The record of a command id, if it was seen before."""

    @abstractmethod
    def write_lock(self) -> AbstractContextManager[None]:
        """Hold the write lock."""

    def read_snapshot(self, kind: type[A], id: UUID, until: int | None) -> A | None:  # noqa: A002, ARG002
        """The newest usable snapshot not beyond `until`."""
        return None

    def note_progress(self, aggregate: Aggregate, before: int) -> None:
        """Called with a committed aggregate that has advanced from version `before`."""

    # The port.

    def load(self, kind: type[A], id: UUID, version: int | None = None, *, expected: int | None = None) -> A:  # noqa: A002
        if version is not None:
            return self._as_of(kind, id, version)
        aggregate = self._current(kind, id)
        if expected is not None and aggregate.version != expected:
            raise VersionMoved(kind=kind.TOPIC, id=id, expected=expected, version=aggregate.version)
        return aggregate

    def load_at(self, kind: type[A], id: UUID, moment: datetime) -> A:  # noqa: A002
        return self._as_of(kind, id, self.version_at(id, moment))

    def cached(self, kind: type[A], id: UUID) -> A:  # noqa: A002
        aggregate = self._known(kind, id) if self._thread.saved is None else None
        if aggregate is None:
            aggregate = self._current(kind, id)
        used = self._thread.used
        used[id] = kind
        if len(used) > MOST_USED:
            del used[next(iter(used))]
        return aggregate

    def refresh_cached(self) -> bool:
        used, self._thread.used = self._thread.used, {}
        now = self.versions(used.keys()) if used else {}
        moved = False
        for id_, kind in used.items():
            known = self._known(kind, id_)
            if known is None or known.version != now.get(id_, 0):
                self._current(kind, id_)
                moved = True
        return moved

    def save(
        self,
        *aggregates: Aggregate,
        ctx: Context,
        if_unchanged: Iterable[Aggregate] = (),
        facts: Mapping[str, Any] | None = None,
        passwords: Mapping[UUID, str] | None = None,
    ) -> Receipt:
        answer_facts = cast("dict[str, Any]", msgspec.to_builtins(facts or {}, str_keys=True))
        before_save = self._versions_before(aggregates)
        append = self._append_of(
            aggregates,
            ctx,
            answer_facts,
            if_unchanged=[(a.id, a.version) for a in if_unchanged],
            passwords=passwords or {},
        )
        if not append.events and not passwords and ctx.command_id is None:
            self._thread.used = {}
            return _unchanged_receipt(aggregates[0], answer_facts)
        outcome = self.append(append)
        if isinstance(outcome, IdempotencyRecord):
            return _receipt_of(outcome, ctx)
        self._thread.used = {}
        for aggregate, before in before_save:
            self._remember(aggregate, before)
        return Receipt(id=aggregates[0].id, version=aggregates[0].version, position=outcome, facts=answer_facts)

    def load_each(self, kind: type[A], ids: Iterable[UUID]) -> dict[UUID, A]:
        found: dict[UUID, A] = {}
        for id_, events in self.read_streams(list(ids)).items():
            aggregate = kind(id_)
            self._evolve(aggregate, events)
            if aggregate.version:
                found[id_] = aggregate
        return found

    def save_each(self, saves: Sequence[Save]) -> list[Receipt | DomainError]:
        outcomes: dict[int, Receipt | DomainError] = {}
        appends: dict[int, Append] = {}
        for number, save in enumerate(saves):
            answer_facts = cast("dict[str, Any]", msgspec.to_builtins(save.facts, str_keys=True))
            append = self._append_of(
                [save.aggregate], save.ctx, answer_facts, if_unchanged=[(a.id, a.version) for a in save.if_unchanged]
            )
            if append.events:
                appends[number] = append
            else:
                outcomes[number] = _unchanged_receipt(save.aggregate, answer_facts)
        for number, outcome in zip(appends, self.append_each(list(appends.values())) if appends else (), strict=True):
            aggregate, ctx = saves[number].aggregate, saves[number].ctx
            if isinstance(outcome, DomainError):
                outcomes[number] = outcome
            elif isinstance(outcome, IdempotencyRecord):
                outcomes[number] = _receipt_of(outcome, ctx)
            else:
                answer_facts = appends[number].answer["facts"]
                outcomes[number] = Receipt(id=aggregate.id, version=aggregate.version, position=outcome, facts=answer_facts)
        return [outcomes[number] for number in range(len(saves))]

    def stored_receipt(self, ctx: Context) -> Receipt | None:
        outcome = self.find_record(ctx.command_id) if ctx.command_id is not None else None
        return None if outcome is None else _receipt_of(outcome, ctx)

    def note_command(self, ctx: Context) -> None:
        if ctx.command_id is not None:
            self.append(self._append_of([], ctx, {}))

    # Inside.

    @staticmethod
    def _versions_before(aggregates: Sequence[Aggregate]) -> list[tuple[Aggregate, int]]:
        """Changed aggregates, with their versions before."""
        return [(a, a.version - len(a.pending_events)) for a in aggregates if a.pending_events]

    def _append_of(self, aggregates: Sequence[Aggregate], ctx: Context, answer_facts: Mapping[str, Any], **more: Any) -> Append:
        """What a save appends. Collects the new events from the aggregates."""
        changed = [aggregate for aggregate in aggregates if aggregate.pending_events]
        command_id, first = ctx.command_id or uuid4(), next(iter(aggregates), None)
        return Append(
            events=[event for aggregate in changed for event in aggregate.collect_events()],
            metadata={
                "user_id": ctx.user_id,
                "employee_id": ctx.employee_id,
                "address": ctx.address,
                "correlation_id": ctx.correlation_id,
                "command": ctx.command,
                "command_id": command_id,
            },
            command_id=command_id,
            fingerprint=ctx.fingerprint,
            answer={"id": first.id, "version": first.version, "facts": answer_facts}
            if first
            else {"id": command_id, "version": 0},
            claims=[(guard, guard.claim_of(a)) for guard in self._guards for a in changed if type(a) in guard.kinds],
            **more,
        )

    @contextmanager
    def _uncommitted(self) -> Iterator[None]:
        """Inside, saved aggregates are visible to this thread only."""
        saved: dict[UUID, tuple[Aggregate, int]] = {}
        self._thread.saved = saved
        try:
            yield
        finally:
            self._thread.saved = None
        for aggregate, before in saved.values():
            self._remember(aggregate, before)

    def _known(self, kind: type[A], id: UUID) -> A | None:  # noqa: A002
        saved = self._thread.saved
        known = saved[id][0].copy() if saved is not None and id in saved else self._cache.get(id)
        return known if isinstance(known, kind) else None

    def _current(self, kind: type[A], id: UUID) -> A:  # noqa: A002
        aggregate = self._known(kind, id) or self.read_snapshot(kind, id, None) or kind(id)
        before = aggregate.version
        self._evolve(aggregate, self.read_stream(id, aggregate.version, None))
        if aggregate.version == 0:
            raise AggregateNotFound(kind=kind.TOPIC, id=id)
        if aggregate.version != before or before == 0:
            self._remember(aggregate, before)
        return aggregate

    def _as_of(self, kind: type[A], id: UUID, version: int) -> A:  # noqa: A002
        aggregate = (self.read_snapshot(kind, id, version) if version > 0 else None) or kind(id)
        self._evolve(aggregate, self.read_stream(id, aggregate.version, version))
        if version <= 0 or aggregate.version != version:
            self._current(kind, id)  # AggregateNotFound without a version, where the object does not exist at all
            raise AggregateNotFound(kind=kind.TOPIC, id=id, version=version)
        return aggregate

    def _evolve(self, aggregate: Aggregate, events: Iterable[Event]) -> None:
        for event in events:
            if type(event) not in aggregate._appliers:  # noqa: SLF001  the kernel's table of what a kind understands
                raise AggregateNotFound(kind=aggregate.TOPIC, id=aggregate.id)
            aggregate.evolve(event)

    def _remember(self, aggregate: Aggregate, before: int) -> None:
        saved = self._thread.saved
        if saved is not None:
            saved[aggregate.id] = aggregate.copy(), min(before, saved[aggregate.id][1]) if aggregate.id in saved else before
            return
        self._cache.put(aggregate)
        self.note_progress(aggregate, before)


def _unchanged_receipt(aggregate: Aggregate, answer_facts: dict[str, Any]) -> Receipt:
    return Receipt(id=aggregate.id, version=aggregate.version, position=0, facts=answer_facts)


def _receipt_of(outcome: IdempotencyRecord, ctx: Context) -> Receipt:
    if outcome.fingerprint != ctx.fingerprint:
        raise IdempotencyKeyReused
    answer = {**outcome.answer, "position": outcome.position, "repeated": True}
    return msgspec.convert(answer, Receipt)
