"""Secrets of second factors and hashes of recovery codes: stored beside the log like password hashes, never in it (ADR 3).

Changed in the transaction of the event, if the caller has one (`Clinic.write_lock`).
"""

from collections.abc import Iterable
from uuid import UUID

from gateways.database import Database

MOST_AHEAD = 10
"""Steps by which the last used code may be ahead of the present one: clocks of servers and phones differ."""


class SecondFactors:
    """Secrets and codes for sign-in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, access_id: UUID, secret: str) -> None:
        """Store a secret that the user still has to confirm; an enabled one isn't replaced."""
        with self._database.connection() as connection:
            connection.execute(
                "INSERT INTO second_factors (access_id, secret) VALUES (%s, %s)"
                " ON CONFLICT (access_id) DO UPDATE SET secret = excluded.secret WHERE NOT second_factors.enabled",
                (access_id, secret),
            )

    def secret(self, access_id: UUID, *, enabled: bool) -> str | None:
        """The enabled secret, or the one that waits for confirmation."""
        with self._database.connection() as connection:
            row = connection.execute(
                "SELECT secret FROM second_factors WHERE access_id = %s AND enabled = %s", (access_id, enabled)
            ).fetchone()
        return None if row is None else str(row[0])

    def enable(self, access_id: UUID, step: int, recovery_hashes: Iterable[bytes]) -> None:
        """Enable the secret, confirmed by the code of a time step (which is used up); replace the recovery codes."""
        with self._database.connection() as connection:
            connection.execute(
                "UPDATE second_factors SET enabled = true, last_step = greatest(last_step, %s) WHERE access_id = %s",
                (step, access_id),
            )
            connection.execute("DELETE FROM recovery_codes WHERE access_id = %s", (access_id,))
            connection.execute(
                "INSERT INTO recovery_codes (access_id, code_hash) SELECT %s, unnest(%s::bytea[])",
                (access_id, list(recovery_hashes)),
            )

    def use_step(self, access_id: UUID, step: int) -> bool:
        """Use the code of a time step; False if this or a later step was used before.

        A much later used step is ignored: it was recorded while a clock was wrong.
        """
        with self._database.connection() as connection:
            used = connection.execute(
                "UPDATE second_factors SET last_step = %s WHERE access_id = %s AND enabled AND last_step NOT BETWEEN %s AND %s",
                (step, access_id, step, step + MOST_AHEAD),
            )
            return used.rowcount == 1

    def use_recovery(self, access_id: UUID, code_hash: bytes) -> bool:
        """Use up a recovery code; False if it doesn't exist."""
        with self._database.connection() as connection:
            used = connection.execute(
                "DELETE FROM recovery_codes WHERE access_id = %s AND code_hash = %s", (access_id, code_hash)
            )
            return used.rowcount == 1

    def recovery_left(self, access_id: UUID) -> int:
        """The number of unused recovery codes."""
        with self._database.connection() as connection:
            row = connection.execute("SELECT count(*) FROM recovery_codes WHERE access_id = %s", (access_id,)).fetchone()
        return int(row[0]) if row else 0

    def remove(self, access_id: UUID) -> None:
        """Delete the secret and the recovery codes."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM second_factors WHERE access_id = %s", (access_id,))
            connection.execute("DELETE FROM recovery_codes WHERE access_id = %s", (access_id,))
