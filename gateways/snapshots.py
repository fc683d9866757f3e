"""Snapshots for long streams: an aggregate's state every so many events, stored beside the log as an optional shortcut.

A class requests them with `SNAPSHOT_EVERY`. The state is the values of the class's annotated attributes. A snapshot's topic has a
digest of these annotations and of `SNAPSHOT_VERSION`, so that a snapshot of another shape is ignored; raise that version when
appliers change their meaning.
"""

import hashlib
from typing import Any, ClassVar, TypeVar, get_origin, get_type_hints
from uuid import UUID

import msgspec

from aggregates.kernel import Aggregate
from gateways.database import Database

A = TypeVar("A", bound=Aggregate)


class _Codec:
    """State of one kind as JSON and back."""

    def __init__(self, kind: type[Aggregate]) -> None:
        hints = get_type_hints(kind)
        self.fields = {
            name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar and name not in {"id", "version"}
        }
        shape = msgspec.defstruct(f"{kind.__name__}State", list(self.fields.items()), frozen=True)
        digest = hashlib.sha256(f"{getattr(kind, 'SNAPSHOT_VERSION', 1)} {_shape(shape)}".encode()).hexdigest()[:12]
        self.topic = f"{kind.TOPIC}.state.{digest}"
        self._decoder = msgspec.json.Decoder(shape)

    def encode(self, aggregate: Aggregate) -> bytes:
        return msgspec.json.encode({name: getattr(aggregate, name) for name in self.fields})

    def decode(self, state: bytes) -> dict[str, Any]:
        decoded = self._decoder.decode(state)
        return {name: getattr(decoded, name) for name in self.fields}


def _shape(kind: type) -> str:
    return msgspec.json.encode(msgspec.json.schema(kind), order="deterministic").decode()


class Snapshots:
    """Snapshots of one clinic's aggregates."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._codecs: dict[str, _Codec] = {}

    def _codec(self, kind: type[Aggregate]) -> _Codec:
        codec = self._codecs.get(kind.TOPIC)
        if codec is None:
            codec = self._codecs[kind.TOPIC] = _Codec(kind)
        return codec

    def newest(self, kind: type[A], id: UUID, until: int | None) -> A | None:  # noqa: A002  the domain's own word
        """The aggregate from its newest snapshot of the present shape, up to a version."""
        if _interval(kind) == 0:
            return None
        codec = self._codec(kind)
        with self._database.connection() as connection:
            row = connection.execute(
                "SELECT originator_version, state FROM snapshots WHERE originator_id = %s AND topic = %s"
                " AND originator_version <= %s ORDER BY originator_version DESC LIMIT 1",
                (id, codec.topic, 2**31 - 1 if until is None else until),
            ).fetchone()
        if row is None:
            return None
        aggregate = kind(id)
        aggregate.version = row[0]
        vars(aggregate).update(codec.decode(row[1]))
        return aggregate

    def is_due(self, aggregate: Aggregate, before: int) -> bool:
        """Whether the aggregate has passed a multiple of its interval since version `before`."""
        interval = _interval(type(aggregate))
        return interval > 0 and aggregate.version // interval > before // interval

    def keep(self, aggregate: Aggregate) -> None:
        """Store a snapshot of a committed aggregate."""
        codec = self._codec(type(aggregate))
        with self._database.connection() as connection:
            connection.execute(
                "INSERT INTO snapshots (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = excluded.topic, state = excluded.state",
                (aggregate.id, aggregate.version, codec.topic, codec.encode(aggregate)),
            )


def _interval(kind: type[Aggregate]) -> int:
    return int(getattr(kind, "SNAPSHOT_EVERY", 0))
