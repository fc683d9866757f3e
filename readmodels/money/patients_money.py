"""What patients pay and get back, and certificates that are sold, among the money documents: what they are called."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from aggregates.money.certificate import Certificate
from aggregates.money.money_documents import MONEY_KINDS
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.values import Scalar

KINDS: Final[Mapping[str, str]] = {Payment.TOPIC: "Оплата", Refund.TOPIC: "Возврат", Certificate.TOPIC: "Сертификат"}
ARTICLES: Final[Mapping[str, str]] = {
    Payment.TOPIC: "Оплата пациента",
    Refund.TOPIC: "Возврат пациенту",
    Certificate.TOPIC: "Продажа сертификата",
}
"""What stands in a workbook where other documents have an article."""


def title_of(kind: str, number: int, comment: str) -> str:
    """«Оплата № 12», «Приход средств № 3». `comment`: of a certificate, which has no number of its own: «Сертификат № А-17»."""
    if kind == Certificate.TOPIC:
        return comment
    return f"{KINDS.get(kind) or MONEY_KINDS[kind].ONE} № {number}"


def references(card: Mapping[str, Scalar]) -> dict[str, UUID]:
    """Desk and patient."""
    return {name: UUID(str(card[name])) for name in ("desk_id", "patient_id") if card.get(name)}
