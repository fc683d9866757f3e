"""Lines of pay: what was calculated, each with where it comes from, and what a person adds."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.fields import Faults
from aggregates.money.money_lines import positive
from aggregates.values import WrongValue, text

NOTHING = Decimal("0.00")
Part = Literal["service", "grid", "volume", "goods", "visit", "per_visit", "certificate", "monthly", "shift", "hour", "guarantee"]
PARTS: Mapping[Part, str] = {
    "service": "Процент с услуги",
    "grid": "По шкале",
    "volume": "Услуга в шкале",
    "goods": "Процент с товара",
    "visit": "Процент с визита",
    "per_visit": "За визит",
    "certificate": "Процент с сертификата",
    "monthly": "Оклад",
    "shift": "Смена",
    "hour": "Часы",
    "guarantee": "Доплата до минимума",
}
FROZEN: frozenset[Part] = frozenset({"shift", "hour"})
"""Parts that stay as they were accrued: the schedule keeps no history of past days."""

Extra = Literal["bonus", "advance", "raise", "fine", "advance_back", "cut"]
EXTRAS: Mapping[Extra, str] = {
    "bonus": "Премия",
    "advance": "Аванс",
    "raise": "Доначисление",
    "fine": "Штраф",
    "advance_back": "Удержание аванса",
    "cut": "Удержание",
}
TAKING: frozenset[Extra] = frozenset({"fine", "advance_back", "cut"})
MOST_EXTRAS = 50
MOST_NOTE = 200


class PayLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One calculated line, sums in rubles.

    key         what it is for; lines of one key in all accruals of an employee add up to what is right.
    day         of the visit or shift, of money where it is paid by money; the last one of what is for several days.
    base        what the percentage is of; of a guarantee what was earned.
    percent     None where it is no percentage.
    quantity    days, shifts or hours.
    number      of the visit.
    item_id     of the service, goods or certificate.
    name        of it, as it was then.
    correction  it changes what has been accrued before (`differences`), or is for a day outside the period.
    """

    key: str
    part: Part
    day: date
    sum: Decimal
    base: Decimal = NOTHING
    percent: Decimal | None = None
    quantity: Decimal | None = None
    visit_id: UUID | None = None
    number: int | None = None
    item_id: UUID | None = None
    name: str = ""
    correction: bool = False


class ExtraLine(msgspec.Struct, frozen=True):
    """What a person adds or takes. `sum`: rubles above 0; the kind says whether it is taken."""

    kind: Extra
    sum: Decimal
    note: str = ""

    @property
    def amount(self) -> Decimal:
        """With its sign."""
        return -self.sum if self.kind in TAKING else self.sum


def total_of(lines: Sequence[PayLine], extras: Sequence[ExtraLine]) -> Decimal:
    """Rubles; below zero where more is taken back than earned."""
    return sum((line.sum for line in lines), NOTHING) + sum((extra.amount for extra in extras), NOTHING)


def checked_extras(extras: Sequence[ExtraLine]) -> tuple[ExtraLine, ...]:
    """In their stored form. WrongValue, WrongValues: `extras.<number from 0>.<field>`."""
    if len(extras) > MOST_EXTRAS:
        raise WrongValue("extras", f"Дополнительных строк может быть не больше {MOST_EXTRAS}.")
    checked, faults = [], Faults()
    for number, extra in enumerate(extras):
        with faults.gathered():
            place = f"extras.{number}"
            note = text(f"{place}.note", extra.note, limit=MOST_NOTE)
            checked.append(ExtraLine(extra.kind, positive(f"{place}.sum", extra.sum), note))
    faults.refuse()
    return tuple(checked)
