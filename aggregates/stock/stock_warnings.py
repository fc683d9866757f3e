"""A warning before a stock falls below zero where the clinic doesn't forbid it (STK-3), collected by
`commands/stock/document.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from aggregates.stock.shortage import Shortage
from aggregates.warnings import DomainWarning

MOST_NAMED = 5
"""Most goods that the sentence names."""


class Short(msgspec.Struct, frozen=True):
    """A `Shortage` as events store it once it was accepted."""

    goods_id: UUID
    warehouse_id: UUID
    moment: datetime
    missing: Decimal


class NamedShortage(Shortage, frozen=True):
    """With the names of goods and warehouse."""

    goods: str
    warehouse: str

    @property
    def stored(self) -> Short:
        return Short(self.goods_id, self.warehouse_id, self.moment, self.missing)


class StockShort(DomainWarning, frozen=True, kw_only=True):
    """Stocks that would be below zero, each at its first such moment."""

    KIND: ClassVar[str] = "stock_short"

    shortages: tuple[NamedShortage, ...]

    @property
    def stored(self) -> tuple[Short, ...]:
        """As events store it once it was accepted."""
        return tuple(one.stored for one in self.shortages)

    @property
    def about(self) -> Sequence[object]:
        return [(one.goods_id, one.warehouse_id, one.moment, one.missing) for one in self.shortages]

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"shortages": self.shortages}

    @property
    def sentence(self) -> str:
        named = [f"{one.goods} ({one.warehouse}, {one.moment:%d.%m.%Y}) – {_number(one.missing)}" for one in self.shortages]
        further = f" и ещё {len(named) - MOST_NAMED}" if len(named) > MOST_NAMED else ""
        return f"На складе недостаёт: {'; '.join(named[:MOST_NAMED])}{further}. Остаток станет меньше нуля."


def _number(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}".replace(".", ",")
