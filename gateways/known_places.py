"""Places where users have signed in before: browsers (by a cookie's token) and network addresses.

Wrong passwords at a known place are counted separately, so that a stranger who guesses elsewhere can't lock users out at their
usual places. A browser is known for one user, an address for the whole clinic, so that limits at an address don't reveal who
signs in there. Both are stored as hashes and deleted when unused for long.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

from gateways.database import Database

REMEMBERED = timedelta(days=180)
MOST_BROWSERS = 20
"""Per user; the least recently used are deleted."""
MOST_ADDRESSES = 1000

_NOW = "statement_timestamp()"


class KnownPlaces:
    """Known places of one clinic."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_browser(self, token: str, access_id: UUID) -> bool:
        """Whether this user has signed in with the browser that has the token."""
        return bool(token) and self._finds(
            "SELECT FROM known_browsers WHERE token_hash = %s AND access_id = %s AND seen_at > statement_timestamp() - %s",
            (_hashed(token), access_id, REMEMBERED),
        )

    def is_address(self, address: str) -> bool:
        """Whether anybody has signed in from this address."""
        return self._finds(
            "SELECT FROM known_addresses WHERE address_hash = %s AND seen_at > statement_timestamp() - %s",
            (_hashed(address), REMEMBERED),
        )

    def note(self, access_id: UUID, address: str, token: str) -> str:
        """Record a sign-in; the token for the browser's cookie: its present one if we issued it, else a new one."""
        with self._database.connection() as connection, connection.transaction():
            ours = connection.execute("SELECT FROM known_browsers WHERE token_hash = %s LIMIT 1", (_hashed(token),)).fetchone()
            if ours is None:
                token = secrets.token_urlsafe(32)
            connection.execute(
                f"INSERT INTO known_browsers (access_id, token_hash, seen_at) VALUES (%s, %s, {_NOW})"
                " ON CONFLICT (token_hash, access_id) DO UPDATE SET seen_at = excluded.seen_at",
                (access_id, _hashed(token)),
            )
            connection.execute(
                f"INSERT INTO known_addresses (address_hash, seen_at) VALUES (%s, {_NOW})"
                " ON CONFLICT (address_hash) DO UPDATE SET seen_at = excluded.seen_at",
                (_hashed(address),),
            )
            connection.execute(
                f"DELETE FROM known_browsers WHERE seen_at < {_NOW} - %s OR access_id = %s AND token_hash IN ("
                " SELECT token_hash FROM known_browsers WHERE access_id = %s ORDER BY seen_at DESC OFFSET %s)",
                (REMEMBERED, access_id, access_id, MOST_BROWSERS),
            )
            connection.execute(
                f"DELETE FROM known_addresses WHERE seen_at < {_NOW} - %s OR address_hash IN ("
                " SELECT address_hash FROM known_addresses ORDER BY seen_at DESC OFFSET %s)",
                (REMEMBERED, MOST_ADDRESSES),
            )
        return token

    def _finds(self, query: LiteralString, values: tuple[object, ...]) -> bool:
        with self._database.connection() as connection:
            return connection.execute(query, values).fetchone() is not None


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
