"""Password hashes: beside the log, never in it. They are written by the append that says that a password was set."""

from uuid import UUID

from commands.ports.accounts import StoredPassword
from gateways.database import Database


class Credentials:
    """What sign-in checks a password against."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def password(self, access_id: UUID) -> StoredPassword | None:
        """None where no password was ever set."""
        query = "SELECT password_hash, changed_at FROM credentials WHERE access_id = %s"
        with self._database.connection() as connection:
            row = connection.execute(query, (access_id,)).fetchone()
        return None if row is None else StoredPassword(*row)

    def rehash(self, access_id: UUID, old_hash: str, new_hash: str) -> None:
        """The same password under newer parameters, unless another one was set meanwhile. When it was set stays."""
        with self._database.connection() as connection:
            connection.execute(
                "UPDATE credentials SET password_hash = %s WHERE access_id = %s AND password_hash = %s",
                (new_hash, access_id, old_hash),
            )
