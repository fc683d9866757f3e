"""Employees: catalogue, cards, deletion and return."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from msgspec.structs import asdict

from aggregates.people.employee import EMPLOYEE_FIELDS
from aggregates.people.staff_record import CODES
from commands.people import employee as commands
from readmodels import dictionaries as dictionaries_read
from readmodels.people import employees as employees_read
from services.api.fields import changed_with, created_with, shows
from services.api.http.call import Call
from services.api.http.heavy_work import PICTURES
from services.api.http.problems import NoSuchObject
from services.api.http.routes import Right, Routes
from services.api.in_the_way import InTheWay, in_the_way
from services.api.people import photo as photos
from services.api.schemas import Done, Page, Ref, Search, Shape

routes = Routes("employees")
EMPLOYEES = Right("employees")
READS = ("employees", "accesses", "rights_sets", "catalogue")


class Access(Shape):
    """«Разрешить доступ к системе»."""

    email: str
    rights_set: Ref
    allowed: bool
    second_factor: bool


class EmployeeItem(Shape):
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
    photo: photos.File | None


@shows(EMPLOYEE_FIELDS.values())
class EmployeeCard(EmployeeItem):
    """All that the card tells. `written_position`: where none of the catalogue is chosen; `proposed_rights_set`: the position's
    own (ACL-3); `position_code_name`, `speciality_code_name`: what the codes mean by the federal dictionaries, "" where they
    aren't loaded.
    """

    written_position: str
    position_code_name: str
    speciality_code_name: str
    warehouse: str
    proposed_rights_set: UUID | None


class EmployeeList(Shape):
    items: list[EmployeeItem]
    total: int


@created_with(EMPLOYEE_FIELDS.values())
class NewEmployee(Shape):
    """At least one part of the name is needed."""


@changed_with(EMPLOYEE_FIELDS.values())
class EmployeeChange(Shape):
    """What to change; what is left out stays."""


class EmployeesQuery(Page):
    """`position_id`: of the catalogue; a position that is only written in the card is found by `q`."""

    q: Search = ""
    position_id: UUID | None = None
    takes_visits: bool | None = None
    deleted: bool = False
    sort: Literal["name", "-name", "number", "-number", "position", "-position"] = "name"


class Hired(Done):
    number: int


@routes.get("/employees", EMPLOYEES, answer=EmployeeList, reads=READS)
def employees(call: Call, query: Annotated[EmployeesQuery, Query()]) -> Any:
    """The catalogue of employees; deleted ones where asked."""
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


@routes.post("/employees", EMPLOYEES, answer=Hired, status=201, refusals=(404, 409))
def hire(call: Call, body: NewEmployee) -> Any:
    """Create an employee; their hours follow the organisation's."""
    receipt = commands.hire(call.clinic, call.context("hire"), body.model_dump())
    return call.done(receipt, number=receipt.facts["number"])


@routes.get("/employees/{employee_id}", EMPLOYEES, answer=EmployeeCard, reads=READS)
def employee(call: Call, employee_id: UUID) -> Any:
    """One employee's card."""
    with call.reading() as conn:
        found, card = employees_read.get(conn, employee_id), employees_read.card(conn, employee_id)
        if found is None or card is None:
            raise NoSuchObject(kind="employee", id=employee_id)
        codes = {f"{field}_name": dictionaries_read.name_of(conn, oid, getattr(card, field)) for field, oid in CODES.items()}
    return call.versioned({**asdict(card), **codes, **asdict(found)}, found.version)


@routes.patch("/employees/{employee_id}", EMPLOYEES, answer=Done, refusals=(409,), versioned=True)
def change(call: Call, employee_id: UUID, body: EmployeeChange) -> Any:
    """Change an employee's card; who has live visits goes on taking visits."""
    fields = body.model_dump(exclude_unset=True)
    return call.done(
        commands.change_card(call.clinic, call.context("change_employee"), employee_id, fields, expected=call.expected)
    )


@routes.put(
    "/employees/{employee_id}/photo",
    EMPLOYEES,
    answer=Done,
    refusals=(409,),
    versioned=True,
    upload=photos.MOST_BYTES,
    heavy=PICTURES,
)
def set_photo(call: Call, employee_id: UUID) -> Any:
    """Give an employee a photo: JPEG, PNG or WebP; drawn anew, without what else the file holds."""
    photo = photos.kept(call, photos.STAFF_SIDE)
    return call.done(commands.change_photo(call.clinic, call.context("change_photo"), employee_id, photo, expected=call.expected))


@routes.delete("/employees/{employee_id}/photo", EMPLOYEES, answer=Done, refusals=(409,), versioned=True)
def remove_photo(call: Call, employee_id: UUID) -> Any:
    """Take an employee's photo off the card."""
    return call.done(commands.change_photo(call.clinic, call.context("remove_photo"), employee_id, None, expected=call.expected))


@routes.get(
    "/employees/{employee_id}/photo", Right("employees", "calendar"), answer=bytes, media=photos.MEDIA, reads=("employees",)
)
def photo(call: Call, employee_id: UUID, query: Annotated[photos.PhotoQuery, Query()]) -> Any:
    """An employee's photo: the calendar shows it too."""
    with call.reading() as conn:
        found = employees_read.photo(conn, employee_id)
    return photos.shown(call, found, query, kind="photo", id=employee_id)


@routes.post("/employees/{employee_id}/delete", EMPLOYEES, answer=Done, refusals=(409,), versioned=True)
def delete(call: Call, employee_id: UUID) -> Any:
    """Mark an employee as deleted; refused while live visits stand."""
    return call.done(commands.delete_employee(call.clinic, call.context("delete_employee"), employee_id, expected=call.expected))


@routes.get("/employees/{employee_id}/in-the-way", EMPLOYEES, answer=InTheWay, reads=("employees", "patients"))
def visits_in_the_way(call: Call, employee_id: UUID) -> Any:
    """Coming visits that keep the employee from being deleted, or from taking visits no more, now."""
    return in_the_way(call, commands.visits_in_the_way(call.clinic, call.context("delete_employee"), employee_id))


@routes.post("/employees/{employee_id}/return", EMPLOYEES, answer=Done, refusals=(409,), versioned=True)
def bring_back(call: Call, employee_id: UUID) -> Any:
    """Bring a deleted employee back."""
    return call.done(commands.return_employee(call.clinic, call.context("return_employee"), employee_id, expected=call.expected))
