from collections.abc import Callable, Iterator

import pytest

from gateways.guards.registry import GUARDS
from services.bootstrap import Denta


@pytest.fixture(scope="module")
def denta_of_module(module_database_url: str) -> Iterator[Denta]:
    opened = Denta.open(module_database_url)
    yield opened
    opened.close()


@pytest.fixture
def emptied(denta_of_module: Denta) -> Callable[[], Denta]:
    """The module's clinic without any event, emptied at each call."""
    denta = denta_of_module

    def empty() -> Denta:
        with denta.database.connection() as connection:
            tables = ", ".join(table for guard in GUARDS for table in guard.tables)
            connection.execute("ALTER TABLE events DISABLE TRIGGER events_stay")
            connection.execute(f"TRUNCATE events, commands, {tables}".encode())
        return Denta(denta.database, denta.clock, files=None, message_log=None, stands_back=False)

    return empty
