"""Numbers that people see, drawn before the save: a refused command leaves a gap, but no number is used twice (VIS-1, PAT-1).

Each `Numbered` of the aggregates has a sequence `guard_number_<name>`, a part of the schema (`gateways/schema.py`). The function
`denta_next_number` of migration 0001 serves programs of an earlier version.
"""

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any, TypeGuard

from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.discovery import declared
from aggregates.numbering import Numbered
from gateways.database import Database


def _is_numbered(value: object) -> TypeGuard[Numbered]:
    return isinstance(value, Numbered)


NUMBERED: tuple[Numbered, ...] = declared("aggregates", _is_numbered)


def sequence(numbered: Numbered) -> str:
    """DDL of its sequence, repeatable."""
    return f"CREATE SEQUENCE IF NOT EXISTS {_sequence(numbered)}"


def catch_up(connection: Connection[TupleRow], numbered: Sequence[Numbered]) -> None:
    """Let the sequences go on from the log where they are behind it: after a restore, or where a sequence is new."""
    for one in numbered:
        topics = [f"{event.TOPIC.rpartition('.')[0]}." for event in one.events]
        values = {"sequence": _sequence(one), "topics": topics, "field": one.field, "typed": one.guard != ""}
        connection.execute(_CATCH_UP, values)


_CATCH_UP = """
WITH texts AS (
  SELECT coalesce(state->>%(field)s, (
    SELECT change->>'new' FROM json_array_elements(state->'changes') AS change WHERE change->>'field' = %(field)s
  )) AS text
  FROM events WHERE topic ^@ ANY(%(topics)s)
), used AS MATERIALIZED (
  SELECT DISTINCT text::bigint AS number FROM texts WHERE text ~ '^[1-9][0-9]{0,14}$'
), last AS (
  SELECT max(number) AS number FROM used WHERE NOT %(typed)s OR number <= (SELECT count(*) FROM used)
)
SELECT setval(%(sequence)s::regclass, number) FROM last
WHERE number > coalesce(pg_sequence_last_value(%(sequence)s::regclass), 0)
"""
"""A number given is never greater than how many were used, gaps aside: a greater one was typed."""


class PostgresNumbers:
    """`commands.ports.numbers.Numbers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, numbered: Numbered) -> int:
        return self.next_many(numbered, 1)[0]

    def next_many(self, numbered: Numbered, count: int) -> list[int]:
        query = f"SELECT ({_next(numbered)}) FROM generate_series(1, %s) AS nth"  # noqa: S608  names come from this code
        if not self._database.is_pinned:
            query += _ALONE
        with self._database.connection() as connection:
            return [int(row[0]) for row in connection.execute(query.encode(), (count,)).fetchall()]


_ALONE = " CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) AS mode) AS soon WHERE soon.mode = 'off'"
"""In its own transaction, which needn't wait for the disk: the WAL is written in order, so a number is durable before its event;
a number without an event may be drawn again after a crash.
"""


def _next(numbered: Numbered) -> str:
    """SQL: the next number. It names the row of `nth`, else the database would draw one number for all rows."""
    draw = f"SELECT nextval('{_sequence(numbered)}') AS number"
    if not numbered.guard:
        return f"{draw} WHERE nth IS NOT NULL"
    in_use = f"EXISTS (SELECT FROM guard_{numbered.guard} AS held WHERE held.number = drawn.number::text)"
    again = f"{draw} FROM drawn WHERE {in_use}"
    return f"WITH RECURSIVE drawn AS ({draw} WHERE nth IS NOT NULL UNION ALL {again}) SELECT max(number) FROM drawn"  # noqa: S608


def _sequence(numbered: Numbered) -> str:
    return f"guard_number_{numbered.name}"


class MemoryNumbers:
    """The same without a database. `last_numbers`: by name; `claims`: of a guard, by its name."""

    def __init__(self, lock: RLock, last_numbers: dict[str, int], claims: Callable[[str], Sequence[Any]]) -> None:
        self._lock, self._last_numbers, self._claims = lock, last_numbers, claims

    def next(self, numbered: Numbered) -> int:
        with self._lock:
            in_use = {claim.number for claim in self._claims(numbered.guard)} if numbered.guard else set()
            number = self._last_numbers.get(numbered.name, 0) + 1
            while str(number) in in_use:
                number += 1
            self._last_numbers[numbered.name] = number
            return number

    def next_many(self, numbered: Numbered, count: int) -> list[int]:
        return [self.next(numbered) for _ in range(count)]
