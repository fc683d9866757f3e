"""Failed sign-ins: attempts by key, such as an e-mail together with a network address.

Keys are stored as hashes. An attempt counts from its start, so that many at once can't exceed a limit; it is deleted if it
doesn't fail. All times are the database's; times in the future come from a wrong clock and don't count.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from commands.ports.accounts import AttemptLimit, AttemptLimited
from gateways.database import Database

WINDOW = timedelta(minutes=15)
"""Older failures don't count."""
UNDER_WAY = timedelta(seconds=30)
"""An unfinished attempt older than this was lost with its process."""
LOCK = 0x44454E
"""First half of the advisory lock of a key."""

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
    """Sign-in attempts of one clinic."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, limits: Mapping[str, AttemptLimit]) -> UUID | AttemptLimited:
        """Start an attempt under each key, unless one has reached its limit. Deletes old failures."""
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
        """The attempt failed: it counts."""
        with self._database.connection() as connection:
            connection.execute("UPDATE sign_in_failures SET settled = true WHERE attempt = %s", (attempt,))

    def drop(self, attempt: UUID) -> None:
        """The attempt didn't fail, or wasn't checked."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sign_in_failures WHERE attempt = %s", (attempt,))

    def forget(self, key: str) -> None:
        """Delete the failures of a key, after a success."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sign_in_failures WHERE key = %s", (_hashed(key),))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
