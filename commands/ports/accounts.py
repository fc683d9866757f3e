"""What signing in goes by: passwords' hashes, sessions, attempts. Kept beside the log, never in it (ADR 3)."""

from datetime import datetime
from uuid import UUID

import msgspec


class StoredPassword(msgspec.Struct, frozen=True):
    """A password's hash as it was given to `save(passwords=…)`, and when it was set."""

    hash: str
    set_at: datetime


class PasswordReplacedError(Exception):
    """The password by which a session was to be opened isn't the user's any more."""


class SecondFactorTurnedOnError(Exception):
    """A session was to be opened without a code, and the user's second factor is on by now."""


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its user sees it in the list. `id` is no secret, unlike the token."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A session that holds, with whose it is now: the access and rights set of this moment, by the guard of sign-in addresses."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    rights_set_version: int
    """Of the set's stream, so that a cached set is known to be the present one."""


class AttemptLimit(msgspec.Struct, frozen=True):
    """So many failures under a key.

    `access_id`: it is this user's account that is guarded; failures from before its password was set don't count.
    """

    most: int
    access_id: UUID | None = None


class AttemptLimited(msgspec.Struct, frozen=True):
    """No attempt was begun. `seconds`: until the next may be; None: those under way might yet reach a limit."""

    seconds: float | None
