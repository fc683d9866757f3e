"""Password hashes: stored beside the log, never in it. The append of the event that a password was set writes them."""

from uuid import UUID

from commands.ports.accounts import StoredPassword
from gateways.database import Database


class Credentials:
    """Password hashes for sign-in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def password(self, access_id: UUID) -> StoredPassword | None:
        """None if no password was ever set."""
        query = "SELECT password_hash, changed_at FROM credentials WHERE access_id = %s"
        with self._database.connection() as connection:
            row = connection.execute(query, (access_id,)).fetchone()
        return None if row is None else StoredPassword(*row)

    def rehash(self, access_id: UUID, old_hash: str, new_hash: str) -> None:
        """Replace the hash of the same password by one with newer parameters, unless the password has changed. `set_at` stays."""
        with self._database.connection() as connection:
            connection.execute(
                "UPDATE credentials SET password_hash = %s WHERE access_id = %s AND password_hash = %s",
                (new_hash, access_id, old_hash),
            )
