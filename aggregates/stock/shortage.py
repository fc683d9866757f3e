"""Stock that would be below zero (STK-2, STK-3)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError

MOST_SHORTAGES = 50
"""Most that a refusal names."""


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
    """Stocks would be below zero. Checked on save by `gateways/guards/stock.py`. Facts: `shortages`, in the order of their
    moments and no more than `MOST_SHORTAGES`; `others`: the number of further ones.
    """

    code: ClassVar[str] = "goods_missing"

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        ordered = sorted(shortages, key=lambda short: short.moment)
        super().__init__(shortages=ordered[:MOST_SHORTAGES], others=max(len(ordered) - MOST_SHORTAGES, 0))
        self.shortages = ordered

    @property
    def sentence(self) -> str:
        first, count = self.shortages[0], len(self.shortages)
        what = "Остаток товара стал" if count == 1 else f"Остатки товаров ({count}) стали"
        missing = f"{first.missing.normalize():f}".replace(".", ",")
        return (
            f"{what} бы меньше нуля: на {first.moment:%d.%m.%Y %H:%M} недостаёт {missing}. Сначала проведите поступление "
            "или измените документ, которому не хватает."
        )
