"""Visits as the calendar and the lists show them. The hottest fold of all: a million visits are rebuilt through it."""

from decimal import Decimal
from uuid import UUID

from msgspec.structs import replace

from aggregates.scheduling.visit import Line, Visit
from projections.audience import Audience, OwnRows
from projections.declaration import Envelope, Handler, Projection, own_key
from projections.existing import existing
from readmodels.scheduling.calendar import TABLE, VisitRow
from readmodels.scheduling.visit_doctors import ever_theirs

_NOTHING = Decimal("0.00")


def _total(lines: tuple[Line, ...]) -> Decimal:
    return sum((line.amount for line in lines), _NOTHING)


def _booked(row: VisitRow | None, key: UUID, event: Visit.Booked, envelope: Envelope) -> VisitRow:  # noqa: ARG001
    return VisitRow(
        visit_id=event.originator_id,
        number=event.number,
        patient_id=event.patient_id,
        doctor_id=event.doctor_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        status="planned",
        lines=event.lines,
        total=_total(event.lines),
        room=event.room,
        comment=event.comment,
        deleted=False,
        version=event.originator_version,
        booked_on=event.timestamp,
    )


def _moved(row: VisitRow, key: UUID, event: Visit.Moved, envelope: Envelope) -> VisitRow:  # noqa: ARG001
    new = event.new
    return replace(row, doctor_id=new.doctor_id, starts_at=new.starts_at, ends_at=new.ends_at, version=event.originator_version)


def _described(row: VisitRow, key: UUID, event: Visit.Described, envelope: Envelope) -> VisitRow:  # noqa: ARG001
    changes = event.changes
    return replace(
        row,
        patient_id=changes.patient.new if changes.patient else row.patient_id,
        lines=changes.lines.new if changes.lines else row.lines,
        total=_total(changes.lines.new) if changes.lines else row.total,
        room=changes.room.new if changes.room else row.room,
        comment=changes.comment.new if changes.comment else row.comment,
        version=event.originator_version,
    )


def _status(row: VisitRow, key: UUID, event: Visit.StatusChanged, envelope: Envelope) -> VisitRow:  # noqa: ARG001
    return replace(row, status=event.new, version=event.originator_version)


def _deleted(row: VisitRow, key: UUID, event: Visit.Deleted, envelope: Envelope) -> VisitRow:  # noqa: ARG001
    return replace(row, deleted=True, version=event.originator_version)


def _returned(row: VisitRow, key: UUID, event: Visit.Returned, envelope: Envelope) -> VisitRow:  # noqa: ARG001
    return replace(row, deleted=False, version=event.originator_version)


CALENDAR = Projection(
    "calendar",
    TABLE,
    revision=1,
    audience=Audience("calendar", "visits", own=OwnRows("own_schedule_only", ever_theirs)),
    handlers={
        Visit.Booked: Handler(own_key, _booked),
        Visit.Moved: Handler(own_key, existing(_moved)),
        Visit.Described: Handler(own_key, existing(_described)),
        Visit.StatusChanged: Handler(own_key, existing(_status)),
        Visit.Deleted: Handler(own_key, existing(_deleted)),
        Visit.Returned: Handler(own_key, existing(_returned)),
    },
    one_stream=True,
    event_alone=True,
)
