"""How often signing in went wrong: attempts by key, such as an address typed together with a network address.

Keys are stored hashed. An attempt counts from its beginning, so that many at once can't outrun a limit; it is dropped where
it didn't fail. All moments are the database's; those later than now are of a wrong clock and don't count.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from commands.ports.accounts import AttemptLimit, AttemptLimited
from gateways.database import Database

WINDOW = timedelta(minutes=15)
"""Failures older than this don't count any more."""
UNDER_WAY = timedelta(seconds=30)
"""An attempt that nothing was heard of for longer was lost with its process."""
LOCK = 0x44454E
"""Of advisory locks, one for each key."""

_NOW = "statement_timestamp()"
_SINCE = f"SELECT {_NOW} - %(window)s AS since"
_SINCE_PASSWORD = f"""SELECT greatest({_NOW} - %(window)s,
  (SELECT changed_at FROM credentials WHERE access_id = %(access)s AND changed_at <= {_NOW})) AS since"""
_COUNT = f"""
WITH counting AS ({{since}}), counted AS (
  SELECT failed_at, settled FROM sign_in_failures, counting WHERE key = %(key)s AND failed_at > since AND failed_at <= {_NOW})
SELECT count(*) FILTER (WHERE settled), count(*) FILTER (WHERE NOT settled AND failed_at > {_NOW} - %(under_way)s),
  (SELECT extract(epoch FROM failed_at + %(window)s - {_NOW}) FROM counted WHERE settled
    ORDER BY failed_at DESC OFFSET %(most)s - 1 LIMIT 1)
FROM counted"""


class SignInAttempts:
    """Attempts of one clinic's users and strangers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, limits: Mapping[str, AttemptLimit]) -> UUID | AttemptLimited:
        """Note an attempt under each key, unless the limit of one is reached. What is too old to count is dropped."""
        attempt, keys = uuid4(), {_hashed(key): limit for key, limit in limits.items()}
        with self._database.connection() as connection, connection.transaction():
            for key in sorted(keys):
                connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (LOCK, key))
            connection.execute(
                f"DELETE FROM sign_in_failures WHERE failed_at NOT BETWEEN {_NOW} - %s AND {_NOW} + %s", (WINDOW, WINDOW)
            )
            waits, busy = [], False
            for key, limit in keys.items():
                values: dict[str, Any] = {"key": key, "most": limit.most, "access": limit.access_id}
                query = _COUNT.format(since=_SINCE if limit.access_id is None else _SINCE_PASSWORD)
                row = connection.execute(query, {**values, "window": WINDOW, "under_way": UNDER_WAY}).fetchone()
                failed, begun, seconds = row or (0, 0, None)
                if failed >= limit.most:
                    waits.append(float(seconds))
                busy |= failed + begun >= limit.most
            if waits or busy:
                return AttemptLimited(max(waits, default=None))
            connection.execute(
                f"INSERT INTO sign_in_failures (key, failed_at, attempt, settled) SELECT unnest(%s::text[]), {_NOW}, %s, false",
                (list(keys), attempt),
            )
        return attempt

    def failed(self, attempt: UUID) -> None:
        """It went wrong: it stays."""
        with self._database.connection() as connection:
            connection.execute("UPDATE sign_in_failures SET settled = true WHERE attempt = %s", (attempt,))

    def drop(self, attempt: UUID) -> None:
        """It didn't go wrong, or wasn't looked at."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sign_in_failures WHERE attempt = %s", (attempt,))

    def forget(self, key: str) -> None:
        """After a success."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sign_in_failures WHERE key = %s", (_hashed(key),))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
