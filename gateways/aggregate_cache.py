"""Aggregates kept between commands, so that a decision needs no replay.

What is kept is never handed out itself but as a copy, which copy-on-write state makes cheap and independent.
"""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from aggregates.kernel import Aggregate


class AggregateCache:
    """The aggregates used last, newest version first come. Safe for several threads."""

    def __init__(self, capacity: int = 2000) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[UUID, Aggregate] = OrderedDict()
        self._lock = Lock()

    def take(self, id: UUID) -> Aggregate | None:  # noqa: A002  the domain's own word
        """An independent copy, perhaps older than the log."""
        with self._lock:
            kept = self._kept.get(id)
            if kept is None:
                return None
            self._kept.move_to_end(id)
        return kept.copy()

    def keep(self, aggregate: Aggregate) -> None:
        """Keep a copy, unless a newer version is kept already. Decided events that aren't saved don't come along."""
        copy = aggregate.copy()
        copy.collect_events()
        with self._lock:
            kept = self._kept.get(copy.id)
            if kept is not None and kept.version >= copy.version:
                return
            self._kept[copy.id] = copy
            self._kept.move_to_end(copy.id)
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
