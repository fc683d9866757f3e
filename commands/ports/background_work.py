"""What background work is recorded as: how far it is, what keeps it from getting on, what was left out."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["follower", "job"]
WorkStatus = Literal["running", "waiting", "retrying", "stopped", "outdated"]
"""running   it goes on
waiting   the outside is away: the same events again, for as long as it takes
retrying  an event can't be handled: some more attempts
stopped   it couldn't be handled by any: an operator decides
outdated  newer code wrote an event that may concern it: it waits for a newer program
"""


class WorkState(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `background_work`."""

    name: str
    kind: Kind
    position: int | None
    """Of the log: all up to it is done. None for a job."""
    epoch: int
    status: WorkStatus
    attempts: int
    """That failed since it last got on."""
    error: str | None
    """Without anybody's data."""
    failed_position: int | None
    failed_event: str | None
    """Stream and version."""
    failed_topic: str | None
    failing_since: datetime | None
    next_attempt_at: datetime | None
    batches: int
    events: int
    failures: int
    worked_at: datetime | None
    """When it last did something."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why work doesn't get on, without anybody's data; for a follower, before which event."""

    error: str
    position: int | None = None
    event: str | None = None
    topic: str | None = None


class SkippedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a follower never handled, by an operator's decision."""

    follower: str
    position: int
    event: str
    topic: str
    error: str
    skipped_by: str
    skipped_at: datetime
