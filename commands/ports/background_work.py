"""The state of background work: how far it is, why it is blocked, which events were skipped."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["follower", "job"]
WorkStatus = Literal["running", "waiting", "retrying", "stopped", "outdated"]
"""running   working normally
waiting   the outside is unavailable: the same events are retried without a limit
retrying  an event can't be handled: retried a few times
stopped   all attempts failed: an operator has to decide
outdated  newer code wrote an event that may concern it: waits for a newer program
"""


class WorkState(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `background_work`."""

    name: str
    kind: Kind
    position: int | None
    """All events up to this position are done. None for a job."""
    epoch: int
    status: WorkStatus
    attempts: int
    """Failed attempts since the last success."""
    error: str | None
    """Without personal data."""
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
    """The last time it did something."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why work is blocked, without personal data; for a follower, at which event."""

    error: str
    position: int | None = None
    event: str | None = None
    topic: str | None = None


class SkippedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that an operator made a follower skip."""

    follower: str
    position: int
    event: str
    topic: str
    error: str
    skipped_by: str
    skipped_at: datetime
