"""Visits for the calendar and lists. The most used fold: a rebuild runs a million visits through it."""

from msgspec.structs import replace

from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import total_of
from projections.audience import Audience, OwnRows
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.existing import existing, sets
from readmodels.scheduling.calendar import TABLE, VisitRow
from readmodels.scheduling.visit_doctors import ever_theirs


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
        discount=event.discount,
        total=total_of(event.lines, (), event.discount),
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
    lines = changes.lines.new if changes.lines else row.lines
    goods = changes.goods.new if changes.goods else row.goods
    discount = changes.discount.new if changes.discount else row.discount
    repriced = changes.lines or changes.goods or changes.discount
    return replace(
        row,
        patient_id=changes.patient.new if changes.patient else row.patient_id,
        lines=lines,
        goods=goods,
        discount=discount,
        total=total_of(lines, goods, discount) if repriced else row.total,
        materials=changes.materials.new if changes.materials else row.materials,
        warehouse_id=changes.warehouse.new if changes.warehouse else row.warehouse_id,
        room=changes.room.new if changes.room else row.room,
        comment=changes.comment.new if changes.comment else row.comment,
        version=event.originator_version,
    )


CALENDAR = Projection(
    "calendar",
    TABLE,
    revision=3,
    audience=Audience("calendar", "visits", own=OwnRows("own_schedule_only", ever_theirs)),
    handlers={
        Visit.Booked: Own(_booked),
        Visit.Moved: Own(existing(_moved)),
        Visit.Described: Own(existing(_described)),
        **sets(Visit.StatusChanged, lambda event: {"status": event.new, "consumption": event.consumption}),
        **deletable(Visit),
    },
    one_stream=True,
)
