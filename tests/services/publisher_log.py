"""A log of many real events, quickly made, and `denta publish` over it as a process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import Connection

ROOT = Path(__file__).parents[2]
EVENTS = """
insert into events (position, originator_id, originator_version, topic, state, metadata)
select n + 1, id, version, topic, json_build_object('originator_id', id, 'originator_version', version,
  'timestamp', '2026-11-23T10:00:00Z'), '{}'
from (select coalesce(max(position), 0) as head from events) as log, lateral (
  select n, md5(mod(n, %(streams)s)::text)::uuid as id, n / %(streams)s + 1 as version,
    case when mod(n / %(streams)s, 2) = 0 then 'employee.deleted.1' else 'employee.returned.1' end as topic
  from generate_series(head, head + %(count)s - 1) as n) as made
"""


def append(connection: Connection, count: int, *, streams: int = 300) -> None:
    """Events of some streams, mixed."""
    connection.execute(EVENTS, {"count": count, "streams": streams})
    connection.execute("select pg_notify('denta_events', '')")


@contextmanager
def publishing(database_url: str, address: str, topic: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A `denta publish`; killed in the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DENTA_")}
    environment |= {"DENTA_DATABASE_URL": database_url, "DENTA_KAFKA": address, "DENTA_KAFKA_TOPIC": topic}
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "publish"],
        cwd=ROOT,
        env={**environment, "DENTA_KAFKA_PARTITIONS": "3"},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
