"""Visits to which a patient came, each with the one before it: whether it is the patient's first visit, and how many people came.

Derived together with `performed_work`. Cards are as visits name them; those of one person are joined by queries.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from readmodels.table import Table

CAME = "status IN ('arrived', 'in_progress', 'completed') AND NOT deleted"
"""Condition: the patient came."""


class AttendanceRow(msgspec.Struct, frozen=True):
    """previous_at  when this card's patient came before; None: never.
    counted      completed, with services or goods: it has rows in `performed_work`.
    """

    visit_id: UUID
    patient_id: UUID
    starts_at: datetime
    previous_at: datetime | None
    counted: bool


TABLE = Table(
    "attendances",
    AttendanceRow,
    key=("visit_id",),
    indexes=("(starts_at) INCLUDE (patient_id, previous_at) WHERE counted", "(patient_id, starts_at)"),
)
