"""Sequential numbers of visits, cards and employees (VIS-1, PAT-1).

Sequences, drawn before the save: a refused command leaves a gap, but no number is used twice. Card numbers can be typed too, so
the next one skips those that are taken. Migration 0001 creates the sequences and `denta_next_number`.
"""

from collections.abc import Callable
from threading import RLock

from commands.ports.numbers import NumberKind
from gateways.database import Database

NEXT = "SELECT denta_next_number(%s) FROM generate_series(1, %s)"
NEXT_ALONE = f"{NEXT} CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) AS mode) AS soon WHERE soon.mode = 'off'"
"""In its own transaction, which needn't wait for the disk: the WAL is written in order, so a number is durable before its event;
a number without an event may be drawn again after a crash.
"""

CATCH_UP = """
SELECT setval('guard_number_' || kind, given)
FROM (SELECT %(kind)s::text AS kind, max((state->>'number')::bigint) AS given
      FROM events WHERE starts_with(topic, %(topic)s)) AS log
WHERE given > coalesce(pg_sequence_last_value(('guard_number_' || kind)::regclass), 0)
"""
"""After a rebuild: never below a number in the log. Card numbers skip taken ones anyway."""

FROM_THE_LOG: tuple[tuple[NumberKind, str], ...] = (("visit", "visit.booked."), ("employee", "employee.hired."))
"""Numbers that are restored from the field `number` of these events."""


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
    """The same without a database. `last_numbers`: by kind; `is_taken`: whether a card has the number."""

    def __init__(self, lock: RLock, last_numbers: dict[str, int], is_taken: Callable[[str], bool]) -> None:
        self._lock, self._last_numbers, self._is_taken = lock, last_numbers, is_taken

    def next(self, kind: NumberKind) -> int:
        with self._lock:
            number = self._last_numbers.get(kind, 0) + 1
            while kind == "patient" and self._is_taken(str(number)):
                number += 1
            self._last_numbers[kind] = number
            return number

    def next_many(self, kind: NumberKind, count: int) -> list[int]:
        return [self.next(kind) for _ in range(count)]
