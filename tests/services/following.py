"""Followers of a log of toy events, run in this process."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from services.background.declaration import Delivery, Work
from services.background.runners import WorkRunners
from services.bootstrap import Denta
from tests.projections.toy import DECODERS
from tests.projections.toy_log import Log


def toy_denta(url: str) -> Denta:
    """Denta over a database that has the schema, which knows the toy's events."""
    denta = Denta.open(url)
    denta.decoders = DECODERS
    return denta


class Outside:
    """What a follower acts on: keeps what came, and does what the test says."""

    def __init__(self) -> None:
        self.deliveries: list[list[tuple[int, UUID]]] = []
        self.fails: Callable[[Delivery], Any] = lambda _: None
        self.delivering = threading.Event()

    def handle(self, delivery: Delivery) -> None:
        self.delivering.set()
        self.deliveries.append([(one.envelope.position, one.key) for one in delivery.events])
        self.fails(delivery)

    @property
    def came(self) -> list[int]:
        """The positions in the order in which they came."""
        return [position for delivery in self.deliveries for position, _ in delivery]


@contextmanager
def working(denta: Denta, *works: Work) -> Iterator[WorkRunners]:
    running = WorkRunners(denta, works)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def position(denta: Denta, name: str) -> int | None:
    state = denta.background_work.state(name)
    return state.position if state else None


def status(denta: Denta, name: str) -> str | None:
    state = denta.background_work.state(name)
    return state.status if state else None


def boxes(log: Log, labels: Sequence[str]) -> list[int]:
    """The positions of new boxes."""
    for label in labels:
        log.box(label)
    return list(range(log.head() - len(labels) + 1, log.head() + 1))
