"""Given facts, when a method decides, then it says these facts or refuses by this error. No database, no clock."""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Generic, Self, TypeVar
from uuid import UUID, uuid5

import msgspec

from aggregates.kernel import Aggregate, DomainError, Event

A = TypeVar("A", bound=Aggregate)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""A Monday; nine in the morning in Moscow."""
LOCAL_NOW = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001  the clinic's wall clock
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 11, 23 + n) for n in range(7))


def named(name: str) -> UUID:
    """The same id for the same name in every run."""
    return uuid5(UUID(int=0), name)


def at(day: date, clock: str) -> datetime:
    """A moment of the clinic's wall clock."""
    hour, minute = clock.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute))  # noqa: DTZ001  the clinic's wall clock


class Fact(msgspec.Struct, frozen=True):
    """An event without its place in a stream."""

    event: type[Event]
    fields: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.event.__qualname__}({', '.join(f'{k}={v!r}' for k, v in self.fields.items())})"


def fact(event: type[Event], **fields: Any) -> Fact:
    """Fields that have a default in the event have it here too."""
    defaults = {f.name: f.default for f in msgspec.structs.fields(event) if f.default is not msgspec.NODEFAULT}
    return Fact(event, {**defaults, **fields})


def replayed(kind: type[A], *facts: Fact, id: UUID | None = None) -> A:  # noqa: A002
    """The aggregate after these facts, each written as JSON and read again on the way."""
    source = kind(id or named(kind.TOPIC))
    for each in facts:
        source.trigger(each.event, at=NOW, **each.fields)
    events = source.collect_events()
    return kind.replay(source.id, [msgspec.json.decode(msgspec.json.encode(event), type=type(event)) for event in events])


class Scenario(Generic[A]):
    """What one decision made of an aggregate."""

    def __init__(self, aggregate: A) -> None:
        self.aggregate = aggregate
        self.refusal: DomainError | None = None

    def when(self, decide: Callable[..., None], *args: Any, **kwargs: Any) -> Self:
        """Decide at NOW."""
        if "at" in inspect.signature(decide).parameters:
            kwargs.setdefault("at", NOW)
        self.aggregate.collect_events()
        try:
            decide(self.aggregate, *args, **kwargs)
        except DomainError as refusal:
            self.refusal = refusal
        return self

    def then(self, *expected: Fact) -> Self:
        """Exactly these facts were decided; none = nothing had to change."""
        assert self.refusal is None
        events = self.aggregate.pending_events
        place = {"originator_id", "originator_version", "timestamp"}
        decided = [Fact(type(e), {k: v for k, v in msgspec.structs.asdict(e).items() if k not in place}) for e in events]
        assert list(expected) == decided
        for event in events:
            assert event == msgspec.json.decode(msgspec.json.encode(event), type=type(event)), (
                "an event is read as it was written"
            )
        return self

    def then_refused(self, expected: DomainError) -> Self:
        """This refusal with these facts, said as a sentence, and nothing was decided."""
        assert expected == self.refusal
        assert self.refusal is not None
        assert self.refusal.sentence.endswith(".")
        assert self.aggregate.pending_events == ()
        return self

    def then_refused_by(self, error: type[DomainError]) -> Self:
        """A refusal of this kind, said as a sentence, and nothing was decided."""
        assert isinstance(self.refusal, error), self.refusal
        assert self.refusal.sentence.endswith(".")
        assert self.aggregate.pending_events == ()
        return self


def given(kind: type[A], *facts: Fact, id: UUID | None = None) -> Scenario[A]:  # noqa: A002
    return Scenario(replayed(kind, *facts, id=id))
