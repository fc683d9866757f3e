"""A toy clinic for the framework's tests: boxes that are put on shelves, and two read models of them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from aggregates.kernel import Aggregate, Decoders, Event, applies
from projections.declaration import Appends, Envelope, Own, Parts, Projection, replaced
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


def _made(row: BoxRow | None, event: Box.Made) -> BoxRow:
    facts = {"letters": len(event.label)}
    return BoxRow(event.originator_id, event.label, event.price, event.tags, facts, event.timestamp, event.originator_version)


def _labelled(row: BoxRow | None, event: Box.Labelled) -> BoxRow | None:
    return row and replace(row, label=event.label, facts={"letters": len(event.label)}, version=event.originator_version)


def _thrown(row: BoxRow | None, event: Box.Thrown) -> None:
    return None


def boxes(revision: int = 1, labelled: Callable[..., BoxRow | None] = _labelled) -> Projection[BoxRow]:
    handlers = {
        Box.Made: Own(_made),
        Box.Labelled: Own(labelled),
        Box.Thrown: Own(_thrown),
    }
    return Projection("boxes", BOXES, revision, handlers, audience=None, one_stream=True)


def _put(event: Box.Shelved) -> Iterable[tuple[tuple[int, str], CellRow]]:
    return [(cell, CellRow(*cell, event.originator_id)) for cell in event.cells]


def cells(revision: int = 1) -> Projection[CellRow]:
    return Projection("cells", CELLS, revision, {Box.Shelved: Parts(_put, replaced)}, audience=None)


def _logged(event: Event, envelope: Envelope) -> LogRow:
    return LogRow(envelope.position, envelope.topic, envelope.metadata.command, envelope.recorded_at)


def box_log(revision: int = 1) -> Projection[LogRow]:
    handlers = dict.fromkeys(Box.EVENTS.values(), Appends(_logged))
    return Projection("box_log", LOG, revision, handlers, audience=None, one_stream=True, every_kind=True)


ALL = (boxes(), cells(), box_log())
