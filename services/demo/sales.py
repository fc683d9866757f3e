"""The demonstration's sales at the desk: brushes and paste, to patients and to people without a name; one comes back."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from aggregates.catalogues import CashDesk, Goods, Warehouse, first_entry_id
from commands.context import Context
from commands.money.paying import Asked, Part
from commands.scheduling.visit_lines import RequestedGoods
from commands.selling.sale import sell
from commands.selling.sale_return import Back, MoneyBack, take_back
from services.demo.catalogues import Catalogues
from services.demo.timeline import Timeline

_BRUSH, _PASTE = "Щётка ортодонтическая", "Паста профессиональная, 100 мл"
_SOLD: tuple[tuple[int, str, str, int, bool], ...] = (
    (-25, "11:35", _BRUSH, 1, False),
    (-16, "15:10", _PASTE, 1, True),
    (-8, "12:25", _BRUSH, 2, False),
    (-5, "16:40", _PASTE, 2, True),
    (-1, "10:50", _BRUSH, 1, True),
)
"""Days from today, when, what, how many, whether to a patient. The last one is owed."""
_BACK = 2
"""The sale of which one comes back a day later."""


class Sales:
    """Plans the sales, each on its own day."""

    def __init__(self, timeline: Timeline, catalogues: Catalogues) -> None:
        self._timeline, self._catalogues = timeline, catalogues

    def plan(self) -> None:
        for number, (day, clock, *_) in enumerate(_SOLD):
            local = self._timeline.wall_clock(day, clock)
            self._timeline.at(local, partial(self._sell, number, local))
        local = self._timeline.wall_clock(_SOLD[_BACK][0] + 1, "12:05")
        self._timeline.at(local, partial(self._take_back, local))

    def _sell(self, number: int, local: datetime, moment: datetime) -> None:
        _, _, name, count, named = _SOLD[number]
        patients = self._timeline.patients
        buyer = patients[number % len(patients)] if named and patients else None
        goods_id, owed = self._catalogues.id(Goods, name), number == len(_SOLD) - 1 and buyer is not None
        price = Decimal(str(self._timeline.clinic.load(Goods, goods_id).card["price"]))
        part = Part(desk_id=self._terminal, sum=price * count, payment_id=self._payment(number))
        sell(
            self._timeline.clinic,
            self._by_receptionist(moment, "sell"),
            local,
            [RequestedGoods(goods_id, Decimal(count))],
            Asked(local, [] if owed else [part]),
            warehouse_id=first_entry_id(Warehouse, "Основной склад"),
            patient_id=buyer,
            issue_id=self._id(number),
        )

    def _take_back(self, local: datetime, moment: datetime) -> None:
        goods_id = self._catalogues.id(Goods, _SOLD[_BACK][2])
        price = Decimal(str(self._timeline.clinic.load(Goods, goods_id).card["price"]))
        back = MoneyBack(self._payment(_BACK), price, self._terminal, self._timeline.id("refund of a sale", _BACK))
        ctx = self._timeline.by_manager(moment, "take_back")
        take_back(
            self._timeline.clinic, ctx, self._id(_BACK), local, [Back(goods_id, Decimal(1))], [back], reason="Купили лишнюю",
            return_id=self._timeline.id("sale return", _BACK),
        )  # fmt: skip

    def _by_receptionist(self, moment: datetime, command: str) -> Context:
        return self._timeline.by(self._timeline.receptionists[0], moment, command)

    @property
    def _terminal(self) -> UUID:
        return self._catalogues.id(CashDesk, "Терминал")

    def _id(self, number: int) -> UUID:
        return self._timeline.id("sale", number)

    def _payment(self, number: int) -> UUID:
        return self._timeline.id("payment of a sale", number)
