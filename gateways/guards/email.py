"""The address that a user signs in by belongs to one user (ACL-3). Withdrawn access frees it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aggregates.access.user_access import EmailTaken, UserAccess
from aggregates.kernel import DomainError
from commands.ports import Access
from gateways.guards.declaration import Claim
from gateways.guards.unique import unique

NAME = "email"


class SignIn(Claim, frozen=True):
    """Who signs in by which address."""

    employee_id: UUID
    address: str
    key: str
    rights_set_id: UUID

    def access(self) -> Access:
        return Access(access_id=self.id, employee_id=self.employee_id, email=self.address, rights_set_id=self.rights_set_id)


def key_of(address: str) -> str:
    """What two writings of one address have in common."""
    return address.strip().lower()


def held(access: UserAccess) -> SignIn:
    return SignIn(
        id=access.id,
        holds=access.allowed,
        employee_id=access.employee_id,
        address=access.email,
        key=key_of(access.email),
        rights_set_id=access.rights_set_id,
    )


def refusal(facts: Mapping[str, Any]) -> DomainError:
    return EmailTaken(email=facts["address"])


GUARD = unique(NAME, kinds=(UserAccess,), claim=SignIn, held=held, refusal=refusal, by=("key",))
