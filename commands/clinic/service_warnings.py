"""Warnings before a service is taken from doctors or deleted: coming visits that still have it (CAL-19).

Collected under the clinic's write lock. A concurrent booking is either among the visits, or is decided again, because it names
its services in `if_unchanged` (`commands/scheduling/visit_warnings.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.clinic.service import Service
from aggregates.clinic.service_warnings import ServiceDeletedWithVisits, ServiceTaken, ServiceWarning, VisitOfServices
from aggregates.despite import Despite
from aggregates.warnings import NeedsConfirmation, require_accepted
from commands.context import Context
from commands.ports.clinic import Clinic
from commands.ports.visit_times import VisitSlot

Decision = Callable[[Service, tuple[Despite, ...]], object]
"""What a command does to a service, given the accepted warnings."""


def decide_each(clinic: Clinic, ctx: Context, services: Sequence[Service], decide: Decision) -> None:
    """Decide about each service, first on copies, so that refusals come before warnings. NeedsConfirmation, once for all."""
    despite: Mapping[UUID, tuple[Despite, ...]] = {}
    if ctx.accepted is not None:
        after = [service.copy() for service in services]
        for service in after:
            decide(service, ())
        despite = _confirmed(clinic, ctx, list(zip(services, after, strict=True)))
    for service in services:
        decide(service, despite.get(service.id, ()))


def warnings_by_service(
    clinic: Clinic, ctx: Context, changes: Iterable[tuple[Service, Service]]
) -> dict[UUID, NeedsConfirmation]:
    """The confirmation that each change (before, after) would need by itself at this moment. Takes no lock."""
    pairs = list(changes)
    live = _live(clinic, ctx, pairs)
    asked = {before.id: list(_warnings(ctx, [(before, after)], live)) for before, after in pairs}
    return {service_id: NeedsConfirmation(warnings) for service_id, warnings in asked.items() if warnings}


def _confirmed(clinic: Clinic, ctx: Context, changes: Sequence[tuple[Service, Service]]) -> Mapping[UUID, tuple[Despite, ...]]:
    """Service id → accepted warnings about it. NeedsConfirmation if any isn't accepted."""
    live = _live(clinic, ctx, changes)
    require_accepted(list(_warnings(ctx, changes, live)), ctx.accepted or ())
    return {before.id: tuple(warning.despite for warning in _warnings(ctx, [(before, after)], live)) for before, after in changes}


def _live(clinic: Clinic, ctx: Context, changes: Sequence[tuple[Service, Service]]) -> Sequence[VisitSlot]:
    """Coming visits with services whose doctors or deletion change."""
    concerned = [before.id for before, after in changes if (before.deleted, before.doctors) != (after.deleted, after.doctors)]
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    return clinic.visit_times.live(ctx.local_now(settings.time_zone), service_ids=concerned) if concerned else ()


def _warnings(ctx: Context, changes: Sequence[tuple[Service, Service]], live: Sequence[VisitSlot]) -> Iterable[ServiceWarning]:
    """At most one warning of each kind, however many services and doctors, so that the keys fit into a request."""
    kinds: tuple[tuple[type[ServiceWarning], bool], ...] = ((ServiceTaken, False), (ServiceDeletedWithVisits, True))
    for kind, deleted in kinds:
        taken = [(before, after) for before, after in changes if after.deleted is deleted]
        visits = tuple(_visits(taken, live))
        if visits:
            names = sorted({name for visit in visits for name in visit.services})
            visible = tuple(visit for visit in visits if ctx.only_doctor_id in {None, visit.doctor_id})
            yield kind(services=tuple(names), visits=visits, visible=visible)


def _visits(changes: Sequence[tuple[Service, Service]], live: Sequence[VisitSlot]) -> Iterable[VisitOfServices]:
    changed = {before.id: (before, after) for before, after in changes}
    for slot in live:
        taken = [changed[id_] for id_ in dict.fromkeys(slot.services) if id_ in changed]
        names = tuple(before.name for before, after in taken if after.takes_from(before, slot.doctor_id))
        if names:
            times = (slot.starts_at, slot.ends_at, slot.patient_id, slot.doctor_id)
            yield VisitOfServices(slot.visit_id, slot.number, *times, names)
