"""The unit in which balances of goods are kept: of write-off, or of sale where there is none. Once goods have moved it stays:
what is there would be called by another unit (STK-1). Decided by `commands/balance_unit.py` by what the guard of stock knows.
"""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from aggregates.kernel import DomainError
from aggregates.values import Scalar


class BalanceUnitFixed(DomainError):
    """The unit of goods that are in posted documents is to change. Facts: `field`, `goods_id`, `goods`, `unit` (names)."""

    code: ClassVar[str] = "balance_unit_fixed"

    def __init__(self, field: str, goods_id: UUID, goods: str, unit: str) -> None:
        super().__init__(field=field, goods_id=goods_id, goods=goods, unit=unit)

    @property
    def sentence(self) -> str:
        return (
            f"Товар «{self.facts['goods']}» есть в проведённых документах и учитывается в единицах «{self.facts['unit']}»: "
            "сменить их нельзя. Создайте новый товар или сначала отмените проведение этих документов."
        )


def balance_unit(card: Mapping[str, Scalar]) -> UUID:
    """The unit in which balances of goods with this card are kept."""
    return UUID(str(card["write_off_unit"] or card["sale_unit"]))


def changed_unit(before: Mapping[str, Scalar], after: Mapping[str, Scalar]) -> str | None:
    """The field whose change is one of this unit, or of whether they have a unit of write-off."""
    if before["write_off_unit"] != after["write_off_unit"]:
        return "write_off_unit"
    return "sale_unit" if balance_unit(before) != balance_unit(after) else None
