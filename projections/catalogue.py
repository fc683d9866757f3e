"""Entries of all plain catalogues, one table."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from aggregates.catalogue import CatalogueEntry, EntryChanged, EntryCreated
from aggregates.catalogues import CATALOGUES, choosing_rights
from aggregates.deletion import ObjectDeleted, ObjectReturned
from aggregates.kernel import Event
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection, own_key
from projections.existing import existing
from readmodels.catalogue import TABLE, EntryRow, row_of


def _created(kind: type[CatalogueEntry]) -> Handler[Any, EntryRow]:
    def fold(row: EntryRow | None, key: UUID, event: EntryCreated, envelope: Envelope) -> EntryRow:  # noqa: ARG001
        return row_of(kind, key, {**kind.empty(), **event.card}, deleted=False, version=event.originator_version)

    return Handler(own_key, fold)


def _changed(kind: type[CatalogueEntry]) -> Handler[Any, EntryRow]:
    def fold(row: EntryRow, key: UUID, event: EntryChanged, envelope: Envelope) -> EntryRow:  # noqa: ARG001
        card = {**row.card, **{change.field: change.new for change in event.changes}}
        return row_of(kind, key, card, deleted=row.deleted, version=event.originator_version)

    return Handler(own_key, existing(fold))


def _deleted(row: EntryRow, key: UUID, event: ObjectDeleted, envelope: Envelope) -> EntryRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=True)


def _returned(row: EntryRow, key: UUID, event: ObjectReturned, envelope: Envelope) -> EntryRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=False)


def _handlers() -> dict[type[Event], Handler[Any, EntryRow]]:
    handlers: dict[type[Event], Handler[Any, EntryRow]] = {}
    for kind in CATALOGUES:
        handlers[kind.Created] = _created(kind)
        handlers[kind.Changed] = _changed(kind)
        handlers[kind.Deleted] = Handler(own_key, existing(_deleted))
        handlers[kind.Returned] = Handler(own_key, existing(_returned))
    return handlers


CATALOGUE = Projection(
    "catalogue",
    TABLE,
    revision=2,
    audience=Audience(*(right for kind in CATALOGUES for right in choosing_rights(kind))),
    handlers=_handlers(),
    one_stream=True,
    event_alone=True,
)
