"""Declarations of background work: a follower reacts to events, in the background or outside; a job runs at intervals.

The rest (position, one leader, retries, stopping at an event that can't be handled, status, metrics) is common to all of them, in
`runners.py`. `services/registry.py` has a line for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event as Flag
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.kernel import Event
from projections.declaration import Envelope
from services.bootstrap import Denta

Part = Literal["project", "publish"]
"""The command of the program that runs it: `denta project`, `denta publish`."""
KEYS = UUID("6c5f0b0e-5d0c-4f0e-9a59-1d6d3a2f4b77")
"""The namespace of idempotency keys; never changes."""


class FollowedEvent(NamedTuple):
    """An event that a follower handles."""

    event: Event
    envelope: Envelope
    follower: str
    """Its name."""

    @property
    def key(self) -> UUID:
        """An idempotency key, for outside systems and as a command's id: the same at each attempt and after restarts."""
        at = self.envelope
        return uuid5(KEYS, f"{self.follower}/{at.position}/{at.originator_id}/{at.version}/{at.recorded_micros}")


@dataclass(frozen=True)
class Delivery:
    """A batch of events that is handed to a follower, in the order of the log.

    connection    in the transaction that records the position, for the follower's own tables; None for a follower that acts
                  outside. Not for commands: see `Follower.acts`.
    """

    denta: Denta
    events: Sequence[FollowedEvent]
    connection: Connection[TupleRow] | None = None


@dataclass(frozen=True)
class Follower:
    """Reacts to events: to each at least once and in the order of the log. A rebuild of projections never runs it.

    name      for operators; never changes.
    events    the classes of events that it handles; "all": every event, including future kinds.
    handle    handles a batch. `OutsideAway`, a lost connection or a time-out aren't the events' fault: the batch is repeated
              until it succeeds. `EventRefused` names a bad event; after any other exception the events are handed over one by
              one. An event that keeps failing stops this follower and no other.
    begins    whether a new follower starts with future events ("now") or with the clinic's "first" event.
    acts      "outside": the position is recorded after `handle`, so a crash in between repeats the events with the same keys. A
              follower that runs commands is of this kind too: with `FollowedEvent.key` as the command's id, a repeated command
              gets its first answer. "inside": writes rows of its own by `delivery.connection`, in one transaction with the
              position, thus exactly once.
    batch     the maximum number of events in one delivery.
    part      the `denta` command that runs it.
    enabled   whether this installation has the settings that it needs.
    """

    name: str
    events: Sequence[type[Event]] | Literal["all"]
    handle: Callable[[Delivery], None]
    begins: Literal["now", "first"] = "now"
    acts: Literal["outside", "inside"] = "outside"
    batch: int = 100
    part: Part = "project"
    enabled: Callable[[Denta], bool] = lambda _: True


@dataclass(frozen=True)
class Job:
    """Runs at intervals, in one process at a time.

    run       does a part of its work and returns how much was done; `stopping` is set when it should end soon. After some work
              it runs again immediately, after none (or a failure) `every` seconds later.
    """

    name: str
    every: float
    run: Callable[[Denta, Flag], int]
    part: Part = "project"


Work = Follower | Job
