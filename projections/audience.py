"""Who is notified of changed rows of a read model: asked for every browser's socket (CAL-10, ACL-6)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from aggregates.access.rights import RIGHTS, Right

Option = Literal["own_schedule_only", "own_patients_only"]
"""Options of a rights set that restrict a user to their own visits or patients."""


@dataclass(frozen=True)
class OwnRows:
    """Which changed rows restricted users are notified of.

    option  the option that restricts the user.
    of      `(connection, ids, employees)` returns (employee, id) for each changed row that is an employee's own; the id is the
            first column of the key.
    """

    option: Option
    of: Callable[[Connection[Any], Collection[UUID], Collection[UUID]], set[tuple[UUID, UUID]]]


@dataclass(frozen=True)
class Audience:
    """Users with one of these rights, and those who may use a query that reads the model (`services/api/audiences.py`). Users
    restricted by `own.option` are notified of their own rows only.
    """

    any_of: frozenset[Right]
    own: OwnRows | None = None

    def __init__(self, *any_of: Right, own: OwnRows | None = None) -> None:
        if not any_of or not set(any_of) <= set(RIGHTS):
            raise TypeError(f"an audience names rights that there are, not {sorted(any_of)}")
        object.__setattr__(self, "any_of", frozenset(any_of))
        object.__setattr__(self, "own", own)


EVERYBODY = Audience(*RIGHTS)
