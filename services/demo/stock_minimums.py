"""The demonstration's minimums of stock: some are kept, some goods are to be bought."""

from datetime import datetime
from decimal import Decimal

from aggregates.catalogues import Goods, Warehouse, first_entry_id
from commands.stock import minimum
from services.demo.catalogues import Catalogues
from services.demo.timeline import Timeline

_MAIN, _SURGERY = "Основной склад", "Склад хирургии"
_MINIMUMS: tuple[tuple[str, str, str], ...] = (
    ("Композит светоотверждаемый, шприц", _MAIN, "6"),
    ("Гель для протравливания, 12 мл", _MAIN, "24"),
    ("Анестетик артикаиновый, карпула", _MAIN, "150"),
    ("Анестетик артикаиновый, карпула", _SURGERY, "200"),
    ("Игла карпульная", _MAIN, "250"),
    ("Перчатки нитриловые, упаковка", _MAIN, "4500"),
    ("Имплантат титановый", _MAIN, "10"),
)
"""Goods, warehouse, how much of the unit of write-off it has to keep."""


def set_minimums(timeline: Timeline, catalogues: Catalogues, moment: datetime) -> None:
    for goods, name, least in _MINIMUMS:
        warehouse = first_entry_id(Warehouse, name) if name == _MAIN else catalogues.id(Warehouse, name)
        ctx = timeline.by_manager(moment, "set_minimum")
        minimum.set_minimum(timeline.clinic, ctx, catalogues.id(Goods, goods), warehouse, Decimal(least))
