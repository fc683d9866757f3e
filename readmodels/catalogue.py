"""Entries of the plain catalogues: lists, cards, and names for references."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.catalogue import CatalogueEntry
from aggregates.values import Scalar
from readmodels.search_text import holds, normal, readings
from readmodels.table import Table


class EntryRow(msgspec.Struct, frozen=True):
    """An entry. `card`: all fields; `search`: its texts, normalized."""

    entry_id: UUID
    catalogue: str
    name: str
    card: dict[str, Scalar]
    search: str
    deleted: bool
    version: int


TABLE = Table("catalogue", EntryRow, key=("entry_id",), indexes=("(catalogue, name)",))

_SEARCHED = frozenset({"text", "lines", "phone", "email", "inn", "kpp"})


def row_of(kind: type[CatalogueEntry], entry_id: UUID, card: dict[str, Scalar], *, deleted: bool, version: int) -> EntryRow:
    """An entry's row. Unknown fields of older programs are left out."""
    known = {name: card.get(name, field.empty) for name, field in kind.FIELDS.items()}
    texts = (str(known[name]) for name, field in kind.FIELDS.items() if field.type in _SEARCHED)
    return EntryRow(entry_id, kind.TOPIC, str(known["name"]), known, normal(" ".join(texts)), deleted, version)


class Entry(msgspec.Struct, frozen=True):
    """An entry for lists and the card. `names`: field → name of the entry that it refers to."""

    id: UUID
    fields: dict[str, Scalar]
    names: dict[str, str]
    deleted: bool
    version: int


class Choice(msgspec.Struct, frozen=True):
    """An entry to choose. `color`: such as #7a5b00, or ""."""

    id: UUID
    name: str
    color: str


_COLUMNS = "c.entry_id, c.card::text, c.deleted, c.version"
_CARD = msgspec.json.Decoder(dict[str, Scalar])
_BY_NAME = """translate(lower(c.name), 'ё', 'е') COLLATE "C" """


def listing(
    conn: Connection[Any],
    kind: type[CatalogueEntry],
    query: str = "",
    *,
    referring: Mapping[str, UUID] | None = None,
    deleted: bool = False,
    sort: str = "name",
    page: int = 1,
    size: int = 50,
) -> tuple[list[Entry], int]:
    """One page of a catalogue, and the total: entries that contain the words of the query and have the references `referring`
    (field → id), sorted by a field (`-field`: descending); deleted ones only on request.
    """
    values: dict[str, Any] = {"catalogue": kind.TOPIC, "deleted": deleted, "size": size, "skip": (page - 1) * size}
    conditions = ["c.catalogue = %(catalogue)s", "(%(deleted)s OR NOT c.deleted)", _matching(query, values)]
    for number, (field, to) in enumerate((referring or {}).items()):
        values |= {f"referring{number}": field, f"to{number}": str(to)}
        conditions.append(f"c.card ->> %(referring{number})s = %(to{number})s")
    where = " AND ".join(conditions)
    text = f"""SELECT {_COLUMNS} FROM catalogue c LEFT JOIN catalogue r ON r.entry_id::text = c.card ->> %(field)s
      WHERE {where} ORDER BY {_order(kind, sort, values)} LIMIT %(size)s OFFSET %(skip)s"""
    rows = conn.execute(text, values, prepare=False).fetchall()
    total = conn.execute(f"SELECT count(*) FROM catalogue c WHERE {where}", values, prepare=False).fetchone()
    return _entries(conn, kind, rows), total[0] if total else 0


def get(conn: Connection[Any], kind: type[CatalogueEntry], entry_id: UUID) -> Entry | None:
    """One entry, deleted or not."""
    query = f"SELECT {_COLUMNS} FROM catalogue c WHERE c.entry_id = %s AND c.catalogue = %s"
    rows = conn.execute(query, (entry_id, kind.TOPIC)).fetchall()
    found = _entries(conn, kind, rows)
    return found[0] if found else None


def choices(conn: Connection[Any], kind: type[CatalogueEntry]) -> list[Choice]:
    """All active entries by name."""
    query = f"""SELECT c.entry_id, c.name, coalesce(c.card ->> 'color', '') FROM catalogue c
      WHERE c.catalogue = %s AND NOT c.deleted ORDER BY {_BY_NAME}"""
    return [Choice(*row) for row in conn.execute(query, (kind.TOPIC,)).fetchall()]


def names(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of entries, deleted or not, and of rights sets (to which positions refer)."""
    entry_ids = list(ids)
    if not entry_ids:
        return {}
    query = """SELECT entry_id, name FROM catalogue WHERE entry_id = ANY(%(ids)s)
      UNION ALL SELECT rights_set_id, name FROM rights_sets WHERE rights_set_id = ANY(%(ids)s)"""
    return dict(conn.execute(query, {"ids": entry_ids}).fetchall())


def _entries(conn: Connection[Any], kind: type[CatalogueEntry], rows: Sequence[Sequence[Any]]) -> list[Entry]:
    cards: list[Mapping[str, Scalar]] = [_CARD.decode(row[1]) for row in rows]
    referred = [kind.references({name: card[name] for name in kind.FIELDS}) for card in cards]
    known = names(conn, {entry_id for references in referred for entry_id in references.values()})
    return [
        Entry(row[0], dict(card), {name: known.get(to, "") for name, to in references.items()}, row[2], row[3])
        for row, card, references in zip(rows, cards, referred, strict=True)
    ]


def _matching(query: str, values: dict[str, Any]) -> str:
    ways = [f"({holds('c.search', way, values)})" for way in readings(query)]
    return f"({' OR '.join(ways)})" if ways else "true"


def _order(kind: type[CatalogueEntry], sort: str, values: dict[str, Any]) -> str:
    """By the field's value (money and factors as numbers, references by name), then by name."""
    name, turned = sort.removeprefix("-"), " DESC" if sort.startswith("-") else ""
    field = kind.FIELDS[name]
    values["field"] = name
    if field.type in {"money", "factor", "percent"}:
        return f"nullif(c.card ->> %(field)s, '')::numeric{turned}, {_BY_NAME}, c.entry_id"
    text = "r.name" if field.type == "reference" else "c.card ->> %(field)s"
    return f"""translate(lower({text}), 'ё', 'е') COLLATE "C"{turned}, {_BY_NAME}, c.entry_id"""
