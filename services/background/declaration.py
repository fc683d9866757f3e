"""What background work is: a follower acts on the outside, or in the background, because of events; a job comes round by time.

Everything else (position, one leader, retrying, stopping at an event that can't be handled, status, metrics) is done once for
all of them by `running.py`. `services/registry.py` has a line for each.
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
"""Under which idempotency keys are made; never changes."""


class FollowedEvent(NamedTuple):
    """An event that concerns a follower."""

    event: Event
    envelope: Envelope
    follower: str
    """Its name."""

    @property
    def key(self) -> UUID:
        """For an outside that tells a repetition by a key, and as a command's id: the same at each attempt and after restarts."""
        at = self.envelope
        return uuid5(KEYS, f"{self.follower}/{at.position}/{at.originator_id}/{at.version}/{at.recorded_micros}")


@dataclass(frozen=True)
class Delivery:
    """What a follower is to handle now: events in the order of the log.

    connection    inside of the transaction that records them as handled, for tables of the follower's own; None for a follower
                  that acts outside. Commands aren't given here: see `Follower.acts`.
    """

    denta: Denta
    events: Sequence[FollowedEvent]
    connection: Connection[TupleRow] | None = None


@dataclass(frozen=True)
class Follower:
    """Acts because of events, each at least once and in the order of the log. A rebuild never runs it.

    name      as operators see it; never changes.
    topics    the events that concern it; "all": every event, also of kinds that are yet to come.
    handle    acts. What it raises decides: `OutsideAway`, a lost connection or a time-out mean that nothing is wrong with
              the events, so they are handed over again for as long as it takes; `EventRefused` names the event that is wrong;
              for any other exception they are handed over one by one. An event that goes on failing stops this follower alone.
    begins    a follower that is new to a clinic begins with the events that come from "now" on, or with its "first" one.
    acts      "outside": the position is recorded after `handle`, so a crash in between repeats the events with the same keys. A
              follower that runs commands is of this kind too: with `FollowedEvent.key` as the command's id, a repeated command
              gets its first answer. "inside": writes rows of its own by `delivery.connection`, in one transaction with the
              position, thus exactly once.
    batch     events of one delivery at most.
    part      the command that runs it.
    enabled   whether this installation has what it needs.
    """

    name: str
    topics: Sequence[type[Event]] | Literal["all"]
    handle: Callable[[Delivery], None]
    begins: Literal["now", "first"] = "now"
    acts: Literal["outside", "inside"] = "outside"
    batch: int = 100
    part: Part = "project"
    enabled: Callable[[Denta], bool] = lambda _: True


@dataclass(frozen=True)
class Job:
    """Comes round by time, in one process at each moment.

    run       does some of its work and says how much; `stopping` is set when it is to end soon. After some it is run again
              at once, after none (or a failure) `every` seconds later.
    """

    name: str
    every: float
    run: Callable[[Denta, Flag], int]
    part: Part = "project"


Work = Follower | Job
