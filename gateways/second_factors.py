"""Secrets of second factors and hashes of recovery codes: beside the log like password hashes, never in it (ADR 3).

Used inside the transaction of the event that says so, where the caller holds one (`Clinic.write_lock`).
"""

from collections.abc import Iterable
from uuid import UUID

from gateways.database import Database

MOST_AHEAD = 10
"""Steps that the last code may have been of, as seen from a code that is shown now: clocks of servers and telephones differ."""


class SecondFactors:
    """What a code at sign-in is checked against."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, access_id: UUID, secret: str) -> None:
        """Keep a secret that the user has still to confirm; one that is enabled stays as it is."""
        with self._database.connection() as connection:
            connection.execute(
                "INSERT INTO second_factors (access_id, secret) VALUES (%s, %s)"
                " ON CONFLICT (access_id) DO UPDATE SET secret = excluded.secret WHERE NOT second_factors.enabled",
                (access_id, secret),
            )

    def secret(self, access_id: UUID, *, enabled: bool) -> str | None:
        """The secret that is enabled, or the one that waits for its confirmation."""
        with self._database.connection() as connection:
            row = connection.execute(
                "SELECT secret FROM second_factors WHERE access_id = %s AND enabled = %s", (access_id, enabled)
            ).fetchone()
        return None if row is None else str(row[0])

    def enable(self, access_id: UUID, step: int, recovery_hashes: Iterable[bytes]) -> None:
        """The secret was confirmed by the code of a time step, which is used by that; new recovery codes replace the old."""
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
        """Whether the code of this time step may be used: none of this step or a later one was before.

        A step used that is far later can't have been; it is of a clock that was wrong then.
        """
        with self._database.connection() as connection:
            used = connection.execute(
                "UPDATE second_factors SET last_step = %s WHERE access_id = %s AND enabled AND last_step NOT BETWEEN %s AND %s",
                (step, access_id, step, step + MOST_AHEAD),
            )
            return used.rowcount == 1

    def use_recovery(self, access_id: UUID, code_hash: bytes) -> bool:
        """Whether there is such a recovery code; there isn't any more."""
        with self._database.connection() as connection:
            used = connection.execute(
                "DELETE FROM recovery_codes WHERE access_id = %s AND code_hash = %s", (access_id, code_hash)
            )
            return used.rowcount == 1

    def recovery_left(self, access_id: UUID) -> int:
        """How many recovery codes are unused."""
        with self._database.connection() as connection:
            row = connection.execute("SELECT count(*) FROM recovery_codes WHERE access_id = %s", (access_id,)).fetchone()
        return int(row[0]) if row else 0

    def remove(self, access_id: UUID) -> None:
        """Forget the secret and the recovery codes."""
        with self._database.connection() as connection:
            connection.execute("DELETE FROM second_factors WHERE access_id = %s", (access_id,))
            connection.execute("DELETE FROM recovery_codes WHERE access_id = %s", (access_id,))
