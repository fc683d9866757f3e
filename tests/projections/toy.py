"""A toy clinic for the framework's tests: boxes that are put on shelves, and two read models of them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from aggregates.kernel import Aggregate, Decoders, Event, applies
from projections.declaration import Envelope, Handler, PartsHandler, Projection, own_key, position_key
from readmodels.table import Table


class Box(Aggregate):
    """A box has a label and a price, and may be thrown away."""

    TOPIC = "box"

    class Made(Event, frozen=True, kw_only=True):
        TOPIC = "box.made.1"
        label: str
        price: Decimal = Decimal("1.50")
        tags: tuple[str, ...] = ()

    class Labelled(Event, frozen=True, kw_only=True):
        TOPIC = "box.labelled.1"
        label: str

    class Thrown(Event, frozen=True, kw_only=True):
        TOPIC = "box.thrown.1"

    class Shelved(Event, frozen=True, kw_only=True):
        TOPIC = "box.shelved.1"
        cells: tuple[tuple[int, str], ...]

    @applies(Made)
    def _made(self, event: Made) -> None:
        self.label = event.label

    @applies(Labelled)
    def _labelled(self, event: Labelled) -> None:
        self.label = event.label

    @applies(Thrown)
    def _thrown(self, event: Thrown) -> None:
        """Nothing is kept of it."""

    @applies(Shelved)
    def _shelved(self, event: Shelved) -> None:
        """Nothing is kept of it."""


DECODERS: Decoders = {topic: msgspec.json.Decoder(event_class).decode for topic, event_class in Box.EVENTS.items()}


class BoxRow(msgspec.Struct, frozen=True):
    box_id: UUID
    label: str
    price: Decimal
    tags: tuple[str, ...]
    facts: dict[str, int]
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    version: int
    shelf: int | None = None


class CellRow(msgspec.Struct, frozen=True):
    shelf: int
    cell: str
    box_id: UUID


class LogRow(msgspec.Struct, frozen=True):
    position: int
    topic: str
    command: str | None
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]


BOXES = Table("boxes", BoxRow, key=("box_id",), indexes=("(label)", "using gin (tags)"))
CELLS = Table("cells", CellRow, key=("shelf", "cell"))
LOG = Table("box_log", LogRow, key=("position",))


def _made(row: BoxRow | None, key: UUID, event: Box.Made, envelope: Envelope) -> BoxRow:
    return BoxRow(key, event.label, event.price, event.tags, {"letters": len(event.label)}, event.timestamp, envelope.version)


def _labelled(row: BoxRow | None, key: UUID, event: Box.Labelled, envelope: Envelope) -> BoxRow | None:
    return row and replace(row, label=event.label, facts={"letters": len(event.label)}, version=envelope.version)


def _thrown(row: BoxRow | None, key: UUID, event: Box.Thrown, envelope: Envelope) -> None:
    return None


def boxes(revision: int = 1, labelled: Callable[..., BoxRow | None] = _labelled) -> Projection[BoxRow]:
    handlers = {
        Box.Made: Handler(own_key, _made),
        Box.Labelled: Handler(own_key, labelled),
        Box.Thrown: Handler(own_key, _thrown),
    }
    return Projection("boxes", BOXES, revision, handlers, audience=None, one_stream=True)


def _put(row: CellRow | None, part: tuple[int, str], event: Box.Shelved, envelope: Envelope) -> CellRow:
    return CellRow(*part, event.originator_id)


def cells(revision: int = 1) -> Projection[CellRow]:
    return Projection(
        "cells", CELLS, revision, {Box.Shelved: PartsHandler(lambda e, _: ((c, c) for c in e.cells), _put)}, audience=None
    )


def _logged(row: LogRow | None, key: int, event: Event, envelope: Envelope) -> LogRow:
    return LogRow(key, envelope.topic, envelope.metadata.command, envelope.recorded_at)


def box_log(revision: int = 1) -> Projection[LogRow]:
    handlers = {event_class: Handler(position_key, _logged) for event_class in Box.EVENTS.values()}
    return Projection("box_log", LOG, revision, handlers, audience=None, one_stream=True, every_kind=True, append_only=True)


ALL = (boxes(), cells(), box_log())
