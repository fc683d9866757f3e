"""Payment of receipts of goods by outgoes to their supplier (FIN-9): never more than the receipt comes to.

An outgo may name receipts with sums; what it doesn't allocate is an advance. The order of days doesn't matter: an advance may be
allocated to goods that come later.
"""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError


class Overpayment(msgspec.Struct, frozen=True):
    """A receipt that would be paid more than it comes to. `document_id`: an outgo that pays it; `excess`: rubles too many."""

    receipt_id: UUID
    document_id: UUID
    excess: Decimal


class ReceiptOverpaid(DomainError):
    """An outgo pays too much for a receipt, or one that isn't posted; or a paid receipt is to be lessened, given to another
    supplier, or taken out of effect. Checked on save by `gateways/guards/receipt_payments.py`. Facts: `overpayment`.
    """

    code: ClassVar[str] = "receipt_overpaid"

    def __init__(self, overpayment: Overpayment) -> None:
        super().__init__(overpayment=overpayment)
        self.overpayment = overpayment

    @property
    def sentence(self) -> str:
        excess = f"{self.overpayment.excess:,.2f}".replace(",", "\u00a0").replace(".", ",")
        return (
            f"Поступление товаров оказалось бы оплачено больше, чем на свою сумму: лишние {excess}\u00a0₽. Уменьшите оплату "
            "этого поступления в расходе средств."
        )
