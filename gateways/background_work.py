"""How far background work is: the table `background_work`, a row for each follower of the log and each job.

A row's `epoch` grows each time a process takes the lead. Every write names the epoch of its leader, so a leader that was replaced
while it was busy writes nothing.
"""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import class_row

from commands.ports.background_work import Failure, SkippedEvent, WorkState, WorkStatus
from gateways.database import Database

CHANNEL = "denta_events"
_CLEARED = (
    "status = 'running', attempts = 0, error = NULL, failed_position = NULL, failed_event = NULL, failed_topic = NULL,"
    " failing_since = NULL, next_attempt_at = NULL"
)

_COLUMNS = ", ".join(WorkState.__struct_fields__)


class BackgroundWork:
    """The rows of one clinic's background work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def declare_job(self, name: str) -> None:
        self._execute("INSERT INTO background_work (name, kind) VALUES (%s, 'job') ON CONFLICT DO NOTHING", name)

    def declare_follower(self, name: str, *, from_first: bool) -> None:
        """Insert a row for a new follower: it starts with the log's first event, or with the next one."""
        begin = "0" if from_first else "(SELECT coalesce(max(position), 0) FROM events)"
        query = f"INSERT INTO background_work (name, kind, position) VALUES (%s, 'follower', {begin}) ON CONFLICT DO NOTHING"
        self._execute(query, name)

    def take_lead(self, name: str) -> WorkState:
        """Start a new epoch, so that writes of former leaders are refused."""
        (state,) = self._states("UPDATE background_work SET epoch = epoch + 1 WHERE name = %s RETURNING", (name,))
        return state

    def states(self) -> dict[str, WorkState]:
        """By name."""
        return {state.name: state for state in self._states("SELECT", (), "FROM background_work ORDER BY kind, name")}

    def state(self, name: str) -> WorkState | None:
        return next(iter(self._states("SELECT", (name,), "FROM background_work WHERE name = %s")), None)

    def advance(self, name: str, epoch: int, position: int, *, events: int) -> bool:
        """Record that all events up to a position are done, `events` of them for the follower; False if another process leads
        now.

        Inside `Database.pinned` it is part of that transaction.
        """
        query = f"""UPDATE background_work SET position = %s, {_CLEARED}, events = events + %s, batches = batches + %s,
          worked_at = CASE WHEN %s > 0 THEN clock_timestamp() ELSE worked_at END WHERE name = %s AND epoch = %s"""
        return self._execute(query, position, events, int(events > 0), events, name, epoch) > 0

    def note_run(self, name: str, epoch: int, *, done: int) -> bool:
        """Record a run of a job that did `done` things."""
        query = f"""UPDATE background_work SET {_CLEARED}, events = events + %s, batches = batches + 1,
          worked_at = clock_timestamp() WHERE name = %s AND epoch = %s"""
        return self._execute(query, done, name, epoch) > 0

    def note_failure(self, name: str, epoch: int, status: WorkStatus, failure: Failure, *, next_in: float | None = None) -> bool:
        """Record a failed attempt; the next one is in `next_in` seconds."""
        query = """UPDATE background_work SET status = %s, attempts = attempts + 1, failures = failures + 1, error = %s,
          failed_position = %s, failed_event = %s, failed_topic = %s, failing_since = coalesce(failing_since, clock_timestamp()),
          next_attempt_at = clock_timestamp() + make_interval(secs => %s) WHERE name = %s AND epoch = %s"""
        facts = (failure.error, failure.position, failure.event, failure.topic)
        return self._execute(query, status, *facts, next_in, name, epoch) > 0

    def retry(self, name: str) -> bool:
        """Retry blocked work at once; whether it was blocked. Wakes its process."""
        query = f"UPDATE background_work SET {_CLEARED} WHERE name = %s AND status <> 'running'"
        tried = self._execute(query, name) > 0
        self._wake()
        return tried

    def rewind(self, name: str, position: int) -> bool:
        """Let a follower handle all events after an earlier position again; False if it isn't past that position. Starts a new
        epoch, so that what its leader is doing now isn't recorded.
        """
        query = f"""UPDATE background_work SET position = %s, epoch = epoch + 1, {_CLEARED}
          WHERE name = %s AND kind = 'follower' AND position > %s"""
        moved = self._execute(query, position, name, position) > 0
        self._wake()
        return moved

    def skip(self, name: str, skipped_by: str) -> SkippedEvent | None:
        """Skip the event that a follower stopped at and let it continue; None if it isn't stopped."""
        query = f"""WITH stopped AS (SELECT * FROM background_work WHERE name = %(name)s AND kind = 'follower'
            AND status = 'stopped' FOR UPDATE),
          moved AS (UPDATE background_work w SET position = stopped.failed_position, {_CLEARED} FROM stopped
            WHERE w.name = stopped.name)
          INSERT INTO skipped_events (follower, position, event, topic, error, skipped_by)
          SELECT name, failed_position, failed_event, failed_topic, error, %(by)s FROM stopped
          RETURNING follower, position, event, topic, error, skipped_by, skipped_at"""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(SkippedEvent)) as cursor:
            skipped = cursor.execute(query, {"name": name, "by": skipped_by}).fetchone()
        self._wake()
        return skipped

    def skipped(self) -> list[SkippedEvent]:
        """Newest first."""
        query = """SELECT follower, position, event, topic, error, skipped_by, skipped_at FROM skipped_events
          ORDER BY skipped_at DESC"""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(SkippedEvent)) as cursor:
            return cursor.execute(query).fetchall()

    def _wake(self) -> None:
        self._execute("SELECT pg_notify(%s, '')", CHANNEL)

    def _execute(self, query: str, *values: Any) -> int:
        with self._database.connection() as connection:
            return connection.execute(query.encode(), values).rowcount

    def _states(self, before: str, values: Sequence[Any], after: str = "") -> list[WorkState]:
        query = f"{before} {_COLUMNS} {after}"
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(WorkState)) as cursor:
            return cursor.execute(query.encode(), values).fetchall()
