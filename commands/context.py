"""Who commands, from where, by which request, and at what moment."""

from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one command. One command makes at most one save."""

    now: datetime
    """The moment of the decision: an aware instant in UTC. The only clock that a command knows."""
    command: str
    """The command's name, such as `book_visit`."""
    user_id: UUID | None = None
    """The acting user's access; None for the system itself (set-up, demonstration)."""
    employee_id: UUID | None = None
    """The acting user as an employee."""
    only_doctor_id: UUID | None = None
    """Of all visits the user may see and change only this doctor's: their own. None: everybody's."""
    patients_of: UUID | None = None
    """Of all patients' cards the user may see and change only those of this doctor's patients: their own. None: everybody's."""
    accepted: frozenset[str] | None = None
    """Keys of the warnings that the person accepts beforehand; None: there is no person to be asked, so nothing is asked."""
    address: str = ""
    """The network address that the request came from."""
    correlation_id: str = ""
    """Ties together request, events, projections and log lines."""
    command_id: UUID | None = None
    """Idempotency key: a repeated id returns the stored receipt. None: the command is never repeated."""
    body_digest: str = ""
    """A digest of the request's body, to notice one id used for two different requests."""

    def local_now(self, zone: tzinfo) -> datetime:
        """The naive wall clock of the clinic at the decision."""
        return self.now.astimezone(zone).replace(tzinfo=None)

    @property
    def fingerprint(self) -> str:
        """User, command and body: what has to be the same where a command id comes twice."""
        return f"{self.user_id or ''}:{self.command}:{self.body_digest}"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a command did: the aggregate, its new version, the log position of its last event, facts for the answer."""

    id: UUID
    version: int
    position: int
    """0 where nothing had to change."""
    facts: dict[str, Any] = {}
    """Values of JSON: ids and dates as strings."""
    repeated: bool = False
    """The command had been executed before; this is its stored receipt."""
