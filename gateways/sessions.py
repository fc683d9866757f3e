"""Who is signed in, and how often signing in went wrong. The browser's token itself is never stored, only its hash."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import msgspec
from psycopg import Connection
from psycopg.errors import DiskFull
from psycopg.rows import TupleRow, class_row

from gateways.database import Database

TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
  token_hash bytea PRIMARY KEY,
  access_id uuid NOT NULL,
  address text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS device text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS sessions_access ON sessions (access_id);
CREATE TABLE IF NOT EXISTS sign_in_failures (key text NOT NULL, failed_at timestamptz NOT NULL);
ALTER TABLE sign_in_failures ADD COLUMN IF NOT EXISTS attempt uuid;
ALTER TABLE sign_in_failures ADD COLUMN IF NOT EXISTS settled boolean NOT NULL DEFAULT true;
CREATE INDEX IF NOT EXISTS sign_in_failures_key ON sign_in_failures (key, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failures_attempt ON sign_in_failures (attempt)
"""

_STANDING = """
SELECT s.token_hash, s.last_seen_at, s.created_at, s.access_id, g.employee_id, g.address, g.rights_set_id,
  (SELECT max(originator_version) FROM events WHERE originator_id = g.rights_set_id)
FROM sessions s JOIN guard_email g ON g.id = s.access_id WHERE """
STANDING_ONE = _STANDING + "s.token_hash = %s AND s.expires_at > %s"
STANDING_ANY = _STANDING + "s.token_hash = ANY(%s) AND s.expires_at > %s"

_COUNT = """SELECT count(*) FILTER (WHERE settled), count(*) FILTER (WHERE NOT settled AND failed_at > %(recent)s)
  FROM sign_in_failures WHERE key = %(key)s AND failed_at > %(since)s"""
ATTEMPTS_LOCK = 0x44454E
"""Of advisory locks, one for each key."""
UNDER_WAY = timedelta(seconds=30)
"""An attempt that nothing was heard of for longer was lost with its process."""

IDLE = timedelta(hours=12)
"""A session ends when nothing is heard of its user for so long."""
LONGEST = timedelta(days=14)
"""And in any case after this."""
TOUCH = timedelta(minutes=1)
"""`last_seen_at` is written no more often than this."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One signed-in browser."""

    access_id: UUID
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its user sees it in the list. `id` is no secret, unlike the token."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A session that holds, with whose it is now: the access and rights set of this moment, by the guard of sign-in addresses."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    rights_set_version: int
    """Of the set's stream, so that a cached set is known to be the present one."""


