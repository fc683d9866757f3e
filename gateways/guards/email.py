"""A sign-in e-mail belongs to one user (ACL-3). Withdrawn access frees it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from aggregates.access.user_access import EmailTaken, UserAccess
from aggregates.kernel import DomainError
from commands.ports.user_accesses import Access, Accesses
from gateways.database import Database
from gateways.guards.declaration import Claim, Reads
from gateways.guards.unique import unique

NAME = "email"


class SignIn(Claim, frozen=True):
    """A user's sign-in e-mail."""

    employee_id: UUID
    address: str
    key: str
    rights_set_id: UUID

    def access(self) -> Access:
        return Access(access_id=self.id, employee_id=self.employee_id, email=self.address, rights_set_id=self.rights_set_id)


def key_of(address: str) -> str:
    """The form by which addresses are compared."""
    return address.strip().lower()


def claim_of(access: UserAccess) -> SignIn:
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


class PostgresAccesses:
    """`commands.ports.user_accesses.Accesses`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_email(self, email: str) -> Access | None:
        return next(iter(self._accesses("WHERE key = %s", key_of(email))), None)

    def all(self) -> Sequence[Access]:
        return self._accesses("ORDER BY id")

    def _accesses(self, clauses: LiteralString, *params: str) -> list[Access]:
        columns = "SELECT id AS access_id, employee_id, address AS email, rights_set_id FROM guard_email "
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(Access)) as cursor:
            return cursor.execute(columns + clauses, params).fetchall()


class MemoryAccesses:
    """The same without a database."""

    def __init__(self, rows: Callable[[], Sequence[SignIn]]) -> None:
        self._rows = rows

    def by_email(self, email: str) -> Access | None:
        return next((row.access() for row in self._rows() if row.key == key_of(email)), None)

    def all(self) -> Sequence[Access]:
        return sorted((row.access() for row in self._rows()), key=lambda access: access.access_id)


GUARD = unique(
    NAME,
    kinds=(UserAccess,),
    claim=SignIn,
    claim_of=claim_of,
    refusal=refusal,
    by=("key",),
    reads=Reads[Accesses]("accesses", PostgresAccesses, MemoryAccesses),
)
