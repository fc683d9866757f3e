"""Who may use the system, with which set of rights."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from readmodels.table import Table


class AccessRow(msgspec.Struct, frozen=True):
    """An employee's access; withdrawn where not `allowed`."""

    access_id: UUID
    employee_id: UUID
    email: str
    rights_set_id: UUID
    allowed: bool
    second_factor: bool
    version: int


TABLE = Table("accesses", AccessRow, key=("access_id",), indexes=("(employee_id)",))


def of_employee(conn: Connection[Any], employee_id: UUID) -> AccessRow | None:
    """The employee's access, withdrawn or not."""
    query = """SELECT access_id, employee_id, email, rights_set_id, allowed, second_factor, version FROM accesses
      WHERE employee_id = %s ORDER BY allowed DESC LIMIT 1"""
    return conn.cursor(row_factory=class_row(AccessRow)).execute(query, (employee_id,)).fetchone()
