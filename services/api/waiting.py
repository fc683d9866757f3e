"""Read-your-writes: a query waits until the read models that it shows know of the user's last change (OPS-4)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from psycopg import Connection
from psycopg.rows import TupleRow
from starlette.concurrency import run_in_threadpool

from commands.ports import DatabaseUnavailable
from projections import positions
from projections.registry import PROJECTIONS
from projections.waits import PositionWatch
from services.api.problems import ReadModelBehind

if TYPE_CHECKING:
    from services.bootstrap import Denta

PATIENCE = 3.0
"""Seconds."""
SOON = 0.3
"""Seconds after which a position that isn't reached is doubted."""


class Waiting:
    """One per process. `start` before use, `close` at the end."""

    def __init__(self, denta: "Denta") -> None:
        self._denta = denta
        self._watch = PositionWatch(self._connect)

    def start(self) -> None:
        self._watch.start()

    def close(self) -> None:
        self._watch.close()

    def is_reached(self, position: int, models: Collection[str]) -> bool:
        """As far as was heard; asks nobody."""
        return self._watch.reached(models, position)

    async def until(self, position: int, models: Collection[str]) -> None:
        """ReadModelBehind when the models don't reach the position in time, DatabaseUnavailable.

        A position beyond the end of the log (a browser's memory of a database that was set back) counts as its end.
        """
        if await self._watch.wait_async(models, position, SOON):
            return
        known = min(position, await run_in_threadpool(self._head))
        if not await self._watch.wait_async(models, known, PATIENCE - SOON):
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

    def _head(self) -> int:
        with self._denta.database.connection() as conn:
            return positions.head(conn)
