"""Users of the system with their rights sets."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from readmodels.people_names import BY_NAME, FULL_NAME
from readmodels.references import Ref
from readmodels.table import Table


class UserAccessRow(msgspec.Struct, frozen=True):
    """An employee's access; withdrawn if not `allowed`."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    allowed: bool
    second_factor: bool
    version: int


TABLE = Table("accesses", UserAccessRow, key=("access_id",), indexes=("(employee_id)",))


def users(conn: Connection[Any]) -> list[Ref]:
    """Everybody who has or had access, by name."""
    query = f"""SELECT a.access_id AS id, {FULL_NAME.format("e")} AS name FROM accesses a
      JOIN employees e ON e.employee_id = a.employee_id ORDER BY {BY_NAME.format("e")}, e.number"""
    return conn.cursor(row_factory=class_row(Ref)).execute(query).fetchall()
