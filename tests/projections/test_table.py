from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from readmodels.table import Table
from tests.projections.toy import BOXES, CELLS, BoxRow, CellRow

NOW = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def connection(empty_database_url: str) -> Iterator[Connection]:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        for table in (BOXES, CELLS):
            for statement in (table.create_sql(), *table.index_sql()):
                connection.execute(statement)
        yield connection


def box(**facts: object) -> BoxRow:
    fields = {"box_id": uuid4(), "label": "ё\\\t\"'\n", "price": Decimal("1500.00"), "tags": ("a", 'b,"{}'), "facts": {"n": 1}}
    return BoxRow(**{**fields, "made_at": NOW, "version": 1, "shelf": None, **facts})


def test_columns_follow_the_struct() -> None:
    assert BOXES.shape == (
        "box_id uuid not null, label text not null, price numeric not null, tags text[] not null, facts jsonb not null, "
        "made_at timestamptz not null, version bigint not null, shelf bigint, primary key (box_id)"
    )


def test_rows_come_back_as_they_were_written(connection: Connection) -> None:
    first, second = box(), box(label="", tags=(), facts={}, shelf=7)
    BOXES.write(connection, [first, second], [])
    assert {first.box_id: first, second.box_id: second} == BOXES.load(connection, [first.box_id, second.box_id, uuid4()])


def test_a_second_write_changes_the_row_and_a_delete_removes_it(connection: Connection) -> None:
    first, second = box(), box()
    BOXES.write(connection, [first, second], [])
    changed = box(box_id=first.box_id, label="new", price=Decimal("0.10"))
    BOXES.write(connection, [changed], [second.box_id])
    assert [changed] == BOXES.all_rows(connection)


def test_a_key_of_several_columns_is_a_tuple(connection: Connection) -> None:
    first, second = CellRow(1, "a", UUID(int=1)), CellRow(1, "b", UUID(int=2))
    CELLS.write(connection, [first, second], [])
    assert {(1, "b"): second} == CELLS.load(connection, [(1, "b"), (2, "a")])
    CELLS.write(connection, [], [(1, "a")])
    assert [second] == CELLS.all_rows(connection)


def test_a_key_that_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match="nonsense"):
        Table("cells", CellRow, key=("nonsense",))


def test_rows_copied_in_bulk_come_back_the_same(connection: Connection) -> None:
    first, second = box(), box(label="", tags=(), facts={}, shelf=7)
    BOXES.copy(connection, [first, second])
    assert {first.box_id: first, second.box_id: second} == BOXES.load(connection, [first.box_id, second.box_id])
