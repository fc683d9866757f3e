"""Writers who go on through an outage, each event with one command id until it is acknowledged."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from aggregates.kernel import Aggregate, Event, applies
from commands.context import Context
from commands.ports.database import DatabaseUnavailable
from gateways.database import Database
from gateways.event_mapper import decoders
from gateways.event_store import PostgresClinic

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Tick(Aggregate):
    TOPIC = "tick"

    class Ticked(Event, frozen=True):
        TOPIC: ClassVar[str] = "tick.ticked.1"

    @applies(Ticked)
    def _ticked(self, _: Ticked) -> None:
        """It was."""


class Ticking:
    """Several writers at once, each of so many events; what they were answered."""

    def __init__(self, url: str, *, writers: int = 6, each: int = 60, address: str = "") -> None:
        self.database = Database(url)
        self.clinic = PostgresClinic(self.database, decoders([Tick]))
        self.acknowledged: dict[UUID, int] = {}
        """Written stream → position."""
        self.refusals: list[DatabaseUnavailable] = []
        self.under_way = threading.Event()
        self._count, self._each, self._address = writers, each, address

    def start(self, pool: ThreadPoolExecutor) -> list[Future[None]]:
        return [pool.submit(self._write) for _ in range(self._count)]

    def recorded(self) -> dict[UUID, int]:
        """What the log holds: stream → position."""
        with self.database.connection() as connection:
            return dict(connection.execute("SELECT originator_id, position FROM events").fetchall())

    @property
    def positions_of_all(self) -> list[int]:
        """Of a log in which each event stands once."""
        return list(range(1, self._count * self._each + 1))

    def _write(self) -> None:
        patience = threading.Event()
        for _ in range(self._each):
            id_, command_id = uuid4(), uuid4()
            context = Context(now=NOW, command="tick", command_id=command_id, address=self._address)
            for _ in range(600):
                tick = Tick(id_)
                tick.trigger(Tick.Ticked, at=NOW)
                try:
                    receipt = self.clinic.save(tick, ctx=context)
                except DatabaseUnavailable as refusal:
                    self.refusals.append(refusal)
                    patience.wait(0.05)
                    continue
                self.acknowledged[id_] = receipt.position
                break
            if len(self.acknowledged) > self._count * self._each / 4:
                self.under_way.set()
