"""What payments pay for, asked of `gateways/guards/payments.py`."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID


class Payments(Protocol):
    """Asked inside `Clinic.write_lock()`: nobody pays or refunds meanwhile."""

    def of_visit(self, visit_id: UUID) -> Mapping[UUID, Decimal]:
        """Payment → what of it pays for the visit, in rubles; none of deleted payments."""

    def of_visits(self, visit_ids: Iterable[UUID]) -> Mapping[UUID, Decimal]:
        """Visit → what is paid for it, in rubles; none of those for which nothing is."""

    def unallocated(self, patient_ids: Iterable[UUID]) -> Decimal:
        """What payments of these cards pay for no visit and isn't refunded, in rubles."""

    def refunded(self, payment_id: UUID) -> Decimal:
        """What was refunded of a payment, in rubles."""

    def refunds_of(self, payment_id: UUID) -> Sequence[UUID]:
        """The refunds in effect of a payment."""

    def rest(self, payment_id: UUID) -> Decimal:
        """What of a payment is neither allocated nor refunded, in rubles."""
