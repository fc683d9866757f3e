"""Moving-average cost: what each movement of an item costs, and what is left in each warehouse afterwards.

Kept per item and warehouse as a pool of quantity and value, never as a rate: a rate rounded to kopecks loses money. A receipt
changes the average, an issue doesn't. A pool without quantity has no value. Costs depend on the order of movements alone, so they
are derived from documents (`projections/stock/`) and no event holds one: a late document changes what follows from it.

Quantities are whole ten-thousandths of the unit in which stock is held, values whole kopecks; rounding is half up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

Effect = Literal["receipt", "return", "count", "transfer_out", "transfer_in", "issue"]
RANKS: dict[Effect, int] = {"receipt": 0, "return": 0, "count": 1, "transfer_out": 2, "transfer_in": 2, "issue": 3}
"""Order of effects of one moment: what comes in is there for what goes out."""
_SIGNS: dict[Effect, int] = {"receipt": 1, "return": 1, "count": 0, "transfer_out": -1, "transfer_in": 1, "issue": -1}


class Movement(msgspec.Struct, frozen=True, gc=False):
    """One movement of an item, as its document states it.

    quantity  positive; of a count, what was counted (from 0).
    value     of a receipt its sum; of a count the worth of all that was counted, for a surplus without a known cost; else None.
    origin    of a return, the document by which the goods had left.
    """

    document_id: UUID
    line: int
    goods_id: UUID
    warehouse_id: UUID
    effect: Effect
    quantity: int
    value: int | None = None
    origin: UUID | None = None

    @property
    def change(self) -> int:
        """What it adds to the quantity in stock; 0 for a count."""
        return self.quantity * _SIGNS[self.effect]


class Cost(msgspec.Struct, frozen=True, gc=False):
    """What a movement came to.

    quantity, value   change of the pool: positive in, negative out.
    correction        loss of the pool beside it (negative: gain): the value that goods sold before they were there had, and that
                      the receipt doesn't confirm. value - correction is the whole change.
    left, left_value  the pool afterwards.
    """

    quantity: int
    value: int
    correction: int
    left: int
    left_value: int


class Pool(msgspec.Struct):
    """What is in a warehouse of an item; below zero where more has left than came in.

    last_sum, last_quantity  of the last receipt or transfer into it: the cost of what leaves without being there.
    received, received_value, corrected  all that ever came in, at which value, and all corrections.
    """

    quantity: int = 0
    value: int = 0
    last_sum: int = 0
    last_quantity: int = 0
    received: int = 0
    received_value: int = 0
    corrected: int = 0

    def take(self, quantity: int) -> int:
        """Take out; its cost."""
        here = min(max(self.quantity, 0), quantity)
        cost = self.value if here and here == self.quantity else divided(here * self.value, self.quantity) if here else 0
        cost += self.at_last_price(quantity - here)
        self.quantity -= quantity
        self.value -= cost
        return cost

    def put(self, quantity: int, value: int) -> int:
        """Put in; the correction of what had left before it was there."""
        before, books = self.quantity, self.value + value
        self.quantity += quantity
        if before >= 0:
            self.value = books
        elif self.quantity >= 0:
            self.value = divided(value * self.quantity, quantity)
        else:
            self.value = -divided(-self.value * -self.quantity, -before)
        return books - self.value

    def at_last_price(self, quantity: int) -> int:
        return divided(quantity * self.last_sum, self.last_quantity) if self.last_quantity else 0


class Totals(msgspec.Struct):
    """What there is of an item in all warehouses together. `short`: warehouses in which it is below zero."""

    quantity: int = 0
    value: int = 0
    short: int = 0


class Costing:
    """The movements of one item, costed in their order over all its warehouses."""

    def __init__(self) -> None:
        self.pools: dict[UUID, Pool] = {}
        self.totals = Totals()
        self.issued: dict[UUID, tuple[int, int]] = {}
        """Document → quantity and cost that left by it."""
        self.returned: dict[UUID, tuple[int, int]] = {}
        """The same document → quantity and value that came back."""
        self._under_way: dict[tuple[UUID, int], int] = {}

    def walk(self, movements: Iterable[Movement]) -> Iterator[Cost]:
        """Cost each movement; they come in order, the inward half of a transfer behind its outward half."""
        return map(self.cost, movements)

    def cost(self, movement: Movement) -> Cost:
        pool, totals = self.pools.get(movement.warehouse_id), self.totals
        if pool is None:
            pool = self.pools[movement.warehouse_id] = Pool()
        before, value_before = pool.quantity, pool.value
        quantity, value, correction = self.COSTED[movement.effect](self, pool, movement)
        if quantity > 0:
            pool.received += quantity
        if value > 0:
            pool.received_value += value
        pool.corrected += correction
        totals.quantity += pool.quantity - before
        totals.value += pool.value - value_before
        totals.short += (pool.quantity < 0) - (before < 0)
        return Cost(quantity, value, correction, pool.quantity, pool.value)

    def _receipt(self, pool: Pool, movement: Movement) -> tuple[int, int, int]:
        return self._received(pool, movement.quantity, movement.value or 0)

    @staticmethod
    def _received(pool: Pool, quantity: int, value: int) -> tuple[int, int, int]:
        correction = pool.put(quantity, value)
        pool.last_sum, pool.last_quantity = value, quantity
        return quantity, value, correction

    def _issue(self, pool: Pool, movement: Movement) -> tuple[int, int, int]:
        cost = pool.take(movement.quantity)
        quantity, before = self.issued.get(movement.document_id, (0, 0))
        self.issued[movement.document_id] = quantity + movement.quantity, before + cost
        return -movement.quantity, -cost, 0

    def _transfer_out(self, pool: Pool, movement: Movement) -> tuple[int, int, int]:
        cost = self._under_way[movement.document_id, movement.line] = pool.take(movement.quantity)
        return -movement.quantity, -cost, 0

    def _transfer_in(self, pool: Pool, movement: Movement) -> tuple[int, int, int]:
        return self._received(pool, movement.quantity, self._under_way.pop((movement.document_id, movement.line)))

    def _return(self, pool: Pool, movement: Movement) -> tuple[int, int, int]:
        origin = movement.origin or movement.document_id
        issued, cost = self.issued.get(origin, (0, 0))
        returned, value = self.returned.get(origin, (0, 0))
        rest = cost - value
        back = rest if returned + movement.quantity >= issued else min(rest, divided(movement.quantity * cost, issued))
        self.returned[origin] = returned + movement.quantity, value + back
        return movement.quantity, back, pool.put(movement.quantity, back)

    def _count(self, pool: Pool, movement: Movement) -> tuple[int, int, int]:
        difference = movement.quantity - pool.quantity
        if difference <= 0:
            return difference, -pool.take(-difference), 0
        if pool.quantity > 0:
            value = divided(difference * pool.value, pool.quantity)
        elif pool.last_quantity:
            value = pool.at_last_price(difference)
        else:
            value = divided(difference * (movement.value or 0), movement.quantity) if movement.quantity else 0
        return difference, value, pool.put(difference, value)

    COSTED: ClassVar[Mapping[Effect, Callable[["Costing", Pool, Movement], tuple[int, int, int]]]] = {
        "receipt": _receipt,
        "return": _return,
        "count": _count,
        "transfer_out": _transfer_out,
        "transfer_in": _transfer_in,
        "issue": _issue,
    }
    """Change of quantity and value, and the correction, by what a movement does."""


WHOLE = 10_000
"""Parts of a unit that quantities are counted in."""


def divided(dividend: int, divisor: int) -> int:
    """The quotient, half up; both from 0."""
    return (2 * dividend + divisor) // (2 * divisor)
