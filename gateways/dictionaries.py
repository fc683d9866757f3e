"""Federal dictionaries (МКБ-10 and others): versioned data beside the log, loaded as a whole, never changed in place.

A version is identified by its number and the hash of its file, so that one can always tell by which version a document was
written.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from psycopg import Connection

from commands.ports.dictionaries import CodeFound, DictionaryEntry, DictionaryVersion, VersionDiffers
from gateways.database import Database


class Dictionaries:
    """Loads versions and looks up codes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, version: DictionaryVersion, entries: Iterable[DictionaryEntry]) -> int | None:
        """Load a version; the number of its entries, or None if it is already loaded. VersionDiffers."""
        with self._database.connection() as connection, connection.transaction():
            return load(connection, version, entries)

    def find_code(self, oid: str, code: str) -> CodeFound:
        """`commands.ports.dictionaries.Dictionaries`."""
        query = """SELECT e.actual FROM dictionary_versions v LEFT JOIN dictionary_entries e
            ON e.oid = v.oid AND e.version = v.version AND e.code = %s
          WHERE v.oid = %s ORDER BY v.loaded_at DESC, v.version DESC LIMIT 1"""
        with self._database.connection() as connection:
            row = connection.execute(query, (code, oid)).fetchone()
        if row is None:
            return "not_loaded"
        states: dict[bool | None, CodeFound] = {True: "actual", False: "outdated", None: "unknown"}
        return states[row[0]]


def load(connection: Connection[Any], version: DictionaryVersion, entries: Iterable[DictionaryEntry]) -> int | None:
    """`Dictionaries.load`, inside the caller's transaction."""
    values = {**msgspec.structs.asdict(version), "entries": 0}
    taken = connection.execute(
        """INSERT INTO dictionary_versions (oid, version, title, file_hash, loaded_at, entries)
          VALUES (%(oid)s, %(version)s, %(title)s, %(file_hash)s, %(loaded_at)s, %(entries)s) ON CONFLICT DO NOTHING""",
        values,
    ).rowcount
    if not taken:
        known = connection.execute(
            "SELECT file_hash FROM dictionary_versions WHERE oid = %(oid)s AND version = %(version)s", values
        ).fetchone()
        if known != (version.file_hash,):
            raise VersionDiffers(oid=version.oid, version=version.version)
        return None
    count = 0
    with connection.cursor().copy("COPY dictionary_entries (oid, version, code, name, actual) FROM STDIN") as copy:
        for entry in entries:
            copy.write_row((version.oid, version.version, entry.code, entry.name, entry.actual))
            count += 1
    connection.execute(
        "UPDATE dictionary_versions SET entries = %(count)s WHERE oid = %(oid)s AND version = %(version)s",
        {**values, "count": count},
    )
    return count
