"""The status of read models, for the terminal, /ready and /metrics."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow, dict_row

from projections.positions import LEADER_LOCK, REBUILD_LOCK, locked, silent_leaders


class Status(msgspec.Struct, frozen=True):
    """One read model. `lag` in events; `lag_seconds` since the first missing event was recorded, 0.0 if none is missing."""

    name: str
    position: int
    head: int
    """The log's last position."""
    lag: int
    lag_seconds: float
    status: str
    """running, failed"""
    revision: int
    updated_at: datetime
    error: str | None
    failed_position: int | None
    failed_topic: str | None
    led: bool = False
    """A worker leads it and has been active within seconds."""
    rebuilding: str | None = None
    """The stage of a running rebuild."""
    rebuilt_share: float = 0.0
    """Progress of that stage, from 0 to 1."""


QUERY = """
with log as (select coalesce(max(position), 0) as head from events)
select p.name, p.position, log.head, greatest(log.head - p.position, 0) as lag,
  coalesce(extract(epoch from clock_timestamp() - e.recorded_at), 0)::double precision as lag_seconds,
  p.status, p.revision, p.updated_at, p.error, p.failed_position, p.failed_topic
from projections p cross join log left join events e on e.position = p.position + 1
order by p.name
"""


def read(connection: Connection[TupleRow]) -> list[Status]:
    """The status of every read model, with a few index look-ups."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = [Status(**row) for row in cursor.execute(QUERY).fetchall()]
    names = [status.name for status in found]
    led, building = locked(connection, LEADER_LOCK, names), locked(connection, REBUILD_LOCK, names)
    led -= silent_leaders(connection, sorted(led)).keys()
    stages: dict[str, tuple[str, int, int]] = {}
    if building:
        rows = connection.execute("select name, stage, done, goal from projection_rebuilds").fetchall()
        stages = {name: (stage, done, goal) for name, stage, done, goal in rows}
    return [_with_work(status, led, building, stages) for status in found]


def _with_work(status: Status, led: set[str], building: set[str], stages: dict[str, tuple[str, int, int]]) -> Status:
    changes: dict[str, Any] = {"led": status.name in led}
    if status.name in building:
        stage, done, goal = stages.get(status.name, ("fold", 0, 0))
        changes |= {"rebuilding": stage, "rebuilt_share": done / goal if goal else 0.0}
    return msgspec.structs.replace(status, **changes)
