"""One search over all concepts that declare to be found (UI-4), of those that the asker may see."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from readmodels.clinic import services
from readmodels.people import employees, patients
from readmodels.scheduling import calendar
from readmodels.search_text import normal
from readmodels.searchable import Asker, Searchable

SEARCHABLE: tuple[Searchable, ...] = (
    patients.SEARCHABLE,
    calendar.SEARCHABLE,
    employees.SEARCHABLE,
    services.SEARCHABLE,
)
"""One line a concept, in the order in which they are shown."""


class Found(msgspec.Struct, frozen=True):
    """What was found. `kind`: the type of object; `group`: what such objects are called together."""

    kind: str
    group: str
    id: UUID
    title: str
    detail: str


def search(conn: Connection[Any], query: str, rights: Collection[str], asker: Asker) -> list[Found]:
    """What a query means to somebody with these rights, concept by concept; nothing for an empty one."""
    if not normal(query):
        return []
    return [
        Found(one.kind, one.group, hit.id, hit.title, hit.detail)
        for one in SEARCHABLE
        if one.right in rights
        for hit in one.find(conn, query, asker)
    ]
