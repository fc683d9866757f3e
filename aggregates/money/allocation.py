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
    """

    charge_id: UUID = msgspec.field(name="visit_id")
    sum: Decimal
    moment: datetime
    kind: ChargeKind = "visit"

    def taken_back(self, amount: Decimal, moment: datetime) -> "Allocation":
        return Allocation(self.charge_id, -amount, moment, self.kind)


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


def taken_back(allocations: Sequence[Allocation], amount: Decimal, moment: datetime) -> tuple[Allocation, ...]:
    """Take back an amount, from what was allocated to last first; everything if the amount is larger. At a moment, but
    not before what is taken back was allocated.
    """
    left = allocated(allocations)
    order = {one.charge_id: number for number, one in enumerate(allocations) if one.sum > 0}
    found = []
    for charge_id in sorted(left, key=lambda charge_id: order[charge_id], reverse=True):
        back = min(amount, left[charge_id])
        if back > 0:
            of_it = [one for one in allocations if one.charge_id == charge_id]
            found.append(of_it[0].taken_back(back, max(moment, *(one.moment for one in of_it))))
            amount -= back
    return tuple(found)
