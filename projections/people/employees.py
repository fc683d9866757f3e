"""The directory of employees."""

from uuid import UUID

from msgspec.structs import asdict, replace

from aggregates.likeness import name_key
from aggregates.people.employee import Employee
from aggregates.people.person import PersonName
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection, own_key
from projections.existing import existing
from readmodels.people.employees import TABLE, EmployeeRow

_REFERENCES = frozenset({"position_id", "warehouse_id"})


def _hired(row: EmployeeRow | None, key: UUID, event: Employee.Hired, envelope: Envelope) -> EmployeeRow:  # noqa: ARG001
    return EmployeeRow(
        employee_id=key,
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
        name_key=name_key(event.name.full),
        **asdict(event.record),
    )


def _changed(row: EmployeeRow, key: UUID, event: Employee.CardChanged, envelope: Envelope) -> EmployeeRow:  # noqa: ARG001
    fields = {
        change.field: UUID(str(change.new)) if change.field in _REFERENCES and change.new else change.new
        for change in event.changes
    }
    card = replace(row, version=event.originator_version, **fields)
    return replace(card, name_key=name_key(PersonName(card.family_name, card.given_name, card.patronymic).full))


def _photo(row: EmployeeRow, key: UUID, event: Employee.PhotoChanged, envelope: Envelope) -> EmployeeRow:  # noqa: ARG001
    return replace(row, photo=event.new, version=event.originator_version)


def _deleted(row: EmployeeRow, key: UUID, event: Employee.Deleted, envelope: Envelope) -> EmployeeRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=True)


def _returned(row: EmployeeRow, key: UUID, event: Employee.Returned, envelope: Envelope) -> EmployeeRow:  # noqa: ARG001
    return replace(row, version=event.originator_version, deleted=False)


EMPLOYEES = Projection(
    "employees",
    TABLE,
    revision=6,
    audience=Audience("calendar", "employees", "hours", "journal"),
    handlers={
        Employee.Hired: Handler(own_key, _hired),
        Employee.CardChanged: Handler(own_key, existing(_changed)),
        Employee.PhotoChanged: Handler(own_key, existing(_photo)),
        Employee.Deleted: Handler(own_key, existing(_deleted)),
        Employee.Returned: Handler(own_key, existing(_returned)),
    },
    one_stream=True,
)
