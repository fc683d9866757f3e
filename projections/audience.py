"""Who hears that rows of a read model changed: every browser's socket asks this of the projection (CAL-10, ACL-6)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from aggregates.access.rights import RIGHTS, Right

Option = Literal["own_schedule_only", "own_patients_only"]
"""What narrows a user's view: their set of rights shows only their own visits, or their own patients."""


@dataclass(frozen=True)
class OwnRows:
    """Which of the changed rows those hear of who see only their own.

    option  of the user's set of rights.
    of      `(connection, ids, employees)` gives (employee, id) for each changed row that is that employee's own; the id is the
            first column of the key.
    """

    option: Option
    of: Callable[[Connection[Any], Collection[UUID], Collection[UUID]], set[tuple[UUID, UUID]]]


@dataclass(frozen=True)
class Audience:
    """Users with one of these rights; those whose view is narrowed by `own.option` hear of their own rows alone."""

    any_of: frozenset[Right]
    own: OwnRows | None = None

    def __init__(self, *any_of: Right, own: OwnRows | None = None) -> None:
        if not any_of or not set(any_of) <= set(RIGHTS):
            raise TypeError(f"an audience names rights that there are, not {sorted(any_of)}")
        object.__setattr__(self, "any_of", frozenset(any_of))
        object.__setattr__(self, "own", own)


EVERYBODY = Audience(*RIGHTS)
