"""Words of employees."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.catalogues import Position
from aggregates.people.employee import EMPLOYEE_FIELDS, Employee
from readmodels.words.accessed import DELETED, QUERY, AccessedList, Filter, yes_no
from readmodels.words.declaration import ByWords, Text, Words
from readmodels.words.person import EMPLOYEE_NAME, EMPLOYEE_TEXT
from readmodels.words.values import (
    YES_NO,
    Change,
    Described,
    Named,
    changed_fields,
    changed_file,
    described_fields,
    filled_fields,
    format_file,
)


def employee(employee_id: UUID | None) -> Named | None:
    """An employee in a value of any concept."""
    return None if employee_id is None else Named(Employee.TOPIC, employee_id)


def _hired(event: Employee.Hired) -> list[Change]:
    card = {name: getattr(event, name) for name in ("position", "phone", "email", "takes_visits", "color")}
    known = {name: value for name, value in event.record.fields().items() if value is not False}
    card = {**event.name.fields(), **card, **known}
    return [Change("Номер", None, str(event.number)), *filled_fields(EMPLOYEE_FIELDS, card.items())]


def _hired_refs(event: Employee.Hired) -> Iterable[UUID | None]:
    return (event.record.position_id, event.record.warehouse_id)


def _changed(event: Employee.CardChanged) -> list[Change]:
    """Replacing a free-text position by a chosen one is shown as one change."""
    changes = changed_fields(EMPLOYEE_FIELDS, event.changes)
    places = {change.field: place for place, change in enumerate(event.changes)}
    if {"position", "position_id"} <= places.keys():
        written, chosen = changes[places["position"]], changes[places["position_id"]]
        changes[places["position"]] = Change(chosen.label, written.old or chosen.old, chosen.new or written.new)
        del changes[places["position_id"]]
    return changes


def _state(person: Employee) -> Described:
    yield "Номер", str(person.number)
    omitted = "position" if person.record.position_id else "position_id"
    yield from described_fields({name: field for name, field in EMPLOYEE_FIELDS.items() if name != omitted}, person.card())
    if person.photo is not None:
        yield "Фотография", format_file(person.photo)
    yield "Удалён", YES_NO[person.deleted]


EMPLOYEE = Words(
    kind=Employee,
    label="Сотрудник",
    title="Сотрудник {0}",
    names=f"SELECT t.employee_id, {EMPLOYEE_NAME} FROM employees t WHERE t.employee_id = ANY(%s)",
    found_by=ByWords("SELECT employee_id FROM employees t", EMPLOYEE_TEXT),
    numbered="SELECT employee_id FROM employees WHERE number::text = %s",
    actions={
        "hired": "Приём сотрудника",
        "employee_changed": "Изменение карточки сотрудника",
        "employee_photo": "Фотография сотрудника",
        "employee_deleted": "Удаление сотрудника",
        "employee_returned": "Возврат сотрудника",
    },
    events={
        Employee.Hired: Text("hired", "принят на работу", _hired, _hired_refs),
        Employee.CardChanged: Text("employee_changed", "изменён", _changed),
        Employee.PhotoChanged: Text(
            "employee_photo", ": изменена фотография", lambda e: changed_file("Фотография", e.old, e.new)
        ),
        Employee.Deleted: Text("employee_deleted", "удалён"),
        Employee.Returned: Text("employee_returned", "возвращён"),
    },
    state=_state,
)

EMPLOYEES_ACCESSED = AccessedList(
    type=Employee.TOPIC,
    label="Сотрудники",
    path="/employees",
    rights=("employees",),
    filters={
        **QUERY,
        "position_id": Filter("должность", refers=Position.TOPIC),
        "takes_visits": Filter("ведут приём", shown=yes_no),
        **DELETED,
    },
)
