"""Names and titles of any object of the clinic, by type and id: for the journal, the history and the terminal."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from readmodels import dictionaries
from readmodels.number_search import number_of
from readmodels.search_text import Word, holds
from readmodels.words import registry
from readmodels.words.declaration import ByNumber, ByWords
from readmodels.words.values import Coded, Named, Value

ObjectKey = tuple[str, UUID]
"""Type and id."""


class ObjectNames:
    """Names of objects and of what values refer to, looked up together: one query per type."""

    def __init__(self, conn: Connection[Any], keys: Iterable[ObjectKey], values: Iterable[Value] = ()) -> None:
        self._glossary = registry.GLOSSARY
        ids_by_type: dict[str, set[UUID]] = {}
        for object_type, object_id in keys:
            ids_by_type.setdefault(object_type, set()).add(object_id)
        codes = []
        for value in values:
            match value:
                case Named(type=object_type, id=object_id):
                    ids_by_type.setdefault(object_type, set()).add(object_id)
                case Coded(dictionary=oid, code=code):
                    codes.append((oid, code))
        self._codes = dictionaries.names_of(conn, codes)
        self._found: dict[ObjectKey, tuple[str, ...]] = {}
        for object_type, ids in ids_by_type.items():
            if names := self._glossary.of(object_type).names:
                rows = conn.execute(names, (list(ids),)).fetchall()
                self._found.update({(object_type, row[0]): tuple(row[1:]) for row in rows})

    def name(self, object_type: str, object_id: UUID) -> str:
        """«Иванов Пётр», «12»; the label of its type if the name isn't known (yet)."""
        found = self._found.get((object_type, object_id))
        return found[0] if found else self._glossary.labels[object_type].lower()

    def of(self, value: Named | Coded) -> str:
        """The name of what a value refers to: an object's name; «112 – врач-терапевт», or the code alone if it is unknown."""
        if isinstance(value, Named):
            return self.name(value.type, value.id)
        meaning = self._codes.get((value.dictionary, value.code))
        return f"{value.code} – {meaning}" if meaning else value.code

    def title(self, object_type: str, object_id: UUID) -> str:
        """«Визит № 12 (Иванов Пётр)», «Карта пациента № 4512 (Иванов Пётр)»."""
        words, found = self._glossary.of(object_type), self._found.get((object_type, object_id))
        return words.title.format(*found) if found else words.label


_MOST_FOUND = 1000


def matching(conn: Connection[Any], words: Sequence[Word]) -> list[UUID]:
    """Objects that match all these words, or whose number is the only word; at most `_MOST_FOUND` of a kind."""
    values: dict[str, Any] = {"most": _MOST_FOUND}
    parts = []
    for found_by in dict.fromkeys(concept.found_by for concept in registry.GLOSSARY.concepts):
        match found_by:
            case ByWords(select=select, text=text):
                parts.append(f"{select} WHERE {holds(text, words, values)}")
            case ByNumber(select=select) if len(words) == 1:
                values["numbers"] = [number for form in words[0].forms if (number := number_of(form)) is not None]
                parts.append(select)
    query = " UNION ALL ".join(f"({part} LIMIT %(most)s)" for part in parts)
    return [row[0] for row in conn.execute(query, values, prepare=False).fetchall()]
