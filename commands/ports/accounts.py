"""Data of signing in: password hashes, sessions, attempts. Stored beside the log, never in it (ADR 3)."""

from datetime import datetime
from uuid import UUID

import msgspec


class StoredPassword(msgspec.Struct, frozen=True):
    """A password hash as given to `save(passwords=…)`, and when it was set."""

    hash: str
    set_at: datetime


class PasswordReplacedError(Exception):
    """The password was replaced between its check and the opening of the session."""


class SecondFactorTurnedOnError(Exception):
    """The second factor was turned on between the check and the opening of a session without a code."""


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session in the user's list. `id` is no secret, unlike the token."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A valid session with its user's present access and rights set, read from the guard `email`."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    rights_set_version: int
    """Version of the set's stream, to check that a cached set is up to date."""


class AttemptLimit(msgspec.Struct, frozen=True):
    """The most failures under a key.

    `access_id`: the limit protects this user's account; failures from before its password was set don't count.
    """

    most: int
    access_id: UUID | None = None


class AttemptLimited(msgspec.Struct, frozen=True):
    """No attempt was started. `seconds`: until the next one is allowed; None: attempts in progress may reach the limit."""

    seconds: float | None
