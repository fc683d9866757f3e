"""Work done in completed visits: visits as their source, and derived from each completed one who did what for how much; of that
daily totals (`work_days.py`), and who came when before (`attendances.py`).

The visits are kept apart from those of the calendar: what is derived here never delays a booking that people wait for.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec import structs
from msgspec.structs import replace
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from aggregates.money.shares import shared
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Performer, PerformerRole, totals
from aggregates.scheduling.visit_status import Status
from projections.audience import Audience
from projections.declaration import Own, Projection
from projections.deletion import deletable
from projections.derivation import Derivation, TableNames
from projections.existing import existing, sets
from projections.scheduling import attendances, work_days
from readmodels.scheduling import attendances as attendance_rows
from readmodels.scheduling import work_days as work_days_rows
from readmodels.scheduling.performed_work import TABLE, VISITS, PerformedRow, VisitWorkRow, WorkKind
from readmodels.table import Key

PORTION = 5_000
COUNTED: Status = "completed"
Connected = Connection[TupleRow]


# --- the source ---------------------------------------------------------------------------------------------------------------


def _booked(_: VisitWorkRow | None, event: Visit.Booked) -> VisitWorkRow:
    return VisitWorkRow(
        visit_id=event.originator_id,
        number=event.number,
        patient_id=event.patient_id,
        doctor_id=event.doctor_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        room=event.room,
        status="planned",
        deleted=False,
        lines=event.lines,
        discount=event.discount,
        version=event.originator_version,
    )


def _described(row: VisitWorkRow, event: Visit.Described) -> VisitWorkRow:
    changes = event.changes
    return replace(
        row,
        patient_id=changes.patient.new if changes.patient else row.patient_id,
        lines=changes.lines.new if changes.lines else row.lines,
        goods=changes.goods.new if changes.goods else row.goods,
        discount=changes.discount.new if changes.discount else row.discount,
        room=changes.room.new if changes.room else row.room,
        version=event.originator_version,
    )


# --- what is derived ----------------------------------------------------------------------------------------------------------


def performed(visit: VisitWorkRow) -> Iterator[PerformedRow]:
    """The rows of a visit; none of one that isn't completed, or is deleted."""
    if visit.status != COUNTED or visit.deleted:
        return
    amounts = totals(visit.lines, visit.goods, visit.discount).lines
    done: list[tuple[WorkKind, UUID, int | Decimal, tuple[Performer, ...]]] = [
        *(("service", line.service_id, line.quantity, line.performers) for line in visit.lines),
        *(("goods", line.goods_id, line.quantity, ()) for line in visit.goods),
    ]
    for number, ((kind, item_id, quantity, performers), amount) in enumerate(zip(done, amounts, strict=True)):
        gross, net = int(amount.gross * 100), int(amount.net * 100)
        for place, (employee_id, role, gross_share, net_share) in enumerate(_shares(visit.doctor_id, performers, gross, net)):
            yield PerformedRow(
                visit.visit_id, number, place, employee_id, role, visit.starts_at, visit.number, visit.patient_id,
                visit.doctor_id, visit.room, kind, item_id, Decimal(quantity), gross, net, gross_share, net_share,
            )  # fmt: skip


def _shares(
    doctor_id: UUID | None, performers: Sequence[Performer], gross: int, net: int
) -> list[tuple[UUID | None, PerformerRole, int, int]]:
    """(who, as what, share of the gross sum, share of the net sum) of each performer."""
    if not performers:
        return [(doctor_id, "doctor", gross, net)]
    weights = [int(one.share * 100) for one in performers]
    shares = zip(shared(gross, weights), shared(net, weights), strict=True)
    return [(one.employee_id, one.role, *each) for one, each in zip(performers, shares, strict=True)]


def update(connection: Connected, tables: TableNames, upserts: Sequence[VisitWorkRow], deletes: Sequence[Key]) -> None:
    """`Derivation.update`: the rows of these visits, where they differ. No visit ever leaves the source."""
    if deletes:
        raise ValueError(f"visits are gone: {deletes}")
    work_days_table, attendances_table = tables.further
    visit_ids = [row.visit_id for row in upserts]
    found = connection.execute(OF_VISITS.format(derived=Identifier(tables.derived)), (visit_ids,)).fetchone()
    before = {TABLE.key_of(row): row for row in TABLE.decode(found[0] if found else None)}
    after = {TABLE.key_of(row): row for visit in upserts for row in performed(visit)}
    changed = [row for key, row in after.items() if before.get(key) != row]
    gone = [key for key in before if key not in after]
    if changed or gone:
        TABLE.write(connection, changed, gone, tables.derived)
        work_days.change(connection, work_days_table, before.values(), after.values())
    attendances.update(connection, attendances_table, tables.source, visit_ids)


OF_VISITS = SQL("select json_agg(w)::text from {derived} w where visit_id = any(%s)")


def fill(reading: Connected, writing: Connected, tables: TableNames) -> None:
    """`Derivation.fill`: visit after visit, by portions; then what is added up of them."""
    work_days_table, attendances_table = tables.further
    with reading.cursor(name="visits") as cursor:
        cursor.itersize = PORTION
        cursor.execute(DONE.format(source=Identifier(tables.source)), (COUNTED,))
        while texts := cursor.fetchmany(PORTION):
            TABLE.copy(writing, [row for (text,) in texts for row in performed(_visit(text))], tables.derived)
    work_days.fill(writing, work_days_table, tables.derived)
    attendances.fill(writing, attendances_table, tables.source)


DONE = SQL("select to_json(v)::text from {source} v where status = %s and not deleted")
_visit = msgspec.json.Decoder(VisitWorkRow).decode

VISIT_WORK = Projection(
    "visit_work",
    VISITS,
    revision=2,
    audience=Audience("income_report", "load_report", "payroll"),
    handlers={
        Visit.Booked: Own(_booked),
        **sets(Visit.Moved, lambda event: structs.asdict(event.new)),
        Visit.Described: Own(existing(_described)),
        **sets(Visit.StatusChanged, lambda event: {"status": event.new}),
        **deletable(Visit),
    },
    one_stream=True,
    derivation=Derivation(TABLE, update, fill, (work_days_rows.TABLE, attendance_rows.TABLE)),
)
