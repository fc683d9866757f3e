"""The question before an employee is paid more than is owed: by an outgo, or because an accrual goes out of effect."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.warnings import DomainWarning


class PayDespite(msgspec.Struct, frozen=True):
    """An accepted warning, as events store it. `excess`: rubles paid above what is owed."""

    kind: Literal["paid_above_owed"]
    excess: Decimal


class PaidAboveOwed(DomainWarning, frozen=True, kw_only=True):
    """`excess`: rubles that the employee would have got above what is owed."""

    KIND: ClassVar[str] = "paid_above_owed"
    employee_id: UUID
    excess: Decimal

    @property
    def about(self) -> Sequence[object]:
        return (self.employee_id, str(self.excess))

    @property
    def shown(self) -> Mapping[str, Any]:
        return {"excess": self.excess}

    @property
    def sentence(self) -> str:
        excess = f"{self.excess:,.2f}".replace(",", "\u00a0").replace(".", ",")
        return f"Сотруднику окажется выплачено больше начисленного на {excess}\u00a0₽."

    @property
    def stored(self) -> tuple[PayDespite, ...]:
        return (PayDespite("paid_above_owed", self.excess),)
