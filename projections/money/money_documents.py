"""Money documents of all kinds, one table: with what patients pay and get back, and certificates that are sold, where a desk has
part in it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from aggregates.deletion import Deletable
from aggregates.kernel import Event
from aggregates.money.certificate import Certificate
from aggregates.money.money_document import Flow, MoneyDocument, MoneyDocumentChanged, MoneyDocumentCreated
from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.money.payment import Payment, Till
from aggregates.money.refund import Refund
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import changed, existing
from projections.money.desk_turnovers import DESK_TURNOVERS
from readmodels.money.money_documents import TABLE, MoneyDocumentRow, columns_of, of_desk


def _created(kind: type[MoneyDocument]) -> Own[Any, MoneyDocumentRow]:
    def fold(_: MoneyDocumentRow | None, event: MoneyDocumentCreated) -> MoneyDocumentRow:
        return MoneyDocumentRow(
            id=event.originator_id,
            kind=kind.TOPIC,
            number=event.number,
            place=event.place,
            deleted=False,
            version=event.originator_version,
            **columns_of(kind, event.card, event.lines, event.pays),
        )

    return Own(fold)


def _changed(kind: type[MoneyDocument]) -> Own[Any, MoneyDocumentRow]:
    def fold(row: MoneyDocumentRow, event: MoneyDocumentChanged) -> MoneyDocumentRow:
        card = {**row.card, **changed(event.changes)}
        lines = event.lines.new if event.lines else row.lines
        pays = event.pays.new if event.pays else row.pays
        return replace(row, version=event.originator_version, **columns_of(kind, card, lines, pays, row.counted_on))

    return Own(existing(fold))


def _handlers() -> dict[type[Event], Own[Any, MoneyDocumentRow]]:
    handlers: dict[type[Event], Own[Any, MoneyDocumentRow]] = {}
    for kind in MONEY_DOCUMENTS:
        handlers[kind.Created] = _created(kind)
        handlers[kind.Changed] = _changed(kind)
        handlers |= deletable(kind)
    return handlers


def _paid(_: MoneyDocumentRow | None, event: Payment.Taken) -> MoneyDocumentRow | None:
    return _of_patient(Payment.TOPIC, "income", event, event.till, event.sum, event.comment)


def _refunded(_: MoneyDocumentRow | None, event: Refund.Made) -> MoneyDocumentRow | None:
    return _of_patient(Refund.TOPIC, "outgo", event, event.till, event.sum, event.reason)


def _of_patient(
    kind: str, flow: Flow, event: Payment.Taken | Refund.Made, till: Till, total: Decimal, text: str
) -> MoneyDocumentRow | None:
    """None of what is paid by a certificate: no desk has part in it."""
    if till.desk_id is None:
        return None
    columns = of_desk(flow, event.moment, till.desk_id, event.patient_id, total, text)
    return MoneyDocumentRow(
        id=event.originator_id,
        kind=kind,
        number=event.number,
        place=event.place,
        deleted=False,
        version=event.originator_version,
        **columns,
    )


def _sold(_: MoneyDocumentRow | None, event: Certificate.Sold) -> MoneyDocumentRow | None:
    card = event.card
    price, buyer = Decimal(str(card["price"])), card["buyer_id"]
    if not price:
        return None
    moment, desk_id = datetime.fromisoformat(str(card["moment"])), UUID(str(card["desk_id"]))
    columns = of_desk("income", moment, desk_id, UUID(str(buyer)) if buyer else None, price, f"Сертификат № {card['code']}")
    return MoneyDocumentRow(
        id=event.originator_id,
        kind=Certificate.TOPIC,
        number=event.place,
        place=event.place,
        deleted=False,
        version=event.originator_version,
        **columns,
    )


def _renamed(row: MoneyDocumentRow | None, event: Certificate.Changed) -> MoneyDocumentRow | None:
    """Another code or buyer; nothing of a gift."""
    if row is None:
        return None
    new = changed(event.changes)
    text = f"Сертификат № {new['code']}" if "code" in new else str(row.card["comment"])
    buyer = UUID(str(new["buyer_id"])) if new.get("buyer_id") else None if "buyer_id" in new else row.party_id
    columns = of_desk(row.flow, row.moment, row.desk_id, buyer, row.total, text)
    return replace(row, version=event.originator_version, **columns)


def _deletion(*, deleted: bool) -> Own[Any, MoneyDocumentRow]:
    """Of what may have no row."""

    def fold(row: MoneyDocumentRow | None, event: Event) -> MoneyDocumentRow | None:
        return None if row is None else replace(row, deleted=deleted, version=event.originator_version)

    return Own(fold)


def _handlers_of_patients() -> dict[type[Event], Own[Any, MoneyDocumentRow]]:
    kinds: tuple[type[Deletable], ...] = (Payment, Refund, Certificate)
    return {
        Payment.Taken: Own(_paid),
        Refund.Made: Own(_refunded),
        Certificate.Sold: Own(_sold),
        Certificate.Changed: Own(_renamed),
        **{kind.Deleted: _deletion(deleted=True) for kind in kinds},
        **{kind.Returned: _deletion(deleted=False) for kind in kinds},
    }


MONEY_DOCUMENTS_MODEL = Projection(
    "money_documents",
    TABLE,
    revision=3,
    audience=Audience(
        "desk_balances", "settlements", "calendar_statistics", "payroll", *(kind.RIGHT for kind in MONEY_DOCUMENTS)
    ),
    handlers=_handlers() | _handlers_of_patients(),
    one_stream=True,
    derivation=DESK_TURNOVERS,
)
