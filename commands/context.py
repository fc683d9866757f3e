"""The context of a command: who, from where, by which request, when."""

from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The context of one command. A command makes at most one save."""

    now: datetime
    """The time of the decision: an aware instant in UTC. Commands have no other clock."""
    command: str
    """The command's name, such as `book_visit`."""
    user_id: UUID | None = None
    """Id of the acting user's access; None for the system itself (set-up, demonstration)."""
    employee_id: UUID | None = None
    """Id of the acting user's employee."""
    only_doctor_id: UUID | None = None
    """The only doctor whose visits the user may see and change: themselves. None: all."""
    patients_of: UUID | None = None
    """The only doctor whose patients' cards the user may see and change: themselves. None: all."""
    accepted: frozenset[str] | None = None
    """Keys of the warnings that the person has accepted; None: no person is there to ask, so there are no warnings."""
    address: str = ""
    """The network address that the request came from."""
    correlation_id: str = ""
    """Ties together request, events, projections and log lines."""
    command_id: UUID | None = None
    """Idempotency key: a repeated id returns the stored receipt. None: the command is never repeated."""
    body_digest: str = ""
    """A digest of the request's body, to notice one id used for two different requests."""

    def local_now(self, zone: tzinfo) -> datetime:
        """`now` by the clinic's wall clock, naive."""
        return self.now.astimezone(zone).replace(tzinfo=None)

    @property
    def fingerprint(self) -> str:
        """User, command and body: they have to be equal when a command id is repeated."""
        return f"{self.user_id or ''}:{self.command}:{self.body_digest}"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a command: the aggregate's id and new version, the log position of its last event, facts for the answer."""

    id: UUID
    version: int
    position: int
    """0 if nothing changed."""
    facts: dict[str, Any] = {}
    """JSON values: ids and dates are strings."""
    repeated: bool = False
    """The command had been executed before; this is its stored receipt."""
