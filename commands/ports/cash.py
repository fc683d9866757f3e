"""What is in cash desks, asked of `gateways/guards/cash.py`."""

from datetime import date
from typing import Protocol
from uuid import UUID

from aggregates.money.desk_days import DayTurnover


class CashLedger(Protocol):
    """Asked inside `Clinic.write_lock()`."""

    def turnover(self, desk_id: UUID, day: date) -> DayTurnover:
        """What a desk had before a day, and what its documents in effect moved on it."""
