"""Employees: catalogue, cards, deletion and return."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from msgspec.structs import asdict

from aggregates.employees_named import NamedEmployee
from aggregates.people.employee import EMPLOYEE_FIELDS
from aggregates.people.staff_record import CODES
from commands.people import employee as commands
from readmodels import dictionaries as dictionaries_read
from readmodels.people import employees as employees_read
from services.api.deletion import conflicts_route, delete_route, return_route
from services.api.fields import changed_with, created_with
from services.api.http.call import Call
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.mirrors import mirrors
from services.api.names import Names
from services.api.people.photo import PhotoOf, photo_routes
from services.api.refusal_names import NamedFact
from services.api.schemas import Done, Page, Schema, Search

routes = Routes("employees")
EMPLOYEES = NeedsRight("employees")
EMPLOYEE = "/employees/{employee_id}"
READS = ("employees", "accesses", "rights_sets", "catalogue")


def _named(names: Names, employee: NamedEmployee) -> dict[str, Any]:
    return names.employee(employee.id)


IN_REFUSALS = NamedFact(NamedEmployee, _named)


@mirrors(employees_read.Employee)
class EmployeeItem(Schema):
    pass


@mirrors(employees_read.Card)
class EmployeeCard(EmployeeItem):
    """The whole card. `written_position`: text of a position that isn't from the catalogue; `proposed_rights_set`: the position's
    default (ACL-3); `position_code_name`, `speciality_code_name`: the codes' names in the federal dictionaries, "" if these
    aren't loaded.
    """

    position_code_name: str
    speciality_code_name: str


class EmployeeList(Schema):
    items: list[EmployeeItem]
    total: int


@created_with(EMPLOYEE_FIELDS.values())
class NewEmployee(Schema):
    """At least one part of the name is required."""


@changed_with(EMPLOYEE_FIELDS.values())
class EmployeeChange(Schema):
    """What to change; what is left out stays."""


class EmployeesQuery(Page):
    """`position_id`: of the catalogue; a position that is only a text in the card is found by `q`."""

    q: Search = ""
    position_id: UUID | None = None
    takes_visits: bool | None = None
    deleted: bool = False
    sort: Literal["name", "-name", "number", "-number", "position", "-position"] = "name"


class EmployeeHired(Done):
    number: int


@routes.get("/employees", EMPLOYEES, answer=EmployeeList, reads=READS)
def employees(call: Call, query: Annotated[EmployeesQuery, Query()]) -> Any:
    """The list of employees; deleted ones if requested and shown by the settings."""
    with call.reading() as conn:
        items, total = employees_read.listing(
            conn,
            query.q,
            position_id=query.position_id,
            takes_visits=query.takes_visits,
            deleted=call.shows_deleted(query.deleted),
            sort=query.sort,
            page=query.page,
            size=query.size,
        )
    return call.answer({"items": items, "total": total})


@routes.post("/employees", EMPLOYEES, answer=EmployeeHired, status=201, refusals=(404, 409))
def hire(call: Call, body: NewEmployee) -> Any:
    """Create an employee; their hours follow the organisation's."""
    receipt = commands.hire(call.clinic, call.context("hire"), body.model_dump())
    return call.done(receipt, number=receipt.facts["number"])


@routes.get(EMPLOYEE, EMPLOYEES, answer=EmployeeCard, reads=READS)
def employee(call: Call, employee_id: UUID) -> Any:
    """One employee's card."""
    with call.reading() as conn:
        found, card = employees_read.get(conn, employee_id), employees_read.card(conn, employee_id)
        if found is None or card is None:
            raise NoSuchObject(kind="employee", id=employee_id)
        codes = {f"{field}_name": dictionaries_read.name_of(conn, oid, getattr(card, field)) for field, oid in CODES.items()}
    return call.versioned({**asdict(card), **codes, **asdict(found)}, found.version)


@routes.patch(EMPLOYEE, EMPLOYEES, answer=Done, versioned=True)
def change(call: Call, employee_id: UUID, body: EmployeeChange) -> Any:
    """Change an employee's card; an employee with live visits must go on taking visits."""
    fields = body.model_dump(exclude_unset=True)
    return call.done(
        commands.change_card(call.clinic, call.context("change_employee"), employee_id, fields, expected=call.expected)
    )


photo_routes(
    routes,
    EMPLOYEE,
    EMPLOYEES,
    PhotoOf("an employee", commands.change_photo, employees_read.photo, longest_side=320, reads="employees"),
    shown_to=NeedsRight("employees", "calendar"),
    shown="An employee's photo: the calendar shows it too.",
)
delete_route(
    routes,
    EMPLOYEE,
    EMPLOYEES,
    "employee",
    commands.delete_employee,
    "Mark an employee as deleted; refused while live visits stand.",
)
conflicts_route(
    routes,
    EMPLOYEE,
    EMPLOYEES,
    "employee",
    commands.deletion_conflicts,
    "Coming visits that keep the employee from being deleted, or from taking visits no more, now.",
)
return_route(routes, EMPLOYEE, EMPLOYEES, "employee", commands.return_employee, "Bring a deleted employee back.")
