"""Lines of a visit: its services and goods with prices and discounts, and the materials that it consumes."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.clinic.tax_code import LineTaxCode
from aggregates.fields import Faults
from aggregates.money.discounts import Amounts, Discount, amounts, checked_discount, priced
from aggregates.percent import WHOLE_PERCENT
from aggregates.stock.stock_lines import StockLine, StockUnit, require_whole_parts
from aggregates.values import KOPECK, MOST_MONEY, WrongValue, factor, money, quantity

MOST_LINES = 200
"""Of services and goods together; and of materials."""
MOST_QUANTITY = 1000
MOST_PERFORMERS = 5
_NOTHING = Decimal("0.00")

PerformerRole = Literal["doctor", "assistant"]
PERFORMER_ROLES: dict[PerformerRole, str] = {"doctor": "врач", "assistant": "ассистент"}


class Performer(msgspec.Struct, frozen=True):
    """Somebody who did a service. `share`: percent of it, with two places; those of a line sum up to 100."""

    employee_id: UUID
    role: PerformerRole
    share: Decimal


class Line(msgspec.Struct, frozen=True):
    """One service of the visit, with its name, price and code for tax certificates at the time when it was added. Without
    performers the visit's doctor did it.
    """

    service_id: UUID
    name: str
    price: Decimal
    quantity: int
    discount: Discount | None = None
    performers: tuple[Performer, ...] = ()
    tax_code: LineTaxCode = ""

    @property
    def amount(self) -> Decimal:
        """Without discounts."""
        return self.price * self.quantity


class GoodsLine(msgspec.Struct, frozen=True):
    """Goods that the patient gets. `price`: for one `unit`; `factor`: units of write-off in one of these, as it was then."""

    goods_id: UUID
    name: str
    price: Decimal
    quantity: Decimal
    unit: StockUnit = "sale"
    factor: Decimal = Decimal(1)
    discount: Discount | None = None

    @property
    def amount(self) -> Decimal:
        """Without discounts."""
        return priced(self.price, self.quantity)


class MaterialLine(msgspec.Struct, frozen=True):
    """A material that the visit uses up. `quantity`: in the unit of write-off."""

    goods_id: UUID
    quantity: Decimal


def totals(lines: Sequence[Line], goods: Sequence[GoodsLine], discount: Discount | None) -> Amounts:
    """What a visit comes to, and its lines: services, then goods. All that counts a visit's money takes it from here."""
    every: tuple[Line | GoodsLine, ...] = (*lines, *goods)
    return amounts([(line.amount, line.discount) for line in every], discount)


def total_of(lines: Sequence[Line], goods: Sequence[GoodsLine], discount: Discount | None) -> Decimal:
    """What a visit comes to in all: `totals(…).net`, without the way there where nothing is reduced."""
    every: tuple[Line | GoodsLine, ...] = (*lines, *goods)
    if discount is None and all(line.discount is None for line in every):
        return sum((line.amount for line in every), _NOTHING)
    return totals(lines, goods, discount).net


def require_few(services: Sequence[object], goods: Sequence[object] = (), materials: Sequence[object] = ()) -> None:
    """WrongValue if these are more lines than a visit may have."""
    if len(services) + len(goods) > MOST_LINES:
        raise WrongValue("lines" if services else "goods", f"В визите может быть не больше {MOST_LINES} услуг и товаров вместе.")
    if len(materials) > MOST_LINES:
        raise WrongValue("materials", f"В визите может быть не больше {MOST_LINES} материалов.")


