"""The directory of employees."""

from msgspec.structs import asdict, replace

from aggregates.normalization import person_name_key
from aggregates.people.employee import Employee
from aggregates.people.person import PersonName
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.existing import changed, existing, reference, sets
from projections.people.photo import with_photo
from readmodels.people.employees import TABLE, EmployeeRow


def _hired(_: EmployeeRow | None, event: Employee.Hired) -> EmployeeRow:
    return EmployeeRow(
        employee_id=event.originator_id,
        number=event.number,
        family_name=event.name.family_name,
        given_name=event.name.given_name,
        patronymic=event.name.patronymic,
        position=event.position,
        phone=event.phone,
        email=event.email,
        takes_visits=event.takes_visits,
        color=event.color,
        deleted=False,
        version=event.originator_version,
        name_key=person_name_key(event.name.full),
        **asdict(event.record),
    )


def _changed(row: EmployeeRow, event: Employee.CardChanged) -> EmployeeRow:
    fields = changed(event.changes, position_id=reference, warehouse_id=reference)
    card = replace(row, version=event.originator_version, **fields)
    return replace(card, name_key=person_name_key(PersonName(card.family_name, card.given_name, card.patronymic).full))


EMPLOYEES = Projection(
    "employees",
    TABLE,
    revision=8,
    audience=Audience("calendar", "employees", "hours", "journal"),
    handlers={
        Employee.Hired: Own(_hired),
        Employee.CardChanged: Own(existing(_changed)),
        **with_photo(Employee),
        **sets(Employee.Deleted, lambda event: {"deleted": True, "deleted_at": event.timestamp}),
        **sets(Employee.Returned, lambda _: {"deleted": False, "deleted_at": None}),
    },
    one_stream=True,
)
