"""Who looked at whose personal data (SEC-6): a table of its own beside the log, only ever added to.

Reading isn't an event of the clinic: nothing is rebuilt from it, and it would multiply the log. It is written within the request,
in one round trip that doesn't wait for the disk (docs/adr/0009-viewings-beside-the-log.md says what that may lose).
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

import msgspec
import structlog
from psycopg.types.json import Jsonb

from commands.ports.database import DatabaseFull
from commands.ports.viewings import Viewing
from gateways.database import Database

SAME_VIEWING = timedelta(minutes=5)
"""A page that is fetched again so soon, as live changes make it, is still the same look of the same user."""
_REMEMBERED = 10_000
_STRIPES = 64
"""Looks that are written at one moment; more only wait for each other."""
_DEEDS = frozenset({"exported", "printed"})
"""Ways that are a deed each time."""

_WRITE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO viewings (moment, user_id, employee_id, address, way, about, object_id, patient_id, filter, count)
SELECT %(moment)s, %(user_id)s, %(employee_id)s, %(address)s, %(way)s, %(about)s, %(object_id)s, %(patient_id)s, %(filter)s,
  %(count)s FROM quick
"""

log = structlog.get_logger("denta.viewings")


class Viewings:
    """Notes viewings. Safe for use by several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._noted: OrderedDict[bytes, datetime] = OrderedDict()
        self._writing = [Lock() for _ in range(_STRIPES)]

    def note(self, viewing: Viewing) -> None:
        """Write it down, unless it is the look that was noted just now. A full disk doesn't keep people from reading."""
        if viewing.way in _DEEDS:
            self._write(viewing)
            return
        key = _look(viewing)
        # the parts of one page are asked for at one moment: the others wait until the first is written, or see it fail
        with self._writing[hash(key) % _STRIPES]:
            if not self._is_noted(key, viewing.moment) and self._write(viewing):
                self._remember(key, viewing.moment)

    def _write(self, viewing: Viewing) -> bool:
        """Whether there was room for it."""
        values = {**msgspec.structs.asdict(viewing), "filter": None if viewing.filter is None else Jsonb(dict(viewing.filter))}
        try:
            with self._database.connection() as connection:
                connection.execute(_WRITE, values)
        except DatabaseFull:
            log.exception("a viewing could not be noted", user_id=str(viewing.user_id), way=viewing.way, about=viewing.about)
            return False
        return True

    def _is_noted(self, key: bytes, moment: datetime) -> bool:
        with self._lock:
            last = self._noted.get(key)
        return last is not None and moment - last < SAME_VIEWING

    def _remember(self, key: bytes, moment: datetime) -> None:
        with self._lock:
            self._noted[key] = moment
            self._noted.move_to_end(key)
            if len(self._noted) > _REMEMBERED:
                self._noted.popitem(last=False)


def _look(viewing: Viewing) -> bytes:
    """What makes two viewings the same look: all but the moment, and how much a list holds by now."""
    return msgspec.json.encode({**msgspec.structs.asdict(viewing), "moment": None, "count": None})
