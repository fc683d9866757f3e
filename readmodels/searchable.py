"""What a concept declares to be found from anywhere (UI-4): how a query finds its objects, and who may open them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.access.rights import Right

MOST = 6
"""Of each concept: more than that is looked for in its list."""


class Asker(msgspec.Struct, frozen=True):
    """Whose visits and whose patients alone the user may see; None: everybody's."""

    only_doctor_id: UUID | None = None
    patients_of: UUID | None = None


class Hit(msgspec.Struct, frozen=True):
    """Something that can be opened; `detail` tells it from its namesakes."""

    id: UUID
    title: str
    detail: str


@dataclass(frozen=True)
class Searchable:
    """One concept in the search.

    kind   type of the objects: the topic of their aggregate.
    group  the heading over what is found: «Услуги».
    right  opens such objects; without it none is found.
    reads  read models that `find` reads.
    find   `(connection, query, asker)` gives what the query means, the best first, `MOST` at most.
    """

    kind: str
    group: str
    right: Right
    reads: tuple[str, ...]
    find: Callable[[Connection[Any], str, Asker], Iterable[Hit]]
