"""The coming visits that changes of hours, staff or cards have to respect."""

from collections.abc import Sequence
from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from commands.context import Context
from commands.ports.clinic import Clinic
from commands.ports.visit_times import VisitSlot


def live_visits(clinic: Clinic, ctx: Context, doctor_ids: frozenset[UUID] | None = None) -> Sequence[VisitSlot]:
    """Visits that are live for the schedule now."""
    if doctor_ids is not None and not doctor_ids:
        return ()
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    return clinic.visit_times.live(ctx.local_now(settings.time_zone), doctor_ids)
