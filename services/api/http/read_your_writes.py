"""Read-your-writes: a query waits until the read models that it uses include the user's last change (OPS-4)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from psycopg import Connection
from psycopg.rows import TupleRow
from starlette.concurrency import run_in_threadpool

from commands.ports.database import DatabaseUnavailable
from projections import positions
from projections.registry import PROJECTIONS
from projections.waits import PositionWatch
from services.api.http.problems import PositionUnknown, ReadModelBehind

if TYPE_CHECKING:
    from services.bootstrap import Denta

MAX_WAIT = 3.0
"""Seconds."""
FIRST_WAIT = 0.3
"""Seconds after which the position is compared with the log's end: the database may have been restored from a backup."""


class ReadYourWrites:
    """One per process. `start` before use, `close` at the end."""

    def __init__(self, denta: "Denta") -> None:
        self._denta = denta
        self._watch = PositionWatch(self._connect)
        self._known = 0

    def start(self) -> None:
        self._watch.start()

    def close(self) -> None:
        self._watch.close()

    def note_position(self, position: int) -> None:
        """Remember that the log has reached this position."""
        self._known = max(self._known, position)

    def is_reached(self, position: int, models: Collection[str]) -> bool:
        """By the notifications so far; without a query."""
        return self._watch.reached(models, position)

    async def until(self, position: int, models: Collection[str]) -> None:
        """Wait until the models have reached the position. Raises ReadModelBehind after `MAX_WAIT`, DatabaseUnavailable.

        Raises PositionUnknown for a position beyond the end of the log, from before the database was restored.
        """
        if position > self._known:
            await self._require(position)
        if await self._watch.wait_async(models, position, FIRST_WAIT):
            return
        await self._require(position)
        if not await self._watch.wait_async(models, position, MAX_WAIT - FIRST_WAIT):
            raise ReadModelBehind(position=position)

    async def catch_up(self, models: Collection[str], seconds: float) -> None:
        """Wait at most `seconds` until the models include everything that is in the log now."""
        await self._watch.wait_async(models, await run_in_threadpool(self._head), seconds)

    def require_present(self, models: Collection[str]) -> None:
        """Block the thread of a command that decides by read models until they include everything that is in the log now.

        ReadModelBehind after `MAX_WAIT`, DatabaseUnavailable.
        """
        position = self._head()
        if not self._watch.wait(models, position, MAX_WAIT):
            raise ReadModelBehind(position=position)

    def is_outdated(self) -> bool:
        """Whether a read model's table still has the columns of older code."""
        with self._denta.database.connection() as conn:
            known = positions.read(conn)
        return any(p.name not in known or known[p.name].shape != p.shape for p in PROJECTIONS)

    def _connect(self) -> Connection[TupleRow]:
        try:
            return self._denta.database.connect()
        except DatabaseUnavailable as error:
            raise OSError from error  # which the watch retries

    async def _require(self, position: int) -> None:
        self._known = await run_in_threadpool(self._head)
        if position > self._known:
            raise PositionUnknown(position=position, last=self._known)

    def _head(self) -> int:
        with self._denta.database.connection() as conn:
            return positions.head(conn)
