"""The coming visits that a change of hours, staff or cards has to respect."""

from collections.abc import Sequence
from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from commands.ports import Clinic, Context, VisitSlot


def live_visits(clinic: Clinic, ctx: Context, doctor_ids: frozenset[UUID] | None = None) -> Sequence[VisitSlot]:
    """Visits that are live for the schedule at this moment."""
    if doctor_ids is not None and not doctor_ids:
        return ()
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    return clinic.live_visits(ctx.local_now(settings.clock), doctor_ids)
