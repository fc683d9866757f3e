"""Stock documents of all kinds, one table; and visits, while they are completed with goods or materials."""

from typing import Any

from msgspec.structs import replace

from aggregates.kernel import Event
from aggregates.scheduling.visit import Visit
from aggregates.stock.stock_document import StockDocument, StockDocumentChanged, StockDocumentCreated
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing, sets
from projections.stock.stock_costs import STOCK_COSTS
from readmodels.stock.stock_documents import TABLE, StockDocumentRow, columns_of, row_of_visit


def _created(kind: type[StockDocument]) -> Own[Any, StockDocumentRow]:
    def fold(_: StockDocumentRow | None, event: StockDocumentCreated) -> StockDocumentRow:
        return StockDocumentRow(
            id=event.originator_id,
            kind=kind.TOPIC,
            number=event.number,
            posted=False,
            place=0,
            deleted=False,
            version=event.originator_version,
            **columns_of(kind, event.card, event.lines),
        )

    return Own(fold)


def _changed(kind: type[StockDocument]) -> Own[Any, StockDocumentRow]:
    def fold(row: StockDocumentRow, event: StockDocumentChanged) -> StockDocumentRow:
        card, lines = {**row.card, **changed(event.changes)}, event.lines.new if event.lines else row.lines
        return replace(row, version=event.originator_version, **columns_of(kind, card, lines))

    return Own(existing(fold))


def _visit_status(_: StockDocumentRow | None, event: Visit.StatusChanged) -> StockDocumentRow | None:
    """A visit has a row while it has taken something out of stock."""
    consumed = event.consumption
    return None if consumed is None else row_of_visit(event.originator_id, event.originator_version, consumed)


def _visit_deleted(row: StockDocumentRow | None, event: Visit.Deleted) -> StockDocumentRow | None:
    return None if row is None else replace(row, deleted=True, version=event.originator_version)


def _visit_returned(row: StockDocumentRow | None, event: Visit.Returned) -> StockDocumentRow | None:
    return None if row is None else replace(row, deleted=False, version=event.originator_version)


_OF_VISITS: dict[type[Event], Own[Any, StockDocumentRow]] = {
    Visit.StatusChanged: Own(_visit_status),
    Visit.Deleted: Own(_visit_deleted),
    Visit.Returned: Own(_visit_returned),
}


def _handlers() -> dict[type[Event], Own[Any, StockDocumentRow]]:
    handlers: dict[type[Event], Own[Any, StockDocumentRow]] = {}
    for kind in STOCK_DOCUMENTS:
        handlers[kind.Created] = _created(kind)
        handlers[kind.Changed] = _changed(kind)
        handlers |= sets(kind.Posted, lambda event: {"posted": True, "place": event.place})
        handlers |= sets(kind.Unposted, lambda _: {"posted": False})
        handlers |= deletable(kind)
    return handlers


DOCUMENTS = Projection(
    "stock_documents",
    TABLE,
    revision=4,
    audience=Audience("stock_balances", "calendar", *(kind.RIGHT for kind in STOCK_DOCUMENTS)),
    handlers={**_handlers(), **_OF_VISITS},
    one_stream=True,
    derivation=STOCK_COSTS,
)
