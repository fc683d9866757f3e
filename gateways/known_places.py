"""Where users signed in from before: browsers by a token of their cookie, and network addresses.

At a known place wrong passwords are counted by themselves, so that a stranger who goes on guessing elsewhere locks nobody
out where they always sign in. A browser is known of one user, an address of the clinic as a whole: what is limited at an
address tells a stranger nothing of who signs in there. Both are stored as hashes; what wasn't used for long is forgotten.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

from gateways.database import Database

REMEMBERED = timedelta(days=180)
MOST_BROWSERS = 20
"""Of one user; the longest unused go first."""
MOST_ADDRESSES = 1000

_NOW = "statement_timestamp()"


class KnownPlaces:
    """Of one clinic."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_browser(self, token: str, access_id: UUID) -> bool:
        """Whether this user has signed in by the browser that holds the token."""
        return bool(token) and self._finds(
            "SELECT FROM known_browsers WHERE token_hash = %s AND access_id = %s AND seen_at > statement_timestamp() - %s",
            (_hashed(token), access_id, REMEMBERED),
        )

    def is_address(self, address: str) -> bool:
        """Whether anybody has signed in from there."""
        return self._finds(
            "SELECT FROM known_addresses WHERE address_hash = %s AND seen_at > statement_timestamp() - %s",
            (_hashed(address), REMEMBERED),
        )

    def note(self, access_id: UUID, address: str, token: str) -> str:
        """A user signed in. The token for the browser's cookie: the one that it has, if we gave it, whoever signed in then."""
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
