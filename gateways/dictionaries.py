"""Federal dictionaries (МКБ-10 and others): data with versions beside the log, loaded whole, never changed in place.

A version is known by its number and the hash of its file, so that what a document was written by can be told for ever.
"""

import csv
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection

from aggregates.federal_dictionaries import MKB_10
from commands.ports.dictionaries import CodeFound, DictionaryEntry, DictionaryVersion, VersionDiffers
from gateways.database import Database

TABLES = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE IF NOT EXISTS dictionary_versions (
  oid text NOT NULL,
  version text NOT NULL,
  title text NOT NULL,
  file_hash text NOT NULL,
  loaded_at timestamptz NOT NULL,
  entries integer NOT NULL,
  PRIMARY KEY (oid, version)
);
CREATE TABLE IF NOT EXISTS dictionary_entries (
  oid text NOT NULL,
  version text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  actual boolean NOT NULL,
  search text NOT NULL GENERATED ALWAYS AS (translate(lower(code || ' ' || name), 'ё', 'е')) STORED,
  PRIMARY KEY (oid, version, code),
  FOREIGN KEY (oid, version) REFERENCES dictionary_versions
);
CREATE INDEX IF NOT EXISTS dictionary_entries_search ON dictionary_entries USING gin (search gin_trgm_ops)
"""

DENTAL_CODES = Path(__file__).with_name("dental_icd10.csv")
FIRST_VERSION = "0"
"""Of the dental codes that come with Denta."""


class Dictionaries:
    """Loads versions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, version: DictionaryVersion, entries: Iterable[DictionaryEntry]) -> int | None:
        """Take a version in; how many entries it has, or None where it is there already. VersionDiffers."""
        with self._database.connection() as connection, connection.transaction():
            return load(connection, version, entries)

    def find_code(self, oid: str, code: str) -> CodeFound:
        """`commands.ports.dictionaries.Dictionaries`."""
        query = """SELECT e.actual FROM dictionary_versions v LEFT JOIN dictionary_entries e
            ON e.oid = v.oid AND e.version = v.version AND e.code = %s
          WHERE v.oid = %s ORDER BY v.loaded_at DESC, v.version DESC LIMIT 1"""
        with self._database.connection() as connection:
            found = connection.execute(query, (code, oid)).fetchone()
        if found is None:
            return "not_loaded"
        states: dict[bool | None, CodeFound] = {True: "actual", False: "outdated", None: "unknown"}
        return states[found[0]]


def load(connection: Connection[Any], version: DictionaryVersion, entries: Iterable[DictionaryEntry]) -> int | None:
    """The same, within a transaction of the caller's."""
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


def provide_dental_codes(connection: Connection[Any], at: datetime) -> None:
    """What a clinic can work with until it loads the whole of МКБ-10; nothing where a version of it is loaded."""
    if connection.execute("SELECT FROM dictionary_versions WHERE oid = %s LIMIT 1", (MKB_10,)).fetchone() is not None:
        return
    content = DENTAL_CODES.read_bytes()
    rows = csv.reader(StringIO(content.decode()), delimiter=";")
    version = DictionaryVersion(
        oid=MKB_10,
        version=FIRST_VERSION,
        title="МКБ-10: стоматология",
        file_hash=sha256(content).hexdigest(),
        loaded_at=at,
    )
    load(connection, version, [DictionaryEntry(code, name, actual=True) for code, name in rows])
