"""Visits for the calendar and lists. The most used fold: a rebuild runs a million visits through it."""

from decimal import Decimal

from msgspec.structs import replace

from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Line
from projections.audience import Audience, OwnRows
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import existing, sets
from readmodels.scheduling.calendar import TABLE, VisitRow
from readmodels.scheduling.visit_doctors import ever_theirs

_NOTHING = Decimal("0.00")


def _total(lines: tuple[Line, ...]) -> Decimal:
    return sum((line.amount for line in lines), _NOTHING)


def _booked(_: VisitRow | None, event: Visit.Booked) -> VisitRow:
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


def _moved(row: VisitRow, event: Visit.Moved) -> VisitRow:
    new = event.new
    return replace(row, doctor_id=new.doctor_id, starts_at=new.starts_at, ends_at=new.ends_at, version=event.originator_version)


def _described(row: VisitRow, event: Visit.Described) -> VisitRow:
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


CALENDAR = Projection(
    "calendar",
    TABLE,
    revision=1,
    audience=Audience("calendar", "visits", own=OwnRows("own_schedule_only", ever_theirs)),
    handlers={
        Visit.Booked: Own(_booked),
        Visit.Moved: Own(existing(_moved)),
        Visit.Described: Own(existing(_described)),
        **sets(Visit.StatusChanged, lambda event: {"status": event.new}),
        **deletable(Visit),
    },
    one_stream=True,
)
