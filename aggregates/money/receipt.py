"""A fiscal receipt as a cash register prints it (54-ФЗ): positions, and how they are paid. Payments of both sides are equal.

A register refuses a position whose price × quantity isn't its sum: `positions` finds prices that fit, and `within_limit` keeps to
the number of positions that one receipt may have.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Literal

import msgspec

from aggregates.fields import CHOICE, Field
from aggregates.values import KOPECK

Operation = Literal["sell", "sell_refund"]
OPERATIONS: dict[Operation, str] = {"sell": "Приход", "sell_refund": "Возврат прихода"}
Method = Literal["full_payment", "full_prepayment", "prepayment", "advance", "partial_payment", "credit", "credit_payment"]
"""Признак способа расчёта."""
METHODS: dict[Method, str] = {
    "full_payment": "Полный расчёт",
    "full_prepayment": "Предоплата 100 %",
    "prepayment": "Предоплата",
    "advance": "Аванс",
    "partial_payment": "Частичный расчёт и кредит",
    "credit": "Передача в кредит",
    "credit_payment": "Оплата кредита",
}
Subject = Literal["commodity", "service", "payment", "another"]
"""Признак предмета расчёта."""
Means = Literal["cash", "cashless", "prepaid", "credit"]
MEANS: dict[Means, str] = {"cash": "Наличными", "cashless": "Безналичными", "prepaid": "Зачёт аванса", "credit": "В кредит"}
Vat = Literal[
    "none", "vat0", "vat5", "vat7", "vat10", "vat20", "vat22", "vat105", "vat107", "vat110", "vat120", "vat122"
]  # fmt: skip
"""НДС: a rate, or what is inside a sum that was paid in advance. An exempt service has `none`, which isn't 0 %."""
VATS: dict[str | int | bool, str] = {
    "none": "Без НДС",
    "vat0": "0 %",
    "vat5": "5 %",
    "vat7": "7 %",
    "vat10": "10 %",
    "vat20": "20 %",
    "vat22": "22 %",
}
"""Those that services and goods have."""
VAT = Field(name="vat", label="НДС", kind=CHOICE, choices=VATS)
"""Of one service or goods; empty: as the settings have it."""

MOST_POSITIONS = 100
MOST_NAME = 128
_WHOLE = Decimal(1)


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """One position: price × quantity = sum, in rubles."""

    name: str
    price: Decimal
    quantity: Decimal
    sum: Decimal
    method: Method
    subject: Subject
    vat: Vat = "none"


class Paid(msgspec.Struct, frozen=True):
    """How a part of the total is paid."""

    means: Means
    sum: Decimal


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be printed. `email`, `phone` (+7…): where the buyer wants it; one of them or none."""

    operation: Operation
    positions: tuple[Position, ...]
    paid: tuple[Paid, ...]
    email: str = ""
    phone: str = ""
    cashier: str = ""

    @property
    def total(self) -> Decimal:
        return sum((position.sum for position in self.positions), Decimal("0.00"))


def positions(
    name: str, quantity: Decimal, total: Decimal, *, method: Method, subject: Subject, vat: Vat = "none"
) -> tuple[Position, ...]:
    """A line of a document with its sum after discounts, as one position or two: three for 100.00 are two at 33.33 and one at
    33.34. A quantity that isn't whole is named, and sold as one.
    """

    def position(price: Decimal, count: Decimal, named: str = name) -> Position:
        amount = (price * count).quantize(KOPECK)
        return Position(name=named[:MOST_NAME], price=price, quantity=count, sum=amount, method=method, subject=subject, vat=vat)

    if quantity != quantity.to_integral_value():
        return (position(total, _WHOLE, f"{name[: MOST_NAME - 12]}, {quantity.normalize():f}".replace(".", ",")),)
    low = (total / quantity).quantize(KOPECK, "ROUND_FLOOR")
    dearer = (total - low * quantity) / KOPECK
    if total and not low:  # no position beside a dearer one costs nothing
        return (position(total, _WHOLE, f"{name[: MOST_NAME - 12]}, {quantity:.0f}"),)
    cheaper = quantity - dearer
    found = ((low, cheaper), (low + KOPECK, dearer))
    return tuple(position(price, count) for price, count in found if count)


def within_limit(given: Sequence[Position]) -> tuple[Position, ...]:
    """The positions, or if they are too many, as many as fit, and the rest of each kind summed up as one."""
    if len(given) <= MOST_POSITIONS:
        return tuple(given)

    def kind(position: Position) -> tuple[Method, Subject, Vat]:
        return position.method, position.subject, position.vat

    kinds = len({kind(position) for position in given})
    named, rest = given[: MOST_POSITIONS - kinds], sorted(given[MOST_POSITIONS - kinds :], key=kind)
    summed = [_summed(list(same), *of) for of, same in groupby(rest, key=kind)]
    return (*named, *summed)


def _summed(same: Sequence[Position], method: Method, subject: Subject, vat: Vat) -> Position:
    total = sum((position.sum for position in same), Decimal("0.00"))
    return Position(
        name=f"Другие позиции: {len(same)}", price=total, quantity=_WHOLE, sum=total, method=method, subject=subject, vat=vat
    )


def paid_by(parts: Iterable[tuple[Means, Decimal]]) -> tuple[Paid, ...]:
    """Sums of each means of payment, in the order of `MEANS`; none of what is nothing."""
    totals: dict[Means, Decimal] = dict.fromkeys(MEANS, Decimal("0.00"))
    for means, amount in parts:
        totals[means] += amount
    return tuple(Paid(means, amount) for means, amount in totals.items() if amount)
