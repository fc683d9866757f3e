"""First answers to commands, kept for those who ask once more, and forgotten when nobody will.

The append writes them (`event_schema.py`). The command's id stands in the metadata of its events for ever.
"""

from datetime import timedelta

from gateways.database import Database
from gateways.locks import PRUNING_LOCK

KEPT = timedelta(days=30)
"""Far longer than any browser goes on asking for an answer that it lost."""
BATCH = 1000
"""Rows deleted by one transaction: some milliseconds."""

_PRUNE = """
WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%(lock)s) AS mine)
DELETE FROM commands WHERE command_id IN (
  SELECT command_id FROM commands WHERE (SELECT mine FROM turn) AND recorded_at < clock_timestamp() - %(kept)s LIMIT %(batch)s)
"""


class FirstAnswers:
    """What a command was answered when it first came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prune(self) -> int:
        """Forget some of those that are older than KEPT, by the clock that they were recorded by; how many. 0 when none are
        left, or somebody else is at it.
        """
        values = {"lock": PRUNING_LOCK, "kept": KEPT, "batch": BATCH}
        with self._database.connection() as connection:
            return connection.execute(_PRUNE, values).rowcount
