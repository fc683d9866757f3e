"""What receipts say of visits and payments, added up: each line is sold once in its net effect, however often its visit is
completed, paid, released and paid again.

A visit's account holds the lines that were sold, and what of which payment settled them; the rest of them is credit. A payment's
account holds what was received in advance by it and isn't set off or returned. A sold certificate and a refund have one too.
Commands read them of `gateways/guards/stated_receipts.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import msgspec

from aggregates.money.kopecks import kopecks_of, rubles
from aggregates.money.receipt import Method, Subject, Vat
from aggregates.money.shares import shared

NOTHING = Decimal("0.00")


class SoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A service or goods with what it comes to after discounts. `method`: as it was printed."""

    name: str
    quantity: Decimal
    net: Decimal
    subject: Subject
    vat: Vat = "none"
    method: Method = "full_payment"

    @property
    def key(self) -> tuple[str, Subject]:
        return self.name, self.subject


class StatedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that a receipt adds to an account, or takes from it where it is negative. `visit_id`: what an advance was for."""

    account_id: UUID
    line: SoldLine
    visit_id: UUID | None = None


class StatedMoney(msgspec.Struct, frozen=True, kw_only=True):
    """What of a payment a receipt says to settle a visit; negative where it is taken back."""

    visit_id: UUID
    payment_id: UUID
    sum: Decimal


class StatedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says. `after`: the receipts that have to be printed before it; `counts`: False of one that was given up."""

    id: UUID
    after: tuple[UUID, ...]
    lines: tuple[StatedLine, ...]
    money: tuple[StatedMoney, ...]
    counts: bool = True


class VisitAccount(msgspec.Struct, frozen=True):
    """What receipts say of a visit. `money`: payment → what of it settles the visit."""

    lines: tuple[SoldLine, ...] = ()
    money: Mapping[UUID, Decimal] = {}

    @property
    def total(self) -> Decimal:
        return total_of(self.lines)

    @property
    def settled(self) -> Decimal:
        return sum(self.money.values(), NOTHING)

    @property
    def credit(self) -> Decimal:
        return self.total - self.settled


def visit_account(receipts: Iterable[StatedReceipt], visit_id: UUID) -> VisitAccount:
    lines: list[SoldLine] = []
    money: dict[UUID, Decimal] = {}
    for receipt in receipts:
        lines += [stated.line for stated in receipt.lines if stated.account_id == visit_id]
        for one in receipt.money:
            if one.visit_id == visit_id:
                money[one.payment_id] = money.get(one.payment_id, NOTHING) + one.sum
    return VisitAccount(merged(lines), {id_: amount for id_, amount in money.items() if amount})


def advance_account(receipts: Iterable[StatedReceipt], account_id: UUID) -> tuple[StatedLine, ...]:
    """The lines of a payment, a certificate or a refund that are left, each with a visit of its own."""
    found: dict[tuple[UUID | None, Method, Vat, str, Subject], StatedLine] = {}
    for receipt in receipts:
        for stated in receipt.lines:
            if stated.account_id == account_id:
                key = (stated.visit_id, stated.line.method, stated.line.vat, *stated.line.key)
                before = found.get(key)
                line = stated.line if before is None else _added(before.line, stated.line)
                found[key] = StatedLine(account_id=account_id, line=line, visit_id=stated.visit_id)
    return tuple(stated for stated in found.values() if stated.line.net)


def total_of(lines: Iterable[SoldLine]) -> Decimal:
    return sum((line.net for line in lines), NOTHING)


def merged(lines: Iterable[SoldLine]) -> tuple[SoldLine, ...]:
    """Lines of one name and subject as one; without those that come to nothing. The first one's VAT and method stay."""
    found: dict[tuple[str, Subject], SoldLine] = {}
    for line in lines:
        before = found.get(line.key)
        found[line.key] = line if before is None or not before.net else _added(before, line)
    return tuple(line for line in found.values() if line.net)


def part_of(lines: Sequence[SoldLine], amount: Decimal) -> tuple[SoldLine, ...]:
    """So much of lines, by what each comes to; a whole line keeps its quantity, a part of one has none. At most all of them."""
    taken = min(amount, total_of(lines))
    sums = shared(kopecks_of(taken), [kopecks_of(line.net) for line in lines])
    return tuple(with_net(line, rubles(part)) for line, part in zip(lines, sums, strict=True) if part)


def with_net(line: SoldLine, net: Decimal) -> SoldLine:
    return line if net == line.net else msgspec.structs.replace(line, net=net, quantity=Decimal(0))


def negative(line: SoldLine) -> SoldLine:
    return msgspec.structs.replace(line, net=-line.net, quantity=-line.quantity)


def taken_from(stated: Sequence[StatedLine], amount: Decimal, visits: Sequence[UUID | None] = ()) -> tuple[StatedLine, ...]:
    """So much of an account of advances, at most what it holds: what was for these visits first, in their order."""
    left = [one for one in stated if one.line.net > 0]
    rest = min(amount, max(NOTHING, sum((one.line.net for one in stated), NOTHING)))
    found: list[StatedLine] = []
    groups = [[one for one in left if one.visit_id == visit_id] for visit_id in dict.fromkeys(visits)]
    for group in (*groups, [one for one in left if one.visit_id not in visits]):
        part = min(rest, total_of(one.line for one in group))
        sums = shared(kopecks_of(part), [kopecks_of(one.line.net) for one in group])
        found += [
            msgspec.structs.replace(one, line=with_net(one.line, rubles(sum_)))
            for one, sum_ in zip(group, sums, strict=True)
            if sum_
        ]
        rest -= part
    return tuple(found)


def _added(before: SoldLine, line: SoldLine) -> SoldLine:
    return msgspec.structs.replace(before, net=before.net + line.net, quantity=before.quantity + line.quantity)
