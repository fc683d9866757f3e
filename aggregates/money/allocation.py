"""What of a payment pays for which visit or sale (`charge.py`). The rest is the patient's prepayment.

An allocation is never changed: taking it back is a negative one. So the patient's account is known of any moment. One counts from
its own moment, and not before what it pays for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

NOTHING = Decimal("0.00")
ChargeKind = Literal["visit", "sale"]


class Allocation(msgspec.Struct, frozen=True):
    """`charge_id`: a visit or a sale, stored under the name that it had while payments paid for visits alone. `sum`: rubles;
    negative where it is taken back. `moment`: by the clinic's wall clock.

    refund_id  what it is taken back for; None: no refund. Entries from before it was named have none of both:
               `taken_for` guesses.
    """

    charge_id: UUID = msgspec.field(name="visit_id")
    sum: Decimal
    moment: datetime
    kind: ChargeKind = "visit"
    refund_id: UUID | msgspec.UnsetType | None = msgspec.UNSET

    def taken_back(self, amount: Decimal, moment: datetime, refund_id: UUID | None = None) -> "Allocation":
        return Allocation(self.charge_id, -amount, moment, self.kind, refund_id)


def allocated(allocations: Iterable[Allocation]) -> dict[UUID, Decimal]:
    """Charge → what is allocated to it; none of those from which all was taken back. In the order of the first allocations."""
    sums: dict[UUID, Decimal] = {}
    for one in allocations:
        sums[one.charge_id] = sums.get(one.charge_id, NOTHING) + one.sum
    return {charge_id: amount for charge_id, amount in sums.items() if amount}


def oldest_first(amount: Decimal, due: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Share an amount among charges in their order, each up to what is due for it. What is left isn't in the result."""
    shares: dict[UUID, Decimal] = {}
    for charge_id, due_for_it in due.items():
        share = min(amount, due_for_it)
        if share > 0:
            shares[charge_id], amount = share, amount - share
    return shares


def taken_back(allocations: Sequence[Allocation], amount: Decimal, moment: datetime, refund_id: UUID) -> tuple[Allocation, ...]:
    """Take back an amount for a refund, from what was allocated to last first; everything if the amount is larger. At a moment,
    but not before what is taken back was allocated.
    """
    left = allocated(allocations)
    order = {one.charge_id: number for number, one in enumerate(allocations) if one.sum > 0}
    found = []
    for charge_id in sorted(left, key=lambda charge_id: order[charge_id], reverse=True):
        back = min(amount, left[charge_id])
        if back > 0:
            of_it = [one for one in allocations if one.charge_id == charge_id]
            found.append(of_it[0].taken_back(back, max(moment, *(one.moment for one in of_it)), refund_id))
            amount -= back
    return tuple(found)


def taken_for(allocations: Iterable[Allocation], refund_id: UUID, amount: Decimal, moment: datetime) -> dict[UUID, Decimal]:
    """Charge → what was taken back from it for a refund of `amount`, dated `moment`.

    Of entries that don't say for what they were taken back, those at the refund's moment, or when their charge was allocated if
    that is later; no more than the refund.
    """
    lost: dict[UUID, Decimal] = {}
    since: dict[UUID, datetime] = {}
    left = amount
    for one in allocations:
        guessed = one.refund_id is msgspec.UNSET and one.moment == max(moment, since.get(one.charge_id, moment))
        taken = min(-one.sum, left)
        if taken > 0 and (guessed or one.refund_id == refund_id):
            lost[one.charge_id] = lost.get(one.charge_id, NOTHING) + taken
            left -= taken
        since[one.charge_id] = max(one.moment, since.get(one.charge_id, one.moment))
    return lost


def restored(allocations: Sequence[Allocation], room: Mapping[UUID, Decimal]) -> tuple[Allocation, ...]:
    """The same entries for a payment that is in effect again. Charges that have less room than they had got (`room`: charge →
    what it may get) lose the difference at the moment of their last entry, so that no day shows less than nothing.
    """
    cuts = []
    for charge_id, amount in allocated(allocations).items():
        if (excess := amount - max(NOTHING, room.get(charge_id, NOTHING))) > 0:
            of_it = [one for one in allocations if one.charge_id == charge_id]
            cuts.append(of_it[0].taken_back(excess, max(one.moment for one in of_it)))
    return (*allocations, *cuts)
