"""Daily totals of `performed_work`: what changed rows change is added to their days."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from readmodels.scheduling.performed_work import PerformedRow
from readmodels.scheduling.work_days import NOBODY, WorkGroup

Connected = Connection[TupleRow]
Cell = tuple[WorkGroup, date, UUID]


def change(connection: Connected, table: str, before: Iterable[PerformedRow], after: Iterable[PerformedRow]) -> None:
    """All rows of some visits were `before`, and are `after` now."""
    sums: dict[Cell, list[Decimal]] = {}
    for sign, rows in ((-1, before), (1, after)):
        seen: set[tuple[Cell, UUID]] = set()
        for row in rows:
            for cell, quantity, gross, net in _counted_in(row):
                first = (cell, row.visit_id) not in seen
                seen.add((cell, row.visit_id))
                changed = (sign * int(first), sign * quantity, sign * gross, sign * net)
                sums[cell] = [one + more for one, more in zip(sums.get(cell, [Decimal(0)] * 4), changed, strict=True)]
    cells = sorted(cell for cell, changed in sums.items() if any(changed))
    if not cells:
        return
    groups, days, ids = zip(*cells, strict=True)
    columns = (list(column) for column in zip(*(sums[cell] for cell in cells), strict=True))
    values = [list(groups), list(days), list(ids), *columns]
    connection.execute(ADDED.format(derived=Identifier(table)), values)
    connection.execute(EMPTY.format(derived=Identifier(table)), values[:3])


def fill(writing: Connected, table: str, performed: str) -> None:
    """Add up all rows of a filled `performed_work`."""
    writing.execute(FILLED.format(derived=Identifier(table), performed=Identifier(performed)), {"nobody": NOBODY})


def _counted_in(row: PerformedRow) -> Iterator[tuple[Cell, Decimal | int, int, int]]:
    """(cell, quantity, gross, net) of each cell in which a row counts; a line's first performer stands for the line."""
    day = row.starts_at.date()
    yield ("performer", day, row.employee_id or NOBODY), 1, row.gross, row.net
    if row.performer == 0:
        yield ("all", day, NOBODY), 1, row.line_gross, row.line_net
        yield (row.kind, day, row.item_id), row.quantity, row.line_gross, row.line_net


ADDED = SQL(
    "insert into {derived} as d (work_group, day, item_id, visits, quantity, gross, net) "
    "select * from unnest(%s::text[], %s::date[], %s::uuid[], %s::bigint[], %s::numeric[], %s::bigint[], %s::bigint[]) "
    "on conflict (work_group, day, item_id) do update set visits = d.visits + excluded.visits, "
    "quantity = d.quantity + excluded.quantity, gross = d.gross + excluded.gross, net = d.net + excluded.net"
)
EMPTY = SQL(
    "delete from {derived} d using unnest(%s::text[], %s::date[], %s::uuid[]) as c(work_group, day, item_id) "
    "where d.work_group = c.work_group and d.day = c.day and d.item_id = c.item_id and d.visits = 0"
)
FILLED = SQL(
    "insert into {derived} (work_group, day, item_id, visits, quantity, gross, net) "
    "select 'performer', starts_at::date, coalesce(employee_id, %(nobody)s), count(distinct visit_id), count(*), "
    "sum(gross), sum(net) from {performed} group by 2, 3 union all "
    "select 'all', starts_at::date, %(nobody)s, count(distinct visit_id), count(*), sum(line_gross), sum(line_net) "
    "from {performed} where performer = 0 group by 2 union all "
    "select kind, starts_at::date, item_id, count(distinct visit_id), sum(quantity), sum(line_gross), sum(line_net) "
    "from {performed} where performer = 0 group by 1, 2, 3"
)
