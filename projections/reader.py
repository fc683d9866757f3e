"""Reading the log: batches for those who follow it, a binary server-side cursor for those who go through all of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Literal
from psycopg.types.numeric import Int8BinaryLoader
from psycopg.types.string import ByteaBinaryLoader

from aggregates.kernel import Decoders
from projections.batch import Entry
from projections.declaration import Envelope, Projection
from projections.failure import UnknownTopicError

BATCH = 5000
CHUNK = 10_000
"""Events per fetch of the cursor: some megabytes."""


class Shard(NamedTuple):
    """One of `count` parts of the streams."""

    number: int
    of: int


@dataclass(frozen=True)
class EventSelection:
    """Which events concern some projections: those of `topics`, and of topics that the code doesn't know those of `kinds`."""

    topics: frozenset[str]
    kinds: frozenset[str]
    every_kind: bool

    def __or__(self, other: "EventSelection") -> "EventSelection":
        return EventSelection(self.topics | other.topics, self.kinds | other.kinds, self.every_kind or other.every_kind)

    def may_include(self, unknown: str) -> bool:
        """Whether an event of a topic that the code doesn't know may concern them: nobody can say that it doesn't."""
        return self.every_kind or _kind(unknown) in self.kinds


NO_EVENTS = EventSelection(frozenset(), frozenset(), every_kind=False)


class Batch(NamedTuple):
    """Events after some position up to `last` (that position itself where nothing followed), those of the topics asked for."""

    entries: list[Entry]
    last: int


def selection_of(selected: Sequence[Projection[Any]], known: Iterable[Projection[Any]], decoders: Decoders) -> EventSelection:
    """What concerns the selected projections. An old topic tells its class only when it is decoded, so all topics that no known
    projection handles by their present name are among them.
    """
    handled = {event_class.TOPIC for projection in known for event_class in projection.handlers}
    topics = {event_class.TOPIC for projection in selected for event_class in projection.handlers}
    return EventSelection(
        frozenset(topics | (decoders.keys() - handled - topics)),
        frozenset(map(_kind, topics)),
        any(projection.every_kind for projection in selected),
    )


def _kind(topic: str) -> str:
    return topic.partition(".")[0]


def read_batch(
    connection: Connection[TupleRow],
    decoders: Decoders,
    after: int,
    selection: EventSelection,
    *,
    until: int | None = None,
    limit: int = BATCH,
) -> Batch:
    """The next events; others count for the position and are not decoded."""
    statement = SQL(
        "select position, topic, originator_id, originator_version, recorded_at, metadata, "
        "case when topic = any(%s) then state end from events where position > %s and position <= %s order by position limit %s"
    )
    with connection.cursor(binary=True) as cursor:
        _load_plainly(cursor)
        end = until if until is not None else 2**62
        rows = cursor.execute(statement, (list(selection.topics), after, end, limit), prepare=True).fetchall()
    entries: list[Entry] = []
    for position, topic, originator_id, version, recorded, metadata, state in rows:
        decode = decoders.get(topic)
        if decode is None:
            if selection.may_include(topic):
                envelope = Envelope(position, topic, originator_id, version, recorded, metadata)
                entries.append((UnknownTopicError(), envelope))
            continue
        if state is None:
            continue
        envelope = Envelope(position, topic, originator_id, version, recorded, metadata)
        try:
            entries.append((decode(state), envelope))
        except Exception as error:
            entries.append((error, envelope))
    return Batch(entries, rows[-1][0] if rows else after)


def stream(
    connection: Connection[TupleRow],
    selection: EventSelection,
    decoders: Decoders,
    until: int,
    shard: Shard = Shard(0, 1),
    *,
    event_alone: bool = False,
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The selected events up to a position as raw rows (position, topic, micros, metadata, state), in chunks.

    The connection must be inside of a transaction. The planner takes the order from the log's key.
    """
    with connection.cursor("denta_log", binary=True) as cursor:
        _load_plainly(cursor)
        cursor.execute(_stream_statement(selection, decoders, until, shard, event_alone=event_alone))
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def _stream_statement(
    selection: EventSelection, decoders: Decoders, until: int, shard: Shard, *, event_alone: bool = False
) -> Composed:
    unknown = SQL("topic <> all({})").format(Literal(sorted(decoders)))
    if not selection.every_kind:
        unknown += SQL(" and split_part(topic, '.', 1) = any({})").format(Literal(sorted(selection.kinds)))
    conditions = [SQL("(topic = any({}) or {})").format(Literal(sorted(selection.topics)), unknown)]
    if shard.of > 1:
        # The last byte of a UUID is random in every version that is in use.
        part = SQL("mod(get_byte(uuid_send(originator_id), 15), {}) = {}").format(Literal(shard.of), Literal(shard.number))
        conditions.append(part)
    known = SQL("0::bigint, null::json") if event_alone else SQL("recorded_at, metadata")
    return SQL("select position, topic, {}, state from events where position <= {} and {} order by position").format(
        known, Literal(until), SQL(" and ").join(conditions)
    )


def _load_plainly(cursor: Any) -> None:
    """Instants as PostgreSQL's own number and JSON as bytes: whoever needs more of them decodes."""
    cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
    cursor.adapters.register_loader("json", ByteaBinaryLoader)
