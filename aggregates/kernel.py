"""The base of all aggregates: events as facts, deciding separated from evolving.

An aggregate's public methods decide: they check, then `trigger` an event. Its appliers, marked `@applies(Event)`,
only assign. A class is refused at definition when one of its events has no applier: two appliers of one name, of which
Python uses the last, would otherwise lose an event silently.

State is copy-on-write: appliers bind new values to attributes and never mutate a container in place. That makes a
shallow copy of an aggregate independent of the original, which the event store's cache relies on.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact. `TOPIC` is its stored name, explicit and frozen, such as `visit.booked.1`."""

    TOPIC: ClassVar[str] = ""

    originator_id: UUID
    originator_version: int
    timestamp: datetime
    """When it was decided: an aware instant in UTC."""


Decoders = Mapping[str, Callable[[bytes], Event]]
"""Stored topic → decoder of the stored JSON, upcasts included."""


class DomainError(Exception):
    """A refusal by a rule: a code, a Russian sentence, structured facts.

    `status` is the HTTP status: 409 a rule or a conflict, 403 a missing right, 404 unknown, 412 an outdated version.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, DomainError) and self.facts == other.facts

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.facts.items())})"

    @property
    def sentence(self) -> str:
        """What happened and what to do, in Russian."""
        raise NotImplementedError


E = TypeVar("E", bound=Event)
Applier = Callable[[Any, Any], None]


def applies(event_class: type[E]) -> Callable[[Callable[[Any, E], None]], Callable[[Any, E], None]]:
    """Mark a method as the applier of an event class."""

    def mark(method: Callable[[Any, E], None]) -> Callable[[Any, E], None]:
        method.__dict__["applies"] = event_class
        return method

    return mark


class Aggregate:
    """A consistency boundary rebuilt from its events. `TOPIC` names its kind in snapshots, history and the journal."""

    TOPIC: ClassVar[str] = ""
    EVENTS: ClassVar[dict[str, type[Event]]] = {}
    """Stored topic → event class, filled at definition."""
    _appliers: ClassVar[dict[type[Event], Applier]] = {}

    id: UUID
    version: int
    """Number of events applied; 0 before the first one."""
    created_on: datetime
    modified_on: datetime

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        """`abstract`: a base class without streams, whose appliers serve subclasses' events that derive from its own events."""
        super().__init_subclass__()
        if abstract:
            return
        events = [v for v in vars(cls).values() if isinstance(v, type) and issubclass(v, Event)]
        methods = [method for base in reversed(cls.__mro__) for method in vars(base).values()]
        appliers = {method.__dict__["applies"]: method for method in methods if "applies" in getattr(method, "__dict__", {})}
        cls._appliers = {event: appliers[base] for event in events for base in reversed(event.__mro__) if base in appliers}
        cls.EVENTS = {event.TOPIC: event for event in events}
        missing = [e.__name__ for e in events if e not in cls._appliers]
        nameless = [e.__name__ for e in events if not e.__dict__.get("TOPIC")]
        if not cls.TOPIC or missing or nameless or len(cls.EVENTS) != len(events):
            problem = f"{cls.__name__}: events without an applier {missing}, events without a topic of their own {nameless}"
            raise TypeError(problem)

    def __init__(self, id: UUID) -> None:  # noqa: A002  the domain's own word
        self.id = id
        self.version = 0
        self._pending: tuple[Event, ...] = ()

    @classmethod
    def replay(cls, id: UUID, events: Iterable[Event]) -> Self:  # noqa: A002
        """The aggregate after these events."""
        aggregate = cls(id)
        for event in events:
            aggregate.evolve(event)
        return aggregate

    def trigger(self, event_class: type[Event], *, at: datetime, **facts: Any) -> None:
        """Record a fact: build the event, evolve by it, hold it until it is saved."""
        event = event_class(originator_id=self.id, originator_version=self.version + 1, timestamp=at, **facts)
        self.evolve(event)
        self._pending = (*self._pending, event)

    def evolve(self, event: Event) -> None:
        """Apply one event, new or replayed. Never refuses an event of its stream."""
        if event.originator_id != self.id or event.originator_version != self.version + 1:
            problem = f"{self.TOPIC} {self.id} v{self.version} can't take v{event.originator_version} of {event.originator_id}"
            raise ValueError(problem)
        self._appliers[type(event)](self, event)
        if self.version == 0:
            self.created_on = event.timestamp
        self.version = event.originator_version
        self.modified_on = event.timestamp

    def collect_events(self) -> tuple[Event, ...]:
        """The events not yet saved; they are returned once."""
        events, self._pending = self._pending, ()
        return events

    @property
    def pending_events(self) -> tuple[Event, ...]:
        """The events not yet saved."""
        return self._pending

    def copy(self) -> Self:
        """An independent copy, cheap because state is copy-on-write."""
        return copy(self)
