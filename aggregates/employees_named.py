"""Refusals about employees: their facts contain ids that the API shows with names (UI-3)."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from aggregates.kernel import DomainError


class NamedEmployee(msgspec.Struct, frozen=True):
    """An employee in the facts of a refusal."""

    id: UUID


class RefusalOfEmployee(DomainError):
    """A refusal because of one employee: facts `employee_id`, `employee`."""

    def __init__(self, employee_id: UUID) -> None:
        super().__init__(employee_id=employee_id, employee=NamedEmployee(employee_id))


class RefusalOfEmployees(DomainError):
    """A refusal because of several employees: fact `employees`."""

    def __init__(self, employees: Iterable[UUID]) -> None:
        super().__init__(employees=list(map(NamedEmployee, employees)))
