"""Visits, sales, returns of goods, payments and refunds as far as they concern patients' accounts; derived from them, what is
owed and prepaid when.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from aggregates.kernel import Event
from aggregates.money.allocation import NOTHING, Allocation
from aggregates.money.discounts import amounts
from aggregates.money.kopecks import kopecks_of, rubles
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import GoodsLine, Line
from aggregates.stock.stock_document import StockDocument, StockDocumentChanged, StockDocumentCreated
from aggregates.stock.stock_documents import CustomerReturn, GoodsIssue
from aggregates.stock.stock_lines import StockLine
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing, reference, sets
from projections.money.account_items import ACCOUNT_ITEMS
from readmodels.money.account_items import DOCUMENTS, AccountDocumentRow, DocumentKind, Price


def _prices(lines: Iterable[Line | GoodsLine]) -> tuple[Price, ...]:
    return tuple(Price(kopecks_of(line.amount), line.discount) for line in lines)


def _priced(row: AccountDocumentRow) -> AccountDocumentRow:
    """With what its lines come to: as `aggregates.scheduling.visit_lines.totals`."""
    lines = [(rubles(price.gross), price.discount) for price in (*row.services, *row.goods)]
    return replace(row, amount=int(amounts(lines, row.discount).net * 100))


def _booked(_: AccountDocumentRow | None, event: Visit.Booked) -> AccountDocumentRow:
    row = AccountDocumentRow(
        id=event.originator_id,
        kind="visit",
        patient_id=event.patient_id,
        moment=event.starts_at,
        amount=0,
        completed=False,
        deleted=False,
        version=event.originator_version,
        services=_prices(event.lines),
        discount=event.discount,
    )
    return _priced(row) if row.services else row


def _described(row: AccountDocumentRow, event: Visit.Described) -> AccountDocumentRow:
    changes = event.changes
    row = replace(
        row,
        patient_id=changes.patient.new if changes.patient else row.patient_id,
        services=_prices(changes.lines.new) if changes.lines else row.services,
        goods=_prices(changes.goods.new) if changes.goods else row.goods,
        discount=changes.discount.new if changes.discount else row.discount,
        version=event.originator_version,
    )
    return _priced(row) if changes.lines or changes.goods or changes.discount else row


def _taken(_: AccountDocumentRow | None, event: Payment.Taken) -> AccountDocumentRow:
    row = AccountDocumentRow(
        id=event.originator_id,
        kind="payment",
        patient_id=event.patient_id,
        moment=event.moment,
        amount=kopecks_of(event.sum),
        completed=True,
        deleted=False,
        version=event.originator_version,
    )
    return _allocated(row, event.allocations)


def _reallocated(row: AccountDocumentRow, event: Payment.Reallocated) -> AccountDocumentRow:
    return replace(_allocated(row, event.allocations), version=event.originator_version)


def _deleted(row: AccountDocumentRow, event: Payment.Deleted) -> AccountDocumentRow:
    """As `payments`: it has never paid for anything. The visits stay named, whose debts change by that."""
    return replace(row, deleted=True, allocations=(), version=event.originator_version)


def _returned(row: AccountDocumentRow, event: Payment.Returned) -> AccountDocumentRow:
    """As if it had never been deleted, where visits have room."""
    return replace(_allocated(replace(row, deleted=False), event.allocations), version=event.originator_version)


def _allocated(row: AccountDocumentRow, allocations: Sequence[Allocation]) -> AccountDocumentRow:
    visits = dict.fromkeys((*row.visit_ids, *(one.charge_id for one in allocations)))
    return replace(row, allocations=(*row.allocations, *allocations), visit_ids=tuple(visits))


def _stock_created(kind: DocumentKind) -> Own[Any, AccountDocumentRow]:
    def fold(_: AccountDocumentRow | None, event: StockDocumentCreated) -> AccountDocumentRow:
        row = AccountDocumentRow(
            id=event.originator_id,
            kind=kind,
            patient_id=None,
            moment=datetime.fromisoformat(str(event.card["moment"])),
            amount=0,
            completed=False,
            deleted=False,
            version=event.originator_version,
        )
        return _stock_written(row, event.card, event.lines)

    return Own(fold)


def _stock_changed(row: AccountDocumentRow, event: StockDocumentChanged) -> AccountDocumentRow:
    lines = event.lines.new if event.lines else None
    return replace(_stock_written(row, changed(event.changes), lines), version=event.originator_version)


def _stock_written(row: AccountDocumentRow, card: Mapping[str, Any], lines: Sequence[StockLine] | None) -> AccountDocumentRow:
    """With what of a head and lines is given."""
    if card.get("moment"):
        row = replace(row, moment=datetime.fromisoformat(card["moment"]))
    if "patient_id" in card:
        row = replace(row, patient_id=reference(card["patient_id"]))
    if origin := reference(card.get("origin_id")):
        row = replace(row, sale_id=origin, visit_ids=tuple(dict.fromkeys((*row.visit_ids, origin))))
    return row if lines is None else replace(row, amount=sum(kopecks_of(line.sum or NOTHING) for line in lines))


def _of_stock(kind: type[StockDocument], called: DocumentKind) -> dict[type[Event], Own[Any, AccountDocumentRow]]:
    return {
        kind.Created: _stock_created(called),
        kind.Changed: Own(existing(_stock_changed)),
        **sets(kind.Posted, lambda _: {"completed": True}),
        **sets(kind.Unposted, lambda _: {"completed": False}),
        **deletable(kind),
    }


def _made(_: AccountDocumentRow | None, event: Refund.Made) -> AccountDocumentRow:
    return AccountDocumentRow(
        id=event.originator_id,
        kind="refund",
        patient_id=event.patient_id,
        moment=event.moment,
        amount=kopecks_of(event.sum),
        completed=True,
        deleted=False,
        version=event.originator_version,
        payment_id=event.payment_id,
    )


ACCOUNT_DOCUMENTS = Projection(
    "account_documents",
    DOCUMENTS,
    revision=3,
    audience=Audience("debt_report", "income_report"),
    handlers={
        Visit.Booked: Own(_booked),
        **sets(Visit.Moved, lambda event: {"moment": event.new.starts_at}),
        Visit.Described: Own(existing(_described)),
        **sets(Visit.StatusChanged, lambda event: {"completed": event.new == "completed"}),
        **deletable(Visit),
        **_of_stock(GoodsIssue, "sale"),
        **_of_stock(CustomerReturn, "sale_return"),
        Payment.Taken: Own(_taken),
        Payment.Reallocated: Own(existing(_reallocated)),
        **deletable(Payment),
        Payment.Deleted: Own(existing(_deleted)),
        Payment.Returned: Own(existing(_returned)),
        Refund.Made: Own(_made),
        **deletable(Refund),
    },
    one_stream=True,
    derivation=ACCOUNT_ITEMS,
)
