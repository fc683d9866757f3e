"""Which documents brought goods of an issue back, asked of `gateways/guards/returned_goods.py`."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID


class ReturnedGoods(Protocol):
    """Asked inside `Clinic.write_lock()`."""

    def returns_of(self, issue_id: UUID) -> Sequence[UUID]:
        """The returns in effect of an issue, in the order of their ids."""

    def sold_to(self, patient_ids: Iterable[UUID]) -> Sequence[UUID]:
        """The issues in effect of which these cards are the buyers, in the order of their ids."""
