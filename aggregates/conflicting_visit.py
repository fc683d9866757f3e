"""Visits that conflict with a change, as refusals and previews list them."""

from datetime import datetime
from uuid import UUID

import msgspec


class ConflictingVisit(msgspec.Struct, frozen=True):
    id: UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    patient_id: UUID
    doctor_id: UUID | None
