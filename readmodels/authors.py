"""Who wrote what: documents of money and visits, each with the employee who created it, and visits with those who completed them.

Nothing else of an event's author is a fact of the clinic's work; all of it is in the journal.
"""

from typing import Literal
from uuid import UUID

import msgspec

from readmodels.people_names import FULL_NAME
from readmodels.table import Table

Act = Literal["created", "completed"]


class AuthorRow(msgspec.Struct, frozen=True):
    """An act. A visit that was reopened may be completed by several: the last one counts. `employee_id`: None of the program."""

    position: int
    object_id: UUID
    act: Act
    employee_id: UUID | None


TABLE = Table("authors", AuthorRow, key=("position",), indexes=("(object_id, act, position)", "(employee_id, act)"))

NOT_REPEATED = """NOT EXISTS (SELECT FROM authors later
  WHERE later.object_id = a.object_id AND later.act = a.act AND later.position > a.position)"""
"""Condition on `authors a`: nobody did it again later."""


def of_document(document: str) -> str:
    """SQL: a join of the author `w` of a document, by the column of its id."""
    return f"""LEFT JOIN authors w ON w.object_id = {document} AND w.act = 'created'
  LEFT JOIN employees we ON we.employee_id = w.employee_id"""


NAME = f"""coalesce({FULL_NAME.format("we")}, '')"""
"""SQL: the name of the author that `of_document` joins; "" of the program's own."""
