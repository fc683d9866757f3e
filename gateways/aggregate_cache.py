"""Aggregates cached between commands, so that a decision needs no replay.

Callers get a copy, never the cached object itself; copy-on-write state makes the copy cheap and independent.
"""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from aggregates.kernel import Aggregate


class AggregateCache:
    """The most recently used aggregates, each in its newest version. Thread-safe."""

    def __init__(self, capacity: int = 2000) -> None:
        self._capacity = capacity
        self._cached: OrderedDict[UUID, Aggregate] = OrderedDict()
        self._lock = Lock()

    def get(self, id: UUID) -> Aggregate | None:  # noqa: A002  the domain's own word
        """An independent copy, perhaps behind the log."""
        with self._lock:
            cached = self._cached.get(id)
            if cached is None:
                return None
            self._cached.move_to_end(id)
        return cached.copy()

    def put(self, aggregate: Aggregate) -> None:
        """Cache a copy without unsaved events, unless a newer version is cached already."""
        copy = aggregate.copy()
        copy.collect_events()
        with self._lock:
            cached = self._cached.get(copy.id)
            if cached is not None and cached.version >= copy.version:
                return
            self._cached[copy.id] = copy
            self._cached.move_to_end(copy.id)
            if len(self._cached) > self._capacity:
                self._cached.popitem(last=False)
