"""Cash that would be below zero (FIN-1)."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError


class CashShortage(msgspec.Struct, frozen=True):
    """A desk at the first moment at which it would be below zero. `document_id`: the document there; `missing`: rubles."""

    desk_id: UUID
    moment: datetime
    document_id: UUID
    missing: Decimal


class CashMissing(DomainError):
    """A desk of cash would be below zero. Checked on save by `gateways/guards/cash.py`. Facts: `shortage`."""

    code: ClassVar[str] = "cash_missing"

    def __init__(self, shortage: CashShortage) -> None:
        super().__init__(shortage=shortage)
        self.shortage = shortage

    @property
    def sentence(self) -> str:
        moment, missing = self.shortage.moment, f"{self.shortage.missing:,.2f}".replace(",", "\u00a0").replace(".", ",")
        return (
            f"Денег в кассе стало бы меньше нуля: на {moment:%d.%m.%Y %H:%M} недостаёт {missing}\u00a0₽. Сначала внесите приход "
            "или измените документ, которому не хватает."
        )
