"""What a projection is: which rows an event touches, a pure fold of the event into each of them, and who hears of it.

Everything else (batches, positions, rebuilding, swapping, comparing) is done once for all projections by the framework,
live and rebuilding with this same fold. So a fold looks at nothing but its arguments: no clock, no database, no
randomness; and it never mutates the row that it is given (`msgspec.structs.replace`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from aggregates.kernel import Event
from projections.audience import Audience
from readmodels.table import Key, Table

E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=msgspec.Struct)

PG_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Metadata(msgspec.Struct, frozen=True):
    """Who caused the event, from where, by which command. Absent facts are None."""

    user_id: UUID | None = None
    employee_id: UUID | None = None
    address: str | None = None
    correlation_id: str | None = None
    command: str | None = None
    command_id: UUID | None = None


_METADATA = msgspec.json.Decoder(Metadata)
_NOBODY = Metadata()


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What the log knows of an event beside the event itself. Built for every event of a rebuild, so it decodes lazily."""

    position: int
    """In the log: gapless, from 1."""
    topic: str
    """As stored: an old topic where the event was upcast."""
    originator_id: UUID
    version: int
    recorded_micros: int = 0
    """Microseconds since 2000-01-01 UTC, PostgreSQL's own form."""
    raw_metadata: bytes | None = None
    """JSON as stored."""

    @property
    def recorded_at(self) -> datetime:
        """When the log took it: an aware instant in UTC."""
        return PG_EPOCH + timedelta(microseconds=self.recorded_micros)

    @property
    def metadata(self) -> Metadata:
        """Decoded at each call."""
        return _METADATA.decode(self.raw_metadata) if self.raw_metadata else _NOBODY


@dataclass(frozen=True)
class Own(Generic[E, R]):
    """For rows keyed by the aggregate's id: `fold(row, event)` gives the row afterwards.

    `row` is None where there is none, the answer None deletes.
    """

    fold: Callable[[R | None, E], R | None]


@dataclass(frozen=True)
class Parts(Generic[E, R]):
    """For an event of many parts each of which touches a row of its own (cells of a schedule).

    `parts(event)` gives pairs (key, part), each key once; `fold(row, part)` folds a part into its row, as `Own.fold` does.
    """

    parts: Callable[[E], Iterable[tuple[Key, Any]]]
    fold: Callable[[R | None, Any], R | None]


def replaced(_: object, part: R) -> R:
    """The fold of a part that is the new row."""
    return part


@dataclass(frozen=True)
class Appends(Generic[E, R]):
    """For an event that makes a row which no later event touches: `row(event, envelope)`. The only one that sees the envelope."""

    row: Callable[[E, Envelope], R]


Handler = Own[Any, R] | Parts[Any, R] | Appends[Any, R]
"""How one class of events changes rows."""


@dataclass(frozen=True)
class Projection(Generic[R]):
    """A read model's rows as a fold of the log.

    name          of the projection and of its table.
    revision      raised by hand when the fold or the table changes its meaning: the worker then rebuilds the read model.
    handlers      event class → how it changes rows; other events don't concern the projection.
    audience      who hears that rows changed; None = nobody. It has to be declared: a projection without one isn't made.
    one_stream    each row is touched by events of one aggregate alone: a rebuild may then share the log among processes.
    every_kind    it has something of every event: one of a kind that this code doesn't know concerns it too.
    """

    name: str
    table: Table[R]
    revision: int
    handlers: Mapping[type[Event], Handler[R]]
    audience: Audience | None = field(kw_only=True)
    one_stream: bool = False
    every_kind: bool = False

    def __post_init__(self) -> None:
        if self.name != self.table.name:
            raise TypeError(f"projection {self.name} is named unlike its table {self.table.name}")

    @cached_property
    def append_only(self) -> bool:
        """Each event makes a row that no later event touches: a rebuild then writes them out at once, and the live worker doesn't
        look for them.
        """
        return all(isinstance(handler, Appends) for handler in self.handlers.values())

    @cached_property
    def event_alone(self) -> bool:
        """No fold sees the envelope: a rebuild then doesn't read metadata and recording times."""
        return not any(isinstance(handler, Appends) for handler in self.handlers.values())

    def touches(self, handler: Handler[R], event: Event, envelope: Envelope) -> Iterable[tuple[Key, Any]]:
        """Key of each row that an event touches, and what is folded into it."""
        match handler:
            case Own():
                return ((event.originator_id, event),)
            case Parts():
                return handler.parts(event)
            case Appends():
                row = handler.row(event, envelope)
                return ((self.table.key_of(row), row),)
