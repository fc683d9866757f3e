"""Claims in the log that a guard would refuse today: from before its rule, or in a log that was damaged or joined by hand.

The clinic goes on with them, since each of the objects can be changed or deleted: until then every other change of one is refused
by the guard, with its sentence. `denta status` names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gateways.guards.declaration import Guard
from gateways.guards.registry import GUARDS

MOST = 20
"""Conflicts of a guard that are named."""


@dataclass(frozen=True)
class Conflict:
    """Objects whose values are alike though a guard wants them unique. `values`: by column."""

    guard: str
    values: dict[str, str]
    ids: tuple[UUID, ...]


def conflicts(connection: Connection[TupleRow], guards: Sequence[Guard] = GUARDS) -> list[Conflict]:
    """At most MOST of each guard, by a look at each table of unique values."""
    found = []
    for guard in guards:
        if not guard.unique_by:
            continue
        columns = sql.SQL(", ").join(map(sql.Identifier, guard.unique_by))
        query = sql.SQL("SELECT array_agg(id ORDER BY id), {} FROM {} GROUP BY {} HAVING count(*) > 1 ORDER BY {} LIMIT %s")
        table = sql.Identifier(f"guard_{guard.name}")
        for ids, *values in connection.execute(query.format(columns, table, columns, columns), (MOST,)).fetchall():
            found.append(Conflict(guard.name, dict(zip(guard.unique_by, values, strict=True)), tuple(ids)))
    return found
