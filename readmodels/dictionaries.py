"""Loaded versions of federal dictionaries, and the search by code and words in one of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from psycopg import Connection

from readmodels.search_text import like, normal


class DictionaryVersion(msgspec.Struct, frozen=True):
    """A loaded version; `current`: the one that is searched unless another is asked for."""

    oid: str
    version: str
    title: str
    file_hash: str
    loaded_at: datetime
    entries: int
    current: bool


class DictionaryItem(msgspec.Struct, frozen=True):
    """One entry."""

    code: str
    name: str
    actual: bool


_CURRENT = "row_number() OVER (PARTITION BY oid ORDER BY loaded_at DESC, version DESC) = 1"


def versions(conn: Connection[Any]) -> list[DictionaryVersion]:
    """All loaded versions, by title, the newest first."""
    rows = conn.execute(
        f"""SELECT oid, version, title, file_hash, loaded_at, entries, {_CURRENT} FROM dictionary_versions
          ORDER BY title, loaded_at DESC, version DESC"""
    ).fetchall()
    return [
        DictionaryVersion(oid, version, title, file_hash, loaded_at.astimezone(UTC), entries, current)
        for oid, version, title, file_hash, loaded_at, entries, current in rows
    ]


def search(
    conn: Connection[Any], oid: str, query: str, version: str | None = None, limit: int = 50
) -> tuple[list[DictionaryItem], int] | None:
    """The entries that hold every word, those whose code begins so first, and how many there are; None for a dictionary or
    version that isn't loaded.
    """
    found = conn.execute(
        f"""SELECT version FROM (SELECT version, {_CURRENT} AS current FROM dictionary_versions WHERE oid = %(oid)s) v
          WHERE CASE WHEN %(version)s::text IS NULL THEN current ELSE version = %(version)s END""",
        {"oid": oid, "version": version},
    ).fetchone()
    if found is None:
        return None
    typed = normal(query)
    values: dict[str, Any] = {"oid": oid, "version": found[0], "code": like(typed)[1:], "limit": limit}
    conditions = ["oid = %(oid)s", "version = %(version)s"]
    for number, word in enumerate(typed.split()[:8]):
        values[f"word{number}"] = like(word)
        conditions.append(f"search LIKE %(word{number})s")
    where = " AND ".join(conditions)
    rows = conn.execute(
        f"""SELECT code, name, actual FROM dictionary_entries WHERE {where}
          ORDER BY search LIKE %(code)s DESC, NOT actual, code COLLATE "C" LIMIT %(limit)s""",
        values,
        prepare=False,
    ).fetchall()
    total = conn.execute(f"SELECT count(*) FROM dictionary_entries WHERE {where}", values, prepare=False).fetchone()
    return [DictionaryItem(*row) for row in rows], total[0] if total else 0


def name_of(conn: Connection[Any], oid: str, code: str) -> str:
    """What a code means, by the newest version that has it; "" where none that is loaded does."""
    return names_of(conn, [(oid, code)]).get((oid, code), "")


def names_of(conn: Connection[Any], codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What codes mean: (OID, code) → name, by the newest version that has it; without those that none has."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return {}
    rows = conn.execute(
        """SELECT DISTINCT ON (e.oid, e.code) e.oid, e.code, e.name
          FROM dictionary_entries e JOIN dictionary_versions v USING (oid, version)
            JOIN unnest(%s::text[], %s::text[]) AS wanted(oid, code) USING (oid, code)
          ORDER BY e.oid, e.code, v.loaded_at DESC, v.version DESC""",
        ([oid for oid, _ in wanted], [code for _, code in wanted]),
    ).fetchall()
    return {(oid, code): name for oid, code, name in rows}
