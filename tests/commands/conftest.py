from collections.abc import Iterator

import pytest

from commands.ports.clinic import Clinic
from gateways.event_store_memory import MemoryClinic
from services.bootstrap import Denta
from tests.commands.reception import Reception


@pytest.fixture
def reception() -> Reception:
    """An open clinic in memory."""
    return Reception(MemoryClinic())


@pytest.fixture
def nodes(database_url: str) -> Iterator[list[Clinic]]:
    """One clinic served by three nodes, each with a cache of its own."""
    opened = [Denta.open(database_url, connections=12) for _ in range(3)]
    yield [denta.clinic for denta in opened]
    for denta in opened:
        denta.close()
