"""Rebuilt = live, row by row: for any projection, on any log. Used by the framework's tests and by those of all read models."""

from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.declaration import Projection
from projections.rebuild import Rebuilder


def live_and_rebuilt_differ(rebuilder: Rebuilder, connection: Connection, *projections: Projection[Any]) -> list[str]:
    """Build the read models again in one pass beside the live ones, which have caught up with the log; one line for each row
    that differs, derived ones too.

    Nobody may append meanwhile. The tables built beside are dropped again.
    """
    head = connection.execute("select coalesce(max(position), 0) from events").fetchone()
    for projection in projections:
        live = connection.execute("select position from projections where name = %s", (projection.name,)).fetchone()
        assert live == head, f"{projection.name} stands at {live}, the log at {head}"
    _, rebuilt_tables = rebuilder.build_past(projections, head[0])
    differences = []
    for table, rebuilt in zip((t for p in projections for t in p.tables), rebuilt_tables, strict=True):
        same = SQL(" and ").join(SQL("o.{0} = n.{0}").format(Identifier(k)) for k in table.key)
        columns = [c.name for c in table.columns]
        differs = SQL(" or ").join(SQL("o.{0} is distinct from n.{0}").format(Identifier(c)) for c in columns)
        rows = connection.execute(
            SQL("select to_jsonb(o), to_jsonb(n) from {} o full join {} n on {} where {}").format(
                Identifier(table.name), Identifier(rebuilt), same, differs
            )
        ).fetchall()
        connection.execute(SQL("drop table {}").format(Identifier(rebuilt)))
        differences += [f"{table.name}: live {old} rebuilt {new}" for old, new in rows]
    return differences