def check_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The services of a visit in their stored form. WrongValue, WrongValues: fields are named `lines.<number from 0>.<field>`."""
    checked, faults = [], Faults()
    for number, line in enumerate(lines):
        with faults.gathered():
            checked.append(_checked_service(f"lines.{number}", line))
    faults.refuse()
    return tuple(checked)


def _checked_service(place: str, line: Line) -> Line:
    price = money(f"{place}.price", line.price)
    if not 1 <= line.quantity <= MOST_QUANTITY:
        raise WrongValue(f"{place}.quantity", f"Количество услуги – от 1 до {MOST_QUANTITY}.")
    discount = checked_discount(f"{place}.discount", line.discount)
    performers = _checked_performers(f"{place}.performers", line.performers)
    return msgspec.structs.replace(line, price=price, discount=discount, performers=performers)


def _checked_performers(place: str, performers: Sequence[Performer]) -> tuple[Performer, ...]:
    if len(performers) > MOST_PERFORMERS:
        raise WrongValue(place, f"Исполнителей услуги может быть не больше {MOST_PERFORMERS}.")
    if len({performer.employee_id for performer in performers}) < len(performers):
        raise WrongValue(place, "Исполнитель указан дважды. Сложите его доли.")
    checked = tuple(msgspec.structs.replace(one, share=money(place, one.share)) for one in performers)
    if checked and (sum(one.share for one in checked) != WHOLE_PERCENT or not all(one.share for one in checked)):
        raise WrongValue(place, "Доли исполнителей должны быть больше нуля и вместе составлять 100 %.")
    return checked


def check_goods(goods: Sequence[GoodsLine]) -> tuple[GoodsLine, ...]:
    """The goods of a visit in their stored form. WrongValue, WrongValues: fields are named `goods.<number from 0>.<field>`."""
    checked, faults = [], Faults()
    for number, line in enumerate(goods):
        with faults.gathered():
            checked.append(_checked_goods(f"goods.{number}", line))
    faults.refuse()
    return tuple(checked)


def _checked_goods(place: str, line: GoodsLine) -> GoodsLine:
    amount, ratio = quantity(f"{place}.quantity", line.quantity), Decimal(factor(f"{place}.unit", line.factor))
    require_whole_parts(f"{place}.quantity", amount, ratio)
    price = money(f"{place}.price", line.price)
    if priced(price, amount) > MOST_MONEY:
        raise WrongValue(f"{place}.price", "Сумма строки больше 99 999 999,99 рубля. Проверьте цену и количество.")
    discount = checked_discount(f"{place}.discount", line.discount)
    return msgspec.structs.replace(line, price=price, quantity=amount, factor=ratio, discount=discount)


def check_materials(materials: Sequence[MaterialLine]) -> tuple[MaterialLine, ...]:
    """The materials of a visit in their stored form. WrongValue, WrongValues: `materials.<number from 0>.<field>`."""
    checked, faults = [], Faults()
    first: dict[UUID, int] = {}
    for number, line in enumerate(materials):
        place = f"materials.{number}"
        if first.setdefault(line.goods_id, number) != number:
            written = f"Этот материал уже есть в строке {first[line.goods_id] + 1}. Сложите количество."
            faults.add(WrongValue(f"{place}.goods_id", written))
        with faults.gathered():
            amount = quantity(f"{place}.quantity", line.quantity)
            require_whole_parts(f"{place}.quantity", amount, Decimal(1))
            checked.append(MaterialLine(line.goods_id, amount))
    faults.refuse()
    return tuple(checked)


def consumed_lines(goods: Sequence[GoodsLine], materials: Sequence[MaterialLine], discounted: Amounts) -> Iterator[StockLine]:
    """What leaves the warehouse: the goods with what they bring, then the materials. `discounted`: what the visit comes to."""
    for line, amount in zip(goods, discounted.lines[len(discounted.lines) - len(goods) :], strict=True):
        price = min((amount.net / line.quantity).quantize(KOPECK, ROUND_HALF_UP), MOST_MONEY)
        sold = {"unit": line.unit, "factor": line.factor, "price": price, "sum": amount.net}
        yield StockLine(goods_id=line.goods_id, quantity=line.quantity, **sold)  # type: ignore[arg-type]  # of these types
    for material in materials:
        yield StockLine(goods_id=material.goods_id, quantity=material.quantity)
