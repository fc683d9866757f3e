"""Server-side sessions. Only the hash of a browser's token is stored.

All times are the database's, which all machines share. Impossible times are not trusted: a session that started or was last seen
in the future, or ends later than a session started now could, was written while the clock was wrong, and has ended.
"""

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import Connection
from psycopg.errors import DiskFull
from psycopg.rows import TupleRow, class_row

from commands.ports.accounts import OpenSession, PasswordReplacedError, SecondFactorTurnedOnError, Standing
from gateways.database import Database

IDLE = timedelta(hours=12)
"""A session ends when its user is inactive for so long."""
LONGEST = timedelta(days=14)
"""A session ends after this in any case."""
TOUCH = timedelta(minutes=1)
"""Shortest time between writes of `last_seen_at`."""
SKEW = timedelta(minutes=5)
"""Setting a clock back by less ends no session."""

_NOW = "statement_timestamp()"
_IDLE, _LONGEST, _TOUCH, _SKEW = (f"interval '{time.total_seconds():.0f} s'" for time in (IDLE, LONGEST, TOUCH, SKEW))
IS_VALID = f"""(s.expires_at > {_NOW} AND s.expires_at <= {_NOW} + {_IDLE} + {_SKEW} AND s.created_at > {_NOW} - {_LONGEST}
  AND s.created_at <= {_NOW} + {_SKEW} AND s.last_seen_at <= {_NOW} + {_SKEW})"""

_STANDING = f"""
SELECT s.token_hash, s.last_seen_at NOT BETWEEN {_NOW} - {_TOUCH} AND {_NOW}, s.access_id, g.employee_id, g.address,
  g.rights_set_id, (SELECT max(originator_version) FROM events WHERE originator_id = g.rights_set_id)
FROM sessions s JOIN guard_email g ON g.id = s.access_id WHERE {IS_VALID} AND """
_SET_THEN = "SELECT FROM credentials WHERE access_id = %s AND changed_at = %s FOR SHARE"
"""The row lock makes a new password and a new session wait for each other."""
_TURNED_ON = "SELECT FROM second_factors WHERE access_id = %s AND enabled"
STANDING_ONE = _STANDING + "s.token_hash = %s"
STANDING_ANY = _STANDING + "s.token_hash = ANY(%s)"


def token_hash(token: str) -> bytes:
    """The stored hash of a token, which is random enough not to need a slow hash."""
    return hashlib.sha256(token.encode()).digest()


class Sessions:
    """Server-side sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(
        self, access_id: UUID, *, address: str, device: str = "", password_set_at: datetime | None = None, by_code: bool = True
    ) -> str:
        """Start a session from a network address with a device (in words); the token for the cookie. Deletes ended sessions.

        `password_set_at`: of the checked password. PasswordReplacedError if another was set since: setting a password ends all
        sessions in the same transaction, and a session that starts at the same moment must not survive it.
        `by_code`: whether a code was checked too. SecondFactorTurnedOnError if it wasn't and is needed by now.
        """
        token = secrets.token_urlsafe(32)
        with self._database.connection() as connection:
            connection.execute(f"DELETE FROM sessions s WHERE NOT {IS_VALID}")
            with connection.transaction():
                if password_set_at is not None and not connection.execute(_SET_THEN, (access_id, password_set_at)).rowcount:
                    raise PasswordReplacedError
                if not by_code and connection.execute(_TURNED_ON, (access_id,)).rowcount:
                    raise SecondFactorTurnedOnError
                connection.execute(
                    "INSERT INTO sessions (token_hash, access_id, address, device, created_at, last_seen_at, expires_at)"
                    f" SELECT %s, %s, %s, %s, {_NOW}, {_NOW}, {_NOW} + {_IDLE}",
                    (token_hash(token), access_id, address, device),
                )
        return token

    def standing(self, tokens: Collection[str], *, touch: bool = True) -> dict[str, Standing]:
        """Token → the valid sessions among these, whose users may still sign in; one query. `touch` keeps them alive."""
        by_hash = {token_hash(token): token for token in tokens}
        hashes = list(by_hash)
        with self._database.connection() as connection:
            rows = connection.execute(
                STANDING_ONE if len(hashes) == 1 else STANDING_ANY, (hashes[0] if len(hashes) == 1 else hashes,)
            ).fetchall()
            if touch and (stale := [row[0] for row in rows if row[1]]):
                _touch(connection, stale)
        return {
            by_hash[hashed]: Standing(
                access_id=access_id,
                employee_id=employee_id,
                email=address,
                rights_set_id=rights_set_id,
                rights_set_version=version or 0,
            )
            for hashed, _, access_id, employee_id, address, rights_set_id, version in rows
        }

    def listing(self, access_id: UUID, token: str) -> list[OpenSession]:
        """The user's valid sessions: that of `token` first, then the most recent."""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(OpenSession)) as cursor:
            return cursor.execute(
                "SELECT id, device, address, created_at, last_seen_at, token_hash = %s AS current FROM sessions s"
                f" WHERE access_id = %s AND {IS_VALID} ORDER BY current DESC, last_seen_at DESC, created_at DESC",
                (token_hash(token), access_id),
            ).fetchall()

    def end_one(self, access_id: UUID, session_id: UUID) -> bool:
        """End one of the user's sessions; whether it existed."""
        with self._database.connection() as connection:
            ended = connection.execute("DELETE FROM sessions WHERE access_id = %s AND id = %s", (access_id, session_id))
            return ended.rowcount == 1

    def end(self, token: str) -> None:
        """Sign out."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM sessions WHERE token_hash = %s", (token_hash(token),))

    def end_all(self, access_id: UUID, *, but_token: str = "") -> None:
        """End every session of a user except the one of `but_token`. Done in one transaction with a new password or second factor
        (`Clinic.write_lock`).
        """
        with self._database.connection() as connection:
            connection.execute(
                "SELECT FROM credentials WHERE access_id = %s FOR UPDATE", (access_id,)
            )  # a session being opened waits too
            connection.execute(
                "DELETE FROM sessions WHERE access_id = %s AND token_hash <> %s", (access_id, token_hash(but_token))
            )


def _touch(connection: Connection[TupleRow], hashes: list[bytes]) -> None:
    """Keep sessions alive; skipped on a full disk, so that reading still works."""
    with suppress(DiskFull):
        connection.execute(
            f"UPDATE sessions SET last_seen_at = {_NOW}, expires_at = least({_NOW} + {_IDLE}, created_at + {_LONGEST})"
            " WHERE token_hash = ANY(%s)",
            (hashes,),
        )
