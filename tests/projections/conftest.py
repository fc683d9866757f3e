from collections.abc import Iterator

import pytest

from tests.projections.toy_log import Log


@pytest.fixture
def log(database_url: str) -> Iterator[Log]:
    """A log of toy events in a database of this test's own."""
    made = Log(database_url)
    yield made
    made.connection.close()
