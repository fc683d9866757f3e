"""What receipts say, asked of `gateways/guards/stated_receipts.py`."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from aggregates.money.receipt_accounts import StatedReceipt


class StatedReceipts(Protocol):
    """Asked inside `Clinic.write_lock()`: no receipt is requested meanwhile."""

    def of(self, account_ids: Iterable[UUID]) -> Sequence[StatedReceipt]:
        """The receipts that say something of these visits, payments, certificates or refunds, whatever their state: what isn't
        printed yet will be, in its order. Those that were given up too (`counts`).
        """

    def after(self, receipt_ids: Iterable[UUID]) -> Sequence[UUID]:
        """The receipts that have to be printed after one of these, in whatever state."""
