"""Which positions a receipt has: of a payment, of a visit that was paid in advance, of a refund (54-ФЗ).

A completed visit that is paid at once is a full payment of its lines; paid in part, the rest is credit, and what is paid of it
later a payment of that credit. A visit that isn't completed yet is paid in advance: when it is completed, its lines are printed
again, and the advance is set off against them.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from aggregates.money.receipt import Method, Position, Subject, Vat, positions

_NOTHING = Decimal("0.00")
_ONE = Decimal(1)


class SoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A service or goods of a visit with what it comes to after discounts."""

    name: str
    quantity: Decimal
    net: Decimal
    subject: Subject
    vat: Vat = "none"


class PaidVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that a payment pays for. `before`: what was paid for it until then; `share`: what is paid now."""

    number: int
    completed: bool
    lines: tuple[SoldLine, ...]
    before: Decimal
    share: Decimal

    @property
    def total(self) -> Decimal:
        return sum((line.net for line in self.lines), _NOTHING)


def of_payment(visits: Iterable[PaidVisit], advance: Decimal) -> tuple[tuple[Position, ...], Decimal]:
    """The positions of what is paid at once, and how much of them stays a credit. `advance`: what pays for no visit."""
    found: list[Position] = []
    credit = _NOTHING
    for visit in visits:
        at_once = not visit.before and visit.share == visit.total
        if visit.completed and not visit.before:
            found += _lines(visit.lines, "full_payment" if at_once else "partial_payment")
            credit += visit.total - visit.share
        elif visit.completed:
            found += _one(f"Оплата по визиту № {visit.number}", visit.share, "credit_payment")
        elif at_once:
            found += _lines(visit.lines, "full_prepayment")
        else:
            found += _one(f"Предоплата по визиту № {visit.number}", visit.share, "prepayment")
    if advance:
        found += of_advance(advance)
    return tuple(found), credit


def of_completion(lines: Sequence[SoldLine], paid_ahead: Decimal) -> tuple[tuple[Position, ...], Decimal]:
    """The positions of a visit that is completed after it was paid in advance, and how much of them stays a credit."""
    credit = sum((line.net for line in lines), _NOTHING) - paid_ahead
    return _lines(lines, "partial_payment" if credit else "full_payment"), credit


def of_refund(visits: Iterable[tuple[int, Decimal]], advance: Decimal) -> tuple[Position, ...]:
    """The positions of money that goes back. `visits`: number of a visit, and what it no longer has."""
    found = [one for number, amount in visits for one in _one(f"Возврат по визиту № {number}", amount, "full_payment", "service")]
    return (*found, *(of_advance(advance) if advance else ()))


def of_advance(amount: Decimal) -> tuple[Position, ...]:
    """Money for services that aren't known yet, or that goes back."""
    return _one("Аванс", amount, "advance")


def of_certificate(code: str, price: Decimal) -> tuple[Position, ...]:
    """What is sold is an advance."""
    return _one(f"Подарочный сертификат № {code}", price, "advance")


def _lines(lines: Sequence[SoldLine], method: Method) -> tuple[Position, ...]:
    """Without what costs nothing: a register refuses a price of 0."""
    return tuple(
        position
        for line in lines
        if line.net
        for position in positions(line.name, line.quantity, line.net, method=method, subject=line.subject, vat=line.vat)
    )


def _one(name: str, amount: Decimal, method: Method, subject: Subject = "payment") -> tuple[Position, ...]:
    return positions(name, _ONE, amount, method=method, subject=subject)
