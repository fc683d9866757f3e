"""What of a payment pays for which visit. The rest is the patient's prepayment.

An allocation is never changed: taking it back is a negative one. So the patient's account is known of any moment. One counts from
its own moment, and not before the visit that it pays for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

NOTHING = Decimal("0.00")


class Allocation(msgspec.Struct, frozen=True):
    """`sum`: rubles; negative where it is taken back. `moment`: by the clinic's wall clock.

    refund_id  what it is taken back for; None: no refund. Entries from before it was named have none of both:
               `taken_for` guesses.
    """

    visit_id: UUID
    sum: Decimal
    moment: datetime
    refund_id: UUID | msgspec.UnsetType | None = msgspec.UNSET


def allocated(allocations: Iterable[Allocation]) -> dict[UUID, Decimal]:
    """Visit → what is allocated to it; none of visits from which all was taken back. In the order of the first allocations."""
    sums: dict[UUID, Decimal] = {}
    for one in allocations:
        sums[one.visit_id] = sums.get(one.visit_id, NOTHING) + one.sum
    return {visit_id: amount for visit_id, amount in sums.items() if amount}


def oldest_first(amount: Decimal, due: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Share an amount among visits in their order, each up to what is due for it. What is left isn't in the result."""
    shares: dict[UUID, Decimal] = {}
    for visit_id, due_for_it in due.items():
        share = min(amount, due_for_it)
        if share > 0:
            shares[visit_id], amount = share, amount - share
    return shares


def taken_back(allocations: Sequence[Allocation], amount: Decimal, moment: datetime, refund_id: UUID) -> tuple[Allocation, ...]:
    """Take back an amount for a refund, from the visit that was allocated to last first; everything if the amount is larger. At a
    moment, but not before what is taken back was allocated.
    """
    left = allocated(allocations)
    order = {one.visit_id: number for number, one in enumerate(allocations) if one.sum > 0}
    found = []
    for visit_id in sorted(left, key=lambda visit_id: order[visit_id], reverse=True):
        back = min(amount, left[visit_id])
        if back > 0:
            since = max(one.moment for one in allocations if one.visit_id == visit_id)
            found.append(Allocation(visit_id, -back, max(moment, since), refund_id))
            amount -= back
    return tuple(found)


def taken_for(allocations: Iterable[Allocation], refund_id: UUID, amount: Decimal, moment: datetime) -> dict[UUID, Decimal]:
    """Visit → what was taken back from it for a refund of `amount`, dated `moment`.

    Of entries that don't say for what they were taken back, those at the refund's moment, or when their visit was allocated if
    that is later; no more than the refund.
    """
    lost: dict[UUID, Decimal] = {}
    since: dict[UUID, datetime] = {}
    left = amount
    for one in allocations:
        guessed = one.refund_id is msgspec.UNSET and one.moment == max(moment, since.get(one.visit_id, moment))
        taken = min(-one.sum, left)
        if taken > 0 and (guessed or one.refund_id == refund_id):
            lost[one.visit_id] = lost.get(one.visit_id, NOTHING) + taken
            left -= taken
        since[one.visit_id] = max(one.moment, since.get(one.visit_id, one.moment))
    return lost


def restored(allocations: Sequence[Allocation], room: Mapping[UUID, Decimal]) -> tuple[Allocation, ...]:
    """The same entries for a payment that is in effect again. Visits that have less room than they had got (`room`: visit → what
    it may get) lose the difference at the moment of their last entry, so that no day shows less than nothing.
    """
    cuts = []
    for visit_id, amount in allocated(allocations).items():
        if (excess := amount - max(NOTHING, room.get(visit_id, NOTHING))) > 0:
            since = max(one.moment for one in allocations if one.visit_id == visit_id)
            cuts.append(Allocation(visit_id, -excess, since, None))
    return (*allocations, *cuts)
