"""What payments pay for, asked of `gateways/guards/payments.py`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol
from uuid import UUID


class Payments(Protocol):
    """Asked inside `Clinic.write_lock()`: nobody pays or refunds meanwhile."""

    def of_visit(self, visit_id: UUID) -> Mapping[UUID, Decimal]:
        """Payment → what of it pays for the visit, in rubles; none of deleted payments."""

    def refunded(self, payment_id: UUID) -> Decimal:
        """What was refunded of a payment, in rubles."""

    def rest(self, payment_id: UUID) -> Decimal:
        """What of a payment is neither allocated nor refunded, in rubles."""
