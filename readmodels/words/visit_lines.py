"""What a visit's lines, discounts and materials are called in journal and history."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from aggregates.catalogues import Goods, Warehouse
from aggregates.money.discounts import Discount
from aggregates.scheduling.visit_consumption import Consumption
from aggregates.scheduling.visit_lines import PERFORMER_ROLES, GoodsLine, Line, MaterialLine, Performer
from aggregates.stock.stock_lines import StockLine
from readmodels.words.employee import employee
from readmodels.words.values import Change, Named, format_decimal, format_rubles

_LEFT = "списано"


def services(lines: Sequence[Line]) -> str | None:
    """«Осмотр × 2 – 1 000,00 ₽, скидка 10 %; …»."""
    return "; ".join(f"{line.name} × {line.quantity} – {format_rubles(line.amount)}{_reduced(line)}" for line in lines) or None


def goods(lines: Sequence[GoodsLine]) -> str | None:
    """«Щётка × 1,5 – 675,00 ₽; …»."""
    return (
        "; ".join(f"{line.name} × {_number(line.quantity)} – {format_rubles(line.amount)}{_reduced(line)}" for line in lines)
        or None
    )


def discount(given: Discount | None) -> str | None:
    """«10 %» or «500,00 ₽»."""
    if given is None:
        return None
    return format_rubles(given.amount) if given.kind == "sum" else f"{_number(given.amount)}\u00a0%"


def warehouse(warehouse_id: Any) -> Named | None:
    return None if warehouse_id is None else Named(Warehouse.TOPIC, warehouse_id)


def changed_materials(old: Sequence[MaterialLine] | None, new: Sequence[MaterialLine] | None) -> Iterable[Change]:
    """Whose they are, and each whose quantity changed."""
    if (old is None) != (new is None):
        yield Change("Материалы", _origin(old), _origin(new))
    before, after = ({line.goods_id: _number(line.quantity) for line in lines or ()} for lines in (old, new))
    for goods_id in before | after:
        if before.get(goods_id) != after.get(goods_id):
            yield Change("материал", before.get(goods_id), after.get(goods_id), of=Named(Goods.TOPIC, goods_id))


def changed_performers(old: Sequence[Line], new: Sequence[Line]) -> Iterable[Change]:
    """Who did what by which share, for services whose performers changed."""
    before, after = ([(line.name, one) for line in lines for one in line.performers] for lines in (old, new))
    for name, one in (pair for pair in before if pair not in after):
        yield Change(f"исполнитель: {name}", _share(one), None, of=employee(one.employee_id))
    for name, one in (pair for pair in after if pair not in before):
        yield Change(f"исполнитель: {name}", None, _share(one), of=employee(one.employee_id))


def written_off(consumption: Consumption | None) -> Iterable[Change]:
    """The warehouse and every line that left it."""
    if consumption is None:
        return
    yield Change("Списано со склада", None, warehouse(consumption.warehouse_id))
    for line in consumption.lines:
        yield Change(_LEFT, None, _amount(line), of=Named(Goods.TOPIC, line.goods_id))


def _amount(line: StockLine) -> str:
    unit = "продажи" if line.unit == "sale" else "списания"
    return f"{_number(line.quantity)} ед. {unit}"


def _origin(materials: Sequence[MaterialLine] | None) -> str:
    return "по нормам услуг" if materials is None else "выбраны вручную"


def _reduced(line: Line | GoodsLine) -> str:
    return f", скидка {discount(line.discount)}" if line.discount else ""


def _share(performer: Performer) -> str:
    return f"{PERFORMER_ROLES[performer.role]}, {_number(performer.share)}\u00a0%"


def _number(number: Decimal) -> str:
    return format_decimal(f"{number.normalize():f}")
