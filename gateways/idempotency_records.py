"""Idempotency records: the receipt of each command id, so that a repeated request gets the same answer.

The append writes them into the table `commands` (`event_schema.py`); here they are deleted once they are old. The command's id
stays in the metadata of its events.
"""

from datetime import timedelta

from gateways.database import Database
from gateways.locks import PRUNING_LOCK

RETENTION = timedelta(days=30)
"""Far longer than a browser retries a request whose answer it lost."""
BATCH = 1000
"""Rows deleted by one transaction: some milliseconds."""

_PRUNE = """
WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%(lock)s) AS mine)
DELETE FROM commands WHERE command_id IN (
  SELECT command_id FROM commands WHERE (SELECT mine FROM turn) AND recorded_at < clock_timestamp() - %(retention)s
  LIMIT %(batch)s)
"""


class IdempotencyRecords:
    """Deletes old idempotency records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prune(self) -> int:
        """Delete one batch of records older than RETENTION; the number deleted. 0 when none are left or another process is
        deleting.
        """
        values = {"lock": PRUNING_LOCK, "retention": RETENTION, "batch": BATCH}
        with self._database.connection() as connection:
            return connection.execute(_PRUNE, values).rowcount
