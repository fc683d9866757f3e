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
    """`sum`: rubles; negative where it is taken back. `moment`: by the clinic's wall clock."""

    visit_id: UUID
    sum: Decimal
    moment: datetime


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


def taken_back(allocations: Sequence[Allocation], amount: Decimal, moment: datetime) -> tuple[Allocation, ...]:
    """Take back an amount, from the visit that was allocated to last first; everything if the amount is larger. At a moment, but
    not before what is taken back was allocated.
    """
    left = allocated(allocations)
    order = {one.visit_id: number for number, one in enumerate(allocations) if one.sum > 0}
    found = []
    for visit_id in sorted(left, key=lambda visit_id: order[visit_id], reverse=True):
        back = min(amount, left[visit_id])
        if back > 0:
            since = max(one.moment for one in allocations if one.visit_id == visit_id)
            found.append(Allocation(visit_id, -back, max(moment, since)))
            amount -= back
    return tuple(found)
