"""Loaded versions of federal dictionaries, and the search in one of them by code and words."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from psycopg import Connection

from readmodels.search_text import Word, like, readings


class DictionaryVersion(msgspec.Struct, frozen=True):
    """A loaded version; `current`: the one that is searched by default."""

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


_CYRILLIC_CODE = re.compile(r"[а-я][0-9][0-9.-]*")
_LOOK = str.maketrans("авекмнорстух", "abekmhopctyx")
_KEY = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")
"""Cyrillic letters → Latin letters that look alike, or are on the same key."""
_CURRENT = "row_number() OVER (PARTITION BY oid ORDER BY loaded_at DESC, version DESC) = 1"


def versions(conn: Connection[Any]) -> list[DictionaryVersion]:
    """All loaded versions, by title, newest first."""
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
    """Entries that contain every word (matching codes first), and the total; None for a dictionary or version that isn't loaded.
    Codes typed with a Russian keyboard are found too: «К02» by the letter's look, «л02» by its key.
    """
    found = conn.execute(
        f"""SELECT version FROM (SELECT version, {_CURRENT} AS current FROM dictionary_versions WHERE oid = %(oid)s) v
          WHERE CASE WHEN %(version)s::text IS NULL THEN current ELSE version = %(version)s END""",
        {"oid": oid, "version": version},
    ).fetchone()
    if found is None:
        return None
    # only of what was typed: in the other keyboard layout the Latin letter of «R02» is Cyrillic anyway
    ways = [[_forms(word) if n == 0 else word.forms for word in way] for n, way in enumerate(readings(query))]
    codes = [like(form)[1:] for way in ways for form in way[0]]
    values: dict[str, Any] = {"oid": oid, "version": found[0], "code": codes, "limit": limit}
    meant = []
    for way in ways:
        words = []
        for forms in way:
            name = f"word{len(values)}"
            values[name] = [like(form) for form in forms]
            words.append(f"search LIKE ANY(%({name})s)")
        meant.append(f"({' AND '.join(words)})")
    where = f"oid = %(oid)s AND version = %(version)s AND ({' OR '.join(meant) or 'true'})"
    rows = conn.execute(
        f"""SELECT code, name, actual FROM dictionary_entries WHERE {where}
          ORDER BY search LIKE ANY(%(code)s::text[]) DESC, NOT actual, code COLLATE "C" LIMIT %(limit)s""",
        values,
        prepare=False,
    ).fetchall()
    total = conn.execute(f"SELECT count(*) FROM dictionary_entries WHERE {where}", values, prepare=False).fetchone()
    return [DictionaryItem(*row) for row in rows], total[0] if total else 0


def _forms(word: Word) -> Sequence[str]:
    """A word as typed and, if it is a code with a Cyrillic letter, also with the Latin one."""
    meant = [form[0].translate(by) + form[1:] for form in word.forms if _CYRILLIC_CODE.fullmatch(form) for by in (_LOOK, _KEY)]
    return list(dict.fromkeys([*word.forms, *meant]))


def name_of(conn: Connection[Any], oid: str, code: str) -> str:
    """A code's name in the newest version that has it, or ""."""
    return names_of(conn, [(oid, code)]).get((oid, code), "")


def names_of(conn: Connection[Any], codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(OID, code) → name in the newest version that has the code; unknown codes are left out."""
    keys = list(dict.fromkeys(codes))
    if not keys:
        return {}
    rows = conn.execute(
        """SELECT DISTINCT ON (e.oid, e.code) e.oid, e.code, e.name
          FROM dictionary_entries e JOIN dictionary_versions v USING (oid, version)
            JOIN unnest(%s::text[], %s::text[]) AS wanted(oid, code) USING (oid, code)
          ORDER BY e.oid, e.code, v.loaded_at DESC, v.version DESC""",
        ([oid for oid, _ in keys], [code for _, code in keys]),
    ).fetchall()
    return {(oid, code): name for oid, code, name in rows}
