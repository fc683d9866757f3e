"""Numbers that people see, drawn before the save: a refused command leaves a gap, but no number is used twice (VIS-1, PAT-1).

Each `Numbered` of the aggregates has a sequence `guard_number_<name>`, an index `events_number_<name>` over the numbers in the
log, and a function `denta_draw_<name>`, all a part of the schema (`gateways/schema.py`). A draw skips what the log has: where a
restore has lost the sequence or set it back, no number comes again, and no start has to search the log. The function
`denta_next_number` of migration 0001 serves programs of an earlier version.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol, TypeGuard

from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.discovery import declared
from aggregates.kernel import Event
from aggregates.numbering import CANONICAL, Numbered
from gateways.database import Database
from gateways.locks import NUMBERS_LOCK


def _is_numbered(value: object) -> TypeGuard[Numbered]:
    return isinstance(value, Numbered)


NUMBERED: tuple[Numbered, ...] = declared("aggregates", _is_numbered)
REVISION = 2
"""Of the DDL below: raised with each change of it."""

_NUMBER_IN = f"""
CREATE OR REPLACE FUNCTION denta_number_in(state json, field text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN carried.text ~ '{CANONICAL}' THEN carried.text::bigint END FROM coalesce(state->>field, (
    SELECT change->>'new' FROM json_array_elements(state->'changes') AS change WHERE change->>'field' = field LIMIT 1
  )) AS carried(text)
$$"""  # noqa: S608  a pattern of this code


def ddl(numbered: Numbered) -> str:
    """Its sequence and its index, repeatable."""
    return f"""
CREATE SEQUENCE IF NOT EXISTS {_sequence(numbered)};
{_NUMBER_IN};
CREATE INDEX IF NOT EXISTS events_number_{numbered.name} ON events ({_number(numbered)}) WHERE {_carries(numbered)}
"""


def missing(connection: Connection[TupleRow], numbered: Sequence[Numbered]) -> list[Numbered]:
    """Those whose sequence isn't there, such as after a restore without it. Waits for no lock."""
    query = "SELECT to_regclass(name) IS NULL FROM unnest(%s::text[]) WITH ORDINALITY AS s(name, nth) ORDER BY nth"
    gone = connection.execute(query, ([_sequence(one) for one in numbered],)).fetchall()
    return [one for one, (is_gone,) in zip(numbered, gone, strict=True) if is_gone]


def draw_function(numbered: Numbered) -> str:
    """DDL of the function that draws one number."""
    sequence, number, carries = _sequence(numbered), _number(numbered), _carries(numbered)
    same = "=" if numbered.typed else ">="
    return f"""
CREATE OR REPLACE FUNCTION denta_draw_{numbered.name}() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  drawn bigint;
BEGIN
  LOOP
    drawn := nextval('{sequence}');
    IF NOT EXISTS (SELECT FROM events WHERE {carries} AND {number} {same} drawn) THEN
      RETURN drawn;
    END IF;
    {"" if numbered.typed else _JUMP.format(sequence=sequence, number=number, carries=carries)}
  END LOOP;
END
$$"""


_JUMP = f"""
    PERFORM pg_advisory_xact_lock({NUMBERS_LOCK});  -- else one that draws beside this one could be set back
    PERFORM setval('{{sequence}}', log.last) FROM (SELECT max({{number}}) AS last FROM events WHERE {{carries}}) AS log
    WHERE log.last > pg_sequence_last_value('{{sequence}}');
"""  # noqa: S608  names come from this code


class PostgresNumbers:
    """`commands.ports.numbers.Numbers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, numbered: Numbered) -> int:
        return self.next_many(numbered, 1)[0]

    def next_many(self, numbered: Numbered, count: int) -> list[int]:
        query = f"SELECT denta_draw_{numbered.name}() FROM generate_series(1, %s)"  # noqa: S608  names come from this code
        if not self._database.is_pinned:
            query += _ALONE
        with self._database.connection() as connection:
            return [int(row[0]) for row in connection.execute(query.encode(), (count,)).fetchall()]


_ALONE = " CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) AS mode) AS soon WHERE soon.mode = 'off'"
"""In its own transaction, which needn't wait for the disk: the WAL is written in order, so a number is durable before its event;
a number without an event may be drawn again after a crash.
"""


def _sequence(numbered: Numbered) -> str:
    return f"guard_number_{numbered.name}"


def _number(numbered: Numbered) -> str:
    """SQL: the number that an event carries, or NULL."""
    return f"denta_number_in(state, '{numbered.field}')"


def _carries(numbered: Numbered) -> str:
    """SQL: whether an event is one of those that carry a number, in whatever version of its topic."""
    stems = dict.fromkeys(event.TOPIC.rpartition(".")[0] for event in numbered.events)
    return "({})".format(" OR ".join(f"topic ^@ '{stem}.'" for stem in stems))


class Recorded(Protocol):
    """As the log in memory has an event."""

    @property
    def event(self) -> Event: ...


class MemoryNumbers:
    """The same without a database. `last_numbers`: by name; `events`: those of the log, a list that only grows or is replaced."""

    def __init__(self, lock: RLock, last_numbers: dict[str, int], events: Callable[[], Sequence[Recorded]]) -> None:
        self._lock, self._last_numbers, self._events = lock, last_numbers, events
        self._seen: dict[str, _Seen] = {}

    def next(self, numbered: Numbered) -> int:
        return self.next_many(numbered, 1)[0]

    def next_many(self, numbered: Numbered, count: int) -> list[int]:
        with self._lock:
            seen = self._in_log(numbered)
            last, drawn = self._last_numbers.get(numbered.name, 0), list[int]()
            if not numbered.typed:
                last = max(last, seen.largest)
            while len(drawn) < count:
                last += 1
                if last not in seen.used:
                    drawn.append(last)
            self._last_numbers[numbered.name] = last
            return drawn

    def _in_log(self, numbered: Numbered) -> "_Seen":
        """The numbers in the log; events that were looked at aren't again."""
        events, seen = self._events(), self._seen.get(numbered.name)
        if seen is None or seen.events is not events:
            seen = self._seen[numbered.name] = _Seen(events)
        for recorded in events[seen.count :]:
            if (number := numbered.carried_by(recorded.event)) is not None:
                seen.used.add(number)
                seen.largest = max(seen.largest, number)
        seen.count = len(events)
        return seen


@dataclass
class _Seen:
    """Numbers in the first `count` of the events."""

    events: Sequence[Recorded]
    count: int = 0
    used: set[int] = field(default_factory=set)
    largest: int = 0
