"""Read-your-writes: wait until read models have reached a position, without a query if they have already.

A PositionWatch listens to the workers' notices on its own connection. If that is lost, it reconnects and reads all positions
again, so that a missed notice delays nobody for longer.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import msgspec
from psycopg import Connection, Notify
from psycopg.rows import TupleRow

from projections import positions
from projections.live import Connect

AGAIN_SECONDS = 0.25
CHECK_SECONDS = 1.0
"""How often positions are read, in case a notice was lost."""


class _Notice(msgspec.Struct):
    position: int
    projection: str | None = None
    projections: list[str] | None = None


_DECODE_NOTICE = msgspec.json.Decoder(_Notice).decode


@dataclass(eq=False)
class _Waiter:
    names: frozenset[str]
    position: int
    wake: Callable[[], None]


class PositionWatch:
    """One per process. `start` before use; `close` ends its thread."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._reached: dict[str, int] = {}
        self._waiters: set[_Waiter] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="position-watch", daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def reached(self, names: Iterable[str], position: int) -> bool:
        """Whether all of these read models hold all events up to the position, as far as was content. Costs nothing."""
        return all(self._reached.get(name, -1) >= position for name in names)

    def wait(self, names: Iterable[str], position: int, seconds: float) -> bool:
        """Block the thread until they have reached the position; False on time-out."""
        models = frozenset(names)
        if self.reached(models, position):
            return True
        done = threading.Event()
        waiter = self._add_waiter(models, position, done.set)
        try:
            done.wait(seconds)
            return self.reached(models, position)
        finally:
            self._remove_waiter(waiter)

    async def wait_async(self, names: Iterable[str], position: int, seconds: float) -> bool:
        """Like `wait`, for an asyncio task."""
        models = frozenset(names)
        if self.reached(models, position):
            return True
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(done.set)

        waiter = self._add_waiter(models, position, wake)
        try:
            async with asyncio.timeout(seconds):
                await done.wait()
        except TimeoutError:
            pass
        finally:
            self._remove_waiter(waiter)
        return self.reached(models, position)

    # --- inside ----------------------------------------------------------------------------------------------------------

    def _add_waiter(self, names: frozenset[str], position: int, wake: Callable[[], None]) -> _Waiter:
        waiter = _Waiter(names, position, wake)
        with self._lock:
            self._waiters.add(waiter)
        if self.reached(names, position):  # it may have been reached just before
            wake()
        return waiter

    def _remove_waiter(self, waiter: _Waiter) -> None:
        with self._lock:
            self._waiters.discard(waiter)

    def _update(self, positions: Iterable[tuple[str, int]], *, reset: bool = False) -> None:
        """Take the news, wake whom they were awaited by. `anew`: positions as the table has them, which may lie further back."""
        for name, position in positions:
            self._reached[name] = position if reset else max(position, self._reached.get(name, 0))
        with self._lock:
            ready = [w for w in self._waiters if self.reached(w.names, w.position)]
        for waiter in ready:
            waiter.wake()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    self._follow(connection)
            except Exception:
                # The database is unavailable. Waiters run into their time-outs; new calls use the last known positions.
                self._stop.wait(AGAIN_SECONDS)

    def _follow(self, connection: Connection[TupleRow]) -> None:
        connection.autocommit = True
        connection.execute("listen denta_rows")
        connection.execute("listen denta_positions")
        check = 0.0
        while not self._stop.is_set():
            if time.monotonic() >= check:
                self._update([(name, now.position) for name, now in positions.read(connection).items()], reset=True)
                check = time.monotonic() + CHECK_SECONDS
            for notice in connection.notifies(timeout=max(0.01, min(AGAIN_SECONDS, check - time.monotonic())), stop_after=1):
                self._update(_positions_in(notice))


def _positions_in(notice: Notify) -> list[tuple[str, int]]:
    content = _DECODE_NOTICE(notice.payload)
    names = content.projections or ([content.projection] if content.projection else [])
    return [(name, content.position) for name in names]
