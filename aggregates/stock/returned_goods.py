"""Goods that come back of an issue: at every moment no more than had left by it until then (STK-1)."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError


class Excess(msgspec.Struct, frozen=True):
    """More of some goods would have come back than had left by the issue `origin_id`: the first such moment, the return there
    (`document_id`), and how much too many, in the unit of write-off.
    """

    origin_id: UUID
    goods_id: UUID
    moment: datetime
    document_id: UUID
    quantity: Decimal


class ReturnedTooMuch(DomainError):
    """A return takes back what had not left by its issue, or not yet; or the issue is to be lessened, moved behind its return, or
    taken out of effect. Checked on save by `gateways/guards/returned_goods.py`. Facts: `excess`.
    """

    code: ClassVar[str] = "returned_too_much"

    def __init__(self, excess: Excess) -> None:
        super().__init__(excess=excess)
        self.excess = excess

    @property
    def sentence(self) -> str:
        moment, quantity = self.excess.moment, f"{self.excess.quantity.normalize():f}".replace(".", ",")
        return (
            f"По расходной накладной вернулось бы больше, чем отпущено: на {moment:%d.%m.%Y %H:%M} лишних {quantity}. Уменьшите "
            "количество, поставьте возврату дату позже накладной или сначала отмените его проведение."
        )
