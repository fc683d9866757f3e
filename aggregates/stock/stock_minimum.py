"""How much of an item a warehouse has to keep: below it the item is on the list of what to buy (STK-4).

One for each goods and warehouse, under an id that follows from both; a minimum of 0 is none.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID, uuid5

from aggregates.kernel import Aggregate, Event, applies
from aggregates.values import NAMESPACE_DENTA, quantity


def minimum_id(goods_id: UUID, warehouse_id: UUID) -> UUID:
    return uuid5(NAMESPACE_DENTA, f"stock-minimum:{goods_id}:{warehouse_id}")


class StockMinimum(Aggregate):
    TOPIC = "stock_minimum"

    quantity: Decimal = Decimal(0)
    """In the unit of write-off."""

    class Set(Event, frozen=True):
        TOPIC: ClassVar[str] = "stock_minimum.set.1"
        goods_id: UUID
        warehouse_id: UUID
        old: Decimal
        new: Decimal

    def set(self, goods_id: UUID, warehouse_id: UUID, value: Decimal, *, at: datetime) -> None:
        """No event without a difference. WrongValue."""
        new = quantity("quantity", value, least=Decimal(0))
        if new != self.quantity:
            self.trigger(self.Set, goods_id=goods_id, warehouse_id=warehouse_id, old=self.quantity, new=new, at=at)

    @applies(Set)
    def _set(self, event: Set) -> None:
        self.quantity = event.new
