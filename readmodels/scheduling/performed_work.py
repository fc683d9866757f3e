"""What employees did in completed visits: one row for each line of a visit and performer, with their share of its money.

Derived from visits (`projections/scheduling/performed_work.py`): a query of `performed_work` waits for the read model
`visit_work`. Only completed visits that aren't deleted have rows, by what they come to now. Sums are whole kopecks; those of a
line's performers sum up to the line's, those of a visit's lines to the visit's (`aggregates.scheduling.visit_lines.totals`).
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.money.discounts import Discount
from aggregates.scheduling.visit_lines import GoodsLine, Line, PerformerRole
from aggregates.scheduling.visit_status import Status
from readmodels.table import Table

WorkKind = Literal["service", "goods"]


class VisitWorkRow(msgspec.Struct, frozen=True):
    """A visit as far as work done in it follows from it, whatever its status."""

    visit_id: UUID
    number: int
    patient_id: UUID
    doctor_id: UUID | None
    starts_at: datetime
    room: str
    status: Status
    deleted: bool
    lines: tuple[Line, ...]
    goods: tuple[GoodsLine, ...] = ()
    discount: Discount | None = None
    version: int = 0


VISITS = Table("visit_work", VisitWorkRow, key=("visit_id",))


class PerformedRow(msgspec.Struct, frozen=True):
    """What one performer did of one line.

    line         from 0, in the order of `totals`: services, then goods.
    performer    from 0: the place among the line's performers.
    employee_id  of the performer; the visit's doctor where the line names none, and for goods. None of a visit without doctor.
    starts_at    of the visit, by the clinic's wall clock.
    item_id      of the service or goods.
    quantity     of the whole line.
    line_gross, line_net  kopecks of the whole line: without discounts, and after all of them.
    gross, net   kopecks of the performer's share of both.
    """

    visit_id: UUID
    line: int
    performer: int
    employee_id: UUID | None
    role: PerformerRole
    starts_at: datetime
    number: int
    patient_id: UUID
    doctor_id: UUID | None
    room: str
    kind: WorkKind
    item_id: UUID
    quantity: Decimal
    line_gross: int
    line_net: int
    gross: int
    net: int


TABLE = Table(
    "performed_work",
    PerformedRow,
    key=("visit_id", "line", "performer"),
    indexes=("(starts_at)", "(employee_id, starts_at)", "(item_id, starts_at)"),
)
