"""Many at once on PostgreSQL: no interleaving breaks what one after another keeps."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from aggregates.kernel import DomainError
from aggregates.scheduling.visit import Slot
from commands.ports.clinic import Clinic
from commands.scheduling.visit import book_visit
from tests.commands.reception import Reception, context


def parallel(count: int, work: Any) -> list[Any]:
    """What `count` calls begun at one moment answered or raised."""
    gate = threading.Barrier(count)

    def one(number: int) -> Any:
        gate.wait()
        try:
            return work(number)
        except DomainError as refused:
            return refused

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def book(clinic: Clinic, reception: Reception, where: Slot) -> UUID:
    return book_visit(clinic, context("book_visit"), reception.patient, where).id
