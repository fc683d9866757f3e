"""Stock that would be below zero (STK-2, STK-3)."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError


class Shortage(msgspec.Struct, frozen=True):
    """A stock at the first moment at which it would be below zero. `document_id`: the document there; `missing`: in the unit of
    write-off.
    """

    goods_id: UUID
    warehouse_id: UUID
    moment: datetime
    document_id: UUID
    missing: Decimal


class GoodsMissing(DomainError):
    """A stock would be below zero. Checked on save by `gateways/guards/stock.py`. Facts: `shortage`."""

    code: ClassVar[str] = "goods_missing"

    def __init__(self, shortage: Shortage) -> None:
        super().__init__(shortage=shortage)
        self.shortage = shortage

    @property
    def sentence(self) -> str:
        moment, missing = self.shortage.moment, f"{self.shortage.missing.normalize():f}".replace(".", ",")
        return (
            f"Остаток товара стал бы меньше нуля: на {moment:%d.%m.%Y %H:%M} недостаёт {missing}. Сначала проведите поступление "
            "или измените документ, которому не хватает."
        )
