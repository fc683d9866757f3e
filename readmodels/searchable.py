"""What a searchable concept declares (UI-4): how a query finds its objects, and who may open them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.access.rights import Right

MOST = 6
"""Most results per concept."""


class Asker(msgspec.Struct, frozen=True):
    """The only doctor whose visits and patients the user may see (None: all), and whether patients' cards are open at all."""

    only_doctor_id: UUID | None = None
    patients_of: UUID | None = None
    opens_patient_cards: bool = False


class Hit(msgspec.Struct, frozen=True):
    """A result; `detail` distinguishes it from others with the same title."""

    id: UUID
    title: str
    detail: str


@dataclass(frozen=True)
class Searchable:
    """One concept in the search.

    kind   type of the objects: the topic of their aggregate.
    group  the heading of the results: «Услуги».
    right  needed to find and open such objects.
    reads  read models that `find` reads.
    find   `(connection, query, asker)` returns the matches, best first, at most `MOST`.
    """

    kind: str
    group: str
    right: Right
    reads: tuple[str, ...]
    find: Callable[[Connection[Any], str, Asker], Iterable[Hit]]