def token_hash(token: str) -> bytes:
    """What is stored of a token, which is random enough to need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


class Sessions:
    """Server-side sessions. All moments are given by the caller: aware instants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, access_id: UUID, *, address: str, device: str = "", now: datetime) -> str:
        """Start a session from a network address with a device, in words; the token for the cookie. Sessions that have ended
        are swept on the way.
        """
        token = secrets.token_urlsafe(32)
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sessions WHERE expires_at <= %s", (now,))
            connection.execute(
                "INSERT INTO sessions (token_hash, access_id, address, device, created_at, last_seen_at, expires_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (token_hash(token), access_id, address, device, now, now, now + IDLE),
            )
        return token

    def find(self, token: str, *, now: datetime) -> Session | None:
        """The session of a token while it holds; being seen keeps it alive, up to LONGEST."""
        with self._database.connection() as connection:
            with connection.cursor(row_factory=class_row(Session)) as cursor:
                session = cursor.execute(
                    "SELECT access_id, address, created_at, last_seen_at, expires_at FROM sessions"
                    " WHERE token_hash = %s AND expires_at > %s",
                    (token_hash(token), now),
                ).fetchone()
            if session is not None and now - session.last_seen_at >= TOUCH:
                expires_at = min(now + IDLE, session.created_at + LONGEST)
                _touch(connection, token_hash(token), now, expires_at)
                session = msgspec.structs.replace(session, last_seen_at=now, expires_at=expires_at)
        return session

    def standing(self, tokens: Collection[str], *, now: datetime, seen: bool = True) -> dict[str, Standing]:
        """Those of the sessions that hold and whose user may still sign in, by one query; `seen` keeps them alive."""
        by_hash = {token_hash(token): token for token in tokens}
        with self._database.connection() as connection:
            rows = connection.execute(
                STANDING_ONE if len(by_hash) == 1 else STANDING_ANY,
                (next(iter(by_hash)) if len(by_hash) == 1 else list(by_hash), now),
            ).fetchall()
            for hashed, last_seen_at, created_at, *_ in rows:
                if seen and now - last_seen_at >= TOUCH:
                    _touch(connection, hashed, now, min(now + IDLE, created_at + LONGEST))
        return {
            by_hash[hashed]: Standing(
                access_id=access_id,
                employee_id=employee_id,
                email=address,
                rights_set_id=rights_set_id,
                rights_set_version=version or 0,
            )
            for hashed, _, _, access_id, employee_id, address, rights_set_id, version in rows
        }

    def listing(self, access_id: UUID, token: str, *, now: datetime) -> list[OpenSession]:
        """The user's sessions that hold, the one of `token` first, then those heard of last."""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(OpenSession)) as cursor:
            return cursor.execute(
                "SELECT id, device, address, created_at, last_seen_at, token_hash = %s AS current FROM sessions"
                " WHERE access_id = %s AND expires_at > %s ORDER BY current DESC, last_seen_at DESC, created_at DESC",
                (token_hash(token), access_id, now),
            ).fetchall()

    def end_one(self, access_id: UUID, session_id: UUID) -> bool:
        """End one of the user's sessions; whether there was such a one."""
        with self._database.connection() as connection:
            ended = connection.execute("DELETE FROM sessions WHERE access_id = %s AND id = %s", (access_id, session_id))
            return ended.rowcount == 1

    def end(self, token: str) -> None:
        """Sign out."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sessions WHERE token_hash = %s", (token_hash(token),))

    def end_all(self, access_id: UUID, *, but_token: str = "") -> None:
        """End every session of a user, save one: after a new password, or when access is withdrawn."""
        with self._database.connection() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE access_id = %s AND token_hash <> %s", (access_id, token_hash(but_token))
            )


def _touch(connection: Connection[TupleRow], hashed: bytes, now: datetime, expires_at: datetime) -> None:
    """Keep a session alive. On a full disk it isn't: whoever only reads goes on reading."""
    with suppress(DiskFull):
        connection.execute(
            "UPDATE sessions SET last_seen_at = %s, expires_at = %s WHERE token_hash = %s", (now, expires_at, hashed)
        )


class SignInAttempts:
    """Attempts at signing in, counted per key (an address typed, a network address). Keys are stored hashed.

    An attempt counts from its beginning, so that many at once can't outrun a limit; it is dropped where it didn't fail.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, limits: Mapping[str, int], *, now: datetime, since: datetime) -> UUID | Literal["limited", "busy"]:
        """Note an attempt under each key, unless its limit is reached: by failures since then (limited), or only together with
        those under way (busy). What is too old to count is dropped.
        """
        attempt, keys = uuid4(), {_hashed(key): most for key, most in sorted(limits.items())}
        with self._database.connection() as connection, connection.transaction():
            for key in sorted(keys):
                connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (ATTEMPTS_LOCK, key))
            connection.execute("DELETE FROM sign_in_failures WHERE failed_at <= %s", (since,))
            for key, most in keys.items():
                row = connection.execute(_COUNT, {"key": key, "since": since, "recent": now - UNDER_WAY}).fetchone()
                failed, begun = row or (0, 0)
                if failed + begun >= most:
                    return "limited" if failed >= most else "busy"
            connection.execute(
                "INSERT INTO sign_in_failures (key, failed_at, attempt, settled) SELECT unnest(%s::text[]), %s, %s, false",
                (list(keys), now, attempt),
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
