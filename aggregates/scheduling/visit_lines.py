"""Lines of a visit: its services with their prices."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import msgspec

from aggregates.values import WrongValue, money

MOST_LINES = 200
MOST_QUANTITY = 1000


class Line(msgspec.Struct, frozen=True):
    """One service of the visit, with its name and price at the time when it was added."""

    service_id: UUID
    name: str
    price: Decimal
    quantity: int

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


def check_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Check the lines of a visit. WrongValue."""
    if len(lines) > MOST_LINES:
        raise WrongValue("lines", f"В визите может быть не больше {MOST_LINES} услуг.")
    for line in lines:
        money("lines", line.price)
        if not 1 <= line.quantity <= MOST_QUANTITY:
            raise WrongValue("lines", f"Количество услуги – от 1 до {MOST_QUANTITY}.")
    return tuple(lines)
