"""Which positions a receipt has: of a visit, of money that is paid in advance, of what goes back (54-ФЗ).

A completed visit that is paid at once is a full payment of its lines; paid in part, the rest is credit, and what is paid of it
later a payment of that credit. A visit that isn't completed yet is paid in advance: when it is completed, its lines are printed,
and the advance is set off against them. What goes back has subject, method and VAT of what was printed.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from aggregates.money.receipt import Method, Position, Vat, positions
from aggregates.money.receipt_accounts import SoldLine, part_of

_ONE = Decimal(1)
_INSIDE: Mapping[Vat, Vat] = {"vat5": "vat105", "vat7": "vat107", "vat10": "vat110", "vat20": "vat120", "vat22": "vat122"}


def of_lines(lines: Iterable[SoldLine]) -> tuple[Position, ...]:
    """Without what costs nothing: a register refuses a price of 0. A part of a line is sold as one."""
    return tuple(
        position
        for line in lines
        if line.net
        for position in positions(
            line.name, line.quantity or _ONE, line.net, method=line.method, subject=line.subject, vat=line.vat
        )
    )


def of_credit_payment(named: str, amount: Decimal) -> tuple[Position, ...]:
    """`named`: «по визиту № 12». The VAT of a credit was due when its lines were sold."""
    return of_lines([_one(f"Оплата {named}", amount, "credit_payment")])


def prepaid_lines(named: str, lines: Sequence[SoldLine], share: Decimal, *, whole: bool) -> tuple[SoldLine, ...]:
    """Money for a visit that isn't done yet, with the VAT inside of it. `whole`: it is all that its lines come to."""
    if whole:
        return tuple(msgspec.structs.replace(line, method="full_prepayment", vat=inside(line.vat)) for line in lines if line.net)
    sums: dict[Vat, Decimal] = {}
    for line in part_of(lines, share):
        sums[inside(line.vat)] = sums.get(inside(line.vat), Decimal(0)) + line.net
    return tuple(_one(f"Предоплата {named}", amount, "prepayment", vat) for vat, amount in sums.items())


def advance_lines(amount: Decimal, vat: Vat = "none") -> tuple[SoldLine, ...]:
    """Money for services that aren't known yet. `vat`: of services."""
    return (_one("Аванс", amount, "advance", inside(vat)),) if amount else ()


def certificate_lines(code: str, price: Decimal) -> tuple[SoldLine, ...]:
    """What is sold is an advance; nothing of a gift."""
    return (_one(f"Подарочный сертификат № {code}", price, "advance"),) if price else ()


def inside(vat: Vat) -> Vat:
    """The rate inside a sum that is paid in advance."""
    return _INSIDE.get(vat, vat)


def _one(name: str, amount: Decimal, method: Method, vat: Vat = "none") -> SoldLine:
    return SoldLine(name=name, quantity=_ONE, net=amount, subject="payment", vat=vat, method=method)
