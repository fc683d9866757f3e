"""The numbers that people see: visits, cards and employees count up in the clinic (VIS-1, PAT-1).

Sequences, taken before the save: a refused command leaves a gap, never a number given twice. Card numbers can be typed
by people too, so the next one skips those that are taken. The sequences and `denta_next_number` come by migration 0001.
"""

from collections.abc import Callable
from threading import RLock

from commands.ports.numbers import NumberKind
from gateways.database import Database

NEXT = "SELECT denta_next_number(%s) FROM generate_series(1, %s)"
NEXT_ALONE = f"{NEXT} CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) AS mode) AS soon WHERE soon.mode = 'off'"
"""In a transaction of its own, which needn't wait for the disk: the log is written in order, so numbers are on it before the
events that bear them, and numbers that no event bears may be given again.
"""

CATCH_UP = """
SELECT setval('guard_number_' || kind, given)
FROM (SELECT %(kind)s::text AS kind, max((state->>'number')::bigint) AS given
      FROM events WHERE starts_with(topic, %(topic)s)) AS log
WHERE given > coalesce(pg_sequence_last_value(('guard_number_' || kind)::regclass), 0)
"""
"""After a rebuild: never below a number that the log holds. Cards skip taken ones by themselves."""

FROM_THE_LOG: tuple[tuple[NumberKind, str], ...] = (("visit", "visit.booked."), ("employee", "employee.hired."))
"""Whose numbers are read back from which events' field `number`."""


class PostgresNumbers:
    """`commands.ports.numbers.Numbers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, kind: NumberKind) -> int:
        return self.next_many(kind, 1)[0]

    def next_many(self, kind: NumberKind, count: int) -> list[int]:
        query = NEXT if self._database.is_pinned else NEXT_ALONE
        with self._database.connection() as connection:
            return [int(row[0]) for row in connection.execute(query, (kind, count)).fetchall()]


class MemoryNumbers:
    """The same without a database. `given`: the last number of each kind; `is_taken`: whether a card has it already."""

    def __init__(self, lock: RLock, given: dict[str, int], is_taken: Callable[[str], bool]) -> None:
        self._lock, self._given, self._is_taken = lock, given, is_taken

    def next(self, kind: NumberKind) -> int:
        with self._lock:
            number = self._given.get(kind, 0) + 1
            while kind == "patient" and self._is_taken(str(number)):
                number += 1
            self._given[kind] = number
            return number

    def next_many(self, kind: NumberKind, count: int) -> list[int]:
        return [self.next(kind) for _ in range(count)]
