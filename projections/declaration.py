"""What a projection is: which rows an event touches, and a pure fold of the event into each of them.

Everything else (batches, positions, rebuilding, swapping, comparing) is done once for all projections by the framework,
live and rebuilding with this same fold. So a fold looks at nothing but its arguments: no clock, no database, no
randomness; and it never mutates the row that it is given (`msgspec.structs.replace`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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


UNREAD = -(2**62)
"""In place of a recording time, where a rebuild of projections of the event alone left it and the metadata out."""


class NotReadError(Exception):
    """A projection that is declared `event_alone` looked at the log's knowledge of an event."""


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
        if self.recorded_micros == UNREAD:
            raise NotReadError
        return PG_EPOCH + timedelta(microseconds=self.recorded_micros)

    @property
    def metadata(self) -> Metadata:
        """Decoded at each call."""
        if self.recorded_micros == UNREAD:
            raise NotReadError
        return _METADATA.decode(self.raw_metadata) if self.raw_metadata else _NOBODY


@dataclass(frozen=True)
class Handler(Generic[E, R]):
    """How one class of events changes rows.

    `keys(event, envelope)` gives the keys of the rows that it touches, each once.
    `fold(row, key, event, envelope)` gives the row afterwards; `row` is None where there is none, the answer None deletes.
    """

    keys: Callable[[E, Envelope], Iterable[Key]]
    fold: Callable[[R | None, Key, E, Envelope], R | None]


@dataclass(frozen=True)
class PartsHandler(Generic[E, R]):
    """As Handler, for an event of many parts each of which touches a row of its own (cells of a schedule).

    `parts(event, envelope)` gives pairs (key, part), each key once; `fold(row, part, event, envelope)` folds a part into its row.
    """

    parts: Callable[[E, Envelope], Iterable[tuple[Key, Any]]]
    fold: Callable[[R | None, Any, E, Envelope], R | None]


def own_key(event: Event, envelope: Envelope) -> tuple[UUID]:  # noqa: ARG001  the signature of `Handler.keys`
    """For rows keyed by the aggregate's id. The framework knows it and takes a shorter way."""
    return (event.originator_id,)


def position_key(event: Event, envelope: Envelope) -> tuple[int]:  # noqa: ARG001  the signature of `Handler.keys`
    """For rows keyed by the event's position."""
    return (envelope.position,)


@dataclass(frozen=True)
class Projection(Generic[R]):
    """A read model's rows as a fold of the log.

    name          of the projection and of its table.
    revision      raised by hand when the fold or the table changes its meaning: the worker then rebuilds the read model.
    handlers      event class → how it changes rows; other events don't concern the projection.
    audience      who hears that rows changed; None = nobody. It has to be declared: a projection without one isn't made.
    one_stream    each row is touched by events of one aggregate alone: a rebuild may then share the log among processes.
    event_alone   folds never look at the envelope's metadata or recording time: a rebuild then doesn't read them.
    every_kind    it has something of every event: one of a kind that this code doesn't know concerns it too.
    append_only   each event makes new rows that no later event touches: a rebuild then writes them out at once, and following
                  the log doesn't look for them.
    """

    name: str
    table: Table[R]
    revision: int
    handlers: Mapping[type[Event], Handler[Any, R] | PartsHandler[Any, R]]
    audience: Audience | None = field(kw_only=True)
    one_stream: bool = False
    every_kind: bool = False
    append_only: bool = False
    event_alone: bool = False

    def __post_init__(self) -> None:
        if self.name != self.table.name:
            raise TypeError(f"projection {self.name} is named unlike its table {self.table.name}")
