"""A log that is written without commands: many events by one COPY."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import Connection
from psycopg.types.json import Json

from aggregates.kernel import Event


def store(connection: Connection[Any], events: Iterable[Event]) -> int:
    """Write events into an empty log at positions from 1 on; how many."""
    encode: Callable[[object], bytes] = msgspec.json.encode
    who = {"user_id": uuid4(), "employee_id": uuid4(), "address": "127.0.0.1", "correlation_id": uuid4(), "command": "book_visit"}
    metadata = Json(who, dumps=encode)
    position = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy events (position, originator_id, originator_version, topic, state, metadata) from stdin (format binary)"
        ) as copying,
    ):
        copying.set_types(["int8", "uuid", "int4", "text", "json", "json"])
        for event in events:
            position += 1
            stored = Json(event, dumps=encode)
            copying.write_row((position, event.originator_id, event.originator_version, event.TOPIC, stored, metadata))
    return position
