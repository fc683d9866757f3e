"""Visits to which a patient came, each with the one before it: whether it is the patient's first visit, and how many people came.

Derived together with `performed_work`. Cards are as visits name them; those of one person are joined by queries.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from aggregates.clinic.clinic_settings import SETTINGS
from readmodels.table import Table

CAME = "status IN ('arrived', 'in_progress', 'completed') AND NOT deleted"
"""Condition: the patient came."""
FIRST_VISIT_PERIOD = f"""(SELECT CASE WHEN months = 0 THEN interval '4000 years' ELSE make_interval(months => months) END FROM (
  SELECT coalesce((SELECT (value #>> '{{}}')::int FROM settings WHERE name = 'first_visit_months'),
    {int(SETTINGS["first_visit_months"].default or 0)}) AS months) configured)"""
"""SQL: how long before a visit one must not have come for it to be the first one (a setting)."""


class AttendanceRow(msgspec.Struct, frozen=True):
    """previous_at  when this card's patient came before; None: never.
    counted      completed, with services or goods: it has rows in `performed_work`.
    earlier_at   of a counted one, when this card's counted one before it was, or one of the same moment; None: never, or not
                 counted. Who came in a period is who has one there with none before it in the period.
    """

    visit_id: UUID
    patient_id: UUID
    starts_at: datetime
    previous_at: datetime | None
    counted: bool
    earlier_at: datetime | None


TABLE = Table(
    "attendances",
    AttendanceRow,
    key=("visit_id",),
    indexes=("(starts_at) INCLUDE (patient_id, previous_at, earlier_at) WHERE counted", "(patient_id, starts_at)"),
)
