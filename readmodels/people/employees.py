"""Employees: the directory, and names for other read models."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from aggregates.files import StoredFile
from aggregates.people.staff_record import STAFF_FIELDS, StaffRecord
from readmodels.people_names import BY_NAME, FULL_NAME
from readmodels.references import Ref
from readmodels.search_text import matches, normal, readings
from readmodels.searchable import MOST, Asker, Hit, Searchable
from readmodels.table import Table


class EmployeeRow(StaffRecord, frozen=True, kw_only=True):
    """An employee's card. `deleted_at`: when they were deleted."""

    employee_id: UUID
    number: int
    family_name: str
    given_name: str
    patronymic: str
    position: str
    phone: str
    email: str
    takes_visits: bool
    color: str
    deleted: bool
    version: int
    photo: StoredFile | None = None
    deleted_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    name_key: str = ""
    """In the form of `person_name_key`."""


TABLE = Table("employees", EmployeeRow, key=("employee_id",))


class Access(msgspec.Struct, frozen=True):
    """«Разрешить доступ к системе»: e-mail and rights set; withdrawn if not `allowed`."""

    email: str
    rights_set: Ref
    allowed: bool
    second_factor: bool


class Employee(msgspec.Struct, frozen=True):
    """An employee for lists. `position`: its name."""

    id: UUID
    number: int
    family_name: str
    given_name: str
    patronymic: str
    name: str
    position: str
    phone: str
    email: str
    takes_visits: bool
    color: str
    deleted: bool
    version: int
    access: Access | None
    internal_number: str
    photo: StoredFile | None


class Card(StaffRecord, frozen=True, kw_only=True):
    """The fields of an employee's card that lists don't show. `written_position`: free text instead of a catalogue's position;
    `proposed_rights_set`: the position's own, unless it is deleted.
    """

    written_position: str
    warehouse: str
    proposed_rights_set: UUID | None


class EmployeeName(msgspec.Struct, frozen=True):
    """An employee's name and key facts, for other lists."""

    id: UUID
    name: str
    position: str
    color: str
    takes_visits: bool
    deleted: bool
    photo: StoredFile | None = None


POSITION = "coalesce(p.name, e.position)"
"""SQL: the position's name, of employees `e` joined with the catalogue `p`."""
EmployeeSort = Literal["name", "-name", "position", "-position", "number", "-number"]
_EMPLOYEE = f"""SELECT e.employee_id, e.number, e.family_name, e.given_name, e.patronymic, {FULL_NAME.format("e")},
    {POSITION}, e.phone, e.email, e.takes_visits, e.color, e.deleted, e.version, a.email, a.rights_set_id, s.name, a.allowed,
    a.second_factor, e.internal_number, e.photo
  FROM employees e LEFT JOIN catalogue p ON p.entry_id = e.position_id LEFT JOIN accesses a ON a.employee_id = e.employee_id
    LEFT JOIN rights_sets s ON s.rights_set_id = a.rights_set_id"""
_NAME = BY_NAME.format("e")


def listing(
    conn: Connection[Any],
    query: str = "",
    *,
    position_id: UUID | None = None,
    takes_visits: bool | None = None,
    deleted: bool = False,
    sort: EmployeeSort = "name",
    page: int = 1,
    size: int = 50,
) -> tuple[list[Employee], int]:
    """One page of the directory, and the total: filtered by any part of name, position, phone, e-mail or number, by position of
    the catalogue, and by whether they take visits; deleted ones only on request.
    """
    conditions, values = ["(%(deleted)s OR NOT e.deleted)"], dict[str, Any](deleted=deleted)
    for column, value in (("position_id", position_id), ("takes_visits", takes_visits)):
        if value is not None:
            conditions.append(f"e.{column} = %({column})s")
            values[column] = value
    where = " AND ".join(conditions)
    rows = conn.execute(f"{_EMPLOYEE} WHERE {where} ORDER BY {_NAME}, e.number", values).fetchall()
    employees = [_employee(row) for row in rows]
    if ways := readings(query):
        employees = [employee for employee in employees if any(matches(way, _searched(employee)) for way in ways)]
    if sort != "name":
        field = sort.removeprefix("-")
        if field != "name":
            employees.sort(key=lambda employee: employee.number if field == "number" else normal(employee.position))
        if sort.startswith("-"):
            employees.reverse()
    return employees[(page - 1) * size : page * size], len(employees)


def get(conn: Connection[Any], employee_id: UUID) -> Employee | None:
    """One employee, deleted or not."""
    row = conn.execute(f"{_EMPLOYEE} WHERE e.employee_id = %s", (employee_id,)).fetchone()
    return row and _employee(row)


def card(conn: Connection[Any], employee_id: UUID) -> Card | None:
    """The rest of one employee's card."""
    staff = ", ".join(f"e.{name}" for name in STAFF_FIELDS)
    query = f"""SELECT {staff}, e.position AS written_position, coalesce(w.name, '') AS warehouse,
        s.rights_set_id AS proposed_rights_set
      FROM employees e LEFT JOIN catalogue p ON p.entry_id = e.position_id
        LEFT JOIN rights_sets s ON s.rights_set_id = (p.card ->> 'rights_set')::uuid AND NOT s.deleted
        LEFT JOIN catalogue w ON w.entry_id = e.warehouse_id WHERE e.employee_id = %s"""
    return conn.cursor(row_factory=class_row(Card)).execute(query, (employee_id,)).fetchone()


def names(conn: Connection[Any], ids: Iterable[UUID] | None = None) -> dict[UUID, EmployeeName]:
    """Id → name, in alphabetical order; without `ids` all employees, deleted ones too."""
    query = f"""SELECT e.employee_id, {FULL_NAME.format("e")}, {POSITION}, e.color, e.takes_visits, e.deleted, e.photo
      FROM employees e LEFT JOIN catalogue p ON p.entry_id = e.position_id
      WHERE %(all)s OR e.employee_id = ANY(%(ids)s) ORDER BY {_NAME}, e.number"""
    rows = conn.execute(query, {"all": ids is None, "ids": list(ids or ())}).fetchall()
    return {row[0]: EmployeeName(*(*row[:6], _file(row[6]))) for row in rows}


def photo(conn: Connection[Any], employee_id: UUID) -> StoredFile | None:
    """The file of an employee's photo, or None."""
    row = conn.execute("SELECT photo FROM employees WHERE employee_id = %s", (employee_id,)).fetchone()
    return _file(row[0]) if row else None


def _file(stored: Any) -> StoredFile | None:
    return None if stored is None else msgspec.convert(stored, StoredFile)


def _employee(row: Sequence[Any]) -> Employee:
    email, rights_set_id, rights_set, *rest, internal_number, photo = row[13:]
    access = Access(email, Ref(rights_set_id, rights_set or ""), *rest) if email is not None else None
    return Employee(*(*row[:13], access, internal_number, _file(photo)))


def _searched(employee: Employee) -> str:
    digits = "".join(character for character in employee.phone if character.isdecimal())
    return normal(f"{employee.name} {employee.position} {digits} {employee.email} {employee.internal_number} №{employee.number}")


def _find(conn: Connection[Any], query: str, asker: Asker) -> Iterable[Hit]:
    del asker
    found, _ = listing(conn, query, size=MOST)
    return [Hit(person.id, person.name, person.position) for person in found]


SEARCHABLE = Searchable(
    "employee", "Сотрудники", right="employees", reads=("employees", "accesses", "rights_sets", "catalogue"), find=_find
)
