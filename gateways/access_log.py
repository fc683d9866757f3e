"""The access log: who looked at whose personal data (SEC-6). An append-only table `viewings` beside the event log.

A look isn't an event of the clinic: nothing is rebuilt from it, and it would multiply the event log. An entry is written within
the request, in one round trip that doesn't wait for the disk (docs/adr/0009-viewings-beside-the-log.md says what may be lost).
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

import msgspec
import structlog
from psycopg.types.json import Jsonb

from commands.ports.access_log import AccessLogEntry
from commands.ports.database import DatabaseFull
from gateways.database import Database

SAME_LOOK = timedelta(minutes=5)
"""A page fetched again within this time, because of live changes, is still the same look."""
_MOST_RECENT = 10_000
_STRIPES = 64
"""Locks for entries being written; entries that share one wait for each other."""
_ALWAYS_RECORDED = frozenset({"exported", "printed"})
"""Actions of which each one is recorded, also when repeated."""

_WRITE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO viewings (moment, user_id, employee_id, address, way, about, object_id, patient_id, filter, count)
SELECT %(moment)s, %(user_id)s, %(employee_id)s, %(address)s, %(action)s, %(object_type)s, %(object_id)s, %(patient_id)s,
  %(filter)s, %(count)s FROM quick
"""

log = structlog.get_logger("denta.access_log")


class AccessLog:
    """Writes the access log. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._recorded: OrderedDict[bytes, datetime] = OrderedDict()
        self._writing = [Lock() for _ in range(_STRIPES)]

    def record(self, entry: AccessLogEntry) -> None:
        """Write an entry, unless the same look was recorded just before. On a full disk it is skipped: people can still read."""
        if entry.action in _ALWAYS_RECORDED:
            self._write(entry)
            return
        key = _identity(entry)
        # parts of one page are requested at once: the first one writes, the others wait for it
        with self._writing[hash(key) % _STRIPES]:
            if not self._is_recorded(key, entry.moment) and self._write(entry):
                self._remember(key, entry.moment)

    def _write(self, entry: AccessLogEntry) -> bool:
        """False if the disk is full."""
        values = {**msgspec.structs.asdict(entry), "filter": None if entry.filter is None else Jsonb(dict(entry.filter))}
        try:
            with self._database.connection() as connection:
                connection.execute(_WRITE, values)
        except DatabaseFull:
            log.exception(
                "an access could not be recorded", user_id=str(entry.user_id), action=entry.action, object_type=entry.object_type
            )
            return False
        return True

    def _is_recorded(self, key: bytes, moment: datetime) -> bool:
        with self._lock:
            last = self._recorded.get(key)
        return last is not None and moment - last < SAME_LOOK

    def _remember(self, key: bytes, moment: datetime) -> None:
        with self._lock:
            self._recorded[key] = moment
            self._recorded.move_to_end(key)
            if len(self._recorded) > _MOST_RECENT:
                self._recorded.popitem(last=False)


def _identity(entry: AccessLogEntry) -> bytes:
    """What two entries of the same look have in common: all fields but the moment and the count."""
    return msgspec.json.encode({**msgspec.structs.asdict(entry), "moment": None, "count": None})
