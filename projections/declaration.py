"""What a projection declares: which rows an event touches, a pure fold of the event into each of them, and its audience.

Everything else (batches, positions, rebuilding, swapping, comparing) is done for all projections by the framework. Live worker
and rebuild use the same fold. So a fold depends on its arguments only (no clock, no database, no randomness) and never mutates
the row (`msgspec.structs.replace`).
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
from projections.derivation import Derivation, TableNames
from readmodels.table import Key, Table

E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=msgspec.Struct)

PG_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Metadata(msgspec.Struct, frozen=True):
    """Who caused the event, from where, by which command. None if unknown."""

    user_id: UUID | None = None
    employee_id: UUID | None = None
    address: str | None = None
    correlation_id: str | None = None
    command: str | None = None
    command_id: UUID | None = None


_METADATA = msgspec.json.Decoder(Metadata)
_NOBODY = Metadata()


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What the log stores with an event. Built for every event of a rebuild, so it decodes lazily."""

    position: int
    """Position in the log: gapless, from 1."""
    topic: str
    """As stored: the old topic of an upcast event."""
    originator_id: UUID
    version: int
    recorded_micros: int = 0
    """Microseconds since 2000-01-01 UTC, PostgreSQL's own form."""
    raw_metadata: bytes | None = None
    """JSON as stored."""

    @property
    def recorded_at(self) -> datetime:
        """When it was written to the log: an aware instant in UTC."""
        return PG_EPOCH + timedelta(microseconds=self.recorded_micros)

    @property
    def metadata(self) -> Metadata:
        """Decoded at each call."""
        return _METADATA.decode(self.raw_metadata) if self.raw_metadata else _NOBODY


@dataclass(frozen=True)
class Own(Generic[E, R]):
    """For rows keyed by the aggregate's id: `fold(row, event)` returns the new row.

    `row` is None if there is none; returning None deletes it.
    """

    fold: Callable[[R | None, E], R | None]


@dataclass(frozen=True)
class Parts(Generic[E, R]):
    """For an event whose parts touch different rows (cells of a schedule).

    `parts(event)` returns pairs (key, part), each key once; `fold(row, part)` folds a part into its row, like `Own.fold`.
    """

    parts: Callable[[E], Iterable[tuple[Key, Any]]]
    fold: Callable[[R | None, Any], R | None]


def replaced(_: object, part: R) -> R:
    """A fold for parts that are the new row themselves."""
    return part


@dataclass(frozen=True)
class Appends(Generic[E, R]):
    """For an event that appends a row which no later event touches: `row(event, envelope)`, None for none. Only this handler gets
    the envelope.
    """

    row: Callable[[E, Envelope], R | None]


Handler = Own[Any, R] | Parts[Any, R] | Appends[Any, R]
"""How a class of events changes rows."""


@dataclass(frozen=True)
class Projection(Generic[R]):
    """A read model's rows as a fold of the log.

    name          of the projection and of its table.
    revision      raised by hand when the fold or the table changes its meaning; the read model is then rebuilt.
    handlers      event class → how it changes rows; other events don't concern the projection.
    audience      who is notified of changed rows; None = nobody. Has no default, so that it isn't forgotten.
    one_stream    each row is touched by events of one aggregate only: a rebuild may then split the log among processes.
    every_kind    it handles every event, including events of kinds that this code doesn't know.
    derivation    further tables of rows that depend on other rows. Notices name rows of the first one, the source.
    """

    name: str
    table: Table[R]
    revision: int
    handlers: Mapping[type[Event], Handler[R]]
    audience: Audience | None = field(kw_only=True)
    one_stream: bool = False
    every_kind: bool = False
    derivation: Derivation[R, Any] | None = None

    def __post_init__(self) -> None:
        if self.name != self.table.name:
            raise TypeError(f"projection {self.name} is named unlike its table {self.table.name}")
        if len({table.name for table in self.tables}) < len(self.tables):
            raise TypeError(f"projection {self.name}: its derived table needs a name of its own")

    @cached_property
    def tables(self) -> tuple[Table[Any], ...]:
        """Its table, and the derived ones if there are any."""
        return (self.table,) if self.derivation is None else (self.table, *self.derivation.tables)

    @cached_property
    def shape(self) -> str:
        """The shape of its tables: a projection of equal shape can write them."""
        return "; ".join([self.table.shape, *(f"{table.name}: {table.shape}" for table in self.tables[1:])])

    def table_names(self, called: Mapping[str, str]) -> TableNames:
        """The names of source and derived tables; `called` has those that differ from the declared ones. Needs a derivation."""
        source, derived, *further = (called.get(table.name, table.name) for table in self.tables)
        return TableNames(source, derived, tuple(further))

    @cached_property
    def append_only(self) -> bool:
        """Every handler is `Appends`: a rebuild then writes rows at once, and the live worker doesn't load them."""
        return all(isinstance(handler, Appends) for handler in self.handlers.values())

    @cached_property
    def without_envelope(self) -> bool:
        """No handler is `Appends`: a rebuild then reads no metadata and recording times."""
        return not any(isinstance(handler, Appends) for handler in self.handlers.values())

    def touches(self, handler: Handler[R], event: Event, envelope: Envelope) -> Iterable[tuple[Key, Any]]:
        """(key, part) for each row that an event touches."""
        match handler:
            case Own():
                return ((event.originator_id, event),)
            case Parts():
                return handler.parts(event)
            case Appends():
                row = handler.row(event, envelope)
                return () if row is None else ((self.table.key_of(row), row),)
