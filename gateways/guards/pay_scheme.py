"""An employee has at most one active scheme of pay from a day (FIN-2)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aggregates.kernel import DomainError
from aggregates.payroll.pay_scheme import PayScheme, PaySchemeExists
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class PaySchemeStart(Claim, frozen=True):
    """The day from which an active scheme is in effect."""

    employee_id: UUID
    starts_on: str


def claim_of(scheme: PayScheme) -> PaySchemeStart:
    return PaySchemeStart(
        id=scheme.id, holds=not scheme.deleted, employee_id=scheme.employee_id, starts_on=scheme.starts_on.isoformat()
    )


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return PaySchemeExists(starts_on=facts["starts_on"], by=facts["id"])


GUARD = unique(
    "pay_scheme", kinds=(PayScheme,), claim=PaySchemeStart, claim_of=claim_of, refusal=refusal, by=("employee_id", "starts_on")
)
