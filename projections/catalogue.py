"""Entries of all plain catalogues, one table."""

from typing import Any

from aggregates.catalogue import CatalogueEntry, EntryChanged, EntryCreated
from aggregates.catalogues import CATALOGUES, choosing_rights
from aggregates.kernel import Event
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing
from readmodels.catalogue import TABLE, EntryRow, row_of


def _created(kind: type[CatalogueEntry]) -> Own[Any, EntryRow]:
    def fold(_: EntryRow | None, event: EntryCreated) -> EntryRow:
        return row_of(kind, event.originator_id, {**kind.empty(), **event.card}, deleted=False, version=event.originator_version)

    return Own(fold)


def _changed(kind: type[CatalogueEntry]) -> Own[Any, EntryRow]:
    def fold(row: EntryRow, event: EntryChanged) -> EntryRow:
        card = {**row.card, **changed(event.changes)}
        return row_of(kind, event.originator_id, card, deleted=row.deleted, version=event.originator_version)

    return Own(existing(fold))


def _handlers() -> dict[type[Event], Own[Any, EntryRow]]:
    handlers: dict[type[Event], Own[Any, EntryRow]] = {}
    for kind in CATALOGUES:
        handlers[kind.Created] = _created(kind)
        handlers[kind.Changed] = _changed(kind)
        handlers |= deletable(kind)
    return handlers


CATALOGUE = Projection(
    "catalogue",
    TABLE,
    revision=3,
    audience=Audience(*(right for kind in CATALOGUES for right in choosing_rights(kind))),
    handlers=_handlers(),
    one_stream=True,
)
