"""Differences of the old and the new tables of one read model: rows added, removed and changed, counted and sampled by SQL.

Samples have keys and columns. Values may be personal data and are only included on request.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier, Literal

from projections.declaration import Projection
from projections.positions import existing_tables
from readmodels.table import Table


class Sample(NamedTuple):
    """One differing row: `kind` is added, removed or changed; `columns` are those that differ."""

    kind: str
    key: tuple[Any, ...]
    columns: tuple[str, ...]
    values: dict[str, tuple[Any, Any]] | None = None
    """Column → old and new value (JSON values), if requested."""


class Differences(NamedTuple):
    """Differences of old and new rows. `columns`: column → number of changed rows in which it differs."""

    table: str
    """Its declared name."""
    rows: int
    """Number of rows in the new table."""
    added: int
    removed: int
    changed: int
    columns: dict[str, int]
    new_columns: tuple[str, ...]
    removed_columns: tuple[str, ...]
    samples: tuple[Sample, ...]
    positions: tuple[int, int]
    """Positions of the old and the new table; unequal if the old read model had stopped."""
    derived: "Differences | None" = None
    """Those of the derived table, if the projection has one."""

    @property
    def equal(self) -> bool:
        """Whether this table is as before; the derived one may differ."""
        return not (self.added or self.removed or self.changed or self.new_columns or self.removed_columns)

    @property
    def none(self) -> bool:
        """Whether nothing differs, in the derived table neither."""
        return self.equal and (self.derived is None or self.derived.none)


def compare_all(
    connection: Connection[TupleRow],
    projection: Projection[Any],
    called: Mapping[str, str],
    samples: int = 5,
    *,
    values: bool = False,
    positions: tuple[int, int] = (0, 0),
) -> Differences:
    """The differences of a read model's tables and the new ones (`called`: name → name of the new one), also of derived rows."""
    source, *derived = (
        compare(connection, table, table.name, called[table.name], samples, values=values, positions=positions)
        if table is projection.table or existing_tables(connection, [table.name])
        else _all_added(connection, table, called[table.name], positions)
        for table in projection.tables
    )
    return source._replace(derived=derived[0]) if derived else source


def compare(
    connection: Connection[TupleRow],
    table: Table[Any],
    old: str,
    new: str,
    samples: int = 5,
    *,
    values: bool = False,
    positions: tuple[int, int] = (0, 0),
) -> Differences:
    """The differences of two tables with the key of `table`; other columns may have been added or removed."""
    old_columns, new_columns = _columns(connection, old), _columns(connection, new)
    common = [c for c in new_columns if old_columns.get(c) == new_columns[c] and c not in table.key]
    same_key = SQL(" and ").join(SQL("o.{0} = n.{0}").format(Identifier(k)) for k in table.key)
    joined = SQL("{} o full join {} n on {}").format(Identifier(old), Identifier(new), same_key)
    first = Identifier(table.key[0])
    added, removed = SQL("o.{} is null").format(first), SQL("n.{} is null").format(first)
    differs: list[Composed] = [SQL("o.{0} is distinct from n.{0}").format(Identifier(c)) for c in common]
    changed: Composed = SQL("o.{0} = n.{0} and ({1})").format(first, SQL(" or ").join(differs) if differs else SQL("false"))
    counts = [SQL("count(n.{})").format(first), *(SQL("count(*) filter (where {})").format(c) for c in (added, removed, changed))]
    counts += [SQL("count(*) filter (where o.{} = n.{} and {})").format(first, first, d) for d in differs]
    row = connection.execute(SQL("select {} from {}").format(SQL(", ").join(counts), joined)).fetchone() or (0,) * len(counts)
    per_column = {c: n for c, n in zip(common, row[4:], strict=True) if n}
    found: list[Sample] = []
    for kind, condition, count in (("added", added, row[1]), ("removed", removed, row[2]), ("changed", changed, row[3])):
        if count and samples:
            found += _samples(
                connection, table, kind, SQL("{} where {}").format(joined, condition), common, differs, samples, values=values
            )
    return Differences(
        table=table.name,
        rows=row[0],
        added=row[1],
        removed=row[2],
        changed=row[3],
        columns=per_column,
        new_columns=tuple(c for c in new_columns if old_columns.get(c) != new_columns[c]),
        removed_columns=tuple(c for c in old_columns if c not in new_columns),
        samples=tuple(found),
        positions=positions,
    )


def _all_added(connection: Connection[TupleRow], table: Table[Any], new: str, positions: tuple[int, int]) -> Differences:
    """What is new in a table that older code didn't have."""
    row = connection.execute(SQL("select count(*) from {}").format(Identifier(new))).fetchone()
    count = row[0] if row else 0
    return Differences(table.name, count, count, 0, 0, {}, tuple(_columns(connection, new)), (), (), positions)


def _samples(
    connection: Connection[TupleRow],
    table: Table[Any],
    kind: str,
    source: Composed,
    common: list[str],
    differs: list[Composed],
    most: int,
    *,
    values: bool,
) -> list[Sample]:
    keys = [SQL("coalesce(n.{0}, o.{0})").format(Identifier(k)) for k in table.key]
    flags = differs if kind == "changed" else []
    whole = [SQL("to_jsonb(o)"), SQL("to_jsonb(n)")]
    statement = SQL("select {} from {} order by {} limit {}").format(
        SQL(", ").join([*keys, *whole, *flags] if values else [*keys, *flags]), source, SQL(", ").join(keys), Literal(most)
    )
    found = []
    for row in connection.execute(statement).fetchall():
        key, rest = row[: len(keys)], row[len(keys) :]
        before, after = (rest[0] or {}, rest[1] or {}) if values else ({}, {})
        columns = tuple(c for c, differing in zip(common, rest[2:] if values else rest, strict=False) if differing)
        reported = columns or tuple({**before, **after})
        found.append(Sample(kind, tuple(key), columns, {c: (before.get(c), after.get(c)) for c in reported} if values else None))
    return found


def _columns(connection: Connection[TupleRow], table: str) -> dict[str, str]:
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = %s::regclass and attnum > 0 "
        "and not attisdropped order by attnum",
        (f'"{table}"',),
    ).fetchall()
    return dict(rows)
