"""What an employee is paid for, as a scheme says it, in the form in which pay is calculated (`calculation.py`)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.fields import Faults
from aggregates.percent import percent
from aggregates.values import KOPECK, Scalar, WrongValue, money

Base = Literal["done", "paid"]
BASES: Mapping[Base, str] = {"done": "Оказано", "paid": "Оплачено"}
Price = Literal["net", "gross"]
PRICES: Mapping[Price, str] = {"net": "Со скидкой", "gross": "Без учёта скидки"}
Grid = Literal["", "marginal", "whole"]
GRIDS: Mapping[Grid, str] = {"": "Нет", "marginal": "С каждой ступени свой процент", "whole": "Процент ступени со всей суммы"}
Acts = Literal["", "created", "completed", "both", "either"]
ACTS: Mapping[Acts, str] = {
    "": "Ни за какие",
    "created": "Созданные",
    "completed": "Оформленные",
    "both": "Созданные и оформленные",
    "either": "Созданные или оформленные",
}
"""Which visits an employee is paid for as one who books and completes them. `both`: both acts by one person."""
RateKind = Literal["service", "category"]
MOST_RATES = 500
MOST_STEPS = 20


class PayRate(msgspec.Struct, frozen=True):
    """Another percent for a service, or for the services of a category."""

    kind: RateKind
    item_id: UUID
    percent: Decimal


class PayStep(msgspec.Struct, frozen=True):
    """A step of a grid: what a month's sum has above `above` rubles is paid by `percent`, up to the next step."""

    above: Decimal
    percent: Decimal


class PayTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Sums in kopecks, percentages in percent.

    service_percent  of services that have no rate of their own; where there is a grid, that says it instead.
    visit_acts       which visits are paid for: by `visit_percent` of what they come to, and by `visit_sum` each.
    acquiring        percent of what was paid by card that is taken off before any percentage.
    full_shift       minutes from which a shift is whole; a shorter one counts half. 0: each is whole.
    """

    base: Base = "done"
    price: Price = "net"
    minus_materials: bool = False
    service_percent: Decimal = Decimal(0)
    goods_percent: Decimal = Decimal(0)
    certificate_percent: Decimal = Decimal(0)
    acquiring: Decimal = Decimal(0)
    visit_acts: Acts = ""
    visit_percent: Decimal = Decimal(0)
    visit_sum: int = 0
    services: Mapping[UUID, Decimal] = {}
    categories: Mapping[UUID, Decimal] = {}
    grid: Grid = ""
    steps: tuple[PayStep, ...] = ()
    monthly: int = 0
    shift: int = 0
    full_shift: int = 0
    hour: int = 0
    guarantee: int = 0

    @classmethod
    def of(cls, card: Mapping[str, Scalar], rates: Sequence[PayRate], steps: Sequence[PayStep]) -> "PayTerms":
        """Of a scheme's card (`pay_scheme.py`)."""

        def kopecks(name: str) -> int:
            return int(Decimal(str(card[name])) * 100)

        return cls(
            base=card["base"],  # type: ignore[arg-type]  # checked as a choice
            price=card["price"],  # type: ignore[arg-type]
            minus_materials=bool(card["minus_materials"]),
            service_percent=Decimal(str(card["service_percent"])),
            goods_percent=Decimal(str(card["goods_percent"])),
            certificate_percent=Decimal(str(card["certificate_percent"])),
            acquiring=Decimal(str(card["acquiring"])),
            visit_acts=card["visit_acts"],  # type: ignore[arg-type]
            visit_percent=Decimal(str(card["visit_percent"])),
            visit_sum=kopecks("visit_sum"),
            services={rate.item_id: rate.percent for rate in rates if rate.kind == "service"},
            categories={rate.item_id: rate.percent for rate in rates if rate.kind == "category"},
            grid=card["grid"],  # type: ignore[arg-type]
            steps=tuple(steps),
            monthly=kopecks("monthly"),
            shift=kopecks("shift"),
            full_shift=int(str(card["full_shift"])) * 60,
            hour=kopecks("hour"),
            guarantee=kopecks("guarantee"),
        )

    def percent_of(self, service_id: UUID, category_id: UUID | None) -> Decimal | None:
        """Of a service: by itself, else by its category, else the default. None: the grid's."""
        if (own := self.services.get(service_id)) is not None:
            return own
        if category_id is not None and (of_category := self.categories.get(category_id)) is not None:
            return of_category
        return None if self.grid else self.service_percent

    def pays_for(self, *, created: bool, completed: bool) -> bool:
        """Whether a visit counts that the employee booked, completed, or both."""
        ways: Mapping[Acts, bool] = {
            "": False,
            "created": created,
            "completed": completed,
            "both": created and completed,
            "either": created or completed,
        }
        return ways[self.visit_acts]


def checked_rates(rates: Sequence[PayRate]) -> tuple[PayRate, ...]:
    """In their stored form. WrongValue, WrongValues: `rates.<number from 0>.<field>`."""
    if len(rates) > MOST_RATES:
        raise WrongValue("rates", f"Отдельных процентов может быть не больше {MOST_RATES}.")
    checked, faults, known = [], Faults(), set[UUID]()
    for number, rate in enumerate(rates):
        if rate.item_id in known:
            faults.add(WrongValue(f"rates.{number}.item_id", "Процент для этого уже указан выше."))
        known.add(rate.item_id)
        with faults.gathered():
            checked.append(PayRate(rate.kind, rate.item_id, percent(f"rates.{number}.percent", rate.percent)))
    faults.refuse()
    return tuple(checked)


def checked_steps(steps: Sequence[PayStep], grid: Scalar) -> tuple[PayStep, ...]:
    """In their stored form: upwards, none without a grid; below the first one nothing is paid.

    WrongValue, WrongValues: `steps.<number from 0>.<field>`.
    """
    if len(steps) > MOST_STEPS:
        raise WrongValue("steps", f"Ступеней шкалы может быть не больше {MOST_STEPS}.")
    if not grid:
        if steps:
            raise WrongValue("grid", "Выберите, как считать по шкале, или уберите её ступени.")
        return ()
    if not steps:
        raise WrongValue("steps", "Укажите ступени шкалы.")
    checked, faults, last = list[PayStep](), Faults(), Decimal(-1)
    for number, step in enumerate(steps):
        with faults.gathered():
            above = money(f"steps.{number}.above", step.above).quantize(KOPECK)
            if above <= last:
                raise WrongValue(f"steps.{number}.above", "Ступени идут по возрастанию суммы.")
            last = above
            checked.append(PayStep(above, percent(f"steps.{number}.percent", step.percent)))
    faults.refuse()
    return tuple(checked)
