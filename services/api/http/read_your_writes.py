"""Read-your-writes: a query waits until the read models that it shows know of the user's last change (OPS-4)."""

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

PATIENCE = 3.0
"""Seconds."""
SOON = 0.3
"""Seconds after which a position that isn't reached is doubted: the database may have been set back under us."""


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

    def know_of(self, position: int) -> None:
        """The log was seen to reach this position."""
        self._known = max(self._known, position)

    def is_reached(self, position: int, models: Collection[str]) -> bool:
        """As far as was heard; asks nobody."""
        return self._watch.reached(models, position)

    async def until(self, position: int, models: Collection[str]) -> None:
        """ReadModelBehind when the models don't reach the position in time, DatabaseUnavailable.

        PositionUnknown for one beyond the end of the log: a browser's memory of a database that was set back since.
        """
        if position > self._known:
            await self._require(position)
        if await self._watch.wait_async(models, position, SOON):
            return
        await self._require(position)
        if not await self._watch.wait_async(models, position, PATIENCE - SOON):
            raise ReadModelBehind(position=position)

    async def catch_up(self, models: Collection[str], seconds: float) -> None:
        """Give the models a little time to hold what the log holds now."""
        await self._watch.wait_async(models, await run_in_threadpool(self._head), seconds)

    def is_outdated(self) -> bool:
        """Whether some read model hasn't yet the shape that this code works with."""
        with self._denta.database.connection() as conn:
            known = positions.read(conn)
        return any(p.name not in known or known[p.name].shape != p.table.shape for p in PROJECTIONS)

    def _connect(self) -> Connection[TupleRow]:
        try:
            return self._denta.database.connect()
        except DatabaseUnavailable as error:
            raise OSError from error  # the watch tries again after those

    async def _require(self, position: int) -> None:
        self._known = await run_in_threadpool(self._head)
        if position > self._known:
            raise PositionUnknown(position=position, last=self._known)

    def _head(self) -> int:
        with self._denta.database.connection() as conn:
            return positions.head(conn)
