"""Who may sign in, as the guard `gateways/guards/email.py` knows it."""

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
    """Authoritative inside `Clinic.write_lock()`."""

    def by_email(self, email: str) -> Access | None:
        """The user who signs in by this address, however its letters are cased."""

    def all(self) -> Sequence[Access]:
        """All who may sign in now, in order of their ids."""
