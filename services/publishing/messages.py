"""Messages about events for other programs: public contracts, each with a name and a version, separate from stored events.

Every event becomes a message, so that readers can tell by the positions that none is missing. This file declares a message's
content for each kind of event; an event without a declaration is published as a notice without content. So a new event or field
never publishes anybody's data by accident (ADR 20).

A contract changes only by additional fields; any other change is a new version, published beside the old one while it is read.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES
from aggregates.clinic.service import Service
from aggregates.kernel import Event
from aggregates.people.employee import Employee
from aggregates.people.patient import PatientCard
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Line
from commands.ports.message_log import Message
from projections.declaration import Envelope

UNIX_MICROS = 946_684_800_000_000
"""2000-01-01, from which the log counts, in microseconds since 1970."""
FREE_TEXT = frozenset({"lines", "phone", "email"})
"""Types of fields that may contain something about people nevertheless."""
HOURS = ("organisation", "weeks", "days")
BOOKED = ("number", "patient_id", "doctor_id", "starts_at", "ends_at", "room")
SERVICE = ("name", "category_id", "price", "duration", "unit_id", "online", "doctors", "norms")


class Public(NamedTuple):
    """The contract of one kind of event: its fields, taken from the event or made by the function."""

    version: int
    fields: tuple[str, ...] = ()
    made: Callable[[Any], Mapping[str, Any] | None] | None = None

    def data(self, event: Event) -> Mapping[str, Any] | None:
        return self.made(event) if self.made else {name: getattr(event, name) for name in self.fields}


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A message's value, as JSON. `version` 0: the event's content isn't public, `data` is null."""

    name: str
    """The contract's name, e.g. visit.booked."""
    version: int
    position: int
    aggregate: str
    aggregate_id: UUID
    aggregate_version: int
    recorded_at: str
    """Of the log, in UTC."""
    data: Any


def _lines(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [{"service_id": line.service_id, "price": line.price, "quantity": line.quantity} for line in lines]


def _booked(event: Visit.Booked) -> dict[str, Any]:
    """Without the comment, which is free text, and the accepted warnings."""
    return {name: getattr(event, name) for name in BOOKED} | {"lines": _lines(event.lines)}


def _described(event: Visit.Described) -> dict[str, Any]:
    changes = event.changes
    return {
        "patient_id": changes.patient and changes.patient.new,
        "room": changes.room and changes.room.new,
        "lines": changes.lines and _lines(changes.lines.new),
    }


def _hours(event: Schedule.HoursSaved | Schedule.Restored) -> dict[str, Any]:
    """The new hours, null if none are set. Of a day off only that there are no hours: the reason is private."""
    changes = event.changes
    return {
        "organisation": changes.organisation and changes.organisation.new,
        "weeks": [{"employee_id": week.employee_id, "hours": week.new} for week in changes.weeks],
        "days": [
            {"employee_id": day.employee_id, "date": day.date, "hours": None if day.new is None else day.new.intervals}
            for day in changes.days
        ],
    }


def _changes(fields: Collection[str]) -> Callable[[Any], dict[str, Any]]:
    """Changes of these fields only: a later field isn't public by default."""
    return lambda event: {"changes": [change for change in event.changes if change.field in fields]}


def _card(fields: Collection[str]) -> Callable[[Any], dict[str, Any]]:
    return lambda event: {"card": {name: value for name, value in event.card.items() if name in fields}}


def _of_catalogue(kind: type[CatalogueEntry]) -> dict[type[Event], Public]:
    fields = frozenset(name for name, field in kind.FIELDS.items() if field.type not in FREE_TEXT)
    return {
        kind.Created: Public(1, ("card",), _card(fields)),
        kind.Changed: Public(1, ("changes",), _changes(fields)),
        kind.Deleted: Public(1),
        kind.Returned: Public(1),
    }


PUBLIC: Mapping[type[Event], Public] = {
    Visit.Booked: Public(1, (*BOOKED, "lines"), _booked),
    Visit.Moved: Public(1, ("old", "new")),
    Visit.Described: Public(1, ("patient_id", "room", "lines"), _described),
    Visit.StatusChanged: Public(1, ("old", "new")),
    Visit.Deleted: Public(1),
    Visit.Returned: Public(1),
    Schedule.Opened: Public(1, ("organisation",)),
    Schedule.EmployeeAdded: Public(1, ("employee_id",)),
    Schedule.EmployeeRemoved: Public(1, ("employee_id",)),
    Schedule.EmployeeReturned: Public(1, ("employee_id",)),
    Schedule.HoursSaved: Public(1, HOURS, _hours),
    Schedule.Restored: Public(1, HOURS, _hours),
    Service.Created: Public(1, SERVICE),
    Service.Changed: Public(1, ("changes",), _changes(SERVICE)),
    Service.DoctorsChanged: Public(1, ("old", "new")),
    Service.NormsChanged: Public(1, ("old", "new")),
    Service.Deleted: Public(1),
    Service.Returned: Public(1),
    # Of people only their existence and ids; a reader with the right to more asks the API.
    Employee.Hired: Public(1, ("number", "takes_visits", "color")),
    Employee.Deleted: Public(1),
    Employee.Returned: Public(1),
    PatientCard.Created: Public(1),
    PatientCard.Deleted: Public(1),
    PatientCard.Returned: Public(1),
    PatientCard.Absorbed: Public(1, ("patient_id",)),
    PatientCard.MergedInto: Public(1, ("into",)),
    PatientCard.Released: Public(1, ("patient_id",)),
    PatientCard.Separated: Public(1),
    **{event_class: contract for kind in CATALOGUES if kind.PUBLISHED for event_class, contract in _of_catalogue(kind).items()},
}
NOTICE = Public(0, made=lambda _: None)
_encode = msgspec.json.Encoder().encode


def message_of(event: Event, envelope: Envelope) -> Message:
    """The message of an event, keyed by its aggregate."""
    contract = PUBLIC.get(type(event), NOTICE)
    name = type(event).TOPIC.rpartition(".")[0]
    stream = str(envelope.originator_id)
    body = Body(
        name=name,
        version=contract.version,
        position=envelope.position,
        aggregate=name.partition(".")[0],
        aggregate_id=envelope.originator_id,
        aggregate_version=envelope.version,
        recorded_at=envelope.recorded_at.isoformat(),
        data=contract.data(event),
    )
    headers = [
        ("position", b"%d" % envelope.position),
        ("topic", envelope.topic.encode()),
        ("aggregate", stream.encode()),
        ("version", b"%d" % envelope.version),
        ("contract", f"{name}/{contract.version}".encode()),
    ]
    moment = (envelope.recorded_micros + UNIX_MICROS) // 1000
    return Message(envelope.position, stream.encode(), _encode(body), headers, moment)
