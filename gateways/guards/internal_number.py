"""An office extension belongs to one active employee."""

from collections.abc import Mapping
from typing import Any

from aggregates.kernel import DomainError
from aggregates.people.employee import Employee, InternalNumberTaken
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique


class InternalNumber(Claim, frozen=True):
    """An employee's extension."""

    number: str


def claim_of(employee: Employee) -> InternalNumber:
    number = employee.record.internal_number
    return InternalNumber(id=employee.id, holds=number != "" and not employee.deleted, number=number)


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return InternalNumberTaken(internal_number=facts["number"], employee_id=facts["id"])


GUARD = unique("internal_number", kinds=(Employee,), claim=InternalNumber, claim_of=claim_of, refusal=refusal, by=("number",))
