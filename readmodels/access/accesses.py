"""Who may use the system, with which set of rights."""

from uuid import UUID

import msgspec

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
