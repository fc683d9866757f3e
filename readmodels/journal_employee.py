"""Changes of employees' cards as the journal tells them."""

from collections.abc import Iterable
from uuid import UUID

from aggregates.people.employee import Employee
from readmodels import journal_values
from readmodels.journal_values import EMPLOYEE_FIELDS, Change, filled


def hired(event: Employee.Hired) -> list[Change]:
    card = {name: getattr(event, name) for name in ("position", "phone", "email", "takes_visits", "color")}
    known = {name: value for name, value in event.record.fields().items() if value is not False}
    card = {**event.name.fields(), **card, **known}
    return [Change("Номер", None, str(event.number)), *filled(EMPLOYEE_FIELDS, card.items())]


def changed(event: Employee.CardChanged) -> list[Change]:
    """A position that takes the place of one written as a text is told as one change."""
    changes = journal_values.changed(EMPLOYEE_FIELDS, event.changes)
    places = {change.field: place for place, change in enumerate(event.changes)}
    if {"position", "position_id"} <= places.keys():
        written, chosen = changes[places["position"]], changes[places["position_id"]]
        changes[places["position"]] = Change(chosen.label, written.old or chosen.old, chosen.new or written.new)
        del changes[places["position_id"]]
    return changes


def concerned(event: Employee.Hired) -> Iterable[UUID | None]:
    """Other objects that a new employee's card refers to."""
    return (event.record.position_id, event.record.warehouse_id)
