"""Rights sets with their holders."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.access.rights import effective_rights
from readmodels.people_names import FULL_NAME
from readmodels.references import Ref
from readmodels.table import Table


class RightsSetRow(msgspec.Struct, frozen=True):
    """A rights set as it is stored: keys of `aggregates/access/rights.py`."""

    rights_set_id: UUID
    name: str
    start_page: str
    rights: tuple[str, ...]
    own_schedule_only: bool
    opens_all_patients: bool
    deleted: bool
    version: int


TABLE = Table("rights_sets", RightsSetRow, key=("rights_set_id",))


class RightsSet(msgspec.Struct, frozen=True):
    """A set with its effective rights and its holders (ACL-2)."""

    id: UUID
    name: str
    start_page: str
    rights: tuple[str, ...]
    own_schedule_only: bool
    opens_all_patients: bool
    deleted: bool
    version: int
    employees: list[Ref]


_RIGHTS_SET = f"""SELECT s.rights_set_id, s.name, s.start_page, s.rights, s.own_schedule_only, s.opens_all_patients,
    s.deleted, s.version,
    coalesce((SELECT json_agg(json_build_object('id', e.employee_id, 'name', {FULL_NAME.format("e")})
        ORDER BY e.family_name, e.number)
      FROM accesses a JOIN employees e USING (employee_id)
      WHERE a.rights_set_id = s.rights_set_id AND a.allowed AND NOT e.deleted), '[]')::text
  FROM rights_sets s"""


def listing(conn: Connection[Any], *, deleted: bool = False) -> list[RightsSet]:
    """All sets by name; deleted ones only on request."""
    rows = conn.execute(f"{_RIGHTS_SET} WHERE %s OR NOT s.deleted ORDER BY s.name, s.rights_set_id", (deleted,)).fetchall()
    return [_rights_set(*row) for row in rows]


def choices(conn: Connection[Any]) -> list[Ref]:
    """The active sets by name."""
    query = "SELECT rights_set_id, name FROM rights_sets WHERE NOT deleted ORDER BY name, rights_set_id"
    return [Ref(*row) for row in conn.execute(query).fetchall()]


def get(conn: Connection[Any], rights_set_id: UUID) -> RightsSet | None:
    """One set, deleted or not."""
    row = conn.execute(f"{_RIGHTS_SET} WHERE s.rights_set_id = %s", (rights_set_id,)).fetchone()
    return row and _rights_set(*row)


def _rights_set(
    set_id: UUID, name: str, page: str, rights: list[str], own: bool, opens_all: bool, deleted: bool, version: int, holders: str
) -> RightsSet:
    return RightsSet(
        set_id, name, page, effective_rights(set_id, rights), own, opens_all, deleted, version, _DECODE_HOLDERS.decode(holders)
    )


_DECODE_HOLDERS = msgspec.json.Decoder(list[Ref])
