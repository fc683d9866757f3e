"""Reading the log: in batches for followers, by a binary server-side cursor for rebuilds."""

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
    """Events that concern some projections: those of `topics`, and of unknown topics those of `kinds`."""

    topics: frozenset[str]
    kinds: frozenset[str]
    every_kind: bool

    def __or__(self, other: "EventSelection") -> "EventSelection":
        return EventSelection(self.topics | other.topics, self.kinds | other.kinds, self.every_kind or other.every_kind)

    def may_include(self, unknown: str) -> bool:
        """Whether an event of an unknown topic may concern them."""
        return self.every_kind or _kind(unknown) in self.kinds


NO_EVENTS = EventSelection(frozenset(), frozenset(), every_kind=False)


class Batch(NamedTuple):
    """The selected events after a position, up to `last` (equal to that position if there are no more events)."""

    entries: list[Entry]
    last: int


def selection_of(selected: Sequence[Projection[Any]], known: Iterable[Projection[Any]], decoders: Decoders) -> EventSelection:
    """The events that concern the selected projections. The class of an old topic is only known after decoding, so all topics
    that no known projection handles directly are included.
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
    """The next selected events; others only advance the position and aren't decoded."""
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
    without_envelope: bool = False,
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The selected events up to a position as raw rows (position, topic, micros, metadata, state), in chunks.

    The connection must be in a transaction.
    """
    with connection.cursor("denta_log", binary=True) as cursor:
        _load_plainly(cursor)
        cursor.execute(_stream_statement(selection, decoders, until, shard, without_envelope=without_envelope))
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def _stream_statement(
    selection: EventSelection, decoders: Decoders, until: int, shard: Shard, *, without_envelope: bool = False
) -> Composed:
    unknown = SQL("topic <> all({})").format(Literal(sorted(decoders)))
    if not selection.every_kind:
        unknown += SQL(" and split_part(topic, '.', 1) = any({})").format(Literal(sorted(selection.kinds)))
    conditions = [SQL("(topic = any({}) or {})").format(Literal(sorted(selection.topics)), unknown)]
    if shard.of > 1:
        # The last byte of a UUID is random in every version that is in use.
        part = SQL("mod(get_byte(uuid_send(originator_id), 15), {}) = {}").format(Literal(shard.of), Literal(shard.number))
        conditions.append(part)
    known = SQL("0::bigint, null::json") if without_envelope else SQL("recorded_at, metadata")
    return SQL("select position, topic, {}, state from events where position <= {} and {} order by position").format(
        known, Literal(until), SQL(" and ").join(conditions)
    )


def _load_plainly(cursor: Any) -> None:
    """Load instants as PostgreSQL's integers and JSON as bytes, to be decoded where needed."""
    cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
    cursor.adapters.register_loader("json", ByteaBinaryLoader)
