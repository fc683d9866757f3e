"""Discounts: of a line first, then of the whole document on the rest, shared among its lines to the kopeck.

A percentage of the document rounds its total once (half up); sharing then loses nothing (`shares.py`). A sum is at most what it
is taken from, so no line falls below zero.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from aggregates.money.kopecks import kopecks_of, rubles
from aggregates.money.shares import shared
from aggregates.percent import WHOLE_PERCENT
from aggregates.values import KOPECK, WrongValue, money

DiscountKind = Literal["percent", "sum"]
DISCOUNT_KINDS: dict[DiscountKind, str] = {"percent": "%", "sum": "₽"}


class Discount(msgspec.Struct, frozen=True):
    """`amount`: percent from 0 to 100 or rubles, with two places."""

    kind: DiscountKind
    amount: Decimal


class Amount(msgspec.Struct, frozen=True):
    """What a line comes to, in rubles: gross - discount = net. `discount`: its own and its share of the document's."""

    gross: Decimal
    discount: Decimal
    net: Decimal


class Amounts(msgspec.Struct, frozen=True):
    """What a document comes to, and each of its lines."""

    gross: Decimal
    discount: Decimal
    net: Decimal
    lines: tuple[Amount, ...]


def checked_discount(field: str, discount: Discount | None) -> Discount | None:
    """In its stored form: one of 0 is none. WrongValue."""
    if discount is None:
        return None
    amount = money(field, discount.amount)
    if discount.kind == "percent" and amount > WHOLE_PERCENT:
        raise WrongValue(field, "Скидка в процентах – от 0 до 100.")
    return Discount(discount.kind, amount) if amount else None


def amounts(lines: Sequence[tuple[Decimal, Discount | None]], discount: Discount | None) -> Amounts:
    """What lines of these gross sums, each with its own discount, come to under the document's discount."""
    gross = [kopecks_of(sum_) for sum_, _ in lines]
    rest = [whole - _taken(whole, own) for whole, (_, own) in zip(gross, lines, strict=True)]
    shares = shared(_taken(sum(rest), discount), rest)
    net = [left - share for left, share in zip(rest, shares, strict=True)]
    each = tuple(_amount(whole, left) for whole, left in zip(gross, net, strict=True))
    whole = _amount(sum(gross), sum(net))
    return Amounts(whole.gross, whole.discount, whole.net, each)


def priced(price: Decimal, quantity: Decimal | int) -> Decimal:
    """Price × quantity in rubles, half up on kopecks."""
    return (price * quantity).quantize(KOPECK, ROUND_HALF_UP)


def _amount(gross: int, net: int) -> Amount:
    return Amount(rubles(gross), rubles(gross - net), rubles(net))


def _taken(kopecks: int, discount: Discount | None) -> int:
    if discount is None:
        return 0
    if discount.kind == "sum":
        return min(kopecks_of(discount.amount), kopecks)
    return int((kopecks * discount.amount / WHOLE_PERCENT).quantize(Decimal(1), ROUND_HALF_UP))
