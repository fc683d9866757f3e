"""Who may sign in, read from the guard `gateways/guards/email.py`."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A user who may sign in now."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID


class Accesses(Protocol):
    """Up to date inside `Clinic.write_lock()`."""

    def by_email(self, email: str) -> Access | None:
        """The user with this e-mail, in any case of letters."""

    def all(self) -> Sequence[Access]:
        """All users who may sign in now, by id."""
