"""What a completed visit takes out of a warehouse: the goods that the patient got, and the materials used up (VIS-3).

Materials that nobody looked at are those of the services' norms; the warehouse that nobody chose is the doctor's own, or else
«Склад для списания». The event of the completion carries all of it, so that neither norms nor settings are looked up again.
Stock is guarded by `gateways/guards/stock.py`, as that of stock documents.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.clinic.service import Norm
from aggregates.kernel import DomainError
from aggregates.scheduling.visit_lines import MaterialLine
from aggregates.stock.costing import Movement
from aggregates.stock.stock_document import Places, Shape, movements_of
from aggregates.stock.stock_lines import StockLine
from aggregates.values import QUANTITY_PLACES

VISIT_SHAPE = Shape(effect="issue", priced=True)
"""A completed visit is to the stock what an issue of goods is."""
FIRST_PLACE = 2**40
"""Stock documents are in the order of their first postings, whose numbers never come to this. Behind those of its minute stand
visits, by their numbers: so they draw no places.
"""


class Consumption(msgspec.Struct, frozen=True):
    """number    of the visit.
    place     among what moves stock in one minute.
    moment    the visit's end, by the clinic's wall clock.
    lines     goods, then materials; a line's number is its place here.
    """

    number: int
    place: int
    moment: datetime
    warehouse_id: UUID
    lines: tuple[StockLine, ...]

    def movements(self, visit_id: UUID) -> Iterable[Movement]:
        return movements_of(visit_id, VISIT_SHAPE, Places(self.warehouse_id), self.lines)


class WriteOff(msgspec.Struct, frozen=True):
    """What is written off where nobody decided otherwise. `warehouse_id`: None where neither doctor nor settings name one."""

    warehouse_id: UUID | None = None
    materials: tuple[MaterialLine, ...] = ()


BY_HAND = WriteOff()
"""Nothing but what a person wrote into the visit."""


class WarehouseRequired(DomainError):
    """Goods or materials of a visit have no warehouse to leave."""

    code: ClassVar[str] = "warehouse_required"

    def __init__(self) -> None:
        super().__init__(field="warehouse_id")

    @property
    def sentence(self) -> str:
        return (
            "Выберите склад, с которого списать товары и материалы: в визите или в настройках клиники, «Склад для списания». "
            "Потом завершайте визит."
        )


def materials_of(norms: Iterable[tuple[Sequence[Norm], int]]) -> tuple[MaterialLine, ...]:
    """Materials for services done: (norms of a service, how many times) → each material once, in the order of its first one."""
    sums: dict[UUID, Decimal] = {}
    for each, times in norms:
        for norm in each:
            sums[norm.goods_id] = sums.get(norm.goods_id, Decimal(0)) + Decimal(norm.quantity) * times
    rounded = {goods_id: total.quantize(QUANTITY_PLACES, ROUND_HALF_UP) for goods_id, total in sums.items()}
    return tuple(MaterialLine(goods_id, Decimal(f"{total.normalize():f}")) for goods_id, total in rounded.items() if total)
