"""What is in effect of an employee's pay, asked of `gateways/guards/pay_accounts.py`."""

from decimal import Decimal
from typing import Protocol
from uuid import UUID

from aggregates.money.money_document import MoneyDocument
from aggregates.payroll.pay_accrual import PayAccrual


class PayAccounts(Protocol):
    """Asked inside `Clinic.write_lock()`."""

    def in_effect(self, employee_id: UUID) -> frozenset[UUID]:
        """The employee's postings in effect, by `PayAccrual.posting_id`."""

    def excess(self, document: PayAccrual | MoneyDocument) -> Decimal:
        """Rubles paid to the employee above what is owed, if this was saved as it is now; 0 where that is no more than it was."""
