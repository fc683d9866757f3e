"""What projections declare about themselves, checked on a long history: a rebuild relies upon it."""

from typing import Any
from uuid import UUID

import pytest

from projections.batch import Entry
from projections.declaration import Projection
from projections.reader import EventSelection, read_batch
from projections.registry import PROJECTIONS
from readmodels.table import Key
from services.bootstrap import Denta
from tests.projections.histories import History, long_history


@pytest.fixture(scope="module")
def entries(module_database_url: str) -> list[Entry]:
    denta = Denta.open(module_database_url)
    try:
        History(denta.clinic).run(long_history(seed=3, length=2000))
        with denta.database.connection() as connection:
            return read_batch(
                connection,
                denta.decoders,
                0,
                EventSelection(frozenset(denta.decoders), frozenset(), every_kind=False),
                limit=1_000_000,
            ).entries
    finally:
        denta.close()


def touched(projection: Projection[Any], entries: list[Entry]) -> list[tuple[Key, UUID]]:
    """Every touch of a row: its key, and whose event it was."""
    found = []
    for event, envelope in entries:
        handler = projection.handlers.get(type(event))  # type: ignore[arg-type]  # all of them can be decoded
        if handler is not None:
            found += [(key, envelope.originator_id) for key, _ in projection.touches(handler, event, envelope)]  # type: ignore[arg-type]  # likewise
    return found


def test_each_table_belongs_to_one_projection() -> None:
    names = [table.name for projection in PROJECTIONS for table in projection.tables]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("projection", [p for p in PROJECTIONS if p.one_stream], ids=lambda p: p.name)
def test_rows_declared_of_one_stream_are(projection: Projection[Any], entries: list[Entry]) -> None:
    streams: dict[Key, set[UUID]] = {}
    for key, originator_id in touched(projection, entries):
        streams.setdefault(key, set()).add(originator_id)
    assert streams, "the history has to touch it"
    assert {key: ids for key, ids in streams.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("projection", [p for p in PROJECTIONS if p.append_only], ids=lambda p: p.name)
def test_rows_declared_append_only_are_touched_once(projection: Projection[Any], entries: list[Entry]) -> None:
    keys = [key for key, _ in touched(projection, entries)]
    assert keys, "the history has to touch it"
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda p: p.name)
def test_an_event_touches_each_row_once(projection: Projection[Any], entries: list[Entry]) -> None:
    for entry in entries:
        keys = [key for key, _ in touched(projection, [entry])]
        assert len(keys) == len(set(keys))
